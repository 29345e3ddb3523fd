"""What `labeltool run` loads: nothing heavy where nothing needs it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.projects import Project

SCRIPT = """
import json, sys
from labeltool.cli.main import run
code = run(["run", "--out", "/dev/null", *sys.argv[1:]])
heavy = ("textual", "scipy", "numpy", "jsonschema", "rapidfuzz", "openai", "httpx2", "aiohttp",
         "junitparser", "git", "regex", "jinja2", "pandas", "statsmodels", "detect_secrets")
print(json.dumps([code, [name for name in heavy if name in sys.modules]]))
"""


def loaded(project: Project, *arguments: str) -> Any:
    ran = subprocess.run(
        [sys.executable, "-c", SCRIPT, *arguments],
        cwd=project.root,
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(ran.stdout.splitlines()[-1])


def test_a_run_with_checks_only_loads_no_heavy_library(tmp_path: Path) -> None:
    project = Project.make(tmp_path)
    project.case("a", checks=[{"kind": "contains", "value": "words"}])
    project.output("a", "few words")
    assert loaded(project) == [0, []]
    assert loaded(project, "--system", "old") == [0, []]


def test_a_run_with_the_embedded_judge_needs_no_more_than_numpy(tmp_path: Path) -> None:
    rubric = {"name": "short", "version": 1, "criteria": [{"id": "f", "text": "Facts.", "max": 2}]}
    project = Project.make(tmp_path, rubric=rubric)
    project.case("a", expected="few words")
    code, names = loaded(project)
    assert code == 0
    assert set(names) <= {"numpy"}
