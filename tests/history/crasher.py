"""Ends a process before each of its system calls in turn: `python -m tests.history.crasher ROOT`.

For every number N a child process makes one decision and is killed before its N-th system call
that changes anything; then another child recovers. One JSON line for each N is printed.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from labeltool.history import FileChange, History
from labeltool.store.files import content_hash
from tests.history.support import QUICK, message, moment

CALLS = ("write", "fsync", "rename", "unlink", "mkdir", "rmdir", "ftruncate")
OLD, NEW = b"score: 0\n", b"score: 1\n"


def decision(number: int) -> list[FileChange]:
    """A new file in a new folder, a changed one and a deleted one."""
    return [
        FileChange(f"new/{number}/a.yaml", NEW, None),
        FileChange(f"old/{number}/b.yaml", NEW, content_hash(OLD)),
        FileChange(f"old/{number}/c.yaml", None, content_hash(OLD)),
    ]


def is_new(root: Path, change: FileChange) -> bool:
    file = root / change.path
    return (file.read_bytes() if file.exists() else None) == change.content


def crash_before(number: int) -> None:
    """Counts the calls; the one with this number is never made."""
    left = number

    def counted(real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **kwargs: Any) -> Any:
            nonlocal left
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            return real(*args, **kwargs)

        return call

    for name in CALLS:
        setattr(os, name, counted(getattr(os, name)))
    plain, creating = os.open, counted(os.open)

    def opened(path: Any, flags: int, *args: Any, **kwargs: Any) -> int:
        made: int = (creating if flags & os.O_CREAT else plain)(path, flags, *args, **kwargs)
        return made

    os.open = opened
    subprocess.Popen.__init__ = counted(subprocess.Popen.__init__)  # type: ignore[method-assign]


def in_child(work: Callable[[], None]) -> bool:
    """True where it came to its end, False where it was killed."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            work()
            code = 0
        finally:
            sys.stderr.flush()
            os._exit(code)
    status = os.waitpid(child, 0)[1]
    assert status == 0 or os.WIFSIGNALED(status), "it failed by itself"
    return status == 0


def main(root: Path) -> None:
    def decide() -> None:
        history = History.open(root, env=dict(os.environ), now=moment, limits=QUICK)
        crash_before(number)
        history.record(decision(number), message(f"Decide {number}"))
        history.close()

    def recover() -> None:
        with History.open(root, env=dict(os.environ), now=moment, limits=QUICK) as history:
            recovered = history.recover()
            assert not recovered.held, recovered.held

    number, ended = 0, False
    while not ended:
        number += 1
        ended = in_child(decide)
        recovered = in_child(recover)
        states = [is_new(root, change) for change in decision(number)]
        sys.stdout.write(json.dumps([number, ended, recovered, states]) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
