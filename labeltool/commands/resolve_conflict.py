"""Two decisions over one file that a merge brought together: what each says, and a third one."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass

from labeltool.commands.conflict_choices import Choice, choices
from labeltool.commands.conflicts import Conflict, finish_merge, open_conflicts, settle_conflict
from labeltool.commands.context import Context
from labeltool.errors import LabeltoolError, UsageError
from labeltool.model.base import Score
from labeltool.model.case import Case
from labeltool.model.output import Output
from labeltool.model.resolution import Resolution
from labeltool.model.rubric import Rubric
from labeltool.rules.resolve import BECAUSE, Decision
from labeltool.store.workspace import Workspace


@dataclass(frozen=True, slots=True)
class TwoSides:
    """What a conflict rests on, as far as the files of the merge can be read.

    ways: the whole files that settle it. scores: {criterion: (ours, theirs)} of two resolutions,
    None where that side has none; empty for any other file.
    """

    conflict: Conflict
    ways: tuple[Choice, ...]
    scores: Mapping[str, tuple[Score | None, Score | None]]
    case: Case | None = None
    output: Output | None = None
    rubric: Rubric | None = None

    @property
    def differ(self) -> tuple[str, ...]:
        """The criteria that the two resolutions settle differently."""
        return tuple(id for id, (ours, theirs) in self.scores.items() if ours != theirs)

    def way(self, key: str) -> Choice | None:
        return next((one for one in self.ways if one.key == key), None)


def look(ctx: Context, conflict: Conflict) -> TwoSides:
    """Raises LabeltoolError where git cannot say what the sides are."""
    ours, theirs = conflict.ours_noun, conflict.theirs_noun
    scores: dict[str, tuple[Score | None, Score | None]] = {}
    if isinstance(ours, Resolution) and isinstance(theirs, Resolution):
        for id in (*ours.scores, *theirs.scores):
            scores[id] = (ours.scores.get(id), theirs.scores.get(id))
    case = output = rubric = None
    if conflict.dataset is not None:
        with suppress(LabeltoolError):  # it may be in conflict itself: then it is not shown
            store = ctx.workspace.dataset(conflict.dataset)
            if conflict.case is not None:
                case = store.case(conflict.case)
                output = store.output(conflict.system or "", conflict.case)
            rubric = store.rubric
    return TwoSides(conflict, choices(ctx, conflict), scores, case, output, rubric)


def conflicts(ctx: Context) -> tuple[Conflict, ...]:
    """What a merge in progress waits for. Raises RepositoryError."""
    return open_conflicts(ctx)


def settle(
    ctx: Context,
    side: TwoSides,
    key: str | None = None,
    *,
    third: Decision | None = None,
    annotator: str | None = None,
) -> None:
    """Settles it by a whole side (`key`: ours, theirs, both), or by a `third` resolution.

    Raises UsageError for a way that is not open, Conflict where it was settled meanwhile.
    """
    if third is not None:
        settle_conflict(ctx, side.conflict, _third(ctx, side, third, annotator))
        return
    way = side.way(key or "")
    if way is None:
        raise UsageError(f"`{key}` is not open here", hint="take A or B")
    settle_conflict(ctx, side.conflict, way.content)


def _third(ctx: Context, side: TwoSides, decision: Decision, annotator: str | None) -> Resolution:
    """A resolution of my own, over the labels that either of the two settled."""
    ours, theirs = side.conflict.ours_noun, side.conflict.theirs_noun
    if not (isinstance(ours, Resolution) and isinstance(theirs, Resolution)):
        raise UsageError("this file is settled by a whole side", hint="take A or B")
    same = ("rubric", "input_hash", "output_hash")
    if any(getattr(ours, name) != getattr(theirs, name) for name in same):
        raise UsageError(
            "the two were made under different rubrics, or of different texts",
            hint="take A or B; after the merge it can be resolved again",
        )
    if decision.because is None:
        raise UsageError(
            "a resolution says why people differed", hint=f"one of {', '.join(BECAUSE)}"
        )
    settles = {
        who: {**theirs.settles.get(who, {}), **ours.settles.get(who, {})}
        for who in sorted({*ours.settles, *theirs.settles})
    }
    return ours.model_copy(
        update={
            "scores": dict(decision.scores),
            "settles": settles,
            "resolver": ctx.annotator(annotator),
            "because": decision.because,
            "note": decision.note,
            "resolved_at": ctx.iso_now(),
        }
    )


def conclude(ctx: Context) -> str | None:
    """Concludes the merge, and reads its files from then on; the hash of its commit. Raises as
    `finish_merge`.
    """
    done = finish_merge(ctx)
    ctx.workspace = Workspace.open(ctx.workspace.root)
    return done.commit
