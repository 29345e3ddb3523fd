"""Agreement as the JSON document, and as Markdown for a pull request."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from labeltool.rules.agreement import Agreement, AtVersion, notes
from labeltool.rules.ratings import Disagreement, Measured, Pair
from labeltool.safe_text import for_markdown
from labeltool.stats.agreement import Estimate, Level

SCHEMA = "labeltool/agreement@1"
SHOWN = 10


def document(found: Agreement) -> dict[str, Any]:
    """`labeltool/agreement@1`: every number rounded to six places; undefined is null with why."""
    return {
        "schema": SCHEMA,
        "dataset": found.dataset,
        "rubric": found.rubric.ref,
        "annotators": list(found.annotators),
        "outputs": found.outputs,
        "why": found.nothing,
        "criteria": {id: _measured(one) for id, one in found.criteria.items()},
        "disagreements": [_disagreement(one) for one in found.disagreements],
        "versions": {
            id: [_version(one) for one in versions] for id, versions in found.versions.items()
        },
        "tags": {
            tag: {id: _measured(one) for id, one in criteria.items()}
            for tag, criteria in found.tags.items()
        },
        "labelled": found.labelled,
        "hidden": found.hidden,
        "stale": found.stale,
        "gone": found.gone,
        "notes": notes(found),
    }


def _measured(one: Measured) -> dict[str, Any]:
    return {
        "n": one.n,
        "percent": _rounded(one.percent.value),
        "percent_interval": _interval(one.percent),
        "why": one.percent.why,
        "alpha": _estimate(one.alpha, one.level),
        "kappa": _estimate(one.kappa, "nominal"),
        "weighted_kappa": _estimate(one.weighted_kappa, "ordinal"),
        "pairs": {f"{a}|{b}": _pair(pair) for (a, b), pair in one.pairs.items()},
    }


def _estimate(one: Estimate, level: Level) -> dict[str, Any]:
    return {
        "value": _rounded(one.value),
        "interval": _interval(one),
        "level": level,
        "n": one.n,
        "why": one.why,
    }


def _pair(pair: Pair) -> dict[str, Any]:
    return {
        "n": pair.percent.n,
        "percent": _rounded(pair.percent.value),
        "kappa": _rounded(pair.kappa.value),
        "weighted_kappa": _rounded(pair.weighted_kappa.value),
        "difference": _rounded(pair.difference),
        "why": pair.percent.why or pair.kappa.why or pair.weighted_kappa.why,
    }


def _disagreement(one: Disagreement) -> dict[str, Any]:
    system, case = one.output
    return {
        "case": case,
        "system": system,
        "criterion": one.difference.criterion.id,
        "scores": dict(sorted(one.difference.scores.items())),
        "resolved": one.difference.settled,
    }


def _version(one: AtVersion) -> dict[str, Any]:
    return {
        "round": one.round,
        "version": one.version,
        "at": one.at,
        "n": one.n,
        "alpha": _rounded(one.alpha),
        "agreement": _rounded(one.agreement),
        "holds": one.holds,
        "why": one.why,
    }


def _interval(one: Estimate) -> list[float] | None:
    return None if one.interval is None else [round(bound, 6) for bound in one.interval]


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 6)


def headline(found: Agreement) -> str:
    people = len(found.annotators)
    scope = f", {found.scope}" if found.scope else ""
    return (
        f"agreement on {found.dataset}{scope}, {found.rubric.ref}: {_many(people, 'annotator')}, "
        f"{_many(found.outputs, 'output')} with two labels{' or more' if people > 2 else ''}"
    )


def share(value: float | None) -> str:
    """`78%`; all agree is the only 100%."""
    if value is None:
        return "–"
    return f"{min(value, 0.99) if value < 1 else 1:.0%}"


def number(value: float | None) -> str:
    """`0.59`, `–` where it is undefined. Never `-0.00`."""
    return "–" if value is None else f"{value + 0:.2f}".replace("-0.00", "0.00")


def interval(one: Estimate) -> str:
    return "" if one.interval is None else f"[{' '.join(number(end) for end in one.interval)}]"


def said_of(one: Disagreement) -> str:
    """`alice 1 · bob 3`."""
    return " · ".join(f"{name} {score}" for name, score in sorted(one.difference.scores.items()))


def markdown(found: Agreement, *, shown: int = SHOWN) -> str:
    """The criteria, what to know about them, the first disagreements. Every text is escaped: no
    markup, HTML, link, mention or reference comes through.
    """
    lines = [f"### {for_markdown(headline(found))}", ""]
    if found.nothing is not None:
        lines += [for_markdown(found.nothing), ""]
    else:
        lines += _criteria(found)
    lines += _notes(found) + _disagreements(found, shown)
    return "\n".join(lines).rstrip("\n") + "\n"


def markdown_change(before: Agreement, after: Agreement, *, shown: int = SHOWN) -> str:
    """As `markdown`, with what each criterion's agreement was before."""
    if not before.outputs and not after.outputs:
        return markdown(after, shown=shown)
    lines = [f"### {for_markdown(headline(after))}", ""]
    lines += [
        _row(("criterion", "outputs", "agree", "alpha", "kappa", "open disagreements")),
        "|---|---:|---:|---:|---:|---:|",
    ]
    for id, one in after.criteria.items():
        was = before.criteria.get(id)
        opened = [sum(d.difference.criterion.id == id for d in x.open) for x in (before, after)]
        cells = [id if was is not None else f"{id} (new)"]
        cells += _changes(was, one)
        cells.append(_change(*map(str, opened)) if was is not None else str(opened[1]))
        lines.append(_row(cells))
    gone = [id for id in before.criteria if id not in after.criteria]
    if gone:
        lines += ["", f"- {for_markdown('no longer in the rubric: ' + ', '.join(gone))}"]
    lines += ["", *_notes(after), *_disagreements(after, shown)]
    return "\n".join(lines).rstrip("\n") + "\n"


def _criteria(found: Agreement) -> list[str]:
    heads = ("criterion", "outputs", "agree", "alpha", "95%", "kappa", "weighted kappa")
    lines = [_row(heads), "|---|---:|---:|---:|---|---:|---:|"]
    for id, one in found.criteria.items():
        kappas = (number(one.kappa.value), number(one.weighted_kappa.value))
        alpha = (number(one.alpha.value), interval(one.alpha))
        lines.append(_row((id, str(one.n), share(one.percent.value), *alpha, *kappas)))
    return [*lines, ""]


def _changes(was: Measured | None, one: Measured) -> list[str]:
    after = _numbers(one)
    return after if was is None else [*map(_change, _numbers(was), after)]


def _numbers(one: Measured) -> list[str]:
    values = number(one.alpha.value), number(one.kappa.value)
    return [str(one.n), share(one.percent.value), *values]


def _change(before: str, after: str) -> str:
    return after if before == after else f"{before} → {after}"


def _notes(found: Agreement) -> list[str]:
    said = notes(found)
    return [*(f"- {for_markdown(note)}" for note in said), ""] if said else []


def _disagreements(found: Agreement, shown: int) -> list[str]:
    if not found.open:
        settled = len(found.disagreements)
        return [f"No disagreement is open; {settled} settled.", ""] if settled else []
    lines = [f"**{_many(len(found.open), 'open disagreement')}**, the worst first", ""]
    lines += [_row(("case", "snapshot", "criterion", "scores")), "|---|---|---|---|"]
    for one in found.open[:shown]:
        system, case = one.output
        lines.append(_row((case, system, one.difference.criterion.id, said_of(one))))
    if len(found.open) > shown:
        more = len(found.open) - shown
        lines += ["", f"... {more} more: `labeltool resolve --list`"]
    return [*lines, ""]


def _row(cells: Iterable[str]) -> str:
    return "| " + " | ".join(for_markdown(cell) for cell in cells) + " |"


def _many(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"
