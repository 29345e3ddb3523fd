"""Where a rubric stands in its loop: draft, round, resolve, stable."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from labeltool.model.round import Round
from labeltool.model.rubric import Rubric, ref_parts

Name = Literal["draft", "round", "resolve", "stable"]


@dataclass(frozen=True, slots=True)
class Stage:
    """`words`: the stage as a reader of the home screen wants it."""

    name: Name
    words: str


def stage(rounds: Sequence[Round], rubric: Rubric, disagreements: int) -> Stage:
    """rounds: by number. disagreements: outputs outside open rounds whose labels differ.

    Stable: the latest round is closed, under the present version, every hand-labelled criterion
    held in it, and no disagreement is open.
    """
    latest = rounds[-1] if rounds else None
    if latest is None:
        return Stage("draft", _and("draft: no round yet", disagreements))
    if latest.closed is None:
        return Stage("round", f"round {latest.number} is open")
    if disagreements:
        return Stage("resolve", _and(f"round {latest.number} closed", disagreements))
    if ref_parts(latest.rubric) != (rubric.name, rubric.version):
        return Stage("draft", f"draft: version {rubric.version} has had no round yet")
    loose = [c.id for c in rubric.by_hand if not _holds(latest, c.id)]
    if loose:
        return Stage("draft", f"draft: {len(loose)} of {len(rubric.by_hand)} criteria do not hold")
    return Stage("stable", f"stable since round {latest.number}")


def _holds(closed: Round, criterion: str) -> bool:
    assert closed.closed is not None
    agreement = closed.closed.agreement
    per_criterion = agreement.get("criteria", agreement)
    found = per_criterion.get(criterion) if isinstance(per_criterion, dict) else None
    return isinstance(found, dict) and found.get("holds") is True


def _and(words: str, disagreements: int) -> str:
    if not disagreements:
        return words
    return f"{words}, {disagreements} disagreement{'' if disagreements == 1 else 's'}"
