"""The pages that are drawn from code are those that the code draws now."""

from __future__ import annotations

import json
from types import ModuleType
from typing import get_args

import pytest

from docs import command_line, files, result_words, results
from docs.file_words import PAGES, WORDS, File
from labeltool.model.result import Results
from labeltool.store import paths
from labeltool.store.codec import decode

NOUNS = {noun.__name__: noun for file in PAGES for noun in files.nouns(file.noun)}
RESULT_NOUNS = {noun.__name__: noun for noun in files.nouns(Results)}


@pytest.mark.parametrize("drawn", [files, results, command_line], ids=lambda one: one.__name__)
def test_a_drawn_page_is_current(drawn: ModuleType) -> None:
    assert drawn.PAGE.read_text("utf-8") == drawn.page(), "run `make docs` and commit the page"


@pytest.mark.parametrize("name", NOUNS)
def test_every_field_says_what_it_means(name: str) -> None:
    fields = files.fields_of(NOUNS[name])
    words = WORDS.get(name, {}).keys() - {"#", ""}
    assert words == fields.keys(), f"docs/file_words.py: {name}"


@pytest.mark.parametrize("name", RESULT_NOUNS)
def test_every_field_of_the_results_says_what_it_means(name: str) -> None:
    words = result_words.WORDS.get(name, {}).keys() - {"#", ""}
    assert words == files.fields_of(RESULT_NOUNS[name]).keys(), f"docs/result_words.py: {name}"


def test_no_words_are_left_of_a_model_that_is_gone() -> None:
    assert not WORDS.keys() - NOUNS.keys()
    assert not result_words.WORDS.keys() - RESULT_NOUNS.keys()


def test_every_kind_of_file_has_its_section() -> None:
    shown = {paths.place_of(_an_instance(file)) for file in PAGES}
    assert {place.kind for place in shown if place} == set(get_args(paths.Kind))


def _an_instance(file: File) -> str:
    """A path of its shape: `datasets/x/cases/golden/x.yaml`."""
    path = file.path.replace("<tier>", "golden").replace("<number>", "1")
    return "".join("x" if part.startswith("<") else part for part in _parts(path))


def _parts(path: str) -> list[str]:
    return path.replace("<", "\n<").replace(">", ">\n").split("\n")


@pytest.mark.parametrize("file", PAGES, ids=lambda file: str(file.title))
def test_every_example_is_read_by_the_reader_that_verbs_use(file: File) -> None:
    if file.language == "json":
        file.noun.model_validate(json.loads(file.example), strict=False)
    else:
        decode(file.example.encode(), file.noun, file.path)
