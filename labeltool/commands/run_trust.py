"""What the judge's standing does to a run: refused, left out, said, spot-checked."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping
from pathlib import Path

from labeltool.errors import IncompleteError
from labeltool.model.base import Tier
from labeltool.model.dataset import Gate
from labeltool.rules.trust import JudgeTrust


def require_trust(
    judge: str, trust: JudgeTrust, gates: Mapping[Tier, Gate], *, asked_for: bool
) -> None:
    """Raises IncompleteError where trust was required, by `asked_for` or a gate that blocks, and is
    missing.
    """
    blocking = [tier for tier, gate in gates.items() if gate.untrusted == "block"]
    missing = trust.not_trusted()
    if not missing or not (asked_for or blocking):
        return
    why = "what would change that" if trust.trust == "untrusted" else "measure it"
    asked = "--require-trusted-judge" if asked_for else f"gate {blocking[0]}"
    raise IncompleteError(
        f"judge {judge} is {trust.trust} for {', '.join(missing)}, and {asked} wants it trusted",
        hint=f"nothing was run; {why}: labeltool calibrate --judge {judge}; or gate on what people "
        "scored: --scores human",
    )


def dropped(gates: Mapping[Tier, Gate], trust: JudgeTrust) -> dict[Tier, frozenset[str]]:
    """The criteria that each tier's score leaves out."""
    untrusted = frozenset(trust.not_trusted())
    return {tier: untrusted for tier, gate in gates.items() if gate.untrusted == "drop"}


def uncorrected(gates: Mapping[Tier, Gate]) -> dict[Tier, Gate]:
    """Where people or checks alone decide, the pass rate has no judge's errors in it."""
    return {
        tier: gate.model_copy(update={"metric": "pass_rate"})
        for tier, gate in gates.items()
        if gate.metric == "corrected_pass_rate"
    }


def trust_notices(
    judge: str, trust: JudgeTrust, gates: Mapping[Tier, Gate], tiers: tuple[Tier, ...]
) -> Iterator[str]:
    """How the judge stands, and what that does to the gates. Begins with `judge `."""
    missing = trust.not_trusted()
    if not missing:
        return
    without = [tier for tier in tiers if tier in gates and gates[tier].untrusted == "drop"]
    counted = [tier for tier in tiers if tier not in without]
    if trust.trust == "untrusted":
        of = (f"{id} is not trusted{_measured(trust, id)}" for id in missing)
        standing = f"judge {judge}: {', '.join(of)}"
    else:
        standing = f"judge {judge} is {trust.trust}"
    if counted:
        where = f" in {', '.join(counted)}" if without else ""
        yield f"{standing} and still counts{where}"
    if without:
        yield f"judge {judge}: {', '.join(missing)} left out of the score in {', '.join(without)}"


def _measured(trust: JudgeTrust, id: str) -> str:
    one = trust.criteria[id]
    if one.agreement is None:
        return ""
    return f" ({one.agreement:.2f}{f' of {one.n} labels' if one.n else ''})"


def spot_notices(count: int, out: Path | None) -> Iterator[str]:
    """How to have people check the judge. `count`: of the settings, 0 for never."""
    if count:
        results = shlex.quote(out.name if out else "RESULTS")
        yield f"spot-check the judge: labeltool label --from {results} --sample {count}"
