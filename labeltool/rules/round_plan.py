"""Which outputs a round asks for, the same for everybody, and how long that will take."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from labeltool.model.label import Label
from labeltool.model.round import Round, RoundOutput

OUTPUTS = 20
LEAST_FRESH = 10
"""Fresh outputs without which no criterion can hold (design: at least 10)."""
GUESSED_SECONDS = 20
"""For one criterion of one output, reading included, where nobody has been timed yet."""

Key = tuple[str, str]
"""(case, output hash): the same text in another snapshot is the same output."""


@dataclass(frozen=True, slots=True)
class Plan:
    """The chosen outputs in the order they are asked for. `recorded`: how many there are."""

    outputs: tuple[RoundOutput, ...]
    recorded: int

    @property
    def fresh(self) -> int:
        return sum(output.fresh for output in self.outputs)


@dataclass(frozen=True, slots=True)
class Estimate:
    """labels: of everybody together. seconds: of the slowest person's whole share. guessed: for
    somebody there are no timed labels to go by.
    """

    labels: int
    seconds: float
    guessed: bool

    @property
    def minutes(self) -> int:
        return max(1, round(self.seconds / 60))


def plan(recorded: Mapping[str, str], used: Collection[Key], *, count: int, seed: int) -> Plan:
    """`count` outputs of one snapshot, or all where there are fewer; fresh ones first.

    recorded: {case: output hash}. used: outputs that were in a round before or that one of these
    annotators has labelled. Each case has its place by a hash of seed and id alone, so that one
    more case moves none of the others.
    """
    order = sorted(
        recorded, key=lambda case: ((case, recorded[case]) in used, _place(seed, case), case)
    )
    chosen = (
        RoundOutput(case=case, output_hash=recorded[case], fresh=(case, recorded[case]) not in used)
        for case in order[:count]
    )
    return Plan(tuple(chosen), len(recorded))


def used_outputs(
    rounds: Iterable[Round], labels: Iterable[Label], recorded: Mapping[str, str], system: str
) -> frozenset[Key]:
    """Outputs that are not fresh: asked for in `rounds`, or spoken of by `labels`.

    One that is named without a hash is meant as `system` recorded it, where it is of that system.
    """
    found: set[Key] = set()
    for one in rounds:
        for output in one.outputs:
            found |= _key(output.case, output.output_hash, one.system, recorded, system)
    for label in labels:
        found |= _key(label.case, label.output_hash, label.system, recorded, system)
    return frozenset(found)


def estimate(
    outputs: int, annotators: Sequence[str], pace: Mapping[str, float], criteria: int
) -> Estimate:
    """pace: {person: usual seconds for one output}, of these annotators and others; who has none
    is taken for a middling one of them, and where nobody has, for GUESSED_SECONDS a criterion.
    """
    known = sorted(pace.values())
    usual = known[len(known) // 2] if known else float(GUESSED_SECONDS * max(1, criteria))
    slowest = max((pace.get(name, usual) for name in annotators), default=usual)
    return Estimate(labels=outputs * len(annotators), seconds=outputs * slowest, guessed=not known)


def in_the_way(rounds: Iterable[Round], system: str, annotators: Collection[str]) -> Round | None:
    """An open round of that snapshot in which one of these people takes part."""
    return next(
        (
            one
            for one in rounds
            if one.closed is None
            and one.system == system
            and (not one.annotators or not set(one.annotators).isdisjoint(annotators))
        ),
        None,
    )


def _key(
    case: str, hash: str | None, system: str, recorded: Mapping[str, str], here: str
) -> set[Key]:
    if hash is None and system == here:
        hash = recorded.get(case)
    return set() if hash is None else {(case, hash)}


def _place(seed: int, case: str) -> bytes:
    return hashlib.sha256(f"{seed}\0{case}".encode()).digest()
