"""Runs that are remembered: found, read back, held side by side, and looked into."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from labeltool.commands.runs import RunEntry, runs, stamp
from labeltool.commands.runs_case import CaseDetail, detail
from labeltool.commands.runs_cases import beside_baseline, read_run, side_by_side
from labeltool.errors import DataError
from labeltool.model.hashing import case_hash, text_hash
from labeltool.model.result import Baseline, Before, CaseError, Repeat
from tests.small_repo import Repo
from tests.tui.desk_repo import make
from tests.tui.run_repo import (
    RUN_1,
    RUN_2,
    a_case,
    a_head,
    failing,
    remember,
    two_runs,
    write_file,
)


@pytest.fixture
def repo(tmp_path: Path) -> Iterator[Repo]:
    repo = make(tmp_path / "repo")
    yield repo
    repo.close()


def entries(repo: Repo) -> tuple[RunEntry, ...]:
    return runs(repo.context()).entries


def test_where_nothing_ran_there_is_nothing(repo: Repo) -> None:
    assert entries(repo) == ()


def test_the_newest_run_comes_first_with_what_it_found(repo: Repo) -> None:
    two_runs(repo)
    newest, oldest = entries(repo)
    assert (newest.id, oldest.id) == (RUN_2, RUN_1)
    assert newest.head is not None
    assert newest.head.tiers["golden"].passed == 2


def test_a_results_file_from_elsewhere_is_a_run_too_and_one_of_here_is_not_twice(
    repo: Repo,
) -> None:
    two_runs(repo)
    write_file(repo, a_head(RUN_2), [a_case("a-parcel")])
    assert [one.id for one in entries(repo)] == [RUN_2, RUN_1]
    write_file(repo, a_head("20261122T090000-ccc333"), [failing("a-parcel"), a_case("b-refund")])
    first = entries(repo)[0]
    assert first.id == "20261122T090000-ccc333"
    assert [row.id for row in read_run(first).ranked()] == ["a-parcel", "b-refund"]


def test_a_results_file_in_another_layout_is_read_whole(repo: Repo) -> None:
    write_file(repo, a_head(RUN_1), [failing("a-parcel")])
    path = repo.root / "eval_results.json"
    path.write_text(json.dumps(json.loads(path.read_text())))
    (entry,) = entries(repo)
    (row,) = read_run(entry).ranked()
    assert detail(repo.context(), entry, row).result.output == "The answer to a-parcel."


def test_what_is_broken_or_not_finished_is_named_beside_the_others(repo: Repo) -> None:
    two_runs(repo)
    (repo.root / f".labeltool/runs/{RUN_1}/head.json").write_text("{")
    (repo.root / f".labeltool/runs/{RUN_2}/head.json").unlink()
    repo.write("eval_results.json", "[]")
    found = {one.id: one.why or "" for one in entries(repo)}
    assert "not finished" in found[RUN_2]
    assert "cannot be read" in found[RUN_1]
    assert "is no labeltool/results@1 document" in found["eval_results.json"]
    with pytest.raises(DataError, match="not finished") as caught:
        read_run(next(one for one in entries(repo) if one.id == RUN_2))
    assert caught.value.hint == f"go on with it: labeltool run --resume {RUN_2}"


def test_what_failed_stands_first_with_the_criteria_it_lost(repo: Repo) -> None:
    cases = [
        a_case("passes"),
        failing("fails"),
        a_case("known-bug", status="open", passed=False),
        a_case("fixed-bug", status="open"),
        a_case("silent", passed=None, error=CaseError(kind="timeout", message="after 60 s")),
        a_case("shaky", repeats=(Repeat(passed=True), Repeat(passed=False))),
    ]
    remember(repo, a_head(RUN_1), cases)
    rows = read_run(entries(repo)[0]).ranked()
    assert [(row.id, row.state) for row in rows] == [
        ("fails", "failed"),
        ("silent", "error"),
        ("shaky", "flaky"),
        ("fixed-bug", "open, passes"),
        ("known-bug", "open"),
        ("passes", "passed"),
    ]
    assert rows[0].lost == "tone 0"
    assert rows[1].lost == "timeout: after 60 s"


def test_a_torn_log_is_read_as_far_as_it_goes_and_says_how_much_is_lost(repo: Repo) -> None:
    two_runs(repo)
    log = repo.root / f".labeltool/runs/{RUN_2}/log.jsonl"
    lines = log.read_bytes().splitlines(keepends=True)
    log.write_bytes(lines[0] + b"\xff{nonsense}\n" + b"".join(lines[2:4]) + lines[4][:50])
    cases = read_run(entries(repo)[0])
    assert sorted(cases.rows) == ["b-refund", "c-thanks"]
    assert cases.broken == 2


def test_a_case_that_was_graded_again_counts_once_as_it_is_now(repo: Repo) -> None:
    remember(repo, a_head(RUN_1), [failing("a-parcel"), a_case("b-refund"), a_case("a-parcel")])
    cases = read_run(entries(repo)[0])
    assert {id: row.state for id, row in cases.rows.items()} == {
        "a-parcel": "passed",
        "b-refund": "passed",
    }


def test_two_runs_side_by_side(repo: Repo) -> None:
    remember(
        repo,
        a_head(RUN_1),
        [
            *(a_case("breaks"), failing("gets-fixed"), a_case("stays"), a_case("gone")),
            *(a_case("edited"), a_case("silent"), failing("known", status="open")),
        ],
    )
    silent = CaseError(kind="system", message="exit 1")
    remember(
        repo,
        a_head(RUN_2, rubric="mail@3"),
        [
            *(failing("breaks"), a_case("gets-fixed"), a_case("stays"), a_case("new")),
            *(failing("edited", case_hash="f" * 12), a_case("silent", passed=None, error=silent)),
            a_case("known", status="open"),
        ],
    )
    newest, oldest = entries(repo)
    beside = side_by_side(read_run(newest), read_run(oldest))
    assert {row.id: row.side for row in beside.rows} == {
        "breaks": "broken",
        "gets-fixed": "fixed",
        "stays": "same",
        "edited": "edited",
        "silent": "no verdict",
        "new": "only here",
        "gone": "only there",
        "known": "fixed",
    }
    assert [row.id for row in beside.rows][:1] == ["breaks"]
    assert (beside.counts["broken"], beside.counts["fixed"], beside.pairs) == (1, 1, 3)
    assert beside.p_value == 1.0
    assert beside.doubts == ("the other run was graded under mail@2",)


def test_what_a_run_said_against_its_baseline_is_told_again(repo: Repo) -> None:
    two_runs(repo)
    newest, oldest = entries(repo)
    beside = beside_baseline(read_run(newest))
    assert beside is not None
    assert [row.id for row in beside.rows if row.side == "broken"] == ["b-refund"]
    assert beside_baseline(read_run(oldest)) is None


def test_a_folder_that_changes_has_another_stamp(repo: Repo) -> None:
    ctx = repo.context()
    before = stamp(ctx)
    assert stamp(ctx) == before
    two_runs(repo)
    assert stamp(ctx) != before


# One case.


def look(repo: Repo, case: str = "a-parcel") -> CaseDetail:
    entry = entries(repo)[0]
    return detail(repo.context(), entry, read_run(entry).rows[case])


def real(repo: Repo, id: str = "a-parcel") -> dict[str, str]:
    """The hashes that the case and its output have in the repo."""
    case = repo.context().workspace.dataset("mails").case(id)
    return {"case_hash": case_hash(case), "output_hash": text_hash(f"The answer to {id}.")}


def label(repo: Repo, who: str, tone: int, output: str = "The answer to a-parcel.") -> None:
    repo.write(
        f"datasets/mails/labels/{who}/v1/a-parcel.yaml",
        f"case: a-parcel\nsystem: v1\nannotator: {who}\nrubric: mail@2\n"
        f"output_hash: '{text_hash(output)}'\nscores: {{tone: {tone}, facts: 1}}\n",
    )


def test_a_case_in_full_names_its_snapshot_and_the_command_that_runs_it(repo: Repo) -> None:
    remember(repo, a_head(RUN_1), [failing("a-parcel", **real(repo))])
    found = look(repo)
    assert found.case is not None
    assert found.case.input == "Where is my parcel?"
    assert found.changed is None
    assert found.lost == ("tone",)
    assert found.snapshots == ("v1",)
    assert found.label_in == "v1"
    assert found.again == "labeltool run --system v1 --case a-parcel"


def test_a_case_that_was_edited_or_is_gone_says_so(repo: Repo) -> None:
    remember(repo, a_head(RUN_1), [failing("a-parcel"), failing("lost-one")])
    assert "edited since" in (look(repo).changed or "")
    gone = look(repo, "lost-one")
    assert gone.case is None
    assert "lost-one" in (gone.changed or "")


def test_what_people_say_of_this_very_text_stands_beside_it(repo: Repo) -> None:
    remember(repo, a_head(RUN_1), [failing("a-parcel", **real(repo))])
    label(repo, "ann", 1)
    people = look(repo).people
    assert people is not None
    assert people.said is not None
    assert people.said.scores["tone"] == 1
    label(repo, "bob", 2)
    people = look(repo).people
    assert people is not None
    assert people.said is not None
    assert people.said.unresolved["tone"] == {"ann": 1, "bob": 2}


def test_what_people_say_of_another_text_does_not(repo: Repo) -> None:
    remember(repo, a_head(RUN_1), [failing("a-parcel", output="Another one.")])
    label(repo, "ann", 1)
    assert look(repo).people is None
    assert look(repo).label_in is None
    assert look(repo).record.endswith("--case a-parcel --record NAME")


def test_nothing_of_an_open_round_is_told(repo: Repo) -> None:
    remember(repo, a_head(RUN_1), [failing("a-parcel", **real(repo))])
    label(repo, "ann", 1)
    round = "number: 1\nrubric: mail@2\nsystem: v1\noutputs: [{case: a-parcel}]\n"
    repo.write("datasets/mails/rounds/1.yaml", round)
    people = look(repo).people
    assert people is not None
    assert people.hidden
    assert people.said is None
    repo.write("datasets/mails/rounds/1.yaml", "number: [\n")  # one that cannot be read may be open
    assert look(repo).people is None


def test_the_old_output_comes_from_the_marked_run_or_else_from_the_baseline(repo: Repo) -> None:
    before = Before(scores={"tone": 2}, output="It was kind.")
    baseline = Baseline(run_id="x", name="main", broken=("a-parcel",), before={"a-parcel": before})
    remember(repo, a_head(RUN_1), [a_case("a-parcel", output="The first.")])
    remember(repo, a_head(RUN_2, baseline=baseline), [failing("a-parcel")])
    mine, there = entries(repo)
    row, old = (read_run(one).rows["a-parcel"] for one in (mine, there))
    other = detail(repo.context(), mine, row).other
    assert other is not None
    assert (other.name, other.output) == ("baseline main", "It was kind.")
    other = detail(repo.context(), mine, row, (there, old)).other
    assert other is not None
    assert (other.name, other.output) == ("v1 aaa111", "The first.")


def test_a_log_that_changed_meanwhile_is_told(repo: Repo) -> None:
    two_runs(repo)
    entry = entries(repo)[0]
    row = read_run(entry).rows["b-refund"]
    (repo.root / f".labeltool/runs/{RUN_2}/log.jsonl").write_text("{}\n")
    with pytest.raises(DataError, match="has changed since it was read"):
        detail(repo.context(), entry, row)
