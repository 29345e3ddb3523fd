"""`import`: another tool's rows become files, all of them or none."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from labeltool.commands.check import check
from labeltool.commands.import_ import Imported, Kind, Source, Wanted, import_rows
from labeltool.commands.undo import undo
from labeltool.errors import DataError, UsageError
from labeltool.model.hashing import text_hash
from labeltool.model.label import Label
from labeltool.store import codec
from tests.small_repo import NOW, Repo

GOLDEN = "datasets/mails/cases/golden"


@pytest.fixture
def repo(tmp_path: Path) -> Iterator[Repo]:
    repo = Repo.committed(tmp_path / "evals")
    yield repo
    repo.close()


def bring(repo: Repo, kind: Kind, rows: Iterable[dict[str, Any]], **wanted: Any) -> Imported:
    data = "".join(json.dumps(row) + "\n" for row in rows).encode()
    constant: dict[str, str | None] = {
        name: wanted.pop(name) for name in ("tier", "system", "annotator") if name in wanted
    }
    source = Source(io.BytesIO(data), "rows.jsonl", "jsonl")
    return import_rows(repo.context(), source, Wanted(kind, constant=constant, **wanted))


def refused(repo: Repo, kind: Kind, rows: Iterable[dict[str, Any]], **wanted: Any) -> list[str]:
    """What the import says, having written nothing."""
    before = (repo.commits(), repo.git("status", "--porcelain"))
    with pytest.raises(DataError) as caught:
        bring(repo, kind, rows, **wanted)
    assert (repo.commits(), repo.git("status", "--porcelain")) == before
    return [str(problem) for problem in caught.value.problems]


def test_cases_come_in_as_one_readable_commit(repo: Repo) -> None:
    rows = [{"id": "Late!", "input": "Late again"}, {"input": "no id"}]
    done = bring(repo, "cases", rows, tier="golden")
    assert (done.read, len(done.written), done.unchanged, done.skipped) == (2, 2, 0, 0)
    assert repo.commits() == 2
    assert repo.subject() == "import 2 cases into golden of mails"
    assert "Labeltool-Kind: import" in repo.trailers()
    assert repo.read(f"{GOLDEN}/late.yaml") == (
        "id: late\ntier: golden\ninput: Late again\nrubric_version: 2\n"
        "source: {kind: import, ref: Late!}\n"
    )
    assert check(repo.root, now=NOW).errors == 0


def test_every_bad_row_is_named_and_nothing_is_written(repo: Repo) -> None:
    rows: list[dict[str, Any]] = [
        {"id": "a", "input": "fine"},
        {"id": "b"},
        {"id": "c", "input": "x", "tier": "goldn"},
        {"id": "A", "input": "again"},
        {"id": "d", "input": "x", "checks": [{"kind": "regex", "value": "("}]},
    ]
    found = refused(repo, "cases", rows, tier="golden")
    assert [line.partition(": ")[0] for line in found] == [
        f"rows.jsonl:{line}" for line in (2, 3, 4, 5)
    ]
    assert "a is what line 1 is called too" in found[2]
    assert "checks.0.value: regex" in found[3]


def test_bad_rows_may_be_skipped_and_are_counted(repo: Repo) -> None:
    rows = [{"id": "a", "input": "fine"}, {"id": "b"}, {"id": "one", "input": "other"}]
    done = bring(repo, "cases", rows, tier="golden", skip_invalid=True)
    assert (done.read, len(done.written), done.skipped) == (3, 1, 2)
    assert repo.read("datasets/mails/cases/golden/one.yaml").endswith("It is on its way.\n")


def test_the_same_rows_again_change_nothing(repo: Repo) -> None:
    rows = [{"id": "a", "input": "x", "tags": ["t"]}]
    bring(repo, "cases", rows, tier="golden")
    again = bring(repo, "cases", rows, tier="golden")
    assert (again.unchanged, again.written, again.commit) == (1, (), None)
    assert repo.commits() == 2


def test_a_case_that_says_something_else_is_never_overwritten(repo: Repo) -> None:
    (found,) = refused(repo, "cases", [{"id": "one", "input": "other", "tier": "golden"}])
    assert found == "rows.jsonl:1: id: one is there already and says something else"
    (found,) = refused(repo, "cases", [{"id": "one", "input": "x", "tier": "regression"}])
    assert found == "rows.jsonl:1: id: one stands in the tier golden already"


def test_a_row_without_tier_says_what_to_type(repo: Repo) -> None:
    assert refused(repo, "cases", [{"input": "x"}]) == ["rows.jsonl:1: tier: is missing"]


def test_a_mapped_column_that_is_not_there(repo: Repo) -> None:
    with pytest.raises(UsageError, match="no row has a column 'Qestion'") as caught:
        bring(repo, "cases", [{"Question": "x"}], tier="golden", maps=("input=Qestion",))
    assert caught.value.hint == "columns: Question"


def test_columns_nobody_read_are_told(repo: Repo) -> None:
    done = bring(repo, "cases", [{"input": "x", "expcted": "y"}], tier="golden")
    assert done.ignored == ("expcted",)


def test_no_rows_is_an_error(repo: Repo) -> None:
    with pytest.raises(DataError, match="has no rows"):
        bring(repo, "cases", [])


def test_outputs_become_a_snapshot_and_extend_it(repo: Repo) -> None:
    bring(repo, "outputs", [{"case": "one", "output": "A"}], system="GPT 5")
    bring(repo, "outputs", [{"case": "two", "output": ""}], system="gpt-5")
    assert repo.context().workspace.dataset().systems == ("gpt-5", "v1")
    assert repo.subject() == "import 1 output of gpt-5 into mails"
    assert check(repo.root, now=NOW).errors == 0


def test_a_snapshot_never_changes(repo: Repo) -> None:
    (found,) = refused(repo, "outputs", [{"case": "one", "system": "v1", "output": "Other"}])
    assert "a snapshot never changes" in found
    same = bring(repo, "outputs", [{"case": "one", "system": "v1", "output": "On its way."}])
    assert same.unchanged == 1


def test_an_output_needs_its_case_and_a_name_of_its_own(repo: Repo) -> None:
    repo.write(
        "labeltool.yaml", "systems: {live: {kind: command, run: [./answer]}}\ndataset: mails\n"
    )
    rows = [
        {"case": "gone", "system": "v2", "output": "x"},
        {"case": "one", "system": "live", "output": "x"},
    ]
    assert refused(repo, "outputs", rows) == [
        "rows.jsonl:1: case: there is no case gone in mails",
        "rows.jsonl:2: system: live is a live system in labeltool.yaml",
    ]


def test_labels_belong_to_the_texts_they_speak_of(repo: Repo) -> None:
    rows = [{"case": "one", "system": "v1", "annotator": "Bob", "scores": {"tone": 1, "facts": 0}}]
    bring(repo, "labels", rows)
    path = "datasets/mails/labels/bob/v1/one.yaml"
    label = codec.decode(repo.read(path).encode(), Label, path)
    assert label.input_hash == text_hash("Where is my parcel?")
    assert label.output_hash == text_hash("On its way.")
    assert label.rubric == "mail@2"
    assert repo.subject() == "import 1 label by bob into mails"
    assert check(repo.root, now=NOW).errors == 0
    assert bring(repo, "labels", rows).unchanged == 1


def test_labels_are_held_against_rubric_outputs_and_people(repo: Repo) -> None:
    base = {"case": "one", "system": "v1", "annotator": "ann"}
    rows: list[dict[str, Any]] = [
        {**base, "scores": {"tone": 3}},
        {**base, "case": "two", "system": "v9", "scores": {"tone": 1}},
        {**base, "case": "two", "annotator": "eve", "scores": {"tone": 1}},
    ]
    assert refused(repo, "labels", rows) == [
        "rows.jsonl:1: scores.tone: 3 is outside the scale",
        "rows.jsonl:2: case: v9 has no recorded output for the case two",
        "rows.jsonl:3: annotator: eve is none of the annotators",
    ]


def test_a_label_that_says_otherwise_is_never_overwritten(repo: Repo) -> None:
    row = {"case": "one", "system": "v1", "annotator": "ann"}
    bring(repo, "labels", [{**row, "scores": {"tone": 1}}])
    (found,) = refused(repo, "labels", [{**row, "scores": {"tone": 2}}])
    assert "ann has labelled v1/one already, and otherwise" in found


def test_an_import_can_be_taken_back_whole(repo: Repo) -> None:
    bring(repo, "cases", [{"id": f"c{n}", "input": "x"} for n in range(3)], tier="adversarial")
    back = undo(repo.context())
    assert back is not None
    assert len(back.paths) == 3
    assert not (repo.root / "datasets/mails/cases/adversarial").exists()


def test_texts_of_every_kind_come_back_as_they_were(repo: Repo) -> None:
    nasty = ["\x1b[31mred", "a\r\nb", " x ", "no", "\u2028", "- a\n\tb\n\n", "\ufeff", "{}", "0123"]
    bring(repo, "cases", [{"id": f"n{i}", "input": t} for i, t in enumerate(nasty)], tier="golden")
    store = repo.context().workspace.dataset()
    assert [store.case(f"n{index}").input for index in range(len(nasty))] == nasty
