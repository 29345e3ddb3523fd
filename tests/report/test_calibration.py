"""A calibration in words, Markdown and JSON."""

from __future__ import annotations

from typing import Any

from labeltool.model.calibration import Calibration
from labeltool.report.calibration import (
    OVERALL,
    Spent,
    basis,
    confusion,
    document,
    documents,
    fits,
    headline,
    markdown,
    rows,
)
from labeltool.rules.calibrate import Scored
from labeltool.rules.calibration import Said, by_criterion, differing
from tests.rules.test_calibration import RUBRIC, one, sample

FACTS: dict[str, Any] = {
    "n": 40, "met": 30, "not_met": 10, "agreement": 0.9, "interval": [0.77, 0.96], "exact": 0.8,
    "within_one": 1.0, "human_agreement": None, "kappa": 0.7, "weighted_kappa": 0.75,
    "spearman": 0.8, "tpr": 0.95, "tnr": 0.75, "constant_agreement": 0.75, "errors": 1,
    "trusted": True, "reason": "agrees with people on 0.90", "change": "label 9 more outputs",
    "pass_at": 2, "why": {"human_agreement": "nobody"},
}  # fmt: skip


def calibration(**trusted: bool) -> Calibration:
    return Calibration(
        judge="strong",
        fingerprint="f",
        rubric="r@1",
        sample={"n": 40, "of": 90, "seed": 3, "stratified": True},
        trusted=all(trusted.values()),
        overall=FACTS,
        criteria={id: {**FACTS, "trusted": may} for id, may in trusted.items()},
    )


def differences(note: str = "why not") -> list[Any]:
    drawn = sample(one("a", facts=2, tone=2))
    told = Scored(
        **{name: getattr(drawn.outputs[0], name) for name in Scored.__slots__ if name != "note"},
        note=note,
    )
    said = [Said({"facts": 0, "tone": 2}, {"facts": "two are | missing"})]
    return differing(RUBRIC, sample(told), said)


def test_the_answer_in_one_sentence() -> None:
    assert headline(calibration(facts=True, tone=True)) == (
        "judge strong may be trusted with facts and tone"
    )
    assert headline(calibration(facts=True, tone=False, items=False)) == (
        "judge strong may be trusted with facts, not with tone and items"
    )
    assert "not be trusted with any criterion yet" in headline(calibration(tone=False))


def test_a_row_a_criterion_and_one_of_whole_outputs() -> None:
    found = rows(calibration(facts=True, tone=False))
    assert [row.criterion for row in found] == ["facts", "tone", OVERALL]
    assert [row.verdict for row in found[:2]] == ["trusted", "untrusted"]
    first = found[0]
    assert (first.agreement, first.interval, first.sides) == ("0.90", "[0.77 0.96]", "30/10")
    assert first.people == "–"


def test_it_says_what_it_was_measured_on() -> None:
    said = basis(calibration(facts=True))
    assert said.startswith("r@1, 40 of 90 outputs with human scores, seed 3")
    assert "reweighted" in said


def test_how_a_fit_came_out() -> None:
    fitted = {**FACTS, "fitted": True, "unfitted_agreement": 0.7}
    few = {**FACTS, "fitted": False, "unfitted_why": "8 of 30 human scores"}
    found = calibration(facts=True).model_copy(update={"criteria": {"facts": fitted, "tone": few}})
    assert fits(found) == [
        "facts: 0.90 fitted (out of fold), 0.70 by fixed thresholds",
        "by fixed thresholds, not fitted: tone (8 of 30 human scores)",
    ]
    assert fits(calibration(facts=True)) == [], "a model is not fitted"


def test_levels_that_nobody_gave_leave_the_table() -> None:
    counts = [[3, 0, 1, 0], [0, 0, 0, 0], [1, 0, 5, 0], [0, 0, 0, 0]]
    table = confusion({"confusion": {"levels": [1, 2, 3, "na"], "counts": counts}})
    assert table == [["", "1", "3"], ["1", "3", "1"], ["3", "1", "5"]]
    assert confusion({}) == [[""]]
    assert confusion({"confusion": {"levels": [0, 1], "counts": []}}) == [[""]]


def test_markdown_holds_verdicts_and_escapes_what_people_wrote() -> None:
    text = markdown(calibration(facts=True, tone=False), differences("<b>@here</b>\nand | so"))
    assert "| facts | trusted | 0" in text
    assert "<b>" not in text
    assert "@here" not in text
    body = [line for line in text.splitlines() if line.startswith("|")]
    assert all(line.endswith("|") for line in body), "no text breaks a row"


def test_one_document_or_several() -> None:
    drawn = sample(one("a", facts=2))
    measured = by_criterion(RUBRIC, drawn, [Said({"facts": 0})], ())
    found = calibration(facts=True).model_copy(
        update={"criteria": {"facts": measured["facts"].document()}}
    )
    spent = Spent(calls=4, cached=2, usd=None)
    one_judge = document(
        found, dataset="d", worst=differences(), left_out={"hidden": 2}, spent=spent,
        path="p.yaml", commit=None,
    )  # fmt: skip
    assert one_judge["schema"] == "labeltool/calibration@1"
    assert one_judge["sample"] == {
        "n": 40, "of": 90, "seed": 3, "stratified": True, "left_out": {"hidden": 2},
    }  # fmt: skip
    assert one_judge["disagreements"][0]["rationale"] == "two are | missing"
    assert one_judge["disagreements"][0]["flips"] is True
    assert one_judge["cost"] == {"calls": 4, "cached": 2, "cost_usd": None}
    assert documents([one_judge]) is one_judge
    both = documents([one_judge, one_judge])
    assert both["schema"] == "labeltool/calibrations@1"
    assert len(both["calibrations"]) == 2
