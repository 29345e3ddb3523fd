"""A run that broke a case since its baseline."""

from __future__ import annotations

from typing import Any

from labeltool.model.result import Results
from tests.report.samples import case, results

BEFORE = "The agent opened a dispute. The bank needs 3 to 5 days."
AFTER = "The agent opened a dispute. The refund has been issued."


def broke(**changes: Any) -> Results:
    """`late` passed at main and fails now; `old` fails as it did."""
    lost = case(
        "late",
        tier="regression",
        passed=False,
        score=0.5,
        scores={"truth": 0, "tone": 2},
        rationale={"truth": "no refund was promised"},
        evidence={"truth": ["The refund has been issued."]},
        output=AFTER,
    )
    old = case("old", passed=False, score=0.5, scores={"truth": 2, "tone": 0}, output="x")
    baseline = {
        "run_id": "20261101T000000-abcdef",
        "name": "origin/main",
        "commit": "4f2a91c0aa",
        "broken": ["late"],
        "fixed": [],
        "p_value": 1.0,
        "pairs": 3,
        "before": {"late": {"scores": {"truth": 2, "tone": 2}, "output": BEFORE}},
    }
    document = results(baseline=baseline).model_dump(by_alias=True)
    document["tiers"]["regression"] = {
        "cases": 1,
        "passed": 0,
        "failed": 1,
        "errors": 0,
        "verdict": "fail",
        "why": "late passed at origin/main and fails now",
    }
    document["cases"] = [old, lost, *document["cases"]]
    return Results.model_validate({**document, **changes})
