"""Two decisions over one file that a merge brought together: what each says, and a third one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from labeltool.commands.by_text import recorded_by
from labeltool.commands.conflict_choices import Choice, choices
from labeltool.commands.conflicts import Conflict, finish_merge, open_conflicts, settle_conflict
from labeltool.commands.context import Context
from labeltool.errors import LabeltoolError, UnknownName, UsageError
from labeltool.model.base import Score
from labeltool.model.case import Case
from labeltool.model.hashing import text_hash
from labeltool.model.output import Output
from labeltool.model.resolution import Because, Resolution
from labeltool.model.rubric import Rubric
from labeltool.rules.by_text import blind_texts
from labeltool.rules.human import blind_outputs
from labeltool.rules.resolve import BECAUSE, Decision
from labeltool.store import paths
from labeltool.store.workspace import Workspace

_HIDDEN = b"hidden: its round is open\n"


@dataclass(frozen=True, slots=True)
class TwoSides:
    """What a conflict rests on, as far as the files of the merge can be read.

    ways: the whole files that settle it. scores: {criterion: (ours, theirs)} of two resolutions,
    None where that side has none; empty for any other file. hidden: an open round asks for that
    text, so `conflict` and `scores` tell nothing of what was said of it.
    """

    conflict: Conflict
    ways: tuple[Choice, ...]
    scores: Mapping[str, tuple[Score | None, Score | None]]
    case: Case | None = None
    output: Output | None = None
    rubric: Rubric | None = None
    hidden: bool = False

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
    ways = choices(ctx, conflict)
    if _is_blind(ctx, conflict, output):
        return TwoSides(_without_words(conflict), ways, {}, case, output, rubric, hidden=True)
    return TwoSides(conflict, ways, scores, case, output, rubric)


def _is_blind(ctx: Context, conflict: Conflict, output: Output | None) -> bool:
    """Whether it is somebody else's word on what an open round asks for."""
    place = paths.place_of(conflict.path)
    if place is None or place.kind not in ("resolution", "label") or conflict.dataset is None:
        return False
    if place.kind == "label" and place.annotator == _me(ctx):
        return False
    store = ctx.workspace.dataset(conflict.dataset)
    rounds = store.rounds().values  # a round in conflict itself hides nothing more
    if (conflict.system, conflict.case) in blind_outputs(rounds):
        return True
    hash = text_hash(output.output) if output is not None else ""
    return (conflict.case, hash) in blind_texts(rounds, recorded_by(store))


def _me(ctx: Context) -> str | None:
    try:
        return ctx.annotator()
    except LabeltoolError:
        return None


def _without_words(conflict: Conflict) -> Conflict:
    base, ours, theirs = (
        None if data is None else _HIDDEN
        for data in (conflict.base, conflict.ours, conflict.theirs)
    )
    return replace(
        conflict,
        base=base,
        ours=ours,
        theirs=theirs,
        base_noun=None,
        ours_noun=None,
        theirs_noun=None,
    )


def conflicted(
    ctx: Context, case: str, *, dataset: str | None = None, system: str | None = None
) -> TwoSides | None:
    """The conflict over a case's resolution, in the merge that is in progress; None without.

    Raises UsageError where there are several and `system` does not say which.
    """
    name = ctx.workspace.dataset(dataset).name
    found = [
        one
        for one in open_conflicts(ctx)
        if one.kind == "resolution"
        and (one.dataset, one.case) == (name, case)
        and system in (None, one.system)
    ]
    if len(found) > 1:
        words = ", ".join(sorted(one.system or "" for one in found))
        raise UsageError(f"{case} is in conflict in {words}", hint="say --system NAME")
    return look(ctx, found[0]) if found else None


def settle_by_scores(
    ctx: Context,
    side: TwoSides,
    scores: Mapping[str, Score],
    *,
    because: Because | None,
    note: str | None = None,
    take: str | None = None,
    annotator: str | None = None,
) -> Mapping[str, Score]:
    """Settles two resolutions by a third one, and says its scores: those given, else what `take`
    (an annotator of the output) said, else what both sides settle alike. It is in the merge's
    commit then.

    Raises UsageError where the two differ on what is not given, and as `settle`.
    """
    if side.hidden:
        raise UsageError(
            f"{side.conflict.case} of {side.conflict.system} is in an open round: its scores stay "
            "hidden",
            hint=f"labeltool sync --take theirs {side.conflict.path}    or ours: a side unseen",
        )
    for id in scores:
        if id not in side.scores:
            words = ", ".join(side.scores) or "the whole file"
            raise UsageError(f"neither side settles {id}", hint=f"they settle {words}")
    alike = {id: ours for id, (ours, _) in side.scores.items() if id not in side.differ}
    given = {**alike, **_taken(side, take), **scores}
    left = [id for id in side.differ if id not in given]
    if left:
        raise UsageError(
            f"the two resolutions of {side.conflict.case} differ on {_apart(side, left)}",
            hint=f"--set {left[0]}=SCORE too; or a whole side: labeltool sync --take theirs "
            f"{side.conflict.path}",
        )
    third = {id: given[id] for id in side.scores if id in given}
    known = {id: score for id, score in third.items() if score is not None}
    settle(ctx, side, third=Decision(known, because, note), annotator=annotator)
    return known


def _taken(side: TwoSides, annotator: str | None) -> dict[str, Score]:
    if annotator is None:
        return {}
    said: dict[str, Score] = {}
    for noun in (side.conflict.theirs_noun, side.conflict.ours_noun):
        if isinstance(noun, Resolution):
            said |= noun.settles.get(annotator, {})
    if not said:
        people = sorted(
            name
            for noun in (side.conflict.ours_noun, side.conflict.theirs_noun)
            if isinstance(noun, Resolution)
            for name in noun.settles
        )
        raise UnknownName("annotator of this output", annotator, dict.fromkeys(people))
    return {id: score for id, score in said.items() if id in side.differ}


def _apart(side: TwoSides, ids: Sequence[str]) -> str:
    return ", ".join(f"{id} ({sides_of(side, id)})" for id in ids)


def sides_of(side: TwoSides, id: str) -> str:
    """`bob 2, ann 1`: what either side settles a criterion at, and whose it is."""
    names = (side.conflict.ours_by or "here", side.conflict.theirs_by or "there")
    said = ("left open" if one is None else one for one in side.scores[id])
    return ", ".join(f"{name} {one}" for name, one in zip(names, said, strict=True))


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
    for id, score in decision.scores.items():
        criterion = side.rubric.criterion(id) if side.rubric is not None else None
        if criterion is not None and not criterion.allows(score):
            raise UsageError(
                f"{id}={score} is off its scale",
                hint=f"it goes from {criterion.min} to {criterion.max}",
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
