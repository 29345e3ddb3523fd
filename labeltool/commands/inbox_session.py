"""The inbox in one sitting: what waits, what each draft rests on, and decisions that commit by
themselves.

The app drives it from one worker thread; nothing here knows a screen.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple, get_args

from labeltool.commands.context import Context
from labeltool.commands.inbox import Decided, Waiting, find, inbox, plan_later, plan_reject
from labeltool.commands.inbox_accept import plan_accept, plan_merge
from labeltool.commands.inbox_proof import prove, suggested
from labeltool.commands.label_work import WorkState
from labeltool.commands.near import NearIndex
from labeltool.commands.sitting import Sitting
from labeltool.errors import LabeltoolError, Problem, UsageError
from labeltool.history import FileChange, Saved
from labeltool.model.base import Tier
from labeltool.model.case import Case, Check
from labeltool.model.rubric import Rubric
from labeltool.redact import placeholders
from labeltool.rules import acceptance
from labeltool.rules.acceptance import Edits, Shown
from labeltool.rules.check_text import check_text, parse_check
from labeltool.rules.suggested import Suggestion
from labeltool.store import paths
from labeltool.store.dataset import DatasetStore
from labeltool.store.workspace import Workspace

MOST_NEAR = 3


class TookBack(NamedTuple):
    """What was taken back or brought again, and the draft that it is about, where there is one."""

    subject: str
    draft: str | None


@dataclass(frozen=True, slots=True)
class NearCase:
    """A case that asks nearly the same. `how`: exact, fuzzy (words) or embedding (meaning)."""

    case: Case
    similarity: float
    how: str


@dataclass(frozen=True, slots=True)
class Look:
    """What the graders say of a draft with edits, and what could be checked.

    refused: why it cannot be accepted like this, None where it can. Both as far as no judge has to
    be called.
    """

    edits: Edits
    suggested: tuple[Suggestion, ...]
    shown: Shown
    refused: str | None = None


@dataclass(frozen=True, slots=True)
class View:
    """One draft with all that a decision about it rests on.

    look: with the edits to start from; `resumed` says that they are half-made, of an earlier
    session. branch: the one that all of it was read on.
    """

    waiting: Waiting
    near: tuple[NearCase, ...]
    look: Look
    resumed: bool
    branch: str | None

    @property
    def id(self) -> str:
        return self.waiting.id

    @property
    def redacted(self) -> str:
        """What was taken out of it, in words; empty where nothing was."""
        source = self.waiting.draft.source
        found = source.redactions if source is not None else None
        try:
            return placeholders.said({one["placeholder"]: int(one["times"]) for one in found or ()})
        except (KeyError, TypeError, ValueError, StopIteration):
            return "something"  # a file that was edited by hand, or of a newer version


class InboxSession(Sitting[TookBack]):
    """One person's sitting over a dataset's inbox.

    on_work is told, from any thread, where the decisions are.
    """

    def __init__(
        self,
        ctx: Context,
        store: DatasetStore,
        by: str,
        on_work: Callable[[WorkState], None],
    ):
        super().__init__(ctx, by)
        self._store = store
        self._drafts = dict(ctx.history.recover().drafts or {})
        self.items: tuple[Waiting, ...] = ()
        """What waits, the most important first."""
        self.problems: tuple[Problem, ...] = ()
        self._index: NearIndex | None = None
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
    ) -> InboxSession:
        """Recover what an earlier session left, and read what waits.

        Raises UsageError and UnknownName for what was asked, DataError for broken files,
        RepositoryError where there is no repository to save in.
        """
        # Another branch may be checked out since the context was made, with other settings.
        ctx.workspace = Workspace.open(ctx.workspace.root)
        store = ctx.workspace.dataset(dataset)
        return cls(ctx, store, ctx.annotator(annotator), on_work)

    @property
    def dataset(self) -> str:
        return self._store.name

    @property
    def rubric(self) -> Rubric:
        return self._store.rubric

    @property
    def env(self) -> Mapping[str, str]:
        return self.ctx.env

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why drafts of this dataset were out of scope, the latest first, each once."""
        found = sorted(self._store.triage().values, key=lambda one: one.at or "", reverse=True)
        said = (one.reason for one in found if one.scope == "out" and one.reason)
        return tuple(dict.fromkeys(said))

    def view(self, id: str) -> View:
        """Raises UnknownName where the draft is gone, DataError."""
        waiting = find(self.ctx, self._store, id)
        kept = self._kept(waiting)
        edits = kept or first_edits(waiting)
        look = self.look(waiting, edits)
        return View(waiting, self._near(waiting), look, kept is not None, self.branch)

    def look(self, waiting: Waiting, edits: Edits) -> Look:
        """What the graders say; a judge that has to be called is left out."""
        draft = waiting.draft
        found = suggested(draft, edits.expected)
        case = acceptance.case_of(draft, edits, rubric_version=self.rubric.version)
        try:
            shown = prove(self.ctx, self._store, case, draft.output, asked=False)
        except LabeltoolError as error:
            shown = Shown(why=str(error))
        refused = acceptance.refusal(case, draft.output, shown, edits)
        unasked = shown.fails is None and not shown.problems and shown.why is None
        if refused is not None and unasked and draft.output is not None and self._judge_is_asked:
            refused = None  # accepting asks it
        return Look(edits, found, shown, refused.message if refused else None)

    @property
    def _judge_is_asked(self) -> bool:
        from labeltool.runner.build import judge_name

        name = judge_name(self.ctx.workspace, None)
        return self.ctx.workspace.settings.judges[name].kind != "reference"

    # What I decide.

    def accept(self, view: View, edits: Edits) -> Decided:
        """The case and the draft's end on disk, durable, when this returns; the commit follows by
        itself. Raises as `plan_accept`, and Conflict, StorageError.
        """
        self._refuse_elsewhere(view.branch)
        return self._decide(
            plan_accept(self.ctx, self._store, view.waiting, edits, by=self.annotator)
        )

    def merge(self, view: View, into: str, checks: Sequence[Check] = ()) -> Decided:
        """Fold the draft into a case. Raises as `plan_merge`, and Conflict, StorageError."""
        self._refuse_elsewhere(view.branch)
        return self._decide(
            plan_merge(self.ctx, self._store, view.waiting, into, checks, by=self.annotator)
        )

    def reject(self, ids: Sequence[str], reason: str) -> Decided:
        """Out of scope, all in one commit. Raises UsageError, Conflict, StorageError."""
        self._refuse_elsewhere(self.branch)
        waiting = self._those(ids)
        return self._decide(plan_reject(self.ctx, self._store, waiting, reason, by=self.annotator))

    def later(self, ids: Sequence[str]) -> Decided:
        """Put off, all in one commit. Raises Conflict, StorageError."""
        self._refuse_elsewhere(self.branch)
        waiting = self._those(ids)
        return self._decide(plan_later(self.ctx, self._store, waiting, by=self.annotator))

    def keep(self, waiting: Waiting, edits: Edits) -> None:
        """Journal what was written about a draft, durable when this returns."""
        document = {
            "read_hash": waiting.read_hash,
            "tier": edits.tier,
            "expected": None if edits.expected is None else list(edits.expected),
            "checks": None if edits.checks is None else list(map(check_text, edits.checks)),
            "tags": None if edits.tags is None else list(edits.tags),
            "verified": edits.verified,
        }
        key, data = self._key(waiting.id), json.dumps(document).encode()
        self._drafts[key] = data
        self.ctx.history.save_draft(key, data)

    def forget(self, id: str) -> None:
        key = self._key(id)
        if self._drafts.pop(key, None) is not None:
            self.ctx.history.clear_draft(key)

    # Inside.

    def _those(self, ids: Sequence[str]) -> list[Waiting]:
        return [one for one in self.items if one.id in ids]

    def _decide(self, decided: Decided) -> Decided:
        self._deciding()
        self._commits.save([FileChange(*one) for one in decided.writes], decided.message)
        for id in decided.drafts:
            self.forget(id)
        if decided.case is not None and self._index is not None:
            self._index.add(decided.case.id, decided.case.input_text)
        self._list()
        return decided

    def _read_files(self) -> None:
        self._store = self.ctx.workspace.dataset(self._store.name)
        self._index = None
        self._list()

    def _list(self) -> None:
        found = inbox(self.ctx, dataset=self._store.name)
        self.items, self.problems = found.waiting, found.problems

    def _took(self, saved: Saved) -> TookBack:
        self.read_again()
        found = (paths.place_of(path) for path in saved.paths)
        drafts = [one.name for one in found if one is not None and one.kind == "draft"]
        return TookBack(saved.entry.message.subject, drafts[0] if drafts else None)

    def _near(self, waiting: Waiting) -> tuple[NearCase, ...]:
        """By words as the cases are now, then in meaning as it was found when it was nominated."""
        if self._index is None:
            self._index = NearIndex()
            for case in self._store.cases().values:
                if case.status != "retired":
                    self._index.add(case.id, case.input_text)
        said = [(one.case, one.similarity, one.how) for one in self._by_words(waiting)]
        said += [
            (str(one.get("case")), float(one.get("similarity", 0)), str(one.get("how", "")))
            for one in waiting.draft.near
        ]
        near: dict[str, NearCase] = {}
        for id, similarity, how in said:
            if id not in near and len(near) < MOST_NEAR:
                try:
                    near[id] = NearCase(self._store.case(id), similarity, how)
                except LabeltoolError:
                    continue  # it is gone since, or broken: `check` tells
        return tuple(near.values())

    def _by_words(self, waiting: Waiting) -> list[Any]:
        assert self._index is not None
        return self._index.nearest(waiting.draft.input_text, MOST_NEAR)

    def _key(self, id: str) -> str:
        return f"inbox/{self.dataset}/{self.annotator}/{id}"

    def _kept(self, waiting: Waiting) -> Edits | None:
        """What was written about the draft, unless its file is another one by now."""
        try:
            said: dict[str, Any] = json.loads(self._drafts.get(self._key(waiting.id), b"null"))
            if said["read_hash"] != waiting.read_hash:
                return None
            return _edits(said)
        except (ValueError, KeyError, TypeError, AttributeError, UsageError):
            return None


def _edits(said: Mapping[str, Any]) -> Edits:
    tier = said["tier"]
    expected, checks, tags = said["expected"], said["checks"], said["tags"]
    return Edits(
        tier=tier if tier in get_args(Tier) else None,
        expected=None if expected is None else tuple(map(str, expected)),
        checks=None if checks is None else tuple(map(parse_check, checks)),
        tags=None if tags is None else tuple(map(str, tags)),
        verified=said["verified"] is True,
    )


def first_edits(waiting: Waiting) -> Edits:
    """What is proposed: the draft's own checks, else the likeliest that is sure enough."""
    draft = waiting.draft
    if draft.checks:
        return replace(acceptance.AS_IT_IS, checks=draft.checks)
    found = suggested(draft)
    sure = found[0].check if found and found[0].sure and draft.tier == "regression" else None
    return replace(acceptance.AS_IT_IS, checks=(sure,) if sure is not None else ())
