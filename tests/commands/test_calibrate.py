"""`calibrate` over files: who counts, what is written, and what it means for the next run."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from labeltool.commands.calibrate import Calibrated, Estimate, Judged, Request, Started, Stop
from labeltool.commands.calibrate import calibrate as events
from labeltool.commands.run import Finished, run
from labeltool.commands.run import Request as RunRequest
from labeltool.errors import DataError, IncompleteError, NotARepository, UnknownName, UsageError
from labeltool.model.calibration import Calibration
from labeltool.model.hashing import text_hash
from labeltool.store import codec
from tests.commands.calibrated import FACTS, calibrated, counts_facts, of, project, told, verdict
from tests.fake_openai import FakeOpenAI, fake_openai
from tests.projects import Project

FILE = "datasets/d/calibrations/default.yaml"


@pytest.fixture(scope="module")
def server() -> Iterator[FakeOpenAI]:
    with fake_openai(answer=counts_facts) as running:
        yield running


@pytest.fixture
def sample(tmp_path: Path) -> Project:
    return project(tmp_path)


def written(project: Project, judge: str = "default") -> Calibration:
    path = f"datasets/d/calibrations/{judge}.yaml"
    return codec.decode((project.root / path).read_bytes(), Calibration, path)


class TestTheReferenceJudge:
    async def test_it_is_fitted_measured_out_of_fold_and_committed(self, sample: Project) -> None:
        done = await calibrated(sample.context())
        found = done.found[0].calibration
        facts = found.criteria["facts"]
        assert (facts["n"], facts["met"], facts["not_met"]) == (40, 8, 32)
        assert facts["fitted"] is True
        assert facts["agreement"] >= 0.9
        assert facts["unfitted_agreement"] < facts["agreement"]
        assert found.trusted
        assert facts["human_agreement"] == 1.0
        assert found.overall["n"] == 40
        assert found == written(sample)
        log = sample.git("log", "-1", "--format=%B", "--name-only")
        assert log.startswith("calibrate default on d: trusted for facts\n")
        assert "Labeltool-Kind: calibrate" in log
        assert log.rstrip().endswith(FILE)

    async def test_the_next_run_judges_by_the_fit_and_trusts_it(self, sample: Project) -> None:
        before = await one_run(sample)
        assert before["judge"]["trust"] == "uncalibrated"
        await calibrated(sample.context())
        after = await one_run(sample)
        assert after["judge"]["trust"] == "trusted"
        assert after["judge"]["fingerprint"] == written(sample).fingerprint
        assert "by a fit to 40 human scores" in after["cases"][0]["rationale"]["facts"]

    async def test_again_it_says_the_same_and_commits_nothing(self, sample: Project) -> None:
        await calibrated(sample.context())
        data = (sample.root / FILE).read_bytes()
        again = await calibrated(sample.context())
        assert again.commit is None
        assert (sample.root / FILE).read_bytes() == data
        sample.label("c00", "alice", {"facts": 0})
        sample.label("c00", "bob", {"facts": 0})
        other = await calibrated(sample.context())
        assert other.commit is not None
        assert written(sample).criteria["facts"]["met"] == 7

    async def test_an_amended_criterion_ends_its_trust_and_its_fit(self, sample: Project) -> None:
        await calibrated(sample.context())
        rubric = json.loads((sample.root / "rubrics/short.yaml").read_text())
        rubric |= {"version": 2, "changelog": [{"version": 2, "changed": ["facts"]}]}
        sample.write("rubrics/short.yaml", rubric)
        after = await one_run(sample)
        assert after["judge"]["trust_by_criterion"]["facts"]["trust"] == "stale"
        assert "by a fit" not in after["cases"][0]["rationale"]["facts"]
        with pytest.raises(DataError, match="no output has a human score"):
            await calibrated(sample.context())

    async def test_too_few_scores_are_measured_by_the_fixed_thresholds(
        self, tmp_path: Path
    ) -> None:
        small = project(tmp_path, cases=9)
        found = (await calibrated(small.context())).found[0].calibration
        assert found.fit is None
        assert found.criteria["facts"]["unfitted_why"] == "9 of 30 human scores"
        assert found.criteria["facts"]["reason"] == "9 human scores, 30 are asked"
        assert not found.trusted

    async def test_part_of_the_outputs_by_a_seed(self, sample: Project) -> None:
        done = await calibrated(sample.context(), sample=20, seed=7)
        assert done.found[0].calibration.sample == {
            "n": 20, "seed": 7, "of": 40, "stratified": True,
        }  # fmt: skip


class TestWhoCounts:
    async def test_an_open_round_hides_its_outputs_in_every_snapshot(self, sample: Project) -> None:
        hash = text_hash(f"{', '.join(FACTS)}.")
        outputs = [{"case": "c00", "output_hash": hash}]
        sample.write(
            "datasets/d/rounds/1.yaml",
            {"number": 1, "rubric": "short@1", "system": "old", "outputs": outputs},
        )
        done = await calibrated(sample.context())
        assert (done.sample.of, done.eligible.left_out) == (39, {"hidden": 1})
        assert "c00" not in {one.case.id for one in done.eligible.talked}

    async def test_nor_does_what_was_scored_after_the_judge(self, sample: Project) -> None:
        for who in ("alice", "bob"):
            sample.label("c00", who, {"facts": 2}, after_judge=True)
        sample.label("c01", "alice", {"facts": 0}, after_judge=True)
        done = await calibrated(sample.context())
        assert done.eligible.left_out == {"after_judge": 1}
        c01 = next(one for one in done.sample.outputs if one.case.id == "c01")
        assert (c01.human.scores["facts"], list(c01.labels)) == (1, ["bob"])

    async def test_a_resolution_of_a_score_that_saw_the_judge_goes_with_it(
        self, sample: Project
    ) -> None:
        sample.label("c00", "alice", {"facts": 0}, after_judge=True)
        resolution = {
            "case": "c00", "system": "old", "rubric": "short@1", "scores": {"facts": 0},
            "settles": {"alice": {"facts": 0}, "bob": {"facts": 2}},
        }  # fmt: skip
        sample.write("datasets/d/resolutions/old/c00.yaml", resolution)
        done = await calibrated(sample.context())
        c00 = next(one for one in done.sample.outputs if one.case.id == "c00")
        assert c00.human.settled["facts"].by == "single"
        assert c00.human.scores["facts"] == 2

    async def test_what_people_differ_on_counts_once_it_is_settled(self, sample: Project) -> None:
        sample.label("c00", "bob", {"facts": 0})
        done = await calibrated(sample.context())
        assert done.eligible.left_out == {"unsettled": 1}
        assert written(sample).criteria["facts"]["human_agreement"] == pytest.approx(39 / 40)
        resolution = {
            "case": "c00", "system": "old", "rubric": "short@1", "scores": {"facts": 2},
            "settles": {"alice": {"facts": 2}, "bob": {"facts": 0}}, "note": "It is all there.",
        }  # fmt: skip
        sample.write("datasets/d/resolutions/old/c00.yaml", resolution)
        done = await calibrated(sample.context())
        assert done.eligible.left_out == {}
        assert done.sample.outputs[0].note == "settled: It is all there.; alice: 5 facts"

    async def test_a_retired_case_and_a_text_that_is_gone_are_left_out(
        self, sample: Project
    ) -> None:
        sample.case("c00", status="retired")
        sample.output("c01", "Another text.")
        (sample.root / "datasets/d/outputs/old/c02.yaml").unlink()
        done = await calibrated(sample.context())
        ids = {one.case.id for one in done.sample.outputs}
        assert ids.isdisjoint({"c00", "c02"})
        assert done.eligible.left_out == {"sits_out": 1}

    async def test_the_same_text_in_two_snapshots_counts_once(self, sample: Project) -> None:
        sample.output("c00", f"{', '.join(FACTS)}.", "new")
        assert (await calibrated(sample.context())).sample.of == 40

    async def test_nothing_at_all_says_what_to_do(self, tmp_path: Path) -> None:
        empty = project(tmp_path, cases=0)
        with pytest.raises(DataError) as caught:
            await calibrated(empty.context())
        assert caught.value.exit_code == 3
        assert "labeltool label" in (caught.value.hint or "")

    async def test_a_broken_label_is_named_rather_than_left_out(self, sample: Project) -> None:
        sample.code("datasets/d/labels/bob/old/c00.yaml", "case: [")
        with pytest.raises(DataError) as caught:
            await calibrated(sample.context())
        assert "labels/bob/old/c00.yaml" in str(caught.value.where)


class TestAModel:
    async def test_it_is_asked_measured_and_its_cost_told_before_and_after(
        self, tmp_path: Path, server: FakeOpenAI
    ) -> None:
        price = {"input": 1.0, "output": 2.0}
        made = project(tmp_path, judges={"strong": of(server.url, price=price)})
        server.calls.clear()
        seen = await told(made.context(KEY="k"))
        assert [type(one) for one in seen[:2]] == [Estimate, Started]
        assert isinstance(seen[0], Estimate)
        assert (seen[0].calls, seen[0].usd > 0) == (40, True)
        assert sum(isinstance(one, Judged) for one in seen) == 40 == server.count()
        done = seen[-1]
        assert isinstance(done, Calibrated)
        assert done.found[0].calibration.criteria["facts"]["agreement"] == 1.0
        assert done.found[0].calibration.fit is None
        assert done.found[0].usd is not None
        assert done.found[0].usd > 0
        assert written(made, "strong").trusted
        again = await calibrated(made.context(KEY="k"))
        assert server.count() == 40, "every reply was kept"
        assert (again.found[0].calls.cached, again.found[0].usd) == (40, 0.0)

    async def test_side_by_side_they_are_asked_about_the_same_outputs(
        self, tmp_path: Path, server: FakeOpenAI
    ) -> None:
        judges = {"strong": of(server.url, examples=["c00"]), "default": {"kind": "reference"}}
        made = project(tmp_path, judges=judges)
        before = int(made.git("rev-list", "--count", "HEAD"))
        done = await calibrated(made.context(KEY="k"), judges=("strong", "default"))
        assert done.eligible.left_out == {"quoted": 1}
        assert [one.calibration.criteria["facts"]["n"] for one in done.found] == [39, 39]
        assert int(made.git("rev-list", "--count", "HEAD")) == before + 1
        assert made.git("log", "-1", "--format=%s").startswith("calibrate strong, default on d")

    async def test_what_it_does_not_answer_is_counted(self, tmp_path: Path) -> None:
        def now_and_then(body: dict[str, Any]) -> str:
            text = str(body["messages"])
            return "no JSON at all" if "Ticket 3:" in text else counts_facts(body)

        with fake_openai(answer=now_and_then) as server:
            made = project(tmp_path, cases=6, judges={"strong": of(server.url)})
            done = await calibrated(made.context(KEY="k"))
        facts = done.found[0].calibration.criteria["facts"]
        assert (facts["n"], facts["errors"]) == (5, 1)

    async def test_one_that_answers_nothing_is_not_calibrated(self, tmp_path: Path) -> None:
        with fake_openai(answer=lambda body: "no JSON at all") as server:
            made = project(tmp_path, cases=4, judges={"strong": of(server.url)})
            with pytest.raises(IncompleteError, match="gave no score for any of 4 outputs"):
                await calibrated(made.context(KEY="k"))
        assert not (made.root / "datasets/d/calibrations").exists()

    @pytest.mark.parametrize("refusal", ["401", "quota"])
    async def test_one_that_will_not_answer_anybody_ends_it_early(
        self, tmp_path: Path, refusal: str
    ) -> None:
        with fake_openai(always=refusal) as server:
            made = project(tmp_path, cases=20, judges={"strong": of(server.url)})
            with pytest.raises(IncompleteError, match="cannot be asked") as caught:
                await calibrated(made.context(KEY="k"), concurrency=2)
            assert server.count() < 20
        assert caught.value.exit_code == 5
        assert not (made.root / "datasets/d/calibrations").exists()

    async def test_without_its_key_nobody_is_asked(self, tmp_path: Path) -> None:
        far = of("", base_url=None, api_key_env="NO_SUCH_KEY")
        made = project(tmp_path, cases=4, judges={"strong": far})
        with pytest.raises(IncompleteError, match="NO_SUCH_KEY"):
            await calibrated(made.context())

    async def test_stopped_it_writes_nothing_and_goes_on_from_what_it_has(
        self, tmp_path: Path, server: FakeOpenAI
    ) -> None:
        made = project(tmp_path, judges={"strong": of(server.url)})
        server.calls.clear()
        stop, seen = Stop(), []
        request = Request(concurrency=1)
        ctx = made.context(KEY="k")
        async for one in events(ctx, request, stop=stop):
            seen.append(one)
            if isinstance(one, Judged):
                stop.ask()
        ctx.close()
        assert not any(isinstance(one, Calibrated) for one in seen)
        assert not (made.root / "datasets/d/calibrations").exists()
        asked = server.count()
        assert asked < 40
        await calibrated(made.context(KEY="k"))
        assert server.count() == 40

    async def test_an_untrusted_one_is_written_down_as_such(self, tmp_path: Path) -> None:
        with fake_openai(answer=lambda body: verdict(2)) as server:
            made = project(tmp_path, judges={"strong": of(server.url)})
            done = await calibrated(made.context(KEY="k"))
        facts = done.found[0].calibration.criteria["facts"]
        assert (facts["trusted"], facts["tpr"], facts["tnr"]) == (False, 1.0, 0.0)
        assert facts["why"]["kappa" if facts["kappa"] is None else "spearman"]
        assert "untrusted for facts" in made.git("log", "-1", "--format=%s")


async def test_bad_names_are_refused_before_anybody_is_asked(sample: Project) -> None:
    with pytest.raises(UnknownName):
        await calibrated(sample.context(), judges=("nobody",))
    with pytest.raises(UsageError, match="named twice"):
        await calibrated(sample.context(), judges=("default", "default"))


async def test_it_needs_a_repository(tmp_path: Path) -> None:
    with pytest.raises(NotARepository):
        await calibrated(project(tmp_path, committed=False).context())


async def test_a_rubric_without_a_judges_criterion_has_nothing_to_measure(tmp_path: Path) -> None:
    made = Project.make(tmp_path)
    made.commit_all()
    with pytest.raises(DataError, match="no criterion is scored by a judge"):
        await calibrated(made.context())


async def one_run(project: Project) -> dict[str, Any]:
    ctx = project.context()
    run_id = f"r{len(list(project.root.glob('.labeltool/runs/*')))}"
    request = RunRequest(system="old", out=project.root / "eval_results.json")
    async for event in run(ctx, request, run_id=run_id, stop=Stop(), clock=time.monotonic):
        if isinstance(event, Finished):
            found: dict[str, Any] = json.loads((project.root / "eval_results.json").read_text())
    ctx.close()
    return found
