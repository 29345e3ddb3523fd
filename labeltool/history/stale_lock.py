"""A leftover index.lock goes only with proof that our own, dead git process made it."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from pathlib import Path

from labeltool.history.journal import GitRun
from labeltool.history.repository import Repository

# Between its start and its taking the index lock, a git process of ours does very little.
_START_S = 2.0
_CLOCK_S = 0.05


def remove_own_lock(repository: Repository, pid: int, began: float) -> bool:
    """After our git process `pid` was ended by a signal: removes what it left locked."""
    return remove_proven_lock(repository, [GitRun(pid, began)])


def remove_proven_lock(repository: Repository, runs: Sequence[GitRun]) -> bool:
    """Removes index.lock where one of `runs`, all of them gone, is shown to have made it.

    The proof is one of: the second lock file of `git commit --only`, which carries the process
    id, lies beside; or the lock appeared right after our process started, and no git process
    runs any more; or the machine was started anew since.
    """
    gone = [run for run in runs if not _alive(run.pid)]
    partners = [repository.git_dir / f"next-index-{run.pid}.lock" for run in gone]
    proven = any(partner.exists() for partner in partners) or any(
        _made_by(repository.index_lock(), run) for run in gone
    )
    for partner in partners:
        partner.unlink(missing_ok=True)
    if proven and repository.index_lock().exists():
        repository.index_lock().unlink(missing_ok=True)
        return True
    return False


def _made_by(lock: Path, run: GitRun) -> bool:
    try:
        made = lock.stat().st_mtime
    except OSError:
        return False
    if made < run.at - _CLOCK_S:
        return False
    booted = _boot_time()
    if booted is not None and made < booted:
        return True
    return made <= run.at + _START_S and not _any_git_runs()


def _alive(pid: int) -> bool:
    """Whether `pid` is still that git process and not a later one of the same number."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return False  # somebody else's process: ours is gone
    name = _name(pid)
    return name is None or name.startswith("git")


def _name(pid: int) -> str | None:
    try:
        state = Path(f"/proc/{pid}/stat").read_text("utf-8", "replace")
    except OSError:
        return None
    name = state[state.index("(") + 1 : state.rindex(")")]
    return "(ended)" if state[state.rindex(")") + 2] == "Z" else name


def _any_git_runs() -> bool:
    """True also where nobody can tell."""
    try:
        pids = [int(name.name) for name in Path("/proc").iterdir() if name.name.isdigit()]
    except OSError:
        return True
    return not pids or any((_name(pid) or "").startswith("git") for pid in pids)


def _boot_time() -> float | None:
    try:
        uptime = float(Path("/proc/uptime").read_text("ascii").split()[0])
    except (OSError, ValueError, IndexError):
        return None
    return time.time() - uptime
