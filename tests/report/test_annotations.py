from __future__ import annotations

from labeltool.model.result import CaseResult
from labeltool.report.annotations import MOST, annotated
from tests.hostile import WRITABLE
from tests.report.samples import case, results
from tests.report.samples_baseline import broke


def path(one: CaseResult) -> str:
    return f"datasets/d/cases/{one.tier}/{one.id}.yaml"


def test_the_gate_comes_first_then_what_broke_on_its_own_file() -> None:
    found = broke()
    first, second, *_ = annotated(found, found.cases, path)
    assert first.startswith("::error title=d mini%3A fail::golden 0.33 [0.06 0.79] is under 0.85")
    assert "against origin/main" in first
    assert second.startswith(
        "::error file=datasets/d/cases/regression/late.yaml,title=late (regression) broke::"
        "truth 2 → 0"
    )
    assert second.endswith("%0Alabeltool run --system mini --case late")


def test_ten_of_a_kind_and_the_last_says_how_many_more() -> None:
    many = [CaseResult.model_validate(case(f"f{n}", passed=False, score=0.1)) for n in range(30)]
    told = list(annotated(results(), many, path))
    assert len(told) == MOST
    assert told[-1] == "::error::22 more cases: see the results of the run"


def test_where_the_gate_holds_a_failing_case_warns_and_a_mended_one_is_a_notice() -> None:
    document = results(verdict="pass")
    golden = document.tiers["golden"].model_copy(update={"verdict": "pass"})
    document = document.model_copy(update={"tiers": {"golden": golden}})
    kinds = [line.split(" ")[0] for line in annotated(document, document.cases, path)]
    assert kinds == ["::warning", "::warning", "::notice"]


def test_no_text_ends_its_line_its_property_or_its_message() -> None:
    for text in WRITABLE:
        odd = case(text, passed=False, score=0.1, scores={"truth": 0}, rationale={"truth": text})
        [_, told] = annotated(results(), [CaseResult.model_validate(odd)], lambda one: one.id)
        assert "\n" not in told
        assert "\r" not in told
        assert told.startswith("::error ")
        properties = told.removeprefix("::error ").partition("::")[0]
        assert properties.count(",") == (1 if text else 0)
