"""How room is shared."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st
from textual.geometry import Size

from labeltool.tui.spread import WIDE, pour, share, stack


@dataclass
class Pane:
    wants: int
    rows: int = 4

    def need(self, width: int, most: int) -> int:
        return min(self.wants, most)

    def detail(self, width: int) -> int:
        return 8


def test_short_texts_leave_their_room_to_long_ones() -> None:
    assert pour([3, 30, 3], 20) == [3, 14, 3]


def test_the_output_is_shown_whole_before_the_input_is() -> None:
    assert stack([40, 7, 9], 15) == [4, 7, 4]


@given(st.lists(st.integers(1, 500), min_size=3, max_size=3), st.integers(6, 80))
def test_all_room_is_used_and_nobody_vanishes(needs: list[int], room: int) -> None:
    for rows in (pour(needs, room), stack(needs, room)):
        assert sum(rows) == room
        assert min(rows) >= 1


@given(
    st.integers(60, 220), st.integers(12, 70), st.lists(st.integers(1, 99), min_size=3, max_size=3)
)
def test_panes_stay_inside_and_never_overlap(width: int, height: int, needs: list[int]) -> None:
    regions = share(Size(width, height), [Pane(wants) for wants in needs], Pane(0))
    for region in regions:
        assert region.x >= 0
        assert region.right <= width
        assert region.bottom <= height
        assert region.height >= 1
    for one in regions:
        assert not [other for other in regions if other is not one and one.overlaps(other)]


def test_wide_screens_stand_three_side_by_side() -> None:
    regions = share(Size(WIDE, 30), [Pane(9), Pane(9), Pane(9)], Pane(0))
    assert regions.input.height == regions.score.height == 30
    assert regions.output.x == regions.expected.x > regions.input.x
    assert regions.score.x > regions.output.x
