"""`merge`: the shards of a run joined and gated; needs no repository."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from labeltool.commands.context import iso
from labeltool.commands.run import EXIT
from labeltool.errors import UsageError
from labeltool.runner.merge import Merged, join
from labeltool.runner.prune import prune
from labeltool.runner.shard_file import ShardFile
from labeltool.store import paths

__all__ = ["Merged", "exit_code", "merge"]


def merge(
    files: Sequence[Path],
    *,
    out: Path | None,
    run_id: str,
    now: datetime,
    root: Path | None = None,
    clock: Callable[[], float] = time.monotonic,
) -> Merged:
    """The whole that these shards are parts of, written to `out` where there is one, and kept among
    the runs of the workspace at `root`.

    Raises UsageError where a file is not there, DataError where they are not the shards of one
    run, StorageError.
    """
    if not files:
        raise UsageError("no shard was given", hint="say labeltool merge shard-*.json")
    merged = join([ShardFile(file) for file in files], run_id=run_id, created_at=iso(now))
    if out is not None:
        merged.save(out)
    if root is not None:
        merged.remember(root / paths.SCRATCH / "runs", clock=clock)
        prune(root)
    return merged


def exit_code(merged: Merged) -> int:
    """As of an unsharded run."""
    return EXIT[merged.results.verdict]
