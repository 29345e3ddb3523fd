"""The one table of keys. `labeltool.tui.keys` draws from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from labeltool.tui.key_places import (
    AMEND,
    ANSWER,
    ASKING,
    BECAUSE,
    BRANCH,
    CASE,
    EVERYWHERE,
    FILTER,
    HISTORY,
    HOME,
    LABEL,
    LINES,
    RESOLVE,
    ROUND,
    ROUND_CLOSE,
    RUBRIC,
    RUN,
    RUNS,
    WHICH,
    WORDS,
    WRITING,
)


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


KEYS: tuple[Key, ...] = (
    Key(
        "score",
        "0,1,2,3,4,5,6,7,8,9",
        "score({key})",
        "0-9",
        "Give the focused criterion this score and go to the next one; of numbered answers, this.",
        {LABEL: "score", RESOLVE: "score", LINES: "score", BECAUSE: "choose"},
    ),
    Key(
        "not-applicable",
        "minus",
        "not_applicable",
        "-",
        "The focused criterion does not apply here, where the rubric allows it.",
        {LABEL: "n/a", RESOLVE: "n/a"},
    ),
    Key(
        "do",
        "enter",
        "do",
        "⏎",
        "Do the highlighted thing: accept the label and go to the next case, or open. With a "
        "criterion unscored it goes to that one.",
        {LABEL: "next", HOME: "go", RUBRIC: "open", HISTORY: "what changed"}
        | {RUNS: "open", RUN: "open", CASE: "label it", RESOLVE: "settle"}
        | {LINES: "close", BECAUSE: "this one", ROUND: "open it", ROUND_CLOSE: "close it"},
    ),
    Key(
        "down",
        "j,down",
        "down",
        "j",
        "Next criterion; next row in a list.",
        dict.fromkeys((*EVERYWHERE, LINES, BECAUSE, ROUND), "down"),
    ),
    Key(
        "up",
        "k,up",
        "up",
        "k",
        "Previous criterion; previous row in a list.",
        dict.fromkeys((*EVERYWHERE, LINES, BECAUSE, ROUND), "up"),
    ),
    Key(
        "previous",
        "h,left",
        "previous",
        "h",
        "Previous case; what you have so far is kept. In a row of choices, the one before.",
        {LABEL: "previous", CASE: "previous", RESOLVE: "previous", ROUND: "change back"},
    ),
    Key(
        "next",
        "l,right",
        "next",
        "l",
        "Next case; what you have so far is kept. In a row of choices, the one after.",
        {LABEL: "next case", CASE: "next case", RESOLVE: "next case", ROUND: "change"},
    ),
    Key(
        "skip",
        "s",
        "skip",
        "s",
        "Skip this output: it counts as answered, without scores; a disagreement waits for later.",
        {LABEL: "skip", RESOLVE: "later"},
    ),
    Key("unsure", "u", "unsure", "u", "Mark the label unsure, or sure again.", {LABEL: "unsure"}),
    Key("flag", "f", "flag", "f", "Flag the output for discussion, and say why.", {LABEL: "flag"}),
    Key(
        "note",
        "n",
        "note",
        "n",
        "Write a note to this label, or to this resolution.",
        {LABEL: "note", RESOLVE: "note"},
    ),
    Key(
        "take-a",
        "a",
        "take('A')",
        "a",
        "Take A: the focused criterion is as A has it; of two ways, the first.",
        {RESOLVE: "take A", WHICH: "the first", BRANCH: "the branch"},
    ),
    Key(
        "take-b",
        "b",
        "take('B')",
        "b",
        "Take B: the focused criterion is as B has it; of two ways, the second.",
        {RESOLVE: "take B", WHICH: "the second", BRANCH: "stay here"},
    ),
    Key(
        "take-c",
        "c",
        "take('C')",
        "c",
        "The focused criterion is as C has it, where three people labelled.",
        {RESOLVE: "take C"},
    ),
    Key(
        "reject",
        "x",
        "reject",
        "x",
        "Reject it: a branch that is offered is never offered again.",
        {BRANCH: "stay, never ask"},
    ),
    Key(
        "other",
        "o",
        "other",
        "o",
        "Another score: the levels of the focused criterion, to choose from.",
        {RESOLVE: "other"},
    ),
    Key(
        "because",
        "w",
        "because",
        "w",
        "Why people differed: one of five reasons; a guideline gap opens the amendment.",
        {RESOLVE: "why"},
    ),
    Key(
        "undo",
        "z",
        "undo",
        "z",
        "Take my last decision back, by a new commit; in the history, the focused one.",
        {LABEL: "undo", HISTORY: "take back", RESOLVE: "undo"},
    ),
    Key(
        "redo",
        "Z",
        "redo",
        "Z",
        "Bring back what was taken back last, by a new commit.",
        {LABEL: "redo", HISTORY: "redo", RESOLVE: "redo"},
    ),
    Key(
        "why",
        "g",
        "why",
        "g",
        "The focused criterion in full: its levels, what changed and why, what was settled.",
        {LABEL: "levels", RESOLVE: "levels", LINES: "close"},
    ),
    Key(
        "edit",
        "e",
        "edit",
        "e",
        "Edit the expected answer here: a change of the case, with a commit of its own.",
        {LABEL: "edit expected"},
    ),
    Key(
        "edit-outside",
        "E",
        "edit_outside",
        "E",
        "Edit the expected answer in the editor that $VISUAL or $EDITOR names.",
        {LABEL: "in $EDITOR"},
    ),
    Key(
        "verify",
        "v",
        "verify",
        "v",
        "You have read input and expected of this case and stand by them.",
        {LABEL: "verify"},
    ),
    Key(
        "difference",
        "d",
        "difference",
        "d",
        "What the output and the expected answer differ in, word by word, then what the outputs of "
        "two runs do; in the rubric, two versions; again, back.",
        {LABEL: "difference", RUBRIC: "versions", CASE: "difference"},
    ),
    Key(
        "pretty",
        "p",
        "pretty",
        "p",
        "Lay JSON out for reading, one member a line; again, as it is.",
        {LABEL: "pretty", CASE: "pretty"},
    ),
    Key(
        "amend",
        "r",
        "amend",
        "r",
        "The rubric is unclear here: amend the focused criterion, and say why.",
        {LABEL: "amend", RUBRIC: "amend", RESOLVE: "amend"},
    ),
    Key(
        "filter",
        "slash",
        "filter",
        "/",
        "Show only some of the list: by words; outputs and cases also by tier, tag and state, "
        "decisions by who decided and kind.",
        {LABEL: "filter", HISTORY: "filter", RUNS: "filter", RUN: "filter"},
    ),
    Key(
        "mark",
        "m",
        "mark",
        "m",
        "Mark a run: the next one that is opened stands side by side with it; again, unmark it.",
        {RUNS: "mark"},
    ),
    Key(
        "copy",
        "y",
        "copy",
        "y",
        "Copy the id: of the case, or of the run.",
        dict.fromkeys((LABEL, HISTORY, RUNS, RUN, CASE, RESOLVE), "copy id"),
    ),
    Key(
        "page-down",
        "space,pagedown",
        "page_down",
        "space",
        "Scroll the focused text down.",
        dict.fromkeys(EVERYWHERE, "scroll") | {LINES: "more"},
    ),
    Key(
        "page-up",
        "pageup",
        "page_up",
        "pgup",
        "Scroll the focused text up.",
        dict.fromkeys((*EVERYWHERE, LINES), "scroll up"),
    ),
    Key(
        "pane",
        "tab",
        "pane(1)",
        "tab",
        "Focus the next text.",
        {LABEL: "pane", CASE: "pane", RESOLVE: "input"},
    ),
    Key(
        "pane-back",
        "shift+tab",
        "pane(-1)",
        "shift+tab",
        "Focus the previous text.",
        {LABEL: "pane back", CASE: "pane back", RESOLVE: "pane back"},
    ),
    Key(
        "help",
        "question_mark,f1",
        "app.help",
        "?",
        "What has the focus, then this list.",
        dict.fromkeys((*EVERYWHERE, *ASKING), "help") | {LINES: "close"},
    ),
    Key(
        "palette",
        "colon,ctrl+p",
        "app.command_palette",
        ":",
        "Everything that can be done here, by name; light and dark too.",
        dict.fromkeys(EVERYWHERE, "palette"),
    ),
    Key(
        "back",
        "escape,q",
        "back",
        "esc",
        "Back one step, losing nothing; from home, leave.",
        dict.fromkeys((*EVERYWHERE, LINES, BECAUSE), "back")
        | {HOME: "leave", WHICH: "decide later", BRANCH: "stay"}
        | {ROUND: "not now", ROUND_CLOSE: "not now"},
    ),
    # Where a character is text, only keys that write nothing can do something.
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
