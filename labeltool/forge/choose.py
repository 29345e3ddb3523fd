"""Which ways lead to a remote's host, best first; no other host is ever asked.

`gh` and `glab` know the user; then GitHub's API with a token of the environment. A token goes only
to the host it belongs to: GH_TOKEN and GITHUB_TOKEN to github.com, to *.ghe.com and to the server
that GITHUB_SERVER_URL names, GH_ENTERPRISE_TOKEN to the one that GH_HOST names. A clone's own
configuration cannot send it elsewhere.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from urllib.parse import urlsplit

from labeltool.errors import UsageError
from labeltool.forge.base import Forge
from labeltool.forge.call import Caller
from labeltool.forge.github import GitHub
from labeltool.forge.gitlab import GitLab
from labeltool.forge.http import Http
from labeltool.forge.program import Program, installed
from labeltool.forge.remote import Kind, Remote, is_loopback


def forges(
    remote: Remote, env: Mapping[str, str], *, pause: Callable[[float], None] = time.sleep
) -> Iterator[Forge]:
    """One after the other: the next is for where one raises NotLoggedIn. May give none.

    Raises UsageError for a GITHUB_API_URL that would carry the token in the open.
    """
    kind = _kind(remote, env)
    tokens = _tokens(env)
    for name, other in (("gh", "gitlab"), ("glab", "github")):
        path = installed(name, env) if kind != other else None
        program = Program(path, remote.host, env) if path is not None else None
        if program is None or (kind == "unknown" and not program.knows()):
            continue
        caller = Caller(program, secrets=tokens, pause=pause)
        yield GitHub(caller, remote) if name == "gh" else GitLab(caller, remote)
    token = _token(remote, env) if kind == "github" else None
    if token:
        with Http(api_url(remote, env), token) as http:
            yield GitHub(Caller(http, secrets=tokens, pause=pause), remote)


def api_url(remote: Remote, env: Mapping[str, str]) -> str:
    """The root of the API that answers for `remote`. Raises UsageError where it is not https."""
    said = env.get("GITHUB_API_URL")
    if not said or remote.host != _server(env):
        if remote.host == "github.com":
            return "https://api.github.com"
        if remote.hostname.endswith(".ghe.com"):
            return f"https://api.{remote.host}"
        return f"https://{remote.host}/api/v3"
    if not _is_secure(said):
        raise UsageError(
            "GITHUB_API_URL is no https address", hint="such as https://api.github.com"
        )
    return said


def _is_secure(url: str) -> bool:
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return False
    if not host or parts.username or parts.query:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and is_loopback(host))


def _kind(remote: Remote, env: Mapping[str, str]) -> Kind:
    """What the environment says of the host, else what its name gives away."""
    if remote.host in (_server(env), env.get("GH_HOST", "").lower()):
        return "github"
    if remote.host == _host_of(env.get("GITLAB_HOST", "")):
        return "gitlab"
    return remote.kind


def _token(remote: Remote, env: Mapping[str, str]) -> str | None:
    if remote.host in ("github.com", _server(env)) or remote.hostname.endswith(".ghe.com"):
        return env.get("GH_TOKEN") or env.get("GITHUB_TOKEN")
    if remote.host == env.get("GH_HOST", "").lower():
        return env.get("GH_ENTERPRISE_TOKEN") or env.get("GITHUB_ENTERPRISE_TOKEN")
    return None


def _tokens(env: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(value for name, value in env.items() if name.endswith("_TOKEN") and len(value) > 7)


def _server(env: Mapping[str, str]) -> str:
    return _host_of(env.get("GITHUB_SERVER_URL") or "https://github.com")


def _host_of(text: str) -> str:
    """`host` or `host:port` of a URL or a bare name."""
    try:
        return urlsplit(text if "://" in text else f"https://{text}").netloc.lower()
    except ValueError:
        return ""
