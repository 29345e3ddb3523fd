"""One judge and what it says of the sample: asked or computed, then measured."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any

from labeltool.commands.calibrate_fit import measure, refit
from labeltool.commands.calibrate_sample import Eligible, coded
from labeltool.commands.context import Context
from labeltool.config import OpenAIJudge, Price
from labeltool.errors import IncompleteError
from labeltool.graders.reference.features import Features
from labeltool.graders.reference.judge import ReferenceJudge
from labeltool.model.calibration import Calibration
from labeltool.model.rubric import Rubric
from labeltool.rules.calibrate import Sample
from labeltool.rules.calibration import (
    Differs,
    Measured,
    Said,
    by_criterion,
    differing,
    overall,
)
from labeltool.runner.build import open_judge
from labeltool.runner.grade import Judge, Judgement
from labeltool.runner.pool import Stop, bounded
from labeltool.runner.replies import Replies
from labeltool.runner.spend import Calls
from labeltool.store import paths
from labeltool.store.dataset import DatasetStore


@dataclass(frozen=True)
class Found:
    """One judge's calibration. `usd`: what its live calls cost, None where the price is unknown.
    worst: where people and judge differ, the worst first. path: its file.
    """

    calibration: Calibration
    kind: str
    criteria: Mapping[str, Measured]
    overall: Measured
    worst: tuple[Differs, ...]
    calls: Calls
    usd: float | None
    path: str


@dataclass
class Work:
    """One judge and what it says of the sample."""

    ctx: Context
    store: DatasetStore
    rubric: Rubric
    name: str
    sample: Sample
    concurrency: int
    said: dict[int, Said] = field(default_factory=dict)
    features: dict[int, Features] = field(default_factory=dict)
    calls: Calls = field(default_factory=Calls)
    fingerprint: str = ""
    kind: str = ""

    async def ask(self, stop: Stop) -> AsyncGenerator[None, None]:
        settings = self.ctx.workspace.settings.judges[self.name]
        self.kind = settings.kind
        answers = self._asked(stop) if isinstance(settings, OpenAIJudge) else self._measured(stop)
        async with aclosing(answers):
            async for _ in answers:
                yield

    async def _measured(self, stop: Stop) -> AsyncGenerator[None, None]:
        """The reference judge: what its scores rest on. They are fitted when all are there."""
        judge = ReferenceJudge()

        async def one(at: int) -> None:
            self.features[at] = measure(judge, self.sample.outputs[at])

        async with aclosing(
            bounded(range(len(self.sample.outputs)), one, concurrency=1, stop=stop)
        ) as done:
            async for _ in done:
                yield

    async def _asked(self, stop: Stop) -> AsyncGenerator[None, None]:
        replies = Replies(self.ctx.workspace.scratch)
        judge = open_judge(
            self.ctx.workspace,
            self.name,
            self.rubric,
            store=self.store,
            env=self.ctx.env,
            concurrency=self.concurrency,
            replies=replies,
        )
        self.fingerprint = judge.fingerprint

        async def one(at: int) -> tuple[int, Judgement]:
            return at, await self._judge(judge, at)

        try:
            async with aclosing(
                bounded(
                    range(len(self.sample.outputs)), one, concurrency=self.concurrency, stop=stop
                )
            ) as done:
                async for at, answer in done:
                    if answer.fatal:
                        raise IncompleteError(
                            f"judge {self.name} cannot be asked: {answer.error}",
                            hint="nothing was written; replies so far are kept",
                        )
                    self.said[at] = Said(
                        answer.scores, answer.rationale, answer.error, answer.evidence
                    )
                    self.calls += answer.calls
                    yield
        finally:
            await judge.close()
            replies.close()

    async def _judge(self, judge: Judge, at: int) -> Judgement:
        one = self.sample.outputs[at]
        output = one.output
        return await judge.judge(one.case, output.output, output.context, repeat=0, fresh=False)

    def found(self, eligible: Eligible, by: str) -> Found:
        fit: dict[str, Any] | None = None
        notes: Mapping[str, Mapping[str, Any]] = {}
        count = len(self.sample.outputs)
        if self.kind == "reference":
            refitted = refit(self.rubric, self.sample, [self.features[at] for at in range(count)])
            said, notes, self.fingerprint = refitted.said, refitted.notes, refitted.fingerprint
            fit = None if refitted.fit is None else refitted.fit.document()
        else:
            said = tuple(self.said[at] for at in range(count))
            self._refuse_silence(said)
        criteria = by_criterion(self.rubric, self.sample, said, eligible.talked)
        criteria = {id: one.noted(notes.get(id, {})) for id, one in criteria.items()}
        codes = [coded(self.rubric, one) for one in self.sample.outputs]
        whole = overall(self.rubric, self.sample, said, codes)
        calibration = Calibration(
            judge=self.name,
            fingerprint=self.fingerprint,
            rubric=self.rubric.ref,
            sample={
                "n": count,
                "seed": self.sample.seed,
                "of": self.sample.of,
                "stratified": self.sample.stratified,
            },
            trusted=all(one.verdict.trusted for one in criteria.values()),
            overall={**whole.document(), "pass_mark": self.rubric.pass_mark},
            criteria={id: one.document() for id, one in criteria.items()},
            fit=fit,
            calibrated_by=by,
            calibrated_at=self.ctx.iso_now(),
        )
        return Found(
            calibration=calibration,
            kind=self.kind,
            criteria=criteria,
            overall=whole,
            worst=tuple(differing(self.rubric, self.sample, said)),
            calls=self.calls,
            usd=_usd(self.calls, getattr(self._settings, "price", None)),
            path=paths.calibration_path(self.store.name, self.name),
        )

    @property
    def _settings(self) -> Any:
        return self.ctx.workspace.settings.judges[self.name]

    def _refuse_silence(self, said: Sequence[Said]) -> None:
        """A judge that answered nothing was not measured: that is no calibration."""
        if all(one.error is not None for one in said):
            raise IncompleteError(
                f"judge {self.name} gave no score for any of {len(said)} outputs: {said[0].error}",
                hint="nothing was written; mend that and type it again",
            )


def _usd(calls: Calls, price: Price | None) -> float | None:
    if price is None:
        return 0.0 if not calls.live else None
    return (calls.input_tokens * price.input + calls.output_tokens * price.output) / 1e6
