from __future__ import annotations

from labeltool.report.highlights import Highlights
from labeltool.report.markdown import markdown
from tests.report.samples import results


def drawn() -> str:
    found = results()
    return markdown(found, Highlights.of(found, found.cases), dataset="d")


def test_it_says_verdict_tiers_and_what_failed() -> None:
    text = drawn()
    assert text.startswith("### FAIL")
    assert "| golden | 1/3 | 0" in text
    assert "**failed (1)**" in text
    assert "**without a result (1)**" in text
    assert "again: `labeltool run --system mini --case bad`" in text


def test_no_markup_html_or_mention_comes_through() -> None:
    text = drawn()
    assert "<b>" not in text
    assert "@team" not in text
    assert "\x1b" not in text
    assert "\u202e" not in text
