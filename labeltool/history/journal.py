"""What a process is about to do, on disk before it is done.

One file per process, `journal/<pid>-<token>.jsonl` in the git folder's own `labeltool` folder,
owned through a lock that dies with the process. Lines are JSON objects, each with one of the keys
`intent`, `saved`, `git`, `done`, `draft` and `cleared`; a torn last line counts as not written.
"""

from __future__ import annotations

import base64
import json
import os
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from labeltool.errors import StorageError
from labeltool.history.changes import Entry, Planned
from labeltool.history.locks import take
from labeltool.history.message import CommitMessage
from labeltool.store.steps import new_token

if TYPE_CHECKING:
    from filelock import BaseFileLock

_COMPACT_AT = 256 * 1024


@dataclass(frozen=True, slots=True)
class GitRun:
    """A git process that we started; `at` is seconds since the epoch.

    `pid` is 0 for one that was about to be started.
    """

    pid: int
    at: float


@dataclass(slots=True)
class Content:
    """What a journal says, line by line put together."""

    entries: dict[str, Entry] = field(default_factory=dict)
    commits: dict[str, str | None] = field(default_factory=dict)
    drafts: dict[str, bytes] = field(default_factory=dict)
    runs: list[GitRun] = field(default_factory=list)

    def add(self, line: Mapping[str, Any]) -> None:
        if "intent" in line:
            self.entries[line["intent"]] = _entry_from(line)
        elif "saved" in line:
            if (entry := self.entries.get(line["saved"])) is not None:
                self.entries[entry.id] = replace(entry, saved=True)
        elif "git" in line:
            self.runs.append(GitRun(line["git"], line["at"]))
        elif "done" in line:
            self.entries.pop(line["done"], None)
            self.commits[line["done"]] = line["commit"]
        elif "draft" in line:
            self.drafts[line["draft"]] = base64.b64decode(line["data"])
        elif "cleared" in line:
            self.drafts.pop(line["cleared"], None)


def read_journal(path: Path) -> Content:
    content = Content()
    for raw in path.read_bytes().split(b"\n"):
        try:
            content.add(json.loads(raw))
        except (ValueError, KeyError, TypeError):
            continue  # torn by a crash: whatever it announced was not begun
    return content


class Journal:
    """This process's own journal. Nothing is on disk before the first line is.

    Safe to use from several threads.
    """

    def __init__(self, folder: Path):
        self.folder = folder
        self.token = new_token()
        self.path = folder / f"{os.getpid()}-{self.token}.jsonl"
        self._lock: BaseFileLock | None = None
        self._fd = -1
        self._content = Content()
        self._count = 0
        self._turn = threading.RLock()

    @property
    def entries(self) -> tuple[Entry, ...]:
        """The open entries, oldest first."""
        with self._turn:
            return tuple(self._content.entries.values())

    @property
    def drafts(self) -> dict[str, bytes]:
        with self._turn:
            return dict(self._content.drafts)

    def commit_of(self, entry: str) -> str | None:
        with self._turn:
            return self._content.commits.get(entry)

    def next_id(self) -> str:
        with self._turn:
            self._count += 1
            return f"{self.token}-{self._count}"

    def open(self, entry: Entry) -> None:
        """Announces `entry`; it is durable when this returns."""
        self._write(_entry_line(entry), sync=True)
        if entry.saved:
            self.saved(entry.id)

    def saved(self, entry: str) -> None:
        self._write({"saved": entry})

    def git_started(self, pid: int, at: float) -> None:
        self._write({"git": pid, "at": at})

    def done(self, entry: str, commit: str | None) -> None:
        """`entry` needs nothing more. An empty journal is emptied on disk too."""
        self._write({"done": entry, "commit": commit})
        self._tidy()

    def forget(self, entry: str) -> None:
        """As if `entry`, which failed, had never been opened. Needs no room on the disk."""
        with self._turn:
            self._content.entries.pop(entry, None)
            self._tidy(always=True)

    def draft(self, key: str, data: bytes) -> None:
        self._write({"draft": key, "data": base64.b64encode(data).decode("ascii")}, sync=True)
        self._tidy()

    def clear_draft(self, key: str) -> None:
        with self._turn:
            if key in self._content.drafts:
                self._write({"cleared": key})
                self._tidy()

    def adopt(self, content: Content) -> None:
        """Takes over what a dead process left open, durable when this returns."""
        with self._turn:
            for entry in content.entries.values():
                self.open(entry)
            for key, data in content.drafts.items():
                self.draft(key, data)
            self._content.commits |= content.commits
            for run in content.runs:
                self.git_started(run.pid, run.at)
            self._tidy()

    def close(self) -> None:
        """Lets go. What is open stays on disk for the next process to find."""
        with self._turn:
            if self._fd < 0:
                return
            os.close(self._fd)
            self._fd = -1
            if not self._content.entries and not self._content.drafts:
                self.path.unlink(missing_ok=True)
                lock_path(self.path).unlink(missing_ok=True)
            if self._lock is not None:
                self._lock.release()

    def _write(self, line: dict[str, Any], *, sync: bool = False) -> None:
        data = _encode(line)
        with self._turn:
            try:
                self._ready()
                before = os.fstat(self._fd).st_size
                try:
                    _append(self._fd, data)
                    if sync:
                        os.fsync(self._fd)
                except OSError:
                    os.ftruncate(self._fd, before)
                    raise
            except OSError as error:
                raise StorageError(
                    f"the journal in {self.folder} cannot be written: {error.strerror or error}",
                    hint="free some space or make the repository writable, then try again",
                ) from error
            self._content.add(line)

    def _ready(self) -> None:
        if self._fd >= 0:
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        # The lock first: a journal whose lock is free belongs to a process that is gone.
        self._lock = take(lock_path(self.path), timeout=5)
        self._fd = _open_journal(self.path)
        _sync(self.folder)

    def _tidy(self, *, always: bool = False) -> None:
        """Leaves out what needs no memory any more, when that is easy or overdue."""
        with self._turn:
            if self._fd < 0:
                return
            content = self._content
            if not content.entries and not content.drafts:
                os.ftruncate(self._fd, 0)
                content.runs.clear()
                content.commits.clear()
            elif always or os.fstat(self._fd).st_size > max(_COMPACT_AT, 4 * self._needed()):
                self._rewrite()

    def _needed(self) -> int:
        content = self._content
        changes = (change for entry in content.entries.values() for change in entry.changes)
        return sum(len(change.new or b"") + len(change.old or b"") for change in changes) + sum(
            2 * len(data) for data in content.drafts.values()
        )

    def _rewrite(self) -> None:
        content = self._content
        lines: list[dict[str, Any]] = []
        lines += [{"done": key, "commit": commit} for key, commit in content.commits.items()]
        for entry in content.entries.values():
            lines.append(_entry_line(entry))
            lines += [{"saved": entry.id}] if entry.saved else []
        lines += [{"git": run.pid, "at": run.at} for run in content.runs[-1:]]
        for key, data in content.drafts.items():
            lines.append({"draft": key, "data": base64.b64encode(data).decode("ascii")})
        new = self.path.with_suffix(".new")
        try:
            fd = _open_journal(new)
            for line in lines:
                _append(fd, _encode(line))
            os.fsync(fd)
            new.rename(self.path)
        except OSError:
            return  # the longer journal says the same
        os.close(self._fd)
        self._fd = fd
        _sync(self.folder)


def lock_path(journal: Path) -> Path:
    return journal.with_suffix(".lock")


def _open_journal(path: Path) -> int:
    flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW | os.O_CLOEXEC
    return os.open(path, flags, 0o666)


def _encode(line: Mapping[str, Any]) -> bytes:
    text = json.dumps(line, ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8", "surrogatepass") + b"\n"


def _append(fd: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(fd, view) :]


def _sync(folder: Path) -> None:
    fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def _pack(data: bytes | None) -> Any:
    if data is None:
        return None
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(data).decode("ascii")}


def _unpack(value: Any) -> bytes | None:
    if value is None:
        return None
    return value.encode("utf-8") if isinstance(value, str) else base64.b64decode(value["base64"])


def _entry_line(entry: Entry) -> dict[str, Any]:
    message = entry.message
    return {
        "intent": entry.id,
        "branch": entry.branch,
        "message": [message.subject, message.body, dict(message.trailers)],
        "changes": [
            [change.path, _pack(change.old), _pack(change.new), change.temp]
            for change in entry.changes
        ],
    }


def _entry_from(line: Mapping[str, Any]) -> Entry:
    subject, body, trailers = line["message"]
    return Entry(
        id=line["intent"],
        branch=line["branch"],
        message=CommitMessage(subject, body, trailers),
        changes=tuple(
            Planned(path, _unpack(old), _unpack(new), temp)
            for path, old, new, temp in line["changes"]
        ),
    )
