"""The inbox: a draft becomes a case, is folded in, goes out of scope, or waits."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from labeltool.commands.check import check
from labeltool.commands.inbox import inbox, later, reject
from labeltool.commands.inbox_accept import accept, merge
from labeltool.commands.promote_close import close
from labeltool.commands.undo import undo
from labeltool.errors import DataError, UnknownName, UsageError
from labeltool.model.case import Case, Check
from labeltool.model.record import Triage
from labeltool.rules.acceptance import Edits
from labeltool.store import codec
from tests.small_repo import NOW, Repo

ISSUED = Check(kind="not_contains", value="has been issued")
CASES = "datasets/mails/cases/"
DRAFTS = {
    "refund": """\
id: refund
input: I was charged twice. Where is my money?
output: The refund has been issued.
expected: Charged twice, no refund promised yet.
why: the feedback is negative
priority: 30
source: {kind: production, ref: r1, link: "https://example.org/r1"}
""",
    "reset": "id: reset\ninput: How do I reset it?\noutput: Sorry, I cannot help.\npriority: 100\n",
    "noise": "id: noise\ninput: asdf\noutput: It is on its way.\n",
}


@pytest.fixture
def repo(tmp_path: Path) -> Iterator[Repo]:
    repo = Repo(tmp_path / "evals")
    for id, text in DRAFTS.items():
        repo.write(f"datasets/mails/inbox/{id}.yaml", text)
    repo.git("init", "-q")
    repo.git("add", ".")
    repo.git("commit", "-qm", "start")
    yield repo
    repo.close()


def case(repo: Repo, path: str) -> Case:
    return codec.decode((repo.root / CASES / path).read_bytes(), Case, CASES + path)


def waiting(repo: Repo) -> list[str]:
    return [one.id for one in inbox(repo.context()).waiting]


def test_the_most_important_comes_first(repo: Repo) -> None:
    assert waiting(repo) == ["reset", "refund", "noise"]


def test_a_broken_draft_is_told_and_hides_no_other(repo: Repo) -> None:
    repo.write("datasets/mails/inbox/bad.yaml", "id: bad\n")
    found = inbox(repo.context())
    assert len(found.waiting) == 3
    assert [one.where.path for one in found.problems] == ["datasets/mails/inbox/bad.yaml"]


def test_accepting_is_one_commit_that_writes_the_case_and_ends_the_draft(repo: Repo) -> None:
    done = accept(repo.context(), "refund", Edits(checks=(ISSUED,), tags=("money",)))
    assert repo.commits() == 2
    assert repo.git("show", "--name-status", "--format=", "--no-renames").split() == [
        *("A", "datasets/mails/cases/regression/refund.yaml"),
        *("D", "datasets/mails/inbox/refund.yaml"),
    ]
    made = case(repo, "regression/refund.yaml")
    assert (made.status, made.checks, made.tags) == ("open", (ISSUED,), ("money",))
    assert made.counterexamples == ("The refund has been issued.",)
    assert made.rubric_version == 2
    assert made.source is not None
    assert made.source.link == "https://example.org/r1"
    assert done.shown.words == "not_contains: contains 'has been issued'"
    assert "Labeltool-Case: refund" in repo.trailers()
    assert not [p for p in check(repo.root, now=NOW).problems if p.level == "error"]
    assert waiting(repo) == ["reset", "noise"]


def test_the_likeliest_check_can_be_taken_unseen(repo: Repo) -> None:
    accept(repo.context(), "refund", take_suggested=True)
    assert case(repo, "regression/refund.yaml").checks == (ISSUED,)


def test_what_came_back_is_refused_where_it_fails_nothing_and_checks_are_offered(
    repo: Repo,
) -> None:
    repo.write(
        "rubrics/mail.yaml",
        "name: mail\nversion: 2\ncriteria: [{id: a, text: A., max: 1, grader: human}]\n",
    )
    with pytest.raises(UsageError, match="fails nothing") as caught:
        accept(repo.context(), "reset")
    assert "--check 'not_contains=cannot help'" in (caught.value.hint or "")
    assert repo.commits() == 1
    assert "reset" in waiting(repo)


def test_where_checks_say_nothing_the_judge_may(repo: Repo) -> None:
    done = accept(repo.context(), "refund")
    assert done.shown.judge == "default"
    assert done.shown.fails
    assert any("only the judge" in note for note in done.notes)


def test_a_check_that_the_expected_answer_fails_is_refused(repo: Repo) -> None:
    wrong = Check(kind="not_contains", value="refund")
    with pytest.raises(UsageError, match="the expected answer fails not_contains itself"):
        accept(repo.context(), "refund", Edits(checks=(wrong,)))


def test_a_golden_case_is_verified_only_where_a_person_says_so(repo: Repo) -> None:
    with pytest.raises(UsageError, match="a golden case says what is expected"):
        accept(repo.context(), "reset", Edits(tier="golden"))
    done = accept(repo.context(), "refund", Edits(tier="golden"))
    assert done.case is not None
    assert done.case.verified is None
    assert "nobody has verified it" in done.notes[-1]
    edits = Edits(tier="golden", expected=("By mail.",), verified=True, id="by-mail")
    accept(repo.context(), "reset", edits)
    made = case(repo, "golden/by-mail.yaml")
    assert made.verified is not None
    assert (made.verified.by, made.status, made.expected) == ("ann", "active", "By mail.")


def test_no_case_is_written_over(repo: Repo) -> None:
    with pytest.raises(UsageError, match="there is a case one already"):
        accept(repo.context(), "refund", Edits(id="one", checks=(ISSUED,)))
    with pytest.raises(UsageError, match="is no id"):
        accept(repo.context(), "refund", Edits(id="../x", checks=(ISSUED,)))
    with pytest.raises(UnknownName, match="no draft is named 'refnd'"):
        accept(repo.context(), "refnd")


def test_what_must_not_be_kept_is_looked_for_once_more(repo: Repo) -> None:
    edits = Edits(expected=("Write to jane.doe@example.com.",), checks=(ISSUED,))
    with pytest.raises(DataError, match="holds 1 e-mail address") as caught:
        accept(repo.context(), "refund", edits)
    assert caught.value.where is not None
    assert caught.value.where.field == "expected"
    assert repo.commits() == 1


def test_folding_in_adds_the_counterexample_and_keeps_count_and_comments(repo: Repo) -> None:
    merge(repo.context(), "reset", "one", (Check(kind="not_contains", value="cannot help"),))
    made = case(repo, "golden/one.yaml")
    assert made.counterexamples == ("Sorry, I cannot help.",)
    assert made.source is not None
    assert made.source.seen == 2
    assert repo.read(CASES + "golden/one.yaml").startswith("# The first mail that ever came in.\n")
    assert repo.commits() == 2
    assert "reset" not in waiting(repo)


def test_a_case_that_would_not_catch_it_takes_no_counterexample(repo: Repo) -> None:
    with pytest.raises(UsageError, match="what came back is what one expects"):
        merge(repo.context(), "noise", "one")
    wrong = Check(kind="contains", value="nonsense")
    with pytest.raises(UsageError, match="the expected answer fails contains itself"):
        merge(repo.context(), "reset", "one", (wrong,))
    assert repo.commits() == 1


def test_out_of_scope_keeps_the_reason_for_many_in_one_commit(repo: Repo) -> None:
    reject(repo.context(), ["noise", "reset"], "not  ours")
    assert repo.commits() == 2
    path = "datasets/mails/triage/noise.yaml"
    triage = codec.decode((repo.root / path).read_bytes(), Triage, path)
    assert (triage.scope, triage.reason, triage.by) == ("out", "not ours", "ann")
    assert waiting(repo) == ["refund"]
    with pytest.raises(UsageError, match="wants a reason"):
        reject(repo.context(), ["refund"], "  ")


def test_later_comes_after_all_others(repo: Repo) -> None:
    later(repo.context(), ["reset"])
    assert waiting(repo) == ["refund", "noise", "reset"]


def test_undo_brings_the_draft_back_and_takes_the_case_away(repo: Repo) -> None:
    before = repo.read("datasets/mails/inbox/refund.yaml")
    accept(repo.context(), "refund", Edits(checks=(ISSUED,)))
    undo(repo.context())
    assert repo.read("datasets/mails/inbox/refund.yaml") == before
    assert not (repo.root / CASES / "regression/refund.yaml").exists()


def test_once_closed_the_case_counts(repo: Repo) -> None:
    accept(repo.context(), "refund", Edits(checks=(ISSUED,)))
    close(repo.context(), "refund")
    assert case(repo, "regression/refund.yaml").status == "active"
