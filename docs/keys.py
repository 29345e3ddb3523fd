"""Writes docs/keys.md from the app's one table of keys."""

from __future__ import annotations

from pathlib import Path

from labeltool.tui import keys

PAGE = Path(__file__).resolve().parent / "keys.md"
TITLES = {
    keys.HOME: "Home",
    keys.LABEL: "Label",
    keys.RESOLVE: "Resolve",
    keys.RUBRIC: "Rubric",
    keys.HISTORY: "History",
    keys.RUNS: "Runs",
    keys.RUN: "A run",
    keys.CASE: "A case of a run",
}

HEAD = """\
# Keys

One key means one thing on every screen. `?` shows this list in the app, with your own keys.

Yours are in `$XDG_CONFIG_HOME/labeltool/keys.yaml` (`~/.config/labeltool/keys.yaml`), by the ids
below:

```yaml
skip: x
down: n,down
score.1: '&'
theme: auto          # dark, light, auto; the palette writes it too
```

What cannot be is told on start, with file and line: an unknown id, one key for two things, a key
that no terminal sends (`ctrl+h`, `ctrl+i`, `ctrl+m` arrive as others).
"""


def page() -> str:
    parts = [HEAD]
    parts += [f"\n## {title}\n\n{keys.docs_table(screen)}" for screen, title in TITLES.items()]
    return "".join(parts)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
