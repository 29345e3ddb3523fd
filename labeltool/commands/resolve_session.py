"""Resolving in one sitting: what is open, what each disagreement rests on, and saves that commit
by themselves.

The app drives it from one worker thread; nothing here knows a screen.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, NamedTuple

from labeltool.commands.context import Context
from labeltool.commands.label_work import WorkState
from labeltool.commands.resolve import disagreements
from labeltool.commands.resolve_plan import Subject, plan, reads_back, subject
from labeltool.commands.rubric_amend import Amendment, propose
from labeltool.commands.sitting import Sitting
from labeltool.errors import UnknownName
from labeltool.history import Saved
from labeltool.model.base import Score
from labeltool.model.resolution import Because
from labeltool.model.rubric import Rubric
from labeltool.rules.amend import Edit
from labeltool.rules.resolve import BECAUSE, Decision, Difference
from labeltool.store import paths
from labeltool.store.dataset import DatasetStore


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


class ResolveSession(Sitting[TookBack]):
    """One resolver's sitting over a dataset.

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
        super().__init__(ctx, resolver)
        self._store, self._system = store, system
        self._drafts = dict(ctx.history.recover().drafts or {})
        self.items: tuple[Place, ...] = ()
        """What is open, the worst first; what was asked for stands before it."""
        self._read_here()
        if wanted is not None:
            self.items = self._first(wanted)
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

    def _first(self, case: str) -> tuple[Place, ...]:
        """Raises UnknownName, and UsageError where people do not disagree on that case."""
        if case not in self._store.case_ids():
            raise UnknownName("case", case, self._store.case_ids())
        mine = tuple(one for one in self.items if one.case == case)
        if not mine:
            systems = [self._system] if self._system is not None else self._spoken_of(case)
            mine = tuple(Place(one, case) for one in systems[:1])
            for place in mine:
                subject(self.ctx, self._store, *place)
        return mine + tuple(one for one in self.items if one not in mine)

    def _spoken_of(self, case: str) -> list[str]:
        resolved = [one.system for one in self._store.resolutions().values if one.case == case]
        labelled = [one.system for one in self._store.labels().values if one.case == case]
        return resolved or labelled or list(self._store.systems)

    def view(self, place: Place) -> View:
        """Raises DataError, UsageError where there is nothing to resolve any more."""
        found = subject(self.ctx, self._store, *place)
        kept = self._kept(place, found)
        return View(
            subject=found,
            rubric=self.rubric,
            choice=kept or Choice(),
            resumed=kept is not None,
            annotated=self.annotator in found.found.annotators,
            branch=self.branch,
        )

    # What I decide.

    def save(
        self, view: View, choice: Choice, edits: Sequence[Edit] = (), reason: str = ""
    ) -> Amendment | None:
        """The resolution on disk, durable, when this returns; its commit follows by itself. With
        `edits` the rubric is amended in the same commit, for `reason`.

        Raises Conflict where a file is not the one the view was read from or the branch was
        switched since, UsageError for a choice that cannot be, StorageError, DataError.
        """
        self._refuse_elsewhere(view.branch)
        ctx, case = self.ctx, view.place.case
        amendment = None
        if edits:
            name = self.rubric.name
            amendment = propose(
                ctx, name, edits, reason=reason, cases=[case], annotator=self.annotator
            )
        settling = plan(
            ctx,
            self._store,
            view.subject,
            choice.decision,
            resolver=self.annotator,
            amendment=amendment,
        )
        self._deciding()
        self._commits.save(settling.changes, settling.message, reads_back(settling))
        self.forget(view.place)
        if amendment is not None:
            self.read_again()
        return amendment

    def _took(self, saved: Saved) -> TookBack:
        """Read again what the files say now: a rubric may have come back with a resolution."""
        self.read_again()
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
        self.ctx.history.save_draft(key, data)

    def forget(self, place: Place) -> None:
        key = self._key(place)
        if self._drafts.pop(key, None) is not None:
            self.ctx.history.clear_draft(key)

    # Inside.

    def _read_files(self) -> None:
        store = self.ctx.workspace.dataset(self._store.name)
        found = disagreements(self.ctx, store.name, self._system)
        self._store = store
        self.items = tuple(Place(one.system, one.case) for one in found)

    def _key(self, place: Place) -> str:
        return f"resolve/{self.dataset}/{self.annotator}/{place.system}/{place.case}"

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
