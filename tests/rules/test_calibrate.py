"""Which outputs a judge is measured on, and when it is trusted."""

from __future__ import annotations

import pytest

from labeltool.model.base import Score
from labeltool.model.case import Case
from labeltool.model.output import Output
from labeltool.model.rubric import Rubric
from labeltool.rules.calibrate import Scored, draw, misses, people_agree, verdict
from labeltool.rules.human import HumanScore, Settled
from labeltool.stats.calibration import Figures, Pair, measure

RUBRIC = Rubric.model_validate(
    {
        "name": "r",
        "version": 1,
        "criteria": [
            {"id": "facts", "text": "t", "max": 2},
            {"id": "warm", "text": "t", "max": 1, "grader": "human"},
        ],
    }
)
FACTS = RUBRIC.criteria[0]


def scored(case: str, facts: Score, **labels: Score) -> Scored:
    return Scored(
        case=Case(id=case, tier="golden", input="hi"),
        system="nov",
        output=Output(case=case, system="nov", output="text"),
        output_hash="0" * 12,
        human=HumanScore({"facts": Settled(facts, "agreed")}),
        labels={who: {"facts": score} for who, score in labels.items()},
    )


def found(*, met: int, not_met: int, wrong: int = 0) -> Figures:
    """`wrong` of the met ones are called not met."""
    pairs = [Pair(2, 0)] * wrong + [Pair(2, 2)] * (met - wrong) + [Pair(0, 0)] * not_met
    return measure(pairs, range(3), 2)


class TestVerdict:
    def test_thirty_outputs_five_on_each_side_are_enough(self) -> None:
        said = verdict(found(met=25, not_met=5, wrong=3))
        assert said.trusted
        assert said.reason == "agrees with people on 0.90"

    def test_one_output_fewer_is_not(self) -> None:
        said = verdict(found(met=22, not_met=3))
        assert not said.trusted
        assert said.reason == "25 human scores, 30 are asked"
        assert said.change == "label 5 more outputs, at least 2 of them failing"

    def test_without_failing_outputs_nobody_knows_whether_it_sees_them(self) -> None:
        said = verdict(found(met=60, not_met=3))
        assert not said.trusted
        assert said.reason == "not enough variation: label failing outputs"
        assert said.change == "2 more on the failing side"

    def test_nor_without_passing_ones(self) -> None:
        said = verdict(found(met=1, not_met=60))
        assert said.reason == "not enough variation: label passing outputs"
        assert said.change == "4 more on the passing side"

    def test_at_the_bar_it_is_trusted_and_under_it_not(self) -> None:
        assert verdict(found(met=25, not_met=15, wrong=8)).trusted
        said = verdict(found(met=25, not_met=15, wrong=9))
        assert said.reason == "agrees with people on 0.78, 0.80 is asked"
        assert said.change == "more labels may tell: its interval reaches the bar"
        hopeless = verdict(found(met=250, not_met=150, wrong=200))
        assert hopeless.change is not None
        assert "more labels will not help" in hopeless.change

    def test_no_better_than_always_saying_met_is_no_judge(self) -> None:
        pairs = [Pair(2, 2)] * 90 + [Pair(0, 2)] * 10
        said = verdict(measure(pairs, range(3), 2))
        assert not said.trusted
        assert said.reason == "no better than always saying met (0.90)"
        assert "failing" in (said.change or "")

    def test_it_says_how_many_labels_would_make_it_sure(self) -> None:
        said = verdict(found(met=60, not_met=40, wrong=13))
        assert said.change == "label 26 more outputs to be sure of 0.80"
        assert verdict(found(met=300, not_met=100, wrong=10)).change is None
        on_the_bar = verdict(found(met=60, not_met=40, wrong=20))
        assert "no number of labels" in (on_the_bar.change or "")

    def test_nothing_measured_is_not_trusted(self) -> None:
        assert not verdict(measure([], range(3), 2)).trusted


OUTPUTS = [scored(f"c{at:03}", 0 if at < 12 else 2) for at in range(200)]


class TestDraw:
    def test_all_of_them_in_an_order_of_their_own(self) -> None:
        for count in (None, 200, 999):
            sample = draw(RUBRIC, OUTPUTS[::-1], count, seed=1)
            assert [one.case.id for one in sample.outputs] == sorted(one.case.id for one in OUTPUTS)
            assert not sample.stratified

    def test_failing_outputs_first_and_weights_that_undo_it(self) -> None:
        sample = draw(RUBRIC, OUTPUTS, 40, seed=1)
        failing = [
            weight
            for one, weight in zip(sample.outputs, sample.weights, strict=True)
            if misses(RUBRIC, one.human)
        ]
        assert len(sample.outputs) == 40
        assert len(failing) == 12, "all there are"
        assert sample.stratified
        assert sum(failing) / sum(sample.weights) == pytest.approx(12 / 200)

    def test_a_seed_draws_the_same_again(self) -> None:
        ids = [
            [one.case.id for one in draw(RUBRIC, outputs, 40, seed=seed).outputs]
            for seed, outputs in ((1, OUTPUTS), (1, OUTPUTS[::-1]), (2, OUTPUTS))
        ]
        assert ids[0] == ids[1] != ids[2]

    def test_a_sample_of_one_side_alone_is_whole(self) -> None:
        failing = [scored(f"c{at}", 0) for at in range(9)]
        assert len(draw(RUBRIC, failing, 4, seed=0).outputs) == 4


def test_people_agree_on_met_or_not_met_pair_by_pair() -> None:
    outputs = [scored("a", 2, ann=2, bob=2), scored("b", 1, ann=0, bob=1), scored("c", 2, ann=2)]
    assert people_agree(FACTS, outputs) == 1.0
    outputs.append(scored("d", 2, ann=2, bob=1, cat=2))
    assert people_agree(FACTS, outputs) == pytest.approx(3 / 5)
    assert people_agree(FACTS, [scored("e", 2, ann=2)]) is None
