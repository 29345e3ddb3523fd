"""Whether what production asks has parted from the cases: as a whole, by window, by group."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from labeltool.commands.drift_cases import Reference
from labeltool.commands.drift_clusters import Named
from labeltool.commands.drift_tally import Sums, Tally
from labeltool.model.drift import Group, Null, PastWindow, State, Uncovered, Window
from labeltool.rules import drift as rules
from labeltool.rules.drift_windows import start
from labeltool.stats.clusters import stacked
from labeltool.stats.shift import Centroid, centroid_distance, permutation_null

PERMUTED = 2_000
"""Records that the null is made with; its permutations deal them and the cases anew."""
SHOWN_GROUPS, SHOWN_WINDOWS = 30, 1_000


@dataclass
class Inputs:
    """why: of a distance that is undefined. out_of_scope: records."""

    state: State = "ok"
    reasons: list[str] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    distance: float | None = None
    why: str | None = None
    null: Null = field(default_factory=Null)
    uncovered: Uncovered = field(default_factory=lambda: Uncovered(expected=rules.EXPECTED))
    out_of_scope: int = 0
    windows: list[Window] = field(default_factory=list)
    groups: dict[str, list[Group]] = field(default_factory=dict)


@dataclass(frozen=True)
class Limits:
    """What the command line says. name, width: of the windows asked for; name None for none."""

    threshold: float
    name: str | None
    width: int
    seed: int


def inputs(
    tally: Tally,
    known: Reference,
    clusters: Sequence[Named],
    limits: Limits,
    past: Sequence[PastWindow],
) -> Inputs:
    """By design: the distance of centroids and the uncovered share, what is out of scope left
    out; where windows are asked for, two in a row must be over a limit.
    """
    out = [one.members for one in clusters if one.out]
    found = Inputs(out_of_scope=sum(one.size for one in out))
    whole = tally.whole.centroid
    for one in out:
        whole = one.taken_from(whole)
    cases = known.centroid
    found.distance = _rounded(centroid_distance(whole, cases))
    if found.distance is None:
        found.why = _why(whole, cases)
    found.null = _null(tally, known, clusters, limits.seed)
    far = tally.whole.uncovered - sum(one.uncovered for one in out)
    heard = max(0, tally.heard - found.out_of_scope)
    share = rules.share(far, heard) if known.reach is not None else None
    found.uncovered = _uncovered(share, known.reach, max(0, far))
    found.groups = _groups(tally, known)
    few = rules.too_few(len(known.cases), heard)
    over = rules.passed(found.distance, limits.threshold, share)
    if limits.name is not None:
        found.windows = _windows(tally, known, clusters, limits, past)
    if few:
        found.state, found.reasons = "insufficient", few
        return found
    timed = [one for one in found.windows if one.state != "insufficient"]
    if limits.name is None or not timed:
        if limits.name is not None:
            found.notices.append(
                f"no window of {limits.name} has {rules.WINDOW_RECORDS} records with a time: "
                "judged as a whole"
            )
        found.state, found.reasons = ("alert" if over else "ok"), over
        return found
    _by_windows(found, timed, over)
    return found


def _by_windows(found: Inputs, timed: Sequence[Window], over: Sequence[str]) -> None:
    alerts = [one for one in timed if one.alert]
    if alerts:
        found.state = "alert"
        said = f"{len(alerts)} windows" if len(alerts) > 1 else "the window"
        found.reasons = [
            f"{said} up to {alerts[-1].window} over a limit, and the one before as well",
            *over,
        ]
        return
    single = [one for one in timed if one.over]
    if single:
        found.notices.append(
            f"over a limit in {single[-1].window} alone: an alert needs two windows in a row"
        )
    elif over:
        found.notices.append(f"over a limit as a whole and in no window: {'; '.join(over)}")


def _windows(
    tally: Tally,
    known: Reference,
    clusters: Sequence[Named],
    limits: Limits,
    past: Sequence[PastWindow],
) -> list[Window]:
    out = [one.members for one in clusters if one.out]
    cases = known.centroid
    found = []
    for place, sums in sorted((w, s) for w, s in tally.windows.items() if w is not None):
        gone = sum(one.size_in(place) for one in out)
        far = sums.uncovered - sum(one.uncovered_in(place) for one in out)
        centroid = sums.centroid
        for one in out:
            centroid = one.taken_from(centroid, window=place)
        n = max(0, round(sums.centroid.n - gone))
        distance = _rounded(centroid_distance(centroid, cases))
        share = rules.share(far, n) if known.reach is not None else None
        enough = n >= rules.WINDOW_RECORDS
        found.append(
            Window(
                window=start(place, limits.width),
                n=n,
                state="ok" if enough else "insufficient",
                centroid_distance=distance,
                uncovered=None if share is None else round(share[0], 6),
                interval=None if share is None else _pair(share[1]),
                over=enough and bool(rules.passed(distance, limits.threshold, share)),
            )
        )
    return rules.with_alerts(found, past)[-SHOWN_WINDOWS:]


def _groups(tally: Tally, known: Reference) -> dict[str, list[Group]]:
    """The largest groups of each kind; of tiers, each against its own cases."""
    found = {}
    for grouping, groups in sorted(tally.groups.items()):
        largest = sorted(groups.items(), key=lambda item: (-item[1].centroid.n, item[0]))
        found[grouping] = [
            _group(
                name, sums, known.centroid_of(name) if grouping == "tier" else known.centroid, known
            )
            for name, sums in largest[:SHOWN_GROUPS]
        ]
    return found


def _group(name: str, sums: Sums, cases: Centroid, known: Reference) -> Group:
    share = rules.share(sums.uncovered, sums.centroid.n) if known.reach is not None else None
    return Group(
        name=name,
        n=sums.centroid.n,
        centroid_distance=_rounded(centroid_distance(sums.centroid, cases)),
        uncovered=None if share is None else round(share[0], 6),
        interval=None if share is None else _pair(share[1]),
    )


def _null(tally: Tally, known: Reference, clusters: Sequence[Named], seed: int) -> Null:
    out = {id(seen) for one in clusters if one.out for seen in one.members.rows}
    rows = [seen for seen in tally.sampled if id(seen) not in out][:PERMUTED]
    if not rows or not known.cases:
        return Null()
    made = permutation_null(stacked([one.vector for one in rows], 0), known.vectors, seed=seed)
    if made is None:
        return Null(sample=len(rows))
    return Null(p_value=round(made.p_value, 6), q95=round(made.q95, 6), sample=len(rows))


def _uncovered(
    share: tuple[float, tuple[float, float]] | None, reach: float | None, far: int
) -> Uncovered:
    if share is None:
        return Uncovered(expected=rules.EXPECTED, reach=reach)
    return Uncovered(
        share=round(share[0], 6),
        interval=_pair(share[1]),
        expected=rules.EXPECTED,
        reach=_rounded(reach),
        n=far,
    )


def _why(production: Centroid, cases: Centroid) -> str:
    if not cases.n:
        return "there is no case to compare with"
    if not production.n:
        return "there is no record in scope that says anything"
    return "one of the centroids points nowhere: its vectors cancel out"


def _pair(interval: tuple[float, float]) -> tuple[float, float]:
    return round(interval[0], 6), round(interval[1], 6)


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 6)
