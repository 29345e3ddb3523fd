"""Results as a short Markdown summary: verdict, tiers, what failed and why."""

from __future__ import annotations

from labeltool.model.result import Results
from labeltool.report.text import (
    Errors,
    Failing,
    Highlights,
    errors,
    failing,
    headline,
    notes,
    place,
    tier_rows,
)
from labeltool.safe_text import for_markdown

HEADINGS = ("tier", "passed", "rate", "interval", "gate", "verdict", "")


def markdown(results: Results, highlights: Highlights, *, dataset: str | None = None) -> str:
    """Every text of the data is escaped: no markup, HTML, link, mention or reference comes
    through.
    """
    lines = [f"### {for_markdown(headline(results))}", "", for_markdown(place(results)), ""]
    lines += [_row(HEADINGS), "|---|---:|---:|---|---|---|---|"]
    lines += [
        _row((row.tier, row.passed, row.rate, row.interval, row.gate, row.verdict, row.more))
        for row in tier_rows(results)
    ]
    found = notes(results)
    if found:
        lines += ["", *(f"- {for_markdown(note)}" for note in found)]
    if highlights.failed_total or highlights.errors_total:
        lines += ["", f"**{_counted(highlights)}**", ""]
    for case in failing(results, highlights, dataset=dataset):
        lines += _case(case)
    for error in errors(results, highlights, dataset=dataset):
        lines += _error(error)
    if highlights.more:
        lines += ["", f"... {highlights.more} more: see the results file"]
    return "\n".join(lines) + "\n"


def _row(cells: tuple[str, ...]) -> str:
    return "| " + " | ".join(for_markdown(cell) for cell in cells) + " |"


def _counted(highlights: Highlights) -> str:
    parts = [
        f"{count} {word}"
        for count, word in (
            (highlights.failed_total, "failed"),
            (highlights.errors_total, "without a result"),
        )
        if count
    ]
    return ", ".join(parts)


def _case(case: Failing) -> list[str]:
    lines = [f"- **{for_markdown(case.id)}** {case.tier}: {for_markdown(case.what)}"]
    lines += [f"  - {for_markdown(reason)}" for reason in case.lost]
    # The command is made of ids only, which hold no backtick.
    return [*lines, f"  - again: `{case.again}`"]


def _error(error: Errors) -> list[str]:
    more = f" and {error.count - len(error.ids)} more" if error.count > len(error.ids) else ""
    return [
        f"- {for_markdown(error.error)}",
        f"  - {for_markdown(', '.join(error.ids))}{more}",
        f"  - again: `{error.again}`",
    ]
