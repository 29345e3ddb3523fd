"""A pass rate corrected for a judge that is known to err; plain Python, since gates need it."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

from labeltool.stats.intervals import CONFIDENCE, quantile

LEAST_INFORMED = 1.1
"""TPR + TNR up to which a judge says too little to correct by: 1 is a coin's."""


@dataclass(frozen=True, slots=True)
class Corrected:
    """rate: the share (0..1) that truly passes, as far as it can be told. Where it cannot, rate and
    interval are None and `why` says so; where no true rate fits what was seen, the interval is all
    of 0..1, and `why` says that.
    """

    rate: float | None
    interval: tuple[float, float] | None
    why: str | None = None


def corrected_rate(
    passed: float,
    n: int,
    *,
    tpr: float | None,
    tnr: float | None,
    positives: float,
    negatives: float,
    confidence: float = CONFIDENCE,
) -> Corrected:
    """The rate behind `passed` of `n` verdicts of a judge.

    tpr: the share of truly passing outputs that the judge passed, measured on `positives` of them;
    tnr: of truly failing ones that it failed, on `negatives` (effective sizes, where outputs were
    weighted). The rate is that of Rogan and Gladen
    (1978), Am. J. Epidemiol. 107, 71-76, clipped to 0..1. The interval carries the uncertainty of
    all three shares: Lang and Reiczigel (2014), Prev. Vet. Med. 113, 13-22, whose shifted estimate
    keeps its coverage where few outputs were measured; it is clipped, and widened to hold the rate.
    """
    if n <= 0 or not 0 <= passed <= n:
        raise ValueError(f"{passed} of {n} is not a rate")
    if tpr is None or tnr is None or positives < 1 or negatives < 1:
        return Corrected(None, None, "the calibration has no outputs on one of the two sides")
    if tpr + tnr <= LEAST_INFORMED:
        why = f"the judge tells too little: TPR + TNR is {tpr + tnr:.2f}, {LEAST_INFORMED} or less"
        return Corrected(None, None, why)
    rate = _clipped((passed / n + tnr - 1) / (tpr + tnr - 1))
    z = quantile(confidence)
    size, hits, rejects = n + z * z, positives + 2, negatives + 2
    share = (passed + z * z / 2) / size
    hit = (tpr * positives + 1) / hits
    reject = (tnr * negatives + 1) / rejects
    informed = hit + reject - 1
    if informed <= 0:
        return Corrected(rate, (0.0, 1.0))
    centre = (share + reject - 1) / informed
    of_hits, of_rejects = hit * (1 - hit) / hits, reject * (1 - reject) / rejects
    shift = 2 * z * z * (centre * of_hits - (1 - centre) * of_rejects)
    variance = share * (1 - share) / size + centre**2 * of_hits + (1 - centre) ** 2 * of_rejects
    half = z * sqrt(variance) / informed
    low, high = centre + shift - half, centre + shift + half
    if low > 1 or high < 0:
        # Clipped it would be one point, and look like certainty.
        return Corrected(rate, (0.0, 1.0), _contradiction(passed / n, tpr, tnr))
    low, high = _clipped(low), _clipped(high)
    return Corrected(rate, (min(low, rate), max(high, rate)))


def _contradiction(share: float, tpr: float, tnr: float) -> str:
    could = f"more than {tpr:.2f} (TPR)" if share > tpr else f"less than {1 - tnr:.2f} (1 - TNR)"
    return (
        f"the judge passes {share:.2f}, {could}: it errs otherwise here than where it was measured"
    )


def _clipped(share: float) -> float:
    return min(1.0, max(0.0, share))
