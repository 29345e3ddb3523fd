"""One check against one output. Heavy libraries load only with the kind that needs them."""

from __future__ import annotations

from dataclasses import dataclass

from labeltool.graders.checks import json_text, pattern, similar, text
from labeltool.graders.checks.kind import Kind, UnusableError
from labeltool.model.case import Check, CheckKind

KINDS: dict[CheckKind, Kind] = {
    "max_words": text.MAX_WORDS,
    "min_words": text.MIN_WORDS,
    "max_chars": text.MAX_CHARS,
    "contains": text.CONTAINS,
    "not_contains": text.NOT_CONTAINS,
    "regex": pattern.REGEX,
    "not_regex": pattern.NOT_REGEX,
    "equals": text.EQUALS,
    "json_valid": json_text.JSON_VALID,
    "json_schema": json_text.JSON_SCHEMA,
    "similarity": similar.SIMILARITY,
}


@dataclass(frozen=True, slots=True)
class CheckResult:
    """`error`: the check could not decide (bad value, time bound, nothing to compare with).

    It is then not passed, and an error of the case rather than a fault of the output.
    """

    name: str
    kind: CheckKind
    passed: bool
    detail: str
    error: bool = False


def validate(check: Check, *, expected: tuple[str, ...] | None = None) -> str | None:
    """What is wrong with the check's value, naming the kind; None when it can be used.

    `expected`, given as the acceptable answers of a case, also asks whether the check has what
    it would be held against; None leaves that open (a rubric's check serves many cases).
    """
    kind = KINDS[check.kind]
    problem = kind.problem(check.value)
    if problem is not None:
        return f"{check.kind}: the value {problem}"
    if expected == () and kind.rests_on_expected(check.value):
        return f"{check.kind}: nothing to compare with: the case has no expected answer"
    return None


def evaluate(check: Check, output: str, *, expected: tuple[str, ...] = ()) -> CheckResult:
    """Whether `output` passes, with a short reason. Raises nothing: see `CheckResult.error`."""
    problem = validate(check)
    if problem is not None:
        return CheckResult(check.name, check.kind, False, problem, error=True)
    try:
        passed, detail = KINDS[check.kind].decide(check.value, output, expected)
    except UnusableError as reason:
        return CheckResult(check.name, check.kind, False, f"{check.kind}: {reason}", error=True)
    return CheckResult(check.name, check.kind, passed, detail)
