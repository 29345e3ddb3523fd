"""Writes docs/keys.md from the app's one table of keys."""

from __future__ import annotations

from pathlib import Path

from labeltool.tui import keys

PAGE = Path(__file__).resolve().parent / "keys.md"
TITLES = {
    keys.HOME: "Home",
    keys.LABEL: "Label",
    keys.RESOLVE: "Resolve",
    keys.MERGE: "A merge that stopped",
    keys.RUBRIC: "Rubric",
    keys.HISTORY: "History",
    keys.RUNS: "Runs",
    keys.RUN: "A run",
    keys.CASE: "A case of a run",
    keys.CALIBRATION: "The judge",
    keys.COMPARE: "A comparison",
    keys.INBOX: "The inbox",
    keys.LINES: "Something to read: help, levels, what a round found",
    keys.WHICH: "A choice of two",
    keys.BRANCH: "A branch that is offered",
    keys.BECAUSE: "Why people differed",
    keys.ROUND: "Opening a round",
    keys.ROUND_CLOSE: "Closing a round",
    keys.WORDS: "A note, a flag",
    keys.FILTER: "A filter",
    keys.ANSWER: "The expected answer",
    keys.AMEND: "An amendment of the rubric",
    keys.DRAFT: "What a draft is to expect and check",
    keys.REASON: "Why something is out of scope",
}

HEAD = """\
# Keys

One key means one thing on every screen. `?` says what has the focus, then shows the list of that
screen or dialog, with your own keys; where a character is text, `f1` does.

Yours are in `$XDG_CONFIG_HOME/labeltool/keys.yaml` (`~/.config/labeltool/keys.yaml`), by the ids
below:

```yaml
skip: X
down: n,down
score.1: '&'
theme: auto          # dark, light, auto; the palette writes it too
```

What cannot be is told on start, with file and line: an unknown id, one key for two things, a key
that no terminal sends (`ctrl+h`, `ctrl+i`, `ctrl+m` arrive as others), a character for one of the
`text-` ids: where those are used it is text.
"""


def page() -> str:
    parts = [HEAD]
    parts += [f"\n## {title}\n\n{keys.docs_table(screen)}" for screen, title in TITLES.items()]
    return "".join(parts)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
