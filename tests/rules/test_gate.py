from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labeltool.model.dataset import Gate
from labeltool.rules.gate import (
    Counts,
    Ruling,
    all_passing_needed,
    judge_run,
    judge_tier,
    judge_ungated,
)
from labeltool.stats.intervals import wilson


def verdict(counts: Counts, threshold: float = 0.85, **gate: Any) -> str:
    return judge_tier(Gate(threshold=threshold, **gate), counts).verdict


class TestObserved:
    def test_the_threshold_itself_passes(self) -> None:
        assert verdict(Counts(passed=17, failed=3)) == "pass"

    def test_one_case_less_fails_and_says_both_numbers(self) -> None:
        ruling = judge_tier(Gate(threshold=0.85), Counts(passed=41, failed=9))
        assert ruling.verdict == "fail"
        assert ruling.why == "0.82 [0.69 0.90] is under 0.85"

    def test_a_rate_that_rounds_to_the_threshold_is_shown_with_more_digits(self) -> None:
        ruling = judge_tier(Gate(threshold=0.85), Counts(passed=846, failed=154))
        assert "0.846" in ruling.why

    def test_no_case_is_never_green(self) -> None:
        ruling = judge_tier(Gate(threshold=0.0), Counts())
        assert ruling.verdict == "fail"
        assert "at least 1" in ruling.why

    def test_as_many_cases_as_the_gate_asks_for_are_enough(self) -> None:
        assert verdict(Counts(passed=10), min_cases=10) == "pass"
        assert verdict(Counts(passed=9), min_cases=10) == "fail"

    def test_a_mean_that_misses_the_threshold_by_rounding_alone_passes(self) -> None:
        tenths = 0.1 + 0.1 + 0.1 + 0.1 + 0.1 + 0.1 + 0.1 + 0.1 + 0.1 + 0.1
        assert tenths / 10 < 0.1
        counts = Counts(failed=10, score_sum=tenths)
        assert verdict(counts, 0.1, metric="mean_score") == "pass"

    def test_too_few_cases_fail_and_unverified_ones_are_named(self) -> None:
        ruling = judge_tier(Gate(threshold=0.5, min_cases=10), Counts(passed=4, left_out=6))
        assert ruling.verdict == "fail"
        assert "4 cases" in ruling.why
        assert "6 not verified" in ruling.why


class TestErrors:
    def test_a_gate_that_fails_even_if_all_errors_had_passed_fails(self) -> None:
        assert verdict(Counts(passed=10, failed=9, errors=1)) == "fail"

    def test_errors_that_decide_make_it_incomplete(self) -> None:
        counts = Counts(passed=84, failed=15, errors=1)
        ruling = judge_tier(Gate(threshold=0.85), counts)
        assert (ruling.verdict, ruling.why) == ("incomplete", "1 error would decide it")

    def test_too_many_errors_measure_nothing_even_where_the_rate_holds(self) -> None:
        assert verdict(Counts(passed=95, errors=5)) == "incomplete"

    def test_a_few_errors_that_change_nothing_pass(self) -> None:
        assert verdict(Counts(passed=98, errors=2)) == "pass"

    def test_the_error_rate_is_the_gates_own(self) -> None:
        assert verdict(Counts(passed=90, errors=10), max_error_rate=0.1) == "pass"

    def test_an_error_never_counts_as_a_pass(self) -> None:
        assert verdict(Counts(errors=3), 0.5, max_error_rate=1) == "incomplete"


class TestConfident:
    def test_it_passes_when_the_lower_bound_clears(self) -> None:
        ruling = judge_tier(Gate(threshold=0.85, rule="confident"), Counts(passed=22))
        assert ruling.verdict == "pass"
        assert "lower bound 0.85" in ruling.why

    def test_it_fails_when_the_upper_bound_is_under(self) -> None:
        assert verdict(Counts(passed=50, failed=50), rule="confident") == "fail"

    def test_an_upper_bound_on_the_threshold_is_not_under_it(self) -> None:
        upper = wilson(50, 100)[1]
        assert verdict(Counts(passed=50, failed=50), upper, rule="confident") == "inconclusive"

    def test_between_the_two_it_says_how_many_cases_would_settle_it(self) -> None:
        gate = Gate(threshold=0.85, rule="confident")
        ruling = judge_tier(gate, Counts(passed=45, failed=5))
        assert ruling.verdict == "inconclusive"
        assert not ruling.passes
        assert "about 196 cases at this rate would settle it" in ruling.why

    def test_a_gate_may_let_that_pass_and_still_calls_it_by_its_name(self) -> None:
        gate = Gate(threshold=0.85, rule="confident", inconclusive="pass")
        ruling = judge_tier(gate, Counts(passed=45, failed=5))
        assert (ruling.verdict, ruling.passes) == ("inconclusive", True)
        assert judge_run([ruling]) == "pass"

    def test_errors_that_could_settle_it_either_way_make_it_incomplete(self) -> None:
        counts = Counts(passed=21, errors=1)
        assert verdict(counts, rule="confident", max_error_rate=0.1) == "incomplete"


class TestMeanScore:
    def test_the_mean_of_the_scores_is_held_against_the_threshold(self) -> None:
        counts = Counts(passed=5, failed=5, score_sum=8.0)
        assert verdict(counts, 0.8, metric="mean_score") == "pass"
        assert verdict(counts, 0.81, metric="mean_score") == "fail"

    def test_an_error_scores_nothing(self) -> None:
        counts = Counts(passed=9, errors=1, score_sum=9.0)
        assert verdict(counts, 0.95, metric="mean_score", max_error_rate=0.5) == "incomplete"


class TestStopped:
    def test_a_stopped_tier_is_incomplete_and_says_how_far_it_came(self) -> None:
        ruling = judge_tier(Gate(threshold=0.5), Counts(passed=40, not_run=60))
        assert ruling.verdict == "incomplete"
        assert "60 of 100" in ruling.why

    def test_a_tier_that_the_rest_could_not_save_fails_all_the_same(self) -> None:
        assert verdict(Counts(failed=60, not_run=40)) == "fail"


class TestRun:
    def test_the_gravest_tier_decides(self) -> None:
        def rulings(*verdicts: Any) -> list[Ruling]:
            return [Ruling(one, "", one == "pass") for one in verdicts]

        assert judge_run(rulings("pass", "inconclusive", "incomplete", "fail")) == "fail"
        assert judge_run(rulings("pass", "inconclusive", "incomplete")) == "incomplete"
        assert judge_run(rulings("pass", "inconclusive")) == "inconclusive"
        assert judge_run(rulings("pass")) == "pass"

    def test_without_any_gate_errors_still_keep_it_from_green(self) -> None:
        assert judge_ungated([Counts(passed=1, failed=9)]).verdict == "pass"
        assert judge_ungated([Counts(passed=9, errors=1)]).verdict == "incomplete"
        assert judge_ungated([Counts()]).verdict == "incomplete"

    def test_a_stopped_run_without_gates_is_incomplete(self) -> None:
        ruling = judge_ungated([Counts(passed=9), Counts(passed=1, not_run=5)])
        assert (ruling.verdict, ruling.why) == ("incomplete", "stopped")


@pytest.mark.parametrize(("threshold", "needed"), [(0.85, 22), (0.95, 73)])
def test_how_many_all_passing_cases_a_confident_gate_needs(threshold: float, needed: int) -> None:
    gate = Gate(threshold=threshold, rule="confident")
    assert all_passing_needed(gate) == needed
    assert judge_tier(gate, Counts(passed=needed)).verdict == "pass"
    assert judge_tier(gate, Counts(passed=needed - 1)).verdict == "inconclusive"


def test_a_gate_that_asks_for_more_cases_needs_those() -> None:
    assert all_passing_needed(Gate(threshold=0.85, rule="confident", min_cases=40)) == 40
    assert all_passing_needed(Gate(threshold=0.85, min_cases=40)) == 40


def test_a_lower_bound_of_one_is_never_reached() -> None:
    with pytest.raises(ValueError, match="no number of cases"):
        all_passing_needed(Gate(threshold=1, rule="confident"))


counts = st.builds(
    Counts,
    passed=st.integers(0, 60),
    failed=st.integers(0, 60),
    errors=st.integers(0, 10),
    not_run=st.integers(0, 10),
)


@given(counts, st.floats(0, 1), st.sampled_from(["observed", "confident"]))
def test_what_fails_fails_whatever_the_errors_would_have_said(
    found: Counts, threshold: float, rule: Any
) -> None:
    gate = Gate(threshold=threshold, rule=rule)
    if judge_tier(gate, found).verdict == "fail":
        best = Counts(passed=found.passed + found.errors + found.not_run, failed=found.failed)
        assert judge_tier(gate, best).verdict == "fail"


@given(counts, st.floats(0, 1))
def test_what_passes_passes_with_every_error_a_failure(found: Counts, threshold: float) -> None:
    gate = Gate(threshold=threshold)
    if judge_tier(gate, found).verdict == "pass":
        worst = Counts(passed=found.passed, failed=found.failed + found.errors + found.not_run)
        assert judge_tier(gate, worst).verdict == "pass"
