"""Sums over shards: what was spent, and where people and machine met."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import fsum

from labeltool.model.result import HumanMeets, Spend
from labeltool.runner.spend import PLACES


def met(parts: Sequence[HumanMeets]) -> HumanMeets:
    """Where both decided, of all shards."""
    criteria: dict[str, dict[str, int]] = {}
    for part in parts:
        for id, counts in part.criteria.items():
            sums = criteria.setdefault(id, dict.fromkeys(counts, 0))
            for name, value in counts.items():
                sums[name] = sums.get(name, 0) + value
    return HumanMeets(
        outputs=sum(part.outputs for part in parts),
        compared=sum(part.compared for part in parts),
        passed_differs=sum(part.passed_differs for part in parts),
        hidden=sum(part.hidden for part in parts),
        criteria=criteria,
    )


def spent(parts: Sequence[Spend]) -> Spend:
    """A cost that one shard does not know, nobody knows."""
    why = next((part.why for part in parts if part.why is not None), None)
    return Spend(
        calls=sum(part.calls for part in parts),
        cached=sum(part.cached for part in parts),
        input_tokens=sum(part.input_tokens for part in parts),
        output_tokens=sum(part.output_tokens for part in parts),
        cost_usd=_usd(part.cost_usd for part in parts),
        list_cost_usd=_usd(part.list_cost_usd for part in parts),
        why=why,
    )


def _usd(costs: Iterable[float | None]) -> float | None:
    found = tuple(costs)
    known = [one for one in found if one is not None]
    return round(fsum(known), PLACES) if len(known) == len(found) else None
