"""Bindings, footer, help and the docs page of keys, all drawn from the one table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from textual.binding import Binding

from labeltool.tui import keymap
from labeltool.tui.key_places import (
    ALWAYS,
    CASE,
    DIALOG,
    FOOTER,
    HISTORY,
    HOME,
    LABEL,
    RESOLVE,
    RUBRIC,
    RUN,
    RUNS,
    SCREENS,
)
from labeltool.tui.key_table import KEYS, Key

__all__ = [
    "CASE",
    "DIALOG",
    "HISTORY",
    "HOME",
    "LABEL",
    "RESOLVE",
    "RUBRIC",
    "RUN",
    "RUNS",
    "SCREENS",
    "bindings",
    "digits",
    "docs_table",
    "does_something",
    "footer",
    "key",
    "of",
    "shown",
    "table",
]


def key(id: str) -> Key:
    return _as_said(next(one for one in KEYS if one.id == id))


def shown(id: str) -> str:
    """The key as it is drawn, for a sentence that names it."""
    return key(id).shown


def of(screen: str) -> tuple[Key, ...]:
    """The keys that do something on a screen, in the order of the help, as the user has them."""
    return tuple(_as_said(one) for one in KEYS if screen in one.words)


def does_something(screen: str, name: str) -> bool:
    """Whether a key, as Textual names it, is bound on a screen, as the user has the keys."""
    return any(
        name in (keymap.said_for(one.id or "") or one.key).split(",") for one in bindings(screen)
    )


def digits(first: int, last: int) -> str:
    """The keys of the scores from `first` to `last`, as they are drawn."""
    low, high = (keymap.said_for(f"score.{digit}") for digit in (first, last))
    return f"{_drawn(low) if low else first}-{_drawn(high) if high else last}"


def table() -> dict[str, str]:
    """{binding id: its keys} without a user's keymap: what there is to remap."""
    return {
        binding.id: binding.key
        for screen in SCREENS
        for binding in bindings(screen)
        if binding.id is not None
    }


def _as_said(one: Key) -> Key:
    """A key as the user's keymap has it."""
    if one.id == "score":
        return replace(one, shown=digits(0, 9))
    said = keymap.said_for(one.id)
    return replace(one, keys=said, shown=_drawn(said)) if said else one


def _drawn(said: str) -> str:
    return keymap.drawn(said.partition(",")[0])


def bindings(screen: str) -> list[Binding]:
    """Textual bindings of a screen; their ids are what a user's keymap names."""
    made: list[Binding] = []
    for one in (one for one in KEYS if screen in one.words):
        each = one.keys.split(",") if "{key}" in one.action else [one.keys]
        made += [
            Binding(
                keys,
                one.action.format(key=keys),
                one.words[screen],
                show=False,
                key_display=one.shown,
                tooltip=one.does,
                id=f"{one.id}.{keys}" if len(each) > 1 else one.id,
            )
            for keys in each
        ]
    return made


def footer(
    screen: str, shown: Mapping[str, str] | None = None
) -> tuple[list[tuple[str, str]], ...]:
    """(most wanted first, always there): pairs of key and word. `shown` redraws keys by id."""
    drawn = shown or {}

    def pairs(ids: tuple[str, ...]) -> list[tuple[str, str]]:
        return [(drawn.get(id, key(id).shown), key(id).words[screen]) for id in ids]

    return pairs(FOOTER[screen]), pairs(ALWAYS[screen])


def docs_table(screen: str) -> str:
    """The keys of a screen as a Markdown table, for the docs; `id` is what a keymap names."""
    rows = [
        f"| `{one.shown}` | {one.words[screen]} | {one.does} | `{_ids(one)}` |"
        for one in of(screen)
    ]
    return "\n".join(["| key | word | does | id |", "|---|---|---|---|", *rows]) + "\n"


def _ids(one: Key) -> str:
    return f"{one.id}.0` ... `{one.id}.9" if "{key}" in one.action else one.id
