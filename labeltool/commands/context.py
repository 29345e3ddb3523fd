"""What every verb is given: the workspace, the environment, the clock, and git behind a door."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from labeltool.errors import DataError, RepositoryError, UsageError, Where
from labeltool.model.base import is_id
from labeltool.store import paths
from labeltool.store.workspace import Workspace, Write

if TYPE_CHECKING:
    from labeltool.history import CommitMessage, Committed, History


def utc_now() -> datetime:
    return datetime.now(UTC)


def iso(moment: datetime) -> str:
    """`moment` as files hold it: 2026-11-23T18:40:00Z."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass
class Context:
    """One verb's surroundings. `history` opens git only when something needs it."""

    workspace: Workspace
    env: Mapping[str, str]
    now: Callable[[], datetime]

    @classmethod
    def find(cls, start: Path, *, env: Mapping[str, str], now: Callable[[], datetime]) -> Context:
        """The context around `start`. Raises NoWorkspace, DataError."""
        return cls(Workspace.find(start), env, now)

    @cached_property
    def history(self) -> History:
        """The workspace's repository. Raises NotARepository."""
        from labeltool.history import History

        return History.open(self.workspace.root, env=self.env, now=self.now)

    def renew(self) -> bool:
        """Settings and branch as they are now: another may be checked out since. Returns whether
        either is another one. Raises NoWorkspace, DataError.
        """
        settings = self.workspace.settings
        self.workspace = Workspace.open(self.workspace.root)
        opened: History | None = self.__dict__.get("history")
        before = opened.branch if opened else None
        now = opened.adopt_branch() if opened else None
        return (settings, before) != (self.workspace.settings, now)

    def recovered(self) -> str | None:
        """What an earlier process had left and this one has settled, in a line to tell."""
        from labeltool.commands.recovered import told

        opened: History | None = self.__dict__.get("history")
        if opened is None:
            return None
        return told(opened.recoveries, {saved.id for saved in opened.pending()})

    def close(self) -> None:
        """Release locks and processes; safe to call twice."""
        opened = self.__dict__.pop("history", None)
        if opened is not None:
            opened.close()

    def iso_now(self) -> str:
        return iso(self.now())

    def annotator(self, explicit: str | None = None) -> str:
        """Who decides here: said, else LABELTOOL_ANNOTATOR, else found by git's e-mail.

        Raises UsageError for an illegal name, DataError for one that `annotators:` does not hold,
        RepositoryError where git knows nobody.
        """
        name = explicit or self.env.get("LABELTOOL_ANNOTATOR") or None
        if name is not None and not is_id(name):
            raise UsageError(
                f"{name!r} is not a legal annotator name",
                hint="use a-z, 0-9, dot, dash, underscore",
            )
        known = self.workspace.settings.annotators
        email = ""
        if name is None:
            email = self._email()
            name = next(
                (one for one, mails in known.items() if email in map(str.lower, mails)), None
            )
        if name is None and not known:
            name = _legal(email.partition("@")[0])
        if known and name not in known:
            raise _not_listed(name or _legal(email.partition("@")[0]), email)
        if not name:
            raise UsageError("no annotator is known", hint="say --annotator NAME")
        return name

    def record(self, changes: Iterable[Write], message: CommitMessage) -> Committed:
        """Save and commit as one decision. Raises CommitHeld when saved but not committed."""
        from labeltool.history import FileChange

        # What a killed process left half-written is settled before anything is built on it.
        self.history.recover()
        return self.history.record([FileChange(*change) for change in changes], message)

    def _email(self) -> str:
        identity = self.history.state().identity
        if identity is None:
            raise RepositoryError(
                "git does not know who you are",
                hint="say --annotator NAME, or: git config user.name 'You' && "
                "git config user.email you@example.org",
            )
        return identity.rpartition("<")[2].rstrip(">").lower()


def _legal(text: str) -> str:
    return re.sub(r"[^a-z0-9._-]+", "-", text.lower()).strip("-._")


def _not_listed(name: str, email: str) -> DataError:
    address = email or f"{name}@example.org"
    return DataError(
        f"{name or email} is none of the annotators",
        hint=f"add `{name}: [{address}]` under annotators:, or say --annotator NAME",
        where=Where(paths.SETTINGS, field="annotators"),
    )
