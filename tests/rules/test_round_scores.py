"""What counts as said blindly in a round."""

from __future__ import annotations

from typing import Any

from labeltool.model.round import Round, RoundOutput
from labeltool.rules.round_scores import as_scores, asked_of, blind_scores, is_done
from tests.rules.people import RUBRIC, TEXTS, label

ROUND = Round(number=2, rubric="r@2", system="s1", annotators=("ann", "bob"))


def said(scores: dict[str, Any], round: Round = ROUND, **changes: Any) -> dict[str, Any]:
    return blind_scores(round, RUBRIC, label("ann", scores, **changes), TEXTS)


def test_scores_of_the_rounds_own_wording_count() -> None:
    assert said({"tone": 2, "items": 3}) == {"tone": 2, "items": 3}
    assert said({"tone": "na"}) == {"tone": "na"}


def test_scores_of_another_wording_text_or_scale_do_not() -> None:
    assert said({"tone": 2, "items": 3}, rubric="r@1") == {"items": 3}
    earlier = ROUND.model_copy(update={"rubric": "r@1"})
    assert said({"tone": 2, "items": 3}, earlier) == {"items": 3}
    assert said({"tone": 2}, earlier, rubric="r@1") == {"tone": 2}
    assert said({"tone": 2}, output_hash="0" * 12) == {}
    assert said({"tone": 2}, rubric="other@2") == {}
    assert said({"tone": 9, "short": 1, "gone": 1}) == {}
    assert said({}, status="skipped") == {}


def test_what_is_said_after_the_others_were_shown_is_not_blind_but_said() -> None:
    seen = ROUND.model_copy(update={"unblinded": {"ann": "2026-11-22T10:00:00Z"}})
    scores = {"tone": 2, "items": 3}
    assert said(scores, seen, labeled_at="2026-11-22T09:59:59Z") == scores
    assert said(scores, seen, labeled_at="2026-11-22T10:00:00Z") == {}
    assert said(scores, seen, labeled_at="2026-11-22T11:30:00+02:00") == scores
    assert said(scores, seen) == {}
    assert is_done(seen, RUBRIC, label("ann", scores), TEXTS)


def test_it_is_done_with_every_criterion_or_skipped() -> None:
    assert not is_done(ROUND, RUBRIC, None, TEXTS)
    assert not is_done(ROUND, RUBRIC, label("ann", {"tone": 1}), TEXTS)
    assert is_done(ROUND, RUBRIC, label("ann", {"tone": 1, "items": 0}), TEXTS)
    assert is_done(ROUND, RUBRIC, label("ann", {}, status="skipped"), TEXTS)


def test_a_criterion_amended_meanwhile_is_left_to_the_next_round() -> None:
    earlier = ROUND.model_copy(update={"rubric": "r@1"})
    assert asked_of(earlier, RUBRIC) == {"items"}
    assert is_done(earlier, RUBRIC, label("ann", {"items": 0}, rubric="r@1"), TEXTS)


def test_only_fresh_outputs_are_measured() -> None:
    outputs = (RoundOutput(case="a"), RoundOutput(case="b", fresh=False))
    frozen: dict[str, Any] = {
        "ann": {"a": {"tone": 1}, "b": {"tone": 1}},
        "bob": {"a": {"tone": 2}},
    }
    assert as_scores(frozen, outputs, "tone") == {"a": {"ann": 1, "bob": 2}}
    assert as_scores(frozen, outputs, "items") == {"a": {}}
