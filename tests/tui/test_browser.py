"""Labelling in a real browser, over a copy of the sample."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import pytest

from tests.small_repo import Repo
from tests.tui.chromium import PATIENCE_S, chromium, program
from tests.tui.page import Served
from tests.tui.sample import copy_of_sample

pytest.importorskip("textual_serve", reason="needs the extra `serve`")
pytestmark = pytest.mark.skipif(program() is None, reason="needs a Chromium")


async def until_committed(repo: Repo, commits: int) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while await asyncio.to_thread(repo.commits) < commits:
        assert time.monotonic() < deadline, "nothing was committed"
        await asyncio.sleep(0.02)


async def test_a_case_is_labelled_in_the_browser(tmp_path: Path) -> None:
    repo = copy_of_sample(tmp_path / "repo")
    with Served(repo) as served:
        async with chromium(tmp_path / "profile") as page:
            await page.go(served.url)
            await page.until_received("support-summary@2")
            assert await page.value("location.href") == f"{served.origin}/"
            assert await page.value("document.cookie") == ""  # HttpOnly
            await page.click(400, 300)
            await page.press("\r")
            await page.until_received("expected")
            await page.press("212\r")
            await until_committed(repo, 2)
            changed = repo.git("show", "--name-status", "--format=%s%n%an", "HEAD").split("\n")
            # An address in an output becomes a link: a click on one must not open a window.
            assert await page.value("window.open('about:blank') === null")
            blocked = [said for said in page.complaints if "allow-popups" in said]
            assert [said for said in page.complaints if said not in blocked] == []
            assert all(url.split("/")[2] == served.host for url in page.requests), page.requests
    assert "Alice" in changed
    (path,) = [line.split("\t")[1] for line in changed if line.startswith("A\t")]
    assert path.startswith("datasets/support-summaries/labels/alice/")
    assert "action_items: 2" in repo.read(path)
