"""Pairs that git merges cleanly and that do not fit: two sides read beside one another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from labeltool.model.label import Label
from labeltool.model.round import Round
from labeltool.rules.project import DatasetFiles, Finding, Project
from labeltool.rules.said import contradictions


def findings(ours: Project, theirs: Project, merged: Project) -> Iterator[Finding]:
    """What neither side could see alone, and `check` cannot see in the merged files alone."""
    for name, dataset in merged.datasets.items():
        sides = (ours.datasets.get(name), theirs.datasets.get(name))
        for mine, other in (sides, sides[::-1]):
            if mine is not None and other is not None:
                yield from _closed_without(mine, other, dataset)
        known: set[Finding] = set()
        for project, side in zip((ours, theirs), sides, strict=True):
            known.update(contradictions(project, side) if side is not None else ())
        yield from (one for one in contradictions(merged, dataset) if one not in known)


def _closed_without(
    mine: DatasetFiles, other: DatasetFiles, merged: DatasetFiles
) -> Iterator[Finding]:
    """A round that one side closed before it had the blind labels of the other."""
    still_open = {one.noun.number for one in other.rounds if one.noun.closed is None}
    for placed in mine.rounds:
        if placed.noun.closed is None or placed.noun.number not in still_open:
            continue
        for annotator, cases in _left_out(placed.noun, merged.labels_by_output).items():
            message = (
                f"was closed without {len(cases)} of {annotator}'s labels, which came in only now: "
                f"{', '.join(cases[:3])}{'...' if len(cases) > 3 else ''}"
            )
            hint = "they count as labels, but not in this round's agreement; open another round"
            yield Finding(placed.path, ("closed", "scores"), message, hint, "warning")


def _left_out(
    round: Round, labels: Mapping[tuple[str, str], Mapping[str, Label]]
) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    frozen = round.closed.scores if round.closed is not None else {}
    for output in round.outputs:
        for annotator, label in labels.get((round.system, output.case), {}).items():
            late = label.round == round.number and label.status == "done"
            if late and output.case not in frozen.get(annotator, {}):
                found.setdefault(annotator, []).append(output.case)
    return found
