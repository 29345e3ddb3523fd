"""Rounds in a pull request: who is asked about what, and what a closed one found."""

from __future__ import annotations

from collections.abc import Iterator

from labeltool.commands.pr_changes import Changes, Found, Rounded
from labeltool.commands.pr_words import names, plural, row
from labeltool.model.round import Round
from labeltool.report.agreement import number, share
from labeltool.rules.round_plan import LEAST_FRESH
from labeltool.safe_text import for_markdown

_CASES = 40


def decided(changes: Changes) -> list[str]:
    """One line for each round."""
    return [f"- {_said(one)}" for one in changes.rounds]


def rounds(changes: Changes) -> Iterator[str]:
    """What there is to know of each round that was opened or closed."""
    for one in changes.rounds:
        if one.round is not None and one.how == "opened":
            yield "\n".join(_opened(one, one.round))
        elif one.round is not None and one.how == "closed":
            yield "\n".join(_closed(one, one.round))


def _said(one: Rounded) -> str:
    said = f"round {one.number} of `{one.dataset}`"
    if one.round is None or one.how == "gone":
        return f"{said} taken away"
    if one.how == "edited" and one.shown_to:
        return f"{said}: the others' labels were shown to {names(one.shown_to)} while it was open"
    asked = f"{plural(len(one.round.outputs), 'output')} of `{one.round.system}`"
    people = f"for {names(one.round.annotators)}, under {for_markdown(one.round.rubric)}"
    return f"{said} {one.how}: {asked} {people}"


def _opened(one: Rounded, round: Round) -> Iterator[str]:
    yield f"### Round {one.number} of `{one.dataset}` opened"
    fresh = sum(output.fresh for output in round.outputs)
    yield ""
    yield row(("snapshot", "outputs", "fresh", "annotators", "rubric"))
    yield "|---|---:|---:|---|---|"
    counts = (str(len(round.outputs)), str(fresh))
    people = (names(round.annotators), for_markdown(round.rubric))
    yield row((f"`{round.system}`", *counts, *people))
    if fresh < LEAST_FRESH:
        yield f"\n:warning: only {fresh} fresh: no criterion can hold on fewer than {LEAST_FRESH}"
    cases = [f"`{output.case}`" for output in round.outputs[:_CASES]]
    rest = len(round.outputs) - len(cases)
    yield f"\n{', '.join(cases)}{f' and {rest} more' if rest else ''}"


def _closed(one: Rounded, round: Round) -> Iterator[str]:
    assert round.closed is not None
    yield f"### Round {one.number} of `{one.dataset}`: what it found"
    yield "\nBy the first blind scores, frozen as it closed; an arrow leads from the round before."
    if one.found:
        yield ""
        yield row(("criterion", "fresh outputs", "agree", "alpha", "holds", "why"))
        yield "|---|---:|---:|---:|---|---|"
        yield from (_finding(found) for found in one.found)
    total = len(round.outputs)
    given = {name: len(round.closed.scores.get(name, {})) for name in round.annotators}
    lacking = [f"{name} gave {count} of {total}" for name, count in given.items() if count < total]
    if lacking:
        yield f"\n:warning: closed before all was labelled: {for_markdown(', '.join(lacking))}"
    if one.shown_to or round.unblinded:
        yield f"\n:warning: not blind for all: shown to {names(sorted(round.unblinded))} meanwhile"


def _finding(found: Found) -> str:
    now, before = found.now, found.before
    count = "–" if now.n is None else str(now.n)
    agree, alpha = share(now.agreement), number(now.alpha)
    if before is not None:
        agree, alpha = _led(share(before.agreement), agree), _led(number(before.alpha), alpha)
    holds = "yes" if now.holds else "**no**"
    return row((for_markdown(found.criterion), count, agree, alpha, holds, for_markdown(now.why)))


def _led(before: str, now: str) -> str:
    return now if before == now else f"{before} → {now}"
