"""Criteria know their scale, and a rubric knows what an amendment made stale."""

import pytest
from pydantic import ValidationError

from labeltool.model.rubric import Change, Criterion, Rubric, ref_parts


def criterion(**fields: object) -> Criterion:
    return Criterion.model_validate({"id": "tone", "text": "Tone.", "max": 2, **fields})


def test_a_criterion_allows_its_levels_and_na_where_it_says_so() -> None:
    tone = criterion()
    assert [tone.allows(score) for score in (0, 2, 3, -1, "na", True)] == [
        True, True, False, False, False, False,
    ]  # fmt: skip
    assert criterion(na=True).allows("na")


def test_the_top_level_is_met_unless_said_otherwise() -> None:
    assert criterion().met_at == 2
    assert criterion(pass_at=1).met_at == 1


def test_a_check_makes_its_criterion_a_machine_s() -> None:
    length = criterion(max=1, check={"kind": "max_words", "value": 9})
    assert length.grader == "check"
    assert not length.by_hand


@pytest.mark.parametrize(
    "fields",
    [
        {"max": 0},
        {"max": 10},
        {"pass_at": 3},
        {"levels": {3: "x"}},
        {"grader": "check"},
        {"weight": -1},
        {"weight": float("nan")},
    ],
)
def test_what_cannot_be_scored_is_refused(fields: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        criterion(**fields)


def test_an_amendment_makes_only_what_it_names_stale() -> None:
    rubric = Rubric(
        name="r",
        version=3,
        criteria=(criterion(), criterion(id="facts")),
        changelog=(Change(version=3, changed=("tone",)), Change(version=2, changed=("facts",))),
    )
    assert rubric.changed_since(3) == frozenset()
    assert rubric.changed_since(2) == {"tone"}
    assert rubric.changed_since(1) == {"tone", "facts"}
    assert rubric.ref == "r@3"
    assert ref_parts("r@3") == ("r", 3)


def test_two_criteria_of_one_name_and_a_future_changelog_are_refused() -> None:
    with pytest.raises(ValidationError, match="two criteria"):
        Rubric(name="r", version=1, criteria=(criterion(), criterion()))
    with pytest.raises(ValidationError, match="above 1"):
        Rubric(name="r", version=1, criteria=(criterion(),), changelog=(Change(version=2),))
