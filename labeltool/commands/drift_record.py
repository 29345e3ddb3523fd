"""A run's numbers into the history of drift: one file a day, one commit, no text of production."""

from __future__ import annotations

from dataclasses import dataclass

from labeltool.commands.context import Context
from labeltool.errors import LabeltoolError
from labeltool.history import CommitMessage
from labeltool.model.drift import DriftPoint, Kept, PastCluster, PastWindow
from labeltool.redact.redactor import Redactor
from labeltool.store import paths

CLUSTERS, WINDOWS = 30, 60


@dataclass(frozen=True)
class Recorded:
    """`commit` is None where the same numbers stand there already."""

    path: str
    point: DriftPoint
    commit: str | None


def point(kept: Kept, *, now: str) -> DriftPoint:
    """The numbers of a report; the day is that of its last record, else today's."""
    found = kept.drift
    share = found.uncovered
    return DriftPoint(
        date=(found.production.last or now)[:10],
        state=found.state,
        log=found.log,
        embedding=found.embedding,
        records=found.production.n,
        cases=found.eval.n,
        centroid_distance=found.centroid_distance,
        threshold=found.threshold,
        uncovered=share.share,
        interval=share.interval,
        expected=share.expected,
        feedback_alerts=tuple(dict.fromkeys(r.cluster for r in found.feedback.rows if r.alert)),
        anomaly_alerts=tuple(dict.fromkeys(r.kind for r in found.anomalies.rows if r.alert)),
        window=found.window,
        windows=tuple(
            PastWindow(
                window=one.window,
                records=one.n,
                centroid_distance=one.centroid_distance,
                uncovered=one.uncovered,
                over=one.over,
            )
            for one in found.windows
            if one.state != "insufficient"
        )[-WINDOWS:],
        clusters=tuple(
            PastCluster(
                id=one.id,
                size=one.size,
                share=one.share,
                words=one.words,
                centroid=kept.centroids.get(one.id),
                scope=one.scope,
            )
            for one in found.clusters[:CLUSTERS]
        ),
        recorded_at=now,
    )


def record(ctx: Context, kept: Kept) -> Recorded:
    """Writes and commits it; a second run of a day takes the place of the first. Raises CommitHeld,
    NotARepository.
    """
    made = point(kept, now=ctx.iso_now())
    clean = Redactor("", None, ctx.workspace.settings.promote.regions).value(made.log)
    made = made.model_copy(update={"log": clean})
    path = paths.drift_path(kept.drift.dataset, made.date)
    present = ctx.workspace.load(path, DriftPoint)
    if present is not None and present.model_copy(update={"recorded_at": made.recorded_at}) == made:
        return Recorded(path, present, None)
    message = CommitMessage(
        f"record drift of {made.date}: {made.state}",
        body="\n".join(kept.drift.reasons),
        trailers={
            "Labeltool-Kind": "drift",
            "Labeltool-Dataset": kept.drift.dataset,
            "Labeltool-Annotator": _by(ctx),
        },
    )
    commit = ctx.record([ctx.workspace.change(path, made)], message).commit
    return Recorded(path, made, commit)


def _by(ctx: Context) -> str:
    """In a workflow it may be nobody that the settings list."""
    try:
        return ctx.annotator()
    except LabeltoolError:
        return ""
