"""A comparison as one page that stands alone: no network, no script, no markup of the data."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from pathlib import Path

from labeltool.report import charts
from labeltool.report.compare import (
    basis,
    handed_over,
    lost,
    name_of,
    noticed,
    sensitivities,
    shown,
    standing_of,
    verdict,
    weight_of,
    within_noise,
)
from labeltool.report.compare_charts import (
    PLOT_HEIGHT,
    PLOT_WIDTH,
    STRIP,
    colours,
    plots,
    span,
    strips,
)
from labeltool.rules.compared import Compared
from labeltool.template import Text

MOST_CASES = 500
_PAGE = Path(__file__).with_name("page")


def html(found: Compared) -> str:
    """The answer, how sure it is and what would change it on the first screen; the plots; then
    case by case.
    """
    entries = found.by_total
    of = colours(found)
    return _template().fill(
        {
            "policy": _policy(),
            "css": _css(),
            "head": found.entries[0].candidate.head,
            "verdict": verdict(found),
            "close": within_noise(found) if len(found.ranked) > 2 else [],
            "basis": basis(found),
            "doubtful": bool(found.untrusted),
            "sensitivities": sensitivities(found),
            "noticed": list(noticed(found)),
            "systems": [
                (one.name, of[one.name], one.standing is None, *standing_of(one), span(one))
                for one in entries
            ],
            "rows": [
                (
                    name_of(found, row),
                    weight_of(found, row),
                    row in found.measures,
                    [shown(row, one.values.get(row.key)) for one in entries],
                )
                for row in found.rows
            ],
            "strips": strips(found),
            "plots": plots(found),
            "width": charts.WIDTH,
            "strip": STRIP,
            "plot_width": PLOT_WIDTH,
            "plot_height": PLOT_HEIGHT,
            "winner": found.winner,
            "rival": found.rival,
            "splits": found.splits,
            "differ": lost(found)[:MOST_CASES],
            "differ_total": len(found.differ),
            "cases": len(found.paired.ids),
            "pairwise": handed_over(found),
            "seed": found.seed,
        }
    )


@cache
def _css() -> str:
    return "".join((_PAGE / name).read_text("utf-8") for name in ("page.css", "compare.css"))


@cache
def _template() -> Text:
    path = _PAGE / "compare.html"
    return Text(path.read_text("utf-8"), path=f"labeltool/report/page/{path.name}", html=True)


@cache
def _policy() -> str:
    digest = base64.b64encode(hashlib.sha256(_css().encode()).digest()).decode()
    return (
        f"default-src 'none'; img-src data:; style-src 'sha256-{digest}'; "
        "base-uri 'none'; form-action 'none'"
    )
