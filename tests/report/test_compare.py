"""A comparison in words, as JSON, as Markdown and as a page; hostile names are text in all."""

from __future__ import annotations

import io
import json
import re
from html import unescape
from typing import Any
from xml.etree import ElementTree

import pytest
from rich.console import Console

from labeltool.cli.compare_tables import draw_compared
from labeltool.commands.compare_table import Question, tabulate
from labeltool.config import Settings
from labeltool.model.result import Results
from labeltool.report.compare import basis, noticed, percent, sensitivities, verdict
from labeltool.report.compare_charts import plots, strips
from labeltool.report.compare_html import html
from labeltool.report.compare_json import document
from labeltool.report.compare_markdown import markdown
from labeltool.rules.candidates import Candidate
from labeltool.rules.compared import Compared
from tests.report.samples import NASTY, case, results

ROWS: dict[str, Any] = {
    "golden": 0.6,
    "latency_p95_ms": {"weight": 0.2, "target": 100, "limit": 1100},
    "cost_per_1k": {"weight": 0.2, "target": 0, "limit": 2},
}


def candidate(
    name: str, passes: int, *, ms: float | None = 300.0, usd: float | None = 0.001, **more: Any
) -> Candidate:
    """The first `passes` of 40 cases pass."""
    cases = [
        case(
            f"c-{n:02}", passed=n < passes, score=float(n < passes), latency_ms=ms,
            list_cost_usd=usd, tags=["angry"] if n % 2 else ["calm", NASTY],
        )
        for n in range(40)
    ]  # fmt: skip
    latency = {
        "n": 40 if ms is not None else 0,
        "concurrency": 1,
        "why": None if ms else "no live call",
    }
    head = results(cases=cases, latency_ms=latency, **more)
    system = head.system.model_copy(update={"name": name})
    head = Results.model_validate(head.model_copy(update={"system": system}))
    return Candidate.of(name, head.model_copy(update={"cases": ()}), head.cases)


def of(*candidates: Candidate, rows: dict[str, Any] = ROWS, **question: Any) -> Compared:
    settings = Settings.model_validate({"compare": rows})
    return tabulate(candidates, settings, Question(**question))


@pytest.fixture
def close() -> Compared:
    """B is better, dearer and slower."""
    return of(candidate("a", 28, ms=200.0, usd=0.0002), candidate("b", 36, ms=600.0, usd=0.001))


def drawn(found: Compared, width: int = 80) -> str:
    out = io.StringIO()
    draw_compared(Console(file=out, width=width, highlight=False), found)
    return out.getvalue()


def test_the_first_sentence_says_who_and_how_surely(close: Compared) -> None:
    # a: 0.6 x 0.7 + 0.2 x 0.9 + 0.2 x 0.9 = 0.78; b: 0.6 x 0.9 + 0.2 x 0.5 + 0.2 x 0.5 = 0.74.
    assert verdict(close).startswith("a leads b, 0.780 against 0.740: by 0.040 [-0.")
    assert "within noise: about" in verdict(close)
    far = of(candidate("a", 10), candidate("b", 36))
    assert re.search(r"b leads a.*best in 100% of resamples\.$", verdict(far))
    same = of(candidate("a", 10), candidate("b", 10))
    assert "more cases would not part them" in verdict(same)
    assert [percent(share) for share in (0, 0.001, 0.5, 0.999, 1)] == [
        "0%", "<1%", "50%", ">99%", "100%",
    ]  # fmt: skip


def test_what_it_rests_on_stands_beside_it() -> None:
    one, other = candidate("a", 10), candidate("b", 36)
    assert basis(of(one, other)) == "On 40 cases of d, r@1, graded by checks."
    judge: dict[str, Any] = {
        "name": "default", "kind": "k", "fingerprint": "f", "trust": "untrusted",
        "trust_by_criterion": {"tone": {"trust": "untrusted"}, "truth": {"trust": "trusted"}},
    }  # fmt: skip
    doubted = of(candidate("a", 10, judge=judge), candidate("b", 36, judge=judge))
    assert "Judge default is untrusted for tone: " in basis(doubted)
    judge["trust_by_criterion"] = {"tone": {"trust": "trusted"}}
    trusted = of(candidate("a", 10, judge=judge), candidate("b", 36, judge=judge))
    assert "trusted with every criterion" in basis(trusted)


def test_the_weights_that_would_turn_it_are_said(close: Compared) -> None:
    # golden alone: b leads by 0.2; the others alone: a leads by 0.4. Equal at 2 / 3.
    assert "a wins unless golden weighs more than 0.67 (now 0.60): then b" in sensitivities(close)
    (golden, latency, cost) = strips(close)
    assert [part.name for part in golden.parts] == ["a", "b"]
    assert golden.parts[1].x == pytest.approx(640, abs=0.1)
    assert (latency.title, cost.share) == ("latency_p95_ms", "0.20")


def test_quality_is_drawn_against_what_it_costs_with_the_front() -> None:
    found = of(
        candidate("cheap", 20, ms=100.0, usd=0.0001),
        candidate("good", 36, ms=600.0, usd=0.001),
        candidate("bad", 10, ms=900.0, usd=0.0015),
    )
    assert found.fronts == {"latency_p95_ms": ("cheap", "good"), "cost_per_1k": ("cheap", "good")}
    for plot in plots(found):
        best = {one.said.partition(":")[0]: one.best for one in plot.points}
        assert best == {"cheap": True, "good": True, "bad": False}
        assert all(0 <= one.x <= 420 and 0 <= one.y <= 240 for one in plot.points)
        assert len(plot.line.split()) == 2


def test_the_document_has_what_others_rely_on(close: Compared) -> None:
    found = json.loads(json.dumps(document(close)))
    assert found["schema"] == "labeltool/compare@1"
    assert found["weights"] == {"golden": 0.6, "latency_p95_ms": 0.2, "cost_per_1k": 0.2}
    assert found["winner"] == "a"
    system = found["systems"]["b"]
    assert system["values"] == {"golden": 0.9, "latency_p95_ms": 600.0, "cost_per_1k": 1.0}
    assert system["score"] == pytest.approx(0.74)
    assert system["excluded"] is None
    assert system["interval"][0] < 0.74 < system["interval"][1]
    flip = next(one for one in found["sensitivity"] if one["criterion"] == "golden")
    assert (flip["weight"], flip["to"]) == (0.6, "b")
    assert flip["flips_at"] == pytest.approx(2 / 3, abs=1e-6)
    assert {"case": "c-28", "passes": ["b"], "fails": ["a"]} in found["differ"]
    assert found["gaps"][0]["within_noise"] is True


def test_a_number_that_is_not_known_is_null_and_says_why() -> None:
    found = of(candidate("a", 30, ms=None), candidate("b", 20))
    told = document(found)
    assert told["systems"]["a"]["values"]["latency_p95_ms"] is None
    assert told["systems"]["a"]["values_why"] == {"latency_p95_ms": "no live call"}
    assert told["not_counted"]["latency_p95_ms"]["why"] == {"a": "no live call"}
    assert sum(told["weights"].values()) == pytest.approx(1)
    assert "latency_p95_ms does not count: a: no live call" in list(noticed(found))


def test_who_is_ruled_out_is_told_with_what_it_would_have_been() -> None:
    found = of(
        candidate("a", 20), candidate("b", 36, ms=500.0), constraints=("latency_p95_ms <= 400",)
    )
    assert verdict(found) == "a: the only system that is not ruled out."
    assert next(noticed(found)) == (
        "b is ruled out: latency_p95_ms is 500, must be <= 400. Its total of 0.760 would lead."
    )
    assert document(found)["systems"]["b"]["excluded"].startswith("latency_p95_ms is 500")


def test_the_terminal_says_it_in_eighty_columns(close: Compared) -> None:
    text = drawn(close)
    lines = text.splitlines()
    assert lines[0].startswith("a leads b")
    assert max(map(len, lines)) <= 80
    assert re.search(r"golden +0\.600 +0\.700 +0\.900", text)
    assert re.search(r"golden +0 A+●A+B+ 1", text)
    assert "labeltool pairwise a b" in text
    many = of(*(candidate(f"system-{n}", 10 + 4 * n) for n in range(6)))
    text = drawn(many)
    assert max(map(len, text.splitlines())) <= 80
    first = next(line for line in text.splitlines() if line.startswith("system-"))
    assert first.split()[0] == "system-5"


def test_hostile_names_are_text_everywhere() -> None:
    found = of(candidate(NASTY, 28), candidate("b", 36, usd=None))
    text = drawn(found, 200)
    assert not [c for c in text if c != "\n" and (ord(c) < 32 or 127 <= ord(c) < 160)]
    assert "\n::" not in text
    told = markdown(found)
    assert "<b>" not in told
    assert not re.search(r"(?<!\\)`@team|@team", told)
    page = html(found)
    assert "<b>&`" not in page
    assert "\x1b" not in page
    assert "\u202e" not in page


def test_the_page_stands_alone_and_its_drawings_are_whole(close: Compared) -> None:
    page = html(close)
    assert "script-src" not in page
    assert "default-src 'none'" in unescape(page)
    assert "<script" not in page
    assert " style=" not in page
    assert not re.search(r"(?:src|href)=\"(?!data:,)", page)
    drawings = re.findall(r"<svg.*?</svg>", page, re.DOTALL)
    assert len(drawings) == 2 + 3 + 2
    for one in drawings:
        ElementTree.fromstring(one)
    # The answer, the matrix and what would change it come before any plot.
    top = page.index("<svg")
    assert page.index("What would change it") < top
    assert page.index("0.780") < top


def test_the_markdown_is_the_matrix_and_what_would_change_it(close: Compared) -> None:
    text = markdown(close)
    assert text.startswith("### a leads b")
    assert "| golden | 0\\.600 | 0\\.700 | 0\\.900 |" in text
    assert "**They part on 8 of 40 cases**" in text
