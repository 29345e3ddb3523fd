from __future__ import annotations

from pathlib import Path

from labeltool.model.hashing import text_hash
from labeltool.runner.humans import HumanIndex, load_humans
from tests.projects import Project

RUBRIC = {
    "name": "short",
    "version": 1,
    "criteria": [{"id": "tone", "text": "Kept.", "max": 2}],
}
HASH, INPUT = text_hash("said"), text_hash("few words")


def project(root: Path) -> Project:
    found = Project.make(root, rubric=RUBRIC)
    found.case("a")
    found.output("a", "said")
    return found


def load(found: Project) -> HumanIndex:
    store = found.context().workspace.dataset()
    return load_humans(store, store.rubric)


def test_a_score_belongs_to_the_text_wherever_it_comes_from(tmp_path: Path) -> None:
    found = project(tmp_path)
    found.label("a", "alice", {"tone": 1}, output_hash=HASH)
    score = load(found).score("a", INPUT, HASH)
    assert score is not None
    assert score.scores == {"tone": 1}
    assert load(found).score("a", INPUT, text_hash("another text")) is None


def test_a_label_without_a_hash_speaks_of_its_snapshot(tmp_path: Path) -> None:
    found = project(tmp_path)
    found.label("a", "alice", {"tone": 1})
    found.label("gone", "alice", {"tone": 1})
    score = load(found).score("a", INPUT, HASH)
    assert score is not None


def test_one_annotator_counts_once_where_two_snapshots_hold_the_same_text(tmp_path: Path) -> None:
    found = project(tmp_path)
    found.label("a", "alice", {"tone": 1}, output_hash=HASH, labeled_at="2026-11-01")
    later = {"case": "a", "system": "new", "annotator": "alice", "rubric": "short@1"}
    found.write(
        "datasets/d/labels/alice/new/a.yaml",
        {**later, "scores": {"tone": 2}, "output_hash": HASH, "labeled_at": "2026-11-02"},
    )
    score = load(found).score("a", INPUT, HASH)
    assert score is not None
    assert score.scores == {"tone": 2}
    assert score.single == ("tone",)


def test_labels_of_an_open_round_stay_hidden(tmp_path: Path) -> None:
    found = project(tmp_path)
    found.label("a", "alice", {"tone": 1}, output_hash=HASH)
    round = {"number": 1, "rubric": "short@1", "system": "old", "outputs": [{"case": "a"}]}
    found.write("datasets/d/rounds/1.yaml", round)
    index = load(found)
    assert index.score("a", INPUT, HASH) is None
    assert index.is_hidden("a", HASH)
    found.write("datasets/d/rounds/1.yaml", {**round, "closed": {"at": "2026-11-02"}})
    assert load(found).score("a", INPUT, HASH) is not None


def test_a_broken_label_is_a_problem_beside_the_others(tmp_path: Path) -> None:
    found = project(tmp_path)
    found.label("a", "alice", {"tone": 1}, output_hash=HASH)
    found.code("datasets/d/labels/bob/old/a.yaml", "case: a\n")
    index = load(found)
    assert index.problems
    assert index.score("a", INPUT, HASH) is not None


def test_a_score_off_its_scale_is_a_problem_of_its_file_but_not_under_an_older_version(
    tmp_path: Path,
) -> None:
    found = project(tmp_path)
    found.write("rubrics/short.yaml", {**RUBRIC, "version": 2})
    found.label("a", "alice", {"tone": 9}, rubric="short@2")
    found.label("a", "bob", {"tone": 9}, rubric="short@1")
    assert [str(problem) for problem in load(found).problems] == [
        "datasets/d/labels/alice/old/a.yaml: scores.tone: 9 is outside the scale"
    ]
