"""Where keys are: the screens and dialogs, and what their footers show of the table."""

from __future__ import annotations

from collections.abc import Mapping

LABEL, HOME, DIALOG = "label", "home", "dialog"
RUBRIC, HISTORY = "rubric", "history"
RUNS, RUN, CASE = "runs", "run", "case"
RESOLVE = "resolve"
EVERYWHERE = (LABEL, HOME, RUBRIC, HISTORY, RUNS, RUN, CASE, RESOLVE)

FOOTER: Mapping[str, tuple[str, ...]] = {
    LABEL: (
        *("score", "do", "skip", "unsure", "flag", "note", "undo"),
        *("why", "page-down", "previous", "next", "verify", "filter"),
        *("difference", "pretty", "edit", "amend"),
    ),
    HOME: ("do", "down", "up", "page-down", "palette"),
    RUBRIC: ("amend", "difference", "page-down", "down", "up", "palette"),
    HISTORY: ("do", "undo", "filter", "page-down", "redo", "down", "up", "palette"),
    RUNS: ("do", "mark", "filter", "page-down", "copy", "down", "up", "palette"),
    RUN: ("do", "filter", "page-down", "copy", "down", "up", "palette"),
    CASE: ("do", "next", "difference", "pane", "page-down", "down", "up", "pretty", "copy"),
    RESOLVE: (
        *("take-a", "take-b", "do", "other", "because", "note", "pane", "amend"),
        *("skip", "why", "undo", "page-down", "previous", "next"),
    ),
}
"""What a footer shows, the most wanted first; `help` and `back` always stand at its right end."""
SCREENS = tuple(FOOTER)
ALWAYS: Mapping[str, tuple[str, ...]] = {
    LABEL: ("help",),
    HOME: ("help", "back"),
    RUBRIC: ("help", "back"),
    HISTORY: ("help", "back"),
    RUNS: ("help", "back"),
    RUN: ("help", "back"),
    CASE: ("help", "back"),
    RESOLVE: ("help",),
}
