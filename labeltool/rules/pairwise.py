"""Two systems side by side: what a judge's two answers about a pair mean, and all pairs counted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from labeltool.errors import UsageError
from labeltool.stats.intervals import wilson

Side = Literal["a", "b", "tie"]
SIDES: tuple[Side, ...] = ("a", "b", "tie")


@dataclass(frozen=True, slots=True)
class Asked:
    """A judge's answer in one order. `side` is the system that it took, wherever that one stood."""

    side: Side
    rationale: str = ""


@dataclass(frozen=True, slots=True)
class Duel:
    """One case. forward: with A's output first; backward: with B's first. `same`: both answered
    with the very same text, so that nobody was asked. `error`: why there is no verdict.
    """

    case: str
    tags: tuple[str, ...] = ()
    forward: Asked | None = None
    backward: Asked | None = None
    same: bool = False
    error: str | None = None

    @property
    def flipped(self) -> bool:
        """The order decided, not the outputs."""
        if self.forward is None or self.backward is None:
            return False
        return self.forward.side != self.backward.side

    @property
    def side(self) -> Side | None:
        """Who wins: who is taken in both orders; a flip is a tie. None: an error."""
        if self.error is not None:
            return None
        if self.same:
            return "tie"
        if self.forward is None or self.backward is None:
            return None
        return "tie" if self.flipped else self.forward.side

    @property
    def firsts(self) -> tuple[int, int]:
        """How often the output that stood first was taken, of the orders in which one was."""
        if self.error is not None:
            return 0, 0
        taken = [
            (one.side, first) for one, first in ((self.forward, "a"), (self.backward, "b")) if one
        ]
        return sum(side == first for side, first in taken), sum(side != "tie" for side, _ in taken)


@dataclass(frozen=True, slots=True)
class Tally:
    """Pairs with a verdict: n = wins_a + wins_b + ties; flips and pairs of the same text are among
    the ties. Errors are outside n.
    """

    n: int
    wins_a: int
    wins_b: int
    ties: int
    flips: int
    same: int
    errors: int
    firsts: int = 0
    decided: int = 0

    @property
    def win_rate(self) -> float | None:
        """Of A, a tie counting half; 0..1, None without a verdict."""
        return (self.wins_a + self.ties / 2) / self.n if self.n else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """Wilson's, over cases. With ties as halves it is a little wide, never too narrow."""
        return wilson(self.wins_a + self.ties / 2, self.n) if self.n else None

    @property
    def flip_rate(self) -> float | None:
        return self.flips / self.n if self.n else None

    @property
    def first_share(self) -> float | None:
        """Position bias: how often the output that stood first was taken, of all orders in which
        one of them was. A judge that looks at the outputs alone has 0.5.
        """
        return self.firsts / self.decided if self.decided else None

    @property
    def first_interval(self) -> tuple[float, float] | None:
        return wilson(self.firsts, self.decided) if self.decided else None


def tally(duels: Iterable[Duel]) -> Tally:
    n = flips = same = errors = firsts = decided = 0
    wins: dict[Side, int] = dict.fromkeys(SIDES, 0)
    for duel in duels:
        side = duel.side
        if side is None:
            errors += 1
            continue
        n += 1
        wins[side] += 1
        flips += duel.flipped
        same += duel.same
        taken, of = duel.firsts
        firsts, decided = firsts + taken, decided + of
    return Tally(n, wins["a"], wins["b"], wins["tie"], flips, same, errors, firsts, decided)


def by_tag(duels: Sequence[Duel]) -> dict[str, Tally]:
    """Per tag; a case with several counts in each."""
    tags = sorted({tag for duel in duels for tag in duel.tags})
    return {tag: tally(duel for duel in duels if tag in duel.tags) for tag in tags}


def verdict(a: str, b: str, found: Tally) -> str:
    """Which system is better, and how sure that is, in one sentence."""
    rate, interval = found.win_rate, found.interval
    if rate is None or interval is None:
        return "no pair has a verdict"
    if found.same == found.n:
        return f"no difference: {a} and {b} gave the very same text in {_all(found.n)}"
    low, high = interval
    if low > 0.5:
        return f"{a} is better: it wins {rate:.2f} of the pairs [{low:.2f} {high:.2f}]"
    if high < 0.5:
        return f"{b} is better: it wins {1 - rate:.2f} of the pairs [{1 - high:.2f} {1 - low:.2f}]"
    return f"no difference can be told: {a} wins {rate:.2f} of the pairs [{low:.2f} {high:.2f}]"


def _all(count: int) -> str:
    return "the only pair" if count == 1 else f"all {count:,} pairs"


@dataclass(frozen=True, slots=True)
class People:
    """What people prefer, case by case. unsettled: cases on which they differ; choices: {case:
    {annotator: side}} of all that counts.
    """

    settled: Mapping[str, Side]
    unsettled: tuple[str, ...]
    choices: Mapping[str, Mapping[str, Side]] = field(default_factory=dict)

    @property
    def counts(self) -> dict[str, int]:
        """How many each annotator has chosen."""
        found: dict[str, int] = {}
        for by in self.choices.values():
            for annotator in by:
                found[annotator] = found.get(annotator, 0) + 1
        return dict(sorted(found.items()))

    @property
    def pairs(self) -> tuple[int, int]:
        """Of two annotators' choices on one case: how many are the same, and how many there are."""
        same = of = 0
        for by in self.choices.values():
            sides = list(by.values())
            for at, side in enumerate(sides):
                same += sum(side == other for other in sides[:at])
                of += at
        return same, of


def people_of(choices: Mapping[str, Mapping[str, Side]]) -> People:
    """A case is settled by what more than half of its annotators chose."""
    settled: dict[str, Side] = {}
    unsettled = []
    for case, by in sorted(choices.items()):
        sides = list(by.values())
        most = max(SIDES, key=sides.count)
        if 2 * sides.count(most) > len(sides):
            settled[case] = most
        else:
            unsettled.append(case)
    return People(settled, tuple(unsettled), choices)


def pair_folder(a: str, b: str) -> tuple[str, str]:
    """The two names sorted, as a preference has them. Raises UsageError for one and the same."""
    if a == b:
        raise UsageError(f"{a} against itself is no comparison", hint="name two systems")
    first, second = sorted((a, b))
    return first, second


def turned(side: Side) -> Side:
    """The same choice when the two change names."""
    other: dict[Side, Side] = {"a": "b", "b": "a", "tie": "tie"}
    return other[side]
