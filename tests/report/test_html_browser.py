"""The page in a real browser, from disk."""

from __future__ import annotations

from pathlib import Path

import pytest

from labeltool.model.result import Results
from labeltool.report.html import html
from tests.report.samples_baseline import broke
from tests.report.test_html import hostile
from tests.tui.chromium import Page, chromium, program

pytestmark = pytest.mark.skipif(program() is None, reason="needs a Chromium")
LOADED = """new Promise(done => {
  const look = () => document.readyState === "complete" && document.getElementById("list")
    ? done() : setTimeout(look, 20);
  look();
})"""


async def opened(page: Page, folder: Path, results: Results) -> str:
    file = folder / "run.html"
    file.write_bytes(b"".join(html(results, results.cases)))
    url = file.as_uri()
    await page.go(url)
    await page.value(LOADED)
    return url


async def test_hostile_texts_run_nothing_and_fetch_nothing(tmp_path: Path) -> None:
    async with chromium(tmp_path / "profile") as page:
        await page.send("Page.addScriptToEvaluateOnNewDocument", source="window.alert=()=>hit=1")
        url = await opened(page, tmp_path, hostile())
        await page.value("for (const one of document.querySelectorAll('details')) one.open = true")
        await page.until_painted()
        assert await page.value("typeof hit") == "undefined"
        assert [one for one in page.requests if one not in (url, "data:,")] == []
        assert page.complaints == []
        # Even markup that came through would be stopped by the policy of the page.
        await page.value(
            "document.body.insertAdjacentHTML('beforeend', "
            "'<img src=http://127.0.0.1:9/x onerror=alert(1)><b onclick=alert(1) id=b></b>')"
        )
        await page.value("document.getElementById('b').click()")
        await page.until_painted()
        assert await page.value("typeof hit") == "undefined"
        assert any("Content Security Policy" in said for said in page.complaints)


async def test_cases_are_found_sorted_and_opened(tmp_path: Path) -> None:
    ids = "Array.from(document.querySelectorAll('.case:not([hidden])'), one => one.dataset.id)"
    async with chromium(tmp_path / "profile", size=(400, 800)) as page:
        await opened(page, tmp_path, broke())
        assert (await page.value(ids))[0] == "late"
        await page.value("document.querySelector('[data-sort=id] button').click()")
        assert await page.value(ids) == ["bad", "good", "known", "late", "old", "ugly"]
        await page.value("document.querySelector('[data-sort=id] button').click()")
        assert (await page.value(ids))[0] == "ugly"
        await page.value(
            "for (const field of [document.getElementById('find')]) {"
            "  field.value = 'regression'; field.dispatchEvent(new Event('input')) }"
        )
        assert await page.value(ids) == ["late"]
        assert await page.value("document.getElementById('shown').textContent") == "1 of 6"
        await page.value("document.querySelector('.lost h3 a').click()")
        assert await page.value(
            "new Promise(done => setTimeout(() => done(document.getElementById('case-late').open)))"
        )
        assert await page.value("document.documentElement.scrollWidth") <= 400
        assert page.complaints == []
