"""Resolving in one sitting: what is open, what each disagreement rests on, and saves that commit
by themselves.

The app drives it from one worker thread; nothing here knows a screen.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, NamedTuple

from labeltool.commands.amend_draft import Amendable, AmendDraft, amendable, keep_draft
from labeltool.commands.branch_offer import Answer, Offer, branch_offer
from labeltool.commands.context import Context
from labeltool.commands.label_work import Work, WorkState
from labeltool.commands.resolve import disagreements
from labeltool.commands.resolve_plan import Subject, plan, reads_back, subject
from labeltool.commands.rubric_amend import Amendment, propose
from labeltool.commands.rubric_view import RubricPast, settled_past
from labeltool.errors import Conflict, LabeltoolError, UnknownName
from labeltool.history import Saved
from labeltool.model.base import Score
from labeltool.model.resolution import Because
from labeltool.model.rubric import Rubric
from labeltool.rules.amend import Edit
from labeltool.rules.resolve import BECAUSE, Decision, Difference
from labeltool.store import paths
from labeltool.store.dataset import DatasetStore
from labeltool.store.workspace import Workspace


class Place(NamedTuple):
    """An output that people disagree on."""

    system: str
    case: str


class TookBack(NamedTuple):
    """What was taken back or brought again, and where, where it was a resolution."""

    subject: str
    place: Place | None


@dataclass(frozen=True, slots=True)
class Choice:
    """A resolution in the making."""

    scores: Mapping[str, Score] = field(default_factory=dict)
    because: Because | None = None
    note: str | None = None

    @property
    def decision(self) -> Decision:
        return Decision(self.scores, self.because, self.note)


@dataclass(frozen=True, slots=True)
class View:
    """One disagreement with all that settling it rests on.

    choice: where to start from; `resumed` says that it is half-made, of an earlier session.
    annotated: whether I labelled this output. branch: the one that all of it was read on.
    """

    subject: Subject
    rubric: Rubric
    choice: Choice
    resumed: bool
    annotated: bool
    branch: str | None

    @property
    def place(self) -> Place:
        return Place(self.subject.found.system, self.subject.found.case)

    @property
    def differences(self) -> tuple[Difference, ...]:
        return self.subject.found.differences

    def missing(self, choice: Choice) -> tuple[str, ...]:
        """What is open and has no score in the choice."""
        return tuple(
            one.criterion.id
            for one in self.subject.found.open
            if one.criterion.id not in choice.scores
        )


class ResolveSession:
    """One resolver's sitting over a dataset. Not thread-safe: one thread calls it.

    on_work is told, from any thread, where the decisions are.
    """

    def __init__(
        self,
        ctx: Context,
        store: DatasetStore,
        resolver: str,
        on_work: Callable[[WorkState], None],
        *,
        system: str | None = None,
        wanted: str | None = None,
    ):
        self._ctx, self._store, self.resolver = ctx, store, resolver
        self._system = system
        self._drafts = dict(ctx.history.recover().drafts or {})
        self.branch = ctx.history.adopt_branch()
        """The branch that everything was read on; None where HEAD is on none."""
        self.items = self._read()
        """What is open, the worst first; what was asked for stands before it."""
        if wanted is not None:
            self.items = self._first(wanted)
        self.offer: Offer | None = None
        """A branch to ask about: what was decided is saved, and its commit waits for `answer`."""
        self._asked = False
        self._work = Work(ctx, on_work)

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
    ) -> ResolveSession:
        """Recover what an earlier session left, and read what is open.

        `case` comes first, settled or not. Raises UsageError and UnknownName for what was asked,
        DataError for broken files, RepositoryError where there is no repository to save in.
        """
        store = ctx.workspace.dataset(dataset)
        resolver = ctx.annotator(annotator)
        return cls(ctx, store, resolver, on_work, system=system, wanted=case)

    @property
    def dataset(self) -> str:
        return self._store.name

    @property
    def rubric(self) -> Rubric:
        return self._store.rubric

    @property
    def ctx(self) -> Context:
        return self._ctx

    def _read(self) -> tuple[Place, ...]:
        found = disagreements(self._ctx, self.dataset, self._system)
        return tuple(Place(one.system, one.case) for one in found)

    def _first(self, case: str) -> tuple[Place, ...]:
        """Raises UnknownName, and UsageError where people do not disagree on that case."""
        if case not in self._store.case_ids():
            raise UnknownName("case", case, self._store.case_ids())
        mine = tuple(one for one in self.items if one.case == case)
        if not mine:
            systems = [self._system] if self._system is not None else self._spoken_of(case)
            mine = tuple(Place(one, case) for one in systems[:1])
            for place in mine:
                subject(self._ctx, self._store, *place)
        return mine + tuple(one for one in self.items if one not in mine)

    def _spoken_of(self, case: str) -> list[str]:
        resolved = [one.system for one in self._store.resolutions().values if one.case == case]
        labelled = [one.system for one in self._store.labels().values if one.case == case]
        return resolved or labelled or list(self._store.systems)

    def view(self, place: Place) -> View:
        """Raises DataError, UsageError where there is nothing to resolve any more."""
        found = subject(self._ctx, self._store, *place)
        kept = self._kept(place, found)
        return View(
            subject=found,
            rubric=self.rubric,
            choice=kept or Choice(),
            resumed=kept is not None,
            annotated=self.resolver in found.found.annotators,
            branch=self.branch,
        )

    def past(self) -> RubricPast:
        """What was settled and changed before, criterion by criterion. Raises LabeltoolError."""
        return settled_past(self._ctx, dataset=self.dataset)

    # What I decide.

    def amendable(self, criterion: str) -> Amendable:
        """A criterion as a person needs to see it to amend it. Raises UnknownName, DataError."""
        return amendable(self._ctx, self.rubric.name, criterion, annotator=self.resolver)

    def keep_amendment(self, criterion: str, draft: AmendDraft | None) -> None:
        """Journal an amendment in the making; None forgets it."""
        keep_draft(self._ctx, self.rubric.name, criterion, draft, annotator=self.resolver)

    def save(
        self, view: View, choice: Choice, edits: Sequence[Edit] = (), reason: str = ""
    ) -> Amendment | None:
        """The resolution on disk, durable, when this returns; its commit follows by itself. With
        `edits` the rubric is amended in the same commit, for `reason`.

        Raises Conflict where a file is not the one the view was read from or the branch was
        switched since, UsageError for a choice that cannot be, StorageError, DataError.
        """
        self._refuse_elsewhere(view.branch)
        ctx, case = self._ctx, view.place.case
        amendment = None
        if edits:
            name = self.rubric.name
            amendment = propose(
                ctx, name, edits, reason=reason, cases=[case], annotator=self.resolver
            )
        settling = plan(
            ctx,
            self._store,
            view.subject,
            choice.decision,
            resolver=self.resolver,
            amendment=amendment,
        )
        self._deciding()
        self._work.queue.save(settling.changes, settling.message, reads_back(settling))
        self.forget(view.place)
        if amendment is not None:
            self._reopen()
        return amendment

    def undo(self) -> TookBack:
        """Take my last decision in this dataset back, by a new commit.

        It may be one of an earlier sitting, and a label. Raises UsageError where nothing is left,
        Conflict where a file was changed since.
        """
        self._refuse_elsewhere(self.branch)
        self._deciding()
        return self._took(self._work.queue.undo(self.resolver, self._mine))

    def redo(self) -> TookBack:
        """Say again what undo took back last. Raises as `undo`."""
        self._refuse_elsewhere(self.branch)
        self._deciding()
        return self._took(self._work.queue.redo(self.resolver, self._mine))

    def answer(self, answer: Answer) -> bool:
        """Whether to go to the branch that is offered; what waits is committed then.

        True where everything was read again, from that branch. Raises RepositoryError where it
        cannot be switched to: then this branch it is.
        """
        offer, self.offer = self.offer, None
        if offer is None:
            return False
        history, switched = self._ctx.history, False
        try:
            if answer == "switch":
                history.switch_to_new_branch(offer.branch)
                switched = True
            else:
                history.decline_branch(for_good=answer == "never")
        finally:
            self._work.queue.resume(here=switched)
        return switched and self.follow()

    def _deciding(self) -> None:
        """Before a decision is saved: with the first one a branch of one's own may be offered."""
        if not self._asked:
            self._asked = True
            self.offer = branch_offer(self._ctx, self.resolver)
            if self.offer is not None:
                self._work.queue.pause()

    @property
    def _mine(self) -> dict[str, str]:
        return {"Labeltool-Dataset": self.dataset}

    def _took(self, saved: Saved) -> TookBack:
        """Read again what the files say now: a rubric may have come back with a resolution."""
        self._reopen()
        found = (paths.place_of(path) for path in saved.paths)
        places = [
            Place(one.system, one.name)
            for one in found
            if one is not None and one.kind == "resolution" and one.system and one.name
        ]
        for place in places:
            self.forget(place)
        return TookBack(saved.entry.message.subject, places[0] if places else None)

    def keep(self, view: View, choice: Choice) -> None:
        """Journal a half-made resolution, durable when this returns."""
        texts = view.subject.found.texts
        document = {
            **asdict(choice),
            "scores": dict(choice.scores),
            "input_hash": texts.input_hash,
            "output_hash": texts.output_hash,
        }
        key, data = self._key(view.place), json.dumps(document).encode()
        self._drafts[key] = data
        self._ctx.history.save_draft(key, data)

    def forget(self, place: Place) -> None:
        key = self._key(place)
        if self._drafts.pop(key, None) is not None:
            self._ctx.history.clear_draft(key)

    def follow(self) -> bool:
        """Read everything again where another branch is checked out by now; False where not.

        Raises as `open`; nothing is saved until it can be read.
        """
        if self.branch == self._ctx.history.repository.branch():
            return False
        self._reopen()
        self.branch = self._ctx.history.adopt_branch()
        return True

    def flush(self, timeout: float) -> bool:
        """Wait until all that can be committed is; False where something waits."""
        return self._work.queue.flush(timeout)

    def close(self, timeout: float = 10.0) -> WorkState:
        """End the sitting, waiting so long for commits at most; where the decisions are then."""
        return self._work.close(timeout)

    # Inside.

    def _reopen(self) -> None:
        ctx, before = self._ctx, self._ctx.workspace
        ctx.workspace = Workspace.open(before.root)
        try:
            self._store = ctx.workspace.dataset(self.dataset)
            self.items = self._read()
        except LabeltoolError:
            ctx.workspace = before
            raise

    def _refuse_elsewhere(self, branch: str | None) -> None:
        """Nothing that was decided over one branch's files is written into another's."""
        now = self._ctx.history.repository.branch()
        if branch != now:
            raise Conflict(
                f"the branch {branch or '(none)'} was switched to {now or '(none)'} underneath",
                hint="the files are read again; then decide again",
            )

    def _key(self, place: Place) -> str:
        return f"resolve/{self.dataset}/{self.resolver}/{place.system}/{place.case}"

    def _kept(self, place: Place, found: Subject) -> Choice | None:
        """The half-made resolution, unless its texts or its criteria are not these any more."""
        texts = found.found.texts
        try:
            fields: dict[str, Any] = json.loads(self._drafts.get(self._key(place), b"null"))
            same = (fields["input_hash"], fields["output_hash"])
            said, because, note = fields["scores"], fields["because"], fields["note"]
        except (ValueError, KeyError, TypeError):
            return None
        if same != (texts.input_hash, texts.output_hash):
            return None
        scales = {one.criterion.id: one.criterion for one in found.found.differences}
        scores = {id: one for id, one in said.items() if id in scales and scales[id].allows(one)}
        return Choice(scores, because if because in BECAUSE else None, note)
