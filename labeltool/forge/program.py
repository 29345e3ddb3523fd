"""The API through `gh api` or `glab api`: they know how the user is logged in."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from labeltool.forge.base import ForgeError, NotLoggedIn, Reply
from labeltool.forge.http import HEADERS
from labeltool.safe_text import one_line

_NEEDS_LOGIN = 4  # gh's exit code for it
_QUIET = {
    "GH_PROMPT_DISABLED": "1",
    "GH_NO_UPDATE_NOTIFIER": "1",
    "GLAB_CHECK_UPDATE": "false",
    "NO_PROMPT": "1",
    "NO_COLOR": "1",
}
# They would send the call elsewhere, or mix other text into the answer.
_DROPPED = ("GH_REPO", "GH_FORCE_TTY", "GH_DEBUG", "DEBUG", "GITLAB_REPO", "CLICOLOR_FORCE")


class Program:
    """`gh` or `glab` asking `host`. Run outside the repository: its folder may be hostile."""

    def __init__(self, path: Path, host: str, env: Mapping[str, str], *, timeout_s: float = 60.0):
        self._path, self._host, self._timeout = path, host, timeout_s
        drop = {*_DROPPED, *_foreign_tokens(host, env)}
        self._env = {name: value for name, value in env.items() if name not in drop} | _QUIET

    @property
    def name(self) -> str:
        return self._path.name

    def knows(self) -> bool:
        """Whether the user is logged in at the host."""
        command = [str(self._path), "auth", "status", "--hostname", self._host]
        return self._run(command, None).returncode == 0

    def send(self, method: str, path: str, body: bytes | None) -> Reply:
        command = [str(self._path), "api", "--hostname", self._host, "--include"]
        command += ["--method", method]
        if self.name == "gh":
            command += [
                part for name, value in HEADERS.items() for part in ("-H", f"{name}: {value}")
            ]
        if body is not None:
            command += ["-H", "Content-Type: application/json", "--input", "-"]
        done = self._run([*command, path], body)
        reply = _reply(done.stdout)
        if reply is not None:
            return reply
        said = one_line(done.stderr.decode("utf-8", "replace").strip(), 300)
        if done.returncode == _NEEDS_LOGIN or "auth login" in said:
            raise NotLoggedIn(
                f"{self.name} is not logged in at {self._host}",
                hint=f"{self.name} auth login --hostname {self._host}",
            )
        raise ForgeError(
            f"{self.name} could not ask {self._host}: {said or f'exit code {done.returncode}'}",
            hint=f"see `{self.name} auth status --hostname {self._host}`",
        )

    def _run(self, command: list[str], body: bytes | None) -> subprocess.CompletedProcess[bytes]:
        try:
            return subprocess.run(
                command,
                input=body if body is not None else b"",
                capture_output=True,
                cwd="/",
                env=self._env,
                timeout=self._timeout,
                check=False,
                start_new_session=True,
            )
        except subprocess.TimeoutExpired:
            raise ForgeError(
                f"{self.name} did not answer within {self._timeout:.0f} s",
                hint="check the network, then run it again: nothing is done twice",
            ) from None
        except OSError as error:
            raise ForgeError(
                f"{self.name} could not be started: {error.strerror}", hint="check its installation"
            ) from None


def _foreign_tokens(host: str, env: Mapping[str, str]) -> set[str]:
    """Tokens of the environment that these programs would give to any host that a clone names."""
    foreign: set[str] = set()
    if host != env.get("GH_HOST", "").lower():
        foreign |= {"GH_ENTERPRISE_TOKEN", "GITHUB_ENTERPRISE_TOKEN"}
    own = env.get("GITLAB_HOST", "").lower().removeprefix("https://").rstrip("/") or "gitlab.com"
    if host != own:
        foreign |= {"GITLAB_TOKEN", "GITLAB_ACCESS_TOKEN", "OAUTH_TOKEN"}
    return foreign


def installed(name: str, env: Mapping[str, str]) -> Path | None:
    """The program on the PATH; never one of the folder that the user happens to stand in."""
    found = shutil.which(name, path=env.get("PATH", os.defpath))
    return Path(found) if found and Path(found).is_absolute() else None


def _reply(out: bytes) -> Reply | None:
    """`--include` prints the status line, the headers, an empty line and the body."""
    head, _, body = out.replace(b"\r\n", b"\n").partition(b"\n\n")
    lines = head.decode("latin-1").split("\n")
    status = lines[0].split(" ")
    if not lines[0].startswith("HTTP/") or len(status) < 2 or not status[1].isdigit():
        return None
    pairs = (line.partition(":") for line in lines[1:])
    headers = {name.strip().lower(): value.strip() for name, _, value in pairs}
    return Reply(int(status[1]), body, headers)
