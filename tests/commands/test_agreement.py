"""`agreement` over files: what counts, what stays hidden, and what looking costs."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from labeltool.commands.agreement import agreement, over_versions
from labeltool.errors import DataError, UnknownName
from labeltool.model.hashing import text_hash
from labeltool.rules.agreement import notes
from tests.small_repo import Repo

HASH = text_hash("Where is my parcel?")
ROUND = "datasets/mails/rounds/1.yaml"


@pytest.fixture
def repo(tmp_path: Path) -> Iterator[Repo]:
    repo = Repo.committed(tmp_path / "evals")
    yield repo
    repo.close()


def label(repo: Repo, who: str, case: str, scores: str, *, rubric: str = "mail@2") -> None:
    repo.write(
        f"datasets/mails/labels/{who}/v1/{case}.yaml",
        f"case: {case}\nsystem: v1\nannotator: {who}\nrubric: {rubric}\nscores: {scores}\n",
    )


def both(repo: Repo) -> None:
    label(repo, "ann", "one", "{tone: 2, facts: 1}")
    label(repo, "bob", "one", "{tone: 0, facts: 1}")
    label(repo, "ann", "two", "{tone: 1, facts: 0}")
    label(repo, "bob", "two", "{tone: 1, facts: 0}")


def open_round(repo: Repo, case: str = "one") -> None:
    hash = text_hash("On its way." if case == "one" else "Hello!")
    repo.write(
        ROUND,
        "number: 1\nrubric: mail@2\nsystem: v1\nannotators: [ann, bob]\n"
        f'outputs: [{{case: {case}, output_hash: "{hash}"}}]\n',
    )


def test_current_labels_are_measured_by_criterion(repo: Repo) -> None:
    both(repo)
    found = agreement(repo.context())
    assert (found.dataset, found.annotators, found.outputs) == ("mails", ("ann", "bob"), 2)
    assert found.criteria["tone"].percent.value == 0.5
    assert found.criteria["facts"].alpha.value == 1.0
    assert [one.output for one in found.open] == [("v1", "one")]


def test_a_score_given_before_its_criterion_was_amended_does_not_count(repo: Repo) -> None:
    both(repo)
    label(repo, "bob", "one", "{tone: 0, facts: 1}", rubric="mail@1")
    found = agreement(repo.context())
    assert (found.criteria["tone"].n, found.criteria["facts"].n) == (1, 2)
    assert found.stale == 1


def test_an_edited_input_and_an_output_that_is_gone_take_their_labels_out(repo: Repo) -> None:
    both(repo)
    (repo.root / "datasets/mails/outputs/v1/two.yaml").unlink()
    found = agreement(repo.context())
    assert (found.outputs, found.gone) == (1, 1)
    path = "datasets/mails/cases/golden/one.yaml"
    for who in ("ann", "bob"):
        signed = repo.read(f"datasets/mails/labels/{who}/v1/one.yaml")
        repo.write(f"datasets/mails/labels/{who}/v1/one.yaml", f"{signed}input_hash: {HASH}\n")
    assert agreement(repo.context()).outputs == 1
    repo.write(path, repo.read(path).replace("Where is", "Where on earth is"))
    found = agreement(repo.context())
    assert (found.outputs, found.stale) == (0, 4)


def test_labels_of_a_snapshot_that_is_gone_are_left_out(repo: Repo) -> None:
    both(repo)
    shutil.rmtree(repo.root / "datasets/mails/outputs")
    found = agreement(repo.context())
    assert (found.labelled, found.gone) == (0, 2)


class TestBlind:
    def test_outputs_of_an_open_round_are_counted_and_nothing_else(self, repo: Repo) -> None:
        both(repo)
        open_round(repo)
        found = agreement(repo.context())
        assert (found.outputs, found.hidden) == (1, 1)
        assert found.open == ()
        assert found.criteria["tone"].n == 1
        assert "1 output of an open round" in notes(found)[0]
        label(repo, "cat", "one", "{tone: 2}")
        assert "cat" not in agreement(repo.context()).annotators

    def test_whoever_looks_all_the_same_is_recorded_first(self, repo: Repo) -> None:
        both(repo)
        open_round(repo)
        repo.git("add", ".")
        repo.git("commit", "-qm", "labels")
        found = agreement(repo.context(), unblind=True)
        assert (found.outputs, found.hidden) == (2, 0)
        assert "unblinded: {ann:" in repo.read(ROUND)
        assert repo.subject() == "unblind round 1 of mails for ann"
        commits = repo.commits()
        agreement(repo.context(), unblind=True)
        assert repo.commits() == commits, "it is recorded once"

    def test_without_an_open_round_nothing_needs_recording(self, repo: Repo) -> None:
        both(repo)
        before = repo.git("status", "--porcelain")
        assert agreement(repo.context(), unblind=True).outputs == 2
        assert repo.git("status", "--porcelain") == before
        assert repo.commits() == 1


class TestScope:
    def test_tags_choose_cases_and_snapshots_outputs(self, repo: Repo) -> None:
        both(repo)
        case = "datasets/mails/cases/golden/two.yaml"
        repo.write(case, repo.read(case) + "tags: [short]\n")
        found = agreement(repo.context(), tags=["short"])
        assert (found.outputs, found.scope) == (1, "tag short")
        assert found.criteria["tone"].percent.value == 1.0
        assert list(agreement(repo.context()).tags) == ["short"]
        assert agreement(repo.context(), system="v1").outputs == 2

    def test_names_that_nothing_has_are_refused(self, repo: Repo) -> None:
        both(repo)
        with pytest.raises(UnknownName, match="no snapshot is named 'v9'"):
            agreement(repo.context(), system="v9")
        with pytest.raises(UnknownName, match="no tag is named 'late'"):
            agreement(repo.context(), tags=["late"])
        with pytest.raises(UnknownName, match="no dataset is named 'nope'"):
            agreement(repo.context(), "nope")

    def test_a_file_that_cannot_be_read_is_no_reason_for_wrong_numbers(self, repo: Repo) -> None:
        both(repo)
        repo.write("datasets/mails/labels/bob/v1/two.yaml", "case: two\nscores: {tone: [}\n")
        with pytest.raises(DataError) as caught:
            agreement(repo.context())
        assert caught.value.problems[0].where.path == "datasets/mails/labels/bob/v1/two.yaml"


def test_over_versions_takes_closed_rounds_as_they_were_frozen(repo: Repo) -> None:
    assert over_versions(repo.context()) == {"tone": (), "facts": ()}
    open_round(repo)
    assert over_versions(repo.context())["tone"] == ()
    entry = "{n: 12, alpha: 0.61, agreement: 0.7, holds: false, why: alpha 0.61 under 0.8}"
    repo.write(
        ROUND,
        repo.read(ROUND)
        + f'closed: {{at: "2026-11-20", agreement: {{tone: {entry}}}, scores: {{}}}}\n',
    )
    found = over_versions(repo.context())
    [one] = found["tone"]
    assert (one.version, one.n, one.alpha, one.holds) == (2, 12, 0.61, False)
    assert found["facts"] == ()
