"""`bless`, and what `--baseline` finds afterwards."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from labeltool.commands.baseline import find
from labeltool.commands.bless import Blessed, bless
from labeltool.commands.check import check
from labeltool.commands.context import Context
from labeltool.errors import DataError, UsageError
from tests.commands.test_run import finish
from tests.projects import NOW, Project

MARK = "datasets/d/baselines/echo.json"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    project = Project.make(tmp_path)
    project.case("good")
    project.case("bad", "far too many words for this")
    project.case("known", "also far too many words here", tier="regression", status="open")
    project.commit_all()
    return project


@pytest.fixture
def ctx(project: Project) -> Iterator[Context]:
    found = project.context()
    yield found
    found.close()


async def blessed(project: Project, ctx: Context, **said: Any) -> Blessed:
    await finish(project, **said)
    return bless(ctx, project.root / "eval_results.json", annotator="alice")


async def test_a_run_becomes_the_mark_in_one_commit(project: Project, ctx: Context) -> None:
    done = await blessed(project, ctx)
    assert (done.path, done.passed) == (MARK, 1)
    subject = project.git("log", "-1", "--format=%s").strip()
    assert subject == "bless echo on d: 1 of 2 cases pass"
    written = json.loads((project.root / MARK).read_text())
    assert set(written["cases"]) == {"good", "bad"}, "a known bug sets no mark"
    assert written["cases"]["bad"]["passed"] is False
    assert "output" not in written["cases"]["good"], "texts stay out of git"
    assert project.git("status", "--porcelain") == ""
    assert not [p for p in check(project.root, now=NOW).problems if p.level == "error"]


async def test_blessing_the_same_run_again_commits_nothing(project: Project, ctx: Context) -> None:
    await blessed(project, ctx)
    again = bless(ctx, project.root / "eval_results.json", annotator="bob")
    assert again.commit is None
    assert project.git("rev-list", "--count", "HEAD").strip() == "2"


@pytest.mark.parametrize("part", [{"cases": ("good",)}, {"tiers": ("golden",)}])
async def test_a_part_of_the_suite_is_no_mark(
    project: Project, ctx: Context, part: dict[str, Any]
) -> None:
    await finish(project, **part)
    with pytest.raises(UsageError, match="a part of the suite"):
        bless(ctx, project.root / "eval_results.json", annotator="alice")
    assert not (project.root / MARK).exists()


async def test_results_older_than_their_cases_need_a_word(project: Project, ctx: Context) -> None:
    await finish(project)
    project.case("good", "other words")
    with pytest.raises(UsageError, match="1 case has changed since"):
        bless(ctx, project.root / "eval_results.json", annotator="alice")
    done = bless(ctx, project.root / "eval_results.json", annotator="alice", anyway=True)
    assert done.notices == ("1 case has changed since",)


async def test_a_failing_run_may_be_the_mark_and_says_so(project: Project, ctx: Context) -> None:
    done = await blessed(project, ctx, threshold=0.9)
    assert "this mark is a low one" in done.notices[0]


def test_what_is_no_results_file_is_named(project: Project, ctx: Context) -> None:
    project.code("eval_results.json", '{"schema": "something"}')
    with pytest.raises(DataError, match="is no labeltool/results@1 document"):
        bless(ctx, project.root / "eval_results.json", annotator="alice")


class TestFinding:
    async def test_a_results_file_knows_its_outputs(self, project: Project, ctx: Context) -> None:
        await finish(project)
        store = ctx.workspace.dataset()
        found = find(ctx, store, "echo", "eval_results.json")
        assert found.file is not None
        assert found.file.cases["bad"].passed is False
        assert found.texts(["bad"]) == {"bad": "far too many words for this"}

    async def test_a_branch_gives_what_was_blessed_where_this_one_parted(
        self, project: Project, ctx: Context
    ) -> None:
        await blessed(project, ctx)
        project.git("switch", "-qc", "prompt")
        project.git("switch", "-q", "main")
        project.case("later")
        project.git("add", "-A")
        project.git("commit", "-qm", "Main goes on")
        await finish(project, run_id="r2")
        bless(ctx, project.root / "eval_results.json", annotator="alice")
        project.git("switch", "-q", "prompt")
        found = find(ctx, ctx.workspace.dataset(), "echo", "main")
        assert found.file is not None
        assert found.file.run_id == "r1", "what main became later is not what this is measured by"
        assert found.texts(["good"]) == {"good": "few words"}, "the run is still remembered here"

    async def test_without_a_blessed_one_a_clean_run_of_that_commit_serves(
        self, project: Project, ctx: Context
    ) -> None:
        await finish(project)
        found = find(ctx, ctx.workspace.dataset(), "echo", "main")
        assert found.file is not None
        assert found.file.cases["good"].passed is True
        assert found.file.blessed_by is None

    async def test_a_run_of_files_that_were_not_committed_does_not(
        self, project: Project, ctx: Context
    ) -> None:
        project.case("new")
        await finish(project)
        found = find(ctx, ctx.workspace.dataset(), "echo", "main")
        assert found.file is None
        assert found.why is not None
        assert "echo has none at" in found.why

    async def test_committed_results_serve_too(self, project: Project, ctx: Context) -> None:
        await finish(project, run_id="published")
        project.git("add", "-f", "eval_results.json")
        project.git("commit", "-qm", "Publish results")
        found = find(ctx, ctx.workspace.dataset(), "echo", "main")
        assert found.file is not None
        assert found.file.run_id == "published"

    def test_what_is_neither_file_nor_branch_is_a_usage_error(self, ctx: Context) -> None:
        with pytest.raises(UsageError, match="neither a file nor a branch"):
            find(ctx, ctx.workspace.dataset(), "echo", "origin/mian")

    def test_an_option_is_no_branch(self, ctx: Context) -> None:
        with pytest.raises(UsageError, match="neither a file nor a branch"):
            find(ctx, ctx.workspace.dataset(), "echo", "--all")
