"""A rubric is amended: what is written, what stands, and what the queue asks again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from labeltool.commands.amend_draft import AmendDraft, amendable, keep_draft
from labeltool.commands.label_session import Session
from labeltool.commands.label_view import LabelDraft
from labeltool.commands.rubric_amend import amend, propose, propose_text
from labeltool.commands.undo import undo
from labeltool.errors import Conflict, DataError, UnknownName, UsageError
from labeltool.model.rubric import Criterion
from labeltool.rules.amend import Add, Alter, Edit, Remove, Rescale
from tests.small_repo import Repo

RUBRIC = "rubrics/mail.yaml"
LABEL = "datasets/mails/labels/{}/v1/{}.yaml"
TONE = Alter("tone", {"text": "The tone suits."})
ROUND = "number: 1\nrubric: mail@2\nsystem: v1\nannotators: [ann, bob]\noutputs: [{case: two}]\n"


def label(case: str, annotator: str, scores: str) -> str:
    return (
        f"case: {case}\nsystem: v1\nannotator: {annotator}\nrubric: mail@2\nscores: {{{scores}}}\n"
    )


@pytest.fixture
def repo(tmp_path: Path) -> Iterator[Repo]:
    repo = Repo.committed(tmp_path / "evals")
    repo.write(LABEL.format("ann", "one"), label("one", "ann", "tone: 2, facts: 1"))
    repo.write(LABEL.format("bob", "one"), label("one", "bob", "tone: 1, facts: 1"))
    repo.git("add", ".")
    repo.git("commit", "-qm", "labels")
    yield repo
    repo.close()


def amended(repo: Repo, *edits: Edit, reason: str = "Whom exactly?") -> None:
    ctx = repo.context()
    amend(ctx, propose(ctx, "mail", edits, reason=reason, cases=["one"]))
    ctx.close()


def test_one_commit_says_what_why_and_by_whom(repo: Repo) -> None:
    ctx = repo.context()
    found = propose(ctx, "mail", [TONE], reason="Whom exactly?", cases=["one"])
    assert repo.git("status", "--porcelain") == ""
    assert found.changed == ("tone",)
    assert found.survive == (
        "tone asked again: ann 1 of 1, bob 1 of 1 labels",
        "every other score stands",
    )
    amend(ctx, found)
    assert repo.subject() == "amend mail to version 3 as ann: tone"
    assert repo.trailers()[:4] == [
        "Labeltool-Kind: amend",
        "Labeltool-Dataset: mails",
        "Labeltool-Annotator: ann",
        "Labeltool-Rubric: mail@3",
    ]
    assert repo.git("status", "--porcelain") == ""
    now = ctx.workspace.rubric("mail")
    assert (now.version, now.changelog[0].date, now.changelog[0].cases) == (
        3,
        "2026-11-23",
        ("one",),
    )


@pytest.mark.parametrize(
    ("edits", "state", "asked", "stands"),
    [
        ([TONE], "stale", {"tone": 2}, {"facts": 1}),
        ([Rescale("tone", 0, 4, {2: 4})], "stale", {"tone": 2}, {"facts": 1}),
        ([Add(Criterion(id="brief", text="b", max=1))], "stale", {"brief": None},
         {"tone": 2, "facts": 1}),
        ([Remove("tone")], "done", {}, {"facts": 1}),
        ([Alter("tone", {"weight": 4.0})], "done", {}, {"tone": 2, "facts": 1}),
    ],
)  # fmt: skip
def test_the_queue_asks_for_just_what_changed_and_shows_the_change(
    repo: Repo,
    edits: list[Edit],
    state: str,
    asked: dict[str, int | None],
    stands: dict[str, int],
) -> None:
    amended(repo, *edits)
    session = Session.open(repo.context(), lambda work: None)
    try:
        assert {item.case: item.state for item in session.items} == {"one": state, "two": "todo"}
        view = session.view("one")
        assert {id: one.before for id, one in view.stale.items()} == asked
        assert all(one.change and one.change.version == 3 for one in view.stale.values())
        assert view.draft.scores == stands
        answers = {**view.draft.scores, **dict.fromkeys(asked, 1)}
        session.save(view, LabelDraft(answers))
        assert session.state_of("one") == "done"
    finally:
        session.close()


def test_an_amendment_in_the_label_session_is_committed_behind_it(repo: Repo) -> None:
    session = Session.open(repo.context(), lambda work: None)
    try:
        done = session.amend([TONE], reason="Whom exactly?", case="one")
        assert done.entry.cases == ("one",)
        assert session.rubric.version == 3
        assert session.items[0].state == "stale"
        assert session.flush(60)
    finally:
        session.close()
    assert repo.subject() == "amend mail to version 3 as ann: tone"


def test_an_open_round_refuses_with_the_way_out(repo: Repo) -> None:
    repo.write("datasets/mails/rounds/1.yaml", ROUND)
    ctx = repo.context()
    with pytest.raises(UsageError, match="round 1 of mails is open") as told:
        propose(ctx, "mail", [TONE], reason="x")
    assert "round close" in str(told.value.hint)
    assert propose(ctx, "mail", [TONE], reason="x", anyway=True).open_rounds == (("mails", 1),)
    assert amendable(ctx, "mail", "tone").waits is not None


def test_what_changes_nothing_writes_nothing(repo: Repo) -> None:
    ctx, before = repo.context(), repo.commits()
    for edits, error in (
        ([Alter("tone", {"text": "The tone fits."})], UsageError),
        ([Remove("nobody")], UnknownName),
    ):
        with pytest.raises(error):
            propose(ctx, "mail", edits, reason="x")
    with pytest.raises(UnknownName, match="no case is named 'thre'"):
        propose(ctx, "mail", [TONE], reason="x", cases=["thre"])
    assert (repo.commits(), repo.git("status", "--porcelain")) == (before, "")


def test_a_rubric_changed_meanwhile_is_a_conflict(repo: Repo) -> None:
    ctx = repo.context()
    found = propose(ctx, "mail", [TONE], reason="x")
    theirs = repo.read(RUBRIC).replace("The tone fits.", "The tone sings.")
    repo.write(RUBRIC, theirs)
    with pytest.raises(Conflict):
        amend(ctx, found)
    assert repo.read(RUBRIC) == theirs


def test_undo_takes_an_amendment_back(repo: Repo) -> None:
    before = repo.read(RUBRIC)
    amended(repo, TONE)
    assert undo(repo.context()) is not None
    assert repo.read(RUBRIC) == before


def test_a_whole_file_edited_by_hand_keeps_its_new_comments(repo: Repo) -> None:
    ctx, seen = repo.context(), repo.read(RUBRIC).encode()
    text = seen.replace(b"The tone fits.", b"The tone suits.").replace(
        b"changelog:", b"# Why it changed.\nchangelog:"
    )
    amend(ctx, propose_text(ctx, "mail", text, seen=seen, reason="x"))
    assert "# Why it changed.\nchangelog:\n  - version: 3\n" in repo.read(RUBRIC)
    with pytest.raises(UsageError, match="version and the changelog follow"):
        propose_text(ctx, "mail", text.replace(b"version: 2", b"version: 9"), seen=seen, reason="x")
    with pytest.raises(DataError) as told:
        propose_text(ctx, "mail", b"name: mail\nversion: 2\n", seen=seen, reason="x")
    assert "criteria" in str(told.value)


def test_what_is_half_written_outlives_the_sitting(repo: Repo) -> None:
    ctx = repo.context()
    found = amendable(ctx, "mail", "tone")
    assert (found.resumed, found.draft.text, found.waits) == (False, "The tone fits.", None)
    assert found.stakes[0] == "tone asked again: ann 1 of 1, bob 1 of 1 labels"
    draft = AmendDraft("The tone fits whom?", {**found.draft.levels, 0: "No."}, "Unclear")
    keep_draft(ctx, "mail", "tone", draft)
    ctx.close()
    later = repo.context()
    later.history.recover()
    again = amendable(later, "mail", "tone")
    assert (again.resumed, again.draft) == (True, draft)
    assert draft.edits(again.criterion) == (
        Alter("tone", {"text": "The tone fits whom?"}, {0: "No."}),
    )
    keep_draft(later, "mail", "tone", None)
    assert not amendable(later, "mail", "tone").resumed
