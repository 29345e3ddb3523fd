"""Writes docs/results.md, the reference of `eval_results.json`, from the model that is written."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import NoneType
from typing import get_args, get_type_hints

from pydantic import BaseModel

from docs.files import fields_of, kind_of, nouns
from docs.result_words import WORDS
from labeltool.model.result import Results

PAGE = Path(__file__).resolve().parent / "results.md"
HEAD = """\
# Results

`eval_results.json`, as `run` and `merge` write it and `report`, `compare`, `bless` and `promote`
read it. Every field is there; what is undefined is null, with a `why` beside it. A verdict is
`fail` where a gate fails even if every error had passed, else `incomplete` where the run stopped or
had too many errors, else `inconclusive` (the confident rule only), else `pass`.

Outputs stand in it as they came: escape them before you show them, as
[labeltool does](security.md#what-is-shown)."""


def page() -> str:
    found = dict.fromkeys(nouns(Results))
    return "\n".join([HEAD, *(line for noun in found for line in _table(noun))]) + "\n"


def _table(noun: type[BaseModel]) -> Iterator[str]:
    words = WORDS.get(noun.__name__, {})
    yield f"\n## {words.get('#', noun.__name__)}\n"
    if words.get(""):
        yield words[""] + "\n"
    yield "| field | is | means |"
    yield "|---|---|---|"
    hints = get_type_hints(noun, include_extras=True)
    for key, (name, _) in fields_of(noun).items():
        null = " or null" if NoneType in get_args(hints[name]) else ""
        kind = kind_of(hints[name], lambda one: WORDS.get(one.__name__, {}).get("#", one.__name__))
        yield f"| `{key}` | {kind}{null} | {words.get(key, '')} |"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
