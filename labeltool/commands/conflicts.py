"""The conflicts of a merge in progress, as nouns that people can choose between."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from labeltool.commands.check_files import KINDS
from labeltool.commands.context import Context
from labeltool.commands.merge_check import made_by_merge
from labeltool.errors import (
    CommitHeld,
    DataError,
    LabeltoolError,
    Problem,
    RepositoryError,
    UsageError,
    Where,
)
from labeltool.errors import Conflict as ConflictError
from labeltool.history import CommitMessage, Committed
from labeltool.history import merge as merges
from labeltool.history.merge_sides import Sides
from labeltool.model.base import Noun
from labeltool.model.resolution import Resolution
from labeltool.model.round import Round
from labeltool.model.rubric import Rubric
from labeltool.rules import rubric_merge
from labeltool.rules.merge import Side, stands
from labeltool.store import codec, paths
from labeltool.store.dataset import misplaced

Kind = paths.Kind | Literal["other"]
_WHEN_MENDED = (
    "labeltool sync --continue    when that is mended\n"
    "labeltool sync --abort       takes the merge back"
)


@dataclass(frozen=True, slots=True)
class Conflict:
    """A file that both sides changed. `path` is relative to the workspace; `../...` lies outside.

    base, ours, theirs   the bytes; None: no such file on that side
    *_noun               the same as a value, None where there is none or it cannot be read
    ours_by, theirs_by   who said it: the file's own word, else the commit's author
    """

    path: str
    kind: Kind
    base: bytes | None
    ours: bytes | None
    theirs: bytes | None
    base_noun: Noun | None
    ours_noun: Noun | None
    theirs_noun: Noun | None
    ours_by: str | None
    theirs_by: str | None
    dataset: str | None = None
    system: str | None = None
    case: str | None = None

    @property
    def what(self) -> str:
        """The kind of conflict, in a few words."""
        if self.kind == "resolution" and self.ours is not None and self.theirs is not None:
            return "both resolved the same output"
        if self.ours is None or self.theirs is None:
            return "one side took it away, the other changed it"
        ours, theirs = self.ours_noun, self.theirs_noun
        if (
            isinstance(ours, Rubric)
            and isinstance(theirs, Rubric)
            and rubric_merge.both_amended(as_rubric(self.base_noun), ours, theirs)
        ):
            return f"both amended it, to version {versions(ours, theirs)}"
        if self.kind == "round" and self.base is None:
            return "both opened this round"
        if self.kind == "output":
            return "two texts for one recorded output"
        return "both changed it"


def open_conflicts(ctx: Context) -> tuple[Conflict, ...]:
    """The conflicts of the merge in progress, by path; none where none is in progress."""
    session = ctx.history.session
    sides = Sides.of(session)
    if sides is None:
        return ()
    return tuple(_conflict(sides, one) for one in merges.unmerged(session))


def settle_conflict(ctx: Context, conflict: Conflict, content: Noun | bytes | None) -> None:
    """Writes what was decided (None: no such file) and stages it.

    Raises DataError for what does not belong there, UsageError for a rubric that keeps a version
    number which means two things, Conflict where the file was settled meanwhile.
    """
    data = codec.encode(content) if isinstance(content, Noun) else content
    if data is not None and conflict.kind in KINDS:
        noun = codec.decode(data, KINDS[conflict.kind], conflict.path)
        if (problem := misplaced(noun, conflict.path)) is not None:
            raise DataError.of([problem])
        _refuse_same_version(conflict, noun)
    session = ctx.history.session
    with merges.merging(session):
        if all(one.path != conflict.path for one in merges.unmerged(session)):
            raise ConflictError(
                "is no conflict any more: it was settled meanwhile",
                where=Where(conflict.path),
                hint="look at the file as it is now",
            )
        merges.settle(session, conflict.path, data)


def finish_merge(ctx: Context, *, notes: Sequence[str] = ()) -> Committed:
    """Concludes the merge in progress; `notes` go into its message, one line each.

    Raises RepositoryError without a merge, or with conflicts left (it names them); DataError with
    every problem that the merge makes and neither side had: then it stays in progress, and when it
    is asked for again, the files that were mended meanwhile are taken. CommitHeld where the commit
    waits for something else.
    """
    with merges.merging(ctx.history.session):
        return conclude(ctx, notes=notes, mended=True)[0]


def conclude(
    ctx: Context, *, name: str | None = None, notes: Sequence[str] = (), mended: bool = False
) -> tuple[Committed, tuple[Problem, ...]]:
    """As `finish_merge`, for who holds the merge already, with the warnings about what it makes;
    `name` is what people call what is merged.
    """
    session = ctx.history.session
    sides = Sides.of(session)
    if sides is None:
        raise RepositoryError("there is no merge in progress", hint="labeltool sync")
    left = [one.path for one in merges.unmerged(session)]
    if left:
        raise unsettled(left)
    problems = made_by_merge(ctx, sides)
    if mended and any(one.level == "error" for one in problems):
        _take_mended(sides, problems)
        problems = made_by_merge(ctx, sides)
    if errors := [problem for problem in problems if problem.level == "error"]:
        last = replace(errors[-1], hint="\n".join(filter(None, (errors[-1].hint, _WHEN_MENDED))))
        raise DataError.of([*errors[:-1], last])
    branch = session.repository.branch() or "HEAD"
    message = CommitMessage(
        f"Merge {name or called(ctx, sides.theirs)} into {branch}",
        body="\n".join(notes),
        trailers={"Labeltool-Kind": "merge"} if notes else {},
    )
    try:
        return Committed(merges.conclude(session, message)), problems
    except CommitHeld as held:
        raise CommitHeld(
            f"merged, not committed: {held.message.removeprefix('saved, not committed: ')}",
            reason=held.reason,
            hint="\n".join(filter(None, (held.hint, _WHEN_MENDED))),
        ) from None


def _take_mended(sides: Sides, problems: Sequence[Problem]) -> None:
    """Edits of files that the merge or its problems are about; not those of other decisions."""
    about = {*sides.our_changes, *sides.their_changes, *(one.where.path for one in problems)}
    session = sides.session
    found = (about & merges.unstaged(session)) - merges.waiting(session)
    if found:
        merges.stage(session, found)


def unsettled(left: Sequence[str]) -> RepositoryError:
    """The error that names the files which wait for somebody."""
    shown = "\n".join(f"  {path}" for path in left[:20])
    more = f"\n  and {len(left) - 20} more" if len(left) > 20 else ""
    return RepositoryError(
        f"the merge waits for a decision on {len(left)} file{'' if len(left) == 1 else 's'}:\n"
        f"{shown}{more}",
        hint="labeltool resolve                    settles them, one by one\n"
        "labeltool resolve --list             what either side says, for --set without the app\n"
        "labeltool sync --take theirs PATH    takes a side: theirs, ours, both\n"
        "labeltool sync --continue            when all are settled\n"
        "labeltool sync --abort               takes the merge back",
    )


def _conflict(sides: Sides, one: merges.Unmerged) -> Conflict:
    place = paths.place_of(one.path)
    kind: Kind = place.kind if place is not None else "other"
    nouns = [readable(kind, data, one.path) for data in (one.base, one.ours, one.theirs)]
    said = [_by(noun) for noun in nouns[1:]]
    outside = one.path.startswith("../")
    authors = [
        None if outside else sides.author(commit, one.path) for commit in (sides.ours, sides.theirs)
    ]
    return Conflict(
        path=one.path,
        kind=kind,
        base=one.base,
        ours=one.ours,
        theirs=one.theirs,
        base_noun=nouns[0],
        ours_noun=nouns[1],
        theirs_noun=nouns[2],
        ours_by=said[0] or authors[0],
        theirs_by=said[1] or authors[1],
        dataset=place.dataset if place else None,
        system=place.system if place else None,
        case=_case(place),
    )


def readable(kind: Kind, data: bytes | None, path: str) -> Noun | None:
    """The value in `data`, None where it cannot be read or belongs elsewhere."""
    if data is None or kind not in KINDS:
        return None
    try:
        noun = codec.decode(data, KINDS[kind], path)
    except LabeltoolError:
        return None
    return None if misplaced(noun, path) else noun


def settled_by_rule(conflict: merges.Unmerged) -> Side | None:
    """The side that stands without anybody being asked; None where people must say."""
    place = paths.place_of(conflict.path)
    if place is None:
        return None
    ours = readable(place.kind, conflict.ours, conflict.path)
    theirs = readable(place.kind, conflict.theirs, conflict.path)
    if (conflict.ours is None) != (ours is None) or (conflict.theirs is None) != (theirs is None):
        return None  # a side that cannot be read is for people to look at
    return stands(ours, theirs)


def _case(place: paths.Place | None) -> str | None:
    about = ("case", "output", "label", "resolution", "preference")
    return place.name if place is not None and place.kind in about else None


def _by(noun: Noun | None) -> str | None:
    if isinstance(noun, Resolution):
        return noun.resolver
    return noun.opened_by if isinstance(noun, Round) else None


def as_rubric(noun: Noun | None) -> Rubric | None:
    return noun if isinstance(noun, Rubric) else None


def versions(ours: Rubric, theirs: Rubric) -> str:
    if ours.version == theirs.version:
        return str(ours.version)
    return f"{ours.version} here and {theirs.version} there"


def _refuse_same_version(conflict: Conflict, noun: Noun) -> None:
    ours, theirs = conflict.ours_noun, conflict.theirs_noun
    if not (isinstance(noun, Rubric) and isinstance(ours, Rubric) and isinstance(theirs, Rubric)):
        return
    taken = max(ours.version, theirs.version)
    amended = rubric_merge.both_amended(as_rubric(conflict.base_noun), ours, theirs)
    if amended and noun.version <= taken:
        raise UsageError(
            f"version {noun.version} of {noun.name} means two things: both sides amended it, and "
            "labels were given under either",
            hint=f"settle it as version {taken + 1}, whose changelog names what either changed",
        )


def called(ctx: Context, commit: str) -> str:
    """What people call `commit`: a remote's branch that stands there, else its short hash."""
    git = ctx.history.git
    found = git.run(
        "for-each-ref", f"--points-at={commit}", "--format=%(refname:short)", "refs/remotes"
    ).text.split()
    named = [one for one in found if "/" in one and not one.endswith("/HEAD")]
    return named[0] if named else commit[:7]
