"""Where a remote's URL points: host and repository, and the pages a browser would open.

URLs come out of a clone's configuration, which may be hostile: what is not plainly a host and a
path of names is refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal
from urllib.parse import quote, urlsplit

from labeltool.errors import RepositoryError

Kind = Literal["github", "gitlab", "unknown"]

_HOST = re.compile(r"(?=.{1,253}\Z)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*")
_SEGMENT = re.compile(r"(?!\.{1,2}\Z)[A-Za-z0-9_.][A-Za-z0-9_.-]{0,254}")
_SCP = re.compile(r"(?:[A-Za-z0-9._-]+@)?(?P<host>[A-Za-z0-9.-]+):(?!//)(?P<path>[^:].*)")
_LOOPBACK = ("localhost", "127.0.0.1", "[::1]", "::1")
# Hosts that answer SSH on the port of HTTPS, for networks that let nothing else out.
_SSH_DOORS = {"ssh.github.com": "github.com", "altssh.gitlab.com": "gitlab.com"}


@dataclass(frozen=True, slots=True)
class Remote:
    """`host` in lower case, with the port that a browser needs; `path` is `owner/name`, at GitLab
    maybe with groups between.
    """

    host: str
    path: str
    scheme: Literal["https", "http"] = "https"

    @property
    def hostname(self) -> str:
        return self.host.partition(":")[0]

    @property
    def owner(self) -> str:
        return self.path.split("/")[0]

    @property
    def kind(self) -> Kind:
        """What the name of the host gives away."""
        labels = self.hostname.split(".")
        if "github" in labels or self.hostname.endswith(".ghe.com"):
            return "github"
        return "gitlab" if "gitlab" in labels else "unknown"

    @property
    def web(self) -> str:
        return f"{self.scheme}://{self.host}/{self.path}"

    def compare(self, base: str, branch: str) -> str:
        """The page on which a person opens the pull request."""
        if self.kind == "gitlab":
            source, target = quote(branch, safe=""), quote(base, safe="")
            fields = f"merge_request[source_branch]={source}&merge_request[target_branch]={target}"
            return f"{self.web}/-/merge_requests/new?{quote(fields, safe='=&%')}"
        # GitHub, and Gitea and Forgejo alike.
        return f"{self.web}/compare/{quote(base, safe='/')}...{quote(branch, safe='/')}?expand=1"


def parse(url: str) -> Remote | None:
    """Host and repository of an https, ssh or scp-like URL; None for a folder on this machine.

    Raises RepositoryError for what git would hand to a program or take for an option, and for
    anything that is no plain host and path. A password in the URL is dropped and never shown.
    """
    if re.search(r"[\x00-\x20\x7f-\x9f\\]", url) or url.startswith("-") or "::" in url[:32]:
        raise _refused()
    if "://" in url:
        return _of_url(url)
    if url.startswith((".", "/", "~")) or ":" not in url.partition("/")[0]:
        return None
    match = _SCP.fullmatch(url)
    if match is None:
        raise _refused()
    return Remote(_host(match["host"]), _path(match["path"]))


def is_loopback(hostname: str) -> bool:
    return hostname in _LOOPBACK


def _of_url(url: str) -> Remote | None:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise _refused() from None
    scheme = parts.scheme.lower()
    if scheme == "file":
        return None
    if scheme not in ("https", "http", "ssh", "git+ssh", "ssh+git") or parts.query:
        raise _refused()
    host = _host(parts.hostname or "")
    path = _path(parts.path)
    if "ssh" in scheme:  # its port is not a browser's
        return Remote(host, path)
    web: Literal["https", "http"] = "http" if scheme == "http" else "https"
    usual = 443 if web == "https" else 80
    return Remote(host if port in (None, usual) else f"{host}:{port}", path, web)


def _host(name: str) -> str:
    host = name.lower().rstrip(".")
    if not _HOST.fullmatch(host):
        raise _refused()
    return _SSH_DOORS.get(host, host)


def _path(text: str) -> str:
    path = text.strip("/").removesuffix(".git").rstrip("/")
    segments = path.split("/")
    if not 2 <= len(segments) <= 21 or not all(_SEGMENT.fullmatch(one) for one in segments):
        raise _refused()
    return path


def _refused() -> RepositoryError:
    return RepositoryError(
        "the remote's URL is not a plain https or ssh address of a repository",
        hint="look at it with `git remote -v`, and set another with `git remote set-url`",
    )
