"""Draws docs/browser.png: `labeltool serve` over a copy of the sample, in a headless Chromium.

Run it from the root: `.venv/bin/python -m docs.browser`. Needs the extra `serve` and a Chromium.
"""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path

from tests.tui.chromium import chromium, program
from tests.tui.page import Served
from tests.tui.sample import copy_of_sample

PICTURE = Path(__file__).resolve().with_name("browser.png")
SIZE = (1060, 545)
MOST_BYTES = 200_000


async def drawn(folder: Path) -> bytes:
    """One case labelled and committed, the next one half way: as docs/label.svg has it."""
    repo = copy_of_sample(folder / "sample")
    with Served(repo) as served:
        async with chromium(folder / "profile", size=SIZE) as page:
            await page.go(served.url)
            await page.until_received("support-summary@2")
            await page.press("\r")
            await page.until_received("expected")
            await page.press("212\r")
            await page.until_received("committed")
            await page.press("2")
            await page.until_received("[2]")
            await page.until_painted()
            return await page.picture()


def main() -> int:
    if program() is None:
        print("no Chromium is installed")
        return 1
    with tempfile.TemporaryDirectory() as name:
        png = asyncio.run(drawn(Path(name)))
    if len(png) >= MOST_BYTES:
        print(f"{len(png)} bytes are too many for the repository")
        return 1
    PICTURE.write_bytes(png)
    print(f"wrote {PICTURE.name}, {len(png)} bytes")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
