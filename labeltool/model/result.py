"""What a run found: the results document `labeltool/results@1`, field by field.

Everything is present in the file; what is undefined is null, with a `why` beside it. Fields may
be added by a newer labeltool, so reading ignores those it does not know.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, Strict

from labeltool.model.base import Score, Tier
from labeltool.model.case import Document, Status

SCHEMA: Literal["labeltool/results@1"] = "labeltool/results@1"

Verdict = Literal["pass", "fail", "inconclusive", "incomplete"]
TrustLevel = Literal["trusted", "untrusted", "stale", "uncalibrated"]
Listed = Annotated[tuple[str, ...], Strict(False)]
Interval = Annotated[tuple[float, float], Strict(False)]
ErrorKind = Literal[
    "system",  # the system raised, exited badly or was unreachable
    "timeout",
    "no_output",  # a snapshot holds no output for the case
    "bad_output",  # what came back is not what a system may return
    "check",  # a check could not decide
    "judge",  # the judge could not decide
    "unscored",  # nothing said whether it passes
]


class Part(BaseModel):
    model_config = ConfigDict(frozen=True, strict=True, extra="ignore", allow_inf_nan=False)


class CaseError(Part):
    kind: ErrorKind
    message: str


class CheckOutcome(Part):
    """One check of the case; the rubric's own checks are scores."""

    id: str
    kind: str
    passed: bool
    detail: str = ""


class HumanOutcome(Part):
    """What people say of this very text. `unresolved`, `missing`: criteria without a human
    score.
    """

    scores: dict[str, Score] = Field(default_factory=dict)
    score: float | None = None
    passed: bool | None = None
    single: Listed = ()
    unresolved: Listed = ()
    missing: Listed = ()


class Repeat(Part):
    """One of several answers to the same case."""

    passed: bool | None = None
    score: float | None = None
    output_hash: str | None = None
    latency_ms: float | None = None
    error: CaseError | None = None


class CaseResult(Part):
    """`passed` and `score` are null where `error` says why, `score` also where only checks
    decided. list_cost_usd: of the system's call, as if it had not been cached. `repeats`: where
    the case was asked more than once; it passes when all of them do, its score is their mean, and
    the rest is of the one that decided.
    """

    id: str
    tier: Tier
    status: Status
    tags: Listed = ()
    case_hash: str
    output_hash: str | None = None
    score: float | None = None
    passed: bool | None = None
    scores: dict[str, Score] = Field(default_factory=dict)
    human: HumanOutcome | None = None
    checks: Annotated[tuple[CheckOutcome, ...], Strict(False)] = ()
    rationale: dict[str, str] = Field(default_factory=dict)
    evidence: dict[str, Listed] = Field(default_factory=dict)
    output: str | None = None
    context: Annotated[tuple[Document, ...], Strict(False)] = ()
    finish_reason: str | None = None
    attempts: int = 1
    latency_ms: float | None = None
    list_cost_usd: float | None = None
    error: CaseError | None = None
    repeats: Annotated[tuple[Repeat, ...], Strict(False)] = ()


class TierResult(Part):
    """passed + failed + errors = cases. `open`, `skipped` and `not_run` cases are counted apart.
    `flaky` cases passed and failed in this very run; `repeat_pass_rate` is the share of all repeats
    that passed, where `pass_rate` asks for every one. `corrected_pass_rate`: as the judge's
    calibration corrects it; null with `corrected_why`.
    """

    cases: int
    passed: int
    failed: int
    errors: int
    open: int = 0
    open_passed: int = 0
    skipped: int = 0
    not_run: int = 0
    flaky: Listed = ()
    unverified: int = 0
    pass_rate: float | None = None
    repeat_pass_rate: float | None = None
    interval: Interval | None = None
    corrected_pass_rate: float | None = None
    corrected_interval: Interval | None = None
    corrected_why: str | None = None
    mean_score: float | None = None
    metric: str | None = None
    threshold: float | None = None
    rule: str | None = None
    verdict: Verdict | None = None
    why: str


class GitState(Part):
    commit: str | None = None
    dirty: bool | None = None
    why: str | None = None


class SystemRef(Part):
    name: str
    kind: str
    fingerprint: str


class CriterionTrust(Part):
    trust: TrustLevel
    agreement: float | None = None
    n: int | None = None
    why: str | None = None


class Correction(Part):
    """How often the judge is right about whole outputs, as its calibration measured it: the share
    `tpr` of `positives` that people pass, `tnr` of `negatives`, both effective sizes where outputs
    weigh differently. `why`: why there is nothing to
    correct a pass rate by.
    """

    tpr: float | None = None
    tnr: float | None = None
    positives: float = 0
    negatives: float = 0
    why: str | None = None


class JudgeRef(Part):
    name: str
    kind: str
    fingerprint: str
    trust: TrustLevel
    trust_by_criterion: dict[str, CriterionTrust] = Field(default_factory=dict)
    correction: Correction = Correction(why="not said")


class CriterionRef(Part):
    """What a reader needs to tell a criterion met from one missed."""

    text: str
    min: int
    max: int
    pass_at: int
    weight: float
    required: bool
    grader: str


class Spend(Part):
    """Calls and tokens of one side of the run; a cost is null where no price is set."""

    calls: int = 0
    cached: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cost_usd: float | None = 0.0
    list_cost_usd: float | None = 0.0
    why: str | None = None


class Usage(Part):
    system: Spend
    judge: Spend


class Latency(Part):
    """Milliseconds of live calls only; `n` of them."""

    n: int
    concurrency: int
    p50: float | None = None
    p95: float | None = None
    why: str | None = None


class Before(Part):
    scores: dict[str, Score] = Field(default_factory=dict)
    output: str | None = None


class Baseline(Part):
    """What changed sides since. `name`: what the user called it. `pairs`: cases with a verdict on
    both sides. `before`: of broken cases, what they were, as far as it is kept here.
    """

    run_id: str
    name: str | None = None
    commit: str | None = None
    fixed: Listed = ()
    broken: Listed = ()
    p_value: float | None = None
    pairs: int = 0
    changed: int = 0
    new: int = 0
    before: dict[str, Before] = Field(default_factory=dict)


class HumanMeets(Part):
    """Where an output of the run has human scores: how often machine and people differ."""

    outputs: int = 0
    compared: int = 0
    passed_differs: int = 0
    hidden: int = 0
    criteria: dict[str, dict[str, int]] = Field(default_factory=dict)


class ShardFacts(Part):
    """What only `merge` needs of a shard: the notices that every shard has alike, and the numbers
    behind the others. `cases`: planned, not run ones included.
    """

    notices: Listed = ()
    cases: int = 0
    skipped: int = 0
    left_out: int = 0
    back: Listed = ()
    restored: int = 0
    changed: int = 0


class Results(Part):
    schema_: Literal["labeltool/results@1"] = Field(default=SCHEMA, alias="schema")
    run_id: str
    created_at: str
    labeltool_version: str
    settings_hash: str
    seed: int = 0
    repeat: int = 1
    shard: str | None = None
    shard_facts: ShardFacts | None = None
    git: GitState
    dataset: str
    rubric: str
    pass_mark: float
    criteria: dict[str, CriterionRef]
    not_judged: Listed = ()
    scores: Literal["machine", "human"]
    filters: dict[str, Any] = Field(default_factory=dict)
    gates: dict[Tier, dict[str, Any]] = Field(default_factory=dict)
    system: SystemRef
    judge: JudgeRef
    verdict: Verdict
    why: str
    notices: Listed = ()
    tiers: dict[Tier, TierResult]
    baseline: Baseline | None = None
    baseline_why: str | None = None
    human: HumanMeets
    usage: Usage
    latency_ms: Latency
    cases: Annotated[tuple[CaseResult, ...], Strict(False)] = ()
