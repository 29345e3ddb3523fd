"""Results as Markdown for a step summary or a pull request: the verdict, the tiers, what broke and
why.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from labeltool.model.result import Results
from labeltool.report.difference import Change
from labeltool.report.highlights import Highlights
from labeltool.report.text import (
    Errors,
    Failing,
    against,
    broken,
    errors,
    failing,
    failing_title,
    headline,
    notes,
    passing_now,
    place,
    tier_rows,
)
from labeltool.safe_text import for_markdown

HEADINGS = ("tier", "passed", "rate", "interval", "gate", "verdict", "")
MOST_CHARS = 60_000
"""GitHub takes comments of 65,536 characters."""
SIDES = {"-": "was: ", "+": "now: ", " ": ""}
_REPOSITORY, _NUMBER = re.compile(r"[\w.-]+/[\w.-]+"), re.compile(r"\d+")
_PLAIN = re.compile(r"[A-Za-z0-9 ._=:/-]+")
_SERVER = re.compile(r"https://[A-Za-z0-9.-]+(?::\d+)?")


def run_link(env: Mapping[str, str]) -> str | None:
    """The page of the workflow run that this is; None outside of one."""
    server, repository = env.get("GITHUB_SERVER_URL", ""), env.get("GITHUB_REPOSITORY", "")
    run = env.get("GITHUB_RUN_ID", "")
    said = (_SERVER.fullmatch(server), _REPOSITORY.fullmatch(repository), _NUMBER.fullmatch(run))
    return f"{server}/{repository}/actions/runs/{run}" if all(said) else None


def markdown(
    results: Results,
    highlights: Highlights,
    *,
    dataset: str | None = None,
    link: str | None = None,
) -> str:
    """At most MOST_CHARS. Every text of the data is escaped: no markup, HTML, link, mention or
    reference comes through.

    dataset: the default one, which commands need not name. link: a URL with the rest of it.
    """
    rest = "see the results file" if link is None else f"see [the run]({link})"
    first = [f"### {for_markdown(headline(results))}", ""]
    first += [for_markdown(place(results)) + (f" · [run]({link})" if link else ""), ""]
    first += _tiers(results)
    blocks = [
        *_cases("broken", highlights.broken_total, broken(results, highlights, dataset=dataset)),
        *_cases(
            failing_title(results),
            highlights.failed_total,
            failing(results, highlights, dataset=dataset),
        ),
        *_errors(highlights.errors_total, errors(results, highlights, dataset=dataset)),
    ]
    if highlights.more:
        blocks.append(["", f"... {highlights.more} more: {rest}"])
    blocks += [*_open(highlights), *_notes(results)]
    return _capped(first, blocks, f"... cut off here: {rest}")


def _capped(first: Sequence[str], blocks: Iterable[Sequence[str]], ending: str) -> str:
    """Whole blocks, as many as fit; the `ending` where some do not."""
    text = "\n".join(first)[: MOST_CHARS // 2] + "\n"
    for block in blocks:
        more = "\n".join(block) + "\n"
        if len(text) + len(more) + len(ending) + 2 > MOST_CHARS:
            return f"{text}\n{ending}\n"
        text += more
    return text


def _tiers(results: Results) -> Iterator[str]:
    yield _row(HEADINGS)
    yield "|---|---:|---:|---|---|---|---|"
    for row in tier_rows(results):
        yield _row((row.tier, row.passed, row.rate, row.interval, row.gate, row.verdict, row.more))
    compared = against(results)
    if compared is not None:
        yield ""
        yield for_markdown(compared)


def _row(cells: tuple[str, ...]) -> str:
    return "| " + " | ".join(for_markdown(cell) for cell in cells) + " |"


def _cases(title: str, total: int, cases: Sequence[Failing]) -> Iterator[list[str]]:
    if not cases:
        return
    yield ["", f"**{title} ({total})**", ""]
    for case in cases:
        lines = [f"- **{for_markdown(case.id)}** {case.tier}: {for_markdown(case.what)}"]
        lines += [f"  - {for_markdown(reason)}" for reason in case.lost]
        lines += [f"  - {_change(one)}" for one in case.changes]
        yield [*lines, f"  - again: {_code(case.again)}"]


def _code(command: str) -> str:
    """Ids hold nothing that ends a code span; a results file from elsewhere may."""
    return f"`{command}`" if _PLAIN.fullmatch(command) else for_markdown(command)


def _change(one: Change) -> str:
    return f"{SIDES[one.sign]}{for_markdown(one.text)}"


def _errors(total: int, found: Sequence[Errors]) -> Iterator[list[str]]:
    if not found:
        return
    yield ["", f"**without a result ({total})**", ""]
    for error in found:
        more = f" and {error.count - len(error.ids)} more" if error.count > len(error.ids) else ""
        yield [
            f"- {for_markdown(error.error)}",
            f"  - {for_markdown(', '.join(error.ids))}{more}",
            f"  - again: {_code(error.again)}",
        ]


def _open(highlights: Highlights) -> Iterator[list[str]]:
    now = passing_now(highlights)
    if now is not None:
        yield ["", f"{for_markdown(now[0])}. Hold it: {_code(now[1])}"]


def _notes(results: Results) -> Iterator[list[str]]:
    found = notes(results)
    if found:
        yield ["", *(f"- {for_markdown(note)}" for note in found)]
