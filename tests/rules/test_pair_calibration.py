"""A judge's choices held against people's, and what they are worth afterwards."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import cohen_kappa_score

from labeltool.model.calibration import Calibration
from labeltool.model.rubric import Rubric
from labeltool.rules.pair_calibration import PairFigures, compare
from labeltool.rules.pair_trust import pair_trust
from labeltool.rules.pairwise import SIDES, Asked, Duel, Side, people_of

RUBRIC = Rubric.model_validate(
    {"name": "short", "version": 2, "criteria": [{"id": "facts", "text": "Facts.", "max": 2}]}
)


Pairs = list[tuple[Side, Side]]


def held(pairs: Pairs, **errors: str) -> PairFigures:
    """Of (people's, the judge's) choices."""
    people = people_of({f"c{at}": {"alice": human} for at, (human, _) in enumerate(pairs)})
    duels = [
        Duel(f"c{at}", forward=Asked(judge), backward=Asked(judge), error=errors.get(f"c{at}"))
        for at, (_, judge) in enumerate(pairs)
    ]
    return compare(people, duels)


def many(human: Side, judge: Side, count: int) -> Pairs:
    return [(human, judge)] * count


def test_kappa_is_that_of_an_independent_implementation() -> None:
    rng = np.random.default_rng(4)
    human = [SIDES[at] for at in rng.choice(3, size=60, p=[0.5, 0.3, 0.2])]
    judge = [one if rng.random() < 0.6 else SIDES[rng.integers(3)] for one in human]
    found = held(list(zip(human, judge, strict=True)))
    assert found.n == 60
    assert found.kappa == pytest.approx(cohen_kappa_score(human, judge))
    assert found.agreement == pytest.approx(
        np.mean([a == b for a, b in zip(human, judge, strict=True)])
    )


def test_a_judge_is_trusted_by_the_bars_of_a_criterion() -> None:
    good: Pairs = [*many("a", "a", 18), *many("b", "b", 10), *many("tie", "a", 2)]
    found = held(good)
    assert (found.trusted, found.reason) == (True, "agrees with people on 0.93")
    assert (found.decided, found.decided_agreement) == (28, 1.0)
    assert held(good[:29]).reason == "29 pairs that people chose between, 30 are asked"
    assert "5 wins of each system" in held([("a", "a")] * 40).reason
    always = [*many("a", "a", 34), *many("b", "a", 6)]
    assert held(always).reason == "no better than always saying the same (0.85)"
    half = [*many("a", "b", 20), *many("b", "b", 20)]
    assert held(half).reason == "agrees with people on 0.50, 0.80 is asked"


def test_errors_and_pairs_that_nobody_settled_do_not_count() -> None:
    found = held([("a", "a"), ("b", "b")], c1="timed out")
    assert (found.n, found.errors) == (1, 1)
    nobody = compare(people_of({}), [Duel("c", forward=Asked("a"), backward=Asked("a"))])
    document = nobody.document()
    assert (document["n"], document["agreement"], document["trusted"]) == (0, None, False)
    assert set(document["why"]) >= {"agreement", "kappa", "human_agreement", "flip_rate"}


class TestTrustInChoices:
    @staticmethod
    def of(pairwise: dict[str, dict[str, object]], **said: str) -> tuple[str, str | None]:
        calibration = Calibration(
            judge="j", fingerprint="scores", rubric="short@2", pairwise=pairwise
        )
        pair = ("lead", "new")
        found = pair_trust(
            calibration, name="j", kind="openai", fingerprint="f", rubric=RUBRIC, pair=pair
        )
        return found.trust, found.pair

    def test_it_holds_for_one_judge_and_one_rubric_version(self) -> None:
        good = {"fingerprint": "f", "rubric": "short@2", "trusted": True, "n": 40}
        assert self.of({}) == ("uncalibrated", None)
        assert self.of({"lead-vs-new": good}) == ("trusted", "lead-vs-new")
        assert self.of({"lead-vs-new": {**good, "fingerprint": "other"}}) == ("stale", None)
        assert self.of({"lead-vs-new": {**good, "rubric": "short@1"}}) == ("stale", None)

    def test_this_very_pair_counts_before_a_larger_one(self) -> None:
        good = {"fingerprint": "f", "rubric": "short@2", "trusted": True, "n": 90}
        mine = {**good, "trusted": False, "n": 31}
        assert self.of({"lead-vs-new": mine, "x-vs-y": good}) == ("untrusted", "lead-vs-new")
        assert self.of({"x-vs-y": good}) == ("trusted", "x-vs-y")
