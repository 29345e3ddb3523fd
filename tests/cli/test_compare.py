"""`labeltool compare` as it is typed: one document, files for a pull request, exit codes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.projects import Project


def labeltool(project: Project, *args: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "labeltool", *args],
        cwd=project.root,
        env={**os.environ, "COLUMNS": "80"},
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
    )


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Two snapshots outside of any repository: `good` passes all, `half` every other case."""
    root = tmp_path_factory.mktemp("compare")
    project = Project.make(root)
    for n in range(12):
        project.case(f"g-{n:02}")
        project.output(f"g-{n:02}", "few words", "good")
        told = "few words" if n % 2 else "many more words than five of them"
        project.output(f"g-{n:02}", told, "half")
    return project


def test_the_answer_comes_first_and_progress_goes_to_stderr(project: Project) -> None:
    done = labeltool(project, "compare", "half", "good")
    assert done.returncode == 0
    assert done.stdout.startswith("good leads half, 1.000 against 0.500: by 0.500 [0.")
    assert "1 of 2" in done.stderr
    assert "as in run" in labeltool(project, "compare", "half", "good").stderr


def test_json_is_one_document_and_files_are_written_beside_it(project: Project) -> None:
    done = labeltool(
        project, "compare", "half", "good", "--json", "--markdown", "d.md", "--html", "d.html"
    )
    found = json.loads(done.stdout)
    assert (found["schema"], found["winner"]) == ("labeltool/compare@1", "good")
    assert found["systems"]["good"]["p_best"] > 0.99
    assert len(found["differ"]) == 6
    assert (project.root / "d.md").read_text().startswith("### good leads half")
    assert "</html>" in (project.root / "d.html").read_text()


def test_results_files_follow_one_option(project: Project, tmp_path: Path) -> None:
    for name in ("half", "good"):
        labeltool(project, "run", "--system", name, "--out", f"{name}.json")
    done = labeltool(project, "compare", "--results", "half.json", "good.json")
    assert done.stdout.startswith("good leads half")


@pytest.mark.parametrize(
    ("args", "code", "says"),
    [
        (("half",), 2, "no comparison"),
        (("half", "nobody"), 2, "nobody"),
        (("half", "good", "--weights", "goldn=1"), 2, "no case has that tier"),
        (("half", "good", "--weights", "cost_per_1k=1"), 3, "cost_per_1k: {weight: 1, target:"),
        (("half", "good", "--constraint", "golden is fine"), 2, "no constraint"),
        (("--results", "nothing.json", "half.json"), 2, "there is no file"),
    ],
)
def test_what_is_wrong_has_its_exit_code(
    project: Project, args: tuple[str, ...], code: int, says: str
) -> None:
    done = labeltool(project, "compare", *args)
    assert (done.returncode, done.stdout) == (code, "")
    assert says in done.stderr
