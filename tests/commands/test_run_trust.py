"""What a judge's calibration does to a run: its gates, its table, its reports."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from labeltool.commands.merge import merge
from labeltool.commands.run import Finished, Request, Stop, exit_code, run
from labeltool.commands.saved_results import read_results
from labeltool.report.highlights import Highlights
from labeltool.report.html import html
from labeltool.report.markdown import markdown
from labeltool.report.text import headline, notes
from tests.projects import NOW, Project

RUBRIC: dict[str, Any] = {
    "name": "short",
    "version": 1,
    "criteria": [{"id": "facts", "text": "All facts.", "max": 2}],
}
FULL = "Order 4411 was charged twice in May."


def project(root: Path, *, metric: str = "corrected_pass_rate", **gate: Any) -> Project:
    """Nine of ten outputs are as expected, one says nothing of it."""
    made = Project.make(root, rubric=RUBRIC)
    made.dataset(gates={"golden": {"threshold": 0.85, "metric": metric, **gate}})
    for at in range(10):
        made.case(f"c{at}", "nothing alike" if at == 9 else FULL, expected=FULL)
    return made


async def finish(made: Project, **said: Any) -> tuple[dict[str, Any], int, Finished]:
    run_id = said.pop("run_id", "r1")
    ctx = made.context()
    request = Request(out=made.root / "eval_results.json", **said)
    events = [e async for e in run(ctx, request, run_id=run_id, stop=Stop(), clock=lambda: 0.0)]
    ctx.close()
    done = next(event for event in events if isinstance(event, Finished))
    found: dict[str, Any] = json.loads((made.root / "eval_results.json").read_text())
    return found, exit_code(done), done


def calibrate(made: Project, fingerprint: str, *, tpr: float, tnr: float, **said: Any) -> None:
    made.write(
        "datasets/d/calibrations/default.yaml",
        {
            "judge": "default",
            "fingerprint": fingerprint,
            "rubric": "short@1",
            "overall": {"tpr": tpr, "tnr": tnr, "met": 60, "not_met": 40},
            "criteria": {
                "facts": {"trusted": False, "agreement": 0.7, "n": 100, "reason": "agrees on 0.70"}
            },
            **said,
        },
    )


async def fingerprint_of(made: Project) -> str:
    found, _, _ = await finish(made, run_id="r0")
    fingerprint: str = found["judge"]["fingerprint"]
    return fingerprint


class TestCorrectedRate:
    async def test_a_gate_on_it_looks_behind_a_lenient_judge(self, tmp_path: Path) -> None:
        made = project(tmp_path)
        calibrate(made, await fingerprint_of(made), tpr=0.9, tnr=0.5)
        found, code, _ = await finish(made)
        tier = found["tiers"]["golden"]
        assert tier["pass_rate"] == 0.9
        assert tier["corrected_pass_rate"] == 1.0
        assert code == 0
        calibrate(made, found["judge"]["fingerprint"], tpr=1.0, tnr=0.4)
        found, code, _ = await finish(made, run_id="r2")
        tier = found["tiers"]["golden"]
        assert tier["corrected_pass_rate"] == pytest.approx((0.9 + 0.4 - 1) / 0.4)
        low, high = tier["corrected_interval"]
        assert low < 0.75 < high
        assert (tier["verdict"], code) == ("fail", 1)
        assert tier["why"].startswith("corrected 0.75 [")

    async def test_the_confident_rule_holds_its_interval(self, tmp_path: Path) -> None:
        made = project(tmp_path, rule="confident", threshold=0.6)
        calibrate(made, await fingerprint_of(made), tpr=0.95, tnr=0.9)
        found, code, _ = await finish(made)
        assert found["tiers"]["golden"]["verdict"] == "inconclusive"
        assert "would settle it" in found["tiers"]["golden"]["why"]
        assert code == 1

    async def test_never_calibrated_is_incomplete_and_says_so(self, tmp_path: Path) -> None:
        found, code, _ = await finish(project(tmp_path))
        tier = found["tiers"]["golden"]
        assert (tier["corrected_pass_rate"], tier["corrected_interval"]) == (None, None)
        assert tier["corrected_why"] == "the judge was never calibrated"
        assert (found["verdict"], code) == ("incomplete", 5)
        assert "never calibrated" in found["why"]

    async def test_a_judge_that_tells_too_little_corrects_nothing(self, tmp_path: Path) -> None:
        made = project(tmp_path)
        calibrate(made, await fingerprint_of(made), tpr=0.6, tnr=0.5)
        found, code, _ = await finish(made)
        assert "TPR + TNR is 1.10" in found["tiers"]["golden"]["corrected_why"]
        assert code == 5

    async def test_it_is_told_beside_any_other_gate(self, tmp_path: Path) -> None:
        made = project(tmp_path, metric="pass_rate")
        calibrate(made, await fingerprint_of(made), tpr=1.0, tnr=0.4)
        found, code, _ = await finish(made)
        assert found["tiers"]["golden"]["corrected_pass_rate"] == pytest.approx(0.75)
        assert code == 0

    async def test_a_score_that_drops_the_judge_is_not_what_was_measured(
        self, tmp_path: Path
    ) -> None:
        made = project(tmp_path, untrusted="drop")
        made.case("c0", FULL, expected=FULL, checks=[{"kind": "max_words", "value": 90}])
        calibrate(made, await fingerprint_of(made), tpr=1.0, tnr=0.4)
        found, _, _ = await finish(made)
        assert "facts left out of the score" in found["tiers"]["golden"]["corrected_why"]

    async def test_what_people_scored_needs_no_correction(self, tmp_path: Path) -> None:
        made = project(tmp_path)
        for at in range(10):
            made.output(f"c{at}", FULL)
            made.label(f"c{at}", "alice", {"facts": 2})
        found, code, _ = await finish(made, system="old", scores="human")
        assert found["tiers"]["golden"]["metric"] == "pass_rate"
        assert "gate golden is on the plain pass rate: no judge is asked" in found["notices"]
        assert code == 0

    async def test_shards_are_corrected_when_they_are_joined(self, tmp_path: Path) -> None:
        made = project(tmp_path)
        calibrate(made, await fingerprint_of(made), tpr=1.0, tnr=0.4)
        whole, _, _ = await finish(made)
        files = []
        for number in (1, 2):
            await finish(made, shard=f"{number}/2", run_id=f"s{number}")
            files.append(tmp_path / f"part{number}.json")
            (tmp_path / "eval_results.json").rename(files[-1])
        joined = merge(files, out=None, run_id="m", now=NOW)
        assert joined.results.tiers["golden"].model_dump(mode="json") == whole["tiers"]["golden"]


class TestReports:
    @pytest.mark.parametrize("untrusted", ["count", "drop"])
    async def test_the_judges_standing_is_in_the_first_line_of_each(
        self, tmp_path: Path, untrusted: str
    ) -> None:
        made = project(tmp_path, metric="pass_rate", untrusted=untrusted)
        made.write("rubrics/short.yaml", {**RUBRIC, "criteria": [
            *RUBRIC["criteria"],
            {"id": "short", "text": "Short.", "max": 1, "check": {"kind": "max_words", "value": 9}},
        ]})  # fmt: skip
        calibrate(made, await fingerprint_of(made), tpr=1.0, tnr=0.4)
        await finish(made)
        results = read_results(tmp_path / "eval_results.json")
        highlights = Highlights.empty(results)
        said = {
            "count": "judge default: facts is not trusted (0.70 of 100 labels) and still counts",
            "drop": "judge default: facts left out of the score in golden",
        }[untrusted]
        assert said in headline(results)
        assert "facts" in markdown(results, highlights).splitlines()[0]
        page = b"".join(html(results, results.cases)).decode()
        assert said in page
        assert "agrees on 0.70" in page

    async def test_the_corrected_rate_is_noted_with_its_interval(self, tmp_path: Path) -> None:
        made = project(tmp_path)
        calibrate(made, await fingerprint_of(made), tpr=0.95, tnr=0.9)
        _, _, done = await finish(made)
        note = next(one for one in notes(done.results) if "corrected" in one)
        assert note.startswith("pass rate corrected for the judge's known errors: golden 0.94 [")
        assert "corrected pass rate" in markdown(done.results, Highlights.empty(done.results))

    async def test_a_corrected_rate_that_could_be_anything_is_not_noted(
        self, tmp_path: Path
    ) -> None:
        made = project(tmp_path)
        calibrate(made, await fingerprint_of(made), tpr=1.0, tnr=0.4)
        _, _, done = await finish(made)
        assert not any("corrected" in one for one in notes(done.results))
