from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from labeltool.commands.run import (
    CaseDone,
    Finished,
    Recorded,
    Request,
    Started,
    Stop,
    exit_code,
    run,
)
from labeltool.errors import (
    DataError,
    IncompleteError,
    NotARepository,
    UnknownName,
    UsageError,
)
from labeltool.model.hashing import text_hash
from tests.projects import Project

JUDGED: dict[str, Any] = {
    "name": "short",
    "version": 1,
    "criteria": [
        {"id": "facts", "text": "All facts.", "max": 2},
        {"id": "warmth", "text": "Warm.", "max": 1, "grader": "human"},
        {"id": "length", "text": "Short.", "max": 1, "check": {"kind": "max_words", "value": 9}},
    ],
}

FIELDS = {
    *("schema", "run_id", "created_at", "labeltool_version", "settings_hash", "seed", "repeat"),
    *("shard", "git", "dataset", "rubric", "scores", "system", "judge", "verdict", "tiers"),
    *("baseline", "baseline_why", "usage", "latency_ms", "cases"),
}
TIER = {
    *("cases", "passed", "failed", "errors", "open", "flaky", "unverified", "pass_rate"),
    *("interval", "mean_score", "threshold", "rule", "verdict", "why"),
}
CASE = {
    *("id", "tier", "status", "tags", "case_hash", "output_hash", "score", "passed", "scores"),
    *("human", "checks", "rationale", "evidence", "output", "finish_reason", "attempts"),
    *("latency_ms", "error"),
}


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project.make(tmp_path)


async def finish(
    project: Project,
    *,
    each: Callable[[CaseDone, Stop], None] | None = None,
    run_id: str = "r1",
    **request: Any,
) -> tuple[dict[str, Any], int]:
    """The results document of a run, and its exit code."""
    stop = Stop(grace=0.05)
    out = project.root / "eval_results.json"
    code = -1
    events = run(
        project.context(),
        Request(out=out, **request),
        run_id=run_id,
        stop=stop,
        clock=lambda: 0.0,
    )
    async for event in events:
        if isinstance(event, CaseDone) and each is not None:
            each(event, stop)
        if isinstance(event, Finished):
            code = exit_code(event)
    return json.loads(out.read_text()), code


class TestTheDocument:
    async def test_every_field_of_the_contract_is_there(self, project: Project) -> None:
        project.case("a")
        project.case("b", "far too many words for this")
        found, code = await finish(project, threshold=0.5)
        assert set(found) >= FIELDS
        assert set(found["tiers"]["golden"]) >= TIER
        assert all(set(case) >= CASE for case in found["cases"])
        assert (found["verdict"], code) == ("pass", 0)
        assert found["schema"] == "labeltool/results@1"
        assert found["created_at"] == "2026-11-23T12:00:00Z"
        assert found["system"]["fingerprint"].startswith("python:")
        assert found["tiers"]["golden"]["pass_rate"] == 0.5
        assert found["cases"][0]["output_hash"] == text_hash("few words")
        assert found["usage"]["system"]["calls"] == 2
        assert found["latency_ms"]["n"] == 2

    async def test_outside_a_repository_the_commit_is_null_with_a_why(
        self, project: Project
    ) -> None:
        project.case("a")
        found, _ = await finish(project)
        assert found["git"]["commit"] is None
        assert "not in a git repository" in found["git"]["why"]

    async def test_inside_one_it_names_the_commit_and_says_when_files_differ(
        self, project: Project
    ) -> None:
        project.case("a")
        project.commit_all()
        clean, _ = await finish(project)
        assert clean["git"]["commit"] == project.git("rev-parse", "HEAD").strip()
        assert clean["git"]["dirty"] is False
        project.case("b")
        changed, _ = await finish(project, run_id="r2")
        assert changed["git"]["dirty"] is True

    async def test_cases_stand_in_the_order_of_tiers_and_ids_whoever_was_first(
        self, project: Project
    ) -> None:
        project.code(
            "echo.py",
            "import asyncio\nasync def answer(case):\n"
            "    await asyncio.sleep(0.02 if case['id'] == 'a' else 0)\n    return 'x'\n",
        )
        for id in ("c", "a", "b"):
            project.case(id)
        project.case("0", tier="regression")
        done: list[str] = []
        found, _ = await finish(project, each=lambda event, stop: done.append(event.result.id))
        assert done[0] != "a"
        assert [case["id"] for case in found["cases"]] == ["a", "b", "c", "0"]

    async def test_the_same_run_twice_differs_in_times_and_ids_only(self, project: Project) -> None:
        for id in ("a", "b"):
            project.case(id)
            project.output(id, f"text of {id}")
        first, _ = await finish(project, system="old")
        second, _ = await finish(project, system="old", run_id="r2")
        assert first.pop("run_id") != second.pop("run_id")
        assert first == second
        assert first["latency_ms"]["why"] == "no live call"

    async def test_an_old_document_survives_a_run_that_cannot_start(self, project: Project) -> None:
        project.case("a")
        await finish(project)
        before = (project.root / "eval_results.json").read_bytes()
        project.code("datasets/d/cases/golden/b.yaml", "id: b\n")
        with pytest.raises(DataError):
            await finish(project, run_id="r2")
        assert (project.root / "eval_results.json").read_bytes() == before


class TestVerdicts:
    async def test_open_cases_run_and_are_counted_apart(self, project: Project) -> None:
        project.case("a")
        project.case("bug", "far too many words for this", status="open")
        found, code = await finish(project, threshold=1.0)
        golden = found["tiers"]["golden"]
        assert (golden["cases"], golden["passed"], golden["open"]) == (1, 1, 1)
        assert code == 0
        assert {case["id"]: case["passed"] for case in found["cases"]} == {"a": True, "bug": False}

    async def test_only_open_cases_are_no_reason_to_be_green(self, project: Project) -> None:
        project.case("bug", status="open")
        found, code = await finish(project, threshold=0.5)
        assert (found["verdict"], code) == ("fail", 1)
        assert found["tiers"]["golden"]["pass_rate"] is None

    async def test_without_gates_a_run_reports_and_passes(self, project: Project) -> None:
        project.case("a", "far too many words for this")
        found, code = await finish(project)
        assert (found["tiers"]["golden"]["verdict"], found["verdict"], code) == (None, "pass", 0)
        assert found["why"] == "no gate"

    async def test_a_gate_of_a_tier_without_cases_is_skipped_with_a_word(
        self, project: Project
    ) -> None:
        project.dataset(gates={"golden": {"threshold": 0.5}, "regression": {"threshold": 0.9}})
        project.case("a")
        found, code = await finish(project)
        assert code == 0
        assert list(found["tiers"]) == ["golden"]
        assert "gate regression is skipped: the tier has no case" in found["notices"]

    @pytest.mark.parametrize(
        "status", [{"status": "open"}, {"status": "retired"}, {"status": "quarantined"}]
    )
    async def test_a_bug_not_fixed_yet_does_not_gate_its_tier(
        self, project: Project, status: dict[str, str]
    ) -> None:
        project.dataset(gates={"golden": {"threshold": 0.5}, "regression": {"threshold": 0.9}})
        project.case("a")
        project.case("bug", "far too many words for this", "regression", **status)
        found, code = await finish(project)
        assert (found["verdict"], code) == ("pass", 0)
        assert found["tiers"]["regression"]["verdict"] is None
        word = "gate regression is skipped: all its cases are open, retired or quarantined"
        assert word in found["notices"]

    async def test_a_gate_of_verified_cases_only_is_no_gate_to_skip(self, project: Project) -> None:
        gate = {"threshold": 0.5, "verified_only": True}
        project.dataset(gates={"golden": {"threshold": 0.5}, "regression": gate})
        project.case("a")
        project.case("unread", tier="regression")
        found, code = await finish(project)
        assert (found["tiers"]["regression"]["verdict"], code) == ("fail", 1)

    async def test_a_tier_that_was_named_must_have_a_case_that_counts(
        self, project: Project
    ) -> None:
        project.dataset(gates={"golden": {"threshold": 0.5}, "regression": {"threshold": 0.9}})
        project.case("a")
        project.case("bug", tier="regression", status="open")
        found, code = await finish(project, tiers=("golden", "regression"))
        assert (found["verdict"], code) == ("fail", 1)

    async def test_a_run_in_which_no_case_counts_says_so(self, project: Project) -> None:
        project.case("bug", status="open")
        found, code = await finish(project)
        assert (found["verdict"], code) == ("incomplete", 5)
        assert found["why"] == "no case counts: a run of nothing is never green"

    async def test_errors_that_decide_are_incomplete_and_exit_5(self, project: Project) -> None:
        project.code("echo.py", "def answer(case):\n    raise ValueError('no ' + case['id'])\n")
        project.case("a")
        found, code = await finish(project, threshold=0.5)
        assert (found["verdict"], code) == ("incomplete", 5)
        assert found["cases"][0]["error"] == {
            "kind": "system",
            "message": "ValueError: no a (echo.py:2)",
        }
        assert found["cases"][0]["passed"] is None

    async def test_a_snapshot_without_an_output_for_a_case_is_that_cases_error(
        self, project: Project
    ) -> None:
        project.case("a")
        project.case("b")
        project.output("a", "few words")
        found, _ = await finish(project, system="old", threshold=0.5)
        assert [case["error"] and case["error"]["kind"] for case in found["cases"]] == [
            None,
            "no_output",
        ]
        assert found["verdict"] == "incomplete"

    async def test_a_check_that_cannot_decide_is_an_error_not_a_failure(
        self, project: Project
    ) -> None:
        project.case("a", checks=[{"kind": "equals"}])
        found, _ = await finish(project)
        assert found["cases"][0]["error"]["kind"] == "check"

    async def test_a_failed_check_fails_a_full_score_and_says_why(self, project: Project) -> None:
        project.case("a", checks=[{"kind": "contains", "value": "refund", "id": "names-it"}])
        found, _ = await finish(project, threshold=0.5)
        case = found["cases"][0]
        assert (case["score"], case["passed"]) == (1.0, False)
        assert case["checks"][0]["id"] == "names-it"
        assert case["checks"][0]["passed"] is False
        assert case["checks"][0]["detail"]


class TestStopping:
    async def test_a_stopped_run_writes_what_it_has_and_is_incomplete(
        self, project: Project
    ) -> None:
        for n in range(50):
            project.case(f"c{n:02d}")
        found, code = await finish(
            project, each=lambda event, stop: stop.ask(15), threshold=0.5, concurrency=2
        )
        golden = found["tiers"]["golden"]
        assert (found["verdict"], code) == ("incomplete", 143)
        assert 0 < golden["cases"] < 50
        assert golden["cases"] + golden["not_run"] == 50
        assert golden["passed"] + golden["failed"] + golden["errors"] == golden["cases"]
        assert len(found["cases"]) == golden["cases"]

    async def test_a_call_that_hangs_does_not_hold_up_the_end(self, project: Project) -> None:
        project.code(
            "echo.py",
            "import threading\ndef answer(case):\n"
            "    if case['id'] == 'b': threading.Event().wait()\n    return 'x'\n",
        )
        project.case("a")
        project.case("b")
        found, code = await finish(project, each=lambda event, stop: stop.ask(2))
        assert code == 130
        assert [case["id"] for case in found["cases"]] == ["a"]


class TestNames:
    @pytest.mark.parametrize(
        ("request_", "hint"),
        [
            ({"tiers": ("goldn",)}, "did you mean golden?"),
            ({"system": "ecko"}, "did you mean echo?"),
            ({"judge": "defalt"}, "did you mean default?"),
            ({"dataset": "dd"}, "did you mean d?"),
            ({"cases": ("case-aa",)}, "did you mean case-a?"),
        ],
    )
    async def test_a_mistyped_name_gets_the_right_one(
        self, project: Project, request_: dict[str, Any], hint: str
    ) -> None:
        project.case("case-a")
        with pytest.raises(UnknownName) as caught:
            await finish(project, **request_)
        assert caught.value.hint == hint
        assert not (project.root / "eval_results.json").exists()

    async def test_a_wrong_system_in_the_file_is_bad_data_not_bad_usage(
        self, project: Project
    ) -> None:
        project.case("a")
        project.dataset(system="ecko")
        with pytest.raises(DataError, match="ecko"):
            await finish(project)


class TestHumans:
    async def test_a_machine_run_shows_what_people_said_and_counts_the_differences(
        self, tmp_path: Path
    ) -> None:
        project = Project.make(tmp_path, rubric=JUDGED)
        project.case("a", "The parcel is late.", expected="The parcel is late.")
        project.output("a", "The parcel is late.")
        project.label("a", "alice", {"facts": 0, "warmth": 1})
        found, _ = await finish(project, system="old")
        case = found["cases"][0]
        assert case["scores"] == {"facts": 2, "length": 1}
        assert case["human"]["scores"] == {"facts": 0, "warmth": 1}
        assert case["human"]["passed"] is False
        assert case["human"]["single"] == ["facts", "warmth"]
        assert found["human"]["passed_differs"] == 1
        assert found["human"]["criteria"]["facts"] == {"n": 1, "differ": 1}
        assert found["not_judged"] == ["warmth"]

    async def test_human_scores_can_gate_and_an_output_without_one_is_an_error(
        self, tmp_path: Path
    ) -> None:
        project = Project.make(tmp_path, rubric=JUDGED)
        for id in ("a", "b", "c", "d"):
            project.case(id)
            project.output(id, f"text {id}")
        project.label("a", "alice", {"facts": 2, "warmth": 1})
        project.label("b", "alice", {"facts": 2})
        project.label("c", "alice", {"facts": 2, "warmth": 1})
        project.label("c", "bob", {"facts": 0, "warmth": 1})
        found, code = await finish(project, system="old", scores="human", threshold=0.5)
        errors = {case["id"]: case["error"] for case in found["cases"]}
        assert errors["a"] is None
        assert errors["b"]["message"] == "no current human score for warmth"
        assert errors["c"]["message"] == "annotators disagree on facts: resolve it"
        assert errors["d"]["message"] == "no human score of this very text"
        assert {error["kind"] for error in errors.values() if error} == {"unscored"}
        assert code == 5
        assert found["scores"] == "human"

    async def test_a_broken_label_stops_a_human_gate_and_is_named_in_a_machine_run(
        self, project: Project
    ) -> None:
        project.case("a")
        project.code("datasets/d/labels/bob/old/a.yaml", "case: a\n")
        found, _ = await finish(project)
        assert any("labels/bob/old/a.yaml" in note for note in found["notices"])
        with pytest.raises(DataError):
            await finish(project, scores="human", run_id="r2")


class TestJudge:
    async def test_an_uncalibrated_judge_still_counts_and_that_is_said_first(
        self, tmp_path: Path
    ) -> None:
        project = Project.make(tmp_path, rubric=JUDGED)
        project.case("a", expected="few words")
        found, _ = await finish(project)
        assert found["notices"][0] == "judge default is uncalibrated and still counts"
        assert found["judge"]["trust"] == "uncalibrated"
        assert found["judge"]["trust_by_criterion"]["facts"]["trust"] == "uncalibrated"
        assert found["cases"][0]["rationale"]["facts"]

    @pytest.mark.parametrize("asked", [True, False])
    async def test_where_trust_is_required_nothing_runs_without_it(
        self, tmp_path: Path, asked: bool
    ) -> None:
        project = Project.make(tmp_path, rubric=JUDGED)
        project.case("a")
        project.code("echo.py", "def answer(case):\n    raise SystemExit('called')\n")
        untrusted = "count" if asked else "block"
        project.dataset(gates={"golden": {"threshold": 0.5, "untrusted": untrusted}})
        with pytest.raises(IncompleteError, match="facts"):
            await finish(project, require_trusted_judge=asked)

    async def test_a_gate_may_drop_what_is_not_trusted(self, tmp_path: Path) -> None:
        project = Project.make(tmp_path, rubric=JUDGED)
        project.dataset(gates={"golden": {"threshold": 1.0, "untrusted": "drop"}})
        project.case("a", "nothing alike", expected="Order 4411 was charged twice in May.")
        found, code = await finish(project)
        assert found["cases"][0]["scores"]["facts"] == 0
        assert found["cases"][0]["score"] == 1.0
        assert code == 0
        assert any("left out of the score in golden" in note for note in found["notices"])

    async def test_a_calibration_of_this_judge_gives_trust(self, tmp_path: Path) -> None:
        project = Project.make(tmp_path, rubric=JUDGED)
        project.case("a")
        first, _ = await finish(project)
        project.write(
            "datasets/d/calibrations/default.yaml",
            {
                "judge": "default",
                "fingerprint": first["judge"]["fingerprint"],
                "rubric": "short@1",
                "trusted": True,
                "criteria": {"facts": {"trusted": True, "agreement": 0.9, "n": 40}},
            },
        )
        found, _ = await finish(project, require_trusted_judge=True, run_id="r2")
        assert found["judge"]["trust"] == "trusted"
        assert found["judge"]["trust_by_criterion"]["facts"]["agreement"] == 0.9
        assert not any(note.startswith("judge ") for note in found["notices"])


class TestRecord:
    async def record(self, project: Project, name: str, run_id: str = "r1") -> Recorded:
        ctx, request = project.context(), Request(record=name)
        try:
            events = run(ctx, request, run_id=run_id, stop=Stop(), clock=lambda: 0.0)
            found = [event async for event in events]
        finally:
            ctx.close()
        assert isinstance(found[0], Started)
        assert isinstance(found[-1], Recorded)
        return found[-1]

    async def test_the_outputs_become_a_snapshot_in_one_commit(self, project: Project) -> None:
        project.case("a")
        project.case("b", "other words")
        project.commit_all()
        recorded = await self.record(project, "echo-nov")
        assert recorded.outputs == 2
        assert project.git("rev-list", "--count", "HEAD").strip() == "2"
        assert project.git("rev-parse", "HEAD").strip() == recorded.commit
        assert project.git("status", "--porcelain").strip() == ""
        output = project.context().workspace.dataset().output("echo-nov", "b")
        assert output is not None
        assert (output.output, output.of) == ("other words", "echo")
        again = await self.record(project, "echo-nov", "r2")
        assert (again.outputs, again.commit) == (0, None)
        assert again.why == "it holds these outputs already"

    async def test_a_stopped_run_records_nothing(self, project: Project) -> None:
        for id in ("a", "b", "c"):
            project.case(id)
        project.commit_all()
        ctx, stop = project.context(), Stop(grace=0)
        request = Request(record="echo-nov", concurrency=1)
        found = []
        try:
            async for event in run(ctx, request, run_id="r1", stop=stop, clock=lambda: 0.0):
                stop.ask()
                found.append(event)
        finally:
            ctx.close()
        assert isinstance(found[-1], Recorded)
        assert found[-1].why == "the run was stopped"
        assert project.git("rev-list", "--count", "HEAD").strip() == "1"

    async def test_a_snapshot_never_changes(self, project: Project) -> None:
        project.case("a")
        project.output("a", "another text", "echo-nov")
        project.commit_all()
        with pytest.raises(DataError, match="never changes"):
            await self.record(project, "echo-nov")
        assert project.git("rev-list", "--count", "HEAD").strip() == "1"

    async def test_a_bad_name_or_no_repository_is_said_before_any_call(
        self, project: Project
    ) -> None:
        project.case("a")
        project.code("echo.py", "raise SystemExit('imported')\n")
        with pytest.raises(UsageError, match="not a legal name"):
            await self.record(project, "../x")
        with pytest.raises(UsageError, match="live system"):
            await self.record(project, "echo")
        with pytest.raises(NotARepository):
            await self.record(project, "echo-nov")
