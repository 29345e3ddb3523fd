"""From what a user wrote about keys to a keymap, or to what is wrong with it, line by line."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterator, Mapping
from contextvars import ContextVar

from textual.keys import KEY_NAME_REPLACEMENTS, Keys

from labeltool.commands.preferences import Preferences, SaidKey
from labeltool.errors import DataError, Problem
from labeltool.tui.key_places import WRITING

ARRIVES_AS = {"ctrl+h": "backspace", "ctrl+i": "tab", "ctrl+m": "enter", "ctrl+[": "escape"}
"""Keys that no terminal can tell from others."""
ENDS = {"ctrl+c", "ctrl+q"}
NAMED = {str(one.value) for one in Keys if not str(one.value).startswith("<")}
DRAWN = {"enter": "⏎", "escape": "esc", "pagedown": "pgdn", "pageup": "pgup"}
_NEVER = re.compile(r"ctrl\+(shift\+)?[0-9]")

_current: ContextVar[Mapping[str, str] | None] = ContextVar("keymap", default=None)


def use(keymap: Mapping[str, str]) -> None:
    """Draw footer, help and palette with these keys from now on, in this app."""
    _current.set(dict(keymap))


def said_for(binding: str) -> str | None:
    """The keys that the user gave a binding, None where it has its own."""
    return (_current.get() or {}).get(binding)


def keymap_of(
    found: Preferences, table: Mapping[str, str], places: Mapping[str, frozenset[str]]
) -> dict[str, str]:
    """{binding id: keys as Textual names them} of what the user wrote.

    table: {binding id: keys} as they are without it. places: {binding id: screens and dialogs
    that have it}. Raises DataError with every problem: an unknown id, no key, one that terminals
    cannot send, one that means something else there already, a character where that is text.
    """
    problems: list[Problem] = []
    keymap: dict[str, str] = {}
    for binding, said in found.keys.items():
        writes = binding in places and places[binding] <= set(WRITING)
        wrong = [*_wrong(binding, said, table), *_typed(said, writes)]
        problems += wrong
        if not wrong:
            keymap[binding] = ",".join(map(name_of, _split(said.keys)))
    problems += _clashes(found, {**table, **keymap}, keymap, places)
    if problems:
        raise DataError.of(sorted(problems, key=lambda one: one.where.line or 0))
    return keymap


def _wrong(binding: str, said: SaidKey, table: Mapping[str, str]) -> Iterator[Problem]:
    if binding not in table:
        close = difflib.get_close_matches(binding, list(table), n=1)
        hint = f"did you mean {close[0]}?" if close else f"known: {', '.join(_short_list(table))}"
        yield Problem(said.where, f"no key has the id {binding!r}", hint)
        return
    keys = _split(said.keys)
    if not keys:
        yield Problem(said.where, "names no key", "for example x, ctrl+x, f5, or x,f5 for both")
    for key in keys:
        why = _unsendable(name_of(key))
        if why is not None:
            yield Problem(said.where, f"{key!r} {why[0]}", why[1])


def _typed(said: SaidKey, writes: bool) -> Iterator[Problem]:
    """A character would be text there."""
    for key in _split(said.keys) if writes else ():
        if _is_character(name_of(key)) or len(key) == 1 or key.lower() == "space":
            hint = "take one that writes nothing, for example f5 or ctrl+x"
            yield Problem(said.where, f"{key!r} is text where this is used", hint)


def _short_list(table: Mapping[str, str]) -> list[str]:
    return [id for id in table if not id.startswith("score.")] + ["score.0 to score.9"]


def _unsendable(key: str) -> tuple[str, str] | None:
    """Why a key cannot be used, and what to do."""
    if key in ARRIVES_AS:
        return f"arrives as {ARRIVES_AS[key]} in a terminal", "take another key"
    if key in ENDS:
        return "ends the app", "take another key"
    if _NEVER.fullmatch(key):
        return "is a key that terminals do not send", "take another key"
    if key in NAMED or len(key) == 1 or _is_character(key):
        return None
    hint = "one character, or a name: enter, space, pagedown, f5, ctrl+x, shift+tab"
    return "is no key that terminals send", hint


def _is_character(key: str) -> bool:
    return key in {name_of(chr(code)) for code in range(33, 127)}


def _clashes(
    found: Preferences,
    whole: Mapping[str, str],
    keymap: Mapping[str, str],
    places: Mapping[str, frozenset[str]],
) -> Iterator[Problem]:
    """One key means one thing wherever it is, after the change too."""
    owners: dict[str, list[str]] = {}
    for binding, keys in whole.items():
        for key in keys.split(","):
            owners.setdefault(key, []).append(binding)
    for binding in keymap:
        for key in whole[binding].split(","):
            others = [
                one for one in owners[key] if one != binding and places[one] & places[binding]
            ]
            if others:
                hint = f"give {others[0]} another key too, or take another one here"
                message = f"{drawn(key)} is the key of {others[0]} already"
                yield Problem(found.keys[binding].where, message, hint)


def _split(text: str) -> list[str]:
    """`x, ctrl+x` as its keys; a comma alone is the comma."""
    if text.strip() == ",":
        return [","]
    return [part.strip() for part in text.split(",") if part.strip()]


def name_of(key: str) -> str:
    """A key as Textual names it: `?` is question_mark, `Ctrl+X` ctrl+x."""
    if len(key) > 1:
        return key.lower()
    if key.isalnum():
        return key
    name = unicodedata.name(key, key).lower().replace("-", "_").replace(" ", "_")
    return KEY_NAME_REPLACEMENTS.get(name, name)


def drawn(key: str) -> str:
    """A key as the footer draws it."""
    names = {name_of(chr(code)): chr(code) for code in range(33, 127)}
    return DRAWN.get(key) or names.get(key, key)
