"""What a code host can do for us, whichever way it is reached.

RepositoryError         4
└── ForgeError          the host, or the program that asks it, said no
    ├── NotLoggedIn     nobody is known there: another way may still work
    └── Refused         known, but not allowed to do that
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from labeltool.errors import RepositoryError


class ForgeError(RepositoryError):
    """`status` is the HTTP status, None where none was received."""

    def __init__(self, message: str, *, hint: str | None = None, status: int | None = None):
        super().__init__(message, hint=hint)
        self.status = status


class NotLoggedIn(ForgeError):
    pass


class Refused(ForgeError):
    pass


@dataclass(frozen=True, slots=True)
class PullRequest:
    """An open pull request (GitLab: merge request). Title and body are untrusted text."""

    number: int
    url: str
    title: str
    body: str


@dataclass(frozen=True, slots=True)
class Comment:
    """`created` is False where one that stood there was updated."""

    url: str
    created: bool


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back. Names of `headers` are in lower case."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


class Transport(Protocol):
    """One way to reach a host's REST API; `path` is relative to the API's root."""

    @property
    def name(self) -> str:
        """For messages: `gh`, `glab`, or the host."""
        ...

    def send(self, method: str, path: str, body: bytes | None) -> Reply:
        """Whatever the host answered, errors too. Raises ForgeError where nothing did."""
        ...


class Forge(Protocol):
    """A repository at its host. Everything raises ForgeError.

    `via` says in a word what speaks with the host.
    """

    @property
    def via(self) -> str: ...

    def find(self, branch: str) -> PullRequest | None:
        """The open pull request that asks to take `branch`."""
        ...

    def create(self, branch: str, base: str, title: str, body: str, *, draft: bool) -> PullRequest:
        """A new one; where somebody was quicker, that one, with this title and body."""
        ...

    def update(self, number: int, body: str, title: str | None = None) -> PullRequest:
        """Another body, and with `title` another title."""
        ...

    def comment(self, number: int, marker: str, body: str) -> Comment:
        """The one comment that starts with `marker`: updated where it stands, else made."""
        ...
