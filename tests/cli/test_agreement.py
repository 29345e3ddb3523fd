"""`labeltool agreement` as it is typed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from rich.console import Console

from labeltool.cli.agreement_tables import chart, draw_agreement
from labeltool.rules.agreement import AtVersion
from tests.commands.test_agreement import both, label, open_round
from tests.report.test_agreement import measured, two
from tests.small_repo import Repo


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    return Repo.committed(tmp_path / "evals")


def at(version: int, alpha: float | None, holds: bool) -> AtVersion:
    return AtVersion(version, version, None, 12, alpha, 0.95, holds, "why")


def test_a_screen_for_people(repo: Repo) -> None:
    both(repo)
    done = repo.labeltool("agreement")
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[0] == "agreement on mails, mail@2: 2 annotators, 2 outputs with two labels"
    tone = next(line.split() for line in lines if line.startswith("tone "))
    assert tone[:3] == ["tone", "2", "50%"]
    assert "1 disagreement" in done.stdout
    assert "ann 2 · bob 0" in done.stdout
    assert max(map(len, lines)) <= 80


def test_one_document_and_a_summary_for_the_pull_request(repo: Repo) -> None:
    both(repo)
    done = repo.labeltool("agreement", "--json", "--summary", "out.md")
    found = json.loads(done.stdout)
    assert found["schema"] == "labeltool/agreement@1"
    assert found["criteria"]["facts"]["alpha"]["level"] == "nominal"
    assert found["criteria"]["tone"]["pairs"]["ann|bob"]["percent"] == 0.5
    assert repo.read("out.md").startswith("### agreement on mails")
    assert "| tone | 2 | 50% |" in repo.read("out.md")


def test_an_open_round_shows_counts_only_in_every_form(repo: Repo) -> None:
    both(repo)
    label(repo, "ann", "one", "{tone: 2, facts: 1}")
    open_round(repo)
    for args in (("agreement",), ("agreement", "--json"), ("agreement", "--by", "tag")):
        done = repo.labeltool(*args)
        assert done.returncode == 0
        assert "bob 0" not in done.stdout
        assert '"bob": 0' not in done.stdout
        assert "1 output of an open round" in done.stdout


@pytest.mark.parametrize("by", ["pair", "version", "tag"])
def test_by_breaks_it_down_by_that_alone(repo: Repo, by: str) -> None:
    both(repo)
    done = repo.labeltool("agreement", "--by", by)
    assert done.returncode == 0
    assert ("ann | bob" in done.stdout) is (by == "pair")
    assert ("no round is closed yet" in done.stdout) is (by == "version")
    assert ("no labelled case has a tag" in done.stdout) is (by == "tag")
    assert "1 disagreement" not in done.stdout


def test_too_little_to_measure_is_said_and_is_no_failure(repo: Repo) -> None:
    nobody = repo.labeltool("agreement")
    assert (nobody.returncode, nobody.stderr) == (0, "")
    assert "nobody has labelled an output yet: labeltool label" in nobody.stdout
    label(repo, "ann", "one", "{tone: 2}")
    assert "only ann has labels" in repo.labeltool("agreement").stdout
    label(repo, "bob", "two", "{tone: 2}")
    apart = repo.labeltool("agreement", "--json")
    assert apart.returncode == 0
    found = json.loads(apart.stdout)
    assert found["why"].startswith("no output has labels of two annotators")
    assert found["criteria"]["tone"]["alpha"] == {
        "value": None,
        "interval": None,
        "level": "ordinal",
        "n": 0,
        "why": "no output has two scores",
    }


@pytest.mark.parametrize(
    ("args", "code", "words"),
    [
        (("--tag", "late"), 2, "no tag is named 'late'"),
        (("--system", "v2"), 2, "known: v1"),
        (("--dataset", "mial"), 2, "no dataset is named"),
        (("--by", "moon"), 2, "'moon' is not one of"),
        (("--unblind", "--annotator", "eve"), 3, "add `eve: "),
    ],
)
def test_bad_words_are_told(repo: Repo, args: tuple[str, ...], code: int, words: str) -> None:
    open_round(repo)
    done = repo.labeltool("agreement", *args)
    assert done.returncode == code
    assert words in done.stderr
    assert done.stdout == ""


def test_outside_git_it_reads_all_the_same(tmp_path: Path) -> None:
    repo = Repo(tmp_path / "evals")
    both(repo)
    assert repo.labeltool("agreement").returncode == 0


def test_the_chart_shows_whether_the_tightening_works() -> None:
    rounds = {
        "tone": (at(1, 0.5, False), at(2, 0.9, True)),
        "a_very_long_name_of_a_criterion": (at(1, None, True), at(2, -0.4, False)),
    }
    assert list(chart(rounds, 0.8, name_width=10, cells=10)) == [
        "tone        v1   =====...|.  0.50  does not hold",
        "            v2   ========|.  0.90  holds",
        "a_very_lo…  v1   ........|.     –  holds, 95% agree",
        "            v2   ........|. -0.40  does not hold",
    ]


def test_wide_screens_have_every_interval_and_narrow_ones_alphas() -> None:
    found = measured(*two(*[(0, 0), (4, 4), (2, 3), (1, 4)] * 5))
    drawn = {}
    for width in (80, 130):
        console = Console(width=width, markup=False, highlight=False, emoji=False)
        with console.capture() as capture:
            draw_agreement(console, found)
        drawn[width] = next(line for line in capture.get().splitlines() if line.startswith("items"))
    assert drawn[80].count("[") == 1
    assert drawn[130].count("[") == 4
