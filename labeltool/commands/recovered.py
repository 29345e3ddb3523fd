"""What processes that died have left behind, said in one line."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from labeltool.history import Recovered


def told(recoveries: Iterable[Recovered], pending: Collection[str]) -> str | None:
    """What became of it; None where nothing had been left.

    `pending` are the ids of the entries that wait even now: what waited may be committed since.
    """
    committed: dict[str, str] = {}
    waiting: dict[str, tuple[str, str]] = {}
    taken_back: dict[str, str] = {}
    lock = False
    for recovered in recoveries:
        lock = lock or recovered.removed_lock
        for saved in recovered.committed:
            committed[saved.id] = saved.entry.message.subject
            waiting.pop(saved.id, None)
        for held in recovered.held:
            id, subject = held.saved.id, held.saved.entry.message.subject
            if id in pending:
                waiting[id] = (subject, held.message.removeprefix("saved, not committed: "))
            else:
                committed[id] = subject
        for entry in recovered.taken_back:
            taken_back[entry.id] = entry.message.subject
    parts = []
    if committed:
        parts.append(f"{_decisions(list(committed.values()))} committed")
    if waiting:
        subjects, reasons = zip(*waiting.values(), strict=True)
        parts.append(f"{_decisions(subjects)} saved, not committed: {reasons[-1]}")
    if taken_back:
        parts.append(f"{_decisions(list(taken_back.values()))} half-written, taken back")
    if lock:
        parts.append("its git's index.lock removed")
    return f"recovered from an earlier process: {'; '.join(parts)}" if parts else None


def left_behind(root: Path) -> str | None:
    """A warning where a dead process's journal has open entries. Runs no git, changes nothing."""
    journals = _journals(root.resolve())
    if not journals:
        return None
    from labeltool.history.recover import left_open

    subjects = [entry.message.subject for entry in left_open(journals)]
    if not subjects:
        return None
    return (
        f"warning: an earlier process left {_decisions(subjects)} unfinished: "
        "the next verb that decides something finishes it"
    )


def _decisions(subjects: Sequence[str]) -> str:
    return f"1 decision ({subjects[0]})" if len(subjects) == 1 else f"{len(subjects)} decisions"


def _journals(root: Path) -> list[Path]:
    for folder in (root, *root.parents):
        git = folder / ".git"
        if git.is_file():  # a worktree or a submodule: its git folder lies elsewhere
            with suppress(OSError, UnicodeDecodeError):
                git = folder / git.read_text("utf-8").removeprefix("gitdir:").strip()
        elif not git.is_dir():
            continue
        with suppress(OSError):
            return sorted((git / "labeltool" / "journal").glob("*.jsonl"))
    return []
