"""Where one starts."""

from __future__ import annotations

from pathlib import Path

import pytest

from labeltool.tui import keys
from labeltool.tui.screens.home import HomeScreen
from tests.small_repo import Repo
from tests.tui.desk_repo import CASES, label_path, make, seated

ROUND = "number: 1\nrubric: mail@2\nsystem: v1\nannotators: [ann, bob]\noutputs: [{0}]\n"


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    return make(tmp_path / "repo")


async def test_home_offers_the_one_next_step_and_enter_takes_it(repo: Repo) -> None:
    async with seated(repo, at=keys.HOME) as seat:
        assert "▸ 4 of 4 outputs have no label of yours" in seat.text()
        await seat.press("enter")
        await seat.settled()
        assert "Where is my parcel?" in seat.text()
        await seat.press("2", "1", "enter")
        assert await seat.committed()
        await seat.press("escape")
        await seat.settled()
        assert "▸ 3 of 4 outputs have no label of yours" in seat.text()


async def test_home_counts_everybody_in_a_round_and_shows_no_scores(repo: Repo) -> None:
    outputs = ", ".join(f"{{case: {case}}}" for case in list(CASES)[:2])
    repo.write("datasets/mails/rounds/1.yaml", ROUND.format(outputs))
    repo.write(
        label_path("a-parcel", "bob"),
        "case: a-parcel\nsystem: v1\nannotator: bob\nrubric: mail@2\nscores: {tone: 0, facts: 0}\n",
    )
    async with seated(repo, at=keys.HOME) as seat:
        assert "▸ Round 1 is open: 2 of your 2 outputs left" in seat.text()
        bob = next(line for line in seat.lines() if "bob" in line)
        assert "1/2" in bob


async def test_home_shows_rubric_tiers_and_gates(repo: Repo) -> None:
    repo.write("datasets/mails/dataset.yaml", "rubric: mail\ngates: {golden: {threshold: 0.85}}\n")
    async with seated(repo, at=keys.HOME) as seat:
        text = seat.text()
        assert "rubric mail@2" in text
        assert "check max_words" in text
        assert "gate 0.85" in text


async def test_without_outputs_home_names_the_command(tmp_path: Path) -> None:
    repo = make(tmp_path / "repo")
    repo.git("rm", "-rq", "datasets/mails/outputs")
    async with seated(repo, at=keys.HOME) as seat:
        assert "No recorded outputs" in seat.text() or "no recorded outputs" in seat.text()
        assert "labeltool run" in seat.text()
        await seat.press("enter")
        assert "labeltool run" in seat.work_line()


async def test_a_broken_rubric_is_told_with_its_line(repo: Repo) -> None:
    repo.write("rubrics/mail.yaml", "name: mail\nversion: two\n")
    async with seated(repo, at=keys.HOME) as seat:
        assert "rubrics/mail.yaml" in seat.text()


async def test_escape_leaves(repo: Repo) -> None:
    async with seated(repo, at=keys.HOME) as seat:
        await seat.press("x")
        assert "x does nothing here" in seat.work_line()
        await seat.press("escape")
        assert seat.app._exit


HEAD = """{"schema": "labeltool/results@1", "run_id": "20261123T170000-abc", "created_at": "%s",
"labeltool_version": "0", "settings_hash": "0", "git": {}, "dataset": "mails", "rubric": "mail@2",
"pass_mark": 0.8, "criteria": {}, "scores": "machine", "filters": {}, "verdict": "inconclusive",
"system": {"name": "lead", "kind": "python", "fingerprint": "0"},
"judge": {"name": "default", "kind": "reference", "fingerprint": "0", "trust": "uncalibrated"},
"why": "", "human": {}, "usage": {"system": {}, "judge": {}},
"latency_ms": {"n": 0, "concurrency": 1},
"tiers": {"golden": {"cases": 4, "passed": 3, "failed": 1, "errors": 0, "pass_rate": 0.75,
"interval": [0.3, 0.95], "threshold": 0.85, "rule": "confident", "verdict": "inconclusive",
"why": ""}}}"""


async def test_home_shows_the_last_gate_verdict_with_its_age(repo: Repo) -> None:
    repo.write("datasets/mails/dataset.yaml", "rubric: mail\ngates: {golden: {threshold: 0.85}}\n")
    async with seated(repo, at=keys.HOME) as seat:
        assert "no run yet" in seat.text()
    runs = ".labeltool/runs/20261123T170000-abc"
    repo.write(f"{runs}/head.json", HEAD % "2026-11-23T16:30:00Z")
    repo.write(".labeltool/runs/20261123T180000-broken/head.json", "{")
    async with seated(repo, at=keys.HOME) as seat:
        assert "last run: lead, 2 hours ago" in seat.text()
        assert "0.75 [0.30 0.95]  gate 0.85  ? inconclusive" in seat.text()


async def test_home_says_how_the_judge_stands_and_what_it_lacks(repo: Repo) -> None:
    async with seated(repo, at=keys.HOME) as seat:
        assert "? uncalibrated · 30 more labels" in seat.text()
        await seat.press("j")
        assert "30 more labels decide tone and facts" in seat.text()
        await seat.press("enter")
        await seat.settled()
        assert "what settles something first" in seat.lines()[0]


async def test_home_leads_to_what_i_marked(repo: Repo) -> None:
    said = "case: {0}\nsystem: v1\nannotator: ann\nrubric: mail@2\nscores: {{tone: 1, facts: 1}}\n"
    repo.write(label_path("b-refund"), said.format("b-refund") + "flag: '[/] odd'\n")
    repo.write(label_path("c-thanks"), said.format("c-thanks") + "confidence: unsure\n")
    async with seated(repo, at=keys.HOME) as seat:
        assert "1 output flagged for discussion" in seat.text()
        assert "1 output marked unsure" in seat.text()
        await seat.press("j", "j", "j", "enter")
        await seat.settled()
        assert "/ state:flagged" in seat.lines()[0]
        assert "I want my money back." in seat.text()


async def test_of_several_datasets_one_is_chosen_in_a_row(repo: Repo) -> None:
    repo.write("datasets/chats/dataset.yaml", "rubric: mail\n")
    repo.write("datasets/chats/cases/golden/hi.yaml", "id: hi\ntier: golden\ninput: Hello there\n")
    repo.write("datasets/chats/outputs/v9/hi.yaml", "case: hi\nsystem: v9\noutput: Hey.\n")
    async with seated(repo, at=keys.HOME) as seat:
        row = next(i for i, line in enumerate(seat.lines()) if "dataset chats" in line)
        assert "draft: no round yet" in seat.lines()[row]
        assert await seat.pilot.click(offset=(8, row))
        assert await seat.pilot.click(offset=(8, row))
        await seat.settled()
        assert "labeltool   chats" in seat.text()
        await seat.press("enter")
        await seat.settled()
        assert "Hello there" in seat.text()


async def test_of_several_snapshots_one_is_chosen_in_a_row(repo: Repo) -> None:
    repo.write(
        "datasets/mails/outputs/v2/a-parcel.yaml", "case: a-parcel\nsystem: v2\noutput: Yo.\n"
    )
    async with seated(repo, at=keys.HOME) as seat:
        assert "several snapshots" in seat.text()
        await seat.press("j", "j", "enter")
        await seat.settled()
        assert "Where is my parcel?" in seat.text()
        assert "0/4" in seat.lines()[0] or "0/1" in seat.lines()[0]


async def test_an_empty_dataset_says_what_to_type(repo: Repo) -> None:
    repo.git("rm", "-rq", "datasets/mails/cases", "datasets/mails/outputs")
    async with seated(repo, at=keys.HOME) as seat:
        assert "There is no case yet" in seat.text()
        assert "labeltool import FILE --as cases --tier golden" in seat.text()


async def test_what_no_remote_has_is_counted(repo: Repo, tmp_path: Path) -> None:
    async with seated(repo, at=keys.HOME) as seat:
        assert "✓ all committed" in seat.work_line()
        assert "sync" not in seat.work_line()
    repo.git("init", "-q", "--bare", str(tmp_path / "remote.git"))
    repo.git("remote", "add", "origin", str(tmp_path / "remote.git"))
    async with seated(repo, at=keys.HOME) as seat:
        assert "sync: ↑1 ↓0" in seat.work_line()


async def test_an_unfinished_merge_is_told(repo: Repo) -> None:
    head = repo.git("rev-parse", "HEAD").strip()
    (repo.root / ".git/MERGE_HEAD").write_text(head + "\n", encoding="ascii")
    async with seated(repo, at=keys.HOME) as seat:
        assert "a merge is in progress" in seat.work_line()


@pytest.mark.parametrize("size", [(60, 16), (80, 24), (120, 36), (200, 60)])
async def test_home_fits_every_size(repo: Repo, size: tuple[int, int]) -> None:
    async with seated(repo, at=keys.HOME, size=size) as seat:
        assert "▸ 4 of 4 outputs" in seat.text()
        await seat.press("space", "space")
        assert all(len(line) <= size[0] for line in seat.lines())
        assert "esc leave" in seat.lines()[-1]


async def test_a_branch_that_is_switched_underneath_brings_its_own_settings(repo: Repo) -> None:
    repo.git("switch", "-qc", "other")
    settings = "dataset: mails\nannotators: {anna: [ann@example.org]}\n"
    repo.write("labeltool.yaml", settings)
    repo.git("commit", "-qam", "ann is called anna")
    repo.git("switch", "-q", "main")
    async with seated(repo, at=keys.HOME, annotator="") as seat:
        home = seat.app.screen
        assert isinstance(home, HomeScreen)
        assert "ann · main" in seat.lines()[0]
        repo.git("switch", "-q", "other")
        home.look()
        await seat.settled()
        await seat.settled()
        assert "anna · other" in seat.lines()[0]
        assert "▪ anna" in seat.text()


async def test_settings_that_are_broken_and_mended_underneath(repo: Repo) -> None:
    async with seated(repo, at=keys.HOME) as seat:
        home = seat.app.screen
        assert isinstance(home, HomeScreen)
        good = (repo.root / "labeltool.yaml").read_text()
        repo.write("labeltool.yaml", "dataset: [\n")
        home.look()
        await seat.settled()
        assert "labeltool.yaml" in seat.text()
        repo.write("labeltool.yaml", good)
        home.look()
        await seat.settled()
        await seat.settled()
        assert "ann · main" in seat.lines()[0]
