"""`rubric show` and `rubric diff`: what good means, and what it meant before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from labeltool.commands.context import Context
from labeltool.errors import DataError, LabeltoolError, RepositoryError, UsageError
from labeltool.model.rubric import Change, Rubric
from labeltool.rules.rubric_diff import RubricDiff, diff
from labeltool.rules.scoring import shares
from labeltool.store import codec, paths


@dataclass(frozen=True, slots=True)
class Edition:
    """One version of a rubric. `commit` is the last one that held it, None for the file as it
    stands.
    """

    rubric: Rubric
    commit: str | None = None

    @property
    def shares(self) -> Mapping[str, float]:
        """Each criterion's share (0..1) of the score."""
        return shares(self.rubric)


@dataclass(frozen=True, slots=True)
class Compared:
    """Two editions, what they differ in, and the changelog's entries between them, oldest first."""

    before: Edition
    after: Edition
    diff: RubricDiff
    changelog: tuple[Change, ...]


def show(ctx: Context, *, dataset: str | None = None, version: int | None = None) -> Edition:
    """The dataset's rubric: as it stands, or an earlier version of it out of git.

    Raises UsageError for a version that cannot be found, saying why.
    """
    current = ctx.workspace.dataset(dataset).rubric
    return edition(ctx, current, current.version if version is None else version)


def compare(
    ctx: Context, a: int | None = None, b: int | None = None, *, dataset: str | None = None
) -> Compared:
    """From version `a` to `b`: without `b` to the present one, without `a` from the one before.

    Raises UsageError where a version cannot be found or there is none before.
    """
    current = ctx.workspace.dataset(dataset).rubric
    after = edition(ctx, current, current.version if b is None else b)
    before = _previous(ctx, after) if a is None else edition(ctx, current, a)
    return compared(before, after)


def compared(before: Edition, after: Edition) -> Compared:
    low, high = sorted((before.rubric.version, after.rubric.version))
    latest = max(before.rubric, after.rubric, key=lambda one: one.version)
    between = [change for change in latest.changelog if low < change.version <= high]
    between.sort(key=lambda change: change.version)
    return Compared(before, after, diff(before.rubric, after.rubric), tuple(between))


def edition(ctx: Context, current: Rubric, version: int) -> Edition:
    """That version of `current`: the file itself, or the last commit whose file said so."""
    if version == current.version:
        return Edition(current)
    if version < 1:
        raise UsageError(f"{version} is no version", hint="versions count from 1")
    if version > current.version:
        raise UsageError(
            f"{current.name} has no version {version} yet",
            hint=f"the file {paths.rubric_path(current.name)} is at version {current.version}",
        )
    found = next((one for one in past(ctx, current) if one.rubric.version == version), None)
    if found is None:
        raise _not_found(ctx, current, f"version {version} of {current.name} is not in git")
    return found


def past(ctx: Context, current: Rubric) -> Iterator[Edition]:
    """Versions other than the present one, newest commit first, each as its last commit had it.

    A commit whose file cannot be read as a rubric is passed over. Raises NotARepository.
    """
    path = paths.rubric_path(current.name)
    seen = {current.version}
    for entry in ctx.history.log(path):
        data = ctx.history.show(entry.hash, path)
        if data is None:
            continue
        try:
            rubric = codec.decode(data, Rubric, path)
        except DataError:
            continue
        if rubric.version not in seen:
            seen.add(rubric.version)
            yield Edition(rubric, entry.hash)


def _previous(ctx: Context, after: Edition) -> Edition:
    rubric = after.rubric
    if rubric.version == 1:
        raise UsageError(
            f"{rubric.name} is at its first version: there is none before it to compare with",
            hint="labeltool rubric show",
        )
    current = ctx.workspace.rubric(rubric.name)
    older = [one for one in past(ctx, current) if one.rubric.version < rubric.version]
    if not older:
        raise _not_found(ctx, rubric, f"no version before {rubric.ref} is in git")
    return max(older, key=lambda one: one.rubric.version)


def _not_found(ctx: Context, rubric: Rubric, message: str) -> LabeltoolError:
    """Why an older version is missing: a shallow clone, or it was never committed."""
    if is_shallow(ctx):
        return RepositoryError(
            f"{message} here: this clone is shallow", hint="git fetch --unshallow"
        )
    path = paths.rubric_path(rubric.name)
    return UsageError(
        message,
        hint=f"it was never committed under that name; `git log -- {path}` shows what was",
    )


def is_shallow(ctx: Context) -> bool:
    """Whether git holds only the newest part of history here."""
    return ctx.history.state().shallow
