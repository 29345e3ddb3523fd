"""Saying a label without the app."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from labeltool.commands.label import parse_scores, say_label
from labeltool.commands.label_list import upcoming
from labeltool.commands.label_target import aim
from labeltool.errors import UnknownName, UsageError
from labeltool.model.rubric import Rubric
from labeltool.store import codec
from tests.small_repo import NOW, Repo
from tests.tui.desk_repo import RUBRIC, label_path, make, read_label


@pytest.fixture
def repo(tmp_path: Path) -> Iterator[Repo]:
    repo = make(tmp_path / "repo")
    yield repo
    repo.close()


@pytest.fixture(scope="module")
def rubric() -> Rubric:
    return codec.decode(RUBRIC.encode(), Rubric, "rubrics/mail.yaml")


def test_a_label_is_said_and_committed(repo: Repo) -> None:
    said = say_label(repo.context(), "a-parcel", ["tone=2", "facts=1"], note="well put")
    label = read_label(repo, "a-parcel")
    assert label == said.label
    assert label.scores == {"tone": 2, "facts": 1}
    assert (label.notes, label.annotator, label.system) == ("well put", "ann", "v1")
    assert label.labeled_at == NOW.strftime("%Y-%m-%dT%H:%M:%SZ")
    assert repo.git("rev-parse", "HEAD").strip() == said.commit
    assert repo.git("status", "--porcelain") == ""


def test_the_commit_names_case_snapshot_and_annotator_but_no_score(repo: Repo) -> None:
    say_label(repo.context(), "a-parcel", ["tone=2", "facts=1"])
    assert repo.subject() == "label a-parcel of v1 as ann"
    assert {line for line in repo.trailers() if line} == {
        "Labeltool-Kind: label",
        "Labeltool-Dataset: mails",
        "Labeltool-Case: a-parcel",
        "Labeltool-Annotator: ann",
        "Labeltool-Rubric: mail@2",
    }
    assert "tone" not in repo.git("log", "-1", "--format=%B")


def test_what_is_not_said_keeps_its_earlier_score(repo: Repo) -> None:
    say_label(repo.context(), "a-parcel", ["tone=2", "facts=1"], note="first")
    said = say_label(repo.context(), "a-parcel", ["tone=0"])
    assert said.kept == ("facts",)
    assert read_label(repo, "a-parcel").scores == {"tone": 0, "facts": 1}
    assert read_label(repo, "a-parcel").notes == "first"


def test_a_score_that_went_stale_stays_to_do_until_it_is_said_again(repo: Repo) -> None:
    repo.write(
        label_path("a-parcel"),
        "case: a-parcel\nsystem: v1\nannotator: ann\nrubric: mail@1\nscores: {tone: 2, facts: 1}\n",
    )
    said = say_label(repo.context(), "a-parcel", ["facts=0"])
    assert (said.kept, said.missing) == ((), ("tone",))
    assert read_label(repo, "a-parcel").scores == {"facts": 0}


def test_a_half_said_label_stays_in_the_queue(repo: Repo) -> None:
    said = say_label(repo.context(), "a-parcel", ["tone=2"])
    assert said.missing == ("facts",)
    assert "a-parcel" in [item.case for item in upcoming(repo.context()).items]
    done = say_label(repo.context(), "a-parcel", ["facts=1"])
    assert (done.kept, done.missing) == (("tone",), ())
    assert "a-parcel" not in [item.case for item in upcoming(repo.context()).items]


def test_skipping_needs_no_scores_and_takes_none(repo: Repo) -> None:
    say_label(repo.context(), "a-parcel", [], skip=True)
    assert (read_label(repo, "a-parcel").status, read_label(repo, "a-parcel").scores) == (
        "skipped",
        {},
    )
    with pytest.raises(UsageError, match="contradict"):
        say_label(repo.context(), "a-parcel", ["tone=1"], skip=True)


def test_a_skipped_output_can_be_labelled_after_all(repo: Repo) -> None:
    say_label(repo.context(), "a-parcel", [], skip=True)
    say_label(repo.context(), "a-parcel", ["tone=1", "facts=1"])
    assert read_label(repo, "a-parcel").status == "done"


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("tone=3", "off its scale"),
        ("tone=-1", "off its scale"),
        ("tone=good", "no whole number"),
        ("tone=1.0", "no whole number"),
        ("facts=na", "has no `na`"),
        ("short=1", "decided by its check"),
        ("tone", "no criterion=score"),
        ("=1", "no criterion=score"),
        ("tone=", "no criterion=score"),
    ],
)
def test_a_bad_score_says_what_is_wrong(rubric: Rubric, said: str, why: str) -> None:
    with pytest.raises(UsageError, match=why) as caught:
        parse_scores([said], rubric)
    assert caught.value.hint


def test_na_is_a_score_where_the_rubric_allows_it(rubric: Rubric) -> None:
    assert parse_scores(["tone=na", "facts=0"], rubric) == {"tone": "na", "facts": 0}


def test_a_criterion_said_twice_is_refused(rubric: Rubric) -> None:
    with pytest.raises(UsageError, match="twice"):
        parse_scores(["tone=1", "tone=2"], rubric)


def test_a_mistyped_criterion_gets_the_nearest_name(rubric: Rubric) -> None:
    with pytest.raises(UnknownName) as caught:
        parse_scores(["tnoe=1"], rubric)
    assert caught.value.hint == "did you mean tone?"


def test_a_case_without_an_output_names_the_command_that_records_one(repo: Repo) -> None:
    repo.write("datasets/mails/cases/golden/new.yaml", "id: new\ntier: golden\ninput: New\n")
    with pytest.raises(UsageError, match="no recorded output") as caught:
        say_label(repo.context(), "new", ["tone=1"])
    assert "--record NAME" in str(caught.value.hint)


def test_a_live_system_is_no_snapshot(repo: Repo) -> None:
    settings = "dataset: mails\nsystems: {live: {kind: command, run: [cat]}}\n"
    repo.write("labeltool.yaml", settings)
    with pytest.raises(UsageError, match="no snapshot") as caught:
        aim(repo.context(), system="live")
    assert "--system live --record NAME" in str(caught.value.hint)
    with pytest.raises(UnknownName, match="no snapshot is named 'v2'"):
        aim(repo.context(), system="v2")


def test_several_snapshots_ask_which(repo: Repo) -> None:
    repo.write(
        "datasets/mails/outputs/v2/a-parcel.yaml", "case: a-parcel\nsystem: v2\noutput: Hi\n"
    )
    with pytest.raises(UsageError, match="several snapshots: v1, v2"):
        aim(repo.context())
    assert aim(repo.context(), system="v2").system == "v2"


def test_an_open_round_chooses_its_snapshot_and_is_written_down(repo: Repo) -> None:
    repo.write(
        "datasets/mails/outputs/v2/a-parcel.yaml", "case: a-parcel\nsystem: v2\noutput: Hi\n"
    )
    repo.write(
        "datasets/mails/rounds/1.yaml",
        "number: 1\nrubric: mail@2\nsystem: v2\nannotators: [ann, bob]\n"
        "outputs: [{case: a-parcel}]\n",
    )
    said = say_label(repo.context(), "a-parcel", ["tone=1", "facts=1"])
    assert (said.label.system, said.label.round) == ("v2", 1)


def test_a_held_commit_is_saved_and_says_so(repo: Repo) -> None:
    (repo.root / ".git/MERGE_HEAD").write_text(repo.git("rev-parse", "HEAD"))
    said = say_label(repo.context(), "a-parcel", ["tone=1", "facts=1"])
    assert said.commit is None
    assert "saved, not committed" in str(said.held)
    assert read_label(repo, "a-parcel").scores == {"tone": 1, "facts": 1}


def test_the_very_same_said_again_is_no_second_decision(repo: Repo) -> None:
    repo.labeltool("label", "a-parcel", "--set", "tone=2", "--set", "facts=1", "--note", "warm")
    before, commits = (repo.root / label_path("a-parcel")).read_bytes(), repo.commits()
    again = repo.labeltool("label", "a-parcel", "--set", "tone=2", "--set", "facts=1")
    assert (again.returncode, again.stderr) == (0, "")
    assert "already said" in again.stdout
    assert (repo.root / label_path("a-parcel")).read_bytes() == before
    assert repo.commits() == commits
    assert repo.labeltool("label", "a-parcel", "--set", "tone=2", "--unsure").returncode == 0
    assert read_label(repo, "a-parcel").confidence == "unsure"
    assert repo.commits() == commits + 1


def test_the_same_said_again_commits_what_only_waited(repo: Repo) -> None:
    merging = repo.root / ".git/MERGE_HEAD"
    merging.write_text(repo.git("rev-parse", "HEAD"))
    assert (
        repo.labeltool("label", "a-parcel", "--set", "tone=1", "--set", "facts=1").returncode == 4
    )
    assert (
        repo.labeltool("label", "a-parcel", "--set", "tone=1", "--set", "facts=1").returncode == 4
    )
    merging.unlink()
    assert (
        repo.labeltool("label", "a-parcel", "--set", "tone=1", "--set", "facts=1").returncode == 0
    )
    assert repo.git("status", "--porcelain") == ""
    assert repo.subject() == "label a-parcel of v1 as ann"


def test_a_label_written_by_hand_and_said_again_is_committed(repo: Repo) -> None:
    say_label(repo.context(), "a-parcel", ["tone=2", "facts=1"])
    path = repo.root / label_path("a-parcel")
    path.write_text(path.read_text().replace("tone: 2", "tone: 1") + "# by hand\n")
    said = say_label(repo.context(), "a-parcel", ["tone=1", "facts=1"])
    assert said.commit == repo.git("rev-parse", "HEAD").strip()
    assert repo.git("status", "--porcelain") == ""


def test_the_command_line_answers_in_json_and_exit_codes(repo: Repo) -> None:
    done = repo.labeltool("label", "a-parcel", "--set", "tone=2", "--set", "facts=1", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    document = json.loads(done.stdout)
    assert document["schema"] == "labeltool/label@1"
    assert document["label"]["scores"] == {"tone": 2, "facts": 1}
    assert document["label"]["status"] == "done"
    assert repo.labeltool("label", "a-parcel", "--set", "tnoe=2").returncode == 2
    assert repo.labeltool("label", "a-parcel", "--note", "alone").returncode == 2
    assert repo.labeltool("label", "--set", "tone=1").returncode == 2
    assert repo.labeltool("label").returncode == 2  # the app needs a terminal
    stranger = repo.labeltool("label", "a-parcel", "--skip", "--annotator", "eve")
    assert stranger.returncode == 3
    (repo.root / ".git/MERGE_HEAD").write_text(repo.git("rev-parse", "HEAD"))
    held = repo.labeltool("label", "b-refund", "--skip")
    assert held.returncode == 4
    assert "a merge is in progress" in held.stderr
