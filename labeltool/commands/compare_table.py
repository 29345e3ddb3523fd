"""The decision matrix of candidates that have run: values, totals, how sure, what would change."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from labeltool.config import Settings, Weighed
from labeltool.errors import DataError, UsageError
from labeltool.rules.candidates import Candidate, Paired, excluded, unknown
from labeltool.rules.compared import Compared, Entry, Unmeasured, unmeasured
from labeltool.rules.matrix import (
    COST,
    LATENCY,
    Constraint,
    Measure,
    Said,
    constrained,
    informing,
    measures,
    parse_constraint,
    parse_weights,
)

FEW_TIMED = 20
"""Under so many calls the 95th percentile is the slowest of them."""


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
        {key: _said(one) for key, one in settings.compare.rows.items()},
        parse_weights(question.weights),
        tiers=known["tier"],
        tags=known["tag"],
        criteria=known["criterion"],
    )
    limits = list(_limits(settings, question, known))
    out = {c.name: excluded(paired, c, limits) for c in paired.candidates}
    running = [c for c in paired.candidates if out[c.name] is None]
    alive = Paired(tuple(running) or paired.candidates, paired.ids)
    missing = {row.key: whys for row in rows if (whys := unknown(alive, row))}
    counted = tuple(row for row in rows if row.key not in missing)
    if not counted:
        raise DataError(
            "no row of the decision matrix has a value for every system: "
            + "; ".join(f"{key} ({', '.join(whys)})" for key, whys in missing.items()),
            hint="give a tier weight: --weights golden=1",
        )
    informed = informing(known["tier"], {row.key for row in rows})
    found = Compared(
        paired=paired,
        measures=counted,
        aside=(),
        informing=tuple(row for row in informed if len(unknown(paired, row)) < len(candidates)),
        entries=tuple(
            Entry(
                c,
                {row.key: paired.value(row, c) for row in (*rows, *informed)},
                out[c.name],
                total=_total(paired, counted, c),
                quality=_total(paired, [row for row in rows if row.kind == "rate"], c),
            )
            for c in paired.candidates
        ),
        ranked=tuple(c.name for c in running),
        winner=None,
        differ=tuple(paired.differ()),
        notices=tuple(_notices(paired)),
        untrusted=_untrusted(paired.candidates),
        constraints=tuple(str(one) for one, _ in limits),
        seed=question.seed,
    )
    aside = [(row, missing[row.key]) for row in rows if row.key in missing]
    if not running:
        return replace(found, aside=tuple(Unmeasured(row, whys, False) for row, whys in aside))
    return _ranked(found, running, aside)


def _limits(
    settings: Settings, question: Question, known: Mapping[str, Iterable[str]]
) -> Iterable[tuple[Constraint, Measure]]:
    field = "compare.constraints"
    for text in settings.compare.constraints:
        one = parse_constraint(text, field=field)
        yield one, constrained(one, known, field=field)
    for text in question.constraints:
        one = parse_constraint(text)
        yield one, constrained(one, known)


def _total(paired: Paired, rows: Iterable[Measure], candidate: Candidate) -> float | None:
    """The weighted mean on the scale of 0..1; None where a row has no value, or none has weight."""
    found = [(row.weight, row, paired.value(row, candidate)) for row in rows]
    whole = sum(weight for weight, _, _ in found)
    if not whole or any(value is None for _, _, value in found):
        return None
    return sum(weight * row.scaled(value or 0.0) for weight, row, value in found) / whole


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
    if not paired.ids and paired.unscored:
        raise DataError(
            f"no case has a score of every system's output: there is nothing to compare "
            f"({', '.join(names)})",
            hint="label the same cases of each snapshot (labeltool label --system NAME), and "
            "settle where people differ (labeltool resolve)",
        )
    if not paired.ids:
        raise DataError(
            "no active case was run, unchanged, by all of them: there is nothing to compare",
            hint="run the systems again on one state of the dataset: labeltool compare A B",
        )
    return paired


def _ranked(
    found: Compared,
    running: Sequence[Candidate],
    aside: Iterable[tuple[Measure, dict[str, str]]],
) -> Compared:
    """With the standings, and what would change them."""
    from labeltool.stats.ranking import Row, rank, scaled
    from labeltool.stats.tradeoff import flips, stretches

    paired = found.paired
    table = [
        Row(
            row.weight,
            [paired.values(row, c) for c in running],
            "p95" if row.kind == "latency" else "mean",
            row.target,
            row.limit,
        )
        for row in found.measures
    ]
    tiers = paired.tiers
    names = sorted(set(tiers))
    ranking = rank(table, [names.index(tier) for tier in tiers], seed=found.seed)
    standings = {c.name: one for c, one in zip(running, ranking.standings, strict=True)}
    scores, weights = scaled(table), [row.weight for row in found.measures]
    nearest = min(ranking.gaps, key=lambda gap: gap.difference, default=None)
    first = max(range(len(running)), key=lambda n: ranking.standings[n].total)
    return replace(
        found,
        entries=tuple(replace(e, standing=standings.get(e.name)) for e in found.entries),
        aside=tuple(
            unmeasured(
                paired, row, whys, {name: s.total for name, s in standings.items()}, sum(weights)
            )
            for row, whys in aside
        ),
        winner=running[first].name,
        rival=None if nearest is None else running[nearest.second].name,
        gaps=ranking.gaps,
        flips=tuple(flips(scores, weights)),
        stretches=tuple(
            tuple(stretches(scores, weights, place)) for place in range(len(found.measures))
        ),
        splits=(
            ()
            if nearest is None
            else tuple(paired.split(running[nearest.first], running[nearest.second]))
        ),
        fronts=_fronts(found),
    )


def _fronts(found: Compared) -> dict[str, tuple[str, ...]]:
    """{row: systems that no other outdoes in both quality and this}, of rows that cost something
    and have a value for two systems or more.
    """
    from labeltool.stats.tradeoff import front

    fronts = {}
    for key in (LATENCY, COST):
        points = [
            (e.name, (e.quality, value))
            for e in found.entries
            if e.quality is not None and (value := e.values.get(key)) is not None
        ]
        if len(points) > 1:
            best = front([point for _, point in points])
            fronts[key] = tuple(points[place][0] for place in best)
    return fronts


def _said(one: float | Weighed) -> Said:
    return Said(one.weight, one.target, one.limit) if isinstance(one, Weighed) else Said(one)


def _notices(paired: Paired) -> Iterable[str]:
    for name, count in paired.left_out.items():
        yield f"{_cases(count)} of {name} left out: not run by all, or changed since"
    if paired.unscored:
        yield f"{_cases(paired.unscored)} left out: without a score of every system's output"
    heads = [c.head for c in paired.candidates]
    if len({head.judge.fingerprint for head in heads}) > 1 and heads[0].scores == "machine":
        yield "the systems were not graded by one and the same judge: run them again together"
    for c in paired.candidates:
        kinds = paired.errors(c)
        if kinds:
            said = ", ".join(f"{count:,} {kind}" for kind, count in kinds.most_common())
            cases = _cases(kinds.total())
            yield f"{c.name}: {cases} ended in an error and count as failed ({said})"
    yield from _latency_notices([c for c in paired.candidates if c.latency_why is None])


def _latency_notices(timed: Sequence[Candidate]) -> Iterable[str]:
    if len({c.concurrency for c in timed}) > 1:
        said = ", ".join(f"{c.name} with {c.concurrency} at once" for c in timed)
        yield f"latencies were not measured alike: {said}; --no-cache measures anew"
    for c in timed:
        if c.timed < FEW_TIMED:
            yield f"the latency of {c.name} rests on {c.timed} live calls: its p95 is their slowest"


def _cases(count: int) -> str:
    return "1 case" if count == 1 else f"{count:,} cases"


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
    """Whether both models seem to come from one maker's line, by how their names begin, without a
    provider's prefix (`openai/gpt-5`).
    """
    return bool(_family(judge_model)) and _family(judge_model) == _family(system_model)


def _family(model: str) -> str:
    name = model.lower().removeprefix("ft:").rpartition("/")[2]
    if re.match(r"o\d", name):
        return "gpt"
    match = re.match(r"[a-z]+", name)
    word = match[0] if match else ""
    return _LINES.get(word, word)


_LINES = {
    **dict.fromkeys(("chatgpt", "davinci", "codex"), "gpt"),
    **dict.fromkeys(("mixtral", "ministral", "codestral", "magistral", "devstral"), "mistral"),
    **dict.fromkeys(("gemma", "palm"), "gemini"),
    **dict.fromkeys(("codellama", "meta"), "llama"),
    **dict.fromkeys(("qwq", "qvq"), "qwen"),
}
"""Names of one maker's line that begin otherwise."""
