"""`edit`: what is expected of a case, said anew. Nothing else of the case changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from labeltool.commands.context import Context
from labeltool.commands.verify import read_case
from labeltool.errors import Conflict, DataError, Where
from labeltool.history import CommitMessage
from labeltool.model import hashing
from labeltool.model.case import Case
from labeltool.store import codec, files
from labeltool.store.workspace import Write
from labeltool.store.yaml import roundtrip

OR = "--- or ---"
"""A line of its own between acceptable answers, where they are written as one text."""

Expected = str | tuple[str, ...] | None


@dataclass(frozen=True)
class EditReport:
    """`voided`: by whom the case had been verified as it was. `changed` False: it stood so."""

    dataset: str
    case: str
    by: str
    path: str
    changed: bool
    voided: str | None = None
    commit: str | None = None


@dataclass(frozen=True)
class Editing:
    """What is to be written for an edit, before it is; nothing where nothing changes."""

    report: EditReport
    writes: tuple[Write, ...]
    message: CommitMessage


def edit_expected(
    ctx: Context,
    case: str,
    answers: Sequence[str],
    *,
    dataset: str | None = None,
    annotator: str | None = None,
) -> EditReport:
    """Write the acceptable answers of a case (none: nothing is expected) in one commit.

    Raises as `plan`, and CommitHeld.
    """
    ctx.history.recover()
    editing = plan(ctx, case, answers, dataset=dataset, annotator=annotator)
    if not editing.writes:
        return editing.report
    return replace(editing.report, commit=ctx.record(editing.writes, editing.message).commit)


def plan(
    ctx: Context,
    case: str,
    answers: Sequence[str],
    *,
    seen: tuple[str, ...] | None = None,
    dataset: str | None = None,
    annotator: str | None = None,
) -> Editing:
    """The edit, not written yet. `seen`: the answers that it was made from, where a person saw
    them.

    Raises UnknownName, DataError (a broken case, a text that no file can hold, an annotator who
    is not listed), Conflict where others are expected by now than were seen.
    """
    store = ctx.workspace.dataset(dataset)
    by = ctx.annotator(annotator)
    path, data, found = read_case(ctx, store, case)
    if seen is not None and found.acceptable != seen:
        raise Conflict(
            "what is expected was edited elsewhere meanwhile",
            where=Where(path, field="expected"),
            hint="look at it as it is now; your text is kept",
        )
    report = EditReport(store.name, case, by, path, changed=False)
    wanted = _expected(answers, found)
    if wanted == found.expected:
        return Editing(report, (), _message(report))
    was = found.verified is not None and found.verified.hash in (None, hashing.verified_hash(found))
    by_whom = found.verified.by if was and found.verified is not None else None
    report = replace(report, changed=True, voided=by_whom)
    write = Write(path, _edited(data, found, wanted, path), files.content_hash(data))
    return Editing(report, (write,), _message(report))


def as_text(answers: Sequence[str]) -> str:
    """The acceptable answers as one text to edit, `OR` between several."""
    return f"\n{OR}\n".join(answer.rstrip("\n") for answer in answers)


def from_text(text: str) -> tuple[str, ...]:
    """The answers that a text made by `as_text` holds after a person has edited it."""
    answers: list[list[str]] = [[]]
    for line in text.split("\n"):
        if line.strip() == OR:
            answers.append([])
        else:
            answers[-1].append(line)
    texts = ("\n".join(lines).strip("\n") for lines in answers)
    return tuple(one for one in texts if one.strip())


def _expected(answers: Sequence[str], found: Case) -> Expected:
    """As the field holds it. An answer that stood there before keeps the end of its last line, a
    new one of several lines ends like those.
    """
    before = {answer.rstrip("\n"): answer for answer in found.acceptable}
    blocks = any(answer.endswith("\n") for answer in found.acceptable)
    texts = []
    for answer in answers:
        bare = answer.rstrip("\n")
        if bare.strip():
            texts.append(before.get(bare, f"{bare}\n" if blocks else bare))
    if tuple(texts) == found.acceptable:
        return found.expected
    return (texts[0] if len(texts) == 1 else tuple(texts)) if texts else None


def _edited(data: bytes, case: Case, wanted: Expected, path: str) -> bytes:
    """The file with the new answers; what a person laid out by hand keeps comments and order."""
    change: dict[str, Any] = {"expected": wanted}
    if case.verified is not None and case.verified.hash is None:
        change["verified"] = None  # without a hash nothing would tell that it is void
    edited = case.model_copy(update=change)
    try:
        if data == codec.encode(case):
            new = codec.encode(edited)
        else:
            new = roundtrip.edit(data, lambda document: _put(document, change), path=path)
        same = codec.decode(new, Case, path) == edited
    except (DataError, UnicodeError):
        same = False
    if not same:
        raise DataError(
            "would not read back as it was said",
            hint="the text holds characters that YAML cannot keep: take them out",
            where=Where(path, field="expected"),
        )
    return new


def _put(document: Any, change: dict[str, Any]) -> None:
    for field, value in change.items():
        plain = list(value) if isinstance(value, tuple) else value
        if field in document:
            document[field] = plain
        elif plain is not None:
            document.insert(list(document).index("input") + 1, field, plain)


def _message(report: EditReport) -> CommitMessage:
    trailers = {
        "Labeltool-Kind": "case",
        "Labeltool-Dataset": report.dataset,
        "Labeltool-Case": report.case,
        "Labeltool-Annotator": report.by,
    }
    return CommitMessage(f"edit expected of {report.case} as {report.by}", trailers=trailers)
