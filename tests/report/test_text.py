from __future__ import annotations

import pytest

from labeltool.model.result import CaseResult, Results
from labeltool.report.highlights import Highlights
from labeltool.report.text import (
    against,
    broken,
    errors,
    failing,
    failing_title,
    headline,
    notes,
    passing_now,
    tier_rows,
)
from labeltool.report.why import reasons
from tests.report.samples import case, results
from tests.report.samples_baseline import broke


def test_the_first_line_holds_verdict_reason_and_the_judges_standing() -> None:
    assert headline(results()) == (
        "FAIL  golden 0.33 [0.06 0.79] is under 0.85 · "
        "judge default is uncalibrated and still counts"
    )
    assert notes(results()) == ["2 cases did not run"]


def test_a_tier_row_says_all_numbers_and_marks_the_verdict_with_a_sign_and_a_word() -> None:
    golden, adversarial = tier_rows(results())
    assert (golden.passed, golden.rate, golden.interval) == ("1/3", "0.33", "[0.06 0.79]")
    assert (golden.gate, golden.verdict) == (">= 0.85", "✗ fail")
    assert golden.more == "1 error, 1 open"
    assert (adversarial.rate, adversarial.interval, adversarial.gate) == ("–", "", "–")
    assert adversarial.verdict == "– no gate"


def test_a_failing_case_names_what_it_lost_the_gravest_first_and_how_to_run_it_again() -> None:
    found = results()
    [bad] = failing(found, Highlights.of(found, found.cases), dataset="d")
    assert bad.what == "score 0.25 under 0.8"
    assert bad.lost[0] == "check short: 91 words"
    assert bad.lost[1].startswith("truth 0, met from 1, required: invents")
    assert "“quote" in bad.lost[1]
    assert bad.lost[2] == "tone 1, met from 2"
    assert bad.again == "labeltool run --system mini --case bad"


def test_another_dataset_and_human_scores_are_part_of_the_line_that_runs_it_again() -> None:
    found = results(scores="human")
    bad = failing(found, Highlights.of(found, found.cases), dataset="other")[0]
    assert bad.again == "labeltool run --dataset d --system mini --scores human --case bad"


def test_where_every_level_is_met_and_the_total_is_not_the_levels_lost_are_named() -> None:
    found = results()
    tired = CaseResult.model_validate(
        case("x", passed=False, score=0.75, scores={"truth": 1, "tone": 2})
    )
    assert reasons(tired, found) == ["truth 1 of 2, required"]


def test_what_a_judge_says_of_two_criteria_alike_is_said_once() -> None:
    alike = {"truth": "covers 3 of 9 facts", "tone": "covers 3 of 9 facts"}
    lost = case("x", passed=False, score=0.1, scores={"truth": 0, "tone": 0}, rationale=alike)
    told = reasons(CaseResult.model_validate(lost), results())
    assert told == ["truth 0, met from 1, required · tone 0, met from 2: covers 3 of 9 facts"]


def test_criteria_alike_in_everything_share_their_demand_too() -> None:
    found = results()
    truth = found.criteria["truth"]
    found = found.model_copy(update={"criteria": {"truth": truth, "whole": truth}})
    alike = {"truth": "covers 3 of 9 facts", "whole": "covers 3 of 9 facts"}
    lost = case("x", passed=False, score=0.1, scores={"truth": 0, "whole": 0}, rationale=alike)
    [told] = reasons(CaseResult.model_validate(lost), found)
    assert told == "truth 0, whole 0; met from 1, required: covers 3 of 9 facts"


def test_criteria_of_which_nothing_was_said_have_a_line_each() -> None:
    lost = case("x", passed=False, score=0.1, scores={"truth": 0, "tone": 0})
    told = reasons(CaseResult.model_validate(lost), results())
    assert told == ["truth 0, met from 1, required", "tone 0, met from 2"]


def test_a_long_list_is_cut_and_counted() -> None:
    many = [CaseResult.model_validate(case(f"f{n}", passed=False, score=0.1)) for n in range(15)]
    highlights = Highlights.of(results(), many)
    assert [one.id for one in highlights.failed] == [f"f{n}" for n in range(10)]
    assert highlights.more == 5
    assert len(Highlights.of(results(verdict="pass"), many).failed) < 10


def test_errors_that_say_the_same_are_one_and_none_is_lost_from_the_count() -> None:
    def error(id: str, message: str) -> CaseResult:
        return CaseResult.model_validate(case(id, error={"kind": "system", "message": message}))

    same = [error(f"s{n}", "no key") for n in range(9)]
    others = [error(f"o{n}", f"odd {n}") for n in range(9)]
    highlights = Highlights.of(results(), [*same, *others])
    first, *rest = errors(results(), highlights)
    assert (first.error, first.count, first.ids) == ("system: no key", 9, ("s0", "s1", "s2"))
    assert first.again.endswith("--case s0")
    assert 9 + len(rest) + highlights.more == 18


@pytest.mark.parametrize("part", ["\x1b", "\x07", "\u202e"])
def test_nothing_that_drives_a_terminal_is_left(part: str) -> None:
    found = results()
    highlights = Highlights.of(found, found.cases)
    told = [text for one in failing(found, highlights) for text in one.lost]
    told += [one.error for one in errors(found, highlights)]
    assert told
    assert not any(part in text or "\n" in text for text in told)


def test_a_broken_case_shows_the_fall_the_quote_and_the_difference_and_comes_first() -> None:
    found = broke()
    highlights = Highlights.of(found, found.cases)
    assert against(found) == "against origin/main (4f2a91c): 1 broken, 0 fixed of 3 cases (p 1)"
    [late] = broken(found, highlights)
    assert late.lost == (
        "truth 2 → 0, met from 1, required: no refund was promised “The refund has been issued.”",
    )
    assert [change.text for change in late.changes] == [
        "The bank needs 3 to 5 days.",
        "The refund has been issued.",
    ]
    assert late.again == "labeltool run --system mini --case late"
    assert "late" not in [one.id for one in failing(found, highlights)]
    assert failing_title(found) == "failing before, too"


def test_fewer_of_those_that_failed_before_are_shown_beside_what_broke() -> None:
    found = broke()
    many = [CaseResult.model_validate(case(f"f{n}", passed=False, score=0.1)) for n in range(15)]
    highlights = Highlights.of(found, [*many, *found.cases])
    assert [one.id for one in highlights.broken] == ["late"]
    assert [one.id for one in highlights.failed] == ["f0", "f1", "f2"]
    assert highlights.more == 14


def test_a_criterion_that_fell_but_is_met_is_named_where_its_case_broke() -> None:
    found = broke()
    assert found.baseline is not None
    before = {"late": {"scores": {"truth": 2, "tone": 1}}}
    baseline = {**found.baseline.model_dump(), "before": before}
    fell = case("late", passed=False, score=0.5, scores={"truth": 1, "tone": 1})
    told = reasons(CaseResult.model_validate(fell), broke(baseline=baseline))
    assert told == ["truth 2 → 1 of 2, required", "tone 1, met from 2"]


def test_without_a_baseline_that_was_asked_for_the_reason_is_given() -> None:
    assert against(results()) is None
    assert against(results(baseline_why="no baseline was asked for")) is None
    stale = against(results(baseline_why="the baseline main is stale: other rubric"))
    assert stale == "no baseline: the baseline main is stale: other rubric"


def test_flaky_repeated_and_humanly_scored_are_told() -> None:
    document = results(
        repeat=3,
        human={
            "outputs": 4,
            "criteria": {"tone": {"n": 4, "differ": 1}, "truth": {"n": 4, "differ": 0}},
        },
    ).model_dump(by_alias=True)
    document["tiers"]["golden"].update(flaky=["a", "b"], repeat_pass_rate=0.7)
    told = notes(Results.model_validate(document))
    assert "flaky in golden: a, b passed and failed in this very run" in told
    assert any("asked 3 times" in note and "golden 0.70" in note for note in told)
    assert "4 outputs have human scores: 1 of 8 scores of criteria differ (tone 1 of 4)" in told


def test_an_open_case_that_passes_comes_with_the_line_that_holds_it() -> None:
    found = results()
    told = passing_now(Highlights.of(found, found.cases))
    assert told == ("open, and passing now: known", "labeltool promote --close known")


def test_an_id_from_elsewhere_cannot_add_to_the_command() -> None:
    found = results()
    odd = CaseResult.model_validate(case("x; rm -rf ~", passed=False, score=0.1))
    [told] = failing(found, Highlights.of(found, [odd]))
    assert told.again.endswith("--case 'x; rm -rf ~'")


def test_no_lost_gate_goes_without_its_cases() -> None:
    found = broke()
    tiers = ("golden", "adversarial", "regression")
    many = [
        CaseResult.model_validate(case(f"{tier}-{n}", tier=tier, passed=False, score=0.1))
        for tier in tiers
        for n in range(20)
    ]
    assert found.baseline is not None
    baseline = {**found.baseline.model_dump(), "broken": [one.id for one in many]}
    highlights = Highlights.of(broke(baseline=baseline), many)
    shown = [one.tier for one in highlights.broken]
    assert shown == ["golden"] * 5 + ["regression"] * 5
    few = Highlights.of(broke(baseline=baseline), [many[0], *many[20:22]])
    assert [one.id for one in few.broken] == ["golden-0", "adversarial-0", "adversarial-1"]
