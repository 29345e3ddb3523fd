from __future__ import annotations

import os
from pathlib import Path

from labeltool.runner.git_state import git_state
from tests.projects import Project


def test_a_folder_that_is_no_repository_has_a_why(tmp_path: Path) -> None:
    found = git_state(tmp_path, os.environ)
    assert (found.commit, found.dirty) == (None, None)
    assert found.why


def test_a_repository_without_a_commit_is_dirty(tmp_path: Path) -> None:
    project = Project.make(tmp_path)
    project.git("init", "-q")
    assert git_state(tmp_path, os.environ).why == "no commit yet"


def test_changed_files_and_new_cases_are_dirty_and_other_new_files_are_not(tmp_path: Path) -> None:
    project = Project.make(tmp_path)
    project.commit_all()
    project.code("notes.txt", "mine")
    assert git_state(tmp_path, os.environ).dirty is False
    project.case("new")
    assert git_state(tmp_path, os.environ).dirty is True
    project.git("add", "datasets")
    project.git("commit", "-q", "-m", "A case")
    project.code("echo.py", "def answer(case): return ''")
    assert git_state(tmp_path, os.environ).dirty is True
