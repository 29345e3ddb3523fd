"""The table of keys where a character is text: only keys that write nothing can do something."""

from __future__ import annotations

from labeltool.tui.key_places import AMEND, ANSWER, DRAFT, FILTER, REASON, WORDS, WRITING, Key

KEYS: tuple[Key, ...] = (
    Key(
        "text-done",
        "enter",
        "done",
        "⏎",
        "Keep what is written.",
        {WORDS: "keep", FILTER: "show", REASON: "out of scope"},
    ),
    Key(
        "text-save",
        "ctrl+s",
        "save",
        "ctrl+s",
        "Save what is written: of a case or a rubric as a commit of its own.",
        {ANSWER: "save", AMEND: "amend", DRAFT: "keep"},
    ),
    Key(
        "text-next",
        "tab",
        "field(1)",
        "tab",
        "Write in the next field.",
        {AMEND: "next field", DRAFT: "next field"},
    ),
    Key(
        "text-previous",
        "shift+tab",
        "field(-1)",
        "shift+tab",
        "Write in the field before.",
        {AMEND: "field before", DRAFT: "field before"},
    ),
    Key(
        "text-line",
        "ctrl+j,shift+enter,alt+enter",
        "line",
        "ctrl+j",
        "A new line; where enter keeps nothing yet, it writes one too.",
        {WORDS: "new line", ANSWER: "new line", AMEND: "new line", DRAFT: "new line"},
    ),
    Key(
        "text-restore",
        "ctrl+r",
        "restore",
        "ctrl+r",
        "The text as it was before anything was written.",
        {ANSWER: "as in the file", AMEND: "as in the rubric", DRAFT: "as it was"},
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
        {WORDS: "keep", FILTER: "back", ANSWER: "keep for later", AMEND: "keep for later"}
        | {DRAFT: "keep", REASON: "back"},
    ),
)
