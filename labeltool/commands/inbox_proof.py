"""Whether what came back fails a case, as a run would say: first by checks, then by the judge."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace

from labeltool.commands.context import Context
from labeltool.errors import LabeltoolError
from labeltool.graders.checks import evaluate, validate
from labeltool.model.base import Score
from labeltool.model.case import Case
from labeltool.model.record import Draft
from labeltool.model.rubric import Rubric
from labeltool.rules.acceptance import Fault, Shown
from labeltool.rules.scoring import is_met, normalised, output_passes
from labeltool.rules.suggested import Suggestion, suggestions
from labeltool.runner.build import judge_name, open_judge
from labeltool.runner.grade import Judge
from labeltool.store.dataset import DatasetStore

MOST_SUGGESTED = 4


def by_checks(case: Case, bad: str | None) -> Shown:
    """What the case's own checks say of `bad`, and of each expected answer. Quick."""
    faults: list[Fault] = []
    problems: list[str] = []
    for check in case.checks:
        wrong = validate(check, expected=case.acceptable)
        if wrong is not None:
            problems.append(wrong)
            continue
        for answer in case.acceptable:
            good = evaluate(check, answer, expected=case.acceptable)
            if not good.passed:
                problems.append(f"the expected answer fails {check.name} itself: {good.detail}")
                break
        if bad is None:
            continue
        result = evaluate(check, bad, expected=case.acceptable)
        if result.error:
            problems.append(result.detail)
        elif not result.passed:
            faults.append(Fault("check", check.name, result.detail))
    return Shown(True if faults else None, tuple(faults), tuple(problems))


def prove(
    ctx: Context,
    store: DatasetStore,
    case: Case,
    bad: str | None,
    *,
    judge: str | None = None,
    asked: bool = True,
) -> Shown:
    """By checks; where `bad` passes them, by the whole rubric as a run grades it.

    asked: False leaves out a judge that has to be called. Raises UnknownName for the judge,
    DataError where the rubric or the judge cannot be used.
    """
    shown = by_checks(case, bad)
    if bad is None or shown.fails or shown.problems:
        return shown
    rubric = store.rubric
    name = judge_name(ctx.workspace, judge)
    if not asked and ctx.workspace.settings.judges[name].kind != "reference":
        return shown
    wanted = any(one.grader == "judge" for one in rubric.criteria)
    try:
        scores, why = asyncio.run(_judged(ctx, store, name, case, bad)) if wanted else ({}, None)
    except LabeltoolError as error:
        return replace(shown, why=str(error), judge=name)
    if why is not None:
        return replace(shown, why=why, judge=name)
    return _by_rubric(rubric, case, bad, scores, name if wanted else None)


def _by_rubric(
    rubric: Rubric, case: Case, bad: str, scores: Mapping[str, Score], judge: str | None
) -> Shown:
    code = {
        one.id: evaluate(one.check, bad, expected=case.acceptable)
        for one in rubric.criteria
        if one.check is not None
    }
    said: dict[str, Score] = dict(scores)
    for one in rubric.criteria:
        if one.id in code and not code[one.id].error:
            said[one.id] = one.max if code[one.id].passed else one.min
    scored = normalised(rubric, said)
    passed = output_passes(rubric, scored, checks_pass=True, has_checks=bool(case.checks))
    if passed is None or passed:
        return Shown(None if passed is None else False, judge=judge)
    missed = [
        Fault("criterion", one.id, f"{said[one.id]} of {one.max}")
        for one in rubric.criteria
        if one.id in said and is_met(one, said[one.id]) is False
    ]
    total = Fault("criterion", "score", f"{scored.score or 0:.2f} is under {rubric.pass_mark:g}")
    return Shown(True, tuple(missed) or (total,), judge=judge)


async def _judged(
    ctx: Context, store: DatasetStore, name: str, case: Case, bad: str
) -> tuple[Mapping[str, Score], str | None]:
    judge: Judge = open_judge(ctx.workspace, name, store.rubric, store=store, env=ctx.env)
    try:
        said = await judge.judge(case, bad, (), repeat=0, fresh=True)
    finally:
        await judge.close()
    return said.scores, said.error


def suggested(draft: Draft, expected: tuple[str, ...] | None = None) -> tuple[Suggestion, ...]:
    """Checks that what came back fails and every expected answer passes, the likeliest first."""
    if draft.output is None:
        return ()
    acceptable = draft.acceptable if expected is None else expected
    given = "\n".join([draft.input_text, *(one.text for one in draft.context)])
    found = suggestions(draft.output, acceptable, given, why=draft.why or "")
    kept: list[Suggestion] = []
    for one in found:
        fails = evaluate(one.check, draft.output, expected=acceptable)
        good = all(evaluate(one.check, a, expected=acceptable).passed for a in acceptable)
        if (
            not fails.passed
            and not fails.error
            and good
            and one.check not in [other.check for other in kept]
        ):
            kept.append(one)
        if len(kept) == MOST_SUGGESTED:
            break
    return tuple(kept)
