"""The edit loop: what is looked at, when it counts as changed, and what a rerun says."""

from __future__ import annotations

import os
from collections.abc import Callable
from itertools import chain, repeat
from pathlib import Path
from typing import Any

import pytest

from labeltool.commands.run_watch import Stamps, Watched, changed, news, next_change, watched
from labeltool.errors import LabeltoolError
from labeltool.model.result import Results
from tests.commands.test_run import finish
from tests.projects import Project

A, B = Path("a"), Path("b")


def looks(*seen: Stamps) -> Callable[[], Stamps]:
    """One after the other, the last one for ever."""
    found = chain(seen, repeat(seen[-1]))
    return lambda: next(found)


class TestWhenSomethingChanges:
    def test_nothing_is_said_before_a_file_stands_still(self) -> None:
        pauses: list[float] = []
        before = {A: (1, 10)}
        half, whole = {A: (2, 4)}, {A: (3, 12)}
        look = looks(before, before, half, whole, whole)
        assert next_change(look, before, pauses.append) == (A,)
        assert len(pauses) == 5
        assert pauses[-1] < pauses[0], "what is being written is looked at sooner"

    def test_a_file_that_is_as_before_again_is_no_change(self) -> None:
        before = {A: (1, 10)}
        look = looks({}, before, {A: (1, 10), B: (1, 1)})
        assert next_change(look, before, lambda seconds: None) == (B,)

    def test_new_gone_and_other_files_are_named(self) -> None:
        assert changed({A: (1, 1)}, {B: (1, 1)}) == (A, B)
        assert changed({A: (1, 1)}, {A: (1, 2)}) == (A,)
        assert changed({A: (1, 1)}, {A: (1, 1)}) == ()


class TestWhatIsLookedAt:
    @pytest.fixture
    def project(self, tmp_path: Path) -> Project:
        project = Project.make(tmp_path)
        project.case("a")
        return project

    def files(self, project: Project, system: str | None = None) -> set[str]:
        found = watched(project.context(), None, system, None).stamps()
        return {os.path.relpath(file, project.root) for file in found}

    def test_settings_rubric_cases_and_code_with_what_it_may_import(self, project: Project) -> None:
        project.code("helpers/words.py", "")
        project.code(".venv/lib/x.py", "")
        project.code("notes.txt", "")
        assert self.files(project) == {
            "labeltool.yaml",
            "rubrics/short.yaml",
            "datasets/d/dataset.yaml",
            "datasets/d/cases/golden/a.yaml",
            "echo.py",
            "helpers/words.py",
        }

    def test_the_prompt_of_a_model(self, project: Project) -> None:
        mini = {"kind": "openai", "model": "m", "prompt": "prompts/mini.md"}
        project.write("labeltool.yaml", {"dataset": "d", "systems": {"mini": mini}})
        project.code("prompts/mini.md", "{{ input }}")
        found = self.files(project, "mini")
        assert "prompts/mini.md" in found
        assert "echo.py" not in found

    def test_the_script_of_a_command(self, project: Project) -> None:
        script = {"kind": "command", "run": ["bash", "answer.sh"]}
        project.write("labeltool.yaml", {"dataset": "d", "systems": {"script": script}})
        project.code("answer.sh", "cat")
        assert "answer.sh" in self.files(project, "script")

    def test_settings_that_are_broken_are_an_error_to_wait_out(self, project: Project) -> None:
        project.code("labeltool.yaml", "systems: [")
        with pytest.raises(LabeltoolError):
            watched(project.context(), None, None, None)

    def test_a_file_that_is_away_for_a_moment_is_no_fault(self, tmp_path: Path) -> None:
        assert Watched((tmp_path / "gone",), ((tmp_path / "away", ".py"),)).stamps() == {}


class TestWhatARerunSays:
    async def results(self, project: Project, run_id: str, **request: Any) -> Results:
        await finish(project, run_id=run_id, **request)
        return Results.model_validate_json((project.root / "eval_results.json").read_bytes())

    async def test_fixed_broken_and_what_still_fails(self, tmp_path: Path) -> None:
        project = Project.make(tmp_path)
        project.case("a", "far too many words for this")
        project.case("b")
        project.case("c", "far too many words for this")
        project.case("known", "far too many words for this", status="open")
        first = await self.results(project, "r1")
        told = news(None, first)
        assert (told.passing, told.cases) == (1, 3)
        assert (told.fixed, told.broke, told.failing) == ((), (), ("a", "c"))
        project.case("a")
        project.case("b", "far too many words for this")
        told = news(first, await self.results(project, "r2"))
        assert (told.fixed, told.broke, told.failing) == (("a",), ("b",), ("b", "c"))
