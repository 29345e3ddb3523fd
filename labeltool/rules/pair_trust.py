"""How far a judge's choices between outputs may be trusted, from what was measured of them."""

from __future__ import annotations

from dataclasses import dataclass

from labeltool.model.calibration import Calibration
from labeltool.model.rubric import Rubric
from labeltool.rules.trust import TrustLevel


@dataclass(frozen=True, slots=True)
class PairTrust:
    """The judge of a comparison and its standing. `pair`: on which snapshots it was measured."""

    name: str
    kind: str
    fingerprint: str
    trust: TrustLevel
    why: str
    pair: str | None = None
    agreement: float | None = None

    def line(self) -> str:
        on = f" (on {self.pair})" if self.pair else ""
        return f"judge {self.name}: {self.trust}, {self.why}{on}"


def pair_key(pair: tuple[str, str]) -> str:
    return f"{pair[0]}-vs-{pair[1]}"


def pair_trust(
    calibration: Calibration | None,
    *,
    name: str,
    kind: str,
    fingerprint: str,
    rubric: Rubric,
    pair: tuple[str, str],
) -> PairTrust:
    """As measured on this very pair; else on the pair that it knows best. `pair`: names sorted."""
    measured = {} if calibration is None else calibration.pairwise
    key = pair_key(pair)
    current = {
        pair: one
        for pair, one in measured.items()
        if one.get("fingerprint") == fingerprint and one.get("rubric") == rubric.ref
    }
    if not current:
        why = "its choices were never held against people's"
        if measured:
            why = "the judge or the rubric has changed since its choices were measured"
        level: TrustLevel = "stale" if measured else "uncalibrated"
        return PairTrust(name, kind, fingerprint, level, why)
    best = key if key in current else max(current, key=lambda pair: current[pair].get("n", 0))
    one = current[best]
    agreement = one.get("agreement")
    return PairTrust(
        name,
        kind,
        fingerprint,
        "trusted" if one.get("trusted") is True else "untrusted",
        str(one.get("reason", "")),
        best,
        float(agreement) if isinstance(agreement, float | int) else None,
    )
