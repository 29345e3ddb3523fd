"""What a person needs to see to label one output, as values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from labeltool.graders.checks.evaluate import CheckResult, evaluate
from labeltool.model.base import Score
from labeltool.model.case import Case
from labeltool.model.hashing import input_hash, text_hash, verified_hash
from labeltool.model.label import Label
from labeltool.model.output import Output
from labeltool.model.rubric import Change, Criterion, Rubric, ref_parts
from labeltool.rules.queue import State
from labeltool.rules.staleness import Reason, Texts, current_scores, stale_label

Status = Literal["done", "skipped"]
Confidence = Literal["sure", "unsure"]


@dataclass(frozen=True, slots=True)
class LabelDraft:
    """A label in the making. `seconds`: time spent so far."""

    scores: Mapping[str, Score] = field(default_factory=dict)
    status: Status = "done"
    confidence: Confidence = "sure"
    flag: str | None = None
    notes: str | None = None
    seconds: float = 0.0
    after_judge: bool = False

    def score(self, criterion: str, score: Score) -> LabelDraft:
        return replace(self, scores={**self.scores, criterion: score}, status="done")


@dataclass(frozen=True, slots=True)
class Settled:
    """A criterion that code has decided: `score` is None where the check could not."""

    criterion: str
    score: int | None
    passed: bool
    detail: str


@dataclass(frozen=True, slots=True)
class Stale:
    """A score of mine that no longer stands: what it was, why, and the change that amended it.

    before: None where the criterion came, or was amended, before I gave it one.
    """

    before: Score | None
    reason: Reason
    change: Change | None = None


@dataclass(frozen=True, slots=True)
class View:
    """One output with all that its label rests on.

    label: mine as it is on disk. draft: where to start from; `resumed` says that it is a half-made
    label of an earlier session, `dropped` which scores of that one were said of another wording.
    others: how many other annotators have labelled it (never what they said). read_hash: the
    content hash of the label file that was read, None without one. written: an expected answer
    that was edited and not saved. branch: the one all of it was read on, None where HEAD was on
    none.
    """

    case: Case
    output: Output
    rubric: Rubric
    label: Label | None
    draft: LabelDraft
    resumed: bool
    settled: tuple[Settled, ...]
    checks: tuple[CheckResult, ...]
    stale: Mapping[str, Stale]
    others: int
    round: int | None
    read_hash: str | None
    written: str | None = None
    branch: str | None = None
    dropped: tuple[str, ...] = ()

    @property
    def verified(self) -> bool:
        """Whether somebody has read input and expected as they are now."""
        said = self.case.verified
        return said is not None and said.hash in (None, verified_hash(self.case))

    def missing(self, draft: LabelDraft) -> tuple[str, ...]:
        """The hand-labelled criteria that the draft has no score for, in the rubric's order."""
        return tuple(c.id for c in self.rubric.by_hand if c.id not in draft.scores)


def texts_of(case: Case, output: Output) -> Texts:
    return Texts(input_hash(case.input), text_hash(output.output))


def settle(criteria: Iterable[Criterion], case: Case, output: Output) -> tuple[Settled, ...]:
    """The criteria that a check decides, decided."""
    settled = []
    for criterion in criteria:
        if criterion.check is None:
            continue
        result = evaluate(criterion.check, output.output, expected=case.acceptable)
        score = None if result.error else criterion.max if result.passed else criterion.min
        settled.append(Settled(criterion.id, score, result.passed, result.detail))
    return tuple(settled)


def stale_of(label: Label | None, rubric: Rubric, texts: Texts) -> dict[str, Stale]:
    """Which of my scores to give again, and why; an added criterion is asked again, too."""
    if label is None or label.status == "skipped":
        return {}
    given_under = ref_parts(label.rubric)[1]
    changed = rubric.changed_since(given_under)
    unasked = [c.id for c in rubric.by_hand if c.id in changed and c.id not in label.scores]
    return {id: Stale(None, "amended", _change(rubric, id, given_under)) for id in unasked} | {
        id: Stale(
            label.scores[id],
            reason,
            _change(rubric, id, given_under) if reason == "amended" else None,
        )
        for id, reason in stale_label(label, rubric, texts).items()
        if reason != "not_in_rubric"
    }


def _change(rubric: Rubric, criterion: str, since: int) -> Change | None:
    changes = [c for c in rubric.changelog if c.version > since and criterion in c.changed]
    return max(changes, key=lambda change: change.version, default=None)


def draft_of(label: Label | None, rubric: Rubric, texts: Texts) -> LabelDraft:
    """What of a label still stands, to start from. Time spent starts anew."""
    if label is None:
        return LabelDraft()
    return LabelDraft(
        scores=current_scores(label, rubric, texts),
        status=label.status,
        confidence=label.confidence,
        flag=label.flag,
        notes=label.notes,
        after_judge=label.after_judge,
    )


def label_state(label: Label | None, rubric: Rubric, texts: Texts) -> State:
    """Where an output stands for its annotator. A label without every criterion is still to do."""
    if label is None:
        return "todo"
    if label.status == "skipped":
        changed = label.output_hash not in (None, texts.output_hash)
        return "stale" if changed else "skipped"
    if stale_of(label, rubric, texts):
        return "stale"
    standing = current_scores(label, rubric, texts)
    return "done" if all(c.id in standing for c in rubric.by_hand) else "todo"
