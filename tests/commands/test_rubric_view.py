"""What is known of a criterion beside its words."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from labeltool.commands.rubric_view import Count, rubric_past, settled_past
from tests.small_repo import Repo

RUBRIC = "rubrics/mail.yaml"
LABEL = "case: {}\nsystem: v1\nannotator: {}\nrubric: mail@{}\nscores: {{tone: 1, facts: 1}}\n"
SETTLED = (
    "case: {0}\nsystem: v1\nrubric: mail@2\nscores: {{tone: {1}}}\nresolver: ann\n"
    "because: edge_case\nnote: For {0}.\nresolved_at: 2026-11-2{1}T10:00:00Z\n"
)


@pytest.fixture
def repo(tmp_path: Path) -> Iterator[Repo]:
    repo = Repo.committed(tmp_path / "evals")
    for case, who, version in (("one", "ann", 2), ("one", "bob", 1), ("two", "bob", 2)):
        repo.write(f"datasets/mails/labels/{who}/v1/{case}.yaml", LABEL.format(case, who, version))
    repo.write("datasets/mails/resolutions/v1/one.yaml", SETTLED.format("one", 1))
    repo.write("datasets/mails/resolutions/v1/two.yaml", SETTLED.format("two", 2))
    yield repo
    repo.close()


def test_labels_are_counted_by_whether_they_stand(repo: Repo) -> None:
    counts = rubric_past(repo.context()).counts
    assert counts == {"tone": Count(2, 1), "facts": Count(3, 0)}


def test_a_skipped_output_counts_for_nothing(repo: Repo) -> None:
    path = "datasets/mails/labels/bob/v1/two.yaml"
    repo.write(path, repo.read(path) + "status: skipped\n")
    assert rubric_past(repo.context()).counts["facts"] == Count(2, 0)


def test_resolutions_stand_newest_first_with_reason_and_note(repo: Repo) -> None:
    settled = rubric_past(repo.context()).settled["tone"]
    assert [(one.case, one.score, one.because, one.note) for one in settled] == [
        ("two", 2, "edge_case", "For two."),
        ("one", 1, "edge_case", "For one."),
    ]
    assert not settled[0].stale


def test_a_resolution_of_another_text_no_longer_stands(repo: Repo) -> None:
    path = "datasets/mails/resolutions/v1/one.yaml"
    repo.write(path, repo.read(path) + "output_hash: 0123456789ab\n")
    assert [one.stale for one in rubric_past(repo.context()).settled["tone"]] == [False, True]


def test_resolutions_of_outputs_in_an_open_round_are_counted_not_shown(repo: Repo) -> None:
    repo.write(
        "datasets/mails/rounds/1.yaml",
        "number: 1\nrubric: mail@2\nsystem: v1\nannotators: [ann, bob]\noutputs: [{case: two}]\n",
    )
    past = rubric_past(repo.context())
    assert [one.case for one in past.settled["tone"]] == ["one"]
    assert past.hidden == 1


def test_each_version_that_changed_a_criterion_is_told_with_its_reason(repo: Repo) -> None:
    text = repo.read(RUBRIC).replace("version: 2\ncriteria", "version: 3\ncriteria")
    text = text.replace("The facts are there.", "All facts are there.")
    repo.write(RUBRIC, text + "  - {version: 3, changed: [facts], reason: Not all were.}\n")
    past = rubric_past(repo.context())
    (facts,) = past.amended["facts"]
    assert facts.version == 3
    assert facts.entry is not None
    assert facts.entry.reason == "Not all were."
    assert facts.change is not None
    assert facts.change.fields[0].after == "All facts are there."
    (tone,) = past.amended["tone"]  # from the changelog: git begins with version 2
    assert (tone.version, tone.change) == (2, None)
    assert past.missing == "before version 2: not in git"
    assert [step.after.rubric.version for step in past.steps] == [3]


def test_what_labelling_needs_is_read_without_the_counts(repo: Repo) -> None:
    repo.write("datasets/mails/labels/bob/v1/broken.yaml", "no: [label")
    whole, needed = rubric_past(repo.context()), settled_past(repo.context())
    assert (needed.settled, needed.amended) == (whole.settled, whole.amended)
    assert (needed.hidden, needed.missing, needed.counts) == (0, whole.missing, {})


def test_closed_rounds_say_how_far_people_agreed_under_which_version(repo: Repo) -> None:
    assert rubric_past(repo.context()).rounds == {"tone": (), "facts": ()}
    entry = "{n: 12, alpha: 0.5, agreement: 0.7, holds: false, why: w}"
    repo.write(
        "datasets/mails/rounds/1.yaml",
        "number: 1\nrubric: mail@1\nsystem: v1\nannotators: [ann, bob]\n"
        f"outputs: [{{case: one}}]\nclosed: {{agreement: {{tone: {entry}}}}}\n",
    )
    rounds = rubric_past(repo.context()).rounds
    assert [(one.version, one.alpha) for one in rounds["tone"]] == [(1, 0.5)]
    assert rounds["facts"] == ()
