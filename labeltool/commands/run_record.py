"""`run --record NAME`: the outputs of a run as a snapshot, in one commit."""

from __future__ import annotations

from dataclasses import dataclass, field

from labeltool.commands.context import Context, iso
from labeltool.errors import DataError, Problem, UsageError, Where
from labeltool.history import CommitMessage
from labeltool.history.message import DATASET, KIND
from labeltool.model.base import is_id
from labeltool.model.output import Output
from labeltool.runner.engine import CaseDone, Finished
from labeltool.store import paths
from labeltool.store.dataset import DatasetStore
from labeltool.store.workspace import Write


@dataclass(frozen=True)
class Recorded:
    """`outputs` new ones; without a `commit`, `why` says what became of them."""

    name: str
    outputs: int
    commit: str | None
    why: str | None = None


@dataclass
class Recording:
    """Keeps the answers of a run until it is over: what is recorded has to fit in memory."""

    ctx: Context
    store: DatasetStore
    name: str
    answers: list[CaseDone] = field(default_factory=list)

    @classmethod
    def begin(cls, ctx: Context, store: DatasetStore, name: str) -> Recording:
        """Raises UsageError for a name that cannot be a snapshot's, NotARepository before any
        call is made.
        """
        if not is_id(name):
            raise UsageError(
                f"{name!r} is not a legal name for a snapshot",
                hint="use a-z, 0-9, dot, dash, underscore, for example lead-nov",
            )
        settings = ctx.workspace.settings.systems.get(name)
        if settings is not None and settings.kind != "recorded":
            own = f"{name}-{ctx.now():%b}".lower()
            raise UsageError(
                f"{name} is the name of a live system",
                hint=f"give the snapshot a name of its own, for example {own}",
            )
        ctx.history.recover()
        return cls(ctx, store, name)

    def add(self, done: CaseDone) -> None:
        if done.answer is not None:
            self.answers.append(done)

    def commit(self, finished: Finished) -> Recorded:
        """One commit with every new output.

        Nothing after a stop. Raises DataError where the snapshot holds another text, CommitHeld.
        """
        if finished.signum is not None:
            return Recorded(self.name, 0, None, why="the run was stopped")
        changes: list[Write] = []
        problems: list[Problem] = []
        for done in self.answers:
            output = self._output(done, finished)
            before = self.store.output(self.name, output.case)
            path = paths.output_path(self.store.name, self.name, output.case)
            if before is None:
                changes.append(self.ctx.workspace.change(path, output))
            elif before.output != output.output:
                message = f"holds another text, and snapshot {self.name} never changes"
                problems.append(Problem(Where(path), message, "record under a new name"))
        if problems:
            raise DataError.of(problems)
        if not changes:
            return Recorded(self.name, 0, None, why="it holds these outputs already")
        count = "1 output" if len(changes) == 1 else f"{len(changes)} outputs"
        words = CommitMessage(
            f"record {count} of {finished.results.system.name} as {self.name}",
            body=f"Run {finished.results.run_id}, {finished.results.system.fingerprint}",
            trailers={KIND: "snapshot", DATASET: self.store.name},
        )
        committed = self.ctx.record(changes, words)
        return Recorded(self.name, len(changes), committed.commit)

    def _output(self, done: CaseDone, finished: Finished) -> Output:
        answer, system = done.answer, finished.results.system
        assert answer is not None
        return Output(
            case=done.result.id,
            system=self.name,
            of=system.name,
            fingerprint=system.fingerprint,
            output=answer.output,
            context=answer.context,
            finish_reason=answer.finish_reason,
            usage=answer.usage,
            latency_ms=None if answer.latency_ms is None else round(answer.latency_ms, 3),
            recorded_at=iso(self.ctx.now()),
        )
