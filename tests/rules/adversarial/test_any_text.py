"""Whatever a case says, a change is a change, seeded, and a file can hold it."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labeltool.model.case import Case
from labeltool.model.record import Draft
from labeltool.rules.adversarial.change import Change, NotHereError
from labeltool.rules.adversarial.kinds import OFFLINE
from labeltool.store import codec

SAID = ["order", "AB-4711", "never", "e@x.example", "Anna", "3%", "Größe", "..."]
WORDS = st.sampled_from([*SAID, "`a b`", "```", "\n", "\u200b"])
TEXTS = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=80),
    st.lists(WORDS, min_size=1, max_size=30).map(" ".join),
)


def change(kind: str, case: Case, seed: int) -> Change | None:
    try:
        return OFFLINE[kind](case, Random(seed))
    except NotHereError:
        return None


@pytest.mark.parametrize("kind", OFFLINE)
@settings(max_examples=60, deadline=None)
@given(text=TEXTS, expected=TEXTS, seed=st.integers(0, 5))
def test_any_text(kind: str, text: str, expected: str, seed: int) -> None:
    case = Case(id="c", tier="golden", input=text, expected=expected)
    found = change(kind, case, seed)
    if found is None:
        return
    assert found == change(kind, case, seed)
    assert found.input != text
    assert str(found.input).strip()
    draft = Draft(id="d", input=found.input, checks=found.checks, notes=found.about)
    assert codec.decode(codec.encode(draft), Draft, "d.yaml") == draft
