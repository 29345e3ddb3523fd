"""Draws docs/label.svg: the real app over a copy of the sample, always the same picture.

Run it from anywhere: `.venv/bin/python docs/screenshot.py`. With `--check` it writes nothing and
ends with 1 where the picture in the repository is not the one the app draws now.
"""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from textual.pilot import Pilot

from labeltool.commands.context import Context
from labeltool.tui.app import LabeltoolApp
from labeltool.tui.screens.label import LabelScreen

ROOT = Path(__file__).resolve().parent.parent
PICTURE = ROOT / "docs" / "label.svg"
SIZE = (116, 30)
FIRST = "0018-gym-freeze-knee"
NOW = datetime(2026, 11, 23, 18, 40, tzinfo=UTC)
SAMPLE = ("labeltool.yaml", "rubrics", "datasets", ".gitignore", ".gitattributes")
FONTS = "ui-monospace, 'SF Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace"


def copy_of_sample(folder: Path) -> dict[str, str]:
    """The sample as a repository; returns the environment that makes its hashes the same."""
    for name in SAMPLE:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        elif source.exists():
            shutil.copy(source, folder / name)
    env = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    env |= {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "LABELTOOL_THEME": "dark"}
    for who in ("AUTHOR", "COMMITTER"):
        env[f"GIT_{who}_NAME"], env[f"GIT_{who}_EMAIL"] = "Alice", "alice@example.org"
        env[f"GIT_{who}_DATE"] = NOW.isoformat()
    for command in (["init", "-q", "-b", "main"], ["add", "."], ["commit", "-q", "-m", "start"]):
        subprocess.run(["git", *command], cwd=folder, env=env, check=True)
    return env


class Clock:
    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


async def drawn(folder: Path, env: Mapping[str, str]) -> str:
    """One case labelled and committed, the next one half way."""
    clock = Clock()
    ctx = Context.find(folder, env={**env, "LABELTOOL_ANNOTATOR": "alice"}, now=lambda: NOW)
    app = LabeltoolApp(ctx, at="label", wish={"case": FIRST}, clock=clock)
    async with app.run_test(size=SIZE) as pilot:
        await settled(app, pilot)
        clock.seconds += 52
        await press(app, pilot, "2", "1", "2", "enter")
        clock.seconds += 17
        await press(app, pilot, "1")
        screen = app.screen
        assert isinstance(screen, LabelScreen)
        assert screen.session is not None
        await asyncio.to_thread(screen.session.flush, 60)
        await settled(app, pilot)
        svg = app.export_screenshot(title="labeltool label")
    ctx.close()
    return portable(svg)


async def press(app: LabeltoolApp, pilot: Pilot[None], *keys: str) -> None:
    for key in keys:
        await pilot.press(key)
        await settled(app, pilot)


async def settled(app: LabeltoolApp, pilot: Pilot[None]) -> None:
    for _ in range(3):
        await pilot.pause()
        if isinstance(app.screen, LabelScreen):
            await asyncio.wrap_future(app.screen.desk.idle())
    await pilot.pause()


def portable(svg: str) -> str:
    """Without fonts from another host: the reader's own monospace font will do."""
    svg = re.sub(r"\s*@font-face \{.*?\}", "", svg, flags=re.DOTALL)
    svg = re.sub(r"font-family: [^;]*;", f"font-family: {FONTS};", svg)
    outside = [url for url in re.findall(r"https?://[^\s\"')]+", svg) if "www.w3.org" not in url]
    if re.search(r"url\(\s*[\"']?https?:", svg):
        raise SystemExit(f"the picture still refers to {outside}")
    return svg.rstrip() + "\n"


def main() -> int:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "sample"
        folder.mkdir()
        env = copy_of_sample(folder)
        svg = asyncio.run(drawn(folder, env))
    if "--check" in sys.argv[1:]:
        same = PICTURE.exists() and PICTURE.read_text(encoding="utf-8") == svg
        print("docs/label.svg is up to date" if same else "docs/label.svg is out of date")
        return 0 if same else 1
    PICTURE.write_text(svg, encoding="utf-8")
    print(f"wrote {PICTURE.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
