"""One run case by case, and two runs side by side."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import islice
from operator import attrgetter
from typing import Literal

from labeltool.commands.runs import RunEntry
from labeltool.errors import DataError, Where
from labeltool.model.base import TIERS, Tier
from labeltool.model.result import CaseResult, Results
from labeltool.runner.repeats import is_flaky
from labeltool.stats.paired import mcnemar_exact

BATCH = 2000
"""Cases read between two signs of life."""
MOST_TAGS = 20

State = Literal["failed", "error", "flaky", "open, passes", "open", "passed"]
Side = Literal["broken", "fixed", "same", "edited", "no verdict", "only here", "only there"]
STATES: tuple[State, ...] = ("failed", "error", "flaky", "open, passes", "open", "passed")
SIDES: tuple[Side, ...] = (
    "broken", "fixed", "no verdict", "edited", "only here", "only there", "same",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class CaseRow:
    """What a list shows of a case. `lost`: why it did not pass, in a few words. `side`: against
    the other run, or the baseline. start, length: where its result stands.
    """

    id: str
    tier: Tier
    state: State
    passed: bool | None
    score: float | None
    lost: str
    tags: tuple[str, ...]
    counts: bool
    case_hash: str
    output_hash: str | None
    start: int
    length: int
    side: Side | None = None

    @property
    def rank(self) -> tuple[int, int, int, str]:
        """What broke first, then what failed; tiers in their order."""
        worst = 0 if self.side == "broken" else 1 if self.side == "fixed" else 2
        return worst, STATES.index(self.state), TIERS.index(self.tier), self.id


@dataclass
class RunCases:
    """The cases of one run. `read` fills it; `broken` counts lines that could not be read."""

    entry: RunEntry
    rows: dict[str, CaseRow] = field(default_factory=dict)
    broken: int = 0
    _said: dict[str, str] = field(default_factory=dict)
    _tags: dict[tuple[str, ...], tuple[str, ...]] = field(default_factory=dict)

    @property
    def head(self) -> Results:
        assert self.entry.head is not None
        return self.entry.head

    def read(self) -> Iterator[int]:
        """Reads them all, and yields how many it has, now and then. Raises DataError."""
        lookup = self.entry.lookup()
        found = lookup.cases()
        while batch := list(islice(found, BATCH)):
            for case, start, length in batch:
                self.rows[case.id] = self._row(case, start, length)
            yield len(self.rows)
        self.broken = lookup.broken

    def _row(self, case: CaseResult, start: int, length: int) -> CaseRow:
        lost = what_was_lost(case, self.head)
        tags = case.tags[:MOST_TAGS]
        return CaseRow(
            id=case.id,
            tier=case.tier,
            state=_state(case),
            passed=case.passed,
            score=case.score,
            lost=self._said.setdefault(lost, lost),  # thousands of cases say the same few things
            tags=self._tags.setdefault(tags, tags),
            counts=case.status != "open",
            case_hash=case.case_hash,
            output_hash=case.output_hash,
            start=start,
            length=length,
        )

    def ranked(self) -> list[CaseRow]:
        return sorted(self.rows.values(), key=attrgetter("rank"))


def read_run(entry: RunEntry) -> RunCases:
    """All cases of a run at once. Raises DataError."""
    if entry.head is None:
        raise _unreadable(entry)
    found = RunCases(entry)
    for _ in found.read():
        pass
    return found


def _unreadable(entry: RunEntry) -> DataError:
    where = entry.folder or entry.file
    return DataError(
        entry.why or "cannot be read",
        hint=f"go on with it: labeltool run --resume {entry.id}" if entry.folder else None,
        where=Where(str(where)) if where else None,
    )


def _state(case: CaseResult) -> State:
    if case.status == "open":
        return "open, passes" if case.passed else "open"
    if case.error is not None:
        return "error"
    if is_flaky(case):
        return "flaky"
    return "passed" if case.passed else "failed"


def what_was_lost(case: CaseResult, head: Results, most: int = 160) -> str:
    """The error, the checks missed, the criteria under their mark: a few words of each."""
    if case.error is not None:
        return f"{case.error.kind}: {case.error.message[:most]}"
    if case.passed:
        return ""
    said = [f"check {one.id}" for one in case.checks if not one.passed]
    said += [f"{id} {case.scores[id]}" for id in missed(case, head)]
    return ", ".join(said)[:most]


def missed(case: CaseResult, head: Results) -> tuple[str, ...]:
    """The criteria that cost the case its pass: those under `pass_at`, the required ones first;
    where every one is met and the score is still too low, those under their maximum.
    """
    scored = [
        (id, criterion, score)
        for id, score in case.scores.items()
        if (criterion := head.criteria.get(id)) is not None and score != "na"
    ]
    under = [one for one in scored if one[2] < one[1].pass_at]
    if not under and case.passed is False:
        under = [one for one in scored if one[2] < one[1].max]
    under.sort(key=lambda one: (not one[1].required, -one[1].weight))
    return tuple(id for id, _, _ in under)


# Two runs.


@dataclass(frozen=True)
class SideBySide:
    """A run beside another one (or beside its baseline). `rows` carry their side; `p_value`: exact
    McNemar over `pairs`. `doubts`: what a reader should know before believing it.
    """

    rows: list[CaseRow]
    counts: dict[Side, int]
    pairs: int
    p_value: float | None
    doubts: tuple[str, ...] = ()


def side_by_side(mine: RunCases, other: RunCases) -> SideBySide:
    """Case by case. An error is no verdict, an edited case no pair, open cases count nowhere."""
    rows = [_with_side(row, other.rows.get(row.id)) for row in mine.rows.values()]
    rows += [
        replace(row, side="only there") for id, row in other.rows.items() if id not in mine.rows
    ]
    counts: dict[Side, int] = dict.fromkeys(SIDES, 0)
    for row in rows:
        if row.counts and row.side is not None:
            counts[row.side] += 1
    rows.sort(key=attrgetter("rank"))
    return SideBySide(
        rows,
        counts,
        counts["broken"] + counts["fixed"] + counts["same"],
        mcnemar_exact(counts["broken"], counts["fixed"]),
        tuple(_doubts(mine.head, other.head)),
    )


def _with_side(row: CaseRow, there: CaseRow | None) -> CaseRow:
    side: Side
    if there is None:
        side = "only here"
    elif row.case_hash != there.case_hash:
        side = "edited"
    elif row.passed is None or there.passed is None:
        side = "no verdict"
    elif row.passed == there.passed:
        side = "same"
    else:
        side = "fixed" if row.passed else "broken"
    return replace(row, side=side)


def _doubts(mine: Results, other: Results) -> Iterator[str]:
    if mine.dataset != other.dataset:
        yield f"the other run is of dataset {other.dataset}"
    if mine.rubric != other.rubric:
        yield f"the other run was graded under {other.rubric}"
    if mine.scores != other.scores:
        yield f"the other run rests on {other.scores} scores"
    if mine.judge.fingerprint != other.judge.fingerprint:
        yield "the judge was another one: a difference may be the judge's"


def beside_baseline(mine: RunCases) -> SideBySide | None:
    """What the run itself said against its baseline; None where it had none."""
    baseline = mine.head.baseline
    if baseline is None:
        return None
    broken, fixed = set(baseline.broken), set(baseline.fixed)
    counts: dict[Side, int] = dict.fromkeys(SIDES, 0)
    rows = []
    for row in mine.rows.values():
        side: Side = "broken" if row.id in broken else "fixed" if row.id in fixed else "same"
        counts[side] += row.counts
        rows.append(replace(row, side=None if side == "same" else side))
    counts["same"] = baseline.pairs - len(broken) - len(fixed)
    counts["edited"], counts["only here"] = baseline.changed, baseline.new
    rows.sort(key=attrgetter("rank"))
    return SideBySide(rows, counts, baseline.pairs, baseline.p_value)
