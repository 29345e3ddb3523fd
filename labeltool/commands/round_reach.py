"""How a round and its labels reach the others, and where theirs lie until they are merged.

A decision goes to the branch that is checked out. Others meet it only when it is merged into the
remote's default branch, so opening and closing say what carries it there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from labeltool.commands.context import Context
from labeltool.commands.round_state import RoundWork
from labeltool.errors import LabeltoolError, UsageError
from labeltool.history.elsewhere import files_elsewhere
from labeltool.history.remote import names
from labeltool.store import paths


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Labels of `annotator` for `cases` of a round, on a fetched `branch` that is not merged."""

    annotator: str
    branch: str
    cases: tuple[str, ...]

    @property
    def words(self) -> str:
        many = f"{len(self.cases)} label{'' if len(self.cases) == 1 else 's'}"
        verb = "lies" if len(self.cases) == 1 else "lie"
        return f"{many} of {self.annotator}'s {verb} on {self.branch}, not merged yet"


def reaches(ctx: Context, others: Sequence[str]) -> str | None:
    """The next step that brings what is decided here to `others`, in one sentence; None where
    there is nobody to reach: no other, no remote, no repository.
    """
    try:
        session = ctx.history.session
        known = names(session)
        branch = session.repository.branch()
    except LabeltoolError:
        return None
    if not known or not others or branch is None:
        return None
    remote = "origin" if "origin" in known else known[0]
    default = ctx.history.remote(remote).default_branch()
    who = _and(others)
    if branch == default and ctx.workspace.settings.branches.push_default:
        return f"labeltool sync pushes it; a labeltool sync there brings it to {who}"
    onto = default or "the default branch"
    return (
        f"labeltool pr proposes it; once it is merged into {onto}, a labeltool sync there brings "
        f"it to {who}"
    )


def elsewhere(ctx: Context, dataset: str, work: RoundWork) -> tuple[Elsewhere, ...]:
    """Where the labels lie that the round lacks here, as last fetched; of each annotator the
    branch that has the most of them. Counts only, for the round is open.
    """
    lacks = {name: set(cases) for name, cases in work.lacks.items() if cases}
    system = work.round.system
    folders = {
        name: paths.label_path(dataset, name, system, "x").rpartition("/")[0] for name in lacks
    }
    try:
        found = files_elsewhere(ctx.history.session, list(folders.values())) if lacks else {}
    except LabeltoolError:
        return ()
    best: dict[str, Elsewhere] = {}
    for branch, listed in found.items():
        for name, cases in lacks.items():
            there = {path.removeprefix(f"{folders[name]}/") for path in listed}
            given = tuple(case for case in sorted(cases) if f"{case}.yaml" in there)
            if len(given) > len(best[name].cases if name in best else ()):
                best[name] = Elsewhere(name, branch, given)
    return tuple(best.values())


def not_done(ctx: Context, work: RoundWork, there: Sequence[Elsewhere]) -> UsageError:
    """Why a round cannot be closed yet, and what brings it there."""
    number, total = work.round.number, len(work.round.outputs)
    lie = "".join(f"; {one.words}" for one in there)
    steps = [
        f"merge {one.branch} (labeltool pr, by {one.annotator}), then: labeltool sync"
        for one in there
    ]
    if not there and reaches(ctx, [name for name, cases in work.lacks.items() if cases]):
        steps.append("labeltool sync    labels that were given elsewhere may wait there")
    if {name for name, cases in work.lacks.items() if cases} - {
        one.annotator for one in there if len(one.cases) == len(work.lacks[one.annotator])
    }:
        steps.append("labeltool label    gives what is missing")
    steps.append(f"labeltool round close --number {number} --anyway    closes it as it is")
    return UsageError(
        f"round {number} is not done: {work.missing} of {total} left{lie}", hint="\n".join(steps)
    )


def _and(names: Sequence[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
