"""What a judge's two answers about a pair mean, and all pairs counted."""

from __future__ import annotations

import pytest

from labeltool.errors import UsageError
from labeltool.rules.pairwise import (
    Asked,
    Duel,
    Side,
    by_tag,
    pair_folder,
    people_of,
    tally,
    turned,
    verdict,
)
from labeltool.stats.intervals import wilson


def duel(forward: Side, backward: Side, case: str = "c", *tags: str) -> Duel:
    return Duel(case, tags, Asked(forward), Asked(backward))


class TestOnePair:
    @pytest.mark.parametrize(
        ("forward", "backward", "side", "flipped"),
        [
            ("a", "a", "a", False),
            ("b", "b", "b", False),
            ("tie", "tie", "tie", False),
            ("a", "b", "tie", True),
            ("b", "a", "tie", True),
            ("a", "tie", "tie", True),
        ],
    )
    def test_only_who_is_taken_in_both_orders_wins(
        self, forward: Side, backward: Side, side: Side, flipped: bool
    ) -> None:
        found = duel(forward, backward)
        assert (found.side, found.flipped) == (side, flipped)

    def test_the_very_same_text_is_a_tie_and_no_flip(self) -> None:
        found = Duel("c", same=True)
        assert (found.side, found.flipped, found.firsts) == ("tie", False, (0, 0))

    def test_an_error_is_no_verdict_whatever_one_order_said(self) -> None:
        found = Duel("c", forward=Asked("a"), error="judge: timed out")
        assert (found.side, found.firsts) == (None, (0, 0))

    def test_what_stood_first_is_counted_in_each_order(self) -> None:
        assert duel("a", "b").firsts == (2, 2)  # always the first
        assert duel("b", "a").firsts == (0, 2)  # always the second
        assert duel("a", "a").firsts == (1, 2)  # the same system, first and then second
        assert duel("tie", "b").firsts == (1, 1)


class TestAllPairs:
    def test_a_tie_is_half_a_win_and_errors_stay_outside(self) -> None:
        duels = [
            duel("a", "a"),
            duel("a", "a"),
            duel("b", "b"),
            duel("a", "b"),
            Duel("e", error="x"),
        ]
        found = tally(duels)
        assert (found.n, found.wins_a, found.wins_b, found.ties) == (4, 2, 1, 1)
        assert (found.flips, found.errors) == (1, 1)
        assert found.win_rate == pytest.approx(2.5 / 4)
        assert found.interval == wilson(2.5, 4)
        assert found.flip_rate == 0.25
        assert found.first_share == pytest.approx(5 / 8)

    def test_nothing_decided_has_no_rate(self) -> None:
        found = tally([Duel("c", error="x")])
        assert (found.win_rate, found.interval, found.flip_rate) == (None, None, None)
        assert found.first_share is None
        assert verdict("x", "y", found) == "no pair has a verdict"

    def test_by_tag(self) -> None:
        found = by_tag([duel("a", "a", "1", "long", "angry"), duel("b", "b", "2", "long")])
        assert {tag: (one.wins_a, one.wins_b) for tag, one in found.items()} == {
            "angry": (1, 0),
            "long": (1, 1),
        }

    def test_the_verdict_says_who_is_better_only_where_the_interval_does(self) -> None:
        assert verdict("x", "y", tally([duel("a", "a")] * 20)).startswith("x is better: it wins 1")
        assert verdict("x", "y", tally([duel("b", "b")] * 20)).startswith("y is better: it wins 1")
        assert verdict("x", "y", tally([duel("a", "a")])).startswith("no difference can be told")
        same = tally([Duel("c", same=True)] * 3)
        assert (
            verdict("x", "y", same)
            == "no difference: x and y gave the very same text in all 3 pairs"
        )


class TestPeople:
    def test_more_than_half_settle_a_pair(self) -> None:
        found = people_of(
            {
                "c1": {"alice": "a", "bob": "a"},
                "c2": {"alice": "a", "bob": "b"},
                "c3": {"alice": "a", "bob": "b", "carol": "b"},
                "c4": {"alice": "tie"},
            }
        )
        assert found.settled == {"c1": "a", "c3": "b", "c4": "tie"}
        assert found.unsettled == ("c2",)
        assert found.counts == {"alice": 4, "bob": 3, "carol": 1}
        assert found.pairs == (2, 5)


def test_names_are_sorted_and_one_is_no_pair() -> None:
    assert pair_folder("new", "lead") == ("lead", "new")
    with pytest.raises(UsageError, match="against itself"):
        pair_folder("x", "x")
    assert [turned(side) for side in ("a", "b", "tie")] == ["b", "a", "tie"]
