"""`merge`: the shards of a run joined and gated; needs no repository."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from labeltool.commands.context import iso
from labeltool.commands.run import EXIT
from labeltool.errors import UsageError
from labeltool.runner.merge import Merged, join
from labeltool.runner.shard_file import ShardFile

__all__ = ["Merged", "exit_code", "merge"]


def merge(paths: Sequence[Path], *, out: Path | None, run_id: str, now: datetime) -> Merged:
    """The whole that these shards are parts of, written to `out` where there is one.

    Raises UsageError where a file is not there, DataError where they are not the shards of one
    run, StorageError.
    """
    if not paths:
        raise UsageError("no shard was given", hint="say labeltool merge shard-*.json")
    merged = join([ShardFile(path) for path in paths], run_id=run_id, created_at=iso(now))
    if out is not None:
        merged.save(out)
    return merged


def exit_code(merged: Merged) -> int:
    """As of an unsharded run."""
    return EXIT[merged.results.verdict]
