"""Cases, outputs, labels and human scores -> rows of our own and of other tools' files.

Each function makes one row: plain values that JSON can hold. Field names were read from those
tools' own docs in 2026.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from labeltool.model.base import Score
from labeltool.model.case import Case, Check
from labeltool.model.hashing import plain_input
from labeltool.model.label import Label
from labeltool.model.output import Output
from labeltool.model.rubric import Criterion, Rubric

_PROMPTFOO = {
    "contains": "contains",
    "not_contains": "not-contains",
    "regex": "regex",
    "not_regex": "not-regex",
    "equals": "equals",
    "json_valid": "is-json",
    "json_schema": "is-json",
    "similarity": "similar",
}


def case_row(case: Case) -> dict[str, Any]:
    """As `import --as cases` reads it."""
    row: dict[str, Any] = {
        "id": case.id,
        "input": plain_input(case.input),
        "expected": _expected(case),
        "tier": case.tier,
        "tags": list(case.tags),
        "notes": case.notes,
        "context": [one.model_dump() for one in case.context],
        "vars": dict(case.vars),
        "checks": [one.model_dump(exclude_none=True) for one in case.checks],
        "counterexamples": list(case.counterexamples),
        "status": case.status,
        "status_reason": case.status_reason,
        "until": case.until,
    }
    return _said(row)


def output_row(output: Output) -> dict[str, Any]:
    """As `import --as outputs` reads it. What a judge said of it stays out: others label it."""
    return _said(output.model_dump(mode="json", exclude_none=True, exclude={"judged"}))


def label_row(label: Label) -> dict[str, Any]:
    """As `import --as labels` reads it; hashes and rubric beside."""
    return _said(label.model_dump(mode="json", exclude_none=True))


def promptfoo_test(case: Case, rubric: Rubric) -> dict[str, Any]:
    """One of promptfoo's `tests`: checks as assertions, the judge's criteria as `llm-rubric`."""
    asserts = [_promptfoo(check) for check in case.checks if check.kind in _PROMPTFOO]
    judged = [one for one in rubric.criteria if one.grader == "judge"]
    asserts += [{"type": "llm-rubric", "value": _wording(one), "metric": one.id} for one in judged]
    metadata = {"tier": case.tier, "tags": list(case.tags), "expected": _expected(case)}
    return {
        "description": case.id,
        "vars": {**case.vars, "input": case.input_text},
        "assert": asserts,
        "metadata": _said(metadata),
    }


def inspect_sample(case: Case) -> dict[str, Any]:
    """A sample of Inspect AI."""
    return {
        "id": case.id,
        "input": plain_input(case.input),
        "target": list(case.acceptable) or "",
        "metadata": {"tier": case.tier, "tags": list(case.tags), **case.vars},
    }


def openai_eval(case: Case) -> dict[str, Any]:
    """A line of OpenAI evals."""
    given = plain_input(case.input)
    messages = [{"role": "user", "content": given}] if isinstance(given, str) else given
    return {"input": messages, "ideal": list(case.acceptable), "id": case.id}


def deepeval_golden(case: Case) -> dict[str, Any]:
    """A golden of DeepEval."""
    row = {
        "input": case.input_text,
        "expected_output": next(iter(case.acceptable), None),
        "context": [one.text for one in case.context],
        "comments": case.notes,
        "additional_metadata": {"id": case.id, "tier": case.tier, "tags": list(case.tags)},
    }
    return _said(row)


def pydantic_case(case: Case) -> dict[str, Any]:
    """A case of pydantic-evals."""
    row = {
        "name": case.id,
        "inputs": plain_input(case.input),
        "expected_output": next(iter(case.acceptable), None),
        "metadata": {"tier": case.tier, "tags": list(case.tags), **case.vars},
    }
    return _said(row)


def label_studio_task(
    number: int, output: Output, case: Case, labels: Sequence[Label]
) -> dict[str, Any]:
    """A task of Label Studio; a skipped label is `was_cancelled`."""
    return {
        "id": number,
        "data": {"case": case.id, "system": output.system, "input": case.input_text,
                 "output": output.output},
        "annotations": [_annotation(n, label) for n, label in enumerate(labels, 1)],
    }  # fmt: skip


def score_rows(
    case: str, system: str, scores: Mapping[str, Score], rubric: Rubric, single: Sequence[str]
) -> Iterator[dict[str, Any]]:
    """Human scores, one row of each criterion, for Inspect's precomputed scores and spreadsheets.

    `value` is the score itself, null for "not applicable"; `met` whether it reaches pass_at.
    """
    for id, score in scores.items():
        criterion = rubric.criterion(id)
        if criterion is None:
            continue
        number = None if score == "na" else score
        yield {
            "id": case,
            "system": system,
            "criterion": id,
            "value": number,
            "met": None if number is None else number >= criterion.met_at,
            "single": id in single,
            "rubric": rubric.ref,
        }


def unmapped(cases: Iterable[Case]) -> dict[str, int]:
    """{kind of check that promptfoo has no assertion for: how many}."""
    found: dict[str, int] = {}
    for case in cases:
        for check in case.checks:
            if check.kind not in _PROMPTFOO:
                found[check.kind] = found.get(check.kind, 0) + 1
    return found


def _promptfoo(check: Check) -> dict[str, Any]:
    kind = _PROMPTFOO[check.kind]
    if check.kind == "json_valid":
        return {"type": kind}
    if check.kind == "similarity" and isinstance(check.value, dict):
        return {"type": kind, "value": check.value.get("to"), "threshold": check.value.get("min")}
    return {"type": kind, "value": check.value}


def _wording(criterion: Criterion) -> str:
    level = criterion.levels.get(criterion.met_at)
    return criterion.text if level is None else f"{criterion.text} At least: {level}"


def _annotation(number: int, label: Label) -> dict[str, Any]:
    result: list[dict[str, Any]] = [
        {
            "id": f"{label.annotator}-{id}",
            "from_name": id,
            "to_name": "output",
            "type": "choices" if score == "na" else "rating",
            "value": {"choices": ["na"]} if score == "na" else {"rating": score},
        }
        for id, score in label.scores.items()
    ]
    if label.notes:
        note = {"text": [label.notes]}
        result.append(
            {"id": f"{label.annotator}-notes", "from_name": "notes", "to_name": "output",
             "type": "textarea", "value": note}
        )  # fmt: skip
    row = {
        "id": number,
        "result": result,
        "was_cancelled": label.status == "skipped",
        "completed_by": label.annotator,
        "created_at": label.labeled_at,
        "lead_time": label.seconds,
    }
    return {key: value for key, value in row.items() if value is not None}


def _expected(case: Case) -> Any:
    return list(case.expected) if isinstance(case.expected, tuple) else case.expected


def _said(row: Mapping[str, Any]) -> dict[str, Any]:
    """Without what nobody said."""
    return {key: value for key, value in row.items() if value not in (None, [], {}, "")}
