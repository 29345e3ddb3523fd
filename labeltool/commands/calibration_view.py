"""What a screen tells of the judges: which to trust with what, how sure, what would change it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from labeltool.commands.by_text import recorded_by
from labeltool.commands.calibrate_rows import Row, kept
from labeltool.commands.context import Context
from labeltool.commands.judge_running import JudgeRunning, judges_running
from labeltool.commands.label_next import read_humans, trust_of
from labeltool.errors import LabeltoolError, UsageError
from labeltool.model.base import Score
from labeltool.model.calibration import Calibration
from labeltool.model.case import Case
from labeltool.model.hashing import input_hash
from labeltool.model.output import Output
from labeltool.model.rubric import Criterion, Rubric
from labeltool.rules.by_text import blind_texts
from labeltool.rules.calibrate import judge_criteria
from labeltool.rules.settle import Shortage, shortage
from labeltool.rules.trust import JudgeTrust
from labeltool.runner.build import judge_name
from labeltool.runner.humans import HumanIndex, load_humans
from labeltool.store.dataset import DatasetStore


@dataclass(frozen=True, slots=True)
class Difference:
    """People and judge apart. now: people's score today where it is another one, None where there
    is none any more. moved: whether it is.
    """

    row: Row
    now: Score | None = None
    moved: bool = False


@dataclass(frozen=True)
class JudgeView:
    """differences: the worst first, None where they are not on this machine. hidden: how many are
    left out because an open round asks for the output. running: where it was spot-checked since.
    problem: why its file cannot be read.
    """

    name: str
    kind: str
    calibration: Calibration | None
    trust: JudgeTrust
    differences: tuple[Difference, ...] | None
    hidden: int
    running: JudgeRunning | None
    problem: str | None = None

    def of(self, criterion: str | None) -> tuple[Difference, ...]:
        """Those of one criterion, None for all."""
        found = self.differences or ()
        return tuple(one for one in found if criterion in (None, one.row.criterion))


@dataclass(frozen=True)
class CalibrationView:
    """judges: the default one first. short: {criterion: what labels there are}."""

    dataset: str
    rubric: Rubric
    criteria: tuple[Criterion, ...]
    judges: tuple[JudgeView, ...]
    short: Mapping[str, Shortage]


def calibration_view(ctx: Context, dataset: str | None = None) -> CalibrationView:
    """Raises LabeltoolError where the rubric or the settings cannot be read."""
    store = ctx.workspace.dataset(dataset)
    rubric = store.rubric
    first = judge_name(ctx.workspace, None)
    names = sorted(ctx.workspace.settings.judges, key=lambda name: name != first)
    index = load_humans(store, rubric)
    blind = blind_texts(store.rounds().values, recorded_by(store)) | index.hidden
    running = {one.judge: one for one in judges_running(store, rubric)}
    reader = _Reader(ctx, store, rubric, index, blind, running)
    scores = read_humans(store, rubric).scores
    criteria = judge_criteria(rubric)
    return CalibrationView(
        dataset=store.name,
        rubric=rubric,
        criteria=criteria,
        judges=tuple(reader.judge(name) for name in names),
        short={one.id: shortage(one, scores.get(one.id, ())) for one in criteria},
    )


@dataclass(frozen=True)
class _Reader:
    ctx: Context
    store: DatasetStore
    rubric: Rubric
    index: HumanIndex
    blind: frozenset[tuple[str, str]]
    running: Mapping[str, JudgeRunning]

    def judge(self, name: str) -> JudgeView:
        kind = self.ctx.workspace.settings.judges[name].kind
        calibration, problem = None, None
        try:
            calibration = self.store.calibration(name)
        except LabeltoolError as error:
            problem = str(error)
        rows = None if calibration is None else kept(self.ctx, self.store.name, calibration)
        shown = [row for row in rows or () if (row.case, row.output_hash) not in self.blind]
        return JudgeView(
            name=name,
            kind=kind,
            calibration=calibration,
            trust=trust_of(self.ctx, self.store, name),
            differences=None if rows is None else tuple(map(self._difference, shown)),
            hidden=len(rows or ()) - len(shown),
            running=self.running.get(name),
            problem=problem,
        )

    def _difference(self, row: Row) -> Difference:
        try:
            case = self.store.case(row.case)
        except LabeltoolError:
            return Difference(row, None, moved=True)
        human = self.index.score(row.case, input_hash(case.input), row.output_hash)
        now = None if human is None else human.scores.get(row.criterion)
        return Difference(row, now, moved=now != row.human)


def subject(ctx: Context, dataset: str, row: Row) -> tuple[Case, Output]:
    """What was judged. Raises LabeltoolError where case or output is gone."""
    store = ctx.workspace.dataset(dataset)
    output = store.output(row.system, row.case)
    if output is None:
        raise UsageError(
            f"{row.system} holds no output of {row.case} any more", hint="labeltool calibrate"
        )
    return store.case(row.case), output
