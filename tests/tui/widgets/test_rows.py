"""A list with a cursor."""

from __future__ import annotations

from textual import on
from textual.app import App, ComposeResult
from textual.content import Content

from labeltool.tui import theme
from labeltool.tui.widgets.rows import RowsPane

MANY = 10_000


class Bench(App[None]):
    """A list of 10,000 rows that keeps account of which were drawn."""

    def __init__(self) -> None:
        super().__init__()
        self.register_theme(theme.DARK)
        self.theme = theme.DARK.name
        self.drawn: set[int] = set()
        self.heard: list[tuple[int, bool]] = []

    def compose(self) -> ComposeResult:
        yield RowsPane("rows")

    def on_mount(self) -> None:
        self.query_one(RowsPane).show(MANY, self.row)

    def row(self, row: int, width: int) -> Content:
        self.drawn.add(row)
        return Content(f"row {row}".ljust(width)[:width])

    @on(RowsPane.Picked)
    def picked(self, message: RowsPane.Picked) -> None:
        self.heard.append((message.row, message.again))

    def lines(self) -> list[str]:
        return [strip.text.rstrip() for strip in self.screen._compositor.render_strips()]


async def test_only_rows_in_view_are_drawn() -> None:
    app = Bench()
    async with app.run_test(size=(40, 12)) as pilot:
        pane = app.query_one(RowsPane)
        assert app.lines()[1] == " ▸ row 0"
        assert "1-11 of 10000 ▼" in app.lines()[0]
        assert pane.pick(MANY - 1)
        await pilot.pause()
        assert app.lines()[-1] == " ▸ row 9999"
        assert len(app.drawn) < 60


async def test_the_cursor_stays_within_the_rows_and_in_view() -> None:
    app = Bench()
    async with app.run_test(size=(40, 12)) as pilot:
        pane = app.query_one(RowsPane)
        assert not pane.pick(-1)
        assert pane.page(1)
        await pilot.pause()
        assert pane.cursor == 10
        pane.show(3, app.row)
        await pilot.pause()
        assert pane.cursor == 2
        assert not pane.pick(3)
        assert "▸ row 2" in app.lines()[3]


async def test_a_click_picks_a_row_and_the_next_one_opens_it() -> None:
    app = Bench()
    async with app.run_test(size=(40, 12)) as pilot:
        await pilot.click(RowsPane, offset=(5, 4))
        await pilot.click(RowsPane, offset=(5, 4))
        await pilot.click(RowsPane, offset=(5, 0))
        assert app.heard == [(3, False), (3, True)]
