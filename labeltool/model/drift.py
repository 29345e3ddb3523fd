"""Production against the eval set: the report, what is kept of it, and one point of its history."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import ConfigDict, Field

from labeltool.model.base import Id, IsoTime, Many, Noun, items

SCHEMA: Literal["labeltool/drift@1"] = "labeltool/drift@1"
State = Literal["ok", "alert", "insufficient"]
Kind = Literal["truncated", "empty", "invalid_json", "refusal", "length", "language"]
Interval = Many[float]
"""(low, high), 95%."""


class Part(Noun):
    """Part of a report: built by code from values that are right already."""

    model_config = ConfigDict(strict=True, extra="ignore", populate_by_name=True)


class Production(Part):
    """n: records read; bad_rows beside them. silent: records whose input says nothing to the
    embedder. out_of_scope: records of clusters that somebody called out of scope.
    """

    n: int
    bad_rows: int = 0
    silent: int = 0
    out_of_scope: int = 0
    first: IsoTime | None = None
    last: IsoTime | None = None


class EvalSet(Part):
    """n: cases compared with; left_out: retired, generated and adversarial ones."""

    n: int
    left_out: int = 0


class Null(Part):
    """What chance alone does to the distance, on `sample` records. It informs, and never alerts."""

    p_value: float | None = None
    q95: float | None = None
    sample: int = 0


class Uncovered(Part):
    """share (0..1) of production whose nearest case is farther than `reach` (1 - cosine), those out
    of scope left out; expected: the share of cases that are as far from every other case.
    """

    share: float | None = None
    interval: Interval | None = None
    expected: float
    reach: float | None = None
    n: int = 0


class Window(Part):
    """One stretch of time, named by its start. over: a limit is passed; alert: and in the window
    before as well. state `insufficient`: too few records.
    """

    window: str
    n: int
    state: State
    centroid_distance: float | None = None
    uncovered: float | None = None
    interval: Interval | None = None
    over: bool = False
    alert: bool = False


class Group(Part):
    """Production of one language, tag, tier or system. Of a tier: the records whose nearest case
    is in it.
    """

    name: str
    n: int
    centroid_distance: float | None = None
    uncovered: float | None = None
    interval: Interval | None = None


class Growth(Part):
    """The cluster's share of production, then and now. since: a window, or the date of a run."""

    before: float
    now: float
    since: str


class Near(Part):
    """A case near to an example: similarity 0..1, by what measure."""

    case: str
    similarity: float
    how: str


class Cluster(Part):
    """Production inputs that no case is near to, and what lies among them.

    size, share     records, estimated where the log is larger than what is kept; share 0..1
    uncovered       those of `size` that no case is near to
    words           what tells it from the rest, the most telling first
    examples        three inputs, redacted
    members         record ids, of all or (`sampled`) of a uniform sample
    known           it has its name from an earlier run
    scope, reason   what people decided
    """

    id: str
    size: int
    share: float
    uncovered: int
    words: Many[str] = items()
    examples: Many[str] = items()
    members: Many[str] = items()
    sampled: bool = False
    known: bool = False
    scope: Literal["in", "out"] | None = None
    reason: str | None = None
    growth: Growth | None = None
    negative_rate: float | None = None
    near: Many[Near] = items()


class FeedbackRow(Part):
    """Feedback on one topic in one window, against the windows before it. cluster: a cluster's id,
    or the words of the cases that the inputs are near to; covered says which.
    """

    cluster: str
    covered: bool
    words: Many[str] = items()
    window: str | None = None
    n: int
    negative_rate: float
    interval: Interval
    baseline_n: int = 0
    baseline_rate: float | None = None
    p_adjusted: float | None = None
    alert: bool = False


class Feedback(Part):
    state: State
    why: str | None = None
    rows: Many[FeedbackRow] = items()


class Anomaly(Part):
    """How often outputs have a fault in one window, against the windows before it. n: outputs that
    could have it. models: those in which it stands out; lines_up_with: the change of model or
    system that came with it.
    """

    kind: Kind
    window: str | None = None
    n: int
    rate: float
    baseline_n: int = 0
    baseline_rate: float | None = None
    p_adjusted: float | None = None
    alert: bool = False
    models: Many[str] = items()
    lines_up_with: str | None = None


class Lengths(Part):
    """Characters of the outputs of a window, at three quantiles; good to a tenth or so."""

    window: str | None = None
    n: int
    q10: int
    q50: int
    q90: int


class Anomalies(Part):
    state: State
    why: str | None = None
    rows: Many[Anomaly] = items()
    lengths: Many[Lengths] = items()
    finish_reasons: dict[str, int] = Field(default_factory=dict)


class Drift(Part):
    """The JSON document `labeltool/drift@1`. What is undefined is null; the state says why."""

    schema_: Literal["labeltool/drift@1"] = Field(default=SCHEMA, alias="schema")
    dataset: str
    log: str
    created_at: str
    embedding: str
    seed: int = 0
    state: State
    reasons: Many[str] = items()
    notices: Many[str] = items()
    production: Production
    eval: EvalSet
    centroid_distance: float | None = None
    centroid_why: str | None = None
    threshold: float
    null: Null
    uncovered: Uncovered
    window: str | None = None
    windows: Many[Window] = items()
    groups: dict[str, Many[Group]] = Field(default_factory=dict)
    clusters: Many[Cluster] = items()
    feedback: Feedback
    anomalies: Anomalies

    @property
    def alerting(self) -> bool:
        """Whether any part of it does; `state` alone speaks of the inputs where they are few."""
        return "alert" in (self.state, self.feedback.state, self.anomalies.state)


class Pick(Part):
    """A record of a cluster as it may be shown and kept: redacted. near: the nearest cases."""

    id: str
    input: Any
    output: str | None = None
    time: IsoTime | None = None
    system: str | None = None
    feedback: int | None = None
    finish_reason: str | None = None
    redactions: Any = None
    near: Many[Near] = items()


class Kept(Part):
    """.labeltool/drift/<dataset>.json: the last report, and what triage needs beside it.

    picks       {cluster: records that may become drafts, the most typical first}
    centroids   {cluster: its direction, packed; see `rules/drift_names.py`}
    """

    drift: Drift
    picks: dict[str, Many[Pick]] = Field(default_factory=dict)
    centroids: dict[str, str] = Field(default_factory=dict)


class PastCluster(Noun):
    """A cluster as a run saw it. centroid: packed, of the embedding of its run."""

    id: Id
    size: int = Field(ge=0)
    share: float
    words: Many[str] = items()
    centroid: str | None = None
    scope: Literal["in", "out"] | None = None


class PastWindow(Noun):
    window: str
    records: int
    centroid_distance: float | None = None
    uncovered: float | None = None
    over: bool = False


class DriftPoint(Noun):
    """drift/<date>.yaml: the numbers of one day's run, and no text of production."""

    date: Id
    state: State
    log: str | None = None
    embedding: str
    records: int = Field(ge=0)
    cases: int = Field(ge=0)
    centroid_distance: float | None = None
    threshold: float | None = None
    uncovered: float | None = None
    interval: Interval | None = None
    expected: float | None = None
    feedback_alerts: Many[str] = items()
    anomaly_alerts: Many[str] = items()
    window: str | None = None
    windows: Many[PastWindow] = items()
    clusters: Many[PastCluster] = items()
    recorded_at: IsoTime | None = None
