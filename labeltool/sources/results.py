"""A results file of `labeltool run` -> records of its cases: the failing ones are failures too."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from labeltool.model.case import Case
from labeltool.sources.documents import Path, Value
from labeltool.sources.kinds import BadRow, Item, record
from labeltool.sources.rows import reach

CASES: set[Path] = {("cases", "*"), ("system",), ("judge",)}
PASSED = "passed"
"""The score that says whether the case passed: 1 or 0."""

Lookup = Callable[[str], Case | None]


def rows(found: Iterable[Value | BadRow], case_of: Lookup) -> Iterator[Item]:
    """A record of each case; the input is the case's own, which `case_of` gives."""
    system: str | None = None
    for one in found:
        if isinstance(one, BadRow):
            yield one
        elif one.path == ("system",):
            name = reach(one.value, "name")
            system = name if isinstance(name, str) else None
        elif one.path == ("cases", "*"):
            yield _of_case(one, system, case_of)


def _of_case(one: Value, system: str | None, case_of: Lookup) -> Item:
    result: dict[str, Any] = one.value
    id = result.get("id")
    case = case_of(id) if isinstance(id, str) else None
    if case is None:
        return BadRow(one.line, "is of a case that is not there")
    passed, score = result.get("passed"), result.get("score")
    scores = {PASSED: float(passed)} if isinstance(passed, bool) else {}
    if isinstance(score, int | float):
        scores["score"] = float(score)
    return record(
        one.line,
        {
            "id": case.id,
            "input": case.input,
            "output": result.get("output"),
            "expected": case.acceptable[0] if case.acceptable else None,
            "context": case.context,
            "tags": case.tags,
            "system": system,
            "finish_reason": result.get("finish_reason"),
            "notes": _why(result),
            "error": reach(result, "error.message"),
            "scores": scores,
        },
    )


def _why(result: dict[str, Any]) -> str | None:
    """The criteria's rationales, and the checks that failed."""
    said = [
        f"{check.get('id')}: {check.get('detail') or 'failed'}"
        for check in result.get("checks") or ()
        if isinstance(check, dict) and check.get("passed") is False
    ]
    rationale = result.get("rationale")
    if isinstance(rationale, dict):
        said += [f"{criterion}: {words}" for criterion, words in rationale.items()]
    return "\n".join(said)[:4_000] or None
