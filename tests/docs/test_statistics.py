"""The limits that the pages give are those of the code."""

from __future__ import annotations

import pytest

from labeltool.rules import calibrate, drift, ratings
from labeltool.stats import agreement, corrected, ranking
from labeltool.stats.intervals import quantile, wilson
from tests.docs.session import ROOT

PAGE = " ".join((ROOT / "docs/statistics.md").read_text("utf-8").split())
SAID = [
    f"at 95% (z = {quantile(0.95):.2f})",
    f"bootstraps over outputs, {agreement.RESAMPLES:,} resamples",
    f"blind scores of at least {ratings.HOLD_OUTPUTS} fresh outputs",
    f"at least {calibrate.LEAST} outputs with {calibrate.LEAST_SIDE} on each side, "
    f"agreement of {calibrate.LEAST_AGREEMENT:.2f}",
    f"`TPR + TNR <= {corrected.LEAST_INFORMED}`",
    f"within tiers, {ranking.RESAMPLES:,} resamples",
    f"over {drift.THRESHOLD:g}, or `--threshold`",
    f"more than {drift.BEYOND} over the {drift.EXPECTED:.0%} to be expected",
    f"Under {drift.CASES} cases or {drift.RECORDS} records",
]


@pytest.mark.parametrize("words", SAID)
def test_the_page_says_the_limits_of_the_code(words: str) -> None:
    assert words in PAGE


@pytest.mark.parametrize(("cases", "threshold"), [(22, 0.85), (73, 0.95)])
def test_so_many_passing_cases_just_clear_a_confident_gate(cases: int, threshold: float) -> None:
    assert wilson(cases - 1, cases - 1)[0] < threshold <= wilson(cases, cases)[0]
