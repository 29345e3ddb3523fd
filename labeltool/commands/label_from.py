"""`label --from RESULTS --sample N`: judged outputs of a run, before people who do not see the
scores.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from labeltool.commands.by_text import recorded_by
from labeltool.commands.context import Context
from labeltool.commands.saved_results import open_results
from labeltool.errors import UsageError
from labeltool.history import CommitMessage
from labeltool.history.message import DATASET, KIND
from labeltool.model.base import is_id
from labeltool.model.case import Case
from labeltool.model.hashing import case_hash, text_hash
from labeltool.model.output import Judged, Output
from labeltool.model.result import CaseResult, Results
from labeltool.redact.scan import only_secrets, scan
from labeltool.rules import spot
from labeltool.rules.by_text import Text, blind_texts
from labeltool.rules.calibrate import judge_criteria
from labeltool.runner.humans import load_humans
from labeltool.store import paths
from labeltool.store.dataset import DatasetStore

LEFT_OUT = {
    "unjudged": "without a score of the judge",
    "gone": "of a case that is not here",
    "changed": "of a case that has changed since",
    "labelled": "labelled already",
    "blind": "in an open round",
    "secret": "with something in them that looks like a key, a card or an account",
}


@dataclass(frozen=True)
class Spots:
    """system: the snapshot that people label. cases: all that it holds of this sample. new: those
    of them that were written now; `commit` is None where there are none. left_out: how many judged
    outputs of the run may not be asked for, by reason.
    """

    dataset: str
    system: str
    cases: tuple[str, ...]
    new: tuple[str, ...]
    left_out: Mapping[str, int]
    commit: str | None

    def told(self) -> str:
        """Why outputs were left out, in words; empty where none was."""
        return ", ".join(f"{n} {LEFT_OUT[why]}" for why, n in self.left_out.items())


def record_from(
    ctx: Context, results: Path, *, sample: int, seed: int = 0, dataset: str | None = None
) -> Spots:
    """Records `sample` judged outputs of a run, drawn by `seed`, as a snapshot of their own in one
    commit. Asked again it adds what is missing to so many, and draws the same ones first.

    Raises UsageError (no such file, another dataset, nothing to ask for), DataError, CommitHeld.
    """
    saved = open_results(results)
    head = saved.head
    store = ctx.workspace.dataset(dataset or head.dataset)
    if head.dataset != store.name:
        raise UsageError(
            f"{results.name} is of the dataset {head.dataset}",
            hint=f"say --dataset {head.dataset}, or give a run of {store.name}",
        )
    if head.scores == "human":
        raise UsageError(
            f"no judge was asked in {results.name}: people's scores gated it",
            hint="give the results of a run with --scores machine",
        )
    system = spot.snapshot_name(head.run_id)
    draw = _Draw(ctx, store, head, system)
    found = {output.case: output for output in draw.outputs(saved.cases())}
    chosen = spot.pick(found, sample, run_id=head.run_id, seed=seed)
    if not chosen:
        told = ", ".join(f"{n} {LEFT_OUT[why]}" for why, n in draw.left_out.items())
        raise UsageError(
            f"no judged output of {results.name} is left to ask for{f': {told}' if told else ''}",
            hint="run again, or with other cases: labeltool run",
        )
    new = tuple(id for id in chosen if id not in draw.present)
    commit = _commit(ctx, store, head, system, [found[id] for id in new]) if new else None
    return Spots(store.name, system, tuple(chosen), new, dict(draw.left_out), commit)


class _Draw:
    """Which outputs of the run may be asked for."""

    def __init__(self, ctx: Context, store: DatasetStore, head: Results, system: str):
        self.ctx, self.store, self.head, self.system = ctx, store, head, system
        self.cases = {case.id: case for case in store.cases().values}
        self.present = {one.case: one for one in store.outputs(system).require()}
        self.labelled = set(load_humans(store, store.rubric).labels)
        self.blind = blind_texts(store.rounds().require(), recorded_by(store))
        self.judged = {one.id for one in judge_criteria(store.rubric)}
        self.left_out: Counter[str] = Counter()

    def outputs(self, results: Iterator[CaseResult]) -> Iterator[Output]:
        for result in results:
            known = self.present.get(result.id)
            if known is not None:
                yield known
                continue
            why = self._why_not(result)
            if why is not None:
                self.left_out[why] += 1
            else:
                yield self._output(result)

    def _why_not(self, result: CaseResult) -> str | None:
        case = self.cases.get(result.id)
        if result.output is None or result.error or self.judged.isdisjoint(result.scores):
            return "unjudged"
        if case is None:
            return "gone"
        text: Text = (result.id, text_hash(result.output))
        if self._changed(case, result, text[1]):
            return "changed"
        if text in self.labelled:
            return "labelled"
        if text in self.blind:
            return "blind"
        written = (result.output, *(one.text for one in result.context))
        return "secret" if any(only_secrets(scan(text)) for text in written) else None

    @staticmethod
    def _changed(case: Case, result: CaseResult, output_hash: str) -> bool:
        return (result.case_hash, result.output_hash) != (case_hash(case), output_hash)

    def _output(self, result: CaseResult) -> Output:
        head, judge = self.head, self.head.judge
        assert result.output is not None
        return Output(
            case=result.id,
            system=self.system,
            of=head.system.name if is_id(head.system.name) else None,
            fingerprint=head.system.fingerprint,
            output=result.output,
            context=result.context,
            finish_reason=result.finish_reason,
            recorded_at=self.ctx.iso_now(),
            judged=Judged(
                judge=judge.name,
                fingerprint=judge.fingerprint,
                rubric=head.rubric,
                scores={id: result.scores[id] for id in result.scores if id in self.judged},
            ),
        )


def _commit(
    ctx: Context, store: DatasetStore, head: Results, system: str, outputs: list[Output]
) -> str | None:
    changes = [
        ctx.workspace.change(paths.output_path(store.name, system, one.case), one)
        for one in outputs
    ]
    count = "1 output" if len(outputs) == 1 else f"{len(outputs)} outputs"
    words = CommitMessage(
        f"record {count} of {head.system.name} for a spot check of judge {head.judge.name}",
        body=f"Run {head.run_id}, {head.system.fingerprint}",
        trailers={KIND: "snapshot", DATASET: store.name},
    )
    return ctx.record(changes, words).commit
