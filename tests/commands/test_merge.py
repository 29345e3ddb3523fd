"""Shards of one run, joined on another machine."""

from __future__ import annotations

import json
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from labeltool.commands.merge import exit_code, merge
from labeltool.commands.runs import runs
from labeltool.errors import DataError, UsageError
from labeltool.runner.tally import nearest_rank
from tests.commands.test_run import JUDGED, finish
from tests.projects import NOW, Project

TIMES_AND_IDS = {"run_id", "created_at", "latency_ms"}
RUNS = count()
CODE = """
def answer(case):
    if case["id"].endswith("7"):
        raise RuntimeError("the backend is away")
    return {"output": case["input"] + SUFFIX, "usage": {"input_tokens": 7, "output_tokens": 3}}
"""


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Cases of every fate: passing, failing, erring, open, retired, back from quarantine."""
    project = Project.make(tmp_path, rubric=JUDGED)
    priced = {"kind": "python", "call": "echo.py:answer", "price": {"input": 0.15, "output": 0.6}}
    project.write("labeltool.yaml", {"dataset": "d", "systems": {"echo": priced}})
    code(project)
    gates = {
        "golden": {"threshold": 0.5, "max_error_rate": 0.5},
        "regression": {"threshold": 0.1},
        "adversarial": {"threshold": 0.1},
    }
    project.dataset(gates=gates)
    for n in range(20):
        project.case(f"g{n}", f"case {n} in {'few' if n % 5 else 'far too many ' * 4} words")
        project.case(f"g{n}-b", f"case {n} again")
    for n in range(6):
        project.case(f"r{n}", f"bug {n}", tier="regression")
    project.case("r-open", "far too many words " * 3, tier="regression", status="open")
    project.case("old", "x", status="retired")
    for id in ("back-b", "back"):
        project.case(id, "x y", status="quarantined", until="2026-01-01", status_reason="flaky")
    project.case("adv", "x", tier="adversarial", status="retired")
    project.output("g1", "case 1 in few words")
    project.label("g1", "alice", {"facts": 0, "warmth": 0}, output_hash=None)
    return project


def code(project: Project, suffix: str = "") -> None:
    project.code("echo.py", f"SUFFIX = {suffix!r}\n{CODE}")


async def shards(project: Project, of: int = 3, **request: Any) -> list[Path]:
    """The results of each, in files of their own."""
    found = []
    for n in range(1, of + 1):
        run_id = f"s{next(RUNS)}"
        await finish(project, run_id=run_id, shard=f"{n}/{of}", **request)
        path = project.root / f"shard-{n}.json"
        path.write_bytes((project.root / "eval_results.json").read_bytes())
        found.append(path)
    return found


def joined(paths: list[Path], out: Path) -> tuple[dict[str, Any], int]:
    merged = merge(paths, out=out, run_id="m", now=NOW)
    assert not merged.results.cases
    return json.loads(out.read_text()), exit_code(merged)


def steady(found: dict[str, Any]) -> dict[str, Any]:
    kept = {name: value for name, value in found.items() if name not in TIMES_AND_IDS}
    cases = [
        {
            **case,
            "latency_ms": None,
            "repeats": [{**one, "latency_ms": None} for one in case["repeats"]],
        }
        for case in found["cases"]
    ]
    return {**kept, "cases": cases}


class TestTheWhole:
    @pytest.mark.parametrize(
        "request_",
        [
            {},
            {"repeat": 2},
            {"tiers": ("golden",), "threshold": 0.99},
            {"cases": ("g1", "g1-b", "g7", "r1", "g5")},
            {"rule": "confident"},
            {"scores": "human"},
        ],
        ids=["plain", "repeat", "red", "named", "confident", "human"],
    )
    async def test_it_equals_an_unsharded_run_but_for_times_and_ids(
        self, project: Project, tmp_path: Path, request_: dict[str, Any]
    ) -> None:
        whole, code = await finish(project, run_id="w", **request_)
        found, merged_code = joined(await shards(project, **request_), tmp_path / "m.json")
        assert steady(found) == steady(whole)
        assert list(found) == list(whole)
        assert merged_code == code

    async def test_what_changed_since_a_baseline_is_put_together(
        self, project: Project, tmp_path: Path
    ) -> None:
        await finish(project, run_id="w0")
        (project.root / "main.json").write_bytes((project.root / "eval_results.json").read_bytes())
        code(project, " and many more words than it may have now")
        project.case("r1", "bug 1 is another one", tier="regression")
        project.case("new", "x")
        said: dict[str, Any] = {"baseline": "main.json", "base": project.root, "threshold": 0.0}
        whole, code_whole = await finish(project, run_id="w", **said)
        assert whole["baseline"]["broken"]
        assert whole["tiers"]["regression"]["verdict"] == "fail"
        found, merged_code = joined(await shards(project, **said), tmp_path / "m.json")
        assert steady(found) == steady(whole)
        assert merged_code == code_whole == 1

    async def test_latencies_are_those_of_all_cases(self, project: Project, tmp_path: Path) -> None:
        found, _ = joined(await shards(project, repeat=2), tmp_path / "m.json")
        ordered = sorted(
            one["latency_ms"]
            for case in found["cases"]
            for one in case["repeats"]
            if one["latency_ms"] is not None
        )
        assert found["latency_ms"]["n"] == len(ordered)
        assert found["latency_ms"]["p50"] == nearest_rank(ordered, 0.5)
        assert found["latency_ms"]["p95"] == nearest_rank(ordered, 0.95)

    async def test_one_shard_of_one_is_a_whole(self, project: Project, tmp_path: Path) -> None:
        whole, _ = await finish(project)
        found, _ = joined(await shards(project, of=1), tmp_path / "m.json")
        assert steady(found) == steady(whole)

    async def test_more_shards_than_cases_are_joined_as_well(self, tmp_path: Path) -> None:
        project = Project.make(tmp_path)
        project.dataset(gates={"golden": {"threshold": 0.5}})
        project.case("a")
        project.case("b")
        whole, _ = await finish(project)
        found, code = joined(await shards(project, of=5), tmp_path / "m.json")
        assert steady(found) == steady(whole)
        assert code == 0

    async def test_a_shard_that_another_tool_laid_out_anew_is_read_too(
        self, project: Project, tmp_path: Path
    ) -> None:
        paths = await shards(project)
        found, _ = joined(paths, tmp_path / "m.json")
        paths[1].write_text(json.dumps(json.loads(paths[1].read_text())))
        again, _ = joined(paths, tmp_path / "again.json")
        assert again == found

    async def test_the_order_in_which_they_are_given_changes_nothing(
        self, project: Project, tmp_path: Path
    ) -> None:
        paths = await shards(project)
        found, _ = joined(paths, tmp_path / "m.json")
        again, _ = joined(paths[::-1], tmp_path / "again.json")
        assert again == found


class TestWhatIsNoWhole:
    async def test_a_missing_shard_is_named_and_nothing_is_green(
        self, project: Project, tmp_path: Path
    ) -> None:
        paths = await shards(project)
        found, code = joined([paths[0], paths[2]], tmp_path / "m.json")
        assert (code, found["verdict"]) == (5, "incomplete")
        assert found["why"] == "shard 2/3 is missing"
        assert found["tiers"]["golden"]["verdict"] == "incomplete"
        assert found["filters"] == {"shard": ["1/3", "3/3"]}
        assert found["cases"]

    async def test_a_shard_that_was_stopped_makes_the_whole_incomplete(
        self, project: Project, tmp_path: Path
    ) -> None:
        paths = await shards(project)
        await finish(
            project,
            shard="2/3",
            each=lambda done, stop: stop.ask(),
            concurrency=1,
        )
        paths[1].write_bytes((project.root / "eval_results.json").read_bytes())
        found, code = joined(paths, tmp_path / "m.json")
        assert (code, found["verdict"]) == (5, "incomplete")
        assert "shard 2/3 stopped after" in found["why"]

    async def test_the_same_shard_twice_is_refused(self, project: Project, tmp_path: Path) -> None:
        paths = await shards(project)
        with pytest.raises(DataError, match="is shard 1/3, and so is") as caught:
            joined([*paths, paths[0]], tmp_path / "m.json")
        assert caught.value.exit_code == 3
        assert not (tmp_path / "m.json").exists()

    async def test_an_unsharded_run_is_no_shard(self, project: Project, tmp_path: Path) -> None:
        await finish(project)
        with pytest.raises(DataError, match="is no shard of a run"):
            joined([project.root / "eval_results.json"], tmp_path / "m.json")

    @pytest.mark.parametrize(
        ("change", "said"),
        [
            ({"threshold": 0.9}, "another settings"),
            ({"repeat": 2}, "another number of repeats"),
            ({"scores": "human"}, "another kind of scores"),
        ],
    )
    async def test_shards_of_two_runs_are_told_apart(
        self, project: Project, tmp_path: Path, change: dict[str, Any], said: str
    ) -> None:
        one, two, _ = await shards(project)
        one = one.rename(tmp_path / "one.json")
        _, two, three = await shards(project, **change)
        with pytest.raises(DataError, match=said):
            joined([one, two, three], tmp_path / "m.json")

    async def test_another_commit_prompt_or_rubric_is_told(
        self, project: Project, tmp_path: Path
    ) -> None:
        project.commit_all()
        one, _ = await shards(project, of=2)
        one = one.rename(tmp_path / "one.json")
        code(project, "!")
        project.git("commit", "-qam", "Louder")
        _, two = await shards(project, of=2)
        with pytest.raises(DataError) as caught:
            joined([one, two], tmp_path / "m.json")
        said = " ".join(problem.message for problem in caught.value.problems)
        assert "another commit" in said
        assert "another system" in said

    async def test_a_case_that_its_shard_cannot_have_taken_is_refused(
        self, project: Project, tmp_path: Path
    ) -> None:
        paths = await shards(project)
        theirs = json.loads(paths[1].read_text())
        theirs["cases"].append(json.loads(paths[0].read_text())["cases"][0])
        paths[1].write_text(json.dumps(theirs))
        with pytest.raises(DataError, match="is not of shard 2/3"):
            joined(paths, tmp_path / "m.json")

    async def test_a_file_that_is_cut_short_is_refused(
        self, project: Project, tmp_path: Path
    ) -> None:
        paths = await shards(project)
        lines = paths[0].read_bytes().splitlines(keepends=True)
        paths[0].write_bytes(b"".join(lines[:-4]))
        with pytest.raises(DataError, match="cut short"):
            joined(paths, tmp_path / "m.json")

    def test_no_file_is_a_mistake_of_the_line(self, tmp_path: Path) -> None:
        with pytest.raises(UsageError, match="there is no file"):
            merge([tmp_path / "x.json"], out=None, run_id="m", now=NOW)


async def test_what_was_merged_is_among_the_runs_and_may_be_held_against(project: Project) -> None:
    files = await shards(project)
    merge(files, out=None, run_id="20991124T000000-ffffff", now=NOW, root=project.root)
    entries = runs(project.context()).entries
    found = next(one for one in entries if one.id.startswith("2099"))
    assert found.head is not None
    assert found.head.shard is None
    kept = [one.case.id for one in found.lookup().cases()]
    whole, _ = await finish(project, run_id="whole")
    assert kept == [case["id"] for case in whole["cases"]]
