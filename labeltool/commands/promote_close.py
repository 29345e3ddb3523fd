"""`promote --close`: the bug is fixed, and its case counts from now on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from labeltool.commands.context import Context
from labeltool.commands.saved_results import open_results
from labeltool.commands.verify import read_case
from labeltool.errors import LabeltoolError, UsageError
from labeltool.history import CommitMessage
from labeltool.model import hashing
from labeltool.model.case import Case
from labeltool.store import codec, files
from labeltool.store.workspace import Write
from labeltool.store.yaml import roundtrip

RESULTS = "eval_results.json"


@dataclass(frozen=True)
class Closed:
    """`doubts`: what speaks against it, said and not held against it."""

    case: str
    path: str
    tier: str
    by: str
    doubts: tuple[str, ...]
    commit: str | None


def close(
    ctx: Context,
    id: str,
    *,
    results: Path | None = None,
    dataset: str | None = None,
    annotator: str | None = None,
) -> Closed:
    """Make an open case active, in one commit. `results`: the last run's, the workspace's own
    unless given.

    Raises UnknownName, UsageError where the case is not open, DataError, CommitHeld.
    """
    ctx.history.recover()
    store = ctx.workspace.dataset(dataset)
    by = ctx.annotator(annotator)
    path, data, case = read_case(ctx, store, id)
    if case.status != "open":
        raise UsageError(
            f"{id} is {case.status}, not open: there is nothing to close",
            hint=_instead(case),
        )
    doubts = tuple(_doubts(case, results or ctx.workspace.root / RESULTS))
    change = Write(path, _active(data, case, path), files.content_hash(data))
    message = CommitMessage(
        f"close {id}: it counts from now on",
        body="\n".join(doubts),
        trailers={
            "Labeltool-Kind": "close",
            "Labeltool-Dataset": store.name,
            "Labeltool-Case": id,
            "Labeltool-Annotator": by,
        },
    )
    commit = ctx.record([change], message).commit
    return Closed(id, path, case.tier, by, doubts, commit)


def _instead(case: Case) -> str:
    if case.status == "active":
        return "it gates already; `labeltool run --case` says whether it passes"
    return f"write `status: active` in its file when it should run again ({case.status} now)"


def _active(data: bytes, case: Case, path: str) -> bytes:
    """The file without its status; what a person laid out by hand keeps its comments and order."""
    if data == codec.encode(case):
        changed = case.model_copy(update={"status": "active", "status_reason": None})
        return codec.encode(changed)

    def activate(document: Any) -> None:
        document["status"] = "active"
        document.pop("status_reason", None)

    return roundtrip.edit(data, activate, path=path)


def _doubts(case: Case, results: Path) -> Iterator[str]:
    """What the last run says of the case, where it does not say that it passes."""
    if not results.is_file():
        yield "no run here says that it passes: `labeltool run` first"
        return
    try:
        saved = open_results(results)
        found = next((one for one in saved.cases() if one.id == case.id), None)
    except LabeltoolError:
        yield f"{results.name} cannot be read: `labeltool run` says whether it passes"
        return
    if found is None:
        yield "the last run did not run it: `labeltool run` says whether it passes"
    elif found.passed is not True:
        why = found.error.message if found.error else "it fails"
        yield f"the last run says that it does not pass ({why[:120]}): the gate will say so too"
    elif found.case_hash != hashing.case_hash(case):
        yield "it was changed since the last run, which it passed"
