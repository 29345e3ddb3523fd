"""Files become nouns, and what is wrong with a file is said where it stands."""

import pytest

from labeltool.config import Settings
from labeltool.errors import DataError
from labeltool.model.case import Case
from labeltool.model.dataset import Dataset
from labeltool.model.label import Label
from labeltool.model.rubric import Rubric
from labeltool.store import codec

CASE = """\
id: 0007-late-refund
tier: golden
input: |
  I was charged twice.
  Please help!
expected: Charged twice; wants help.
tags: [angry, refund]
verified: {by: alice, at: 2026-11-20, hash: "0123456789ab"}
"""


GATES = "'goldn' is none of 'golden', 'adversarial' or 'regression'"


def problems(text: str, kind: type = Case) -> list[tuple[str, str, str | None]]:
    with pytest.raises(DataError) as caught:
        codec.decode(text.encode(), kind, "a.yaml")
    return [(str(p.where), p.message, p.hint) for p in caught.value.problems]


def test_a_case_comes_back_byte_for_byte() -> None:
    case = codec.decode(CASE.encode(), Case, "a.yaml")
    assert case.input == "I was charged twice.\nPlease help!\n"
    assert codec.decode(codec.encode(case), Case, "a.yaml") == case
    assert codec.encode(codec.decode(codec.encode(case), Case, "a.yaml")) == codec.encode(case)


def test_what_equals_its_default_is_not_written() -> None:
    text = codec.encode(codec.decode(CASE.encode(), Case, "a.yaml")).decode()
    assert "status" not in text
    assert "notes" not in text


def test_a_whole_number_of_seconds_is_written_as_one() -> None:
    label = Label(case="a", system="s", annotator="al", rubric="r@1", scores={}, seconds=41)
    assert b"seconds: 41\n" in codec.encode(label)


def test_null_is_left_out() -> None:
    case = codec.decode((CASE + "context: null\nnotes:\nstatus: null\n").encode(), Case, "a.yaml")
    assert (case.context, case.notes, case.status) == ((), None, "active")


def test_levels_keep_their_integer_keys() -> None:
    text = (
        "name: r\nversion: 1\ncriteria:\n  - {id: tone, text: x, max: 1, levels: {0: bad, 1: ok}}\n"
    )
    rubric = codec.decode(text.encode(), Rubric, "rubrics/r.yaml")
    assert rubric.criteria[0].levels == {0: "bad", 1: "ok"}
    assert codec.decode(codec.encode(rubric), Rubric, "rubrics/r.yaml") == rubric


def test_every_bad_field_is_named_with_its_line() -> None:
    text = CASE.replace("tier: golden", "tier: gold").replace("tags: [angry, refund]", "tgs: [a]")
    found = problems(text)
    assert found[0][:2] == (
        "a.yaml:2: tier",
        "'gold' is none of 'golden', 'adversarial' or 'regression'",
    )
    assert found[1] == ("a.yaml:7: tgs", "unknown field 'tgs'", "did you mean tags?")


def test_a_number_where_text_is_wanted_asks_for_quotes() -> None:
    [(where, message, hint)] = problems(CASE.replace("Charged twice; wants help.", "42"))
    assert where == "a.yaml:6: expected"
    assert message == "wants text, found 42"
    assert hint == "put quotes around it, as it stands"


def test_a_nested_field_is_named_by_its_path() -> None:
    text = "systems:\n  lead: {kind: python, call: a.py:f}\n  mini:\n    kind: opnai\n"
    [(where, message, _)] = problems(text, Settings)
    assert where.startswith("a.yaml:")
    assert "systems.mini" in where
    assert "'opnai'" in message


def test_a_missing_field_says_what_to_add() -> None:
    [(where, message, hint)] = problems("id: a\ntier: golden\n")
    assert (where, message, hint) == ("a.yaml: input", "is missing", "add `input:`")


@pytest.mark.parametrize("bad", ["../x", "A", "", ".a", "a/b", "a.", "x" * 129])
def test_an_illegal_id_is_refused(bad: str) -> None:
    [(where, message, hint)] = problems(CASE.replace("0007-late-refund", f'"{bad}"'))
    assert where == "a.yaml:1: id"
    assert "legal id" in message
    assert hint


@pytest.mark.parametrize("score", ["true", "1.5", '"2"', "yes"])
def test_a_score_is_a_whole_number_or_na(score: str) -> None:
    text = f"case: a\nsystem: s\nannotator: al\nrubric: r@1\nscores: {{tone: {score}}}\nround: 1\n"
    [(where, _, _)] = problems(text, Label)
    assert where == "a.yaml:5: scores.tone"


def test_a_scale_that_cannot_be_is_refused() -> None:
    text = "name: r\nversion: 1\ncriteria:\n  - {id: a, text: x, min: 0, max: 12}\n"
    [(_, message, _)] = problems(text, Rubric)
    assert "at most 10 levels" in message


def test_a_key_that_is_none_of_the_known_ones_is_named_with_its_nearest() -> None:
    text = "rubric: mail\ngates:\n  goldn: {threshold: 0.5}\n"
    said = [("a.yaml:3: gates.goldn", GATES, "did you mean golden?")]
    assert problems(text, Dataset) == said
