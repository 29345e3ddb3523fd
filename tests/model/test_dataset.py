from __future__ import annotations

from labeltool.model.dataset import Dataset


def test_a_gate_that_says_nothing_holds_the_usual_rule() -> None:
    gate = Dataset.model_validate({"rubric": "r", "gates": {"golden": {}}}).gates["golden"]
    assert (gate.threshold, gate.rule, gate.metric) == (0.85, "observed", "pass_rate")
    assert (gate.min_cases, gate.max_error_rate, gate.untrusted) == (1, 0.02, "count")
    assert (gate.inconclusive, gate.verified_only) == ("fail", False)
