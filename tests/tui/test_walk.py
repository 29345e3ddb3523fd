"""Where one stands in the queue."""

from __future__ import annotations

from labeltool.rules.queue import Item, Progress
from labeltool.tui.walk import AHEAD, Walk


def walk(states: str) -> Walk:
    """Cases a, b, c...; `.` waits for its label, `x` has it."""
    return Walk(
        tuple(
            Item(chr(ord("a") + place), "golden", "todo" if state == "." else "done")
            for place, state in enumerate(states)
        )
    )


def test_what_is_left_follows_every_answer() -> None:
    mine = walk("..x.")
    assert (mine.left, mine.progress) == (3, Progress(1, 4))
    mine.settle("a", "done")
    mine.settle("a", "done")
    mine.settle("b", "skipped")
    assert (mine.left, mine.progress) == (1, Progress(3, 4))
    mine.settle("b", "todo")
    mine.settle("elsewhere", "done")
    assert mine.left == 2


def test_some_open_cases_are_read_ahead_and_both_neighbours() -> None:
    mine = walk("x.xx.x.x...")
    assert AHEAD == 3
    assert set(mine.unread()) == {"a", "c", "e", "g", "i"}
    mine.go_to("k")
    assert set(mine.unread()) == {"j", "b", "e", "g"}


def test_one_goes_to_a_case_by_its_name() -> None:
    mine = walk("...")
    assert mine.holds("c")
    assert not mine.holds("d")
    mine.go_to("c")
    assert (mine.case, mine.step(1)) == ("c", "this is the last case")


def test_what_settles_something_begins_at_its_first_open_case_unless_one_is_half_made() -> None:
    items = (
        Item("a", "golden", "done"),
        Item("b", "golden", "todo"),
        Item("c", "golden", "stale"),
        Item("d", "golden", "todo"),
    )
    assert Walk(items, last="a").case == "c"  # usually what is asked again comes first
    assert Walk(items, last="a", settling=True).case == "b"
    assert Walk(items, last="d", settling=True).case == "d"
    assert Walk(items, "c", settling=True).case == "c"
