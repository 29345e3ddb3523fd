"""From a fit, or none, to the judge that computes."""

from __future__ import annotations

from labeltool.graders.judging import make_judge
from labeltool.graders.reference import ReferenceJudge


def test_a_reference_judge_needs_nothing() -> None:
    assert isinstance(make_judge(), ReferenceJudge)
