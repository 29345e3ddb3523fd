"""Where people and a judge differ, kept beside the calibration so that it can be walked through.

It holds the judge's words, which are no decision: it is below .labeltool/, and `calibrate` makes it
again.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from labeltool.commands.context import Context
from labeltool.errors import StorageError
from labeltool.model.base import Score
from labeltool.model.calibration import Calibration
from labeltool.rules.calibration import Differs
from labeltool.store.atomic import atomic_write

SCHEMA = "labeltool/calibration-rows@1"


@dataclass(frozen=True, slots=True)
class Row:
    """One output's score by people and by the judge. flips: one says met, the other not."""

    case: str
    system: str
    output_hash: str
    criterion: str
    human: Score
    judge: Score
    flips: bool
    note: str | None = None
    rationale: str | None = None
    evidence: tuple[str, ...] = ()


def keep(ctx: Context, dataset: str, found: Calibration, worst: Sequence[Differs]) -> None:
    """Where the disk refuses, nothing is kept: the calibration itself stands."""
    rows = [
        Row(
            case=one.scored.case.id,
            system=one.scored.system,
            output_hash=one.scored.output_hash,
            criterion=one.criterion.id,
            human=one.human,
            judge=one.judge,
            flips=one.flips,
            note=one.scored.note,
            rationale=one.rationale,
            evidence=one.evidence,
        )
        for one in worst
    ]
    document = {
        "schema": SCHEMA,
        "fingerprint": found.fingerprint,
        "rubric": found.rubric,
        "rows": [asdict(row) for row in rows],
    }
    path = _path(ctx, dataset, found.judge)
    with suppress(OSError, StorageError):
        path.parent.mkdir(parents=True, exist_ok=True)
        atomic_write(path, json.dumps(document, ensure_ascii=False).encode())


def kept(ctx: Context, dataset: str, found: Calibration) -> tuple[Row, ...] | None:
    """The rows behind that calibration, the worst first; None where they are not on this machine
    or are of another measurement: `calibrate` makes them again.
    """
    try:
        document = json.loads(_path(ctx, dataset, found.judge).read_bytes())
        same = (document["schema"], document["fingerprint"], document["rubric"])
        if same != (SCHEMA, found.fingerprint, found.rubric):
            return None
        return tuple(
            Row(**{**row, "evidence": tuple(row.get("evidence", ()))}) for row in document["rows"]
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _path(ctx: Context, dataset: str, judge: str) -> Path:
    return ctx.workspace.scratch / "calibrations" / dataset / f"{judge}.json"
