"""The table of keys where a character is text: only keys that write nothing can do something."""

from __future__ import annotations

from labeltool.tui.key_places import AMEND, ANSWER, FILTER, WORDS, WRITING, Key

KEYS: tuple[Key, ...] = (
    Key(
        "text-done",
        "enter",
        "done",
        "⏎",
        "Keep what is written.",
        {WORDS: "keep", FILTER: "show"},
    ),
    Key(
        "text-save",
        "ctrl+s",
        "save",
        "ctrl+s",
        "Save what is written, as a commit of its own.",
        {ANSWER: "save", AMEND: "amend"},
    ),
    Key(
        "text-next",
        "tab",
        "field(1)",
        "tab",
        "Write in the next field.",
        {AMEND: "next field"},
    ),
    Key(
        "text-previous",
        "shift+tab",
        "field(-1)",
        "shift+tab",
        "Write in the field before.",
        {AMEND: "field before"},
    ),
    Key(
        "text-line",
        "ctrl+j,shift+enter,alt+enter",
        "line",
        "ctrl+j",
        "A new line; where enter keeps nothing yet, it writes one too.",
        {WORDS: "new line", ANSWER: "new line", AMEND: "new line"},
    ),
    Key(
        "text-restore",
        "ctrl+r",
        "restore",
        "ctrl+r",
        "The text as it was before anything was written.",
        {ANSWER: "as in the file", AMEND: "as in the rubric"},
    ),
    Key(
        "text-empty",
        "ctrl+l",
        "empty",
        "ctrl+l",
        "Empty the text.",
        dict.fromkeys(WRITING, "empty it"),
    ),
    Key(
        "text-help",
        "f1",
        "app.help",
        "f1",
        "What is asked here, then this list.",
        dict.fromkeys(WRITING, "help"),
    ),
    Key(
        "text-back",
        "escape",
        "back",
        "esc",
        "Back one step. What was written is kept, as a draft where it is not decided yet.",
        {WORDS: "keep", FILTER: "back", ANSWER: "keep for later", AMEND: "keep for later"},
    ),
)
