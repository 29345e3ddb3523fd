"""What a key is, and where keys are: screens, dialogs, and what their footers show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

LABEL, HOME = "label", "home"
RUBRIC, HISTORY = "rubric", "history"
RUNS, RUN, CASE = "runs", "run", "case"
RESOLVE, MERGE = "resolve", "merge"
CALIBRATION, INBOX, COMPARE = "calibration", "inbox", "compare"
EVERYWHERE = (
    *(LABEL, HOME, RUBRIC, HISTORY, RUNS, RUN, CASE, RESOLVE, MERGE, CALIBRATION),
    *(INBOX, COMPARE),
)

LINES, WHICH, BRANCH, BECAUSE = "lines", "which", "branch", "because"
ROUND, ROUND_CLOSE = "round", "round-close"
ASKING = (WHICH, BRANCH, BECAUSE, ROUND, ROUND_CLOSE)
WORDS, FILTER, ANSWER, AMEND = "words", "filter", "answer", "amend"
DRAFT, REASON = "draft", "reason"
WRITING = (WORDS, FILTER, ANSWER, AMEND, DRAFT, REASON)
"""Dialogs in which a character is text: their keys are those that write nothing."""
DIALOGS = (LINES, *ASKING, *WRITING)


@dataclass(frozen=True, slots=True)
class Key:
    """One key and the one thing it means.

    id      stable: users remap by it
    keys    Textual's names, comma separated
    action  with `{key}` in it, it is bound once per key, and that key is the argument
    shown   how the key is drawn
    does    a sentence for the help
    words   {screen or dialog: its short word there}; one that is missing does not have the key
    """

    id: str
    keys: str
    action: str
    shown: str
    does: str
    words: Mapping[str, str]


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
    MERGE: ("take-a", "take-b", "do", "other", "note", "page-down", "next", "previous", "why"),
    CALIBRATION: ("do", "page-down", "down", "up", "next", "previous", "copy", "palette"),
    COMPARE: ("do", "filter", "page-down", "copy", "down", "up", "palette"),
    INBOX: (
        *("do", "score", "edit", "reject", "skip", "why", "other", "tier", "mark", "undo"),
        *("page-down", "pane", "verify", "down", "up"),
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
    DRAFT: ("text-next", "text-restore", "text-empty"),
    REASON: ("text-done", "text-empty"),
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
    MERGE: ("help", "back"),
    CALIBRATION: ("help", "back"),
    COMPARE: ("help", "back"),
    INBOX: ("help",),
    LINES: ("back",),
    **dict.fromkeys(ASKING, ("help", "back")),
    **dict.fromkeys(WRITING, ("text-help", "text-back")),
}
