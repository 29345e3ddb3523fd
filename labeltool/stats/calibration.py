"""How well one rater (a judge) agrees with another (people), both on one integer scale.

All figures come from one weighted table of human level against judge's level. Weights undo a
stratified sample: an output counts for as many as it was drawn from. Plain Python.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import sqrt

from labeltool.stats.intervals import wilson

Level = int | None
"""None: not applicable."""

Agree = Callable[[Level, Level], bool]
"""Whether people's level and the judge's agree."""

_EPSILON = 1e-12


@dataclass(frozen=True, slots=True)
class Pair:
    """What people and the judge say of one output."""

    human: Level
    judge: Level
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Figures:
    """`agreement`: share (0..1) of outputs on which both say met, or both not met; `interval` is
    its 95% one. The table's rows are people's levels, its columns the judge's, counts unweighted.

    n: outputs of which at least one of the two gave a level. met, not_met: people's. A figure that
    is undefined is None, and `why` has its reason by name.
    """

    n: int
    met: int
    not_met: int
    agreement: float | None = None
    interval: tuple[float, float] | None = None
    exact: float | None = None
    within_one: float | None = None
    kappa: float | None = None
    weighted_kappa: float | None = None
    spearman: float | None = None
    tpr: float | None = None
    tnr: float | None = None
    constant_agreement: float | None = None
    effective: tuple[float, float] = (0.0, 0.0)
    levels: tuple[Level, ...] = ()
    table: tuple[tuple[int, ...], ...] = ()
    why: Mapping[str, str] = field(default_factory=dict)


def measure(pairs: Iterable[Pair], scale: Sequence[int], met_at: int) -> Figures:
    """The figures of `pairs`, whose levels are of `scale`, ascending; met from `met_at` on.

    Where only one says "not applicable" they disagree; where both do, the pair is left out.
    `interval`: Wilson (1927) at the effective sample size, Kish (1965), Survey Sampling, 11.7;
    `kappa`: Cohen (1960) over the levels; `weighted_kappa`: Cohen (1968), squared distances;
    `spearman`: Spearman (1904), tied levels by their mean rank. `tpr`: of what people say is met
    the share that the judge says is met; `tnr` the same of not met (Yerushalmy, 1947).
    """
    kept = [pair for pair in pairs if (pair.human, pair.judge) != (None, None)]
    found = _Found(scale, met_at, kept)
    met, not_met = found.side(True), found.side(False)
    why: dict[str, str] = {}
    if not kept:
        nothing = "no output has a score of both"
        why = dict.fromkeys(_FIGURES, nothing)
        return Figures(0, 0, 0, levels=tuple(scale), why=why)
    agreement = found.share(found.both_met)
    if met == 0:
        why["tpr"] = "people call no output met"
    if not_met == 0:
        why["tnr"] = "people call every output met"
    if met + not_met == 0:
        why["constant_agreement"] = "people call no output met or not met"
    kappa, weighted = found.kappa(False), found.kappa(True)
    ranked = found.spearman()
    one_value = "one level only: there is nothing to tell from chance"
    why |= {} if kappa is not None else {"kappa": one_value}
    why |= {} if weighted is not None else {"weighted_kappa": one_value}
    why |= {} if ranked is not None else {"spearman": "one level only on one of the two sides"}
    return Figures(
        n=len(kept),
        met=met,
        not_met=not_met,
        agreement=agreement,
        interval=wilson(agreement * found.effective, found.effective),
        exact=found.share(lambda human, judge: human == judge),
        within_one=found.share(_within_one),
        kappa=kappa,
        weighted_kappa=weighted,
        spearman=ranked,
        tpr=found.recall(True),
        tnr=found.recall(False),
        constant_agreement=found.constant(),
        effective=(found.sides[True], found.sides[False]),
        levels=found.levels,
        table=found.counts(),
        why=why,
    )


def _within_one(human: Level, judge: Level) -> bool:
    if human is None or judge is None:
        return human == judge
    return abs(human - judge) <= 1


_FIGURES = (
    "agreement", "interval", "exact", "within_one", "kappa", "weighted_kappa", "spearman", "tpr",
    "tnr", "constant_agreement",
)  # fmt: skip


class _Found:
    """The pairs as a weighted table."""

    def __init__(self, scale: Sequence[int], met_at: int, pairs: Sequence[Pair]):
        self.met_at = met_at
        self.cells: dict[tuple[Level, Level], float] = {}
        self.seen = Counter((pair.human, pair.judge) for pair in pairs)
        for pair in pairs:
            cell = (pair.human, pair.judge)
            self.cells[cell] = self.cells.get(cell, 0.0) + pair.weight
        self.total = sum(pair.weight for pair in pairs)
        self.effective = _effective(pair.weight for pair in pairs)
        self.sides = {
            met: _effective(pair.weight for pair in pairs if self.met(pair.human) is met)
            for met in (True, False)
        }
        off_scale = {level for cell in self.seen for level in cell if level is not None}
        if not off_scale <= set(scale):
            raise ValueError(f"{sorted(off_scale - set(scale))} are no levels of the scale")
        na: tuple[Level, ...] = (None,) if any(None in cell for cell in self.seen) else ()
        self.levels: tuple[Level, ...] = (*scale, *na)

    def met(self, level: Level) -> bool | None:
        return None if level is None else level >= self.met_at

    def both_met(self, human: Level, judge: Level) -> bool:
        return self.met(human) == self.met(judge)

    def side(self, met: bool) -> int:
        return sum(n for (human, _), n in self.seen.items() if self.met(human) is met)

    def share(self, agree: Agree) -> float:
        same = sum(mass for cell, mass in self.cells.items() if agree(*cell))
        return min(1.0, same / self.total)

    def recall(self, met: bool) -> float | None:
        side = [(cell, mass) for cell, mass in self.cells.items() if self.met(cell[0]) is met]
        mass = sum(mass for _, mass in side)
        right = sum(mass for (_, judge), mass in side if self.met(judge) is met)
        return right / mass if mass else None

    def constant(self) -> float | None:
        """The agreement of whoever always says the commoner of met and not met."""
        sides = [
            sum(mass for (human, _), mass in self.cells.items() if self.met(human) is met)
            for met in (True, False)
        ]
        return max(sides) / self.total if sum(sides) else None

    def counts(self) -> tuple[tuple[int, ...], ...]:
        return tuple(tuple(self.seen[row, column] for column in self.levels) for row in self.levels)

    def kappa(self, by_distance: bool) -> float | None:
        """1 - observed / expected disagreement. Distances leave "not applicable" out."""
        cells = {
            cell: mass for cell, mass in self.cells.items() if not (by_distance and None in cell)
        }
        total = sum(cells.values())
        humans, judges = _margins(cells)

        def apart(human: Level, judge: Level) -> float:
            if by_distance and human is not None and judge is not None:
                return float(human - judge) ** 2
            return float(human != judge)

        observed = sum(mass * apart(*cell) for cell, mass in cells.items())
        expected = sum(
            one * other * apart(human, judge)
            for human, one in humans.items()
            for judge, other in judges.items()
        )
        if not total or expected <= _EPSILON:
            return None
        return 1 - observed * total / expected

    def spearman(self) -> float | None:
        """Pearson's correlation of the mid-ranks."""
        cells = {cell: mass for cell, mass in self.cells.items() if None not in cell}
        humans, judges = _margins(cells)
        ranks, others = _midranks(humans), _midranks(judges)
        total = sum(cells.values())
        middle = total / 2
        together = sum(
            mass * (ranks[human] - middle) * (others[judge] - middle)
            for (human, judge), mass in cells.items()
        )
        spread = sqrt(_spread(humans, ranks, middle) * _spread(judges, others, middle))
        if spread <= _EPSILON:
            return None
        return max(-1.0, min(1.0, together / spread))


def _effective(weights: Iterable[float]) -> float:
    """Kish's size of a sample with these weights: of so many equal ones it tells as much."""
    given = list(weights)
    squares = sum(weight**2 for weight in given)
    return sum(given) ** 2 / squares if squares else 0.0


def _margins(
    cells: Mapping[tuple[Level, Level], float],
) -> tuple[dict[Level, float], dict[Level, float]]:
    humans: dict[Level, float] = {}
    judges: dict[Level, float] = {}
    for (human, judge), mass in cells.items():
        humans[human] = humans.get(human, 0.0) + mass
        judges[judge] = judges.get(judge, 0.0) + mass
    return humans, judges


def _midranks(margin: Mapping[Level, float]) -> dict[Level, float]:
    below = 0.0
    ranks: dict[Level, float] = {}
    for level in sorted(level for level in margin if level is not None):
        ranks[level] = below + margin[level] / 2
        below += margin[level]
    return ranks


def _spread(margin: Mapping[Level, float], ranks: Mapping[Level, float], middle: float) -> float:
    return sum(mass * (ranks[level] - middle) ** 2 for level, mass in margin.items())
