"""One merge, from git's part to the commit: what needs no person is settled, the rest is named."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from labeltool.commands.conflicts import conclude, readable, settled_by_rule
from labeltool.commands.context import Context
from labeltool.errors import DataError, LabeltoolError, Problem, RepositoryError
from labeltool.history import merge as merges
from labeltool.history.merge_sides import Sides
from labeltool.history.session import Session
from labeltool.model.rubric import Rubric
from labeltool.rules.merge import Side, moved_on
from labeltool.rules.rubric_merge import both_amended
from labeltool.store import files, paths

_MARKER = b"<<<<<<< "


@dataclass(frozen=True, slots=True)
class Settled:
    """A file that both sides changed and nobody had to be asked about.

    `overtaken`: the other side's content is an earlier one of ours (or ours of theirs); `newer`:
    the newer of one annotator's decisions, or what says the same.
    """

    path: str
    took: Side
    why: Literal["overtaken", "newer"]


@dataclass(frozen=True, slots=True)
class Merged:
    """What came in from `name`.

    forwarded  the branch had nothing of its own and moved to where the other stands
    left       files that wait for people
    stopped    why the merge is not concluded: it stays in progress
    """

    name: str
    commits: int
    forwarded: bool = False
    settled: tuple[Settled, ...] = ()
    left: tuple[str, ...] = ()
    warnings: tuple[Problem, ...] = ()
    stopped: LabeltoolError | None = field(default=None, compare=False)


def merge(ctx: Context, commit: str, name: str) -> Merged | None:
    """Merges `commit`, which people call `name`; None where the branch has it already.

    Raises RepositoryError where git refuses; then nothing has changed.
    """
    session = ctx.history.session
    with merges.merging(session):
        count = session.repository.git.ask("rev-list", "--count", f"HEAD..{commit}")
        commits = int(count or 0)
        how = merges.start(session, commit, name=name)
        if how == "current":
            return None
        sides = Sides.of(session) if how == "open" else None
        if sides is None:
            return Merged(name, commits, forwarded=True)
        settled, left = settle_all(sides)
        merged = Merged(name, commits, settled=settled, left=left)
        try:
            _, problems = conclude(ctx, name=name, notes=notes(settled))
        except (RepositoryError, DataError) as error:
            return replace(merged, stopped=error)
        return replace(merged, warnings=problems)


def settle_all(sides: Sides) -> tuple[tuple[Settled, ...], tuple[str, ...]]:
    """(what was settled without asking anybody, the files that wait for people).

    Again, of the same merge, it does what an interrupted one has left and nothing else.
    """
    session = sides.session
    settled = tuple(_settle(sides))
    _reopen_amended(sides)
    left = merges.unmerged(session)
    # Whoever looks meanwhile reads a file that says something, not git's markers.
    merges.show_ours(session, [one for one in left if _is_marked(session, one.path)])
    return settled, tuple(one.path for one in left)


def _is_marked(session: Session, path: str) -> bool:
    if paths.place_of(path) is None:
        return False
    data = files.read_if_there(session.root, path) or b""
    return data.startswith(_MARKER) or b"\n" + _MARKER in data


def _settle(sides: Sides) -> Iterator[Settled]:
    conflicts = {one.path: one for one in merges.unmerged(sides.session)}
    for path, conflict in conflicts.items():
        if paths.place_of(path) is None:
            continue
        side = _moved_on(sides, path)
        why: Literal["overtaken", "newer"] = "overtaken" if side else "newer"
        side = side or settled_by_rule(conflict)
        if side is not None:
            merges.settle(sides.session, path, conflict.ours if side == "ours" else conflict.theirs)
            yield Settled(path, side, why)
    yield from _taken_back(sides)


def _taken_back(sides: Sides) -> Iterator[Settled]:
    """Files that only one side changed in the end, to what the other has had and left behind.

    Git takes the change, which brings back what was taken back.
    """
    ours, theirs = sides.our_changes, sides.their_changes
    for path in sorted(ours.keys() ^ theirs.keys()):
        stays: Side = "ours" if path in theirs else "theirs"
        if paths.place_of(path) is not None and _moved_on(sides, path) == stays:
            commit = sides.ours if stays == "ours" else sides.theirs
            merges.settle(sides.session, path, sides.read(commit, path))
            yield Settled(path, stays, "overtaken")


def _moved_on(sides: Sides, path: str) -> Side | None:
    we_had, they_had = sides.we_had.get(path, ()), sides.they_had.get(path, ())
    if not we_had and not they_had:
        return None
    ours, theirs = sides.blob(sides.ours, path), sides.blob(sides.theirs, path)
    return moved_on(ours, theirs, we_had, they_had)


def _reopen_amended(sides: Sides) -> None:
    """Two amendments that touch other lines merge into a version that means neither."""
    held = {one.path for one in merges.unmerged(sides.session)}
    for path in sorted(sides.our_changes.keys() & sides.their_changes.keys() - held):
        place = paths.place_of(path)
        if place is None or place.kind != "rubric" or sides.base is None:
            continue
        data = [sides.read(one, path) for one in (sides.base, sides.ours, sides.theirs)]
        base, ours, theirs = (readable("rubric", one, path) for one in data)
        if not isinstance(ours, Rubric) or not isinstance(theirs, Rubric):
            continue
        if _moved_on(sides, path) is not None:
            continue
        now = readable("rubric", files.read_if_there(sides.session.root, path), path)
        if isinstance(now, Rubric) and now.version > max(ours.version, theirs.version):
            continue  # settled before
        if both_amended(base if isinstance(base, Rubric) else None, ours, theirs):
            merges.reopen(sides.session, merges.Unmerged(path, *data))


def notes(settled: Sequence[Settled]) -> list[str]:
    """What the merge's message says of them, a line each."""
    why = {"overtaken": "moved on from the other", "newer": "is the newer decision"}
    whose = {"ours": "this branch's", "theirs": "the other side's"}
    return [f"{one.path}: {whose[one.took]} stands, it {why[one.why]}" for one in settled]
