"""Where keys are: the screens and dialogs, and what their footers show of the table."""

from __future__ import annotations

from collections.abc import Mapping

LABEL, HOME = "label", "home"
RUBRIC, HISTORY = "rubric", "history"
RUNS, RUN, CASE = "runs", "run", "case"
RESOLVE = "resolve"
EVERYWHERE = (LABEL, HOME, RUBRIC, HISTORY, RUNS, RUN, CASE, RESOLVE)

LINES, WHICH, BRANCH, BECAUSE = "lines", "which", "branch", "because"
ROUND, ROUND_CLOSE = "round", "round-close"
ASKING = (WHICH, BRANCH, BECAUSE, ROUND, ROUND_CLOSE)
WORDS, FILTER, ANSWER, AMEND = "words", "filter", "answer", "amend"
WRITING = (WORDS, FILTER, ANSWER, AMEND)
"""Dialogs in which a character is text: their keys are those that write nothing."""
DIALOGS = (LINES, *ASKING, *WRITING)

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
    LINES: ("page-down",),
    WHICH: ("take-a", "take-b"),
    BRANCH: ("take-a", "take-b", "reject"),
    BECAUSE: ("score", "do", "down"),
    ROUND: ("do", "down", "next", "previous"),
    ROUND_CLOSE: ("do",),
    WORDS: ("text-done", "text-line", "text-empty"),
    FILTER: ("text-done", "text-empty"),
    ANSWER: ("text-save", "text-restore", "text-empty"),
    AMEND: ("text-save", "text-next", "text-restore", "text-empty"),
}
"""What a footer shows, the most wanted first; what is always there stands at its right end."""
SCREENS = tuple(place for place in FOOTER if place not in DIALOGS)
ALWAYS: Mapping[str, tuple[str, ...]] = {
    LABEL: ("help",),
    HOME: ("help", "back"),
    RUBRIC: ("help", "back"),
    HISTORY: ("help", "back"),
    RUNS: ("help", "back"),
    RUN: ("help", "back"),
    CASE: ("help", "back"),
    RESOLVE: ("help",),
    LINES: ("back",),
    **dict.fromkeys(ASKING, ("help", "back")),
    **dict.fromkeys(WRITING, ("text-help", "text-back")),
}
