"""What one file says of another, and whether it is so. Pure: the files were read before."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from labeltool.model import hashing
from labeltool.model.base import TIERS, Tier
from labeltool.model.case import Case
from labeltool.model.dataset import Dataset, Gate
from labeltool.model.rubric import Rubric, ref_parts
from labeltool.rules import said
from labeltool.rules.corrected import tells
from labeltool.rules.gate import all_passing_needed
from labeltool.rules.project import DatasetFiles, Finding, Placed, Project

_SHOWN = 5


def findings(project: Project) -> Iterator[Finding]:
    """Every broken or doubtful reference of the workspace."""
    for rubric in project.rubrics.values():
        yield from _rubric(project, rubric)
    for dataset in project.datasets.values():
        if dataset.settings is not None:
            yield from _dataset(project, dataset, dataset.settings)
        yield from _cases(project, dataset)
        yield from _outputs(project, dataset)
        yield from said.findings(project, dataset)
        yield from _machine(project, dataset)


def _rubric(project: Project, placed: Placed[Rubric]) -> Iterator[Finding]:
    rubric, path = placed.noun, placed.path
    versions = [change.version for change in rubric.changelog]
    if rubric.version > 1 and rubric.version not in versions:
        message = f"says nothing of version {rubric.version}: no label can be told stale by it"
        hint = "add {version, date, changed: [criteria], reason}"
        yield Finding(path, ("changelog",), message, hint, "warning")
    users = [d for d in project.datasets.values() if project.rubric_of(d) is rubric]
    cases = set().union(*(dataset.case_ids for dataset in users))
    for index, change in enumerate(rubric.changelog):
        if change.version in versions[:index]:
            message = f"version {change.version} stands here twice"
            yield Finding(path, ("changelog", index, "version"), message, "join the two entries")
        for number, case in enumerate(change.cases):
            if users and case not in cases:
                field = ("changelog", index, "cases", number)
                yield Finding(path, field, f"there is no case {case}", None, "warning")
    if not any(criterion.weight for criterion in rubric.criteria):
        yield Finding(path, ("criteria",), "every weight is 0: nothing can be scored")


def _dataset(project: Project, dataset: DatasetFiles, placed: Placed[Dataset]) -> Iterator[Finding]:
    settings, path = placed.noun, placed.path
    if settings.rubric not in project.rubric_names:
        hint = f"rubrics: {_listed(project.rubric_names)}"
        yield Finding(path, ("rubric",), f"there is no rubric {settings.rubric}", hint)
    known = {*project.live, *project.recorded, *dataset.snapshots}
    if settings.system is not None and project.settled and settings.system not in known:
        hint = f"systems: {_listed(known)}"
        if not dataset.snapshots:
            hint = (
                f"name it under systems: in labeltool.yaml, or record it: labeltool import FILE "
                f"--as outputs --system {settings.system}"
            )
        yield Finding(path, ("system",), f"there is no system {settings.system}", hint)
    for tier, gate in settings.gates.items():
        yield from _gate(dataset, path, tier, gate)
    yield from _unverified(dataset, path, gated="golden" in settings.gates)


def _gate(dataset: DatasetFiles, path: str, tier: Tier, gate: Gate) -> Iterator[Finding]:
    """Gates that no result could meet, or that hold nothing back."""
    counted = [p.noun for p in dataset.cases if p.noun.tier == tier and p.noun.status == "active"]
    cases, what = counted, "case"
    if gate.verified_only:
        counted, what = [case for case in counted if is_verified(case)], "verified case"
    field = ("gates", tier)
    if not cases:
        message = f"the tier {tier} has no case that counts: this gate is skipped"
        yield Finding(path, field, message, f"add cases under cases/{tier}/", "warning")
        return
    if gate.rule == "confident" and gate.threshold >= 1:
        message = "cannot be met: no number of cases puts the lower bound at 1"
        yield Finding(path, field, message, "lower threshold, or use rule: observed", "warning")
        return
    if gate.metric == "corrected_pass_rate" and not any(
        tells(p.noun) for p in dataset.calibrations
    ):
        message = "no calibration tells enough to correct a pass rate by: the gate stays incomplete"
        hint = "measure the judge: labeltool calibrate; or use metric: pass_rate"
        yield Finding(path, (*field, "metric"), message, hint, "warning")
    needed = all_passing_needed(gate)
    if len(counted) < needed:
        has = f"{len(counted)} {what}" + ("" if len(counted) == 1 else "s")
        why = "" if gate.rule == "observed" else f" at {gate.threshold:g}, all of them passing"
        message = f"cannot be met: the tier has {has}, the gate needs {needed}{why}"
        yield Finding(path, field, message, _gate_hint(gate), "warning")


def _gate_hint(gate: Gate) -> str:
    if gate.rule == "observed":
        return "add cases, or lower min_cases"
    return "add cases, lower threshold, or use rule: observed"


def is_verified(case: Case) -> bool:
    """Whether a person has read input and expected as they are now."""
    signed = case.verified
    return signed is not None and signed.hash in (None, hashing.verified_hash(case))


def _unverified(dataset: DatasetFiles, path: str, *, gated: bool) -> Iterator[Finding]:
    golden = [p.noun for p in dataset.cases if p.noun.tier == "golden"]
    golden = [case for case in golden if case.status != "retired"]
    open = [case for case in golden if not is_verified(case)]
    if not open:
        return
    names = [case.id + (" (edited since)" if case.verified else "") for case in open[:_SHOWN]]
    more = f" and {len(open) - _SHOWN} more" if len(open) > _SHOWN else ""
    message = (
        f"{len(open)} of {len(golden)} golden cases are not verified: {', '.join(names)}{more}"
    )
    hint = f"read input and expected, then `labeltool verify {open[0].id} ...`"
    field = ("gates", "golden") if gated else ()
    yield Finding(path, field, message, hint, "warning")


def _cases(project: Project, dataset: DatasetFiles) -> Iterator[Finding]:
    rubric = project.rubric_of(dataset)
    first: dict[str, Placed[Case]] = {}
    for placed in sorted(dataset.cases, key=lambda p: (TIERS.index(p.noun.tier), p.path)):
        case, path = placed.noun, placed.path
        held = first.setdefault(case.id, placed)
        if held is not placed:
            message = f"{case.id} stands in the tier {held.noun.tier} too: {held.path}"
            yield Finding(path, ("id",), message, "rename or remove one of them")
        if rubric and case.rubric_version and case.rubric_version > rubric.version:
            message = f"{rubric.name} has no version {case.rubric_version} yet"
            yield Finding(path, ("rubric_version",), message, f"it is at {rubric.version}")
        if case.verified is not None and not project.knows(case.verified.by):
            message = f"{case.verified.by} is none of the annotators"
            yield Finding(path, ("verified", "by"), message, None, "warning")
        yield from _quarantine(project, placed)


def _quarantine(project: Project, placed: Placed[Case]) -> Iterator[Finding]:
    case = placed.noun
    if case.status != "quarantined":
        return
    if case.until is None:
        message = "a quarantine needs an end"
        yield Finding(placed.path, ("status",), message, "add `until: 2026-12-31`", "warning")
    elif case.until[:10] < project.today:
        message = f"the quarantine ended on {case.until[:10]}"
        hint = "make it active again, or move the date"
        yield Finding(placed.path, ("until",), message, hint, "warning")


def _outputs(project: Project, dataset: DatasetFiles) -> Iterator[Finding]:
    told: set[str] = set()
    for placed in dataset.outputs:
        output = placed.noun
        if output.case not in dataset.case_ids:
            message = f"there is no case {output.case}"
            hint = "bring the case back (status: retired keeps it out of runs), or take this out"
            yield Finding(placed.path, ("case",), message, hint)
        if output.system not in told and output.system in project.live:
            told.add(output.system)
            message = (
                f"{output.system} is a live system in labeltool.yaml: a snapshot has its own name"
            )
            yield Finding(placed.path, ("system",), message, "rename the folder or the system")


def _machine(project: Project, dataset: DatasetFiles) -> Iterator[Finding]:
    """Calibrations and drafts."""
    for placed in dataset.calibrations:
        name, version = ref_parts(placed.noun.rubric)
        rubric = project.rubrics.get(name)
        if name not in project.rubric_names or (rubric and version > rubric.noun.version):
            hint = f"rubrics: {_listed(project.rubric_names)}"
            yield Finding(placed.path, ("rubric",), f"there is no {placed.noun.rubric}", hint)
        if project.settled and placed.noun.judge not in project.judges:
            message = f"there is no judge {placed.noun.judge} in labeltool.yaml"
            hint = f"judges: {_listed(project.judges)}"
            yield Finding(placed.path, ("judge",), message, hint, "warning")
    for draft in dataset.drafts:
        if draft.noun.id in dataset.case_ids:
            message = f"a case is called {draft.noun.id} already"
            yield Finding(draft.path, ("id",), message, "give the draft another id", "warning")


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names)) or "none"
