"""The folder of runs does not grow for ever: what is old can be computed again."""

from __future__ import annotations

import fcntl
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from labeltool.runner.heads import HEAD_NAME
from labeltool.runner.log import LOG_NAME
from labeltool.store import paths

KEPT = 50
"""Finished runs; whatever is older than the last of them goes."""
_RUN_ID = re.compile(rb'"run_id":\s*"([A-Za-z0-9._-]+)"')
_START = 4096


def prune(root: Path, *, kept: int = KEPT) -> tuple[str, ...]:
    """Removes the runs of the workspace at `root` that are older than its `kept` newest finished
    ones, and gives their ids. A run that still goes on stays, and so does one that was blessed: its
    outputs are what later ones are held against. Where the disk refuses, nothing is said.
    """
    runs = root / paths.SCRATCH / "runs"
    spared = frozenset(_blessed(root))
    removed, finished = [], 0
    for folder in _newest_first(runs):
        if finished < kept:
            finished += (folder / HEAD_NAME).exists()
        elif folder.name not in spared and _remove(folder):
            removed.append(folder.name)
    return tuple(removed)


def _newest_first(runs: Path) -> list[Path]:
    try:
        return sorted((one for one in runs.iterdir() if (one / LOG_NAME).is_file()), reverse=True)
    except OSError:
        return []


def _remove(folder: Path) -> bool:
    """Only what a run wrote there, and nothing while it goes on."""
    with suppress(OSError), (folder / LOG_NAME).open("rb") as log:
        fcntl.flock(log, fcntl.LOCK_EX | fcntl.LOCK_NB)
        (folder / HEAD_NAME).unlink(missing_ok=True)
        (folder / LOG_NAME).unlink()
        folder.rmdir()
        return True
    return False


def _blessed(root: Path) -> Iterator[str]:
    """The runs behind the baselines; the head of each file is enough, however many cases it has."""
    for file in (root / paths.DATASETS).glob("*/baselines/*.json"):
        with suppress(OSError), file.open("rb") as stream:
            found = _RUN_ID.search(stream.read(_START))
            if found is not None:
                yield found[1].decode()
