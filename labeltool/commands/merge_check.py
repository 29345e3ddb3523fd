"""What a merge has made wrong that neither side was: git merges text, not meaning."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from labeltool.commands import check_files
from labeltool.commands.check import check, located
from labeltool.commands.context import Context
from labeltool.errors import Problem
from labeltool.history import merge as merges
from labeltool.history.merge_sides import Sides
from labeltool.rules import merged
from labeltool.rules.project import Project
from labeltool.store import paths


def made_by_merge(ctx: Context, sides: Sides) -> tuple[Problem, ...]:
    """Errors of the files as the merge would commit them which neither side has alone, and what
    only both sides together tell, as warnings.
    """
    if any(paths.place_of(path) for path in merges.unstaged(sides.session)):
        with TemporaryDirectory(prefix="labeltool-merge-") as scratch:
            sides.export(merges.tree(sides.session), Path(scratch), _is_ours)
            return _made(ctx, sides, Path(scratch))
    return _made(ctx, sides, ctx.workspace.root)


def _made(ctx: Context, sides: Sides, root: Path) -> tuple[Problem, ...]:
    now = ctx.now()
    errors = [one for one in check(root, now=now).problems if one.level == "error"]
    changed = (*sides.our_changes, *sides.their_changes)
    if not errors and not any("/rounds/" in path or "/resolutions/" in path for path in changed):
        return ()
    known: set[tuple[str, str | None, str]] = set()
    projects: list[Project] = []
    for commit in (sides.ours, sides.theirs):
        with TemporaryDirectory(prefix="labeltool-merge-") as scratch:
            folder = Path(scratch)
            sides.export(commit, folder, _is_ours)
            known |= {_key(one) for one in check(folder, now=now).problems}
            projects.append(check_files.read(folder, now.date().isoformat()).project)
    merge = check_files.read(root, now.date().isoformat()).project
    told = located(root, merged.findings(projects[0], projects[1], merge))
    return (*(one for one in errors if _key(one) not in known), *told)


def _is_ours(path: str) -> bool:
    return path == paths.SETTINGS or path.startswith((f"{paths.RUBRICS}/", f"{paths.DATASETS}/"))


def _key(problem: Problem) -> tuple[str, str | None, str]:
    """What makes it the same problem: not its line, which moves."""
    return problem.where.path, problem.where.field, problem.message
