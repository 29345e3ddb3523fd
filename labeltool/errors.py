"""Every error a user can cause, and the exit code that goes with it.

LabeltoolError                 (message, hint, where)
├── UsageError                 2    a bad value on the command line, an unknown name
│   └── UnknownName            2    with the closest known names as the hint
├── DataError                  3    a bad value in a file or in the settings
│   └── SchemaTooNew           3    written by a newer labeltool: never rewritten
├── RepositoryError            4    repository or storage
│   ├── NoWorkspace            4    no labeltool.yaml here or above
│   ├── NotARepository         4    not a git repository, or a bare one
│   ├── StorageError           4    the disk said no: full, read-only, fsync failed
│   ├── Conflict               4    the file is no longer the one that was read
│   └── CommitHeld             4    saved, not committed: hook, identity, merge, lock
└── IncompleteError            5    a run that could not finish, or a judge not trusted
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True, slots=True, order=True)
class Where:
    """A place in a file: `path` relative to the workspace, `line` from 1, `field` dotted."""

    path: str
    line: int | None = None
    field: str | None = None

    def __str__(self) -> str:
        text = self.path
        if self.line is not None:
            text += f":{self.line}"
        if self.field:
            text += f": {self.field}"
        return text


class LabeltoolError(Exception):
    """Something the user can mend: what happened, where, and the next step."""

    exit_code = 1

    def __init__(self, message: str, *, hint: str | None = None, where: Where | None = None):
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.where = where

    def __str__(self) -> str:
        return f"{self.where}: {self.message}" if self.where else self.message


class UsageError(LabeltoolError):
    exit_code = 2


class UnknownName(UsageError):
    """A name that nothing here has. `known` gives the hint its closest matches."""

    def __init__(self, kind: str, name: str, known: Iterable[str]):
        names = sorted(known)
        close = difflib.get_close_matches(name, names, n=3, cutoff=0.6)
        if close:
            hint = "did you mean " + " or ".join(close) + "?"
        elif names:
            shown = ", ".join(names[:8]) + (", ..." if len(names) > 8 else "")
            hint = f"known: {shown}"
        else:
            hint = f"there is no {kind} yet"
        super().__init__(f"no {kind} is named {name!r}", hint=hint)


class DataError(LabeltoolError):
    """Bad data in files. Carries every problem found, not only the first."""

    exit_code = 3

    def __init__(
        self,
        message: str,
        *,
        hint: str | None = None,
        where: Where | None = None,
        problems: Sequence[Problem] = (),
    ):
        super().__init__(message, hint=hint, where=where)
        self.problems = tuple(problems)

    @classmethod
    def of(cls, problems: Sequence[Problem]) -> DataError:
        """The first problem as the message, all of them attached."""
        first = problems[0]
        return cls(first.message, hint=first.hint, where=first.where, problems=problems)


class SchemaTooNew(DataError):
    pass


class RepositoryError(LabeltoolError):
    exit_code = 4


class NoWorkspace(RepositoryError):
    pass


class NotARepository(RepositoryError):
    pass


class StorageError(RepositoryError):
    pass


class Conflict(RepositoryError):
    pass


class CommitHeld(RepositoryError):
    """The files are saved; the commit waits. `reason` names the cause."""

    def __init__(self, message: str, *, reason: str, hint: str | None = None):
        super().__init__(message, hint=hint)
        self.reason = reason


class IncompleteError(LabeltoolError):
    exit_code = 5


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding about one place in one file."""

    where: Where
    message: str
    hint: str | None = None
    level: Literal["error", "warning"] = field(default="error")

    def __str__(self) -> str:
        return f"{self.where}: {self.message}"
