"""A leftover lock of git goes only with proof that our own, dead git process made it."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from contextlib import suppress
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
    """Removes index.lock, and those of HEAD and its branch, where one of `runs`, all of them
    gone, is shown to have made them.

    The proof is one of: the second lock file of `git commit --only`, which carries the process
    id, lies beside; or the lock is this user's, appeared right after our process started, and no
    git process runs in this repository any more; or the machine was started anew since.
    """
    gone = [run for run in runs if run.pid == 0 or not _alive(run.pid)]
    partners = {run.pid: repository.git_dir / f"next-index-{run.pid}.lock" for run in gone}
    left_open = {pid for pid, partner in partners.items() if partner.exists()}
    busy = _git_runs_in(repository) if gone else True
    proven = [
        lock
        for lock in git_locks(repository)
        if any(_made_by(lock, run, left_open=run.pid in left_open, busy=busy) for run in gone)
    ]
    for lock in (*partners.values(), *proven):
        lock.unlink(missing_ok=True)
    return bool(proven)


def git_locks(repository: Repository) -> list[Path]:
    """The lock files of the index, HEAD and its branch that exist now."""
    locks = [repository.index_lock(), repository.git_dir / "HEAD.lock"]
    if (branch := repository.branch()) is not None:
        locks.append(repository.common_dir / "refs" / "heads" / f"{branch}.lock")
    return [lock for lock in locks if lock.exists()]


def _made_by(lock: Path, run: GitRun, *, left_open: bool, busy: bool) -> bool:
    """`left_open`: `run` died holding the index; `busy`: some git process works here now."""
    if left_open and lock.name == "index.lock":
        return True
    try:
        info = lock.stat()
    except OSError:
        return False
    if info.st_uid != os.geteuid() or info.st_mtime < run.at - _CLOCK_S:
        return False
    booted = _boot_time()
    if booted is not None and info.st_mtime < booted:
        return True
    return not busy and (left_open or info.st_mtime <= run.at + _START_S)


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


def _git_runs_in(repository: Repository) -> bool:
    """Whether a git process of this user works here; True also where nobody can tell."""
    places = (repository.top, repository.git_dir, repository.common_dir)
    try:
        pids = [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]
    except OSError:
        return True
    for pid in pids:
        if not (_name(pid) or "").startswith("git"):
            continue
        with suppress(OSError):  # ended meanwhile, or somebody else's
            folder = Path(f"/proc/{pid}/cwd").readlink()
            if any(folder.is_relative_to(place) for place in places):
                return True
    return not pids


def _boot_time() -> float | None:
    try:
        uptime = float(Path("/proc/uptime").read_text("ascii").split()[0])
    except (OSError, ValueError, IndexError):
        return None
    return time.time() - uptime
