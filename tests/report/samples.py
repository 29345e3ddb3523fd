"""A results document with one of everything that a report has to say."""

from __future__ import annotations

from typing import Any

from labeltool.model.result import Results

NASTY = "\x1b[31mred\x07 [/] <b>&`@team` \u202eevil\ufffe\n::error::boo"


def case(id: str, **changes: Any) -> dict[str, Any]:
    return {"id": id, "tier": "golden", "status": "active", "case_hash": "x", **changes}


def results(**changes: Any) -> Results:
    tier = {"cases": 3, "passed": 1, "failed": 1, "errors": 1, "open": 1}
    spend: dict[str, Any] = {}
    return Results.model_validate(
        {
            "schema": "labeltool/results@1",
            "run_id": "r1",
            "created_at": "2026-11-23T12:00:00Z",
            "labeltool_version": "0",
            "settings_hash": "s",
            "git": {},
            "dataset": "d",
            "rubric": "r@1",
            "pass_mark": 0.8,
            "criteria": {
                "truth": {
                    "text": "True.",
                    "min": 0,
                    "max": 2,
                    "pass_at": 1,
                    "weight": 1.0,
                    "required": True,
                    "grader": "judge",
                },
                "tone": {
                    "text": "Kept.",
                    "min": 0,
                    "max": 2,
                    "pass_at": 2,
                    "weight": 1.0,
                    "required": False,
                    "grader": "judge",
                },
            },
            "scores": "machine",
            "system": {"name": "mini", "kind": "python", "fingerprint": "f"},
            "judge": {"name": "default", "kind": "k", "fingerprint": "f", "trust": "uncalibrated"},
            "verdict": "fail",
            "why": "golden 0.33 [0.06 0.79] is under 0.85",
            "notices": ["judge default is uncalibrated and still counts", "2 cases did not run"],
            "tiers": {
                "golden": {
                    **tier,
                    "pass_rate": 1 / 3,
                    "interval": [0.06, 0.79],
                    "threshold": 0.85,
                    "rule": "observed",
                    "metric": "pass_rate",
                    "verdict": "fail",
                    "why": "low",
                },
                "adversarial": {
                    "cases": 0,
                    "passed": 0,
                    "failed": 0,
                    "errors": 0,
                    "open": 1,
                    "why": "no gate: reported only",
                },
            },
            "human": {},
            "usage": {"system": spend, "judge": spend},
            "latency_ms": {"n": 0, "concurrency": 8},
            "cases": [
                case("good", passed=True, score=1.0, output="fine"),
                case(
                    "bad",
                    passed=False,
                    score=0.25,
                    scores={"tone": 1, "truth": 0},
                    rationale={"truth": f"invents {NASTY}"},
                    evidence={"truth": [f"quote {NASTY}"]},
                    checks=[
                        {"id": "short", "kind": "max_words", "passed": False, "detail": "91 words"}
                    ],
                    output=NASTY,
                ),
                case("ugly", error={"kind": "timeout", "message": f"no answer {NASTY}"}),
                case("known", status="open", passed=True, score=1.0),
            ],
            **changes,
        }
    )
