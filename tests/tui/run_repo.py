"""Runs as `labeltool run` leaves them, without running anything."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import count
from typing import Any

from labeltool.model.result import (
    Baseline,
    CaseResult,
    CriterionRef,
    GitState,
    HumanMeets,
    JudgeRef,
    Latency,
    Results,
    Spend,
    SystemRef,
    TierResult,
    Usage,
    Verdict,
)
from labeltool.runner.heads import HEAD_NAME
from labeltool.runner.log import RunLog
from labeltool.runner.results import document, write_results
from tests.small_repo import Repo

RUN_1, RUN_2 = "20261120T090000-aaa111", "20261121T090000-bbb222"


def a_case(id: str, **more: Any) -> CaseResult:
    """A golden case that passed, unless `more` says otherwise."""
    fields: dict[str, Any] = {
        "tier": "golden",
        "status": "active",
        "case_hash": "0" * 12,
        "output_hash": "1" * 12,
        "score": 1.0,
        "passed": True,
        "scores": {"tone": 2, "facts": 1},
        "output": f"The answer to {id}.",
        "latency_ms": 12.0,
    }
    return CaseResult(id=id, **{**fields, **more})


def failing(id: str, **more: Any) -> CaseResult:
    """One that lost its tone, with a word about it and a quote."""
    fields: dict[str, Any] = {
        "score": 0.5,
        "passed": False,
        "scores": {"tone": 0, "facts": 1},
        "rationale": {"tone": "it is told as if nothing had happened"},
        "evidence": {"tone": ["The answer to"]},
    }
    return a_case(id, **{**fields, **more})


def a_head(run_id: str, **more: Any) -> Results:
    tier = TierResult(
        cases=4, passed=2, failed=2, errors=0, pass_rate=0.5, interval=(0.15, 0.85),
        metric="pass_rate", threshold=0.8, rule="observed", verdict="fail", why="0.50 is under 0.8",
    )  # fmt: skip
    verdict: Verdict = "fail"
    ref: dict[str, Any] = {"text": "It fits.", "min": 0, "weight": 1.0, "grader": "judge"}
    fields: dict[str, Any] = {
        "created_at": f"2026-11-{run_id[6:8]}T09:00:00Z",
        "labeltool_version": "0.1.0",
        "settings_hash": "2" * 12,
        "git": GitState(commit="3" * 40, dirty=False),
        "dataset": "mails",
        "rubric": "mail@2",
        "pass_mark": 0.8,
        "criteria": {
            "tone": CriterionRef(max=2, pass_at=2, required=False, **ref),
            "facts": CriterionRef(max=1, pass_at=1, required=True, **ref),
        },
        "scores": "machine",
        "system": SystemRef(name="v1", kind="recorded", fingerprint="v1"),
        "judge": JudgeRef(name="default", kind="reference", fingerprint="r", trust="uncalibrated"),
        "verdict": verdict,
        "why": "golden 0.50 is under 0.8",
        "tiers": {"golden": tier},
        "human": HumanMeets(),
        "usage": Usage(system=Spend(calls=4), judge=Spend(calls=4)),
        "latency_ms": Latency(n=4, concurrency=8, p50=12.0, p95=14.0),
    }
    return Results(run_id=run_id, **{**fields, **more})


def remember(repo: Repo, head: Results, cases: Iterable[CaseResult]) -> None:
    """As a run that has ended here."""
    log = RunLog(repo.root / ".labeltool/runs", head.run_id, {"run_id": head.run_id}, clock=_clock)
    for n, case in zip(count(), cases, strict=False):
        log.append(n, case.model_dump_json().encode(), {"system": [1, 0]})
    log.close()
    write_results(log.folder / HEAD_NAME, document(head, ()))


def write_file(repo: Repo, head: Results, cases: Sequence[CaseResult]) -> None:
    """As the results file of a run, from wherever it came."""
    lines = [case.model_dump_json().encode() for case in cases]
    write_results(repo.root / "eval_results.json", document(head, lines))


def two_runs(repo: Repo) -> None:
    """In the first everything passed but d-invoice; in the second a-parcel and b-refund fail."""
    passing = [a_case(id) for id in ("a-parcel", "b-refund", "c-thanks")]
    remember(repo, a_head(RUN_1, verdict="pass"), [*passing, failing("d-invoice")])
    baseline = Baseline(run_id=RUN_1, name="main", broken=("b-refund",), pairs=4, p_value=1.0)
    second = [
        failing("a-parcel", output="The parcel left.\nThe answer to a-parcel."),
        failing("b-refund"),
        a_case("c-thanks"),
        a_case("d-invoice"),
    ]
    remember(repo, a_head(RUN_2, baseline=baseline), second)


def _clock() -> float:
    return 0.0
