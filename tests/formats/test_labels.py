"""Rows become labels, if their scores are answers to the rubric."""

from __future__ import annotations

from typing import Any

import pytest

from labeltool.errors import DataError
from labeltool.formats.columns import Columns
from labeltool.formats.labels import FIELDS, label_of, same
from labeltool.formats.rows import Row
from labeltool.model.label import Label
from labeltool.model.rubric import Rubric

RUBRIC = Rubric.model_validate(
    {
        "name": "r",
        "version": 2,
        "criteria": [
            {"id": "tone", "text": "t", "max": 2, "na": True},
            {"id": "facts", "text": "f", "min": 1, "max": 5},
            {"id": "short", "text": "s", "max": 1, "check": {"kind": "max_words", "value": 9}},
        ],
    }
)


def label(*maps: str, **values: Any) -> Label:
    row = {"case": "a", "system": "v1", "annotator": "Ann", **values}
    return label_of(Row(2, row), Columns.of(maps, FIELDS, {}), "l.csv", RUBRIC)


@pytest.mark.parametrize(
    "values",
    [
        {"scores": {"tone": 1, "facts": 5}},
        {"scores": '{"tone": 1, "facts": 5.0}'},
        {"scores.tone": "1", "scores.facts": "5.0"},
        {"tone": 1, "facts": "5"},
    ],
)
def test_scores_may_stand_in_an_object_or_in_columns(values: dict[str, Any]) -> None:
    found = label(**values)
    assert found.scores == {"tone": 1, "facts": 5}
    assert (found.annotator, found.rubric) == ("ann", "r@2")


def test_a_criterion_may_be_mapped_and_left_out() -> None:
    assert label("scores.tone=Tone", Tone="n/a").scores == {"tone": "na"}


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"scores": {"tone": 3}}, "scores.tone: 3 is outside the scale"),
        ({"tone": "3"}, "scores.tone: 3 is outside the scale"),
        ({"scores": {"tone": True}}, "scores.tone: True is outside the scale"),
        ({"scores": {"facts": 1.5}}, "scores.facts: 1.5 is outside the scale"),
        ({"scores": {"facts": "nan"}}, "scores.facts: 'nan' is outside the scale"),
        ({"scores": {"facts": "na"}}, "scores.facts: na is outside the scale"),
        ({"scores": {"toen": 1}}, "scores.toen: r@2 has no criterion 'toen'"),
        ({"scores": {"short": 1}}, "scores.short: is graded by a check"),
        ({"scores": [1]}, "scores: wants an object"),
        ({}, "scores: is missing"),
    ],
)
def test_a_score_that_is_no_answer_is_refused(values: dict[str, Any], words: str) -> None:
    with pytest.raises(DataError) as caught:
        label(**values)
    assert words in str(caught.value.problems[0])


def test_all_bad_scores_of_a_row_are_named() -> None:
    with pytest.raises(DataError) as caught:
        label(scores={"tone": 9, "facts": 0})
    assert len(caught.value.problems) == 2


def test_the_same_row_again_is_the_same_label() -> None:
    row = label(tone=1)
    kept = row.model_copy(update={"output_hash": "0" * 12, "labeled_at": "2026-01-01"})
    assert same(row, kept)
    assert not same(row, kept.model_copy(update={"scores": {"tone": 2}}))
