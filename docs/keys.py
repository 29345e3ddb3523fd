"""Writes docs/keys.md from the app's one table of keys."""

from __future__ import annotations

from pathlib import Path

from labeltool.tui import keys

PAGE = Path(__file__).resolve().parent / "keys.md"
TITLES = {
    keys.HOME: "Home",
    keys.LABEL: "Label",
    keys.RUBRIC: "Rubric",
    keys.HISTORY: "History",
}


def page() -> str:
    parts = ["# Keys\n\nOne key means one thing on every screen. `?` shows this list in the app.\n"]
    parts += [f"\n## {title}\n\n{keys.docs_table(screen)}" for screen, title in TITLES.items()]
    return "".join(parts)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
