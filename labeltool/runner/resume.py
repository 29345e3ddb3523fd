"""`--resume`: what an earlier process of the same run has graded is not graded again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from labeltool.errors import UsageError
from labeltool.model.case import Case
from labeltool.model.hashing import case_hash
from labeltool.model.result import CaseResult
from labeltool.runner.grade import Graded
from labeltool.runner.heads import LOOKED_AT, ended
from labeltool.runner.log import RunLog, Unfinished
from labeltool.runner.spend import Calls

LATEST = "latest"


@dataclass
class Resumed:
    """An earlier run that goes on. `errors_too`: cases that met with an error run again."""

    found: Unfinished
    log: RunLog
    errors_too: bool
    changed: int = 0

    def graded(self, n: int, case: Case) -> Graded | None:
        """What was found of `case`; None where it was not graded, or is another case now."""
        kept = self.found.record(case.id, self.log.fd)
        if kept is None:
            return None
        record, start, length = kept
        result = CaseResult.model_validate_json(record.case)
        if result.case_hash != case_hash(case):
            self.changed += 1
            return None
        if self.errors_too and result.error is not None:
            return None
        self.log.stands(n, start, length)
        meta = record.meta
        return Graded(
            n,
            result,
            system=Calls.of(meta.get("system", ())),
            judge=Calls.of(meta.get("judge", ())),
            latencies=tuple(meta.get("ms", ())),
            hidden=bool(meta.get("hidden", False)),
            restored=True,
        )


def meta_of(graded: Graded) -> dict[str, Any]:
    """What of a graded case has to survive the process, beside its result."""
    found: dict[str, Any] = {"system": graded.system.numbers(), "judge": graded.judge.numbers()}
    if graded.latencies:
        found["ms"] = [round(ms, 3) for ms in graded.latencies]
    if graded.hidden:
        found["hidden"] = True
    return found


def find(runs: Path, said: str, inputs: Mapping[str, Any], *, finished_too: bool) -> Unfinished:
    """The run that `said` names (an id, or `latest`): the newest of these very inputs that has not
    ended, with `finished_too` the newest at all.

    Raises UsageError where there is none, or where the run named went in with other inputs: results
    of two different things are never put together.
    """
    if said != LATEST:
        return _named(runs, said, inputs)
    for folder in _newest_first(runs):
        if not finished_too and ended(folder):
            continue
        found = Unfinished.open(folder)
        if found is None:
            continue
        if _differs(found, inputs) is None:
            return found
        found.close()
    raise UsageError(
        "there is no run of these very inputs to go on with",
        hint="rubric, settings, prompt, model or labels have changed since, or it was never begun: "
        "leave --resume out; replies that are still good come from the cache",
    )


def _named(runs: Path, run_id: str, inputs: Mapping[str, Any]) -> Unfinished:
    found = None if "/" in run_id or run_id in {"", ".", ".."} else Unfinished.open(runs / run_id)
    if found is None:
        known = ", ".join(folder.name for folder in _newest_first(runs)[:5]) or "none"
        raise UsageError(
            f"there is no run {run_id!r} to go on with", hint=f"runs here, newest first: {known}"
        )
    differs = _differs(found, inputs)
    if differs is not None:
        found.close()
        raise UsageError(
            f"run {run_id} went in with another {differs}",
            hint="leave --resume out; replies that are still good come from the cache",
        )
    return found


def _differs(found: Unfinished, inputs: Mapping[str, Any]) -> str | None:
    """The first input that is another one now, in words."""
    before = found.header.get("settings")
    before = before if isinstance(before, dict) else {}
    names = {"asked": "selection of cases or gates", "people": "set of labels"}
    for name in [*inputs, *before]:
        if inputs.get(name) != before.get(name):
            return str(names.get(name, name.replace("_", " ")))
    return None


def _newest_first(runs: Path) -> list[Path]:
    try:
        folders = sorted((one for one in runs.iterdir() if one.is_dir()), reverse=True)
    except OSError:
        return []
    return folders[:LOOKED_AT]
