"""A project whose outputs two people scored, and judges to hold against them."""

from __future__ import annotations

import json
from typing import Any

from labeltool.commands.calibrate import Calibrated, Request, Stop, calibrate
from labeltool.commands.context import Context
from tests.fake_openai import Body
from tests.projects import Project

RUBRIC: dict[str, Any] = {
    "name": "short",
    "version": 1,
    "pass_mark": 0.5,
    "criteria": [
        {"id": "facts", "text": "The facts are there.", "max": 2, "required": True},
        {"id": "short", "text": "Short.", "max": 1, "check": {"kind": "max_words", "value": 30}},
    ],
}
FACTS = ("order 4411", "walking boots", "lost in Lyon", "refund by Friday", "call Miriam Oduya")


def project(root: Any, *, cases: int = 40, committed: bool = True, **settings: Any) -> Project:
    """Case after case the output holds one fact fewer, then all again; people give 2 for all
    five facts, 1 for four, 0 below: they are stricter than the fixed thresholds.
    """
    made = Project.make(root, rubric=RUBRIC, **settings)
    for at in range(cases):
        id = f"c{at:02}"
        said = FACTS[: 5 - at % 5]
        made.case(id, f"Ticket {at}: {', '.join(FACTS)}. Please help.", expected=", ".join(FACTS))
        made.output(id, f"{', '.join(said)}.")
        score = {5: 2, 4: 1}.get(len(said), 0)
        made.label(id, "alice", {"facts": score}, notes=f"{len(said)} facts")
        made.label(id, "bob", {"facts": score})
    if committed:
        made.commit_all()
    return made


async def calibrated(ctx: Context, **said: Any) -> Calibrated:
    found = (await told(ctx, **said))[-1]
    assert isinstance(found, Calibrated)
    return found


async def told(ctx: Context, **said: Any) -> list[object]:
    """Every event; the context is closed at the end of them."""
    try:
        return [one async for one in calibrate(ctx, Request(**said), stop=Stop())]
    finally:
        ctx.close()


def of(url: str, **changes: Any) -> dict[str, Any]:
    """Settings of a model judge."""
    return {
        "kind": "openai",
        "model": "m",
        "base_url": f"{url}/v1" if not url.endswith("/v1") else url,
        "api_key_env": "KEY",
        **changes,
    }


def counts_facts(body: Body) -> str:
    """A judge that looks for the last two facts in what it is asked about."""
    text = str(body["messages"][-1]["content"])
    seen = sum(text.count(fact) for fact in FACTS)
    # Each fact stands in the ticket and in the expected answer; what is above is the output's.
    held = seen - 2 * len(FACTS)
    return verdict({5: 2, 4: 1}.get(held, 0))


def verdict(score: int) -> str:
    return json.dumps(
        {
            "scores": {"facts": score},
            "rationale": {"facts": "The facts that it holds."},
            "evidence": {"facts": []},
        }
    )
