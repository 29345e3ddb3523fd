"""Faults of outputs that come in spikes: cut off, empty, no JSON, refused, other lengths."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Literal, get_args

from labeltool.commands.drift_tally import Tally
from labeltool.model.drift import Anomalies, Anomaly, Kind, Lengths
from labeltool.rules import drift_output
from labeltool.rules.drift_rates import BEFORE, Least, Rate, Tested, judged, shown

LEAST = Least(now=20, before=50, points=0.03, times=2.0)
KINDS: tuple[Kind, ...] = get_args(Kind)
_TAIL, _FIRST = 0.05, 200
_NEW, _RARE = 0.2, 0.05
"""A model that answers a fifth of a window and answered hardly any of those before is new."""

Windows = dict[int | None, Rate]


def anomalies(
    tally: Tally,
    before: Tally | None,
    *,
    wider: Callable[[int], int],
    start: Callable[[int], str],
) -> Anomalies:
    """`wider`, `start`: as of feedback."""
    looked = _Looked(tally, before, wider)
    series: dict[str, Windows] = {kind: looked.rates(kind) for kind in KINDS if kind != "length"}
    series["length"] = looked.odd_lengths()
    found = judged({kind: own for kind, own in series.items() if own}, LEAST, look_ahead=True)
    rows = tuple(_row(one, looked, start) for one in shown(found))
    lengths = tuple(_lengths(own, window, start) for window, own in looked.last_lengths())
    finish = dict(tally.finish_reasons.most_common())
    if not rows:
        why = "no record holds an output or says how it ended"
        return Anomalies(state="insufficient", why=why)
    state: Literal["ok", "alert", "insufficient"]
    if any(one.alert for one in found):
        state, why_not = "alert", None
    elif any(one.before is not None for one in found):
        state, why_not = "ok", None
    else:
        state = "insufficient"
        why_not = f"no window has {LEAST.now} outputs and {LEAST.before} to compare them with"
    return Anomalies(state=state, why=why_not, rows=rows, lengths=lengths, finish_reasons=finish)


class _Looked:
    """The counts of a tally by wider windows, with those of a baseline before them."""

    def __init__(self, tally: Tally, before: Tally | None, wider: Callable[[int], int]):
        self.had: Counter[tuple[int | None, str, Kind]] = Counter()
        self.could: Counter[tuple[int | None, str, Kind]] = Counter()
        self.versions: Counter[tuple[int | None, str]] = Counter()
        self.bins: dict[int | None, Counter[int]] = {}
        for source in (tally, before):
            if source is None:
                continue

            def place(window: int | None, late: bool = source is tally) -> int | None:
                if not late:
                    return BEFORE
                return None if window is None else wider(window)

            for (window, name, kind), count in source.had.items():
                self.had[place(window), name, kind] += count
            for (window, name, kind), count in source.could.items():
                self.could[place(window), name, kind] += count
            for (window, name), count in source.versions.items():
                self.versions[place(window), name] += count
            for (window, bin), count in source.lengths.items():
                self.bins.setdefault(place(window), Counter())[bin] += count

    def rates(self, kind: Kind) -> Windows:
        found: Windows = {}
        for (window, name, one), count in self.could.items():
            if one == kind:
                rate = Rate(self.had[window, name, one], count)
                found[window] = found.get(window, Rate()).plus(rate)
        return found

    def odd_lengths(self) -> Windows:
        """Outputs outside of the middle nine tenths of the first ones."""
        first: Counter[int] = Counter()
        for window in sorted(self.bins, key=lambda w: BEFORE - 1 if w is None else w):
            if first.total() >= _FIRST:
                break
            first += self.bins[window]
        if not first:
            return {}
        low, high = (drift_output.quantile(first, share) for share in (_TAIL, 1 - _TAIL))
        return {
            window: Rate(
                sum(count for bin, count in own.items() if not low <= bin <= high), own.total()
            )
            for window, own in self.bins.items()
        }

    def last_lengths(self) -> list[tuple[int | None, Counter[int]]]:
        timed = sorted(w for w in self.bins if w is not None and w != BEFORE)[-14:]
        return [(window, self.bins[window]) for window in timed]

    def models(self, one: Tested) -> list[str]:
        """The models whose outputs stand out in that window, where it is not all of them."""
        rates = {
            name: Rate(self.had[window, name, kind], count)
            for (window, name, kind), count in self.could.items()
            if (window, kind) == (one.window, one.name) and name
        }
        limit = one.before.value + LEAST.points if one.before else one.now.value
        worse = [name for name, rate in rates.items() if rate.value >= limit]
        return sorted(worse)

    def change(self, one: Tested) -> str | None:
        """The model or system that came with that window, and what answered before it."""
        now = {name: count for (w, name), count in self.versions.items() if w == one.window}
        then: Counter[str] = Counter()
        for (window, name), count in self.versions.items():
            if window is not None and (one.window is None or window < one.window):
                then[name] += count
        if not then:
            return None
        new = [
            name
            for name, count in sorted(now.items(), key=lambda item: -item[1])
            if name and count >= _NEW * sum(now.values()) and then[name] < _RARE * then.total()
        ]
        if not new:
            return None
        old = then.most_common(1)[0][0] or "unnamed"
        return f"{old} -> {', '.join(new)}"


def _row(one: Tested, looked: _Looked, start: Callable[[int], str]) -> Anomaly:
    kind = next(kind for kind in KINDS if kind == one.name)
    before = one.before
    return Anomaly(
        kind=kind,
        window=None if one.window is None else start(one.window),
        n=one.now.n,
        rate=round(one.now.value, 6),
        baseline_n=before.n if before else 0,
        baseline_rate=None if before is None else round(before.value, 6),
        p_adjusted=one.p,
        alert=one.alert,
        models=tuple(looked.models(one)) if one.alert else (),
        lines_up_with=looked.change(one) if one.alert else None,
    )


def _lengths(bins: Mapping[int, int], window: int | None, start: Callable[[int], str]) -> Lengths:
    low, middle, high = (
        drift_output.length_of(drift_output.quantile(bins, share)) for share in (0.1, 0.5, 0.9)
    )
    return Lengths(
        window=None if window is None else start(window),
        n=sum(bins.values()),
        q10=low,
        q50=middle,
        q90=high,
    )
