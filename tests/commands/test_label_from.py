"""Judged outputs of a run, put before people who do not see what the judge said."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from labeltool.commands.context import Context
from labeltool.commands.judge_running import judges_running
from labeltool.commands.label_from import Spots, record_from
from labeltool.commands.label_target import aim
from labeltool.commands.run import Finished, Request, Stop, run
from labeltool.errors import DataError, UsageError
from tests.projects import Project

RUBRIC: dict[str, Any] = {
    "name": "short",
    "version": 1,
    "criteria": [
        {"id": "facts", "text": "All facts.", "max": 2},
        {"id": "length", "text": "Short.", "max": 1, "check": {"kind": "max_words", "value": 90}},
    ],
}
RESULTS = "eval_results.json"


async def project(root: Path, cases: int = 12, **settings: Any) -> Project:
    made = Project.make(root, rubric=RUBRIC, **settings)
    for at in range(cases):
        made.case(f"c{at:02}", f"Order {at} was late.", expected=f"Order {at} was late.")
    made.commit_all()
    await ran(made)
    return made


async def ran(made: Project, run_id: str = "20261123T120000-AB12", **said: Any) -> list[str]:
    """The run's notices; its results stand where `run` puts them."""
    ctx = made.context()
    request = Request(out=made.root / RESULTS, **said)
    events = [e async for e in run(ctx, request, run_id=run_id, stop=Stop(), clock=lambda: 0.0)]
    ctx.close()
    done = next(event for event in events if isinstance(event, Finished))
    return list(done.results.notices)


def drawn(made: Project, sample: int = 4, **said: Any) -> Spots:
    ctx = made.context()
    try:
        return record_from(ctx, made.root / RESULTS, sample=sample, **said)
    finally:
        ctx.close()


def outputs(made: Project, system: str) -> list[str]:
    folder = made.root / "datasets/d/outputs" / system
    return sorted(path.stem for path in folder.glob("*.yaml"))


class TestRecording:
    async def test_a_sample_becomes_a_snapshot_in_one_commit(self, tmp_path: Path) -> None:
        made = await project(tmp_path)
        before = made.git("rev-list", "--count", "HEAD")
        found = drawn(made)
        assert found.system == "spot-20261123t120000-ab12"
        assert outputs(made, found.system) == sorted(found.cases)
        assert len(found.new) == 4
        assert int(made.git("rev-list", "--count", "HEAD")) == int(before) + 1
        assert made.git("log", "-1", "--format=%s").strip() == (
            "record 4 outputs of echo for a spot check of judge default"
        )
        assert made.git("status", "--porcelain") == ""

    async def test_asked_again_it_is_the_same_sample_and_more_of_it_on_demand(
        self, tmp_path: Path
    ) -> None:
        made = await project(tmp_path)
        first = drawn(made)
        again = drawn(made)
        assert (again.cases, again.new, again.commit) == (first.cases, (), None)
        more = drawn(made, 7)
        assert more.cases[:4] == first.cases
        assert len(more.new) == 3
        assert set(drawn(made, 4, seed=1).cases) != set(first.cases)

    async def test_what_the_judge_said_is_kept_with_the_output(self, tmp_path: Path) -> None:
        made = await project(tmp_path)
        found = drawn(made, 1)
        results = json.loads((tmp_path / RESULTS).read_text())
        ctx = made.context()
        output = ctx.workspace.dataset(None).output(found.system, found.cases[0])
        ctx.close()
        assert output is not None
        assert output.judged is not None
        assert output.judged.fingerprint == results["judge"]["fingerprint"]
        assert output.judged.scores == {"facts": 2}

    async def test_the_documents_it_rests_on_come_along_and_none_with_a_key(
        self, tmp_path: Path
    ) -> None:
        made = Project.make(tmp_path, rubric=RUBRIC)
        made.code(
            "echo.py",
            "def answer(case):\n"
            "    found = [{'id': 'd', 'text': case['input']}]\n"
            "    return {'output': 'Order was late.', 'context': found}\n",
        )
        made.case("c00", "Order 4411 left on Monday.")
        made.case("c01", "sk-proj-" + "a1B2" * 12)
        made.commit_all()
        await ran(made)
        found = drawn(made)
        assert (found.cases, found.left_out) == (("c00",), {"secret": 1})
        ctx = made.context()
        output = ctx.workspace.dataset(None).output(found.system, "c00")
        ctx.close()
        assert output is not None
        assert [one.text for one in output.context] == ["Order 4411 left on Monday."]

    async def test_only_what_still_stands_and_nobody_has_labelled_is_asked_for(
        self, tmp_path: Path
    ) -> None:
        made = await project(tmp_path, cases=5)
        made.case("c00", "Something else.", expected="Order 0 was late.")
        (tmp_path / "datasets/d/cases/golden/c01.yaml").unlink()
        made.output("c02", "Order 2 was late.")
        made.label("c02", "alice", {"facts": 2})
        made.output("c03", "Order 3 was late.")
        made.write("datasets/d/rounds/1.yaml", {
            "number": 1, "rubric": "short@1", "system": "old", "annotators": ["alice", "bob"],
            "outputs": [{"case": "c03", "fresh": True}], "seed": 0, "opened_by": "alice",
            "opened_at": "2026-11-23",
        })  # fmt: skip
        found = drawn(made, 5)
        assert found.cases == ("c04",)
        assert found.left_out == {"changed": 1, "gone": 1, "labelled": 1, "blind": 1}

    async def test_a_key_is_never_written_down(self, tmp_path: Path) -> None:
        made = Project.make(tmp_path, rubric=RUBRIC)
        made.case("c00", "use AKIAIOSFODNN7EXAMPLE and sk-proj-" + "a1B2" * 12)
        made.commit_all()
        await ran(made)
        with pytest.raises(UsageError, match="1 with something in them that looks like a key"):
            drawn(made)

    async def test_an_output_that_was_tampered_with_is_left_out(self, tmp_path: Path) -> None:
        made = await project(tmp_path, cases=1)
        text = (tmp_path / RESULTS).read_text()
        (tmp_path / RESULTS).write_text(text.replace('"output":"Order 0', '"output":"Odrer 0'))
        with pytest.raises(UsageError, match="1 of a case that has changed since"):
            drawn(made)

    async def test_a_run_without_a_judge_or_of_another_dataset_is_explained(
        self, tmp_path: Path
    ) -> None:
        made = await project(tmp_path, cases=1)
        made.write("datasets/other/dataset.yaml", {"rubric": "short"})
        with pytest.raises(UsageError, match="is of the dataset d"):
            drawn(made, dataset="other")
        made.output("c00", "Order 0 was late.")
        made.label("c00", "alice", {"facts": 2})
        await ran(made, "r2", scores="human", system="old")
        with pytest.raises(UsageError, match="no judge was asked"):
            drawn(made)
        (tmp_path / RESULTS).write_text("{}")
        with pytest.raises(DataError):
            drawn(made)


class TestQueue:
    async def test_it_comes_first_until_it_is_labelled(self, tmp_path: Path) -> None:
        made = await project(tmp_path, annotators={"alice": []})
        made.output("c00", "Order 0 was late.")
        ctx = made.context()
        assert aim(ctx, annotator="alice").system == "old"
        ctx.close()
        found = drawn(made, 2)
        ctx = made.context()
        assert aim(ctx, annotator="alice").system == found.system
        assert set(aim(ctx, annotator="alice").tiers) == set(found.cases)
        for case in found.cases:
            said(made, found, case, 2, "alice")
        ctx.close()
        ctx = made.context()
        assert aim(ctx, annotator="alice").system != found.system
        ctx.close()

    async def test_a_run_says_how_where_the_settings_ask_for_it(self, tmp_path: Path) -> None:
        made = await project(tmp_path, cases=1, spot_check=5)
        hint = "spot-check the judge: labeltool label --from eval_results.json --sample 5"
        assert hint in await ran(made, "r2")
        assert not any("spot-check" in note for note in await ran(made, "r3", shard="1/2"))


def said(made: Project, found: Spots, case: str, score: int, who: str, **changes: Any) -> None:
    made.write(
        f"datasets/d/labels/{who}/{found.system}/{case}.yaml",
        {
            "case": case, "system": found.system, "annotator": who, "rubric": "short@1",
            "scores": {"facts": score}, "labeled_at": "2026-11-24T09:00:00Z", **changes,
        },
    )  # fmt: skip


def calibrated(made: Project, at: str = "2026-11-23T12:00:00Z") -> None:
    fingerprint = json.loads((made.root / RESULTS).read_text())["judge"]["fingerprint"]
    made.write("datasets/d/calibrations/default.yaml", {
        "judge": "default", "fingerprint": fingerprint, "rubric": "short@1", "trusted": True,
        "criteria": {"facts": {"trusted": True, "agreement": 0.9, "n": 40}}, "calibrated_at": at,
    })  # fmt: skip


def running(made: Project) -> Any:
    ctx: Context = made.context()
    try:
        store = ctx.workspace.dataset(None)
        return judges_running(store, store.rubric)
    finally:
        ctx.close()


class TestRunningAgreement:
    async def test_a_judge_that_people_no_longer_agree_with_falls_below_trust(
        self, tmp_path: Path
    ) -> None:
        made = await project(tmp_path)
        calibrated(made)
        found = drawn(made, 12)
        for at, case in enumerate(found.cases):
            said(made, found, case, 2 if at < 4 else 0, "alice")
        (one,) = running(made)
        assert (one.judge, one.asked, one.labelled) == ("default", 12, 12)
        facts = one.criteria["facts"]
        assert (facts.n, facts.agreement) == (12, pytest.approx(4 / 12))
        assert facts.interval[1] < 0.8
        assert "calibrate again" in facts.why
        assert one.fallen == ("facts",)

    async def test_one_that_holds_says_nothing_more(self, tmp_path: Path) -> None:
        made = await project(tmp_path)
        calibrated(made)
        found = drawn(made, 12)
        for case in found.cases:
            said(made, found, case, 2, "alice")
        (one,) = running(made)
        assert (one.criteria["facts"].agreement, one.criteria["facts"].why) == (1.0, None)
        assert one.fallen == ()

    async def test_what_was_said_before_or_with_the_score_in_sight_does_not_count(
        self, tmp_path: Path
    ) -> None:
        made = await project(tmp_path)
        calibrated(made)
        found = drawn(made, 3)
        before, seen, blind = found.cases
        said(made, found, before, 2, "alice", labeled_at="2026-11-23T11:00:00Z")
        said(made, found, seen, 2, "alice", after_judge=True)
        said(made, found, blind, 2, "alice")
        (one,) = running(made)
        assert (one.asked, one.labelled) == (3, 1)
        assert one.criteria["facts"].why == "1 of 10 outputs: too few to tell"

    async def test_what_another_judge_said_is_not_this_ones(self, tmp_path: Path) -> None:
        made = await project(tmp_path)
        calibrated(made)
        drawn(made, 3)
        path = tmp_path / "datasets/d/calibrations/default.yaml"
        found = json.loads(path.read_text())
        path.write_text(json.dumps({**found, "fingerprint": "refitted"}))
        assert running(made) == ()

    async def test_an_amended_criterion_starts_anew(self, tmp_path: Path) -> None:
        made = await project(tmp_path)
        calibrated(made)
        found = drawn(made, 2)
        said(made, found, found.cases[0], 2, "alice")
        changed = {"version": 2, "date": "2026-11-24", "changed": ["facts"], "reason": "unclear"}
        made.write("rubrics/short.yaml", {**RUBRIC, "version": 2, "changelog": [changed]})
        (one,) = running(made)
        assert (one.asked, one.labelled) == (2, 0)
