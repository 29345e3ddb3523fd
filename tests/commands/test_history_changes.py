"""What one decision did to its files."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from labeltool.commands.history_changes import MOST_FILES, FieldChange, changes
from tests.small_repo import Repo

CASE = "datasets/mails/cases/golden/one.yaml"
LABEL = "datasets/mails/labels/bob/v1/one.yaml"
SAID = "case: one\nsystem: v1\nannotator: bob\nrubric: mail@2\nscores: {{tone: {}, facts: 1}}\n"


@pytest.fixture
def repo(tmp_path: Path) -> Iterator[Repo]:
    repo = Repo.committed(tmp_path / "evals")
    yield repo
    repo.close()


def commit(repo: Repo) -> str:
    repo.git("add", ".")
    repo.git("commit", "-qm", "by hand")
    return repo.git("rev-parse", "HEAD").strip()


def test_fields_are_told_with_their_dotted_names(repo: Repo) -> None:
    repo.write(LABEL, SAID.format(1))
    commit(repo)
    repo.write(LABEL, SAID.format(2) + "notes: kind\n")
    (file,) = changes(repo.context(), commit(repo), [LABEL])
    assert (file.path, file.what, file.hidden) == (LABEL, "changed", False)
    assert file.fields == (FieldChange("scores.tone", "1", "2"), FieldChange("notes", None, "kind"))


def test_a_file_that_came_or_went_is_told_whole(repo: Repo) -> None:
    repo.write(LABEL, SAID.format(1))
    came = commit(repo)
    (repo.root / LABEL).unlink()
    went = commit(repo)
    context = repo.context()
    (added,), (removed,) = changes(context, came, [LABEL]), changes(context, went, [LABEL])
    assert (added.what, removed.what) == ("added", "removed")
    assert FieldChange("scores.tone", None, "1") in added.fields
    assert FieldChange("scores.tone", "1", None) in removed.fields


def test_criteria_are_named_by_their_ids(repo: Repo) -> None:
    path = "rubrics/mail.yaml"
    repo.write(path, repo.read(path).replace("The tone fits.", "The tone suits."))
    (file,) = changes(repo.context(), commit(repo), [path])
    assert file.fields == (FieldChange("criteria.tone.text", "The tone fits.", "The tone suits."),)


def test_another_layout_of_the_same_fields_changes_nothing(repo: Repo) -> None:
    repo.write(
        CASE, repo.read(CASE).replace("input: Where is my parcel?", 'input: "Where is my parcel?"')
    )
    (file,) = changes(repo.context(), commit(repo), [CASE])
    assert (file.what, file.fields) == ("changed", ())


def test_a_file_that_is_no_mapping_is_compared_as_text(repo: Repo) -> None:
    repo.write(CASE, "just words\n")
    (file,) = changes(repo.context(), commit(repo), [CASE])
    assert [field.field for field in file.fields] == [""]
    assert file.fields[0].after == "just words\n"


def test_others_labels_and_resolutions_of_an_open_round_stay_hidden(repo: Repo) -> None:
    settled = "datasets/mails/resolutions/v1/one.yaml"
    repo.write(LABEL, SAID.format(2))
    repo.write(
        settled,
        "case: one\nsystem: v1\nrubric: mail@2\nscores: {tone: 1}\nsettles: {bob: {tone: 2}}\n",
    )
    repo.write(
        "datasets/mails/rounds/1.yaml",
        "number: 1\nrubric: mail@2\nsystem: v1\nannotators: [ann, bob]\noutputs: [{case: one}]\n",
    )
    made, context = commit(repo), repo.context()
    for file in changes(context, made, [LABEL, settled], annotator="ann"):
        assert (file.hidden, file.fields) == (True, ())
    mine, theirs = changes(context, made, [LABEL, settled], annotator="bob")
    assert (mine.hidden, theirs.hidden) == (False, True)


def test_of_thousands_of_files_the_first_are_read(repo: Repo) -> None:
    files = [f"datasets/mails/cases/golden/c{number:03}.yaml" for number in range(MOST_FILES + 9)]
    for path in files:
        repo.write(path, f"id: {Path(path).stem}\ntier: golden\ninput: x\n")
    assert len(changes(repo.context(), commit(repo), files)) == MOST_FILES
