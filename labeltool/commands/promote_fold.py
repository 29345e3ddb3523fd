"""What is there already is counted, not added: a case, a draft, or what was called out of scope."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from labeltool.commands.near import Near, NearIndex
from labeltool.model.case import Case
from labeltool.model.record import Draft
from labeltool.store.dataset import DatasetStore

MOST_REFS = 100


@dataclass
class Folder:
    """Takes drafts one by one, the most important first; knows the dataset as it stands.

    new        drafts to write, by id
    grown      drafts that stand in the inbox and were said again, as they are to be written
    cases      {case: how many records say what it asks}
    out        records whose input somebody called out of scope
    """

    store: DatasetStore
    index: NearIndex
    drafts: dict[str, Draft] = field(default_factory=dict)
    new: dict[str, Draft] = field(default_factory=dict)
    grown: dict[str, Draft] = field(default_factory=dict)
    cases: Counter[str] = field(default_factory=Counter)
    out: int = 0
    _told: NearIndex = field(default_factory=NearIndex)

    @classmethod
    def of(cls, store: DatasetStore, index: NearIndex) -> Folder:
        folder = cls(store, index)
        for draft in store.drafts().values:
            folder.drafts[draft.id] = draft
            folder._told.add(draft.id, draft.input_text)
        for case in folder.known.values():
            index.add(case.id, case.input_text)
        return folder

    @cached_property
    def known(self) -> dict[str, Case]:
        return {case.id: case for case in self.store.cases().values if case.status != "retired"}

    @cached_property
    def _out_of_scope(self) -> frozenset[str]:
        return frozenset(one.cluster for one in self.store.triage().values if one.scope == "out")

    def fold(self, draft: Draft, *, of_case: str | None = None) -> bool:
        """Whether the draft says what is there already; then it is counted. `of_case`: the case
        that it is the failing output of; that stands for it only in the regression tier.
        """
        if draft.id in self._out_of_scope:
            self.out += draft.seen
            return True
        told = self._same_draft(draft)
        if told is not None:
            self._grow(told, draft)
            return True
        case = self._same_case(draft, of_case)
        if case is not None:
            self.cases[case] += draft.seen
        return case is not None

    def add(self, draft: Draft) -> None:
        """Takes a new draft, with the cases that are near to it."""
        near = tuple(_plain(one) for one in self.index.nearest(draft.input_text))
        self.new[draft.id] = draft.model_copy(update={"near": near})
        self._told.add(draft.id, draft.input_text)

    def _same_draft(self, draft: Draft) -> str | None:
        if draft.id in self.drafts or draft.id in self.new:
            return draft.id
        near = self._told.duplicate(draft.input_text)
        return near.case if near else None

    def _same_case(self, draft: Draft, of_case: str | None) -> str | None:
        if of_case is not None:
            case = self.known.get(of_case)
            if case is None:
                return None
            stands = case.tier == "regression" or draft.output in case.counterexamples
            return case.id if stands else None
        near = self.index.duplicate(draft.input_text)
        return near.case if near else None

    def _grow(self, id: str, draft: Draft) -> None:
        """One more for the draft that stands; a record that it counts already counts no more."""
        stands = self.new.get(id) or self.grown.get(id) or self.drafts[id]
        counted = {stands.source.ref if stands.source else None, *stands.also}
        said = [draft.source.ref if draft.source else None, *draft.also]
        fresh = [ref for ref in said if ref is not None and ref not in counted]
        more = draft.seen - (len(said) - len(fresh))
        if more <= 0:
            return
        grown = stands.model_copy(
            update={
                "seen": stands.seen + more,
                "also": (*stands.also, *fresh)[:MOST_REFS],
                "priority": max(stands.priority, draft.priority),
            }
        )
        (self.new if id in self.new else self.grown)[id] = grown


def _plain(near: Near) -> dict[str, Any]:
    return {"case": near.case, "similarity": near.similarity, "how": near.how}
