"""Say a label without the app."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from labeltool.commands.context import Context
from labeltool.commands.label_target import aim, reads_back
from labeltool.commands.label_view import Confidence, draft_of, texts_of
from labeltool.errors import CommitHeld, UnknownName, UsageError
from labeltool.history import FileChange
from labeltool.model.base import Score
from labeltool.model.label import Label
from labeltool.model.rubric import Criterion, Rubric
from labeltool.store import codec


@dataclass(frozen=True, slots=True)
class Said:
    """A label that is saved.

    commit: None where the same label stood in git `already`, or where it is `held`: the reason why
    it is saved and not committed.
    """

    label: Label
    path: str
    commit: str | None
    kept: tuple[str, ...]
    """Criteria whose scores were taken over from my earlier label."""
    missing: tuple[str, ...]
    """Criteria still without a score of mine: the output stays in my queue for them."""
    held: CommitHeld | None = None
    already: bool = False
    """It stood so before: nothing but the time would have changed, so that nothing was."""


def parse_scores(said: Iterable[str], rubric: Rubric) -> dict[str, Score]:
    """`criterion=score` pairs as scores. Raises UsageError, UnknownName."""
    scores: dict[str, Score] = {}
    for pair in said:
        name, equals, text = (part.strip() for part in pair.partition("="))
        if not equals or not name or not text:
            raise UsageError(
                f"--set {pair!r} is no criterion=score",
                hint=f"for example --set {_example(rubric)}",
            )
        criterion = rubric.criterion(name)
        if criterion is None:
            raise UnknownName("criterion", name, (c.id for c in rubric.by_hand))
        if name in scores:
            raise UsageError(f"--set gives {name} twice", hint="give each criterion once")
        scores[name] = _score(criterion, text)
    return scores


def _score(criterion: Criterion, text: str) -> Score:
    if not criterion.by_hand:
        raise UsageError(
            f"{criterion.id} is decided by its check, not by hand",
            hint="leave it out: `run` settles it",
        )
    scale = f"{criterion.min} to {criterion.max}"
    if text == "na":
        if not criterion.na:
            raise UsageError(f"{criterion.id} has no `na`", hint=f"give it a score from {scale}")
        return "na"
    try:
        score = int(text)
    except ValueError:
        raise UsageError(
            f"{criterion.id}={text} is no whole number", hint=f"it goes from {scale}"
        ) from None
    if not criterion.allows(score):
        also = ", or na" if criterion.na else ""
        raise UsageError(
            f"{criterion.id}={score} is off its scale", hint=f"it goes from {scale}{also}"
        )
    return score


def say_label(
    ctx: Context,
    case: str,
    scores: Iterable[str],
    *,
    skip: bool = False,
    confidence: Confidence | None = None,
    flag: str | None = None,
    note: str | None = None,
    dataset: str | None = None,
    annotator: str | None = None,
    system: str | None = None,
) -> Said:
    """Save and commit one label.

    `scores`: `criterion=score` pairs. Over an earlier label of mine only what is said changes, and
    scores that still stand are kept; what has no score after that stays to do.

    Raises UsageError, UnknownName, DataError, RepositoryError.
    """
    target = aim(ctx, dataset=dataset, annotator=annotator, system=system)
    given = parse_scores(scores, target.rubric)
    if skip and given:
        raise UsageError("--skip and --set contradict each other", hint="say one of them")
    # First of all, so that what is read next is what a killed process meant to leave.
    target.ctx.history.recover()
    found, output = target.subject(case)
    before, read_hash = target.present(case)
    draft = draft_of(before, target.rubric, texts_of(found, output))
    kept = {} if skip else {id: score for id, score in draft.scores.items() if id not in given}
    draft = replace(
        draft,
        scores={**kept, **given},
        status="skipped" if skip else "done",
        confidence=confidence or draft.confidence,
        flag=draft.flag if flag is None else flag or None,
        notes=draft.notes if note is None else note or None,
    )
    unsaid = () if skip else (c.id for c in target.rubric.by_hand if c.id not in draft.scores)
    label = target.label(found, output, draft, number=target.round_of(case))
    path = target.path(case)
    said = Said(label, path, None, tuple(kept), tuple(unsaid))
    if before is not None and _same_but_when(label, before):
        # Said within one second it is the very same file: what waits is still to be said.
        waits = _waiting(ctx, path)
        if waits is not None or _in_git(ctx, path):
            return replace(said, label=before, held=waits, already=waits is None)
    change = FileChange(path, codec.encode(label), read_hash)
    try:
        done = ctx.history.record([change], target.message("label", case), reads_back(label))
    except CommitHeld as held:
        return replace(said, held=held)
    return replace(said, commit=done.commit)


def _same_but_when(label: Label, before: Label) -> bool:
    when = {"labeled_at": before.labeled_at, "seconds": before.seconds}
    return label.model_copy(update=when) == before


def _waiting(ctx: Context, path: str) -> CommitHeld | None:
    """Why the file at `path`, saved before, is still not committed; None where nothing waits."""
    for held in ctx.history.commit_pending():
        if path in held.saved.paths:
            return CommitHeld(held.message, reason=held.reason, hint=held.hint)
    return None


def _in_git(ctx: Context, path: str) -> bool:
    """Whether HEAD holds the file as it is on disk."""
    return ctx.history.show("HEAD", path) == ctx.workspace.read(path)


def _example(rubric: Rubric) -> str:
    first = rubric.by_hand[0]
    return f"{first.id}={first.max}"
