from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from labeltool.model.label import Label
from labeltool.model.rubric import Rubric
from labeltool.report.agreement import document, markdown, markdown_change, number, share
from labeltool.rules.agreement import Agreement, Said, agreement
from labeltool.rules.lapse import Lapse
from labeltool.safe_text import for_markdown
from tests.hostile import MARKUP
from tests.rules.people import RUBRIC, TEXTS, label


def measured(*labels: Label, rubric: Rubric = RUBRIC, **changes: Any) -> Agreement:
    texts = {(one.system, one.case): TEXTS for one in labels}
    said = {"resolutions": (), "rounds": (), "texts": texts, **changes}
    return agreement("d", Said(rubric, labels, **said), resamples=50)


def two(*pairs: tuple[Any, Any]) -> list[Label]:
    """Two people's scores of `items`, output by output."""
    return [
        label(name, {"items": score}, case=f"c{n}")
        for n, pair in enumerate(pairs)
        for name, score in zip(("ann", "bob"), pair, strict=True)
    ]


def row(text: str, criterion: str) -> list[str]:
    line = next(line for line in text.splitlines() if line.startswith(f"| {criterion}"))
    return [cell.strip().replace("\\", "") for cell in line.strip("|").split("|")]


class TestDocument:
    def test_the_fields_that_are_promised(self) -> None:
        found = document(measured(*two(*[(0, 0), (4, 4)] * 4, (2, 4))))
        assert json.loads(json.dumps(found, allow_nan=False)) == found
        assert found["schema"] == "labeltool/agreement@1"
        assert (found["dataset"], found["rubric"], found["outputs"]) == ("d", "r@2", 9)
        items = found["criteria"]["items"]
        assert (items["n"], items["percent"]) == (9, 0.888889)
        assert items["alpha"]["level"] == "ordinal"
        low, high = items["alpha"]["interval"]
        assert low <= items["alpha"]["value"] <= high
        assert set(items["pairs"]) == {"ann|bob"}
        assert items["pairs"]["ann|bob"]["difference"] == -0.222222
        assert found["disagreements"] == [
            {
                "case": "c8",
                "system": "s1",
                "criterion": "items",
                "scores": {"ann": 2, "bob": 4},
                "resolved": None,
            }
        ]

    def test_what_is_undefined_is_null_and_says_why(self) -> None:
        found = document(measured(*two((1, 1), (1, 1))))
        for name in ("alpha", "kappa", "weighted_kappa"):
            one = found["criteria"]["items"][name]
            assert (one["value"], one["interval"]) == (None, None)
            assert "one value only" in one["why"]
        assert found["criteria"]["items"]["pairs"]["ann|bob"]["kappa"] is None
        assert "one value only" in found["criteria"]["items"]["pairs"]["ann|bob"]["why"]
        empty = document(measured())
        assert empty["criteria"]["tone"]["percent"] is None
        assert empty["criteria"]["tone"]["why"] == "no output has two scores"
        assert "nobody has labelled" in empty["why"]


class TestMarkdown:
    def test_criteria_then_notes_then_the_worst_disagreements(self) -> None:
        text = markdown(measured(*two(*[(0, 4)] * 12, (1, 1)), hidden=1), shown=10)
        assert row(text, "items")[:3] == ["items", "13", "8%"]
        assert "1 output of an open round" in text
        assert "**12 open disagreements**" in text
        assert text.count("ann 0 · bob 4") == 10
        assert "... 2 more" in text

    def test_nothing_of_the_data_is_markup(self) -> None:
        for nasty in (*MARKUP, "@all", "fixes #1", "<script>"):
            hostile = measured(*two((0, 4)), scope=nasty)
            changed = markdown_change(measured(), replace(hostile, dataset=nasty), {})
            for text in (markdown(hostile), changed):
                assert for_markdown(nasty.strip()) in text
                assert len(nasty) < 4 or for_markdown(nasty) == nasty or nasty not in text

    def test_nothing_to_measure_is_said_in_place_of_an_empty_table(self) -> None:
        text = markdown(measured(label("ann", {"items": 1})))
        assert "only ann has labels" in text
        assert "|---" not in text


class TestChange:
    def test_each_number_says_what_it_was_where_it_moved(self) -> None:
        before = measured(*two((0, 0), (4, 4), (0, 4), (4, 0)))
        after = measured(*two((0, 0), (4, 4), (4, 4), (4, 0)))
        cells = row(markdown_change(before, after, {}), "items")
        assert cells[0:3] == ["items", "4", "50% → 75%"]
        assert cells[3].count("→") == 1
        assert cells[5] == "2 → 1"

    def test_where_nothing_moved_nothing_is_said(self) -> None:
        said = measured(*two((0, 0), (4, 0)))
        assert markdown_change(said, said, {}) == ""
        assert markdown_change(measured(), measured(), {}) == ""
        other = measured(*two((0, 0), (4, 1)))
        assert "ann 4 · bob 1" in markdown_change(said, other, {})

    def test_what_lapsed_is_not_taken_for_settled(self) -> None:
        before = measured(*two((0, 0), (4, 0)))
        after = measured(*two((0, 0)))
        lapsed = {"items": Lapse({"bob": 1, "ann": 1}, resolutions=2, disagreements=1)}
        text = markdown_change(before, after, lapsed)
        assert row(text, "items")[5] == "1 → 0 (1 lapsed)"
        assert (
            "- **items**: 2 labels (ann 1, bob 1) and 2 resolutions no longer stand and are asked "
            "again; 1 open disagreement lapsed with its labels, settled by nobody"
        ) in text
        assert "No disagreement is open" not in text

    def test_a_criterion_that_came_and_one_that_went(self) -> None:
        criteria = [{"id": "items", "text": "t", "max": 4}, {"id": "new", "text": "t", "max": 1}]
        rubric = Rubric.model_validate({"name": "r", "version": 2, "criteria": criteria})
        text = markdown_change(
            measured(*two((0, 0), (1, 2))), measured(*two((0, 0), (1, 2)), rubric=rubric), {}
        )
        assert row(text, "new")[0] == "new (new)"
        assert "no longer in the rubric: tone" in text

    def test_the_first_labels_of_all_have_a_before_of_nothing(self) -> None:
        text = markdown_change(measured(), measured(*two((0, 0), (4, 4))), {})
        assert row(text, "items")[1:3] == ["0 → 2", "– → 100%"]


def test_only_all_is_100_percent_and_zero_has_no_sign() -> None:
    assert (share(0.999), share(1.0), share(None)) == ("99%", "100%", "–")
    assert (number(-0.001), number(None), number(1.0)) == ("0.00", "–", "1.00")
