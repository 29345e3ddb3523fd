"""`report`: a results file in another form."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from labeltool.commands.saved_results import open_results, read_results
from labeltool.model.result import CaseResult, Results
from labeltool.report.highlights import Highlights
from labeltool.store import paths

__all__ = ["FORMS", "Form", "Report", "case_paths", "read_results", "report"]

Form = Literal["text", "markdown", "junit", "html", "annotations"]
FORMS: tuple[Form, ...] = ("text", "markdown", "junit", "html", "annotations")


@dataclass(frozen=True)
class Report:
    """`results` without its cases. `body` of a form that is a document, in pieces; of `text` the
    parts, for the command line to draw.
    """

    results: Results
    highlights: Highlights
    body: Iterator[bytes] | None


def report(
    path: Path,
    form: Form,
    *,
    root: Path | None = None,
    env: Mapping[str, str] | None = None,
    dataset: str | None = None,
) -> Report:
    """The results in `path` as `form`. root: of the workspace, for the paths of annotations.

    Raises UsageError where there is no such file, DataError for one that is no results document.
    """
    saved, env = open_results(path), env or {}
    results = saved.head
    highlights = Highlights.of(results, saved.cases())
    body: Iterator[bytes] | None = None
    if form == "junit":
        from labeltool.report.junit import junit

        body = iter((junit(results, saved.cases()),))
    elif form == "markdown":
        from labeltool.report.markdown import markdown, run_link

        text = markdown(results, highlights, dataset=dataset, link=run_link(env))
        body = iter((text.encode(),))
    elif form == "html":
        from labeltool.report.html import html

        body = html(results, saved.cases(), dataset=dataset)
    elif form == "annotations":
        from labeltool.report.annotations import annotated

        lines = annotated(results, saved.cases(), case_paths(results, root or path.parent, env))
        body = (f"{line}\n".encode() for line in lines)
    return Report(results, highlights, body)


def case_paths(
    results: Results, root: Path, env: Mapping[str, str]
) -> Callable[[CaseResult], str | None]:
    """Where each case's file is below the checkout of a GitHub workflow, of which the workspace at
    `root` may be a part; None where there is no such file in it.
    """
    checkout = Path(env.get("GITHUB_WORKSPACE") or root).resolve()
    base = root.resolve()

    def path(case: CaseResult) -> str | None:
        found = base / paths.case_path(results.dataset, case.tier, case.id)
        there = found.is_relative_to(checkout) and found.is_file()
        return found.relative_to(checkout).as_posix() if there else None

    return path
