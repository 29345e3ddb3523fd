from __future__ import annotations

import pytest

from labeltool.model.result import CaseResult
from labeltool.report.highlights import Highlights
from labeltool.report.markdown import MOST_CHARS, markdown, run_link
from tests.hostile import WRITABLE
from tests.report.samples import case, results
from tests.report.samples_baseline import broke


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


def test_what_broke_comes_before_what_failed_with_both_texts_and_a_link_to_the_run() -> None:
    found = broke()
    env = {
        "GITHUB_SERVER_URL": "https://github.com",
        "GITHUB_REPOSITORY": "team/summaries",
        "GITHUB_RUN_ID": "77",
    }
    text = markdown(found, Highlights.of(found, found.cases), link=run_link(env))
    assert "[run](https://github.com/team/summaries/actions/runs/77)" in text
    assert text.index("**broken (1)**") < text.index("**failing before, too")
    assert "was: The bank needs 3 to 5 days" in text
    assert "now: The refund has been issued" in text


@pytest.mark.parametrize("server", ["", "javascript:alert(1)", "https://x.example/)[a](b"])
def test_no_link_is_made_of_something_else(server: str) -> None:
    env = {"GITHUB_SERVER_URL": server, "GITHUB_REPOSITORY": "a/b", "GITHUB_RUN_ID": "1"}
    assert run_link(env) is None


def test_it_stays_within_what_a_comment_may_hold() -> None:
    found = results()
    long = {f"c{n}": 0 for n in range(200)}
    criteria = dict.fromkeys(long, found.criteria["truth"])
    found = found.model_copy(update={"criteria": criteria})
    said = {id: f"{id} <&@ {'#' * 230}" for id in long}
    many = [
        CaseResult.model_validate(
            case(f"f{n}", passed=False, score=0.1, scores=long, rationale=said)
        )
        for n in range(10)
    ]
    text = markdown(found, Highlights.of(found, many))
    assert len(text) <= MOST_CHARS
    assert "cut off here" in text


def test_hostile_texts_come_through_as_text() -> None:
    for text in WRITABLE:
        odd = case(
            text or "x", passed=False, score=0.1, scores={"truth": 0}, rationale={"truth": text}
        )
        found = results(notices=[text], why=text)
        drawn = markdown(found, Highlights.of(found, [CaseResult.model_validate(odd)]))
        assert "<script" not in drawn
        assert "<img" not in drawn
        assert "@everyone" not in drawn.replace("`", "")
        assert not any(line.lstrip().startswith("::") for line in drawn.splitlines())
