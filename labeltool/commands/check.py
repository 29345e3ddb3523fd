"""`check`: every file and every reference between them, all problems in one go."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from labeltool.commands import check_files, check_graders, check_settings
from labeltool.errors import LabeltoolError, Problem, UsageError, Where
from labeltool.rules import cross_references, names
from labeltool.rules.project import Finding
from labeltool.rules.scoring import shares
from labeltool.store import files
from labeltool.store.yaml import lines


@dataclass(frozen=True)
class CheckReport:
    """`files` were read; `shares` is {rubric@version: {criterion: share (0..1) of the score}}."""

    files: int
    problems: tuple[Problem, ...]
    shares: dict[str, dict[str, float]]

    @property
    def errors(self) -> int:
        return sum(problem.level == "error" for problem in self.problems)

    @property
    def warnings(self) -> int:
        return len(self.problems) - self.errors


def check(root: Path, *, now: datetime, only: Sequence[str] = ()) -> CheckReport:
    """Check the workspace at `root`; needs no git.

    `only` (paths or folders below the root) narrows what is reported, never what is read: a file
    is held against all the others. Raises UsageError for an `only` that is not there, StorageError.
    """
    for path in only:
        if not (root / path).exists() and not (root / path).is_symlink():
            raise UsageError(f"there is no {path}", hint="paths start where you stand")
    read = check_files.read(root, now.date().isoformat())
    findings = (
        *names.findings(read.paths),
        *_settings(root, read),
        *cross_references.findings(read.project),
        *check_graders.findings(read.project),
    )
    problems = [*read.problems, *located(root, findings)]
    kept = [problem for problem in problems if _asked(problem.where.path, only)]
    return CheckReport(
        files=sum(_asked(path, only) for path in read.paths),
        problems=tuple(sorted(kept, key=lambda p: (p.where.path, p.where.line or 0, p.message))),
        shares={
            placed.noun.ref: shares(placed.noun)
            for placed in read.project.rubrics.values()
            if _asked(placed.path, only)
        },
    )


def _settings(root: Path, read: check_files.Read) -> Iterator[Finding]:
    if read.settings is not None:
        yield from check_settings.findings(
            read.settings, read.project, lambda path: (root / path).is_file()
        )


def _asked(path: str, only: Sequence[str]) -> bool:
    return not only or any(
        one in ("", ".") or path == one or path.startswith(f"{one.rstrip('/')}/") for one in only
    )


def located(root: Path, findings: Iterable[Finding]) -> list[Problem]:
    """Findings with their lines: files are read again only where there is something to say."""
    held: dict[str, bytes] = {}
    problems = []
    for found in findings:
        if found.field and found.path not in held:
            try:
                held[found.path] = files.read_if_there(root, found.path) or b""
            except LabeltoolError:
                held[found.path] = b""
        line = lines.locate(held[found.path], found.field) if found.field else None
        where = Where(found.path, line, ".".join(map(str, found.field)) or None)
        problems.append(Problem(where, found.message, found.hint, found.level))
    return problems
