"""A pass rate without the errors that the judge behind it is known to make."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from labeltool.model.calibration import Calibration
from labeltool.model.result import Correction
from labeltool.model.rubric import Rubric
from labeltool.rules.trust import JudgeTrust
from labeltool.stats.corrected import Corrected, corrected_rate

NOTHING_GRADED = "no case was graded"


def correction_of(calibration: Calibration | None, trust: JudgeTrust, rubric: Rubric) -> Correction:
    """What the calibration's `overall` lets one correct by. Whole outputs rest on every criterion:
    what ends the trust in one of them ends this.
    """
    if calibration is None:
        return Correction(why="the judge was never calibrated")
    ended = next((one for one in trust.criteria.values() if one.trust in _ENDED), None)
    if ended is not None:
        return Correction(why=f"the calibration is {ended.trust}: {ended.why}")
    if calibration.rubric != rubric.ref:
        return Correction(why=f"the judge was calibrated under {calibration.rubric}")
    overall = calibration.overall
    mark = overall.get("pass_mark", rubric.pass_mark)
    if mark != rubric.pass_mark:
        return Correction(why=f"the judge was calibrated with pass_mark {mark}")
    return _of(overall)


def tells(calibration: Calibration) -> bool:
    """Whether a judge of these figures tells enough to correct a rate by."""
    return corrected(_of(calibration.overall), 1, 1, 1).rate is not None


def _of(overall: Mapping[str, Any]) -> Correction:
    return Correction(
        tpr=_share(overall.get("tpr")),
        tnr=_share(overall.get("tnr")),
        positives=_size(overall, "met"),
        negatives=_size(overall, "not_met"),
    )


_ENDED = ("uncalibrated", "stale")


def without(correction: Correction, dropped: Collection[str]) -> Correction:
    """The same for a score that leaves criteria out, which nobody measured."""
    if not dropped or correction.why is not None:
        return correction
    left = ", ".join(sorted(dropped))
    return Correction(why=f"{left} left out of the score: the judge was measured with it in")


def corrected(correction: Correction, passed: float, graded: int, cases: int) -> Corrected:
    """The rate of `cases` that truly pass, where `passed` of the `graded` did by the judge: the
    other cases are errors, which never count as passes.
    """
    if correction.why is not None:
        return Corrected(None, None, correction.why)
    if graded == 0:
        return Corrected(None, None, NOTHING_GRADED)
    found = corrected_rate(
        passed,
        graded,
        tpr=correction.tpr,
        tnr=correction.tnr,
        positives=correction.positives,
        negatives=correction.negatives,
    )
    if found.rate is None or found.interval is None:
        return found
    share = graded / cases
    low, high = found.interval
    return Corrected(found.rate * share, (low * share, high * share), found.why)


def _share(value: object) -> float | None:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if number and 0 <= value <= 1 else None  # type: ignore[operator,arg-type]


def _size(overall: Mapping[str, Any], side: str) -> float:
    """How many outputs that side was measured on; the effective number where it is another one."""
    effective = overall.get("effective")
    value = effective.get(side) if isinstance(effective, dict) else overall.get(side)
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if number and value >= 0 else 0.0  # type: ignore[operator,arg-type]
