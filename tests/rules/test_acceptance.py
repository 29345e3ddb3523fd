"""What a draft must state before it becomes a case."""

from __future__ import annotations

from typing import Any

from labeltool.model.case import Case, Check, Source
from labeltool.model.record import Draft
from labeltool.rules.acceptance import (
    AS_IT_IS,
    NOTHING_SHOWN,
    Edits,
    Fault,
    Shown,
    case_of,
    merged,
    refusal,
)

FAILS = Shown(fails=True, faults=(Fault("check", "not_contains", "contains 'issued'"),))
ISSUED = Check(kind="not_contains", value="issued")


def draft(**more: Any) -> Draft:
    told = {"id": "late-1a2b", "input": "Where is it?", "output": "It was issued.", **more}
    return Draft.model_validate(told)


def said(one: Draft, edits: Edits = AS_IT_IS, shown: Shown = NOTHING_SHOWN) -> str | None:
    found = refusal(case_of(one, edits, rubric_version=2), one.output, shown, edits)
    return found.message if found else None


def test_a_regression_case_comes_in_open_with_what_came_back_as_its_counterexample() -> None:
    source = Source(kind="bug_report", ref="#12")
    case = case_of(
        draft(source=source, seen=3, also=["#13"], tags=["a"]), AS_IT_IS, rubric_version=2
    )
    assert (case.tier, case.status, case.counterexamples) == (
        *("regression", "open"),
        ("It was issued.",),
    )
    assert case.source == Source(kind="bug_report", ref="#12", seen=3, also=("#13",))
    assert (case.rubric_version, case.tags, case.verified) == (2, ("a",), None)


def test_other_tiers_come_in_active() -> None:
    assert case_of(draft(), Edits(tier="golden"), rubric_version=1).status == "active"
    assert case_of(draft(), Edits(status="active"), rubric_version=1).status == "active"


def test_what_came_back_must_fail_something() -> None:
    assert "fails nothing" in (said(draft()) or "")
    assert "fails nothing" in (said(draft(), shown=Shown(fails=False)) or "")
    assert said(draft(), shown=FAILS) is None


def test_a_judge_that_could_not_answer_shows_nothing() -> None:
    assert "could not say" in (said(draft(), shown=Shown(why="no key")) or "")


def test_a_check_that_a_good_answer_fails_is_refused_in_every_tier() -> None:
    shown = Shown(fails=True, problems=("the expected answer fails it",))
    for tier in ("golden", "adversarial", "regression"):
        edits = Edits(tier=tier, expected=("Soon.",))
        assert said(draft(), edits, shown) == "the expected answer fails it"


def test_a_golden_case_says_what_is_expected() -> None:
    assert "golden" in (said(draft(), Edits(tier="golden")) or "")
    assert said(draft(), Edits(tier="golden", expected=("Soon.",))) is None
    assert said(draft(), Edits(tier="adversarial")) is None


def test_what_came_back_cannot_be_what_is_expected() -> None:
    assert "is what is expected" in (said(draft(expected="It was issued. ")) or "")


def test_nothing_can_be_verified_where_nothing_is_expected() -> None:
    assert "verified" in (said(draft(), Edits(verified=True), FAILS) or "")


def test_a_report_without_an_output_must_at_least_say_what_is_right() -> None:
    assert "nothing came back" in (said(draft(output=None)) or "")
    assert said(draft(output=None, expected="Soon.")) is None
    assert said(draft(output=None), Edits(checks=(ISSUED,))) is None


def test_folding_in_keeps_the_count_and_the_references() -> None:
    case = Case(id="c", tier="golden", input="Where?", counterexamples=("Here.",))
    source = Source(kind="bug_report", ref="#12", link="https://x/issues/12")
    after = merged(case, draft(seen=2, also=["#14"], source=source), (ISSUED,))
    assert after.counterexamples == ("Here.", "It was issued.")
    assert after.checks == (ISSUED,)
    assert after.source is not None
    assert (after.source.seen, after.source.also) == (3, ("https://x/issues/12", "#14"))
    again = merged(after, draft())
    assert again.counterexamples == after.counterexamples
