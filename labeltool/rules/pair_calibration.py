"""A judge's choices between two outputs, held against people's."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from labeltool.rules.calibrate import LEAST, LEAST_AGREEMENT, LEAST_SIDE
from labeltool.rules.pairwise import SIDES, Duel, People, Side, tally
from labeltool.stats.intervals import wilson

_DIGITS = 6
_EPSILON = 1e-9


@dataclass(frozen=True, slots=True)
class PairFigures:
    """n: pairs that people and judge both decided on, ties among them. Shares are 0..1.

    agreement: the same of three (a, b, tie). decided_agreement: the same system, where both take
    one. table: {people's side: {judge's side: count}}. why: of each that is None.
    """

    n: int
    agreement: float | None
    interval: tuple[float, float] | None
    kappa: float | None
    decided: int
    decided_agreement: float | None
    constant_agreement: float | None
    human_agreement: float | None
    flip_rate: float | None
    first_share: float | None
    first_interval: tuple[float, float] | None
    errors: int
    trusted: bool
    reason: str
    table: Mapping[Side, Mapping[Side, int]]
    why: Mapping[str, str]

    def document(self) -> dict[str, Any]:
        """As the calibration file and the JSON hold it."""
        return {
            "n": self.n,
            "agreement": _rounded(self.agreement),
            "interval": _pair(self.interval),
            "kappa": _rounded(self.kappa),
            "decided": self.decided,
            "decided_agreement": _rounded(self.decided_agreement),
            "constant_agreement": _rounded(self.constant_agreement),
            "human_agreement": _rounded(self.human_agreement),
            "flip_rate": _rounded(self.flip_rate),
            "position": {
                "first_share": _rounded(self.first_share),
                "interval": _pair(self.first_interval),
            },
            "errors": self.errors,
            "trusted": self.trusted,
            "reason": self.reason,
            "confusion": {
                "sides": list(SIDES),
                "counts": [[self.table[one][two] for two in SIDES] for one in SIDES],
            },
            **({"why": dict(self.why)} if self.why else {}),
        }


def compare(people: People, duels: Sequence[Duel]) -> PairFigures:
    """The judge's verdicts beside what people settled on; a judge's error counts for neither."""
    told = [
        (people.settled[duel.case], duel.side)
        for duel in duels
        if duel.case in people.settled and duel.side is not None
    ]
    table = {one: dict.fromkeys(SIDES, 0) for one in SIDES}
    for human, judge in told:
        table[human][judge] += 1
    n, same = len(told), sum(table[side][side] for side in SIDES)
    both = [(human, judge) for human, judge in told if "tie" not in (human, judge)]
    given = Counter(human for human, _ in told)
    found = tally(duel for duel in duels if duel.case in people.settled)
    agreed, of = people.pairs
    kappa = _kappa(table, n)
    agreement = same / n if n else None
    constant = max(given.values()) / n if n else None
    trusted, reason = _verdict(n, given, agreement, constant)
    figures: dict[str, Any] = {
        "agreement": agreement,
        "kappa": kappa,
        "decided_agreement": sum(one == two for one, two in both) / len(both) if both else None,
        "constant_agreement": constant,
        "human_agreement": agreed / of if of else None,
        "flip_rate": found.flip_rate,
        "first_share": found.first_share,
    }
    return PairFigures(
        n=n,
        interval=wilson(same, n) if n else None,
        decided=len(both),
        first_interval=found.first_interval,
        errors=found.errors,
        trusted=trusted,
        reason=reason,
        table=table,
        why={name: WHY[name] for name, value in figures.items() if value is None},
        **figures,
    )


WHY = {
    "agreement": "people and judge have no pair in common",
    "kappa": "one of them always says the same",
    "decided_agreement": "in no pair do both take a side",
    "constant_agreement": "people and judge have no pair in common",
    "human_agreement": "no pair has the choices of two annotators",
    "flip_rate": "the judge decided no pair",
    "first_share": "the judge never took a side",
}


def _kappa(table: Mapping[Side, Mapping[Side, int]], n: int) -> float | None:
    """Cohen's kappa over the three answers. Source: Cohen (1960), Educ. Psychol. Meas. 20,
    37-46. None where chance alone would agree always.
    """
    if not n:
        return None
    people = {side: sum(table[side].values()) / n for side in SIDES}
    judge = {side: sum(row[side] for row in table.values()) / n for side in SIDES}
    chance = sum(people[side] * judge[side] for side in SIDES)
    if chance >= 1 - _EPSILON:
        return None
    return (sum(table[side][side] for side in SIDES) / n - chance) / (1 - chance)


def _verdict(
    n: int, given: Mapping[Side, int], agreement: float | None, constant: float | None
) -> tuple[bool, str]:
    """By the bars of a criterion: 30 pairs, 5 for each system, 0.80, better than a constant."""
    if n < LEAST:
        return False, f"{n} pairs that people chose between, {LEAST} are asked"
    if min(given.get("a", 0), given.get("b", 0)) < LEAST_SIDE:
        return False, f"not enough variation: {LEAST_SIDE} wins of each system are asked"
    agrees, always = agreement or 0.0, constant or 0.0
    if agrees < LEAST_AGREEMENT - _EPSILON:
        return False, f"agrees with people on {agrees:.2f}, {LEAST_AGREEMENT:.2f} is asked"
    if agrees <= always + _EPSILON:
        return False, f"no better than always saying the same ({always:.2f})"
    return True, f"agrees with people on {agrees:.2f}"


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, _DIGITS)


def _pair(interval: tuple[float, float] | None) -> list[float] | None:
    return None if interval is None else [round(edge, _DIGITS) for edge in interval]
