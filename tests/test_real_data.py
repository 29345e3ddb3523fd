"""A real annotated set becomes a repo that is checked, run and read; skips where it is not at hand.

The data is looked for in the folder that LABELTOOL_DATA names, else in `shared/data` beside the
repository.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.small_repo import Repo

ROOT = Path(__file__).parent.parent
SCRIPT = ROOT / "benchmarks/dialsummeval.py"
FOLDER = Path(os.environ.get("LABELTOOL_DATA") or ROOT.parent / "shared/data")
DATA = FOLDER / "dialsummeval/human_judgment.jsonl"
CASES = 10

needs_data = pytest.mark.skipif(not DATA.is_file(), reason="the real data is not at hand")


@pytest.fixture(scope="module")
def repo(tmp_path_factory: pytest.TempPathFactory) -> Repo:
    """Ten dialogues with all that is said of them, built by the script."""
    base = tmp_path_factory.mktemp("real")
    made = Repo(base / "dialogues", files={})
    done = _build(made, str(made.root), "--data", str(DATA), "--cases", str(CASES))
    assert done.returncode == 0, done.stdout + done.stderr
    return made


@needs_data
def test_every_row_arrives_as_a_file_of_its_own(repo: Repo) -> None:
    dataset = repo.root / "datasets/dialogues"
    assert len(list(dataset.glob("cases/golden/*.yaml"))) == CASES
    assert len(list(dataset.glob("outputs/*/*.yaml"))) == 14 * CASES
    assert len(list(dataset.glob("labels/*/*/*.yaml"))) == 3 * 14 * CASES


@needs_data
def test_scores_and_texts_come_back_as_they_were(repo: Repo) -> None:
    found = repo.context().workspace.dataset(None)
    repo.close()
    for row in _rows():
        system = row["model_id"].lower()
        output = found.output(system, row["id"])
        assert output is not None
        assert output.output == row["summary"]
        for number, scores in enumerate(row["annotations"], 1):
            label = found.label(f"rater-{number}", system, row["id"])
            assert label is not None
            assert dict(label.scores) == scores


@needs_data
def test_each_import_is_one_commit_and_leaves_nothing_over(repo: Repo) -> None:
    assert repo.commits() == 5
    assert repo.git("status", "--porcelain") == ""


@needs_data
def test_the_whole_repo_passes_check(repo: Repo) -> None:
    done = repo.labeltool("check", "--json")
    assert done.returncode == 0
    errors = [one for one in json.loads(done.stdout)["problems"] if one["level"] == "error"]
    assert errors == []


@needs_data
def test_human_scores_gate_as_the_raters_said(repo: Repo) -> None:
    """The run's human scores are the medians of the raters, within the tolerance of one."""
    out = repo.root.parent / "human.json"
    repo.labeltool("run", "--system", "a", "--scores", "human", "--out", str(out))
    results = json.loads(out.read_text())
    raters = {row["id"]: row["annotations"] for row in _rows() if row["model_id"] == "A"}
    for case in results["cases"]:
        for criterion, score in case["scores"].items():
            given = sorted(scores[criterion] for scores in raters[case["id"]])
            if given[-1] - given[0] <= 1:
                assert score == given[1], (case["id"], criterion)


def test_without_the_data_it_says_so(tmp_path: Path) -> None:
    done = _build(Repo(tmp_path / "repo", files={}), "--data", str(tmp_path / "absent.jsonl"))
    assert done.returncode == 2
    assert "no data" in done.stderr


def _rows() -> list[dict[str, Any]]:
    lines = DATA.read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    kept = set(list(dict.fromkeys(row["id"] for row in rows))[:CASES])
    return [row for row in rows if row["id"] in kept]


def _build(repo: Repo, *args: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(SCRIPT), *args]
    return subprocess.run(command, env=repo.env, cwd=ROOT, capture_output=True, text=True)


@needs_data
def test_the_reference_judge_is_measured_against_the_raters(repo: Repo) -> None:
    """Fitted, and out of fold, it beats its fixed thresholds by far; whatever it is trusted with,
    the figures and their reason are there.
    """
    done = repo.labeltool("calibrate", "--json")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["sample"]["n"] > 100
    before = [one["unfitted_agreement"] for one in found["criteria"].values()]
    now = [one["agreement"] for one in found["criteria"].values()]
    assert sum(now) > sum(before) + 0.2
    relevance = found["criteria"]["relevance"]
    assert relevance["agreement"] > relevance["constant_agreement"]
    assert relevance["spearman"] > 0.4
    assert all(one["reason"] for one in found["criteria"].values())
    again = repo.labeltool("run", "--system", "a", "--out", str(repo.root.parent / "fitted.json"))
    assert again.returncode in (0, 1), again.stderr
    judge = json.loads((repo.root.parent / "fitted.json").read_text())["judge"]
    assert judge["fingerprint"] == found["fingerprint"]
    trusted = {id: one["trust"] == "trusted" for id, one in judge["trust_by_criterion"].items()}
    assert trusted == {id: one["trusted"] for id, one in found["criteria"].items()}
