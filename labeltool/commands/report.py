"""`report`: a results file in another form."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import ValidationError

from labeltool.errors import DataError, UsageError, Where
from labeltool.model.result import SCHEMA, Results
from labeltool.report.highlights import Highlights
from labeltool.report.junit import junit
from labeltool.report.markdown import markdown

Form = Literal["text", "markdown", "junit"]
FORMS: tuple[Form, ...] = ("text", "markdown", "junit")


@dataclass(frozen=True)
class Report:
    """`body` of a form that is a document; of `text` the parts, for the command line to draw."""

    results: Results
    highlights: Highlights
    body: bytes | None


def report(path: Path, form: Form, *, dataset: str | None = None) -> Report:
    """The results in `path` as `form`.

    Raises UsageError where there is no such file, DataError for one that is no results document.
    """
    results = read_results(path)
    highlights = Highlights.of(results, results.cases)
    body = None
    if form == "junit":
        body = junit(results, results.cases)
    elif form == "markdown":
        body = markdown(results, highlights, dataset=dataset).encode()
    return Report(results, highlights, body)


def read_results(path: Path) -> Results:
    """The whole document, cases included. Raises UsageError, DataError."""
    where = Where(str(path))
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise UsageError(
            f"there is no file {path}", hint="`labeltool run` writes eval_results.json"
        ) from None
    except OSError as error:
        raise DataError(
            f"cannot be read: {error.strerror or error}",
            hint="`labeltool run` writes eval_results.json",
            where=where,
        ) from None
    try:
        return Results.model_validate_json(data)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise DataError(
            f"is no {SCHEMA} document: {first['msg']}",
            hint="give the file that `labeltool run --out` wrote",
            where=Where(str(path), field=".".join(map(str, first["loc"])) or None),
        ) from None
