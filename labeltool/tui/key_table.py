"""The table of keys of screens and of dialogs that ask; `key_text.py` has the rest of it."""

from __future__ import annotations

from labeltool.tui.key_places import (
    ASKING,
    BECAUSE,
    BRANCH,
    CALIBRATION,
    CASE,
    EVERYWHERE,
    HISTORY,
    HOME,
    INBOX,
    LABEL,
    LINES,
    MERGE,
    RESOLVE,
    ROUND,
    ROUND_CLOSE,
    RUBRIC,
    RUN,
    RUNS,
    WHICH,
    Key,
)

KEYS: tuple[Key, ...] = (
    Key(
        "score",
        "0,1,2,3,4,5,6,7,8,9",
        "score({key})",
        "0-9",
        "Give the focused criterion this score and go to the next one; of numbered answers, this.",
        {LABEL: "score", RESOLVE: "score", MERGE: "score", LINES: "score", BECAUSE: "choose"}
        | {INBOX: "check"},
    ),
    Key(
        "not-applicable",
        "minus",
        "not_applicable",
        "-",
        "The focused criterion does not apply here, where the rubric allows it.",
        {LABEL: "n/a", RESOLVE: "n/a", MERGE: "n/a"},
    ),
    Key(
        "do",
        "enter",
        "do",
        "⏎",
        "Do the highlighted thing: accept the label and go to the next case, or open. With a "
        "criterion unscored it goes to that one.",
        {LABEL: "next", HOME: "go", RUBRIC: "open", HISTORY: "what changed"}
        | {RUNS: "open", RUN: "open", CASE: "label it", RESOLVE: "settle", MERGE: "settle"}
        | {CALIBRATION: "open"}
        | {LINES: "close", BECAUSE: "this one", ROUND: "open it", ROUND_CLOSE: "close it"}
        | {INBOX: "accept"},
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
        "Previous case; what you have so far is kept. In a row of choices, or of judges, the one "
        "before.",
        dict.fromkeys((LABEL, CASE, RESOLVE, MERGE), "previous")
        | {ROUND: "change back", CALIBRATION: "judge before"},
    ),
    Key(
        "next",
        "l,right",
        "next",
        "l",
        "Next case; what you have so far is kept. In a row of choices, or of judges, the one "
        "after.",
        dict.fromkeys((LABEL, CASE, RESOLVE), "next case")
        | {MERGE: "next", ROUND: "change", CALIBRATION: "next judge"},
    ),
    Key(
        "skip",
        "s",
        "skip",
        "s",
        "Skip this output: it counts as answered, without scores; a disagreement or a draft "
        "waits for later.",
        {LABEL: "skip", RESOLVE: "later", MERGE: "later"} | {INBOX: "later"},
    ),
    Key("unsure", "u", "unsure", "u", "Mark the label unsure, or sure again.", {LABEL: "unsure"}),
    Key("flag", "f", "flag", "f", "Flag the output for discussion, and say why.", {LABEL: "flag"}),
    Key(
        "note",
        "n",
        "note",
        "n",
        "Write a note to this label, or to this resolution.",
        {LABEL: "note", RESOLVE: "note", MERGE: "note"},
    ),
    Key(
        "take-a",
        "a",
        "take('A')",
        "a",
        "Take A: the focused criterion is as A has it; of two ways, the first.",
        {RESOLVE: "take A", MERGE: "take A", WHICH: "the first", BRANCH: "the branch"},
    ),
    Key(
        "take-b",
        "b",
        "take('B')",
        "b",
        "Take B: the focused criterion is as B has it; of two ways, the second.",
        {RESOLVE: "take B", MERGE: "take B", WHICH: "the second", BRANCH: "stay here"},
    ),
    Key(
        "take-c",
        "c",
        "take('C')",
        "c",
        "The focused criterion is as C has it, where three people labelled.",
        {RESOLVE: "take C", MERGE: "no C"},
    ),
    Key(
        "reject",
        "x",
        "reject",
        "x",
        "Reject it: a draft is out of scope, for a reason; a branch that is offered is never "
        "offered again.",
        {BRANCH: "stay, never ask"} | {INBOX: "out of scope"},
    ),
    Key(
        "inbox",
        "i",
        "inbox",
        "i",
        "Into the inbox: from home, to what waits there; of a run, the case under the cursor.",
        {HOME: "inbox", RUN: "into the inbox", CASE: "into the inbox"},
    ),
    Key(
        "tier",
        "T",
        "tier",
        "T",
        "The tier that the draft goes into, the next one.",
        {INBOX: "tier"},
    ),
    Key(
        "other",
        "o",
        "other",
        "o",
        "Another score: the levels of the focused criterion to choose from; in a merge, both; "
        "of a draft, other checks.",
        {RESOLVE: "other", MERGE: "both"} | {INBOX: "own check"},
    ),
    Key(
        "because",
        "w",
        "because",
        "w",
        "Why people differed: one of five reasons; a guideline gap opens the amendment.",
        {RESOLVE: "why", MERGE: "why"},
    ),
    Key(
        "undo",
        "z",
        "undo",
        "z",
        "Take my last decision back, by a new commit; in the history, the focused one.",
        {LABEL: "undo", HISTORY: "take back", RESOLVE: "undo", MERGE: "undo"} | {INBOX: "undo"},
    ),
    Key(
        "redo",
        "Z",
        "redo",
        "Z",
        "Bring back what was taken back last, by a new commit.",
        {LABEL: "redo", HISTORY: "redo", RESOLVE: "redo", MERGE: "redo"} | {INBOX: "redo"},
    ),
    Key(
        "why",
        "g",
        "why",
        "g",
        "The focused criterion in full: its levels, what changed and why, what was settled; "
        "of a draft, near cases.",
        {LABEL: "levels", RESOLVE: "levels", MERGE: "levels", LINES: "close"}
        | {INBOX: "near cases"},
    ),
    Key(
        "edit",
        "e",
        "edit",
        "e",
        "Edit the expected answer here: a change of the case, with a commit of its own; of a "
        "draft, tags too.",
        {LABEL: "edit expected"} | {INBOX: "edit"},
    ),
    Key(
        "edit-outside",
        "E",
        "edit_outside",
        "E",
        "Edit the expected answer in the editor that $VISUAL or $EDITOR names.",
        {LABEL: "in $EDITOR"} | {INBOX: "in $EDITOR"},
    ),
    Key(
        "verify",
        "v",
        "verify",
        "v",
        "You have read input and expected of this case and stand by them.",
        {LABEL: "verify"} | {INBOX: "verify"},
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
        {LABEL: "amend", RUBRIC: "amend", RESOLVE: "amend", MERGE: "amend"},
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
        "Mark a run: the next one that is opened stands side by side with it; of drafts, "
        "those that are rejected or put off together; again, unmark it.",
        {RUNS: "mark"} | {INBOX: "mark"},
    ),
    Key(
        "copy",
        "y",
        "copy",
        "y",
        "Copy the id: of the case, or of the run.",
        dict.fromkeys(
            (LABEL, HISTORY, RUNS, RUN, CASE, RESOLVE, MERGE, CALIBRATION, INBOX), "copy id"
        ),
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
        {LABEL: "pane", CASE: "pane", RESOLVE: "input", MERGE: "pane"} | {INBOX: "pane"},
    ),
    Key(
        "pane-back",
        "shift+tab",
        "pane(-1)",
        "shift+tab",
        "Focus the previous text.",
        {LABEL: "pane back", CASE: "pane back", RESOLVE: "pane back", MERGE: "pane back"}
        | {INBOX: "pane back"},
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
)
