"""The reference judge fitted to human scores: what it learns, keeps, and refuses to learn."""

from __future__ import annotations

import random
from typing import Any

import pytest

from labeltool.errors import DataError
from labeltool.graders.probes import PROBES
from labeltool.graders.reference import Features, ReferenceJudge
from labeltool.graders.reference.fit import (
    LEAST_SCORES,
    SIGNS,
    Fit,
    Rows,
    fit_all,
    out_of_fold,
    read_fit,
)
from labeltool.graders.reference.judge import level
from labeltool.model.rubric import Change, Criterion, Rubric
from labeltool.stats.ordinal import folds
from tests.graders.reference.support import EXPECTED, INVENTED, OTHER, PARTIAL, RUBRIC, TICKET
from tests.graders.reference.support import GOOD as SUMMARY

ITEMS = RUBRIC.criteria[0]
WORDS = TICKET.split()


def outputs(count: int, *, seed: int = 0) -> list[tuple[Features, int]]:
    """Summaries that hold more or less of the ticket, and what strict people say of them."""
    rng = random.Random(seed)
    judge, found = ReferenceJudge(), []
    for _ in range(count):
        share = rng.random()
        text = " ".join(word for word in EXPECTED.split() if rng.random() < share) + "."
        score = 2 if share > 0.8 else 1 if share > 0.6 else 0
        found.append((judge.measure(TICKET, (), (EXPECTED,), text), score))
    return found


def rows(given: list[tuple[Features, int]]) -> Rows:
    return Rows(
        [features for features, _ in given],
        [score for _, score in given],
        [f"case-{at // 2}" for at in range(len(given))],
        [1.0] * len(given),
    )


@pytest.fixture(scope="module")
def given() -> Rows:
    return rows(outputs(160))


@pytest.fixture(scope="module")
def fit(given: Rows) -> Fit:
    whole = fit_all(given)
    assert whole is not None
    return Fit(RUBRIC.ref, {"items": whole, "quality": whole})


def test_out_of_fold_it_beats_the_fixed_thresholds(given: Rows) -> None:
    models = out_of_fold(given, folds(given.groups, 5, seed=0))
    fitted = fixed = 0
    for features, score, model in zip(given.found, given.scores, models, strict=True):
        assert model is not None
        assert score is not None
        fitted += (model.level(ITEMS, features) == 2) == (score == 2)
        fixed += (level(ITEMS, features) == 2) == (score == 2)
    assert fitted > fixed + 10
    assert fitted / len(models) > 0.8


def test_no_output_is_judged_by_a_model_that_has_seen_its_case(given: Rows) -> None:
    homes = folds(given.groups, 5, seed=0)
    turned = [None if s is None else 2 - s if g == "case-7" else s
              for s, g in zip(given.scores, given.groups, strict=True)]  # fmt: skip
    at = given.groups.index("case-7")
    other = Rows(given.found, turned, given.groups, given.weights)
    before, after = (out_of_fold(one, homes)[at] for one in (given, other))
    assert before == after


def test_it_comes_back_from_its_file_as_it_was(fit: Fit) -> None:
    document = fit.document()
    again = read_fit(document)
    assert again.document() == document
    assert again.digest == fit.digest
    one, other = ReferenceJudge(fit=document), ReferenceJudge()
    assert one.fingerprint == f"{other.fingerprint}/fit-{fit.digest}"


def test_it_scores_by_the_fit_and_says_so(fit: Fit) -> None:
    judge = ReferenceJudge(fit=fit.document())
    good = judge.grade(RUBRIC, TICKET, (), (EXPECTED,), EXPECTED)
    bad = judge.grade(RUBRIC, TICKET, (), (EXPECTED,), PARTIAL)
    assert good.scores["items"] > bad.scores["items"]
    assert "likely to be met, by a fit to" in good.rationale["items"]
    assert "by a fit" not in good.rationale["honest"], "that one was not fitted"


def test_an_amended_criterion_is_scored_by_the_fixed_thresholds(fit: Fit) -> None:
    change = Change(version=2, changed=("items",))
    amended = RUBRIC.model_copy(update={"version": 2, "changelog": (change,)})
    assert set(fit.of(RUBRIC)) == {"items", "quality"} - {"quality"}, "quality starts at 1"
    assert fit.of(amended) == {}
    assert fit.of(RUBRIC.model_copy(update={"name": "other"})) == {}
    judge, plain = ReferenceJudge(fit=fit.document()), ReferenceJudge()
    said = judge.grade(amended, TICKET, (), (EXPECTED,), PARTIAL)
    assert said == plain.grade(amended, TICKET, (), (EXPECTED,), PARTIAL)


@pytest.mark.parametrize("count", [0, LEAST_SCORES - 1])
def test_too_few_scores_fit_nothing(count: int) -> None:
    few = rows(outputs(count))
    assert fit_all(few) is None
    assert few.lacking() == f"{count} of {LEAST_SCORES} human scores"


def test_nor_do_scores_that_are_all_alike(given: Rows) -> None:
    alike = Rows(given.found, [2] * len(given.found), given.groups, given.weights)
    assert alike.lacking() == "0 of 5 human scores off the commonest level"
    assert fit_all(alike) is None


def test_what_counts_against_an_output_never_counts_for_it(given: Rows) -> None:
    """People who reward invention teach it nothing."""
    upside_down = [None if score is None else 2 - score for score in given.scores]
    found = fit_all(Rows(given.found, upside_down, given.groups, given.weights))
    assert found is not None
    for name, weight in zip(SIGNS, found.model.weights, strict=True):
        assert weight * SIGNS[name] >= 0, name


@pytest.mark.parametrize("probe", PROBES, ids=lambda probe: probe.id)
@pytest.mark.parametrize("bad", [OTHER, PARTIAL, INVENTED, ""])
def test_nothing_that_is_said_to_the_judge_raises_a_fitted_score(
    fit: Fit, probe: Any, bad: str
) -> None:
    judge = ReferenceJudge(fit=fit.document())
    before = judge.grade(RUBRIC, TICKET, (), (EXPECTED,), bad).scores
    after = judge.grade(RUBRIC, TICKET, (), (EXPECTED,), probe.apply(bad)).scores
    assert after["items"] <= before["items"]


def test_what_stands_on_nothing_has_the_lowest_level(fit: Fit) -> None:
    judge = ReferenceJudge(fit=fit.document())
    said = judge.grade(RUBRIC, TICKET, (), (EXPECTED,), "Purple elephants juggle.")
    assert said.scores["items"] == 0


def test_features_of_a_good_summary() -> None:
    found = ReferenceJudge().measure(TICKET, (), (EXPECTED,), SUMMARY)
    assert found.novelty < 0.1
    assert 0 < found.copied < 0.6
    twice = ReferenceJudge().measure(TICKET, (), (EXPECTED,), f"{SUMMARY} {SUMMARY}")
    assert twice.said == found.said, "said twice is said once"
    pasted = ReferenceJudge().measure(TICKET, (), (EXPECTED,), TICKET)
    assert pasted.copied == 1.0


@pytest.mark.parametrize(
    "broken",
    [
        {},
        {"rubric": "r@1", "features": ["length"], "criteria": {}},
        {"rubric": "r", "features": list(SIGNS), "criteria": {}},
        {"rubric": "r@1", "features": list(SIGNS), "criteria": {"a": {"n": 1}}},
        {"rubric": "r@1", "features": list(SIGNS), "criteria": {"a": []}},
        {
            "rubric": "r@1",
            "features": list(SIGNS),
            "criteria": {"a": {"n": 9, "levels": [0, 1], "cuts": [0, 1], "weights": [0] * 6}},
        },
        {
            "rubric": "r@1",
            "features": list(SIGNS),
            "criteria": {
                "a": {"n": 9, "levels": [0, 1], "cuts": [float("nan")], "weights": [0] * 6}
            },
        },
    ],
)
def test_a_fit_that_was_broken_by_hand_is_an_error(broken: dict[str, Any]) -> None:
    with pytest.raises(DataError, match="cannot be used") as caught:
        ReferenceJudge(fit=broken)
    assert "labeltool calibrate" in (caught.value.hint or "")


def test_a_binary_criterion_is_fitted_too() -> None:
    helps = Criterion(id="helps", text="t", max=1, kind="binary")
    of_two = rows([(features, int(score == 2)) for features, score in outputs(80)])
    whole = fit_all(of_two)
    assert whole is not None
    chances = [whole.chance(helps, features) for features in of_two.found]
    assert all(0 <= chance <= 1 for chance in chances)
    rubric = Rubric(name="two", version=1, criteria=(helps,))
    assert Fit("two@1", {"helps": whole}).of(rubric) == {"helps": whole}
