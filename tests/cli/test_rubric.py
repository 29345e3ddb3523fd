"""`labeltool rubric` on the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from labeltool.model.rubric import Rubric
from labeltool.store import codec
from tests.hostile import HIDDEN, MARKUP, TERMINAL
from tests.small_repo import Repo

RUBRIC = "rubrics/mail.yaml"


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    repo = Repo.committed(tmp_path / "evals")
    text = repo.read(RUBRIC).replace("version: 2\ncriteria", "version: 3\ncriteria")
    text = text.replace("The tone fits.", "The tone suits.")
    repo.write(RUBRIC, text + "  - {version: 3, changed: [tone], reason: Suits whom exactly.}\n")
    return repo


def test_show_draws_scale_share_and_grader(repo: Repo) -> None:
    done = repo.labeltool("rubric", "show")
    assert done.returncode == 0, done.stderr
    tone = next(line for line in done.stdout.splitlines() if line.startswith("tone "))
    assert tone.split() == ["tone", "0-2", "2", "1", "50%", "graded", "people,", "judge"]
    assert "check max_words 9" in done.stdout
    assert "an output passes at 0.8" in done.stdout
    assert "3  tone: Suits whom exactly." in done.stdout


def test_diff_draws_before_and_after(repo: Repo) -> None:
    done = repo.labeltool("rubric", "diff")
    assert done.stdout.splitlines() == [
        "mail@2 → mail@3",
        "",
        "~ tone   changed, its labels are asked again",
        "    text",
        "      - The tone fits.",
        "      + The tone suits.",
        "",
        "changelog",
        "  3  tone: Suits whom exactly.",
    ]


def test_json_of_both(repo: Repo) -> None:
    shown = json.loads(repo.labeltool("rubric", "show", "--version", "2", "--json").stdout)
    assert shown["schema"] == "labeltool/rubric-show@1"
    assert shown["criteria"][0]["text"] == "The tone fits."
    assert [one["share"] for one in shown["criteria"]] == [0.5, 0.25, 0.25]
    compared = json.loads(repo.labeltool("rubric", "diff", "2", "3", "--json").stdout)
    assert (compared["from"]["version"], compared["to"]["version"]) == (2, 3)
    assert compared["criteria"] == [
        {
            "id": "tone",
            "what": "changed",
            "fields": [{"field": "text", "before": "The tone fits.", "after": "The tone suits."}],
            "asked_again": True,
        }
    ]


def test_an_unknown_version_is_exit_2_with_the_next_step(repo: Repo) -> None:
    done = repo.labeltool("rubric", "diff", "1")
    assert (done.returncode, done.stdout) == (2, "")
    assert "version 1 of mail is not in git" in done.stderr


def test_hostile_words_are_drawn_as_visible_text(repo: Repo) -> None:
    levels = dict(enumerate(("".join(TERMINAL), "".join(HIDDEN[:-1]), "".join(MARKUP))))
    odd = {"id": "odd", "text": "\x1b[31mred", "max": 2, "levels": levels}
    rubric = {"name": "mail", "version": 3, "task": "[/]", "criteria": [odd]}
    (repo.root / RUBRIC).write_bytes(codec.encode(Rubric.model_validate(rubric)))
    for verb in ("show", "diff"):
        done = repo.labeltool("rubric", verb)
        assert done.returncode == 0, done.stderr
        assert "\x1b" not in done.stdout
        assert "␛[31mred" in done.stdout
