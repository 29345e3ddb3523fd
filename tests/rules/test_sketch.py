"""Candidates without comparing each with each."""

from __future__ import annotations

import random

from labeltool.rules.sketch import Sketches


def test_texts_that_differ_by_a_word_meet_and_strangers_seldom_do() -> None:
    chance = random.Random(3)
    words = [f"word{number}" for number in range(2_000)]
    texts = [" ".join(chance.sample(words, 60)) for _ in range(500)]
    sketches = Sketches()
    for text in texts:
        sketches.add(text)
    met = strangers = 0
    for number, text in enumerate(texts):
        changed = text.split()
        changed[30] = "another"
        found = sketches.candidates(" ".join(changed))
        met += found[:1] == [number]
        strangers += len(found) - 1
    assert met == 500
    assert strangers < 500


def test_short_and_empty_texts_do_no_harm() -> None:
    sketches = Sketches()
    for text in ("", "one", "one two", "日本語"):
        sketches.add(text)
    assert 1 in sketches.candidates("one")
    assert sketches.candidates("something else entirely") == []
