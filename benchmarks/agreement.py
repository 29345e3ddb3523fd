"""Agreement with its intervals over many outputs, beside scipy's bootstrap of the same.

    python benchmarks/agreement.py [OUTPUTS]

10,000 outputs x 3 annotators on a scale of five levels, 1,000 resamples over outputs. Ours is all
that `labeltool agreement` says of one criterion: percent, alpha, kappa, weighted kappa, pairs. The
other is `scipy.stats.bootstrap` of ordinal alpha alone, as one would write it with numpy. To hold:
at most 5 seconds.
"""

from __future__ import annotations

import random
import sys
import time

import numpy as np
from numpy.typing import NDArray
from scipy.stats import bootstrap

from labeltool.model.base import Score
from labeltool.model.rubric import Criterion
from labeltool.rules.ratings import distance_matrix, measure

ANNOTATORS, RESAMPLES, LEVELS, HOLD = 3, 1_000, 5, 5.0
CRITERION = Criterion(id="tone", text="The tone fits.", max=LEVELS - 1)


def some_scores(outputs: int) -> dict[str, dict[str, Score]]:
    """Two in three scores are the truth, the others a level off; one in twenty is missing."""
    draw = random.Random(7)
    found: dict[str, dict[str, Score]] = {}
    for number in range(outputs):
        truth = draw.randrange(LEVELS)
        found[f"c{number}"] = {
            f"rater-{who}": min(LEVELS - 1, max(0, truth + draw.choice((0, 0, 0, 0, 1, -1))))
            for who in range(ANNOTATORS)
            if draw.random() > 0.05
        }
    return found


def ordinal_alpha(codes: NDArray[np.int64]) -> float:
    """Of (outputs, annotators), -1 where there is no score."""
    used = np.stack([(codes == level).sum(axis=1) for level in range(LEVELS)], axis=1).astype(float)
    used = used[used.sum(axis=1) > 1]
    each = used.sum(axis=1)
    pairs = np.einsum("ni,nj,n->ij", used, used, 1 / (each - 1))
    pairs -= np.diag((used / (each - 1)[:, None]).sum(axis=0))
    totals = used.sum(axis=0)
    ranks = totals.cumsum() - totals / 2
    apart = (ranks[:, None] - ranks) ** 2
    expected = (totals[:, None] * totals * apart).sum() / (totals.sum() - 1)
    return float(1 - (pairs * apart).sum() / expected)


def main() -> None:
    outputs = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    scores = some_scores(outputs)
    started = time.perf_counter()
    found = measure(CRITERION, scores, resamples=RESAMPLES)
    ours = time.perf_counter() - started
    matrix = np.array(distance_matrix(scores), dtype=float)
    codes = np.where(np.isnan(matrix), -1, matrix).astype(np.int64)
    started = time.perf_counter()
    theirs = bootstrap(
        (np.arange(outputs),),
        lambda rows: ordinal_alpha(codes[rows]),
        vectorized=False,
        method="percentile",
        n_resamples=RESAMPLES,
        rng=0,
    ).confidence_interval
    scipys = time.perf_counter() - started
    assert found.alpha.value is not None
    assert abs(found.alpha.value - ordinal_alpha(codes)) < 1e-9
    low, high = found.alpha.interval or (0.0, 0.0)
    print(f"{outputs:,} outputs x {ANNOTATORS} annotators, {RESAMPLES:,} resamples")
    print(f"labeltool, all measures  {ours:7.2f} s   alpha [{low:.4f} {high:.4f}]")
    print(f"scipy, alpha alone       {scipys:7.2f} s   alpha [{theirs.low:.4f} {theirs.high:.4f}]")
    print(f"ratio                    {ours / scipys:7.2f}     to hold: {HOLD:g} s")


if __name__ == "__main__":
    main()
