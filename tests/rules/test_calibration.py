"""A judge's scores beside people's: criteria, whole outputs, and where they differ."""

from __future__ import annotations

from labeltool.model.base import Score
from labeltool.model.rubric import Rubric
from labeltool.rules.calibrate import Sample, Scored
from labeltool.rules.calibration import Coded, Said, by_criterion, differing, overall
from labeltool.rules.human import HumanScore, Settled
from tests.rules.test_calibrate import scored

RUBRIC = Rubric.model_validate(
    {
        "name": "r",
        "version": 1,
        "pass_mark": 0.5,
        "criteria": [
            {"id": "facts", "text": "t", "max": 2, "required": True},
            {"id": "tone", "text": "t", "max": 2, "pass_at": 1, "na": True},
            {"id": "warm", "text": "t", "max": 1, "grader": "human"},
        ],
    }
)


def one(case: str, **scores: Score) -> Scored:
    plain = scored(case, 0)
    human = HumanScore({id: Settled(score, "agreed") for id, score in scores.items()})
    return Scored(
        plain.case, plain.system, plain.output, plain.output_hash, human, {"ann": scores}, "why not"
    )


def sample(*outputs: Scored) -> Sample:
    return Sample(outputs, (1.0,) * len(outputs), len(outputs), 0)


def test_only_the_judges_criteria_with_a_human_score_count() -> None:
    drawn = sample(one("a", facts=2, tone=0), one("b", facts=0))
    said = [Said({"facts": 2, "tone": 1}), Said({"facts": 1, "tone": 1})]
    found = by_criterion(RUBRIC, drawn, said, drawn.outputs)
    assert list(found) == ["facts", "tone"]
    assert (found["facts"].figures.n, found["tone"].figures.n) == (2, 1)
    assert found["facts"].figures.agreement == 1.0, "1 and 0 are both not met"
    assert found["facts"].figures.exact == 0.5
    assert found["tone"].figures.agreement == 0.0
    assert found["tone"].pass_at == 1


def test_what_the_judge_gave_no_score_is_an_error_of_that_criterion() -> None:
    drawn = sample(one("a", facts=2, tone=2), one("b", facts=2))
    found = by_criterion(RUBRIC, drawn, [Said(error="timeout"), Said({"facts": 2})], ())
    assert (found["facts"].errors, found["tone"].errors) == (1, 1)
    assert found["facts"].figures.n == 1
    document = found["tone"].document()
    assert document["agreement"] is None
    assert document["why"]["agreement"] == "no output has a score of both"
    assert document["trusted"] is False


def test_a_document_holds_every_figure_and_no_null_without_its_why() -> None:
    drawn = sample(one("a", facts=2), one("b", facts=2))
    said = [Said({"facts": 2}), Said({"facts": 2})]
    document = by_criterion(RUBRIC, drawn, said, ())["facts"].document()
    wanted = {
        "n", "agreement", "interval", "exact", "within_one", "human_agreement", "kappa",
        "weighted_kappa", "spearman", "tpr", "tnr", "constant_agreement", "errors", "trusted",
        "reason", "pass_at",
    }  # fmt: skip
    assert wanted <= document.keys()
    nulls = {name for name, value in document.items() if value is None}
    assert nulls == set(document["why"]) == {
        "human_agreement", "kappa", "weighted_kappa", "spearman", "tnr",
    }  # fmt: skip


class TestOverall:
    def test_code_decides_from_either_sides_scores(self) -> None:
        """`facts` is required; `warm` is people's alone and leaves the judge's sum."""
        drawn = sample(
            one("a", facts=2, tone=2, warm=1),
            one("b", facts=1, tone=2, warm=1),
            one("c", facts=2, tone=0, warm=0),
            one("d", facts=2, tone=0),
        )
        said = [Said({"facts": 2, "tone": tone}) for tone in (2, 2, 0, 0)]
        found = overall(RUBRIC, drawn, said, [Coded()] * 4)
        assert found.figures.n == 3, "one has no human score of warm"
        assert (found.figures.met, found.figures.not_met) == (1, 2)
        assert (found.figures.tpr, found.figures.tnr) == (1.0, 0.0)

    def test_a_check_of_the_case_fails_both(self) -> None:
        drawn = sample(one("a", facts=2, tone=2, warm=1))
        said = [Said({"facts": 2, "tone": 2})]
        failing = overall(RUBRIC, drawn, said, [Coded(checks_pass=False, has_checks=True)])
        assert (failing.figures.not_met, failing.figures.agreement) == (1, 1.0)
        assert overall(RUBRIC, drawn, said, [Coded(broken=True)]).figures.n == 0

    def test_an_output_without_the_judges_word_is_an_error(self) -> None:
        drawn = sample(one("a", facts=2, tone=2, warm=1))
        assert overall(RUBRIC, drawn, [Said(error="x")], [Coded()]).errors == 1


def test_the_worst_differences_come_first_and_criteria_take_turns() -> None:
    drawn = sample(
        one("a", facts=2, tone=2), one("b", facts=2, tone=1), one("c", facts=0, tone="na")
    )
    said = [
        Said({"facts": 1, "tone": 2}, {"facts": "half"}),
        Said({"facts": 0, "tone": 2}),
        Said({"facts": 1, "tone": 0}),
    ]
    found = differing(RUBRIC, drawn, said)
    told = [(d.scored.case.id, d.criterion.id, d.flips) for d in found]
    assert told == [
        ("c", "tone", True),
        ("b", "facts", True),
        ("a", "facts", True),
        ("b", "tone", False),
        ("c", "facts", False),
    ]
    assert found[2].rationale == "half"
    assert found[2].scored.note == "why not"
