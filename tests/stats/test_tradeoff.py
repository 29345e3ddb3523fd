"""Which weight would turn the winner, and who is outdone, by hand and by trying every share."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labeltool.stats.ranking import totals_of
from labeltool.stats.tradeoff import Stretch, flips, front, stretches


def test_the_weight_at_which_the_winner_changes() -> None:
    # Quality: A 0.9, B 0.8. Cost: A 0.2, B 0.6. Equal at w * 0.4 = (1 - w) * 0.1: w = 0.2.
    scores, weights = [[0.9, 0.8], [0.2, 0.6]], [0.9, 0.1]
    assert totals_of(scores, weights) == pytest.approx([0.83, 0.78])
    found = {one.row: one for one in flips(scores, weights)}
    assert (found[1].weight, found[1].flips_at, found[1].to) == pytest.approx((0.1, 0.2, 1))
    assert (found[0].weight, found[0].flips_at, found[0].to) == pytest.approx((0.9, 0.8, 1))
    at = found[1].flips_at
    before, after = ([1 - w, w] for w in (at - 0.01, at + 0.01))
    assert np.argmax(totals_of(scores, before)) == 0
    assert np.argmax(totals_of(scores, after)) == 1


def test_the_nearest_of_several_rivals_is_named_and_a_clear_winner_has_none() -> None:
    scores = [[0.9, 0.8, 0.7], [0.2, 0.5, 0.9]]
    above = [one for one in flips(scores, [0.9, 0.1]) if one.row == 1]
    assert [(one.to, round(one.flips_at, 3)) for one in above] == [(2, 0.222)]
    assert flips([[0.9, 0.8], [0.7, 0.6]], [0.5, 0.5]) == []


def test_the_stretches_of_a_row_say_who_wins_at_every_share() -> None:
    # Quality: A 0.9, B 0.8, C 0.7. Cost: A 0.2, B 0.5, C 0.9; by hand: A and C cross at 2 / 9.
    scores = [[0.9, 0.8, 0.7], [0.2, 0.5, 0.9]]
    found = stretches(scores, [0.9, 0.1], 1)
    assert [one.system for one in found] == [0, 2]
    assert found[0].end == found[1].start == pytest.approx(2 / 9)
    assert (found[0].start, found[1].end) == (0, 1)


def test_a_row_that_turns_nothing_is_one_stretch() -> None:
    assert stretches([[0.9, 0.8], [0.7, 0.6]], [0.5, 0.5], 0) == [Stretch(0, 1, 0)]
    assert stretches([[0.9, 0.8]], [1], 0) == [Stretch(0, 1, 0)]
    assert stretches([[0.5, 0.5], [0.5, 0.5]], [0.5, 0.5], 0) == [Stretch(0, 1, 0)]


SCORES = st.integers(2, 5).flatmap(
    lambda systems: st.lists(
        st.lists(st.integers(0, 10).map(lambda n: n / 10), min_size=systems, max_size=systems),
        min_size=2,
        max_size=4,
    )
)


@given(SCORES, st.data())
@settings(max_examples=150, deadline=None)
def test_at_every_share_the_stretch_names_a_best_system(
    scores: list[list[float]], data: st.DataObject
) -> None:
    weights = data.draw(
        st.lists(st.integers(1, 9).map(float), min_size=len(scores), max_size=len(scores))
    )
    for place in range(len(scores)):
        found = stretches(scores, weights, place)
        assert (found[0].start, found[-1].end) == (0, 1)
        others = sum(weights) - weights[place]
        for share in np.linspace(0, 1, 21):
            moved = [
                share if n == place else (1 - share) * weight / others
                for n, weight in enumerate(weights)
            ]
            totals = totals_of(scores, moved)
            one = next(one for one in found if one.start - 1e-9 <= share <= one.end + 1e-9)
            assert totals[one.system] == pytest.approx(max(totals), abs=1e-6)


def test_the_front_holds_whom_nobody_outdoes() -> None:
    points = [(0.9, 10.0), (0.8, 2.0), (0.7, 5.0), (0.8, 2.0), (0.95, 12.0)]
    assert front(points) == [0, 1, 3, 4]
    assert front([]) == []
