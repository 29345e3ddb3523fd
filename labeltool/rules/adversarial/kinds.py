"""The kinds of change by name, and which cases are changed how."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from random import Random
from typing import NamedTuple

from labeltool.model.case import Case
from labeltool.rules.adversarial import spelling
from labeltool.rules.adversarial.ambiguous import ambiguous
from labeltool.rules.adversarial.change import Changer
from labeltool.rules.adversarial.injection import injection
from labeltool.rules.adversarial.long_context import long_context

OFFLINE: Mapping[str, Changer] = {
    "typos": spelling.typos,
    "unicode": spelling.unicode,
    "casing": spelling.casing,
    "injection": injection,
    "long_context": long_context,
    "ambiguous": ambiguous,
}
BY_MODEL = ("paraphrase", "translation")
KINDS = (*OFFLINE, *BY_MODEL)
MOST_VARIANTS = 5


class Wanted(NamedTuple):
    """`variant`: 0 for the first change of this kind to this case."""

    case: Case
    kind: str
    variant: int


def wanted(
    cases: Sequence[Case], kinds: Sequence[str], disputes: Mapping[str, int], *, seed: int
) -> Iterator[Wanted]:
    """What to try, in order. Cases that people disagreed on come first, by how often; the rest as
    the seed has it. Every case gets one kind before any gets its second.
    """
    ordered = sorted(
        cases, key=lambda one: (-disputes.get(one.id, 0), _seeded(f"{seed}:{one.id}").random())
    )
    for variant in range(MOST_VARIANTS):
        for turn in range(len(kinds)):
            for place, case in enumerate(ordered):
                yield Wanted(case, kinds[(place + turn) % len(kinds)], variant)


def source_of(one: Wanted, seed: int) -> Random:
    """The randomness of one change: what else is changed has no part in it."""
    return _seeded(f"{seed}:{one.case.id}:{one.kind}:{one.variant}")


def _seeded(what: str) -> Random:
    return Random(what)  # noqa: S311
