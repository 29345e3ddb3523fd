"""Labelling in one sitting: the queue, what each output needs, and saves that commit by themselves.

The app drives it from one worker thread; nothing here knows a screen.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from labeltool.commands.context import Context
from labeltool.commands.edit import EditReport, plan
from labeltool.commands.label_drafts import Drafts
from labeltool.commands.label_next import Settling
from labeltool.commands.label_select import Selector, my_labels
from labeltool.commands.label_target import Target, aim, reads_back
from labeltool.commands.label_view import (
    LabelDraft,
    View,
    draft_of,
    label_state,
    settle,
    stale_of,
    texts_of,
)
from labeltool.commands.label_work import WorkState
from labeltool.commands.rubric_amend import Amendment, propose
from labeltool.commands.sitting import Sitting
from labeltool.commands.verify import sign
from labeltool.errors import LabeltoolError
from labeltool.graders.checks.evaluate import evaluate
from labeltool.history import FileChange, Saved
from labeltool.model.label import Label
from labeltool.model.round import Round
from labeltool.model.rubric import Rubric
from labeltool.rules import queue
from labeltool.rules.amend import Edit
from labeltool.store import codec
from labeltool.store.workspace import Workspace

PACE_OVER = 30
"""My latest labels that say how fast I am."""


class TookBack(NamedTuple):
    """What was taken back, or brought again: the case that it spoke of, empty where it was of the
    rubric or of many cases, and what stands in front of the case: "label", "verify".
    """

    case: str
    what: str


class Session(Sitting[TookBack]):
    """One annotator's sitting over one snapshot.

    on_work is told, from any thread, where the decisions are.
    """

    def __init__(
        self,
        target: Target,
        wanted: str | None,
        on_work: Callable[[WorkState], None],
        *,
        filter: str = "",
        settling: bool = False,
    ):
        super().__init__(target.ctx, target.annotator)
        self.wanted = wanted
        self.settling = settling
        """Whether the queue is in the order that settles something."""
        self.says: str | None = None
        """What that order settles, in a sentence."""
        self.filter = filter
        """What the queue is shown through."""
        self._target = target
        self._recovered: Mapping[str, bytes] | None = self.ctx.history.recover().drafts or {}
        self._read_here()
        self._begin(on_work)

    @classmethod
    def open(
        cls,
        ctx: Context,
        on_work: Callable[[WorkState], None],
        *,
        dataset: str | None = None,
        annotator: str | None = None,
        system: str | None = None,
        case: str | None = None,
        filter: str | None = None,
        order: str | None = None,
    ) -> Session:
        """Recover what an earlier session left, and read the queue; `order` is "next" for what
        settles something.

        Raises UsageError and UnknownName for what was asked, DataError for broken files,
        RepositoryError where there is no repository to save in.
        """
        # Another branch may be checked out since the context was made, with other settings.
        ctx.workspace = Workspace.open(ctx.workspace.root)
        target = aim(ctx, dataset=dataset, annotator=annotator, system=system)
        if case is not None:
            target.subject(case)
        return cls(target, case, on_work, filter=filter or "", settling=order == "next")

    # What there is.

    @property
    def dataset(self) -> str:
        return self._target.store.name

    @property
    def round(self) -> Round | None:
        return self._target.round

    @property
    def rubric(self) -> Rubric:
        return self._target.rubric

    @property
    def env(self) -> Mapping[str, str]:
        return self.ctx.env

    @property
    def pace(self) -> list[float]:
        """Seconds of my latest labels, oldest first."""
        timed = sorted(self._labels.values(), key=lambda label: label.labeled_at or "")
        return [label.seconds for label in timed if label.seconds][-PACE_OVER:]

    def view(self, case: str) -> View:
        """The output of a case with all that its label rests on. Raises DataError, UsageError."""
        found, output = self._target.subject(case)
        label, read_hash = self._target.present(case)
        texts = texts_of(found, output)
        half_made, dropped = self._drafts.label(found, output) or (None, ())
        return View(
            case=found,
            output=output,
            rubric=self.rubric,
            label=label,
            draft=half_made or draft_of(label, self.rubric, texts),
            resumed=half_made is not None,
            settled=settle(self.rubric.criteria, found, output),
            checks=tuple(
                evaluate(c, output.output, expected=found.acceptable) for c in found.checks
            ),
            stale=stale_of(label, self.rubric, texts),
            others=self._target.others(case),
            round=self._target.round_of(case),
            read_hash=read_hash,
            written=self._drafts.answer(case),
            branch=self.branch,
            dropped=dropped,
        )

    def state_of(self, case: str) -> queue.State:
        """Where a case stands on disk now."""
        label = self._target.present(case)[0]
        if label is None:
            self._labels.pop(case, None)
        else:
            self._labels[case] = label
        self._states[case] = _state(self._target, self.rubric, label)
        return self._states[case]

    def choose(self, text: str = "") -> tuple[queue.Item, ...]:
        """The queue as it stands now, or what a filter shows of it. Raises UsageError."""
        items = self._target.arrange(self._states, wanted=self.wanted)
        if self.settling:
            order = self._settling.order(items)
            items, self.says = order.items, order.says
        return self._select.pick(items, text) if text else items

    @property
    def last(self) -> str | None:
        """The case that I had in hand last: a half-made label, or the latest that I said."""
        told = [(label.labeled_at or "", 0, case) for case, label in self._labels.items()]
        told += [(at, 1, case) for case, at in self._drafts.times.items()]
        return max(told)[2] if told else None

    # What I say.

    def save(self, view: View, draft: LabelDraft) -> None:
        """The label on disk, durable, when this returns; its commit follows in the background.

        Raises Conflict where the file is not the one the view was read from or the branch was
        switched since, StorageError where the disk refuses, DataError for a text that would not
        come back as it was.
        """
        self._refuse_elsewhere(view.branch)
        case = view.case.id
        label = self._target.label(view.case, view.output, draft, number=view.round)
        change = FileChange(self._target.path(case), codec.encode(label), view.read_hash)
        self._deciding()
        self._commits.save([change], self._target.message("label", case), reads_back(label))
        self._labels[case] = label
        self._states[case] = label_state(label, self.rubric, texts_of(view.case, view.output))
        self.forget(case)

    def keep(self, view: View, draft: LabelDraft) -> None:
        """Journal a half-made label, durable when this returns: it is there after a crash."""
        self._drafts.keep(view, draft)

    def forget(self, case: str) -> None:
        self._drafts.forget(case)

    def keep_answer(self, case: str, text: str | None) -> None:
        """Journal an edited expected answer; None forgets it."""
        self._drafts.keep_answer(case, text)

    def edit(self, view: View, answers: Sequence[str]) -> EditReport:
        """Other answers expected of a case than the view shows; the commit follows by itself.

        Raises Conflict where others are expected by now, else as `save`.
        """
        self._refuse_elsewhere(view.branch)
        case = view.case.id
        editing = plan(
            self.ctx,
            case,
            answers,
            seen=view.case.acceptable,
            dataset=self.dataset,
            annotator=self.annotator,
        )
        if editing.writes:
            self._deciding()
            self._commits.save([FileChange(*one) for one in editing.writes], editing.message)
        self._drafts.keep_answer(case, None)
        return editing.report

    def amend(self, edits: Sequence[Edit], *, reason: str, case: str | None) -> Amendment:
        """Amend the rubric, and read everything again under it; the commit follows by itself.

        Raises as `propose`, else as `save`.
        """
        self._refuse_elsewhere(self.branch)
        amendment = propose(
            self.ctx,
            self.rubric.name,
            edits,
            reason=reason,
            cases=[case] if case is not None else [],
            annotator=self.annotator,
        )
        self._deciding()
        self._commits.save([FileChange(*amendment.write)], amendment.message())
        self.read_again()
        return amendment

    def _took(self, saved: Saved) -> TookBack:
        case = saved.entry.message.trailers.get("Labeltool-Case", "")
        if case and self._target.path(case) in saved.paths:
            self.forget(case)
        # The subject alone would name the system, which is hidden while labelling.
        before = saved.entry.message.subject.partition(f" {case}")[0]
        return TookBack(case, before.rpartition(": ")[2] if case else "")

    def verify(self, view: View) -> None:
        """Record that I have read input and expected of a case; the commit follows by itself.

        Raises as `save`.
        """
        self._refuse_elsewhere(view.branch)
        ctx, case = self.ctx, view.case.id
        signing = sign(ctx, [case], dataset=self.dataset, annotator=self.annotator)
        if signing.writes:
            self._deciding()
            self._commits.save([FileChange(*one) for one in signing.writes], signing.message)

    # Inside.

    def _read_files(self) -> None:
        drafts, self._recovered = self._recovered, None
        target = self._target if drafts is not None else self._aim_again()
        if drafts is None:
            drafts = self.ctx.history.drafts()
        rubric, labels = target.rubric, my_labels(target)
        self._states = {
            case: _state(target, rubric, label)
            for case, label in labels.items()
            if case in target.tiers
        }
        self._target, self._labels = target, labels
        self._drafts = Drafts(target, drafts)
        self._select = Selector(target, labels)
        self._settling = Settling(target)
        self.items = self.choose(self.filter)

    def _aim_again(self) -> Target:
        """The same work over the files as they are now."""
        ctx, system = self.ctx, self._target.system
        there = system in ctx.workspace.dataset(self.dataset).systems
        return aim(
            ctx,
            dataset=self.dataset,
            annotator=self.annotator,
            system=system if there else None,
        )


def _state(target: Target, rubric: Rubric, label: Label | None) -> queue.State:
    if label is None:
        return "todo"
    try:
        case, output = target.subject(label.case)
    except LabeltoolError:
        return "todo"
    return label_state(label, rubric, texts_of(case, output))
