"""What the files themselves say was decided: the part of `history` that no squash can lose."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from labeltool.commands.context import Context
from labeltool.errors import LabeltoolError
from labeltool.model.base import Score
from labeltool.model.case import Case
from labeltool.model.label import Label
from labeltool.model.resolution import Resolution
from labeltool.rules.human import blind_outputs
from labeltool.store import codec, paths
from labeltool.store.dataset import DatasetStore

HIDDEN = "labelled (scores hidden: its round is open)"
_BLIND_KINDS = {"label", "resolution"}
HIDDEN_SETTLED = "settled (scores hidden: a round of it is open)"


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing a file says: who decided, when (ISO text) and, in a sentence, what."""

    path: str
    kind: str
    at: str | None
    who: str | None
    system: str | None
    told: str


class Facts:
    """Reads one dataset for one reader, from whom others' blind labels are hidden."""

    def __init__(self, ctx: Context, store: DatasetStore, reader: str | None):
        self._ctx, self._store, self._reader = ctx, store, reader

    @cached_property
    def _blind(self) -> frozenset[tuple[str, str]]:
        return blind_outputs(self._store.rounds().values)

    def standing(self, case: str) -> Iterator[Fact]:
        """What the files say of the case now."""
        name = self._store.name
        if case in self._store.case_ids():
            found = self._store.case(case)
            path = paths.case_path(name, found.tier, case)
            yield from self._of_case(found, path)
        for system in self._store.systems:
            settled = self._ctx.workspace.load(
                paths.resolution_path(name, system, case), Resolution
            )
            if settled is not None:
                yield self._of_settled(settled, paths.resolution_path(name, system, case))
            for annotator in self._store.annotators:
                label = self._store.label(annotator, system, case)
                if label is not None:
                    yield self._of_label(label, paths.label_path(name, annotator, system, case))

    def at_commit(self, commit: str, path: str, kind: str) -> Fact | None:
        """What the file said in that commit of `kind`; None where the file cannot tell."""
        place = paths.place_of(path)
        readable = {"label": "label", "resolve": "resolution", "verify": "case"}.get(kind)
        if place is None or place.kind != readable:
            return None
        data = self._ctx.history.show(commit, path)
        if data is None:
            return None
        try:
            return self._fact(data, path, kind)
        except LabeltoolError:
            return None

    def _fact(self, data: bytes, path: str, kind: str) -> Fact | None:
        if kind == "label":
            return self._of_label(codec.decode(data, Label, path), path)
        if kind == "resolve":
            return self._of_settled(codec.decode(data, Resolution, path), path)
        told = self._of_case(codec.decode(data, Case, path), path)
        return next((fact for fact in told if fact.kind == kind), None)

    def hides(self, who: str | None, ours: list[str]) -> bool:
        """Whether a commit's subject could tell what was said of outputs that are still blind:
        others' labels, and anybody's resolutions, the reader's own included.
        """
        hidden = {"resolution"} if who is not None and who == self._reader else _BLIND_KINDS
        places = (paths.place_of(path) for path in ours)
        return any(
            place.kind in hidden and (place.system, place.name) in self._blind
            for place in places
            if place is not None
        )

    def _of_case(self, case: Case, path: str) -> Iterator[Fact]:
        if case.verified is not None:
            told = "has read input and expected"
            yield Fact(path, "verify", case.verified.at, case.verified.by, None, told)
        if case.source is not None:
            source = case.source
            told = f"came in as {source.kind}" + (
                f", there called {source.ref}" if source.ref else ""
            )
            yield Fact(path, source.kind, source.date, None, None, told)

    def _of_settled(self, settled: Resolution, path: str) -> Fact:
        """What was settled before an open round would sway those who label it blindly now."""
        hidden = (settled.system, settled.case) in self._blind
        told = HIDDEN_SETTLED if hidden else _told_settled(settled)
        return Fact(path, "resolve", settled.resolved_at, settled.resolver, settled.system, told)

    def _of_label(self, label: Label, path: str) -> Fact:
        hidden = label.annotator != self._reader and (label.system, label.case) in self._blind
        told = HIDDEN if hidden else _told(label)
        return Fact(path, "label", label.labeled_at, label.annotator, label.system, told)


def _told(label: Label) -> str:
    if label.status == "skipped":
        return f"skipped {label.system}"
    more = [" (unsure)" if label.confidence == "unsure" else ""]
    more.append(f", flagged: {label.flag}" if label.flag else "")
    more.append(f', "{label.notes}"' if label.notes else "")
    return f"{label.system}: {_scores(label.scores)}{''.join(more)}"


def _told_settled(settled: Resolution) -> str:
    because = f", {settled.because.replace('_', ' ')}" if settled.because else ""
    note = f': "{settled.note}"' if settled.note else ""
    return f"{settled.system}: settled at {_scores(settled.scores)}{because}{note}"


def _scores(scores: Mapping[str, Score]) -> str:
    return ", ".join(f"{name} {score}" for name, score in scores.items()) or "nothing yet"
