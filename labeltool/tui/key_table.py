"""The one table of keys. `labeltool.tui.keys` draws from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from labeltool.tui.key_places import (
    CASE,
    DIALOG,
    EVERYWHERE,
    HISTORY,
    HOME,
    LABEL,
    RESOLVE,
    RUBRIC,
    RUN,
    RUNS,
)


@dataclass(frozen=True, slots=True)
class Key:
    """One key and the one thing it means.

    id      stable: users remap by it
    keys    Textual's names, comma separated
    action  with `{key}` in it, it is bound once per key, and that key is the argument
    shown   how the key is drawn
    does    a sentence for the help
    words   {screen: its short word there}; a screen that is missing does not have the key
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
        "Give the focused criterion this score and go to the next criterion.",
        {LABEL: "score", RESOLVE: "score"},
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
        | {RUNS: "open", RUN: "open", CASE: "label it", RESOLVE: "settle"},
    ),
    Key(
        "down",
        "j,down",
        "down",
        "j",
        "Next criterion; next row in a list.",
        dict.fromkeys(EVERYWHERE, "down"),
    ),
    Key(
        "up",
        "k,up",
        "up",
        "k",
        "Previous criterion; previous row in a list.",
        dict.fromkeys(EVERYWHERE, "up"),
    ),
    Key(
        "previous",
        "h,left",
        "previous",
        "h",
        "Previous case. What you have so far is kept.",
        {LABEL: "previous", CASE: "previous", RESOLVE: "previous"},
    ),
    Key(
        "next",
        "l,right",
        "next",
        "l",
        "Next case. What you have so far is kept.",
        {LABEL: "next case", CASE: "next case", RESOLVE: "next case"},
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
        "The focused criterion is as A has it.",
        {RESOLVE: "take A"},
    ),
    Key(
        "take-b",
        "b",
        "take('B')",
        "b",
        "The focused criterion is as B has it.",
        {RESOLVE: "take B"},
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
        {LABEL: "levels", RESOLVE: "levels"},
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
        dict.fromkeys(EVERYWHERE, "scroll"),
    ),
    Key(
        "page-up",
        "pageup",
        "page_up",
        "pgup",
        "Scroll the focused text up.",
        dict.fromkeys(EVERYWHERE, "scroll up"),
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
        "help",
        "?",
        "This list.",
        dict.fromkeys(EVERYWHERE, "help"),
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
        dict.fromkeys((*EVERYWHERE, DIALOG), "back") | {HOME: "leave"},
    ),
)
