"""Which snapshot is labelled, by whom, under which round: how both ways of labelling begin."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath

from labeltool.commands.context import Context
from labeltool.commands.label_view import LabelDraft, texts_of
from labeltool.errors import DataError, UnknownName, UsageError, Where
from labeltool.history import CommitMessage, Verify
from labeltool.model.base import TIERS, Tier
from labeltool.model.case import Case
from labeltool.model.label import Label
from labeltool.model.output import Output
from labeltool.model.round import Round
from labeltool.model.rubric import Rubric
from labeltool.rules import queue, spot
from labeltool.store import codec, files, paths
from labeltool.store.dataset import DatasetStore
from labeltool.store.listing import listing


@dataclass(frozen=True)
class Target:
    """What one annotator labels. `round`: the open one of this snapshot that they take part in.
    `share`: how the rest is shared out, where it is.
    """

    ctx: Context
    store: DatasetStore
    annotator: str
    system: str
    round: Round | None
    share: queue.Share | None = None

    def arrange(
        self,
        states: Mapping[str, queue.State],
        *,
        annotator: str | None = None,
        wanted: str | None = None,
    ) -> tuple[queue.Item, ...]:
        """The queue of an annotator, mine unless said."""
        return queue.arrange(
            self.tiers,
            states,
            round=self.round,
            share=self.share,
            annotator=annotator or self.annotator,
            wanted=wanted,
        )

    @property
    def rubric(self) -> Rubric:
        return self.store.rubric

    @cached_property
    def tiers(self) -> Mapping[str, Tier]:
        """{case: tier} of every case with a recorded output, by file names only."""
        recorded = set(self._stems(f"outputs/{self.system}"))
        return {
            case: tier
            for tier in TIERS
            for case in self._stems(f"cases/{tier}")
            if case in recorded
        }

    def _stems(self, folder: str) -> list[str]:
        listed = listing(self.ctx.workspace.root, f"{self.store.base}/{folder}", ".yaml")
        return [PurePosixPath(one.path).stem for one in listed.files]

    def path(self, case: str) -> str:
        return paths.label_path(self.store.name, self.annotator, self.system, case)

    def present(self, case: str) -> tuple[Label | None, str | None]:
        """My label of a case as it is on disk, and the content hash of its file."""
        path = self.path(case)
        data = self.ctx.workspace.read(path)
        if data is None:
            return None, None
        return codec.decode(data, Label, path), files.content_hash(data)

    def subject(self, case: str) -> tuple[Case, Output]:
        """The case and its recorded output. Raises UnknownName, UsageError where there is none."""
        found = self.store.case(case)
        output = self.store.output(self.system, case)
        if output is None:
            raise UsageError(
                f"{case} has no recorded output in the snapshot {self.system}",
                hint=f"record one: labeltool run --system {self._live} --case {case} --record NAME",
            )
        return found, output

    @property
    def _live(self) -> str:
        live = _live_systems(self.ctx)
        return self.store.settings.system or (live[0] if live else "NAME")

    def label(self, case: Case, output: Output, draft: LabelDraft, *, number: int | None) -> Label:
        """The draft as my label, now, under the present rubric. A skipped one has no scores."""
        texts = texts_of(case, output)
        given = {c.id: draft.scores[c.id] for c in self.rubric.by_hand if c.id in draft.scores}
        return Label(
            case=case.id,
            system=self.system,
            annotator=self.annotator,
            rubric=self.rubric.ref,
            input_hash=texts.input_hash,
            output_hash=texts.output_hash,
            scores={} if draft.status == "skipped" else given,
            status=draft.status,
            confidence=draft.confidence,
            flag=draft.flag,
            notes=draft.notes,
            round=number,
            after_judge=draft.after_judge,
            labeled_at=self.ctx.iso_now(),
            seconds=round(draft.seconds) or None,
        )

    def message(self, kind: str, case: str) -> CommitMessage:
        """The commit of one decision. It names no score: a round is blind, and `git log` is not."""
        trailers = {
            "Labeltool-Kind": kind,
            "Labeltool-Dataset": self.store.name,
            "Labeltool-Case": case,
            "Labeltool-Annotator": self.annotator,
            "Labeltool-Rubric": self.rubric.ref,
        }
        subject = f"{kind} {case} of {self.system} as {self.annotator}"
        return CommitMessage(subject, trailers=trailers)

    def others(self, case: str) -> int:
        """How many other annotators have labelled this output. Never what they said."""
        root = self.ctx.workspace.root
        people = (one for one in self.store.annotators if one != self.annotator)
        return sum(
            (root / paths.label_path(self.store.name, one, self.system, case)).is_file()
            for one in people
        )

    def round_of(self, case: str) -> int | None:
        """The number of the open round if this output is part of it."""
        if self.round is None or all(output.case != case for output in self.round.outputs):
            return None
        return self.round.number


def aim(
    ctx: Context,
    *,
    dataset: str | None = None,
    annotator: str | None = None,
    system: str | None = None,
) -> Target:
    """Settle dataset, annotator, snapshot and round.

    The snapshot: the one named; else that of the open round; else a spot check that waits for this
    annotator; else the dataset's `system` where that is a snapshot; else that of the latest round;
    else the only one. Raises UsageError, UnknownName, DataError.
    """
    store = ctx.workspace.dataset(dataset)
    who = ctx.annotator(annotator)
    rounds = store.rounds().require()
    mine = [r for r in rounds if r.closed is None and (not r.annotators or who in r.annotators)]
    if system is None and not mine:
        system = _spot_check(ctx, store, who)
    chosen = snapshot_of(ctx, store, system, mine, rounds)
    current = next((r for r in reversed(mine) if r.system == chosen), None)
    share = queue.share_out(rounds, chosen, tuple(ctx.workspace.settings.annotators))
    return Target(ctx, store, who, chosen, current, share if current is None else None)


def _spot_check(ctx: Context, store: DatasetStore, who: str) -> str | None:
    """The one that waits, by file names only: an output that was skipped is done too."""

    def stems(folder: str) -> set[str]:
        listed = listing(ctx.workspace.root, f"{store.base}/{folder}", ".yaml")
        return {PurePosixPath(one.path).stem for one in listed.files}

    if not any(map(spot.is_spot, store.systems)):
        return None
    cases = set(store.case_ids())
    return spot.waiting(
        store.systems,
        lambda system: stems(f"outputs/{system}") & cases,
        lambda system: stems(f"labels/{who}/{system}"),
    )


def snapshot_of(
    ctx: Context,
    store: DatasetStore,
    wanted: str | None,
    opened: Sequence[Round] = (),
    rounds: Sequence[Round] = (),
) -> str:
    """The snapshot `wanted`; else that of the last of `opened`; else the dataset's `system` where
    that is one; else that of the last of `rounds`; else the only one. Raises UsageError,
    UnknownName.
    """
    if wanted is not None:
        if wanted in store.systems:
            return wanted
        if wanted in ctx.workspace.settings.systems:
            raise UsageError(
                f"{wanted} is no snapshot: only recorded outputs are labelled",
                hint=_record_hint(wanted, store),
            )
        raise UnknownName("snapshot", wanted, store.systems)
    if opened:
        return opened[-1].system
    if store.settings.system in store.systems and store.settings.system is not None:
        return store.settings.system
    latest = next((one.system for one in reversed(rounds) if one.system in store.systems), None)
    if latest is not None:
        return latest
    # A spot check is asked for by itself: that it is there makes nothing ambiguous.
    named = [one for one in store.systems if not spot.is_spot(one)] or [*store.systems[-1:]]
    if len(named) == 1:
        return named[0]
    if not named:
        live = store.settings.system or next(iter(_live_systems(ctx)), "NAME")
        raise UsageError(
            f"{store.name} has no recorded outputs to label", hint=_record_hint(live, store)
        )
    raise UsageError(
        f"{store.name} has several snapshots: {', '.join(named)}", hint="say --system NAME"
    )


def _live_systems(ctx: Context) -> list[str]:
    return [
        name for name, system in ctx.workspace.settings.systems.items() if system.kind != "recorded"
    ]


def _record_hint(live: str, store: DatasetStore) -> str:
    hint = f"record its outputs: labeltool run --system {live} --record NAME"
    if store.systems:
        hint += f"; or label one of: {', '.join(store.systems)}"
    return hint


def reads_back(label: Label) -> Verify:
    """Refuses a file that would not read back as the label that was said."""

    def verify(path: str, data: bytes) -> None:
        if codec.decode(data, Label, path) != label:
            raise DataError(
                "would not read back as it was said",
                hint="the note or the flag holds characters that YAML cannot keep: take them out",
                where=Where(path),
            )

    return verify


def why(message: str | None) -> str:
    """What holds a commit, without the words that every such message begins with."""
    return (message or "").removeprefix("saved, not committed: ")
