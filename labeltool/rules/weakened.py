"""What makes a gate easier to pass: lower thresholds, fewer or moved cases, another judge's prompt.

None of it is forbidden; all of it is said where a pull request is reviewed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from labeltool.model.case import Case
from labeltool.model.dataset import Dataset, Gate
from labeltool.model.rubric import Criterion, Rubric

Fields = Mapping[str, object]
_UNTRUSTED = ("count", "drop", "block")


@dataclass(frozen=True, slots=True)
class Guards:
    """What a gate rests on, on one side of a change.

    judges: {name: its settings}. cases: {(dataset, id): case}, of those that differ. files:
    {path: content hash} of judges' templates, baselines, calibrations and workflows.
    """

    judges: Mapping[str, Fields] = field(default_factory=dict)
    rubrics: Mapping[str, Rubric] = field(default_factory=dict)
    datasets: Mapping[str, Dataset] = field(default_factory=dict)
    cases: Mapping[tuple[str, str], Case] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Weakening:
    """`where` names a dataset, rubric, case, judge or path; `what` may hold untrusted text."""

    where: str
    what: str


def weakened(before: Guards, after: Guards) -> tuple[Weakening, ...]:
    """Everything by which `after` is easier to pass than `before`, gates first."""
    return tuple(_found(before, after))


def _found(before: Guards, after: Guards) -> Iterator[Weakening]:
    for name, dataset in before.datasets.items():
        yield from _gates(name, dataset, after.datasets.get(name))
    for name, rubric in before.rubrics.items():
        yield from _rubric(name, rubric, after.rubrics.get(name))
    for (dataset_name, id), case in before.cases.items():
        where = f"{dataset_name}/{id}"
        for what in _case(case, after.cases.get((dataset_name, id))):
            yield Weakening(where, what)
    for name, judge in before.judges.items():
        for what in _judge(judge, after.judges.get(name)):
            yield Weakening(f"judge {name}", what)
    for path, content in before.files.items():
        if after.files.get(path) != content:
            gone = path not in after.files
            yield Weakening(path, "is deleted" if gone else f"is edited: {_kind(path)}")


def _kind(path: str) -> str:
    if path.startswith(".github/"):
        return "a workflow that runs the gates"
    if "/baselines/" in path:
        return "the baseline that broken cases are counted against"
    return "a judge's trust" if "/calibrations/" in path else "the judge's prompt"


def _gates(name: str, before: Dataset, after: Dataset | None) -> Iterator[Weakening]:
    if after is None:
        yield Weakening(name, "the dataset is deleted, its gates with it")
        return
    if before.rubric != after.rubric:
        yield Weakening(name, f"another rubric: {before.rubric} becomes {after.rubric}")
    for tier, gate in before.gates.items():
        standing = after.gates.get(tier)
        where = f"{name}, gate {tier}"
        if standing is None:
            yield Weakening(where, "is taken out")
            continue
        for what in _gate(gate, standing):
            yield Weakening(where, what)


def _gate(before: Gate, after: Gate) -> Iterator[str]:
    if after.threshold < before.threshold:
        yield f"threshold lowered from {before.threshold:g} to {after.threshold:g}"
    if (before.rule, after.rule) == ("confident", "observed"):
        yield "rule confident becomes observed: the interval no longer counts"
    if after.metric != before.metric:
        yield f"another metric: {before.metric} becomes {after.metric}"
    if after.min_cases < before.min_cases:
        yield f"min_cases lowered from {before.min_cases} to {after.min_cases}"
    if after.max_error_rate > before.max_error_rate:
        yield f"max_error_rate raised from {before.max_error_rate:g} to {after.max_error_rate:g}"
    if _UNTRUSTED.index(after.untrusted) < _UNTRUSTED.index(before.untrusted):
        yield f"untrusted: {before.untrusted} becomes {after.untrusted}"
    if (before.inconclusive, after.inconclusive) == ("fail", "pass"):
        yield "an inconclusive result now passes"
    if before.verified_only and not after.verified_only:
        yield "cases that nobody verified count now"


def _rubric(name: str, before: Rubric, after: Rubric | None) -> Iterator[Weakening]:
    if after is None:
        yield Weakening(name, "the rubric is deleted")
        return
    if after.pass_mark < before.pass_mark:
        what = f"pass_mark lowered from {before.pass_mark:g} to {after.pass_mark:g}"
        yield Weakening(name, what)
    for field_name in ("alpha", "agreement"):
        was, now = getattr(before.stable, field_name), getattr(after.stable, field_name)
        if now < was:
            yield Weakening(name, f"stable.{field_name} lowered from {was:g} to {now:g}")
    for criterion in before.criteria:
        for what in _criterion(criterion, after.criterion(criterion.id)):
            yield Weakening(f"{name}, {criterion.id}", what)


def _criterion(before: Criterion, after: Criterion | None) -> Iterator[str]:
    if after is None:
        yield "the criterion is removed"
        return
    if before.required and not after.required:
        yield "is no longer required"
    if (before.min, before.max) == (after.min, after.max) and after.met_at < before.met_at:
        yield f"pass_at lowered from {before.met_at} to {after.met_at}"
    if after.weight < before.weight:
        yield f"weight lowered from {before.weight:g} to {after.weight:g}"
    if after.tolerance > before.tolerance:
        yield f"tolerance raised from {before.tolerance} to {after.tolerance}"
    if after.na and not before.na:
        yield "may now be answered with `not applicable`"
    if before.grader != "human" and after.grader == "human":
        yield "is no longer graded by machine"
    elif before.check != after.check:
        yield "its check is another one"


def _case(before: Case, after: Case | None) -> Iterator[str]:
    if after is None:
        yield f"the {before.tier} case is deleted"
        return
    if after.tier != before.tier:
        yield f"the case is moved from {before.tier} to {after.tier}"
    if before.status == "active" and after.status != "active":
        yield f"the {before.tier} case is {after.status} and no longer gates"
    kept = [check.model_dump() for check in after.checks]
    lost = sum(check.model_dump() not in kept for check in before.checks)
    if lost:
        yield f"{lost} of its {len(before.checks)} checks changed or gone"
    if set(before.counterexamples) - set(after.counterexamples):
        yield "counterexamples are taken out"


def _judge(before: Fields, after: Fields | None) -> Iterator[str]:
    if after is None:
        yield "is taken out"
        return
    fields = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    if fields:
        yield f"is another one: {', '.join(sorted(fields))} changed"
