"""The real program in a real pseudo terminal."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from pathlib import Path
from types import TracebackType

from tests.small_repo import Repo

PATIENCE_S = 60.0


class Terminal:
    """Runs `labeltool ARGS` at a size. What it writes is in `seen`."""

    def __init__(self, repo: Repo, *args: str, size: tuple[int, int] = (80, 24)):
        self._master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))
        self.cooked = termios.tcgetattr(slave)
        self.process = subprocess.Popen(
            [sys.executable, "-m", "labeltool", *args],
            cwd=repo.root,
            env={**repo.env, "TERM": "xterm-256color", "COLUMNS": "", "LINES": ""},
            stdin=slave,
            stdout=slave,
            stderr=slave,
            start_new_session=True,
        )
        self._slave = slave
        self.seen = b""

    def __enter__(self) -> Terminal:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        os.close(self._master)
        if self._slave >= 0:
            os.close(self._slave)

    def wait_for(self, text: str) -> None:
        """Read until `text` was written."""
        deadline = time.monotonic() + PATIENCE_S
        while text.encode() not in self.seen:
            assert time.monotonic() < deadline, self.seen[-2000:]
            assert self.read(), f"it ended: {self.seen[-2000:]!r}"

    def read(self) -> bool:
        """Take in what was written; False once nothing can follow."""
        ready, _, _ = select.select([self._master], [], [], 0.2)
        if ready:
            try:
                self.seen += os.read(self._master, 65536)
            except OSError:
                return False
        return self.process.poll() is None or bool(ready)

    def press(self, keys: str) -> None:
        os.write(self._master, keys.encode())

    def attributes(self) -> list[object]:
        return list(termios.tcgetattr(self._slave))

    def send(self, number: signal.Signals) -> None:
        self.process.send_signal(number)

    def end(self) -> int:
        """Read on until the program is gone; its exit code."""
        deadline = time.monotonic() + PATIENCE_S
        while self.process.poll() is None:
            assert time.monotonic() < deadline, "it does not end"
            self.read()
        while self.read():
            pass
        return self.process.returncode


def drafts(repo: Repo) -> bytes:
    """What the journals hold."""
    folder = repo.root / ".git/labeltool/journal"
    return b"".join(Path(path).read_bytes() for path in sorted(folder.glob("*.jsonl")))
