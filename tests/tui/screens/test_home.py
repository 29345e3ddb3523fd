"""Where one starts."""

from __future__ import annotations

from pathlib import Path

import pytest

from labeltool.tui import keys
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
