"""`edit`: what is expected of a case, said anew."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from labeltool.commands.edit import OR, as_text, edit_expected, from_text, plan
from labeltool.commands.undo import undo
from labeltool.commands.verify import verify
from labeltool.errors import Conflict, DataError, UnknownName
from labeltool.model.case import Case
from labeltool.rules.cross_references import is_verified
from labeltool.store import codec
from tests.hostile import WRITABLE
from tests.small_repo import Repo

ONE = "datasets/mails/cases/golden/one.yaml"
TWO = "datasets/mails/cases/golden/two.yaml"


@pytest.fixture
def repo(tmp_path: Path) -> Iterator[Repo]:
    repo = Repo.committed(tmp_path / "evals")
    yield repo
    repo.close()


def case(repo: Repo, path: str = ONE) -> Case:
    return codec.decode(repo.read(path).encode(), Case, path)


def test_an_edit_is_a_commit_of_its_own_that_says_who(repo: Repo) -> None:
    done = edit_expected(repo.context(), "one", ["It was lost."])
    assert (done.changed, done.voided) == (True, None)
    assert repo.commits() == 2
    assert repo.subject() == "edit expected of one as ann"
    assert repo.trailers()[:4] == [
        "Labeltool-Kind: case",
        "Labeltool-Dataset: mails",
        "Labeltool-Case: one",
        "Labeltool-Annotator: ann",
    ]
    assert case(repo).expected == "It was lost."


def test_only_the_one_line_changes_in_a_file_written_by_hand(repo: Repo) -> None:
    before = repo.read(ONE)
    edit_expected(repo.context(), "one", ["It was lost."])
    assert repo.read(ONE) == before.replace("It is on its way.", "It was lost.")


def test_a_case_without_expected_gets_it_below_its_input(repo: Repo) -> None:
    edit_expected(repo.context(), "two", ["Hello!", "Good day\nto you."])
    assert case(repo, TWO).expected == ("Hello!", "Good day\nto you.")
    keys = [line.split(":")[0] for line in repo.read(TWO).splitlines() if line[:1].isalpha()]
    assert keys == ["id", "tier", "input", "expected"]


def test_no_answers_mean_that_nothing_is_expected(repo: Repo) -> None:
    edit_expected(repo.context(), "one", [])
    assert case(repo).expected is None
    assert repo.read(ONE).startswith("# The first mail")


def test_what_was_verified_is_no_longer(repo: Repo) -> None:
    verify(repo.context(), ["one"], annotator="bob")
    done = edit_expected(repo.context(), "one", ["It was lost."])
    assert done.voided == "bob"
    assert not is_verified(case(repo))


def test_a_verification_without_a_hash_is_taken_out(repo: Repo) -> None:
    repo.write(ONE, repo.read(ONE) + "verified: {by: bob}\n")
    done = edit_expected(repo.context(), "one", ["It was lost."])
    assert done.voided == "bob"
    assert case(repo).verified is None


def test_the_same_answer_again_changes_nothing(repo: Repo) -> None:
    repo.write(ONE, repo.read(ONE).replace("expected: It is", "expected: |\n  It is"))
    done = edit_expected(repo.context(), "one", ["It is on its way."])
    assert (done.changed, done.commit) == (False, None)
    assert repo.commits() == 1


def test_a_block_stays_a_block(repo: Repo) -> None:
    repo.write(ONE, repo.read(ONE).replace("expected: It is", "expected: |\n  It is"))
    edit_expected(repo.context(), "one", ["It is\non its way."])
    assert "expected: |\n  It is\n  on its way.\n" in repo.read(ONE)


def test_undo_brings_the_old_answer_and_its_comments_back(repo: Repo) -> None:
    before = repo.read(ONE)
    edit_expected(repo.context(), "one", ["It was lost."])
    assert undo(repo.context()) is not None
    assert repo.read(ONE) == before


def test_an_answer_edited_elsewhere_meanwhile_is_not_overwritten(repo: Repo) -> None:
    edit_expected(repo.context(), "one", ["It was lost."])
    with pytest.raises(Conflict, match="edited elsewhere"):
        plan(repo.context(), "one", ["Mine."], seen=("It is on its way.",))
    with pytest.raises(UnknownName):
        plan(repo.context(), "onne", ["Mine."])


def test_a_text_that_no_file_can_hold_is_refused(repo: Repo) -> None:
    with pytest.raises(DataError, match="would not read back"):
        edit_expected(repo.context(), "one", ["half a pair \ud83d"])
    assert repo.commits() == 1


def test_every_odd_text_comes_back_as_it_was_said(repo: Repo) -> None:
    said = [text for text in WRITABLE if text.strip() and text == text.rstrip("\n")]
    for path, name in ((ONE, "one"), (TWO, "two")):
        (write,) = plan(repo.context(), name, said).writes
        assert write.content is not None
        assert codec.decode(write.content, Case, path).acceptable == tuple(said)


LINE = st.text(st.characters(codec="utf-8", exclude_characters="\n\r"), min_size=1, max_size=8)


@settings(suppress_health_check=[HealthCheck.filter_too_much])
@given(st.lists(LINE.filter(lambda text: text.strip() and text.strip() != OR)))
def test_answers_come_back_from_the_one_text_they_are_edited_in(answers: list[str]) -> None:
    assert from_text(as_text(answers)) == tuple(answers)
