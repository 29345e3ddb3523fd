from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from labeltool.model.baseline import BaselineFile, BlessedCase
from labeltool.model.result import CaseError, CaseResult, GitState, SystemRef
from labeltool.rules.baseline import Comparison, doubts, incomparable, left_out

VERDICT = st.sampled_from([True, False, None])


def case(id: str, passed: bool | None, **fields: Any) -> CaseResult:
    if passed is None:
        fields["error"] = CaseError(kind="timeout", message="too slow")
    said = {"tier": "golden", "status": "active", "case_hash": "aaaaaaaaaaaa", **fields}
    return CaseResult(id=id, passed=passed, **said)


def old(passed: bool | None, **fields: Any) -> BlessedCase:
    return BlessedCase(**{"tier": "golden", "case_hash": "aaaaaaaaaaaa", **fields}, passed=passed)


def baseline(**fields: Any) -> BaselineFile:
    said: dict[str, Any] = {
        "run_id": "r0",
        "created_at": "2026-11-23T12:00:00Z",
        "labeltool_version": "0.1.0",
        "settings_hash": "bbbbbbbbbbbb",
        "git": GitState(commit="c" * 40, dirty=False),
        "dataset": "mails",
        "rubric": "mail@2",
        "scores": "machine",
        "system": SystemRef(name="lead", kind="python", fingerprint="python:1"),
        "judge": {"name": "default", "kind": "reference", "fingerprint": "reference:1"},
        "cases": {},
    }
    return BaselineFile.model_validate({**said, **fields})


def test_a_prompt_that_helps_one_case_and_hurts_two() -> None:
    comparison = Comparison(
        {"a": old(True), "b": old(True), "c": old(False), "d": old(True), "e": old(False)}
    )
    for result in (
        case("a", False),
        case("b", False, tier="regression"),
        case("c", True),
        case("d", True),
        case("e", False),
    ):
        comparison.add(result)
    found = comparison.done()
    assert found.broken == ("a", "b")
    assert found.broken_by_tier == {"golden": ("a",), "regression": ("b",)}
    assert found.fixed == ("c",)
    assert found.pairs == 5
    assert found.p_value == 1.0


def test_a_case_that_is_another_one_now_is_counted_and_not_compared() -> None:
    comparison = Comparison({"a": old(True), "b": old(True)})
    comparison.add(case("a", False, case_hash="dddddddddddd"))
    comparison.add(case("new", False))
    found = comparison.done()
    assert (found.broken, found.pairs, found.changed, found.new) == ((), 0, 1, 1)
    assert found.p_value is None
    assert list(doubts(baseline(), system="lead", judge="reference:1")) == []
    assert list(left_out(found.changed, found.new)) == [
        "1 case is changed since the baseline, and left out of it",
        "1 case is not in the baseline",
    ]


def test_an_error_is_no_verdict_and_breaks_nothing() -> None:
    comparison = Comparison({"a": old(True), "b": old(None)})
    comparison.add(case("a", None))
    comparison.add(case("b", False))
    assert (comparison.done().broken, comparison.done().pairs) == ((), 0)


def test_a_known_bug_that_still_fails_breaks_nothing() -> None:
    comparison = Comparison({"a": old(True)})
    open_bug = case("a", False, status="open")
    comparison.add(open_bug)
    assert not comparison.breaks(open_bug)
    assert comparison.done().broken == ()


@given(st.lists(st.tuples(VERDICT, VERDICT), max_size=40))
def test_a_case_breaks_exactly_where_it_is_called_broken(sides: list[Any]) -> None:
    comparison = Comparison({f"c{n}": old(before) for n, (before, _) in enumerate(sides)})
    results = [case(f"c{n}", now) for n, (_, now) in enumerate(sides)]
    for result in results:
        comparison.add(result)
    found = comparison.done()
    assert set(found.broken) == {one.id for one in results if comparison.breaks(one)}
    assert set(found.broken).isdisjoint(found.fixed)
    assert found.pairs == sum(before is not None and now is not None for before, now in sides)


def test_another_rubric_dataset_or_kind_of_score_cannot_be_compared() -> None:
    same = {"dataset": "mails", "rubric": "mail@2", "scores": "machine"}
    assert incomparable(baseline(), **same) is None
    why = incomparable(baseline(), **{**same, "rubric": "mail@3"})
    assert why == "it was made under mail@2, this run under mail@3"
    assert incomparable(baseline(), **{**same, "dataset": "calls"}) is not None
    assert incomparable(baseline(), **{**same, "scores": "human"}) is not None


def test_another_judge_or_system_is_said() -> None:
    said = list(doubts(baseline(), system="mini", judge="reference:2"))
    assert said == [
        "the baseline is of system lead",
        "the judge has changed since the baseline: a difference may be the judge's",
    ]
