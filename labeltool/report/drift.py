"""A drift report in words and as Markdown. It computes nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from labeltool.model.drift import Cluster, Drift, DriftPoint, FeedbackRow
from labeltool.safe_text import for_markdown, one_line

HEADLINES = {
    "ok": "Production asks what the eval set asks.",
    "alert": "Production has parted from the eval set.",
    "insufficient": "Too little to say whether production has parted from the eval set.",
}
_TICKS = "\u2581\u2582\u2583\u2584\u2585\u2586\u2587\u2588"
CLUSTERS, ROWS = 20, 20


def headline(found: Drift) -> str:
    """The state in one sentence; of an alert, what it is about."""
    if found.state == "alert" and not _of_inputs(found):
        return "Answers got worse; production asks what the eval set asks."
    undecided = sum(one.scope is None for one in found.clusters)
    if found.state == "ok" and undecided:
        several = f"{undecided} clusters lie" if undecided > 1 else "one cluster lies"
        return f"Production stays within the limits; {several} beyond the cases."
    return HEADLINES[found.state]


def _of_inputs(found: Drift) -> bool:
    """Whether the inputs alone are reason enough."""
    parts = sum(row.alert for row in found.feedback.rows)
    parts += sum(row.alert for row in found.anomalies.rows)
    return len(found.reasons) > parts


def measures(found: Drift) -> list[tuple[str, str, str]]:
    """(what, value, what to hold it against)."""
    distance = "-" if found.centroid_distance is None else f"{found.centroid_distance:.4f}"
    beside = f"alert over {found.threshold:g}"
    if found.null.q95 is not None:
        p = found.null.p_value or 0.0
        beside += f"; chance alone stays under {found.null.q95:.4f} (p = {p:.3f}, informs only)"
    share, interval = found.uncovered.share, found.uncovered.interval
    far = "-" if share is None or interval is None else f"{share:.1%}"
    between = "" if interval is None else f"between {interval[0]:.1%} and {interval[1]:.1%}; "
    return [
        ("centroid distance", distance, found.centroid_why or beside),
        ("uncovered share", far, f"{between}{found.uncovered.expected:.0%} is to be expected"),
        (
            "records",
            f"{found.production.n:,}",
            f"against {found.eval.n:,} cases ({found.eval.left_out:,} left out)",
        ),
    ]


def growth(cluster: Cluster) -> str:
    if cluster.growth is None:
        return ""
    return f"{cluster.growth.before:.1%} -> {cluster.growth.now:.1%} since {cluster.growth.since}"


def standing(cluster: Cluster) -> str:
    """What people said of the cluster."""
    if cluster.scope == "out":
        return f"out of scope: {cluster.reason or 'no reason given'}"
    return "in scope, no case yet" if cluster.scope == "in" else "undecided"


def rating(row: FeedbackRow) -> str:
    before = "" if row.baseline_rate is None else f", {row.baseline_rate:.0%} before"
    low, high = row.interval
    return f"{row.negative_rate:.0%} negative of {row.n:,} [{low:.0%} {high:.0%}]{before}"


def spark(values: Sequence[float | None]) -> str:
    """A line of small bars from 0 to the largest; a space where there is no value."""
    top = max((value for value in values if value is not None), default=0.0) or 1.0
    return "".join(
        " " if value is None else _TICKS[min(7, int(max(0.0, value) / top * 7.999))]
        for value in values
    )


def next_step(found: Drift) -> str | None:
    """The command that comes next."""
    undecided = [one for one in found.clusters if one.scope is None]
    if undecided:
        return (
            f"labeltool drift --triage {undecided[0].id} --scope in --draft 5"
            "   (or --scope out --reason ...)"
        )
    return None


def markdown(found: Drift, past: Sequence[DriftPoint] = ()) -> str:
    """For an issue, a pull request or a job's summary; every text of production is escaped."""
    return "\n".join(_markdown(found, past)) + "\n"


def _markdown(found: Drift, past: Sequence[DriftPoint]) -> Iterator[str]:
    sign = {"ok": "\u2705", "alert": "\u274c", "insufficient": "\u26aa"}[found.state]
    yield f"## {sign} Drift of {_text(found.dataset)}: {found.state}"
    yield ""
    yield headline(found)
    for reason in found.reasons:
        yield f"- {_text(reason)}"
    yield ""
    yield "| measure | value | |"
    yield "|---|---|---|"
    for row in measures(found):
        yield "| " + " | ".join(_text(cell) for cell in row) + " |"
    if len(past) > 1:
        yield ""
        yield from _over_time(past)
    if found.clusters:
        yield ""
        yield "### Asked, and no case is near"
        yield ""
        yield "| cluster | records | share | since | |"
        yield "|---|---|---|---|---|"
        for one in found.clusters[:CLUSTERS]:
            cells = (
                one.id,
                f"{one.size:,}",
                f"{one.share:.1%}",
                growth(one),
                standing(one),
            )
            yield "| " + " | ".join(_text(cell) for cell in cells) + " |"
        for one in found.clusters[:CLUSTERS]:
            yield ""
            yield f"**{_text(one.id)}**: {_text(', '.join(one.words))}"
            yield ""
            for example in one.examples:
                yield f"> {_text(one_line(example))}"
                yield ">"
    yield from _quality(found)
    for notice in found.notices:
        yield f"- {_text(notice)}"
    step = next_step(found)
    if step is not None:
        yield ""
        yield f"Next: `{step}`"


def _over_time(past: Sequence[DriftPoint]) -> Iterator[str]:
    points = past[-30:]
    yield f"Over time, {points[0].date} to {points[-1].date}:"
    yield f"distance `{spark([one.centroid_distance for one in points])}`,"
    yield f"uncovered `{spark([one.uncovered for one in points])}`"


def _quality(found: Drift) -> Iterator[str]:
    rated = [row for row in found.feedback.rows if row.alert]
    odd = [row for row in found.anomalies.rows if row.alert]
    if rated or odd:
        yield ""
        yield "### Answers that got worse"
        yield ""
    for row in rated[:ROWS]:
        words = f" ({', '.join(row.words)})" if row.words else ""
        yield f"- {_text(row.cluster + words)}{_at(row.window)}: {_text(rating(row))}"
    for anomaly in odd[:ROWS]:
        line = f"{anomaly.kind}{_at(anomaly.window)}: {anomaly.rate:.1%} of {anomaly.n:,}"
        line += f", {anomaly.baseline_rate or 0:.1%} before"
        if anomaly.lines_up_with:
            line += f"; lines up with {anomaly.lines_up_with}"
        yield f"- {_text(line)}"
    if rated or odd or found.notices:
        yield ""


def _at(window: str | None) -> str:
    return "" if window is None else f" in {window}"


def _text(text: str) -> str:
    return for_markdown(one_line(text))
