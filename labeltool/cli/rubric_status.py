"""`labeltool rubric status` as JSON and for the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click
from rich.console import Console

from labeltool.cli.round_tables import draw_holds
from labeltool.safe_text import visible

if TYPE_CHECKING:
    from labeltool.commands.judge_running import JudgeRunning
    from labeltool.commands.rubric_status import RubricStatus


def document(found: RubricStatus) -> dict[str, Any]:
    round = found.round
    return {
        "schema": "labeltool/rubric@1",
        "dataset": found.dataset,
        "rubric": found.rubric.name,
        "version": found.rubric.version,
        "stage": found.stage.name,
        "ends": found.ends,
        "round": {
            "number": round.number,
            "state": "open" if round.closed is None else "closed",
            "rubric": round.rubric,
            "system": round.system,
            "outputs": [output.case for output in round.outputs],
            "done": dict(found.done),
        }
        if round
        else None,
        "open_disagreements": found.open_disagreements,
        "criteria": {
            id: {
                "alpha": one.alpha,
                "agreement": one.agreement,
                "holds": one.holds,
                "why": one.why,
            }
            for id, one in found.criteria.items()
        },
        "stale_labels": found.stale_labels,
        "judges": {one.judge: _judge(one) for one in found.judges},
        "next": found.next,
    }


def _judge(one: JudgeRunning) -> dict[str, Any]:
    """How a judge holds on what people labelled blind since its calibration."""
    return {
        "since": one.since,
        "asked": one.asked,
        "labelled": one.labelled,
        "below": list(one.fallen),
        "criteria": {
            id: {
                "n": of.n,
                "agreement": of.agreement,
                "interval": None if of.interval is None else list(of.interval),
                "below": of.below,
                "why": of.why,
            }
            for id, of in one.criteria.items()
        },
    }


def draw_status(console: Console, found: RubricStatus) -> None:
    _say(f"{found.rubric.ref}   {found.stage.words}")
    _say(f"what ends this stage: {found.ends}")
    if found.round is not None and found.round.closed is None:
        total = len(found.round.outputs)
        for name, done in found.done.items():
            _say(f"  {name:<16} {done}/{total}")
    draw_holds(console, found.criteria)
    if found.stale_labels:
        many = "1 label has" if found.stale_labels == 1 else f"{found.stale_labels} labels have"
        _say(f"{many} a score to give again: labeltool label asks for just those")
    for judge in found.judges:
        _draw_judge(judge)
    _say(f"next: {found.next}")


def _draw_judge(one: JudgeRunning) -> None:
    since = f" since {one.since[:10]}" if one.since else ""
    _say(f"judge {one.judge}, spot checks{since}: {one.labelled} of {one.asked} labelled")
    if not one.labelled:
        _say("  they are first in the queue: labeltool label")
        return
    for id, of in one.criteria.items():
        low, high = of.interval or (0.0, 1.0)
        rate = (
            "" if of.agreement is None else f"{of.agreement:.2f} [{low:.2f} {high:.2f}] of {of.n}"
        )
        sign = "! " if of.below else ""
        _say(f"  {id:<20} {'  '.join(filter(None, (rate, f'{sign}{of.why}' if of.why else '')))}")


def _say(text: str) -> None:
    click.echo(visible(text))
