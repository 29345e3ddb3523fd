"""Bindings, footer, help and the docs page of keys, all drawn from the one table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from textual.binding import Binding

from labeltool.tui import key_table, key_text, keymap
from labeltool.tui.key_places import (
    ALWAYS,
    AMEND,
    ANSWER,
    BECAUSE,
    BRANCH,
    CALIBRATION,
    CASE,
    COMPARE,
    DIALOGS,
    DRAFT,
    FILTER,
    FOOTER,
    HISTORY,
    HOME,
    INBOX,
    LABEL,
    LINES,
    MERGE,
    REASON,
    RESOLVE,
    ROUND,
    ROUND_CLOSE,
    RUBRIC,
    RUN,
    RUNS,
    SCREENS,
    WHICH,
    WORDS,
    WRITING,
    Key,
)

__all__ = [
    "AMEND",
    "ANSWER",
    "BECAUSE",
    "BRANCH",
    "CALIBRATION",
    "CASE",
    "COMPARE",
    "DIALOGS",
    "DRAFT",
    "FILTER",
    "HISTORY",
    "HOME",
    "INBOX",
    "LABEL",
    "LINES",
    "MERGE",
    "REASON",
    "RESOLVE",
    "ROUND",
    "ROUND_CLOSE",
    "RUBRIC",
    "RUN",
    "RUNS",
    "SCREENS",
    "WHICH",
    "WORDS",
    "WRITING",
    "bindings",
    "digit",
    "digits",
    "docs_table",
    "does_something",
    "footer",
    "key",
    "of",
    "places",
    "shown",
    "table",
]

KEYS: tuple[Key, ...] = (*key_table.KEYS, *key_text.KEYS)


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
        name in (keymap.said_for(id) or names).split(",")
        for one in KEYS
        if screen in one.words
        for id, names in _bound(one)
    )


def digit(number: int) -> str:
    """The key of the score `number`, as it is drawn."""
    said = keymap.said_for(f"score.{number}")
    return _drawn(said) if said else str(number)


def digits(first: int, last: int) -> str:
    """The keys of the scores from `first` to `last`, as they are drawn."""
    return f"{digit(first)}-{digit(last)}"


def table() -> dict[str, str]:
    """{binding id: its keys} without a user's keymap: what there is to remap."""
    return {id: names for one in KEYS for id, names in _bound(one)}


def places() -> dict[str, frozenset[str]]:
    """{binding id: the screens and dialogs that have it}."""
    return {id: frozenset(one.words) for one in KEYS for id, _ in _bound(one)}


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
    return [
        Binding(
            names,
            one.action.format(key=names),
            one.words[screen],
            show=False,
            priority=screen in WRITING,
            key_display=one.shown,
            tooltip=one.does,
            id=id,
        )
        for one in KEYS
        if screen in one.words
        for id, names in _bound(one)
    ]


def _bound(one: Key) -> list[tuple[str, str]]:
    """(id, Textual's names) of each binding of a key: of the scores, one a digit."""
    if "{key}" in one.action:
        return [(f"{one.id}.{name}", name) for name in one.keys.split(",")]
    return [(one.id, one.keys)]


def footer(
    screen: str,
    shown: Mapping[str, str] | None = None,
    words: Mapping[str, str] | None = None,
) -> tuple[list[tuple[str, str]], ...]:
    """(most wanted first, always there): pairs of key and word. By id, `shown` redraws a key and
    `words` says what it does just now.
    """
    drawn, said = shown or {}, words or {}

    def pairs(ids: tuple[str, ...]) -> list[tuple[str, str]]:
        return [(drawn.get(id, key(id).shown), said.get(id, key(id).words[screen])) for id in ids]

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
