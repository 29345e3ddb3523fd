"""A round: opened, labelled blindly by two, closed; and again, until the rubric is stable."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from labeltool.commands.resolve import disagreements, settle
from labeltool.commands.round import close_round, open_round, show_round
from labeltool.commands.rubric_amend import amend, propose
from labeltool.commands.rubric_status import rubric_status
from labeltool.commands.undo import undo
from labeltool.errors import DataError, UnknownName, UsageError
from labeltool.rules.amend import Alter
from tests.rounds import label_all, make, read_round, write_labels
from tests.small_repo import Repo

PAIR = ("ann", "bob")


@pytest.fixture
def repo(tmp_path: Path) -> Iterator[Repo]:
    repo = make(tmp_path / "repo")
    yield repo
    repo.close()


def test_two_people_take_a_rubric_from_nothing_to_stable(repo: Repo) -> None:
    ann, bob = repo.context(), repo.context(LABELTOOL_ANNOTATOR="bob")
    assert rubric_status(ann).stage.name == "draft"
    assert rubric_status(ann).next.endswith("labeltool round open")

    first = open_round(ann, outputs=12, annotators=PAIR).round
    cases = [output.case for output in first.outputs]
    label_all(ann, cases, lambda n: n % 3)
    halfway = rubric_status(bob)
    assert (halfway.stage.name, halfway.done) == ("round", {"ann": 12, "bob": 0})
    assert halfway.open_disagreements == 0
    assert halfway.next == "label what is left of round 1 (bob all 12): labeltool label"
    label_all(bob, cases, lambda n: (n + 1) % 3 if n < 4 else n % 3)
    assert rubric_status(bob).open_disagreements == 0, "blind until it is closed"
    assert rubric_status(bob).next == "everybody has labelled round 1: labeltool round close"

    closed = close_round(bob)
    assert not closed.criteria["tone"].holds
    assert len(closed.disagreed) == 4
    assert closed.next == "4 disagreements wait to be resolved: labeltool resolve"
    for one in disagreements(ann):
        settle(ann, one.case, ["tone=1"], because="guideline_gap")
    loose = rubric_status(ann)
    assert (loose.stage.name, loose.open_disagreements) == ("draft", 0)
    assert loose.next.startswith("tone does not hold: tighten it with labeltool rubric amend")
    amend(ann, propose(ann, "mail", [Alter("tone", {"text": "It is kind."})], reason="Vague."))

    amended = rubric_status(ann)
    assert (amended.rubric.ref, amended.stale_labels) == ("mail@2", 24)
    assert amended.next == "measure version 2 in a new round: labeltool round open"
    second = open_round(bob, outputs=12, annotators=PAIR).round
    assert all(output.fresh for output in second.outputs)
    assert not {output.case for output in second.outputs} & set(cases)
    for who in (ann, bob):
        label_all(who, [output.case for output in second.outputs], lambda n: n % 3)
    assert close_round(ann).criteria["tone"].alpha == 1

    done = rubric_status(bob)
    assert done.next == "24 labels have a score to give again after an amendment: labeltool label"
    assert (done.stage.name, done.stage.words) == ("stable", "stable since round 2")
    assert done.criteria["tone"].holds
    for number in range(24, 30):
        case = f"case-{number}"
        path = "datasets/mails/{}/" + f"{case}.yaml"
        repo.write(path.format("cases/golden"), f"id: {case}\ntier: golden\ninput: In.\n")
        repo.write(path.format("outputs/v1"), f"case: {case}\nsystem: v1\noutput: More.\n")
    scale = rubric_status(bob).next
    assert scale.startswith("24 labels have a score to give again after an amendment; then label ")
    assert "the other 6 outputs of v1, shared out between ann and bob" in scale


def test_opening_is_one_commit_that_names_who_and_what(repo: Repo) -> None:
    commits = repo.commits()
    done = open_round(repo.context(), annotators=PAIR)
    assert repo.commits() == commits + 1
    assert repo.subject() == "open round 1 of mails: 20 outputs of v1 for ann, bob"
    assert "Labeltool-Kind: round" in repo.trailers()
    kept = read_round(repo, 1)
    assert kept == done.round
    assert (kept.rubric, kept.system, kept.opened_by) == ("mail@1", "v1", "ann")
    assert (done.estimate.labels, done.estimate.guessed, done.doubts) == (40, True, ())


def test_everybody_of_the_settings_takes_part_unless_said(repo: Repo) -> None:
    assert open_round(repo.context()).round.annotators == ("ann", "bob", "cem")


def test_a_second_round_of_the_same_people_waits_for_the_first(repo: Repo) -> None:
    open_round(repo.context(), annotators=PAIR)
    with pytest.raises(UsageError, match="round 1 over v1 is still open for ann, bob") as caught:
        open_round(repo.context(), annotators=("bob", "cem"))
    assert caught.value.hint == "finish it, then: labeltool round close --number 1"


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"outputs": 0}, "at least one output"),
        ({"annotators": ("ann",)}, "two annotators or more, not ann"),
        ({"annotators": ("ann", "Eve!")}, "not a legal annotator name"),
        ({"annotators": ("ann", "bbo")}, "no annotator is named 'bbo'"),
        ({"system": "v2"}, "no snapshot is named 'v2'"),
    ],
)
def test_what_cannot_be_opened_is_refused(repo: Repo, asked: dict[str, object], told: str) -> None:
    commits = repo.commits()
    with pytest.raises(UsageError, match=told):
        open_round(repo.context(), **asked)  # type: ignore[arg-type]
    assert repo.commits() == commits


def test_who_takes_part_is_asked_for_where_nobody_is_listed(repo: Repo) -> None:
    repo.write("labeltool.yaml", "dataset: mails\n")
    with pytest.raises(UsageError, match="who takes part"):
        open_round(repo.context())
    assert open_round(repo.context(), annotators=("x", "y")).round.annotators == ("x", "y")


def test_too_few_fresh_outputs_are_told_with_what_to_do(tmp_path: Path) -> None:
    repo = make(tmp_path / "repo", outputs=14)
    ann = repo.context()
    open_round(ann, outputs=10, annotators=PAIR)
    close_round(ann, anyway=True)
    done = open_round(ann, outputs=12, annotators=PAIR)
    assert [output.fresh for output in done.round.outputs] == [True] * 4 + [False] * 8
    (doubt,) = done.doubts
    assert "4 fresh outputs in v1, and a criterion can hold only on 10" in doubt
    assert "record another snapshot with labeltool run" in doubt
    repo.close()


def test_retired_cases_are_not_asked_for(tmp_path: Path) -> None:
    retired = "id: case-00\ntier: golden\ninput: In.\nstatus: retired\n"
    repo = make(tmp_path / "repo", 5, {"datasets/mails/cases/golden/case-00.yaml": retired})
    asked = [output.case for output in open_round(repo.context()).round.outputs]
    assert sorted(asked) == ["case-01", "case-02", "case-03", "case-04"]
    repo.close()


def test_it_is_not_closed_while_somebody_lacks_labels_unless_anyway(repo: Repo) -> None:
    ann = repo.context()
    open_round(ann, outputs=3, annotators=PAIR)
    write_labels(repo, "ann", 1, lambda n: n, "mail@1")
    with pytest.raises(UsageError, match="round 1 is not done: bob all 3 of 3 left"):
        close_round(ann)
    done = close_round(ann, anyway=True)
    assert {name: len(cases) for name, cases in done.lacks.items()} == {"bob": 3}
    assert done.criteria["tone"].why == "no fresh outputs with two scores: it takes 10"
    with pytest.raises(UsageError, match="round 1 is closed already"):
        close_round(ann, number=1)
    with pytest.raises(UsageError, match="no round of mails is open"):
        close_round(ann)


def test_closing_freezes_first_scores_that_a_later_change_leaves_alone(repo: Repo) -> None:
    ann = repo.context()
    asked = open_round(ann, outputs=10, annotators=PAIR).round
    for who in PAIR:
        write_labels(repo, who, 1, lambda n: n % 3, "mail@1")
    close_round(ann)
    kept = read_round(repo, 1).closed
    assert kept is not None
    assert set(kept.agreement["tone"]) == {"n", "alpha", "agreement", "holds", "why"}
    assert kept.agreement["tone"]["holds"] is True
    assert kept.scores["bob"][asked.outputs[1].case] == {"tone": 1}
    write_labels(repo, "bob", 1, lambda n: 2 - n % 3, "mail@1")
    assert read_round(repo, 1).closed == kept
    assert len(show_round(ann).disagreed) == 7
    assert show_round(ann).criteria["tone"].holds


def test_a_round_shows_counts_and_how_long_is_left(repo: Repo) -> None:
    ann = repo.context()
    with pytest.raises(UsageError, match="mails has had no round yet"):
        show_round(ann)
    open_round(ann, outputs=12, annotators=PAIR)
    write_labels(repo, "ann", 1, lambda n: 1, "mail@1")
    shown = show_round(ann)
    assert shown.work.counts == {"ann": 12, "bob": 0}
    assert shown.estimate is not None
    assert (shown.estimate.labels, shown.estimate.minutes, shown.estimate.guessed) == (12, 6, False)
    assert shown.others == ()
    with pytest.raises(UnknownName, match="no round is named '7'"):
        show_round(ann, number=7)


def test_opening_can_be_taken_back(repo: Repo) -> None:
    ann = repo.context()
    open_round(ann, annotators=PAIR)
    taken = undo(ann)
    assert taken is not None
    assert taken.subject.startswith("open round 1")
    assert rubric_status(ann).stage.name == "draft"


def test_a_broken_round_is_named_with_its_line(repo: Repo) -> None:
    repo.write("datasets/mails/rounds/1.yaml", "rubric: mail@1\nsystem: v1\nnumber: one\n")
    path = "datasets/mails/rounds/1.yaml"
    with pytest.raises(DataError) as caught:
        open_round(repo.context(), annotators=PAIR)
    assert caught.value.where is not None
    assert (caught.value.where.path, caught.value.where.line) == (path, 3)


def test_the_next_round_is_for_the_same_people_unless_said(repo: Repo) -> None:
    open_round(repo.context(), outputs=2, annotators=PAIR)
    close_round(repo.context(), anyway=True)
    assert open_round(repo.context(), outputs=2).round.annotators == PAIR
    close_round(repo.context(), anyway=True)
    found = open_round(repo.context(), outputs=2, annotators=("bob", "cem"))
    assert found.round.annotators == ("bob", "cem")


def test_nobody_is_asked_for_what_they_have_labelled_already(repo: Repo) -> None:
    first = open_round(repo.context(), outputs=24, annotators=PAIR)
    assert (first.next, first.reach) == ("labeltool label", None)
    for who in PAIR:
        write_labels(repo, who, 1, lambda n: n % 3, "mail@1")
    close_round(repo.context())
    again = open_round(repo.context(), outputs=3)
    assert (again.estimate.labels, again.next) == (0, "nobody is asked: labeltool round close")
    assert again.doubts[-1] == (
        "ann has labelled all of it before, bob has labelled all of it before: nobody is asked "
        "again for a label that stands"
    )


def test_a_round_tells_of_its_own_peoples_differences(repo: Repo) -> None:
    """cem, who is not in it, differs from both of them."""
    open_round(repo.context(), outputs=4, annotators=PAIR)
    write_labels(repo, "ann", 1, lambda n: 1, "mail@1")
    write_labels(repo, "bob", 1, lambda n: 0 if n == 0 else 1, "mail@1")
    write_labels(repo, "cem", 1, lambda n: 2, "mail@1")
    closed = close_round(repo.context())
    assert list(closed.disagreed) == [read_round(repo, 1).outputs[0].case]
    assert closed.waiting == 4
    assert closed.next == "4 disagreements wait to be resolved: labeltool resolve"
