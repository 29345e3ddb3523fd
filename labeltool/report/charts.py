"""Numbers of a run as places in a drawing. Units are those of the SVG around them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from labeltool.model.base import Score
from labeltool.model.result import CaseResult, Results, TierResult

BINS = 20
WIDTH, HEIGHT, GAP = 240.0, 72.0, 2.0


@dataclass(frozen=True, slots=True)
class Bar:
    """`label` is the score, `side` whether it counts as met; the rest is geometry."""

    label: str
    count: int
    side: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Histogram:
    title: str
    text: str
    n: int
    bars: tuple[Bar, ...]
    mark: float | None
    said: str


@dataclass
class Distributions:
    """How often each score was given, criterion by criterion, and the total in bins; open cases
    left out. Fed case by case.
    """

    results: Results
    levels: dict[str, Counter[Score]] = field(default_factory=dict)
    bins: Counter[int] = field(default_factory=Counter)

    def add(self, case: CaseResult) -> None:
        if case.status == "open":
            return
        for id, score in case.scores.items():
            self.levels.setdefault(id, Counter())[score] += 1
        if case.score is not None:
            self.bins[min(max(int(case.score * BINS + 1e-9), 0), BINS - 1)] += 1

    def total(self) -> Histogram | None:
        """The normalised score; `mark` is where an output passes."""
        if not self.bins:
            return None
        mark = self.results.pass_mark
        counts = [
            (
                f"{at / BINS:.2f} to {(at + 1) / BINS:.2f}",
                self.bins[at],
                "met" if at / BINS >= mark - 1e-9 else "missed",
            )
            for at in range(BINS)
        ]
        return _histogram("score", "0 to 1, all criteria together", counts, mark=mark * WIDTH)

    def criteria(self) -> list[Histogram]:
        return [self._criterion(id, levels) for id, levels in self.levels.items()]

    def _criterion(self, id: str, levels: Counter[Score]) -> Histogram:
        known = self.results.criteria.get(id)
        given = [score for score in levels if isinstance(score, int)]
        low = known.min if known else min(given, default=0)
        high = known.max if known else max(given, default=0)
        met_at = known.pass_at if known else high
        counts = [
            (str(score), levels[score], "met" if score >= met_at else "missed")
            for score in range(low, min(high, low + BINS) + 1)
        ]
        if levels["na"]:
            counts.append(("n/a", levels["na"], "na"))
        return _histogram(id, known.text if known else "", counts)


def _histogram(
    title: str, text: str, counts: list[tuple[str, int, str]], *, mark: float | None = None
) -> Histogram:
    highest = max((count for _, count, _ in counts), default=0) or 1
    step = WIDTH / len(counts)
    bars = []
    for at, (label, count, side) in enumerate(counts):
        height = max(count / highest * HEIGHT, 1.5) if count else 0.0
        width = min(step - GAP, 48.0)
        x = at * step + (step - width) / 2
        bars.append(Bar(label, count, side, _at(x), _at(HEIGHT - height), _at(width), _at(height)))
    said = ", ".join(f"{count} at {label}" for label, count, _ in counts if count)
    return Histogram(title, text, sum(c for _, c, _ in counts), tuple(bars), mark, said)


@dataclass(frozen=True, slots=True)
class Range:
    """A tier's interval, rate and threshold, each 0..WIDTH; None where there is none."""

    low: float | None
    high: float | None
    rate: float | None
    threshold: float | None
    said: str


def interval(tier: TierResult) -> Range:
    value, of = tier.pass_rate, tier.interval
    if tier.metric == "mean_score":
        value = tier.mean_score
    elif tier.metric == "corrected_pass_rate":
        value, of = tier.corrected_pass_rate, tier.corrected_interval
    low, high = of or (None, None)
    parts = [] if value is None else [f"{value:.2f}"]
    parts += [] if low is None or high is None else [f"interval {low:.2f} to {high:.2f}"]
    parts += [] if tier.threshold is None else [f"threshold {tier.threshold:g}"]
    return Range(_on(low), _on(high), _on(value), _on(tier.threshold), ", ".join(parts))


def _on(share: float | None) -> float | None:
    return None if share is None else _at(min(max(share, 0.0), 1.0) * WIDTH)


def _at(place: float) -> float:
    return round(place, 2)
