from __future__ import annotations

from labeltool.model.base import Tier
from labeltool.model.round import Round, RoundOutput
from labeltool.rules import queue

TIERS: dict[str, Tier] = {
    "b-refund": "golden",
    "a-refund": "golden",
    "r-crash": "regression",
    "x-jailbreak": "adversarial",
}


def cases(items: tuple[queue.Item, ...]) -> list[str]:
    return [item.case for item in items]


def a_round(*outputs: str) -> Round:
    return Round(
        number=2,
        rubric="support-summary@2",
        system="assistant-nov",
        outputs=tuple(RoundOutput(case=case) for case in outputs),
    )


def test_without_a_round_golden_comes_first_then_by_id() -> None:
    items = queue.arrange(TIERS, {})
    assert cases(items) == ["a-refund", "b-refund", "x-jailbreak", "r-crash"]
    assert all(item.state == "todo" for item in items)


def test_a_stale_label_is_asked_for_before_anything_new() -> None:
    items = queue.arrange(TIERS, {"r-crash": "stale", "a-refund": "done"})
    assert cases(items)[0] == "r-crash"
    assert queue.start(items) == 0


def test_a_round_keeps_its_own_order() -> None:
    items = queue.arrange(TIERS, {}, round=a_round("r-crash", "a-refund"))
    assert cases(items) == ["r-crash", "a-refund"]


def test_a_round_leaves_out_an_output_that_is_gone() -> None:
    assert cases(queue.arrange(TIERS, {}, round=a_round("gone", "a-refund"))) == ["a-refund"]


def test_a_case_asked_for_by_name_opens_even_outside_the_round() -> None:
    items = queue.arrange(TIERS, {}, round=a_round("a-refund"), wanted="x-jailbreak")
    assert cases(items) == ["x-jailbreak", "a-refund"]
    assert queue.start(items, "x-jailbreak") == 0


def test_labelling_starts_at_the_first_open_output() -> None:
    items = queue.arrange(TIERS, {"a-refund": "done", "b-refund": "skipped"})
    assert items[queue.start(items)].case == "x-jailbreak"


def test_next_goes_round_to_what_was_left_behind() -> None:
    items = queue.arrange(TIERS, {"b-refund": "done", "x-jailbreak": "done", "r-crash": "done"})
    assert queue.next_open(items, 3) == 0


def test_next_is_none_when_all_is_done() -> None:
    items = queue.arrange(TIERS, dict.fromkeys(TIERS, "done"))
    assert queue.next_open(items, 1) is None


def test_next_never_returns_the_case_in_hand() -> None:
    items = queue.arrange({"a-refund": "golden"}, {})
    assert queue.next_open(items, 0) is None


def test_progress_counts_skipped_as_settled() -> None:
    items = queue.arrange(TIERS, {"a-refund": "done", "b-refund": "skipped", "r-crash": "stale"})
    assert queue.progress(items) == queue.Progress(done=2, total=4)
    settled = queue.settle(items, "r-crash", "done")
    assert queue.progress(settled).left == 1
