"""Agreement as the JSON document, and as Markdown for a pull request."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from labeltool.rules.agreement import Agreement, AtVersion, notes
from labeltool.rules.lapse import Lapse
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


def markdown_change(
    before: Agreement, after: Agreement, lapsed: Mapping[str, Lapse], *, shown: int = SHOWN
) -> str:
    """Each criterion's agreement before and after, what lapsed in between, what is open now; empty
    where nothing of it changed.
    """
    rows = [_row(_changes(before, after, id, lapsed.get(id))) for id in after.criteria]
    gone = [id for id in before.criteria if id not in after.criteria]
    same = not lapsed and not gone and before.criteria.keys() == after.criteria.keys()
    if same and _standing(before) == _standing(after):
        return ""
    refs = _change(before.rubric.ref, after.rubric.ref)
    lines = [f"### {for_markdown(f'Agreement on {after.dataset}, before and after')}", ""]
    lines += [for_markdown(f"{', '.join(after.annotators) or 'nobody yet'}; {refs}"), ""]
    lines.append(_row(("criterion", "outputs", "agree", "alpha", "kappa", "open disagreements")))
    lines += ["|---|---:|---:|---:|---:|---:|", *rows, ""]
    lines += [f"- **{for_markdown(id)}**: {_lapsed(one)}" for id, one in lapsed.items()]
    if gone:
        lines.append(f"- {for_markdown('no longer in the rubric: ' + ', '.join(gone))}")
    notes = _notes(_but(after, lapsed))
    lines += notes or ([""] if lapsed or gone else [])
    lines += _disagreements(after, shown, lapsed=sum(one.disagreements for one in lapsed.values()))
    return "\n".join(lines).rstrip("\n") + "\n"


def _standing(found: Agreement) -> object:
    """What a reader would compare."""
    settled = {(d.output, d.difference.criterion.id, d.difference.settled) for d in found.open}
    ended = {(d.output, d.difference.criterion.id) for d in found.disagreements} - {
        (output, id) for output, id, _ in settled
    }
    return {id: _numbers(one) for id, one in found.criteria.items()}, settled, ended


def _but(after: Agreement, lapsed: Mapping[str, Lapse]) -> Agreement:
    """`after` without what is said of it already."""
    told = sum(sum(one.labels.values()) for one in lapsed.values())
    spoken_of = {id: one for id, one in after.criteria.items() if one.n}
    return replace(after, stale=max(0, after.stale - told), criteria=spoken_of)


def _lapsed(one: Lapse) -> str:
    """What is to be done again, and what ended by nobody's decision."""
    said, labels = [], sum(one.labels.values())
    if labels:
        who = ", ".join(f"{name} {count}" for name, count in sorted(one.labels.items()))
        said.append(f"{_many(labels, 'label')} ({for_markdown(who)})")
    if one.resolutions:
        said.append(_many(one.resolutions, "resolution"))
    alone = labels + one.resolutions == 1
    stand = "stands and is" if alone else "stand and are"
    words = f"{' and '.join(said)} no longer {stand} asked again" if said else ""
    if one.disagreements:
        many, whose = one.disagreements, "its" if one.disagreements == 1 else "their"
        ended = f"{_many(many, 'open disagreement')} lapsed with {whose} labels, settled by nobody"
        words = f"{words}; {ended}" if words else ended
    return words


def _criteria(found: Agreement) -> list[str]:
    heads = ("criterion", "outputs", "agree", "alpha", "95%", "kappa", "weighted kappa")
    lines = [_row(heads), "|---|---:|---:|---:|---|---:|---:|"]
    for id, one in found.criteria.items():
        kappas = (number(one.kappa.value), number(one.weighted_kappa.value))
        alpha = (number(one.alpha.value), interval(one.alpha))
        lines.append(_row((id, str(one.n), share(one.percent.value), *alpha, *kappas)))
    return [*lines, ""]


def _changes(before: Agreement, after: Agreement, id: str, lapse: Lapse | None) -> list[str]:
    was, one = before.criteria.get(id), after.criteria[id]
    opened = [sum(d.difference.criterion.id == id for d in x.open) for x in (before, after)]
    ended = f" ({lapse.disagreements} lapsed)" if lapse and lapse.disagreements else ""
    if was is None:
        return [f"{id} (new)", *_numbers(one), str(opened[1])]
    moved = _change(*map(str, opened))
    return [id, *map(_change, _numbers(was), _numbers(one)), moved + ended]


def _numbers(one: Measured) -> list[str]:
    values = number(one.alpha.value), number(one.kappa.value)
    return [str(one.n), share(one.percent.value), *values]


def _change(before: str, after: str) -> str:
    return after if before == after else f"{before} → {after}"


def _notes(found: Agreement) -> list[str]:
    said = notes(found)
    return [*(f"- {for_markdown(note)}" for note in said), ""] if said else []


def _disagreements(found: Agreement, shown: int, *, lapsed: int = 0) -> list[str]:
    if not found.open:
        settled = len(found.disagreements)
        if lapsed or not settled:
            return [f"{settled} settled.", ""] if settled else []
        return [f"No disagreement is open; {settled} settled.", ""]
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
