from __future__ import annotations

import base64
import hashlib
import re
from html.parser import HTMLParser

from labeltool.model.result import CaseResult, Results
from labeltool.report import html as module
from labeltool.report.html import html
from tests.hostile import ALL
from tests.report.samples import case, results
from tests.report.samples_baseline import broke


def page(found: Results, cases: tuple[CaseResult, ...] | None = None) -> str:
    return b"".join(html(found, found.cases if cases is None else cases)).decode()


def hostile() -> Results:
    """Every hostile text wherever a text can stand."""
    many = [
        case(
            f"c{n} {text[:300]}",
            passed=False,
            score=0.1,
            tags=[text[:300]],
            scores={"truth": 0},
            rationale={"truth": text},
            evidence={"truth": [text]},
            checks=[{"id": text, "kind": "k", "passed": False, "detail": text}],
            output=text,
            finish_reason=text[:300],
        )
        for n, text in enumerate(ALL)
    ]
    many += [case("e", error={"kind": "system", "message": text}) for text in ALL]
    document = broke(why="\n".join(ALL[:40]), notices=list(ALL[:-2])).model_dump(by_alias=True)
    document["baseline"]["broken"] = [one["id"] for one in many[:20]]
    document["baseline"]["before"] = {one["id"]: {"output": ALL[20]} for one in many[:20]}
    document["baseline"]["name"] = "<img src=x onerror=alert(1)>"
    document["system"]["name"] = "</title><script>alert(1)</script>"
    return Results.model_validate({**document, "cases": many})


class Tags(HTMLParser):
    """What a browser would make of the page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes |= {name for name, _ in attrs}


def test_it_says_the_verdict_what_broke_and_every_case() -> None:
    text = page(broke())
    assert "<h1>golden 0.33 [0.06 0.79] is under 0.85</h1>" in text
    assert "against origin/main (4f2a91c): 1 broken, 0 fixed of 3 cases (p 1)" in text
    assert "<del>The bank needs 3 to 5 days.</del>" in text
    assert "labeltool run --system mini --case late" in text
    found = re.findall(r'<details class="case (\w+)" id="case-([^"]+)"', text)
    assert found == [
        ("broken", "late"),
        ("failed", "old"),
        ("failed", "bad"),
        ("error", "ugly"),
        ("open", "known"),
        ("passed", "good"),
    ]


def test_only_its_own_style_and_script_are_allowed_and_nothing_is_fetched() -> None:
    text = page(broke())
    for tag, directive in (("style", "style-src"), ("script", "script-src")):
        [inside] = re.findall(rf"<{tag}>(.*?)</{tag}>", text, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(inside.encode()).digest()).decode()
        assert f"{directive} &#39;sha256-{digest}&#39;" in text
    assert "default-src &#39;none&#39;" in text
    assert not re.search(r'(?:src|href)="(?!#|data:,)', text)


def test_no_text_of_the_data_becomes_markup() -> None:
    text = page(hostile())
    tags = Tags(text)
    assert tags.tags.count("script") == 1
    assert not {"img", "iframe", "object", "textarea", "pre"} & set(tags.tags)
    assert not {name for name in tags.attributes if name.startswith("on")} | (
        {"style"} & tags.attributes
    )
    assert not any(part in text for part in ("\x1b", "\x07", "\u202e", "\x9b"))


def test_a_run_without_baseline_scores_or_cases_is_a_page_too() -> None:
    empty = results(tiers={}, cases=[], notices=[], verdict="pass", why="nothing")
    assert "cases <span" in page(empty)


def test_what_passed_is_cut_off_at_some_point_and_what_failed_is_not() -> None:
    before, module.MOST_PASSED = module.MOST_PASSED, 5
    try:
        cases = [CaseResult.model_validate(case(f"p{n}", passed=True)) for n in range(8)]
        cases += [CaseResult.model_validate(case(f"f{n}", passed=False)) for n in range(8)]
        text = page(results(), tuple(cases))
    finally:
        module.MOST_PASSED = before
    assert text.count('<details class="case passed"') == 5
    assert text.count('<details class="case failed"') == 8
    assert "3 more passed and are not drawn here" in text
