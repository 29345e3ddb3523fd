"""Which two snapshots somebody chooses between: how both ways of choosing begin."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from labeltool.commands.context import Context
from labeltool.commands.label_target import snapshot_of
from labeltool.errors import DataError, UsageError, Where
from labeltool.history import CommitMessage, Verify
from labeltool.model.case import Case
from labeltool.model.hashing import input_hash, text_hash
from labeltool.model.label import Preference
from labeltool.model.output import Output
from labeltool.rules.pairwise import pair_folder
from labeltool.store import codec, files, paths
from labeltool.store.dataset import DatasetStore

KIND = "prefer"


@dataclass(frozen=True)
class PairTarget:
    """What one annotator chooses between; a < b."""

    ctx: Context
    store: DatasetStore
    annotator: str
    a: str
    b: str

    @cached_property
    def cases(self) -> tuple[str, ...]:
        """Cases with an output in both snapshots, in tier and id order."""
        there = [{one.case for one in self.store.outputs(s).require()} for s in (self.a, self.b)]
        return tuple(id for id in self.store.case_ids() if all(id in found for found in there))

    def path(self, case: str) -> str:
        return paths.preference_path(self.store.name, self.annotator, self.a, self.b, case)

    def present(self, case: str) -> tuple[Preference | None, str | None]:
        """My choice as it is on disk, and the content hash of its file."""
        path = self.path(case)
        data = self.ctx.workspace.read(path)
        if data is None:
            return None, None
        return codec.decode(data, Preference, path), files.content_hash(data)

    def subject(self, case: str) -> tuple[Case, Output, Output]:
        """The case and both outputs. Raises UnknownName, UsageError where one is missing."""
        found = self.store.case(case)
        outputs = []
        for system in (self.a, self.b):
            output = self.store.output(system, case)
            if output is None:
                raise UsageError(
                    f"{case} has no recorded output in the snapshot {system}",
                    hint="choose between outputs of a case that both have",
                )
            outputs.append(output)
        return found, outputs[0], outputs[1]

    def stands(self, said: Preference, case: Case, a: Output, b: Output) -> bool:
        """Whether a choice of mine was made between these very texts."""
        now = (input_hash(case.input), text_hash(a.output), text_hash(b.output))
        then = (said.input_hash, said.output_hash_a, said.output_hash_b)
        return all(one in (None, other) for one, other in zip(then, now, strict=True))

    def message(self, case: str) -> CommitMessage:
        """It names no choice: `git log` is not blind, and whoever reads it may choose next."""
        return CommitMessage(
            f"{KIND} {case} of {self.a} and {self.b} as {self.annotator}",
            trailers={
                "Labeltool-Kind": KIND,
                "Labeltool-Dataset": self.store.name,
                "Labeltool-Case": case,
                "Labeltool-Annotator": self.annotator,
            },
        )


def aim_pair(
    ctx: Context, a: str, b: str, *, dataset: str | None = None, annotator: str | None = None
) -> PairTarget:
    """Raises UsageError, UnknownName where one of them is no snapshot, DataError."""
    store = ctx.workspace.dataset(dataset)
    who = ctx.annotator(annotator)
    first, second = pair_folder(*(snapshot_of(ctx, store, name) for name in (a, b)))
    return PairTarget(ctx, store, who, first, second)


def preference_reads_back(said: Preference) -> Verify:
    """Refuses a file that would not read back as the choice that was made."""

    def verify(path: str, data: bytes) -> None:
        if codec.decode(data, Preference, path) != said:
            raise DataError(
                "would not read back as it was said",
                hint="the note holds characters that YAML cannot keep: take them out",
                where=Where(path),
            )

    return verify
