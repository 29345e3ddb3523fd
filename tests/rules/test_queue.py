from __future__ import annotations

from labeltool.model.base import Tier
from labeltool.model.round import Closed, Round, RoundOutput
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
    settled = queue.settle(items, [item.case for item in items].index("r-crash"), "done")
    assert queue.progress(settled).left == 1


def test_labelling_goes_on_after_the_last_label_and_comes_round() -> None:
    items = queue.arrange(TIERS, {"b-refund": "done"})
    assert items[queue.start(items, last="b-refund")].case == "x-jailbreak"
    items = queue.arrange(TIERS, {"r-crash": "done"})
    assert items[queue.start(items, last="r-crash")].case == "a-refund"


def test_labelling_goes_on_in_a_half_made_label() -> None:
    items = queue.arrange(TIERS, {})
    assert items[queue.start(items, last="x-jailbreak")].case == "x-jailbreak"
    assert queue.start(items, last="gone") == 0


def test_what_is_asked_again_comes_before_where_one_left() -> None:
    items = queue.arrange(TIERS, {"r-crash": "stale", "a-refund": "done"})
    assert queue.start(items, last="a-refund") == 0


MANY: dict[str, Tier] = {f"case-{n:04}": "golden" for n in range(2000)}
SHARE = queue.Share(("alice", "bob", "carol"), seed=7)


def test_the_rest_is_shared_out_with_a_tenth_labelled_twice() -> None:
    whose = {case: SHARE.whose(case) for case in MANY}
    counts = [sum(name in mine for mine in whose.values()) for name in SHARE.people]
    assert all(650 < count < 820 for count in counts)
    assert 150 < sum(len(mine) == 2 for mine in whose.values()) < 250
    assert all(len(set(mine)) == len(mine) for mine in whose.values())


def test_everybody_computes_the_same_shares() -> None:
    again = queue.Share(("alice", "bob", "carol"), seed=7)
    assert [again.whose(case) for case in MANY] == [SHARE.whose(case) for case in MANY]
    other = queue.Share(("alice", "bob", "carol"), seed=8)
    assert [other.whose(case) for case in MANY] != [SHARE.whose(case) for case in MANY]


def test_one_more_annotator_takes_from_the_others_and_moves_nothing_between_them() -> None:
    more = queue.Share(("alice", "bob", "carol", "dan"), seed=7)
    moved = [c for c in MANY if more.whose(c)[0] not in (SHARE.whose(c)[0], "dan")]
    assert moved == []


def test_my_queue_is_my_share_and_what_i_labelled_before() -> None:
    mine = {case for case in MANY if "alice" in SHARE.whose(case)}
    not_mine = next(case for case in MANY if case not in mine)
    items = queue.arrange(MANY, {not_mine: "done"}, share=SHARE, annotator="alice")
    assert set(cases(items)) == mine | {not_mine}
    assert len(queue.arrange(MANY, {}, share=SHARE, annotator="stranger")) == len(MANY)


def test_a_case_of_somebody_else_opens_when_asked_for_by_name() -> None:
    theirs = next(case for case in MANY if "alice" not in SHARE.whose(case))
    items = queue.arrange(MANY, {}, share=SHARE, annotator="alice", wanted=theirs)
    assert items[queue.start(items, theirs)].case == theirs


def test_nothing_is_shared_before_a_round_is_closed() -> None:
    opened = a_round("a-refund")
    closed = opened.model_copy(update={"closed": Closed(), "annotators": ("bob", "alice")})
    assert queue.share_out([], "assistant-nov", ["alice", "bob"]) is None
    assert queue.share_out([opened], "assistant-nov", ["alice", "bob"]) is None
    assert queue.share_out([closed], "other", ["alice", "bob"]) is None
    assert queue.share_out([closed], "assistant-nov", []) == queue.Share(("alice", "bob"))
    alone = closed.model_copy(update={"annotators": ("bob",)})
    assert queue.share_out([alone], "assistant-nov", []) is None
