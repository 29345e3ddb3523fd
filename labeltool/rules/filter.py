"""Which outputs of a queue to show: `tier:golden tag:refund state:flagged word`, as a rule."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from labeltool.errors import UsageError
from labeltool.model.base import TIERS

STATES = ("todo", "stale", "done", "skipped", "unsure", "flagged")
FIELDS = ("tier", "tag", "state")
SYNTAX = (
    ("tier:golden", f"one of {', '.join(TIERS)}"),
    ("tag:refund", "cases with this tag"),
    ("state:flagged", f"one of {', '.join(STATES)}"),
    ("late refund", "all these words stand in the id, the input or the output"),
    ('"late refund"', "these words stand there side by side"),
)
"""(an example, what it shows): what the dialog and the help of --filter say."""

_TERM = re.compile(r'(?:[^\s"]|"[^"]*")+|"')
_FIELD = re.compile(r"([A-Za-z_]+):(.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Facts:
    """What a filter may ask of one output. `states`: where it stands, and `unsure` and `flagged`
    where my label says so. `text`: id, input and output; empty where the filter has no words.
    """

    tier: str
    tags: frozenset[str] = frozenset()
    states: frozenset[str] = frozenset()
    text: str = ""


@dataclass(frozen=True, slots=True)
class Filter:
    """Values of one field: any of them; fields, and words: all of them."""

    tiers: frozenset[str] = frozenset()
    tags: frozenset[str] = frozenset()
    states: frozenset[str] = frozenset()
    words: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.tiers or self.tags or self.states or self.words)

    @property
    def reads(self) -> bool:
        """Whether it asks for what stands in the files of the case."""
        return bool(self.tags or self.words)

    def matches(self, facts: Facts) -> bool:
        return (
            (not self.tiers or facts.tier in self.tiers)
            and (not self.states or not self.states.isdisjoint(facts.states))
            and (not self.tags or not self.tags.isdisjoint(map(str.casefold, facts.tags)))
            and (not self.words or self._reads_in(facts.text.casefold()))
        )

    def _reads_in(self, text: str) -> bool:
        return all(word in text for word in self.words)


def parse_filter(text: str) -> Filter:
    """The filter that `text` says; case does not matter. Raises UsageError for a bad term."""
    said: dict[str, set[str]] = {field: set() for field in FIELDS}
    words: list[str] = []
    for term in _terms(text):
        field = _FIELD.fullmatch(term)
        if field is None:
            words.append(_bare(term))
        else:
            name, value = field[1].casefold(), _bare(field[2])
            said[_known(name, term)].add(_value(name, value, term))
    return Filter(
        tiers=frozenset(said["tier"]),
        tags=frozenset(said["tag"]),
        states=frozenset(said["state"]),
        words=tuple(word for word in words if word),
    )


def _terms(text: str) -> Iterator[str]:
    for term in _TERM.findall(text):
        if term == '"':
            raise UsageError('a " is not closed', hint='words side by side: "late refund"')
        yield term


def _bare(term: str) -> str:
    return term.replace('"', "").casefold()


def _known(name: str, term: str) -> str:
    if name in FIELDS:
        return name
    quoted = f'to look for that very text, quote it: "{term}"' if '"' not in term else ""
    raise UsageError(
        f"{name}: is nothing to filter by",
        hint="; ".join(
            part
            for part in (_closest(name, FIELDS, "{}:") or "tier:, tag:, state:", quoted)
            if part
        ),
    )


def _value(name: str, value: str, term: str) -> str:
    if not value:
        raise UsageError(f"{term} says no {name}", hint=f"for example {_example(name)}")
    known: tuple[str, ...] = {"tier": TIERS, "state": STATES}.get(name, ())
    if known and value not in known:
        hint = _closest(value, known, name + ":{}") or f"one of {', '.join(known)}"
        raise UsageError(f"{value} is no {name}", hint=hint)
    return value


def _closest(word: str, known: Iterable[str], form: str) -> str:
    close = difflib.get_close_matches(word, list(known), n=1)
    return f"did you mean {form.format(close[0])}?" if close else ""


def _example(name: str) -> str:
    return next(example for example, _ in SYNTAX if example.startswith(f"{name}:"))
