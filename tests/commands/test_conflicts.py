"""What only people can settle: read from the index, chosen as whole files, concluded once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from labeltool.commands.conflict_choices import choices
from labeltool.commands.conflicts import (
    finish_merge,
    open_conflicts,
    settle_conflict,
)
from labeltool.commands.sync import sync
from labeltool.errors import Conflict, DataError, RepositoryError, UsageError
from labeltool.model.resolution import Resolution
from labeltool.model.rubric import Rubric
from labeltool.store import codec
from tests.small_repo import FILES
from tests.two_clones import FACTS, RUBRIC, TONE, Clone, Pair, resolution_path


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Pair]:
    pair = Pair.make(tmp_path)
    for clone in (pair.ann, pair.bob):
        clone.git("switch", "-qc", "labels/shared")
    yield pair
    pair.close()


def stopped(pair: Pair) -> Clone:
    """Ann's side is on the hub, Bob's merge of it has stopped."""
    sync(pair.ann.context())
    done = sync(pair.bob.context())
    assert done.stopped is not None
    return pair.bob


def amended(old: str, new: str, changed: str, reason: str) -> str:
    text = FILES[RUBRIC].replace(old, new).replace("version: 2\ncriteria", "version: 3\ncriteria")
    return text + f"  - {{version: 3, changed: [{changed}], reason: {reason}}}\n"


def rubric(data: bytes | None) -> Rubric:
    assert data is not None
    return codec.decode(data, Rubric, RUBRIC)


def test_two_resolutions_are_read_side_by_side_and_one_is_taken(pair: Pair) -> None:
    pair.ann.resolve("one", 1, note="As the guide says.")
    pair.bob.resolve("one", 2)
    bob = stopped(pair)
    [conflict] = open_conflicts(bob.context())
    assert (conflict.kind, conflict.dataset, conflict.system, conflict.case) == (
        *("resolution", "mails", "v1", "one"),
    )
    assert (conflict.ours_by, conflict.theirs_by) == ("bob", "ann")
    assert conflict.what == "both resolved the same output"
    assert conflict.base is None
    assert isinstance(conflict.theirs_noun, Resolution)
    assert conflict.theirs_noun.scores == {"tone": 1}
    ours, theirs = choices(bob.context(), conflict)
    assert (ours.words, theirs.words) == ("take bob's", "take ann's")
    settle_conflict(bob.context(), conflict, theirs.content)
    assert open_conflicts(bob.context()) == ()
    with pytest.raises(Conflict, match="settled meanwhile"):
        settle_conflict(bob.context(), conflict, ours.content)
    done = finish_merge(bob.context())
    assert done.commit == bob.git("rev-parse", "HEAD").strip()
    assert bob.read(resolution_path("one")) == pair.ann.read(resolution_path("one"))
    assert sync(bob.context()).pushed == 2


def test_a_third_answer_may_settle_it(pair: Pair) -> None:
    pair.ann.resolve("one", 1)
    pair.bob.resolve("one", 2)
    bob = stopped(pair)
    [conflict] = open_conflicts(bob.context())
    assert isinstance(conflict.ours_noun, Resolution)
    third = conflict.ours_noun.model_copy(update={"scores": {"tone": 0}, "note": "Neither."})
    settle_conflict(bob.context(), conflict, third)
    finish_merge(bob.context())
    assert "tone: 0" in bob.read(resolution_path("one"))


def test_what_does_not_belong_there_is_refused(pair: Pair) -> None:
    pair.ann.resolve("one", 1)
    pair.bob.resolve("one", 2)
    bob = stopped(pair)
    [conflict] = open_conflicts(bob.context())
    assert conflict.ours is not None
    with pytest.raises(DataError, match="says 'two', its path says 'one'"):
        settle_conflict(bob.context(), conflict, conflict.ours.replace(b"case: one", b"case: two"))
    with pytest.raises(DataError):
        settle_conflict(bob.context(), conflict, b"<<<<<<< ours\n")
    with pytest.raises(RepositoryError, match="waits for a decision on 1 file"):
        finish_merge(bob.context())


def test_two_amendments_become_a_version_of_their_own(pair: Pair) -> None:
    pair.ann.commit(RUBRIC, amended(TONE, TONE.replace("fits", "suits"), "tone", "Unclear."))
    pair.bob.commit(RUBRIC, amended(FACTS, FACTS.replace("there", "right"), "facts", "Vague."))
    bob = stopped(pair)
    [conflict] = open_conflicts(bob.context())
    assert conflict.what == "both amended it, to version 3"
    assert (conflict.ours_by, conflict.theirs_by) == ("Bob", "Ann")
    found = {one.key: one for one in choices(bob.context(), conflict)}
    both = rubric(found["both"].content)
    assert both.version == 4
    assert [criterion.text for criterion in both.by_hand] == [
        "The tone suits.",
        "The facts are right.",
    ]
    # Labels were given under either meaning of version 3, so both criteria are asked again.
    assert both.changed_since(3) == {"tone", "facts"}
    assert both.changed_since(2) == {"tone", "facts"}
    three = next(one for one in both.changelog if one.version == 3)
    assert three.reason == "Vague.\nUnclear."
    theirs = rubric(found["theirs"].content)
    assert theirs.version == 4
    assert theirs.changed_since(3) == {"tone", "facts"}
    with pytest.raises(UsageError, match="means two things"):
        settle_conflict(bob.context(), conflict, conflict.theirs)
    settle_conflict(bob.context(), conflict, found["both"].content)
    finish_merge(bob.context())
    done = bob.labeltool("check")
    assert done.returncode == 0, done.stderr + done.stdout


def test_amendments_of_the_same_criterion_cannot_both_stand(pair: Pair) -> None:
    pair.ann.commit(RUBRIC, amended(TONE, TONE.replace("fits", "suits"), "tone", "Unclear."))
    pair.bob.commit(RUBRIC, amended(TONE, TONE.replace("fits", "is right"), "tone", "Vague."))
    bob = stopped(pair)
    [conflict] = open_conflicts(bob.context())
    found = choices(bob.context(), conflict)
    assert [one.key for one in found] == ["ours", "theirs"]
    assert rubric(found[0].content).criteria[0].text == "The tone is right."


def test_comments_of_a_rubric_survive(pair: Pair) -> None:
    for clone in (pair.ann, pair.bob):
        clone.git("switch", "-q", "main")
    remark = "# Read the guide first.\n" + FILES[RUBRIC]
    pair.ann.commit(RUBRIC, remark)
    pair.ann.git("push", "-q", "origin", "main")
    pair.bob.git("pull", "-q")
    for clone in (pair.ann, pair.bob):
        clone.git("switch", "-q", "labels/shared")
        clone.git("merge", "-q", "main")
    head = "# Read the guide first.\n"
    pair.ann.commit(RUBRIC, head + amended(TONE, TONE.replace("fits", "suits"), "tone", "A"))
    pair.bob.commit(RUBRIC, head + amended(FACTS, FACTS.replace("there", "right"), "facts", "B"))
    bob = stopped(pair)
    [conflict] = open_conflicts(bob.context())
    for choice in choices(bob.context(), conflict):
        assert choice.content is not None
        assert choice.content.startswith(head.encode())


def test_a_round_that_both_opened_is_a_conflict(pair: Pair) -> None:
    path = "datasets/mails/rounds/1.yaml"
    for clone, case in ((pair.ann, "one"), (pair.bob, "two")):
        text = (
            "number: 1\nrubric: mail@2\nsystem: v1\nannotators: [ann, bob]\n"
            f"outputs:\n- case: {case}\nopened_by: {clone.who}\n"
        )
        clone.commit(path, text)
    bob = stopped(pair)
    [conflict] = open_conflicts(bob.context())
    assert conflict.what == "both opened this round"
    assert (conflict.ours_by, conflict.theirs_by) == ("bob", "ann")


def test_a_file_of_nobodys_keeps_its_markers_and_is_named(pair: Pair) -> None:
    pair.ann.commit("README.md", "ann\n")
    pair.bob.commit("README.md", "bob\n")
    bob = stopped(pair)
    [conflict] = open_conflicts(bob.context())
    assert (conflict.path, conflict.kind) == ("README.md", "other")
    assert "<<<<<<<" in bob.read("README.md")
    settle_conflict(bob.context(), conflict, b"both\n")
    finish_merge(bob.context())
    assert bob.read("README.md") == "both\n"


def test_a_resolution_taken_away_on_one_side_is_asked_about(pair: Pair) -> None:
    pair.ann.resolve("one", 1)
    sync(pair.ann.context())
    sync(pair.bob.context())
    pair.ann.commit(resolution_path("one"), None)
    pair.bob.resolve("one", 2)
    bob = stopped(pair)
    [conflict] = open_conflicts(bob.context())
    assert conflict.theirs is None
    theirs = choices(bob.context(), conflict)[1]
    assert theirs.words == "take it away"
    settle_conflict(bob.context(), conflict, theirs.content)
    finish_merge(bob.context())
    assert not (bob.root / resolution_path("one")).exists()


def test_without_a_merge_there_is_nothing_to_finish(pair: Pair) -> None:
    assert open_conflicts(pair.ann.context()) == ()
    with pytest.raises(RepositoryError, match="no merge in progress"):
        finish_merge(pair.ann.context())
