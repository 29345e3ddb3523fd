"""A calibration as JSON, Markdown and words: which criteria may the machine judge, how sure are we,
and what would change that. Computes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from labeltool.model.base import Score
from labeltool.model.calibration import Calibration
from labeltool.rules.calibration import Differs
from labeltool.safe_text import for_markdown, one_line

OVERALL = "overall"
FIGURES = {
    "exact": "exact",
    "within_one": "within 1",
    "kappa": "kappa",
    "weighted_kappa": "weighted",
    "spearman": "spearman",
    "tpr": "TPR",
    "tnr": "TNR",
}
"""By their names in the file: how a table heads them."""
SHOWN = 20
CELL = 300


@dataclass(frozen=True, slots=True)
class Spent:
    """What a judge's answers cost; `usd` None where the price is not known."""

    calls: int
    cached: int
    usd: float | None


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table, as texts. sides: people's passing and failing outputs. change: what
    would change the verdict, or make it surer.
    """

    criterion: str
    trusted: bool
    agreement: str
    interval: str
    n: str
    sides: str
    constant: str
    people: str
    reason: str
    change: str | None

    @property
    def verdict(self) -> str:
        return "trusted" if self.trusted else "untrusted"


def rows(found: Calibration, *, overall: bool = True) -> list[Row]:
    """A row a criterion, and one of whole outputs."""
    whole = {OVERALL: found.overall} if overall and found.overall else {}
    return [_row(id, one) for id, one in {**found.criteria, **whole}.items()]


def _row(id: str, one: Mapping[str, Any]) -> Row:
    low, high = one.get("interval") or (None, None)
    return Row(
        criterion=id,
        trusted=one.get("trusted") is True,
        agreement=number(one.get("agreement")),
        interval="" if low is None else f"[{number(low)} {number(high)}]",
        n=str(one.get("n", "–")),
        sides=f"{one.get('met', '–')}/{one.get('not_met', '–')}",
        constant=number(one.get("constant_agreement")),
        people=number(one.get("human_agreement")),
        reason=str(one.get("reason") or ""),
        change=one.get("change"),
    )


def number(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"


def figures(one: Mapping[str, Any]) -> list[str]:
    """The values of FIGURES, in their order."""
    return [number(one.get(name)) for name in FIGURES]


def headline(found: Calibration) -> str:
    """The answer in one sentence."""
    may = [id for id, one in found.criteria.items() if one.get("trusted") is True]
    not_yet = [id for id in found.criteria if id not in may]
    if not may:
        return f"judge {found.judge} may not be trusted with any criterion yet"
    if not not_yet:
        return f"judge {found.judge} may be trusted with {_listed(may)}"
    return f"judge {found.judge} may be trusted with {_listed(may)}, not with {_listed(not_yet)}"


def basis(found: Calibration) -> str:
    """What it was measured on."""
    sample = found.sample
    n, of = sample.get("n"), sample.get("of")
    text = f"{found.rubric}, {n} of {of} outputs with human scores, seed {sample.get('seed')}"
    if sample.get("stratified"):
        text += ", half of them failing as far as there are; reweighted"
    return text


def fits(found: Calibration) -> list[str]:
    """How the reference judge's fit came out, a line each; nothing for other judges."""
    lines, by_rule = [], []
    for id, one in found.criteria.items():
        if one.get("fitted"):
            now, before = number(one.get("agreement")), number(one.get("unfitted_agreement"))
            lines.append(f"{id}: {now} fitted (out of fold), {before} by fixed thresholds")
        elif "fitted" in one:
            by_rule.append(f"{id} ({one.get('unfitted_why')})")
    if by_rule:
        lines.append(f"by fixed thresholds, not fitted: {', '.join(by_rule)}")
    return lines


def confusion(one: Mapping[str, Any]) -> list[list[str]]:
    """The table as texts: a head of the judge's levels, a line for each of people's. Levels that
    neither gave are left out; where nothing was measured all are.
    """
    table = one.get("confusion") or {}
    counts = table.get("counts", [])
    levels = table.get("levels", []) if counts else []
    used = [
        at
        for at in range(len(levels))
        if any(counts[at]) or any(row[at] for row in counts) or len(levels) <= 3
    ]
    head = ["", *(str(levels[at]) for at in used)]
    return [head, *([str(levels[at]), *(str(counts[at][to]) for to in used)] for at in used)]


def document(
    found: Calibration,
    *,
    dataset: str,
    worst: Sequence[Differs],
    left_out: Mapping[str, int],
    spent: Spent,
    path: str,
    commit: str | None,
) -> dict[str, Any]:
    """The JSON of one judge."""
    return {
        "schema": "labeltool/calibration@1",
        "dataset": dataset,
        "judge": found.judge,
        "fingerprint": found.fingerprint,
        "rubric": found.rubric,
        "sample": {**found.sample, "left_out": dict(left_out)},
        "trusted": found.trusted,
        "overall": found.overall,
        "criteria": found.criteria,
        "disagreements": [_differs(one) for one in worst],
        "cost": {"calls": spent.calls, "cached": spent.cached, "cost_usd": spent.usd},
        "calibrated_by": found.calibrated_by,
        "calibrated_at": found.calibrated_at,
        "path": path,
        "commit": commit,
    }


def documents(several: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    """One JSON document of one judge, or of several side by side."""
    if len(several) == 1:
        return several[0]
    return {"schema": "labeltool/calibrations@1", "calibrations": list(several)}


def _differs(one: Differs) -> dict[str, Any]:
    return {
        "case": one.scored.case.id,
        "system": one.scored.system,
        "output_hash": one.scored.output_hash,
        "criterion": one.criterion.id,
        "human": one.human,
        "judge": one.judge,
        "flips": one.flips,
        "note": one.scored.note,
        "rationale": one.rationale,
    }


def markdown(found: Calibration, worst: Sequence[Differs]) -> str:
    """For a pull request: the verdicts, the figures, the worst disagreements."""
    lines = [f"### {_cell(headline(found))}", "", _cell(basis(found)), ""]
    lines += _table(
        ["criterion", "verdict", "agrees", "95%", "n", "pass/fail", "constant", "people", "why"],
        (
            [one.criterion, one.verdict, one.agreement, one.interval, one.n, one.sides,
             one.constant, one.people, _why(one)]
            for one in rows(found)
        ),
    )  # fmt: skip
    lines += ["", *_table(["criterion", *FIGURES.values(), "errors"], _figure_rows(found))]
    if worst:
        head = ["case", "snapshot", "criterion", "people", "judge", "people's note", "rationale"]
        lines += ["", *_table(head, (_told(one) for one in worst[:SHOWN]))]
    return "\n".join(lines) + "\n"


def _figure_rows(found: Calibration) -> Iterable[list[str]]:
    for id, one in {**found.criteria, OVERALL: found.overall}.items():
        yield [id, *figures(one), str(one.get("errors", "–"))]


def _why(row: Row) -> str:
    return f"{row.reason}; {row.change}" if row.change else row.reason


def _told(one: Differs) -> list[str]:
    given: list[Score | str | None] = [
        one.scored.case.id, one.scored.system, one.criterion.id, one.human, one.judge,
        one.scored.note, one.rationale,
    ]  # fmt: skip
    return ["" if value is None else str(value) for value in given]


def _table(head: Sequence[str], body: Iterable[Sequence[str]]) -> list[str]:
    lines = [head, ["---"] * len(head), *([_cell(value) for value in row] for row in body)]
    return ["| " + " | ".join(row) + " |" for row in lines]


def _cell(text: str) -> str:
    return for_markdown(one_line(text, CELL))


def _listed(ids: Sequence[str]) -> str:
    return ids[0] if len(ids) == 1 else f"{', '.join(ids[:-1])} and {ids[-1]}"
