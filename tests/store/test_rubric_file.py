"""A rubric that somebody wrote by hand, with comments everywhere, after each kind of amendment."""

from __future__ import annotations

import difflib

import pytest

from labeltool.errors import DataError
from labeltool.model.rubric import Criterion, Rubric
from labeltool.rules.amend import Add, Alter, Edit, Remove, Rescale, apply
from labeltool.store import codec
from labeltool.store.rubric_file import rewritten

PATH = "rubrics/demo.yaml"
BY_HAND = """\
# The head.
name: demo
version: 2   # the version
task: Do it.   # inline

# All the criteria.
criteria:
  - id: clear
    text: It is clear.   # said on Monday
    max: 2
    levels:   # three of them
      # worst
      0: No.
      1: Somewhat.   # rare
      # best
      2: Yes.
    pass_at: 1   # lenient

  # Heading of kind.
  - id: kind
    text: >-
      It is
      kind.
    max: 1   # yes or no

  # Heading of short.
  - {id: short, text: Under 80 words., max: 1, check: {kind: max_words, value: 79}}   # one line

# What changed, newest first.
changelog:
  - version: 2
    date: 2026-11-20
    changed: [kind]   # only this
    reason: Why.
# The end.
"""
ENTRY = [
    "+  - version: 3",
    '+    date: "2026-11-24"',
    "+    changed: [{}]",
    "+    reason: New why.",
]
VERSION = ["-version: 2   # the version", "+version: 3   # the version"]


def changed(edits: list[Edit], text: str = BY_HAND) -> list[str]:
    """The lines that an amendment takes out and puts in."""
    before = codec.decode(text.encode(), Rubric, PATH)
    after = apply(before, edits, date="2026-11-24", reason="New why.")
    new = rewritten(text.encode(), after, PATH)
    assert codec.decode(new, Rubric, PATH) == after
    lines = difflib.ndiff(text.splitlines(), new.decode().splitlines())
    return [f"{line[0]}{line[2:]}" for line in lines if line[0] in "+-"]


def entry(names: str) -> list[str]:
    return [line.format(names) for line in ENTRY]


def test_a_changed_text_keeps_the_comment_behind_it() -> None:
    assert changed([Alter("clear", {"text": "It is plain."})]) == [
        *VERSION,
        "-    text: It is clear.   # said on Monday",
        "+    text: It is plain.   # said on Monday",
        *entry("clear"),
    ]


def test_new_fields_stand_before_the_next_criterions_heading() -> None:
    assert changed([Alter("kind", {"na": True}, {0: "no", 1: "Kind."})]) == [
        *VERSION,
        '+    levels: {0: "no", 1: Kind.}',
        "+    na: true",
        *entry("kind"),
    ]


def test_a_removed_criterion_takes_its_own_heading_along() -> None:
    assert changed([Remove("kind")]) == [
        *VERSION,
        "-  # Heading of kind.",
        "-  - id: kind",
        "-    text: >-",
        "-      It is",
        "-      kind.",
        "-    max: 1   # yes or no",
        "-",
        *entry("kind"),
    ]


def test_an_added_criterion_stands_behind_the_others() -> None:
    brief = Criterion(id="brief", text="Is brief.", max=1, levels={1: "It is: brief."})
    assert changed([Add(brief)]) == [
        *VERSION,
        "+  - id: brief",
        "+    text: Is brief.",
        "+    max: 1",
        '+    levels: {1: "It is: brief."}',
        *entry("brief"),
    ]


def test_a_rescaled_levels_comment_goes_with_its_words() -> None:
    assert changed([Rescale("clear", 0, 4, {0: 0, 1: 2, 2: 4})]) == [
        *VERSION,
        "-    max: 2",
        "+    max: 4",
        "-      1: Somewhat.   # rare",
        "+      2: Somewhat.   # rare",
        "-      2: Yes.",
        "+      4: Yes.",
        "-    pass_at: 1   # lenient",
        "+    pass_at: 2   # lenient",
        *entry("clear"),
    ]


def test_a_level_without_words_loses_its_line_and_its_comment() -> None:
    assert changed([Alter("clear", {"pass_at": None}, {2: None})]) == [
        *VERSION,
        "-      # best",
        "-      2: Yes.",
        "-    pass_at: 1   # lenient",
        *entry("clear"),
    ]


def test_a_criterion_on_one_line_is_changed_on_it() -> None:
    lines = changed([Alter("short", {"weight": 3.0})])
    assert lines[:2] == VERSION
    assert lines[3].startswith("+  - {id: short, text: Under 80 words., max: 1, weight: 3, check")
    assert lines[3].endswith("# one line")


def test_a_file_without_a_changelog_gets_one() -> None:
    text = BY_HAND.partition("\n# What changed")[0] + "\n"
    assert changed([Remove("short")], text)[-5:] == [
        "+changelog:",
        *entry("short"),
    ]


def test_lines_that_end_the_windows_way_still_do() -> None:
    data = BY_HAND.replace("\n", "\r\n").encode()
    before = codec.decode(data, Rubric, PATH)
    after = apply(before, [Remove("kind")], date=None, reason="why")
    assert rewritten(data, after, PATH).count(b"\r\n") == rewritten(data, after, PATH).count(b"\n")


@pytest.mark.parametrize("reason", ["a: b", "# no comment", "two\nlines", "- [x]", "'", "no"])
def test_any_reason_reads_back(reason: str) -> None:
    before = codec.decode(BY_HAND.encode(), Rubric, PATH)
    after = apply(before, [Remove("kind")], date=None, reason=reason)
    assert codec.decode(rewritten(BY_HAND.encode(), after, PATH), Rubric, PATH) == after


def test_a_broken_file_is_not_touched() -> None:
    rubric = codec.decode(BY_HAND.encode(), Rubric, PATH)
    after = apply(rubric, [Remove("kind")], date=None, reason="why")
    with pytest.raises(DataError):
        rewritten(BY_HAND.encode() + b"oops\n", after, PATH)
