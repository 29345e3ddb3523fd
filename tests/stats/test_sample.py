"""A sample of a stream that does not depend on who read which part of it."""

from __future__ import annotations

import random
from functools import partial

from scipy import stats

from labeltool.stats.sample import Sample, draw


def kept(names: list[str], size: int, seed: int = 0) -> list[str]:
    sample: Sample[str] = Sample(size)
    for name in names:
        sample.add(draw(name, seed), partial(str, name))
    return sample.items()


def test_every_item_has_the_same_chance() -> None:
    names = [f"r{n}" for n in range(500)]
    taken = dict.fromkeys(names, 0)
    for seed in range(400):
        for name in kept(names, 50, seed):
            taken[name] += 1
    tenths = [sum(list(taken.values())[at : at + 50]) for at in range(0, 500, 50)]
    assert stats.chisquare(tenths).pvalue > 0.001


def test_the_order_of_the_stream_does_not_matter() -> None:
    names = [f"r{n}" for n in range(500)]
    shuffled = random.Random(1).sample(names, len(names))
    assert kept(names, 50) == kept(shuffled, 50)
    assert kept(names, 50, seed=1) != kept(names, 50, seed=2)
    assert kept(names, 50)[:20] == kept(names, 20), "the beginning is a smaller sample"


def test_copies_are_kept_in_the_order_in_which_they_came() -> None:
    sample: Sample[int] = Sample(3)
    for number in range(6):
        sample.add(7, partial(int, number))
    assert sample.items() == [0, 1, 2]
    assert sample.seen == 6


def test_what_is_not_taken_is_not_made() -> None:
    made: list[str] = []
    sample: Sample[None] = Sample(1)
    for name in ("a", "b"):
        sample.add({"a": 1, "b": 2}[name], partial(made.append, name))
    assert made == ["a"]


def test_a_text_that_no_encoding_takes_has_a_draw_as_well() -> None:
    assert draw("\ud800", 3) == draw("\ud800", 3) != draw("\ud801", 3)
