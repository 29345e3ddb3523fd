"""`drift`: production against the eval set. One pass over the log, in bounded memory."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Literal

from labeltool.commands import drift_past
from labeltool.commands.context import Context
from labeltool.commands.drift_cases import Reference, reference
from labeltool.commands.drift_clusters import Named, members, name
from labeltool.commands.drift_feedback import feedback
from labeltool.commands.drift_inputs import Limits, inputs
from labeltool.commands.drift_outputs import anomalies
from labeltool.commands.drift_show import Shown
from labeltool.commands.drift_tally import CHUNK, Part, Tally, Task, summed
from labeltool.commands.promote import known_fields, mapping_of
from labeltool.config import Embeddings
from labeltool.embed import Embedder, open_embedder
from labeltool.errors import DataError, Problem, Where
from labeltool.model.drift import (
    Anomalies,
    Drift,
    DriftPoint,
    EvalSet,
    Feedback,
    Kept,
    PastWindow,
    Production,
)
from labeltool.model.record import Record
from labeltool.rules import drift_windows
from labeltool.rules.drift import THRESHOLD
from labeltool.rules.drift_text import Words
from labeltool.rules.drift_windows import HOUR
from labeltool.sources import BadRow, Kind, read
from labeltool.store.dataset import DatasetStore

_SHOWN_BAD = 20
_WORDED = 2_000
"""Texts that say which words are common."""
_FEEDBACK_WINDOWS, _HOURS, _FILLED = 14, 14 * 24, 50
WORDS: dict[str, str] = {
    "truncated": "outputs cut off",
    "empty": "empty outputs",
    "invalid_json": "outputs that are no JSON",
    "refusal": "refusals",
    "length": "outputs of unusual length",
    "language": "answers in another language",
}


@dataclass(frozen=True)
class Asked:
    """What the command line says. `origin` names the log; `maps` are `field=column` texts; window:
    `1h`, `1d`, None for the whole log at once. cluster: a Dask scheduler's address.
    """

    origin: str
    kind: Kind | None = None
    dataset: str | None = None
    maps: tuple[str, ...] = ()
    window: str | None = None
    threshold: float = THRESHOLD
    seed: int = 0
    engine: Literal["local", "dask"] = "local"
    cluster: str | None = None


@dataclass
class _Rows:
    """The records of a log, and how many rows were none."""

    items: Iterable[Record | BadRow]
    origin: str
    bad: int = 0
    good: int = 0

    def __post_init__(self) -> None:
        self.first_bad: list[BadRow] = []

    def chunks(self) -> Iterator[list[Record]]:
        chunk: list[Record] = []
        for item in self.items:
            if isinstance(item, BadRow):
                self.bad += 1
                if len(self.first_bad) < _SHOWN_BAD:
                    self.first_bad.append(item)
                continue
            self.good += 1
            chunk.append(item)
            if len(chunk) == CHUNK:
                yield chunk
                chunk = []
        if chunk:
            yield chunk
        if self.bad and not self.good:
            raise DataError.of(
                [Problem(Where(self.origin, bad.line), bad.message) for bad in self.first_bad]
            )


def drift(
    ctx: Context, stream: BinaryIO, asked: Asked, *, baseline: BinaryIO | None = None
) -> Kept:
    """The report, and what triage needs of it. Writes nothing.

    baseline: an earlier log that outputs and feedback are compared with. Raises UsageError,
    DataError (nothing in the log could be read), IncompleteError (embeddings), UnknownName.
    """
    store = ctx.workspace.dataset(asked.dataset)
    settings = ctx.workspace.settings
    width = drift_windows.seconds(asked.window) if asked.window else HOUR
    cache = ctx.workspace.scratch / "embeddings.sqlite"
    embedder = open_embedder(settings.embeddings, env=ctx.env, cache=cache)
    known = reference(store.cases().require(), embedder)
    reach = float("inf") if known.reach is None else known.reach
    topics = known.topic_of or (0,)
    task = Task(known.vectors, reach, topics, known.tiers, width, asked.seed)
    shared = Shared(task, settings.embeddings, cache)
    rows = _rows(ctx, stream, asked)
    tally = _tally(shared, embedder, rows, asked)
    before = None
    if baseline is not None:
        before = _tally(shared, embedder, _rows(ctx, baseline, asked), asked)
    return _report(ctx, store, asked, _Read(embedder, known, width, tally, rows.bad, before))


def _rows(ctx: Context, stream: BinaryIO, asked: Asked) -> _Rows:
    source = ctx.workspace.settings.promote.sources.get(asked.origin)
    mapping = {**(source.map if source else {}), **mapping_of(asked.maps)}
    known_fields(mapping)
    kind = asked.kind or (source.kind if source else None)
    return _Rows(read(stream, asked.origin, kind, mapping=mapping), asked.origin)


def _tally(shared: Shared, embedder: Embedder, rows: _Rows, asked: Asked) -> Tally:
    task = shared.task
    tally = Tally(task.reach)
    if asked.engine == "local":
        parts: Iterable[Part] = (summed(task, embedder, chunk) for chunk in rows.chunks())
    else:
        from labeltool.runner.spread import spread

        parts = spread(at_worker, shared, rows.chunks(), asked.cluster)
    with _seldom_collected():
        for part in parts:
            tally.join(part)
    return tally


@contextmanager
def _seldom_collected() -> Iterator[None]:
    """A log makes many values and no cycles: the collector would go through all that is kept, time
    and again, in vain.
    """
    before = gc.get_threshold()
    gc.set_threshold(200_000, 50, 1_000)
    try:
        yield
    finally:
        gc.set_threshold(*before)


@dataclass(frozen=True)
class Shared:
    """What a worker of a cluster is given once. `cache`: where slow embedders keep vectors."""

    task: Task
    embeddings: Embeddings
    cache: Path


def at_worker(shared: Shared, chunk: Sequence[Record]) -> Part:
    """A chunk's part, by a worker: its own environment holds the keys of embedders."""
    embedder = open_embedder(shared.embeddings, env=os.environ, cache=shared.cache)
    return summed(shared.task, embedder, chunk)


@dataclass(frozen=True)
class _Read:
    """What was read. width: of the tally's windows, in seconds; before: of the baseline."""

    embedder: Embedder
    known: Reference
    width: int
    tally: Tally
    bad_rows: int
    before: Tally | None


def _report(ctx: Context, store: DatasetStore, asked: Asked, seen: _Read) -> Kept:
    embedder, known, tally, before = seen.embedder, seen.known, seen.tally, seen.before
    width = seen.width
    shown = Shown.of(ctx, store.name, known)
    history = drift_past.history(store)
    day = (tally.last or ctx.iso_now())[:10]
    past = [one for one in history if one.date < day]
    named = name(
        members(tally, known),
        drift_past.known(ctx, store, history),
        embedder.fingerprint,
        everything=Words(seen.text for seen in tally.sampled[:_WORDED]),
        clean=shown.clean,
    )
    limits = Limits(asked.threshold, asked.window, width, asked.seed)
    found = inputs(tally, known, named, limits, _past_windows(past, asked.window))
    topics = _Widths(asked, tally, width, _FEEDBACK_WINDOWS, whole=before is not None)
    hours = _Widths(asked, tally, width, _HOURS, whole=before is not None)
    said = feedback(tally, before, known, named, wider=topics.wider, start=topics.start)
    odd = anomalies(tally, before, wider=hours.wider, start=hours.start)
    timed = tuple(sorted(w for w in tally.windows if w is not None)) if asked.window else ()
    report = Drift(
        dataset=store.name,
        log=shown.clean(asked.origin),
        created_at=ctx.iso_now(),
        embedding=embedder.fingerprint,
        seed=asked.seed,
        state="alert" if found.state == "ok" and _alert(said, odd) else found.state,
        reasons=(*found.reasons, *_told(said, odd)),
        notices=(*found.notices, *_notices(named, shown, seen.bad_rows, tally)),
        production=Production(
            n=tally.n,
            bad_rows=seen.bad_rows,
            silent=tally.silent,
            out_of_scope=found.out_of_scope,
            first=tally.first,
            last=tally.last,
        ),
        eval=EvalSet(n=len(known.cases), left_out=known.left_out),
        centroid_distance=found.distance,
        centroid_why=found.why,
        threshold=asked.threshold,
        null=found.null,
        uncovered=found.uncovered,
        window=asked.window,
        windows=tuple(found.windows),
        groups={key: tuple(rows) for key, rows in found.groups.items()},
        clusters=tuple(shown.clusters(named, tally, timed, width, past[-1] if past else None)),
        feedback=said,
        anomalies=odd,
    )
    return Kept(
        drift=report,
        picks=shown.picks(named),
        centroids={one.id: one.members.centroid for one in named},
    )


@dataclass
class _Widths:
    """From the windows of a tally to those that a statistic compares: as asked for; else so wide
    that there are `most` at most, of fifty records or so; beside a baseline, the whole log as one.
    """

    asked: Asked
    tally: Tally
    width: int
    most: int
    whole: bool

    def __post_init__(self) -> None:
        there = [window for window in self.tally.windows if window is not None]
        self._to = self.width
        if not self.asked.window:
            most = max(1, min(self.most, self.tally.n // _FILLED))
            self._to = drift_windows.fitting(there, self.width, most=most)
        self._first = min(there, default=0)
        self._one = self.whole and not self.asked.window

    def wider(self, window: int) -> int:
        return self._first if self._one else window * self.width // self._to

    def start(self, window: int) -> str:
        return drift_windows.start(window, self.width if self._one else self._to)


def _past_windows(past: Sequence[DriftPoint], window: str | None) -> Sequence[PastWindow]:
    return past[-1].windows if past and past[-1].window == window else ()


def _alert(said: Feedback, odd: Anomalies) -> bool:
    return "alert" in (said.state, odd.state)


def _told(said: Feedback, odd: Anomalies) -> list[str]:
    """The alarms of feedback and outputs, in words."""
    found = [
        f"feedback on {row.cluster}: {row.negative_rate:.0%} negative"
        f"{_at(row.window)}, {row.baseline_rate or 0:.0%} before"
        for row in said.rows
        if row.alert
    ]
    for anomaly in odd.rows:
        if anomaly.alert:
            what = f"{WORDS[anomaly.kind]}: {anomaly.rate:.1%}{_at(anomaly.window)}"
            line = f"{what}, {anomaly.baseline_rate or 0:.1%} before"
            if anomaly.lines_up_with:
                line += f"; lines up with {anomaly.lines_up_with}: a silent API update?"
            found.append(line)
    return found


def _at(window: str | None) -> str:
    return "" if window is None else f" in {window}"


def _notices(named: Sequence[Named], shown: Shown, bad_rows: int, tally: Tally) -> list[str]:
    found = [
        f"{one.id} is out of scope ({one.members.size:,} records): it does not alarm"
        for one in named
        if one.out
    ]
    if bad_rows:
        found.append(f"{bad_rows:,} rows could not be read")
    if tally.silent:
        found.append(f"{tally.silent:,} inputs say nothing to the embedder")
    if shown.missing and named:
        found.append(shown.missing)
    return found
