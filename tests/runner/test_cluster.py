"""The same run, its calls made by the workers of a real Dask cluster."""

from __future__ import annotations

import json
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from labeltool.errors import IncompleteError, UsageError
from labeltool.runner.cluster import Cluster
from labeltool.runner.site import Blueprint
from tests.commands.test_run import finish
from tests.commands.test_run_again import steady, stop_after
from tests.fake_openai import echo, fake_openai
from tests.projects import Project

# The library's own: it closes its comms in the background, and asks psutil and tornado old things.
pytestmark = [
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

RUBRIC: dict[str, Any] = {
    "name": "short",
    "version": 1,
    "criteria": [
        {"id": "facts", "text": "All facts.", "max": 2},
        {
            "id": "length",
            "text": "Few words.",
            "max": 1,
            "check": {"kind": "max_words", "value": 5},
        },
    ],
}
DIES_ONCE = """
import os, pathlib

def answer(case):
    marker = pathlib.Path(__file__).with_name("died")
    if case["id"] == "c1" and not marker.exists():
        marker.touch()
        os._exit(9)
    return case["input"]
"""


@pytest.fixture
async def address(tmp_path: Path) -> AsyncIterator[str]:
    """A scheduler with two workers, in this process."""
    import distributed

    cluster: Any = distributed
    async with cluster.LocalCluster(
        n_workers=2,
        threads_per_worker=1,
        processes=False,
        dashboard_address="127.0.0.1:0",
        local_directory=str(tmp_path / "dask"),
        asynchronous=True,
    ) as running:
        yield running.scheduler_address


@pytest.fixture
def project(tmp_path: Path) -> Project:
    project = Project.make(tmp_path / "project", rubric=RUBRIC)
    for n in range(6):
        project.case(f"c{n}", f"words {n}", expected=f"words {n}")
    project.case("long", "far too many words for this", expected="short")
    project.case("boom", "raise", expected="short")
    project.code(
        "echo.py",
        "def answer(case):\n"
        "    if case['input'] == 'raise':\n"
        "        raise ValueError('no')\n"
        "    return case['input']\n",
    )
    return project


async def test_the_results_are_those_of_one_process(project: Project, address: str) -> None:
    alone, code = await finish(project, threshold=0.5)
    fanned, also = await finish(project, threshold=0.5, run_id="r2", engine="dask", cluster=address)
    assert code == also
    assert steady(fanned) == steady(alone)
    assert fanned["usage"] == alone["usage"]
    assert [case["error"]["message"] for case in fanned["cases"] if case["error"]] == [
        "ValueError: no (echo.py:3)"
    ]


def grades(body: Any) -> str:
    """A judge's reply; the texts of systems come back as they are."""
    if "response_format" not in body:
        return echo(body)
    said = {"scores": {"facts": 2}, "rationale": {"facts": "All there."}, "evidence": {"facts": []}}
    return json.dumps(said)


async def test_models_are_asked_there_and_their_replies_are_kept_here(
    project: Project, address: str
) -> None:
    with fake_openai(answer=grades) as server:
        mini = {"kind": "openai", "model": "m", "prompt": "p.md", "base_url": server.url}
        strong = {"kind": "openai", "model": "m", "base_url": server.url}
        project.code("p.md", "{{ input }}")
        project.write(
            "labeltool.yaml",
            {"dataset": "d", "systems": {"echo": mini}, "judges": {"default": strong}},
        )
        fanned, _ = await finish(project, engine="dask", cluster=address)
        asked = server.count()
        alone, _ = await finish(project, run_id="r2")
        assert asked == 16
        assert server.count() == asked, "every reply was kept"
        assert steady(fanned) == steady(alone)
        assert fanned["usage"]["judge"]["calls"] == alone["usage"]["judge"]["cached"] == 8
        server.always = "401"
        found, code = await finish(
            project, run_id="r3", cache=False, engine="dask", cluster=address
        )
    assert code == 5
    assert "401" in found["why"]


async def test_a_run_that_was_stopped_there_goes_on_anywhere(
    project: Project, address: str
) -> None:
    whole, _ = await finish(project)
    part, code = await finish(
        project, run_id="s1", concurrency=1, each=stop_after(3), engine="dask", cluster=address
    )
    assert (code, part["verdict"]) == (130, "incomplete")
    found, _ = await finish(project, resume="latest")
    assert found["run_id"] == "s1"
    assert steady(found) == steady(whole)


@pytest.mark.slow
async def test_the_cases_of_a_lost_worker_are_done_again(project: Project) -> None:
    project.code("echo.py", DIES_ONCE)
    found, _ = await finish(project, concurrency=1, engine="dask")
    assert (project.root / "died").exists(), "no worker was lost"
    assert [case["error"] for case in found["cases"]] == [None] * 8
    assert found["usage"]["system"]["calls"] == 8


async def test_a_worker_with_other_files_takes_no_part(project: Project, address: str) -> None:
    strange = Blueprint(
        run="r1",
        root=str(project.root),
        dataset="d",
        system="echo",
        system_fingerprint="python:another",
        judge=None,
        judge_fingerprint="",
        concurrency=2,
    )
    with pytest.raises(IncompleteError, match="cannot stand in for this process: its files"):
        await Cluster.join(address, strange)


async def test_a_worker_without_the_workspace_says_so(project: Project, address: str) -> None:
    nowhere = Blueprint(
        run="r1",
        root=str(project.root / "nowhere"),
        dataset="d",
        system="echo",
        system_fingerprint="",
        judge=None,
        judge_fingerprint="",
        concurrency=2,
    )
    with pytest.raises(IncompleteError, match=r"it has no folder .*nowhere"):
        await Cluster.join(address, nowhere)


async def test_an_address_where_nobody_answers_is_five(project: Project) -> None:
    with pytest.raises(IncompleteError, match="no cluster answers at nonsense"):
        await finish(project, engine="dask", cluster="nonsense://nowhere")


async def test_without_the_extra_the_line_to_type_is_said(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(UsageError, match="needs the extra `scale`") as caught:
        await finish(project, engine="dask")
    assert caught.value.hint == "pip install 'labeltool[scale]'"
