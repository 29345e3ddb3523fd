"""The only place that runs the git program."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import tempfile
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from labeltool.errors import RepositoryError

# `git rev-parse --local-env-vars`: they tie a process to one repository, so a hook's or another
# tool's must not reach ours. The configuration given by count is the user's own and is kept.
LOCAL_VARIABLES = frozenset(
    {
        "GIT_ALTERNATE_OBJECT_DIRECTORIES",
        "GIT_COMMON_DIR",
        "GIT_CONFIG",
        "GIT_CONFIG_PARAMETERS",
        "GIT_DIR",
        "GIT_GRAFT_FILE",
        "GIT_IMPLICIT_WORK_TREE",
        "GIT_INDEX_FILE",
        "GIT_INTERNAL_SUPER_PREFIX",
        "GIT_NO_REPLACE_OBJECTS",
        "GIT_OBJECT_DIRECTORY",
        "GIT_PREFIX",
        "GIT_REPLACE_REF_BASE",
        "GIT_SHALLOW_FILE",
        "GIT_WORK_TREE",
    }
)
_KEPT = re.compile(r"GIT_CONFIG_(COUNT|KEY_\d+|VALUE_\d+)")
# They contradict the literal pathspecs that every call here uses.
_PATHSPECS = frozenset({"GIT_GLOB_PATHSPECS", "GIT_NOGLOB_PATHSPECS", "GIT_ICASE_PATHSPECS"})

# A cloned folder's own configuration must not start programs when we look or write.
SAFE = ("core.fsmonitor=false", "protocol.ext.allow=never", "log.showSignature=false")
WRITE = (
    "core.fsync=committed,reference",
    "core.safecrlf=false",
    "gc.auto=0",
    "maintenance.auto=false",
)
_GRACE_S = 2.0


@dataclass(frozen=True, slots=True)
class Ran:
    """What one git process did. `code` is negative after a signal."""

    code: int
    out: bytes
    err: str
    pid: int
    timed_out: bool = False

    @property
    def text(self) -> str:
        return self.out.decode("utf-8", "replace")

    @property
    def words(self) -> str:
        """What git or a hook said, for people."""
        return self.err.strip() or self.text.strip()


def clean_environment(env: Mapping[str, str], local: frozenset[str]) -> dict[str, str]:
    """`env` for a git process: no ties to another repository, no prompts, English messages."""
    drop = (local | LOCAL_VARIABLES | _PATHSPECS) - {name for name in env if _KEPT.fullmatch(name)}
    clean = {name: value for name, value in env.items() if name not in drop}
    if spoken := clean.pop("LC_ALL", None):
        clean["LC_CTYPE"] = spoken
    clean |= {
        "LC_MESSAGES": "C",
        "LANGUAGE": "",
        "GIT_LITERAL_PATHSPECS": "1",
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_EDITOR": "true",
        "GIT_PAGER": "cat",
    }
    return clean


class Git:
    """Runs git in one folder with one environment."""

    def __init__(self, folder: Path, env: Mapping[str, str], local: frozenset[str] = frozenset()):
        self.folder = folder
        self.env = clean_environment(env, local)

    def command(self, args: Sequence[str], config: Sequence[str] = ()) -> list[str]:
        settings = [part for setting in (*SAFE, *config) for part in ("-c", setting)]
        return ["git", "--no-pager", *settings, *args]

    def run(
        self,
        *args: str,
        stdin: bytes = b"",
        config: Sequence[str] = (),
        timeout: float = 60.0,
        started: Callable[[int], None] | None = None,
    ) -> Ran:
        """Runs git to its end or for `timeout` seconds; `started` is told the process id.

        Output goes through files, not pipes: a process that a hook left in the background would
        hold a pipe open long after git is done. A session of its own keeps a hook from reading
        the terminal.
        """
        scratch = tempfile.TemporaryFile
        with scratch() as given, scratch() as out, scratch() as err:
            given.write(stdin)
            given.seek(0)
            command = self.command(args, config)
            streams = (given.fileno(), out.fileno(), err.fileno())
            process = _popen(command, self.folder, self.env, streams)
            if started is not None:
                started(process.pid)
            timed_out = not _wait(process, timeout)
            out.seek(0)
            err.seek(0)
            words = err.read().decode("utf-8", "replace")
            return Ran(process.returncode, out.read(), words, process.pid, timed_out)

    def pipe(self, *args: str, stdin: bool = False) -> subprocess.Popen[bytes]:
        """A git process that is read (and with `stdin` asked) while it runs."""
        given = subprocess.PIPE if stdin else subprocess.DEVNULL
        streams = (given, subprocess.PIPE, subprocess.DEVNULL)
        return _popen(self.command(args), self.folder, self.env, streams)

    def ask(self, *args: str) -> str | None:
        """The first line of the answer, None where git says no."""
        ran = self.run(*args)
        return ran.text.partition("\n")[0] if ran.code == 0 else None

    def must(self, *args: str, stdin: bytes = b"", config: Sequence[str] = ()) -> Ran:
        """As `run`, but RepositoryError with git's own words where it fails."""
        ran = self.run(*args, stdin=stdin, config=config)
        if ran.code != 0:
            raise RepositoryError(
                f"git {args[0]} failed: {ran.words or f'exit code {ran.code}'}",
                hint="run `git fsck` and `git status` to see what is wrong",
            )
        return ran


def _popen(
    command: list[str], folder: Path, env: Mapping[str, str], streams: tuple[int, int, int]
) -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen(
            command,
            cwd=folder,
            env=env,
            stdin=streams[0],
            stdout=streams[1],
            stderr=streams[2],
            start_new_session=True,
        )
    except FileNotFoundError as error:
        if not folder.is_dir():
            raise RepositoryError(f"there is no folder {folder}", hint="check the path") from error
        raise RepositoryError(
            "the git program was not found", hint="install git and put it on the PATH"
        ) from error
    except OSError as error:
        raise RepositoryError(
            f"git could not be started: {error}", hint="check the machine, then try again"
        ) from error


def _wait(process: subprocess.Popen[bytes], timeout: float) -> bool:
    """True when it ended by itself. Else its whole session is ended, kindly first.

    A timer beside a plain wait: `Popen.wait` with a timeout polls, up to 50 ms apart, which
    doubles the time of a commit.
    """
    late, ended = threading.Event(), threading.Event()

    def expire() -> None:
        late.set()
        _signal(process, signal.SIGTERM)  # git then removes its own lock files
        ended.wait(_GRACE_S)
        _signal(process, signal.SIGKILL)

    timer = threading.Timer(timeout, expire)
    timer.daemon = True
    timer.start()
    try:
        process.wait()
    except BaseException:
        _signal(process, signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            process.wait(_GRACE_S)
        _signal(process, signal.SIGKILL)
        process.wait()
        raise
    finally:
        ended.set()
        timer.cancel()
    if late.is_set():
        timer.join()
    return not late.is_set()


def _signal(process: subprocess.Popen[bytes], sign: signal.Signals) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, sign)
