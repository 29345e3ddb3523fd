"""Results as commands to GitHub's log, which draws them on the case files of a pull request."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from labeltool.model.result import CaseResult, Results
from labeltool.report.text import again, against
from labeltool.report.why import reasons
from labeltool.safe_text import cells, for_github_command, one_line, visible

MOST = 10
"""GitHub shows ten of a kind in a step and drops the rest without a word."""
MESSAGE_CELLS = 2_000
RED = ("fail", "incomplete", "inconclusive")


@dataclass
class _Found:
    """The first few of one kind, and how many there are."""

    first: list[CaseResult] = field(default_factory=list)
    total: int = 0

    def add(self, case: CaseResult) -> None:
        self.total += 1
        if len(self.first) < MOST:
            self.first.append(case)


def annotated(
    results: Results,
    cases: Iterable[CaseResult],
    case_path: Callable[[CaseResult], str | None],
) -> Iterator[str]:
    """One line each, without a newline: why the run is red, then its cases, those that broke since
    the baseline first; ten of a kind at most, the last one then saying how many more there are.

    A failing case is an error where its tier's gate is lost, else a warning; an open case that
    passes is a notice. case_path: the case's file below the root of the checkout, None where it is
    not known.
    """
    broken, errors, warnings, notices = _sorted(results, cases)
    gates = [] if results.verdict == "pass" else [_gate(results)]
    red = _Found([*broken.first, *errors.first], broken.total + errors.total)
    yield from gates
    for kind, found, most in (
        ("error", red, MOST - len(gates)),
        ("warning", warnings, MOST),
        ("notice", notices, MOST),
    ):
        shown = found.first[: most if found.total <= most else most - 1]
        for case in shown:
            yield _case(kind, case, results, case_path(case))
        if found.total > len(shown):
            left = f"{found.total - len(shown)} more cases"
            yield _command(kind, f"{left}: see the results of the run")


def _sorted(results: Results, cases: Iterable[CaseResult]) -> tuple[_Found, _Found, _Found, _Found]:
    lost_since = frozenset(results.baseline.broken if results.baseline is not None else ())
    red_tiers = {tier for tier, one in results.tiers.items() if one.verdict in RED}
    broken, errors, warnings, notices = _Found(), _Found(), _Found(), _Found()
    for case in cases:
        if case.status == "open":
            if case.passed:
                notices.add(case)
        elif case.passed:
            continue
        elif case.tier not in red_tiers:
            warnings.add(case)
        elif case.id in lost_since:
            broken.add(case)
        else:
            errors.add(case)
    return broken, errors, warnings, notices


def _gate(results: Results) -> str:
    compared = against(results)
    message = visible(results.why) if compared is None else f"{visible(results.why)}\n{compared}"
    title = f"{results.dataset} {results.system.name}: {results.verdict}"
    return _command("error", message, title=title)


def _case(kind: str, case: CaseResult, results: Results, path: str | None) -> str:
    if kind == "notice":
        title = f"{case.id} passes now"
        lines = [f"labeltool promote --close {one_line(case.id)} makes it count"]
    else:
        broke = results.baseline is not None and case.id in results.baseline.broken
        what = "has no result" if case.error else "broke" if broke else "fails"
        title = f"{case.id} ({case.tier}) {what}"
        lines = [*reasons(case, results), again(case, results, None)]
    return _command(kind, "\n".join(lines), title=title, file=path)


def _command(kind: str, message: str, *, title: str = "", file: str | None = None) -> str:
    properties = {"file": file, "title": one_line(title, 200)}
    said = ",".join(
        f"{name}={for_github_command(value, prop=True)}"
        for name, value in properties.items()
        if value
    )
    return f"::{kind}{' ' + said if said else ''}::{for_github_command(_short(message))}"


def _short(message: str) -> str:
    if cells(message) <= MESSAGE_CELLS:
        return message
    return "\n".join(one_line(line, 240) for line in message.split("\n"))[:MESSAGE_CELLS]
