"""Writes docs/files.md, the reference of every file, from the models that read them.

Names, types, bounds and defaults come from the code; what a field means, and an example of each
file, stand in `file_words.py`. A test fails for a field without words, or words without a field.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import annotated_types
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from docs.file_words import HEAD, PAGES, WORDS, File
from labeltool.model.base import Id, IsoTime, RubricRef, Score, ShortHash, Tier

PAGE = Path(__file__).resolve().parent / "files.md"
Titled = Callable[[type[BaseModel]], str]
NAMED = (
    (Id, "id"),
    (IsoTime, "time"),
    (RubricRef, "`rubric@version`"),
    (ShortHash, "12 hex digits"),
    (Score, "whole number or `na`"),
    (Tier, "tier"),
)
PLAIN = {str: "text", int: "whole number", float: "number", bool: "`true` or `false`"}


def page() -> str:
    seen: set[str] = set()
    return "\n".join([HEAD, *(line for file in PAGES for line in _file(file, seen))]) + "\n"


def nouns(said: Any) -> Iterator[type[BaseModel]]:
    """The models in a type, and those of their fields, each before what it holds."""
    if isinstance(said, type) and issubclass(said, BaseModel):
        yield said
        for hint in get_type_hints(said, include_extras=True).values():
            yield from nouns(hint)
    for arg in get_args(said):
        yield from nouns(arg)


def _file(file: File, seen: set[str]) -> Iterator[str]:
    yield f"\n## {file.title}\n\n`{file.path}`\n\n{file.about}\n"
    yield f"```{file.language}\n{file.example}```\n"
    for noun in nouns(file.noun):
        if noun.__name__ in seen:
            continue
        seen.add(noun.__name__)
        if noun is not file.noun:
            yield f"\n### {title(noun)}\n"
        if about := WORDS.get(noun.__name__, {}).get(""):
            yield about + "\n"
        if noun.model_fields:
            yield from _table(noun)


def title(noun: type[BaseModel]) -> str:
    """The words that head its table: `A system of kind openai`, `A gate`."""
    return WORDS.get(noun.__name__, {}).get("#", noun.__name__)


def _table(noun: type[BaseModel]) -> Iterator[str]:
    hints = get_type_hints(noun, include_extras=True)
    yield "| field | is | left out | means |"
    yield "|---|---|---|---|"
    for key, (name, field) in fields_of(noun).items():
        words = WORDS.get(noun.__name__, {}).get(key, "")
        yield f"| `{key}` | {kind_of(hints[name])}{_bounds(field)} | {_default(field)} | {words} |"


def fields_of(noun: type[BaseModel]) -> dict[str, tuple[str, FieldInfo]]:
    """Its fields by the key that stands in the file, with their names in code."""
    return {
        field.alias or name: (name, field)
        for name, field in noun.model_fields.items()
        if field.init is not False
    }


def kind_of(said: Any, titled: Titled = title) -> str:
    """A type in words. titled: what heads the table of a model."""
    for one, words in NAMED:
        if said == one:
            return words
    origin, args = get_origin(said), get_args(said)
    if hasattr(said, "__metadata__"):
        return kind_of(args[0], titled)
    if origin in (Union, types.UnionType):
        return _choice([arg for arg in args if arg is not type(None)], titled)
    if origin is Literal:
        return " or ".join(f"`{str(one).lower()}`" for one in args)
    if origin in (tuple, list):
        return f"list of {kind_of(args[0], titled)}"
    if origin is dict:
        return f"{{{kind_of(args[0], titled)}: {kind_of(args[1], titled)}}}"
    if isinstance(said, type) and issubclass(said, BaseModel):
        return _one_of([titled(said)])
    return PLAIN.get(said, "anything")


def _choice(options: list[Any], titled: Titled) -> str:
    if set(options) == {str, int, float, bool}:
        return "text, number, `true` or `false`"
    if all(isinstance(one, type) and issubclass(one, BaseModel) for one in options):
        return _one_of([titled(one) for one in options])
    kinds = [kind_of(one, titled) for one in options]
    return " or ".join(dict.fromkeys(kinds))


def _one_of(titles: list[str]) -> str:
    """`A system of kind http`, `A system of kind python`: what is common is said once."""
    what, kind, _ = titles[0].rpartition(" of kind ")
    if not kind or len(titles) == 1:
        return " or ".join(f"[{_lower(one)}](#{_anchor(one)})" for one in titles)
    links = [f"[{one.rpartition(' ')[2]}](#{_anchor(one)})" for one in titles]
    return f"{_lower(what)}{kind}{', '.join(links)}"


def _lower(words: str) -> str:
    return words[0].lower() + words[1:]


def _anchor(words: str) -> str:
    return words.lower().replace(" ", "-").replace("`", "").replace(",", "")


def _bounds(field: FieldInfo) -> str:
    said = []
    for one in field.metadata:
        if isinstance(one, annotated_types.Ge):
            said.append(f"at least {one.ge}")
        elif isinstance(one, annotated_types.Gt):
            said.append(f"above {one.gt}")
        elif isinstance(one, annotated_types.Le):
            said.append(f"at most {one.le}")
        elif isinstance(one, annotated_types.MinLen) and one.min_length:
            said.append("not empty")
    return ", " + ", ".join(said) if said else ""


def _default(field: FieldInfo) -> str:
    if field.is_required() or _is_tag(field):
        return "**needed**"
    value = field.get_default(call_default_factory=True, validated_data={})
    if isinstance(value, BaseModel):
        return "as its own defaults" if _varied(value) else "nothing"
    if value is None or value in ((), {}, ""):
        return "nothing"
    if isinstance(value, dict):
        return ", ".join(f"`{key}`" for key in value)
    if isinstance(value, tuple):
        return "`[" + ", ".join(map(str, value)) + "]`"
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


def _is_tag(field: FieldInfo) -> bool:
    """A `kind` of one value tells models apart, so a file has to say it."""
    return get_origin(field.annotation) is Literal and get_args(field.annotation) == (
        field.default,
    )


def _varied(value: BaseModel) -> bool:
    return any(one not in (None, (), {}) for one in value.model_dump().values())


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
