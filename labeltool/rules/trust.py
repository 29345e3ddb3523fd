"""Whether a judge may be trusted, criterion by criterion, from its calibration."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from labeltool.model.calibration import Calibration
from labeltool.model.rubric import Criterion, Rubric, ref_parts

TrustLevel = Literal["trusted", "untrusted", "stale", "uncalibrated"]


@dataclass(frozen=True, slots=True)
class CriterionTrust:
    """`agreement` is 0..1 as the calibration measured it, None where it did not."""

    trust: TrustLevel
    agreement: float | None = None
    n: int | None = None
    why: str | None = None


@dataclass(frozen=True, slots=True)
class JudgeTrust:
    """The judge's standing as a whole, and for each criterion that it judges."""

    trust: TrustLevel
    criteria: Mapping[str, CriterionTrust]

    def not_trusted(self) -> tuple[str, ...]:
        return tuple(id for id, one in self.criteria.items() if one.trust != "trusted")


def judged(rubric: Rubric) -> tuple[str, ...]:
    """The criteria that a judge scores."""
    return tuple(c.id for c in rubric.criteria if c.grader == "judge")


def judge_trust(calibration: Calibration | None, fingerprint: str, rubric: Rubric) -> JudgeTrust:
    """Trust ends for all criteria when the judge changes, for the amended ones when the rubric
    does.

    As a whole a judge is trusted when all its criteria are; else the gravest reason counts:
    uncalibrated, stale, untrusted.
    """
    if calibration is None:
        why = "never measured against human scores"
        return _all(rubric, "uncalibrated", why)
    name, version = ref_parts(calibration.rubric)
    if calibration.fingerprint != fingerprint:
        return _all(rubric, "stale", "the judge has changed since it was calibrated")
    if name != rubric.name or version > rubric.version:
        return _all(rubric, "stale", f"calibrated under {calibration.rubric}")
    changed = rubric.changed_since(version)
    criteria = {
        id: CriterionTrust("stale", why=f"amended since {calibration.rubric}")
        if id in changed
        else _measured(calibration.criteria.get(id), rubric.criterion(id))
        for id in judged(rubric)
    }
    levels = {one.trust for one in criteria.values()}
    order: tuple[TrustLevel, ...] = ("uncalibrated", "stale", "untrusted")
    return JudgeTrust(next((level for level in order if level in levels), "trusted"), criteria)


def _measured(found: dict[str, Any] | None, criterion: Criterion | None) -> CriterionTrust:
    """Agreement is met or not met: another `pass_at` asks nobody again, but it was not measured."""
    if found is None:
        return CriterionTrust("uncalibrated", why="not in the calibration")
    met_at = found.get("pass_at")
    if met_at is not None and criterion is not None and met_at != criterion.met_at:
        return CriterionTrust("stale", why=f"measured with pass_at {met_at}")
    agreement, n, reason = found.get("agreement"), found.get("n"), found.get("reason")
    return CriterionTrust(
        "trusted" if found.get("trusted") is True else "untrusted",
        float(agreement) if isinstance(agreement, int | float) else None,
        n if isinstance(n, int) else None,
        reason if isinstance(reason, str) else None,
    )


def _all(rubric: Rubric, trust: TrustLevel, why: str) -> JudgeTrust:
    return JudgeTrust(trust, {id: CriterionTrust(trust, why=why) for id in judged(rubric)})
