"""A comparison as Markdown, for a pull request or a page that records the decision."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from labeltool.report.compare import (
    basis,
    handed_over,
    lost,
    name_of,
    noticed,
    sensitivities,
    shown,
    standing_of,
    verdict,
    weight_of,
    within_noise,
)
from labeltool.rules.compared import Compared
from labeltool.safe_text import for_markdown, one_line

MOST_CASES, MOST_TAGS = 40, 20


def markdown(found: Compared) -> str:
    """Every text of the data is escaped: no markup, HTML, link or mention comes through."""
    return "\n".join(_lines(found)) + "\n"


def _lines(found: Compared) -> Iterator[str]:
    yield f"### {_cell(verdict(found))}"
    close = within_noise(found)
    if len(found.ranked) > 2 and close:
        yield from ("", _cell(f"Not told apart from it: {', '.join(close)}."))
    yield from ("", _cell(basis(found)), "")
    yield from _matrix(found)
    yield from ("", "**What would change it**", "")
    yield from (f"- {_cell(line)}" for line in (*sensitivities(found), *noticed(found)))
    yield from _differ(found)


def _matrix(found: Compared) -> Iterable[str]:
    """Rows as lines, systems as columns; of many systems the other way round."""
    entries = found.by_total
    standings = list(zip(*map(standing_of, entries), strict=True))
    body = [
        [name_of(found, row), weight_of(found, row)]
        + [shown(row, one.values.get(row.key)) for one in entries]
        for row in found.rows
    ]
    titles = ("total", "95%", "best in")
    body += [[title, "", *values] for title, values in zip(titles, standings, strict=True)]
    head = ["criterion", "weight", *(one.name for one in entries)]
    if len(entries) > 4:
        head, *body = [list(column) for column in zip(head, *body, strict=True)]
    return _table(head, body)


def _differ(found: Compared) -> Iterator[str]:
    if not found.differ:
        return
    count, of = len(found.differ), len(found.paired.ids)
    yield from ("", f"**They part on {count:,} of {of:,} cases**", "")
    if found.splits:
        head = ["tag", "cases", f"only {found.winner}", f"only {found.rival}"]
        body = [
            [one.tag, str(one.cases), str(one.first), str(one.second)]
            for one in found.splits[:MOST_TAGS]
        ]
        yield from (*_table(head, body), "")
    rows = [[id, ", ".join(passes), ", ".join(fails)] for id, passes, fails in lost(found)]
    yield from _table(["case", "passes", "fails"], rows[:MOST_CASES])
    if count > MOST_CASES:
        yield from ("", f"... {count - MOST_CASES:,} more: --json lists them")
    command = handed_over(found)
    if command is not None:
        said = "let people choose, without knowing which is which"
        yield from ("", f"{said}: {_cell(command)}")


def _table(head: Sequence[str], body: Iterable[Sequence[str]]) -> list[str]:
    rows = [[_cell(cell) for cell in row] for row in (head, *body)]
    align = ["---", *["---:"] * (len(head) - 1)]
    return ["| " + " | ".join(row) + " |" for row in (rows[0], align, *rows[1:])]


def _cell(text: str) -> str:
    return for_markdown(one_line(text, 500))
