"""Reading objects through one lasting `git cat-file --batch`."""

from __future__ import annotations

import subprocess
import threading
from contextlib import suppress
from dataclasses import dataclass

from labeltool.errors import RepositoryError
from labeltool.history.gitcmd import Git


@dataclass(frozen=True, slots=True)
class Found:
    id: str
    kind: str
    data: bytes


class CatFile:
    """Answers from any thread. The process starts with the first question."""

    def __init__(self, git: Git):
        self._git = git
        self._process: subprocess.Popen[bytes] | None = None
        self._turn = threading.Lock()

    def get(self, name: str) -> Found | None:
        """The object that `name` (like `HEAD:path`) means now, None where there is none."""
        if "\n" in name or "\0" in name:
            return None
        with self._turn:
            try:
                return self._ask(name)
            except (OSError, ValueError):
                # The process may have died since the last question; a new one is asked once.
                self._stop()
            try:
                return self._ask(name)
            except (OSError, ValueError) as error:
                self._stop()
                raise RepositoryError(
                    f"git cannot read {name}", hint="run `git fsck` to see what is wrong"
                ) from error

    def blob(self, name: str) -> bytes | None:
        found = self.get(name)
        return found.data if found is not None and found.kind == "blob" else None

    def _ask(self, name: str) -> Found | None:
        if self._process is None:
            self._process = self._git.pipe("cat-file", "--batch", stdin=True)
        given, out = self._process.stdin, self._process.stdout
        assert given is not None
        assert out is not None
        given.write(name.encode("utf-8", "surrogateescape") + b"\n")
        given.flush()
        line = out.readline()
        if not line.endswith(b"\n"):
            raise OSError("cat-file ended")
        if line.endswith((b" missing\n", b" ambiguous\n")):
            return None
        head = line.decode("ascii").split()
        if len(head) != 3:
            raise ValueError(line)
        data = out.read(int(head[2]) + 1)
        if len(data) != int(head[2]) + 1:
            raise OSError("cat-file ended")
        return Found(head[0], head[1], data[:-1])

    def _stop(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                with suppress(OSError):
                    stream.close()
        try:
            process.wait(1)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def close(self) -> None:
        with self._turn:
            self._stop()
