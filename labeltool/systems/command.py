"""A program: the case as JSON on its stdin, the answer as JSON on its stdout, one process a
case.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import shutil
import signal
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from time import perf_counter
from typing import Literal

from labeltool import strict_json
from labeltool.errors import DataError, Where
from labeltool.model.case import Case
from labeltool.model.hashing import canonical_json
from labeltool.systems.base import Answer, SystemFailure, answer_of, payload

MAX_STDOUT = 16 * 1024 * 1024
STDERR_TAIL = 2_000
_ALWAYS = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "TZ", "USER", "VIRTUAL_ENV")


class CommandSystem:
    """Runs in the workspace's root, in a process group of its own that is killed at the
    deadline.

    `env_names` empty hands the whole environment over; otherwise only those variables and the
    usual few. Raises DataError where the program is not found.
    """

    kind: Literal["command"] = "command"
    live: Literal[True] = True

    def __init__(
        self,
        name: str,
        argv: Sequence[str],
        root: Path,
        *,
        env: Mapping[str, str],
        env_names: Sequence[str],
        timeout_s: float,
        where: Where,
    ):
        self.name = name
        self.timeout_s = timeout_s
        self._root = root
        names = (*_ALWAYS, *env_names)
        self._env = {k: env[k] for k in names if k in env} if env_names else dict(env)
        program = _program(argv[0], root, self._env.get("PATH"))
        if program is None:
            raise DataError(
                f"the program {argv[0]!r} is not there or not executable",
                hint=f"it is looked for in {root} (with a slash in it) or on the PATH",
                where=where,
            )
        self._argv = (program, *argv[1:])
        self.fingerprint = _fingerprint(argv, self._argv, root)

    def request(self, case: Case) -> None:
        """Code may look at anything, so its answers are not kept."""

    async def answer(self, case: Case) -> Answer:
        started = perf_counter()
        code, out, err = await self._run(json.dumps(payload(case)).encode() + b"\n")
        latency = (perf_counter() - started) * 1000
        if code != 0:
            how = f"exit {code}" if code > 0 else f"killed by {_signal_name(-code)}"
            raise SystemFailure("system", f"{how}{_told(err)}")
        if len(out) > MAX_STDOUT:
            raise SystemFailure("bad_output", f"more than {MAX_STDOUT:,} bytes on stdout")
        try:
            reply = strict_json.loads(out.decode())
        except ValueError as error:
            raise SystemFailure("bad_output", f"stdout is no JSON: {error}{_told(err)}") from None
        found = answer_of(reply)
        return Answer(found.output, found.context, found.usage, found.finish_reason, latency)

    async def _run(self, stdin: bytes) -> tuple[int, bytes, bytes]:
        try:
            process = await asyncio.create_subprocess_exec(
                *self._argv,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.PIPE,
                cwd=self._root,
                env=self._env,
                start_new_session=True,
            )
        except OSError as error:
            raise SystemFailure(
                "system", f"could not be started: {error.strerror or error}"
            ) from None
        err = bytearray()
        try:
            async with asyncio.timeout(self.timeout_s):
                out, _, _, code = await asyncio.gather(
                    _read(process.stdout),
                    _keep_tail(process.stderr, err),
                    _feed(process, stdin),
                    process.wait(),
                )
                return code, out, bytes(err)
        except TimeoutError:
            raise SystemFailure(
                "timeout", f"no answer within {self.timeout_s:g} s{_told(bytes(err))}"
            ) from None
        finally:
            await _end(process)

    async def close(self) -> None:
        return


async def _feed(process: asyncio.subprocess.Process, data: bytes) -> None:
    assert process.stdin is not None
    # A program may answer without reading what it was told.
    with suppress(BrokenPipeError, ConnectionResetError):
        process.stdin.write(data)
        await process.stdin.drain()
    with suppress(BrokenPipeError, ConnectionResetError):
        process.stdin.close()
        await process.stdin.wait_closed()


async def _read(stream: asyncio.StreamReader | None) -> bytes:
    """All of it, up to one byte over the cap; the rest is read and thrown away."""
    assert stream is not None
    kept = bytearray()
    while chunk := await stream.read(65536):
        kept += chunk[: MAX_STDOUT + 1 - len(kept)]
    return bytes(kept)


async def _keep_tail(stream: asyncio.StreamReader | None, tail: bytearray) -> None:
    assert stream is not None
    while chunk := await stream.read(65536):
        tail += chunk
        del tail[:-STDERR_TAIL]


async def _end(process: asyncio.subprocess.Process) -> None:
    """Kills whatever is left of the process's group, grandchildren that hold its pipes included."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    if process.returncode is None:
        await process.wait()


def _told(stderr: bytes) -> str:
    """The last lines of stderr, for the error."""
    lines = [line.strip() for line in stderr.decode(errors="replace").splitlines() if line.strip()]
    return ": " + " | ".join(lines[-3:])[-600:] if lines else ""


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


def _program(name: str, root: Path, path: str | None) -> str | None:
    if "/" in name:
        file = root / name
        return str(file) if file.is_file() and os.access(file, os.X_OK) else None
    return shutil.which(name, path=path)


def _fingerprint(argv: Sequence[str], resolved: Sequence[str], root: Path) -> str:
    """Over the command line and every file of the workspace that it names."""
    digest = hashlib.sha256(canonical_json(list(argv)).encode())
    for argument in resolved:
        file = (root / argument).resolve()
        if file.is_relative_to(root.resolve()) and file.is_file():
            digest.update(b"\0" + file.read_bytes())
    return f"command:{digest.hexdigest()[:12]}"
