"""The part of `check` that tries things out: unusable checks, counterexamples that pass."""

from __future__ import annotations

from collections.abc import Iterator

from labeltool.graders import checks
from labeltool.model.case import Case, Check
from labeltool.model.rubric import Rubric
from labeltool.rules.project import Finding, Placed, Project


def findings(project: Project) -> Iterator[Finding]:
    """Every check whose value is unusable, and every counterexample that proves nothing."""
    for placed in project.rubrics.values():
        yield from _criteria(placed)
    for dataset in project.datasets.values():
        rubric = project.rubric_of(dataset)
        shared = [c.check for c in rubric.criteria if c.check] if rubric else []
        shared = [check for check in shared if checks.validate(check) is None]
        for case in dataset.cases:
            yield from _case(case, shared)


def _criteria(placed: Placed[Rubric]) -> Iterator[Finding]:
    for index, criterion in enumerate(placed.noun.criteria):
        problem = checks.validate(criterion.check) if criterion.check else None
        if problem is not None:
            yield Finding(placed.path, ("criteria", index, "check", "value"), problem)


def _case(placed: Placed[Case], shared: list[Check]) -> Iterator[Finding]:
    case = placed.noun
    usable = []
    for index, check in enumerate(case.checks):
        problem = checks.validate(check, expected=case.acceptable)
        if problem is None:
            usable.append(check)
        else:
            yield Finding(placed.path, ("checks", index, "value"), problem)
    if not usable:
        # Without a check of its own a counterexample is meant for the judge.
        return
    for index, text in enumerate(case.counterexamples):
        if not _caught(text, case, [*usable, *shared]):
            message = "passes every check of the case: it proves nothing about them"
            hint = "add a check that it fails, or leave it to the judge on purpose"
            yield Finding(placed.path, ("counterexamples", index), message, hint, "warning")


def _caught(text: str, case: Case, tried: list[Check]) -> bool:
    """Whether some check fails the text; one that cannot decide catches nothing."""
    for check in tried:
        result = checks.evaluate(check, text, expected=case.acceptable)
        if not result.passed and not result.error:
            return True
    return False
