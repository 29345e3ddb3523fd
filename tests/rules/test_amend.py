from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labeltool.errors import LabeltoolError, UnknownName, UsageError
from labeltool.model.rubric import Criterion, Rubric
from labeltool.rules.amend import Add, Alter, Edit, Remove, Rescale, amended, apply
from labeltool.rules.rubric_diff import diff
from labeltool.rules.staleness import current_scores
from tests.rules.people import RUBRIC, TEXTS, label

WHY = {"date": "2026-11-24", "reason": "It was unclear."}
LEVELS = Rubric.model_validate(
    {
        "name": "r",
        "version": 4,
        "criteria": [
            {"id": "tone", "text": "It fits.", "max": 2, "pass_at": 1,
             "levels": {0: "No.", 1: "Weakly.", 2: "Yes."}},
            {"id": "facts", "text": "They are there.", "max": 1},
        ],
        "changelog": [{"version": 4, "changed": ["tone"]}, {"version": 1, "changed": ["facts"]}],
    }
)  # fmt: skip


def test_an_amendment_is_one_version_on_and_says_why() -> None:
    after = apply(LEVELS, [Alter("tone", {"text": "It suits."})], **WHY, cases=["c1", "c2", "c1"])
    assert after.version == 5
    entry = after.changelog[0]
    assert (entry.version, entry.date, entry.changed) == (5, "2026-11-24", ("tone",))
    assert (entry.reason, entry.cases) == ("It was unclear.", ("c1", "c2"))
    assert after.changelog[1:] == LEVELS.changelog


def test_a_changelog_with_the_oldest_first_goes_on_that_way() -> None:
    turned = LEVELS.model_copy(update={"changelog": LEVELS.changelog[::-1]})
    after = apply(turned, [Remove("facts")], **WHY)
    assert [one.version for one in after.changelog] == [1, 4, 5]


@pytest.mark.parametrize(
    "fields",
    [{"text": "Other."}, {"kind": "factual"}, {"na": True}, {"levels": {0: "Not at all."}}],
)
def test_what_a_scorer_goes_by_is_asked_again(fields: dict[str, Any]) -> None:
    levels = fields.pop("levels", {})
    assert apply(LEVELS, [Alter("tone", fields, levels)], **WHY).changelog[0].changed == ("tone",)


@pytest.mark.parametrize(
    "fields",
    [
        {"weight": 3.0},
        {"pass_at": 2},
        {"required": True},
        {"tolerance": 1},
        {"grader": "human"},
        {"text": "It\n  fits."},
    ],
)
def test_what_is_made_of_a_score_asks_nobody_again(fields: dict[str, Any]) -> None:
    after = apply(LEVELS, [Alter("tone", fields)], **WHY)
    assert after.version == 5
    assert after.changelog[0].changed == ()


def test_an_earlier_label_of_a_criterion_that_comes_back_does_not_count() -> None:
    gone = apply(RUBRIC, [Remove("tone")], **WHY)
    back = apply(gone, [Add(Criterion(id="tone", text="Something else.", max=2))], **WHY)
    earlier = label("ann", {"tone": 2, "items": 4})
    assert current_scores(earlier, RUBRIC, TEXTS) == {"tone": 2, "items": 4}
    assert current_scores(earlier, back, TEXTS) == {"items": 4}


def test_rescaling_takes_words_and_pass_at_along_and_no_score() -> None:
    after = apply(LEVELS, [Rescale("tone", 0, 4, {0: 0, 1: 2, 2: 4})], **WHY)
    tone = after.criterion("tone")
    assert tone is not None
    assert (tone.max, tone.pass_at) == (4, 2)
    assert tone.levels == {0: "No.", 2: "Weakly.", 4: "Yes."}
    earlier = label("ann", {"tone": 2, "facts": 1}, rubric="r@4")
    assert current_scores(earlier, after, TEXTS) == {"facts": 1}


@pytest.mark.parametrize(
    ("edits", "words"),
    [
        ([], "nothing would change"),
        ([Alter("tone", {"text": "It fits."})], "nothing would change"),
        ([Alter("tone", {"weight": -1.0})], "weight"),
        ([Alter("tone", {"min": 1})], "no field is named 'min'"),
        ([Alter("tone", levels={3: "More."})], "no level 3"),
        ([Alter("tnoe", {"text": "x"})], "no criterion is named 'tnoe'"),
        ([Add(Criterion(id="tone", text="x", max=1))], "already"),
        ([Remove("tone"), Remove("facts")], "at least one"),
        ([Rescale("tone", 0, 1)], "stands at 2"),
        ([Rescale("tone", 0, 1, {0: 0, 1: 1, 2: 1})], "would become 1"),
        ([Rescale("tone", 0, 4, {0: 0, 1: 9})], "outside"),
        ([Rescale("tone", 0, 4, {7: 1})], "no level 7"),
        ([Rescale("facts", 3, 3)], "not above"),
    ],
)
def test_an_edit_that_does_not_fit_says_so(edits: list[Edit], words: str) -> None:
    with pytest.raises(UsageError, match=words) as told:
        apply(LEVELS, edits, **WHY)
    assert told.value.exit_code == 2


def test_without_a_reason_nothing_is_amended() -> None:
    with pytest.raises(UsageError, match="needs a reason"):
        apply(LEVELS, [Remove("tone")], date=None, reason="  ")
    with pytest.raises(UsageError, match="rename"):
        amended(LEVELS, LEVELS.model_copy(update={"name": "other"}), date=None, reason="x")


IDS = ("tone", "facts", "brief", "kind")
WORDS = st.text("abc ", min_size=1, max_size=4)
EDITS = st.lists(
    st.one_of(
        st.builds(Remove, st.sampled_from(IDS)),
        st.builds(
            Add,
            st.builds(
                Criterion, id=st.sampled_from(IDS), text=WORDS, max=st.integers(1, 3),
                weight=st.sampled_from((1.0, 2.0)),
            ),
        ),
        st.builds(
            Alter,
            st.sampled_from(IDS),
            st.fixed_dictionaries(
                {},
                optional={
                    "text": WORDS, "na": st.booleans(), "weight": st.sampled_from((1.0, 3.0)),
                    "required": st.booleans(), "kind": st.sampled_from(("graded", "factual")),
                },
            ),
            st.dictionaries(st.integers(0, 3), st.one_of(st.none(), WORDS), max_size=2),
        ),
        st.builds(Rescale, st.sampled_from(IDS), st.integers(0, 1), st.integers(1, 5)),
    ),
    min_size=1,
    max_size=4,
)  # fmt: skip
MEANING = {"text", "min", "max", "kind", "na", "check"}


@settings(max_examples=150, deadline=None)
@given(EDITS)
def test_the_difference_names_exactly_the_changed_criteria(edits: list[Edit]) -> None:
    try:
        after = apply(LEVELS, edits, **WHY)
    except LabeltoolError:
        return
    found = diff(LEVELS, after)
    means_other = {
        one.id
        for one in found.criteria
        if one.what != "changed"
        or any(
            (f.field in MEANING or f.field.startswith("levels."))
            and " ".join(str(f.before).split()) != " ".join(str(f.after).split())
            for f in one.fields
        )
    }
    assert set(after.changelog[0].changed) == means_other
    assert {one.id for one in found.criteria if one.asked_again} == means_other - {
        one.id for one in found.criteria if one.what == "removed"
    }


def test_an_unknown_criterion_has_its_closest_names() -> None:
    with pytest.raises(UnknownName) as told:
        apply(LEVELS, [Remove("fact")], **WHY)
    assert told.value.hint == "did you mean facts?"
