"""The documents are true: every verb, every check, every dependency stands in them."""

import re
import tomllib
from pathlib import Path
from typing import get_args

import pytest

from labeltool.cli.main import VERBS
from labeltool.model.case import CheckKind

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()
FILES = (ROOT / "docs/files.md").read_text()
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text()
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_stands_in_the_readme(verb: str) -> None:
    assert f"labeltool {verb}" in README


@pytest.mark.parametrize("kind", get_args(CheckKind))
def test_every_check_stands_in_the_reference_of_files(kind: str) -> None:
    assert f"`{kind}`" in FILES


@pytest.mark.parametrize("requirement", PROJECT["dependencies"])
def test_every_dependency_has_its_reason_and_both_bounds(requirement: str) -> None:
    name = re.split(r"[>=<\[]", requirement)[0]
    assert name in CONTRIBUTING
    assert ">=" in requirement
    assert "<" in requirement


def test_every_package_is_on_the_floor_plan() -> None:
    for folder in (ROOT / "labeltool").iterdir():
        if (folder / "__init__.py").exists():
            assert f"`{folder.name}/`" in CONTRIBUTING


def test_pictures_of_the_readme_exist() -> None:
    for path in re.findall(r"!\[[^]]*\]\(([^)]+)\)", README):
        assert (ROOT / path).is_file()
