"""The decision matrix of candidates that have run: values, totals, how sure, what would change."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from labeltool.config import Settings, Weighed
from labeltool.errors import DataError, UsageError
from labeltool.rules.candidates import Candidate, Paired, excluded, unknown
from labeltool.rules.compared import Compared, Entry
from labeltool.rules.matrix import (
    Measure,
    Said,
    constrained,
    measures,
    parse_constraint,
    parse_weights,
)

if TYPE_CHECKING:
    from labeltool.stats.ranking import Flip, Gap, Standing


@dataclass(frozen=True)
class Question:
    """What was asked: weights and constraints as they were typed."""

    weights: tuple[str, ...] = ()
    constraints: tuple[str, ...] = ()
    seed: int = 0


def tabulate(candidates: Sequence[Candidate], settings: Settings, question: Question) -> Compared:
    """Raises UsageError, DataError where they cannot be compared."""
    paired = _paired(candidates)
    known = paired.known()
    rows = measures(
        {key: _said(one) for key, one in settings.compare.items()},
        parse_weights(question.weights),
        tiers=known["tier"],
        tags=known["tag"],
        criteria=known["criterion"],
    )
    limits = [(one, constrained(one, known)) for one in map(parse_constraint, question.constraints)]
    out = {c.name: excluded(paired, c, limits) for c in paired.candidates}
    running = [c for c in paired.candidates if out[c.name] is None]
    alive = Paired(tuple(running) or paired.candidates, paired.ids)
    aside = {row.key: missing for row in rows if (missing := unknown(alive, row))}
    counted = tuple(row for row in rows if row.key not in aside)
    if not counted:
        raise DataError(
            "no row of the decision matrix has a value for every system: "
            + "; ".join(f"{key} ({', '.join(whys)})" for key, whys in aside.items()),
            hint="give a tier weight: --weights golden=1",
        )
    standings, gaps, flips = _ranked(paired, running, counted, question.seed)
    entries = tuple(
        Entry(
            c, {row.key: paired.value(row, c) for row in rows}, out[c.name], standings.get(c.name)
        )
        for c in paired.candidates
    )
    best = max(standings, key=lambda name: standings[name].total) if standings else None
    return Compared(
        paired=paired,
        measures=counted,
        aside=aside,
        entries=entries,
        ranked=tuple(c.name for c in running),
        winner=best,
        gaps=gaps,
        flips=flips,
        differ=tuple(paired.differ()),
        notices=tuple(_notices(paired)),
        untrusted=_untrusted(paired.candidates),
        seed=question.seed,
    )


def _paired(candidates: Sequence[Candidate]) -> Paired:
    if len(candidates) < 2:
        raise UsageError(
            "one system alone is no comparison", hint="name two or more: labeltool compare A B"
        )
    names = [c.name for c in candidates]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise UsageError(f"{twice} is named twice", hint="name each system or file once")
    for what, of in (
        ("datasets", {c.head.dataset for c in candidates}),
        ("kinds of scores", {c.head.scores for c in candidates}),
        ("rubrics", {c.head.rubric for c in candidates}),
    ):
        if len(of) > 1:
            raise DataError(
                f"these are results of different {what}: {', '.join(sorted(of))}",
                hint="run the systems again on one state of the dataset: labeltool compare A B",
            )
    paired = Paired.of(candidates)
    if not paired.ids:
        raise DataError(
            "no active case was run, unchanged, by all of them: there is nothing to compare",
            hint="run the systems again on one state of the dataset: labeltool compare A B",
        )
    return paired


def _ranked(
    paired: Paired, running: Sequence[Candidate], rows: Sequence[Measure], seed: int
) -> tuple[dict[str, Standing], tuple[Gap, ...], tuple[Flip, ...]]:
    if not running:
        return {}, (), ()
    from labeltool.stats.ranking import Row, flips, rank, scaled

    table = [
        Row(
            row.weight,
            [paired.values(row, c) for c in running],
            "p95" if row.kind == "latency" else "mean",
            row.target,
            row.limit,
        )
        for row in rows
    ]
    tiers = paired.tiers
    names = sorted(set(tiers))
    ranking = rank(table, [names.index(tier) for tier in tiers], seed=seed)
    standings = {c.name: one for c, one in zip(running, ranking.standings, strict=True)}
    return standings, ranking.gaps, tuple(flips(scaled(table), [row.weight for row in rows]))


def _said(one: float | Weighed) -> Said:
    return Said(one.weight, one.target, one.limit) if isinstance(one, Weighed) else Said(one)


def _notices(paired: Paired) -> Iterable[str]:
    for name, count in paired.left_out.items():
        cases = "1 case" if count == 1 else f"{count:,} cases"
        yield f"{cases} of {name} left out: not run by all, or changed since"
    judges = {c.head.judge.fingerprint for c in paired.candidates}
    if len(judges) > 1 and paired.candidates[0].head.scores == "machine":
        yield "the systems were not graded by one and the same judge: run them again together"
    errors = {c.name: sum(c.facts[id].error for id in paired.ids) for c in paired.candidates}
    for name, count in errors.items():
        if count:
            yield f"{name}: {count} case{'s' * (count != 1)} ended in an error and count as failed"


def _untrusted(candidates: Sequence[Candidate]) -> dict[str, str]:
    """{criterion: standing} of those whose judge has not earned trust, the gravest of all runs."""
    if candidates[0].head.scores == "human":
        return {}
    found: dict[str, str] = {}
    for candidate in candidates:
        for id, one in candidate.head.judge.trust_by_criterion.items():
            if one.trust != "trusted":
                found[id] = one.trust
    return found


def same_family(judge_model: str, system_model: str) -> bool:
    """Whether both models seem to come from one maker's line: the first word of their names,
    without a provider's prefix (`openai/gpt-5`) and digits.
    """
    return bool(_family(judge_model)) and _family(judge_model) == _family(system_model)


def _family(model: str) -> str:
    match = re.match(r"[a-z]+", model.rpartition("/")[2].lower())
    return match[0] if match else ""
