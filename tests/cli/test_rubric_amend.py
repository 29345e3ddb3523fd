"""`labeltool rubric amend` on the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.small_repo import Repo

RUBRIC = "rubrics/mail.yaml"
WHY = ("--reason", "Whom exactly?")


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    repo = Repo.committed(tmp_path / "evals")
    repo.write(
        "datasets/mails/labels/bob/v1/one.yaml",
        "case: one\nsystem: v1\nannotator: bob\nrubric: mail@2\nscores: {tone: 1, facts: 1}\n",
    )
    repo.git("add", ".")
    repo.git("commit", "-qm", "labels")
    return repo


def test_a_dry_run_shows_the_difference_and_what_stands(repo: Repo) -> None:
    done = repo.labeltool(
        *(
            "rubric",
            "amend",
            "--criterion",
            "tone",
            "--text",
            "It suits.",
            "--level",
            "0=It hurts.",
        ),
        *(*WHY, "--case", "one", "--dry-run"),
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [
        "mail@2 → mail@3",
        "",
        "~ tone   changed, its labels are asked again",
        "    text",
        "      - The tone fits.",
        "      + It suits.",
        "    level 0",
        "      + It hurts.",
        "",
        "changelog",
        done.stdout.splitlines()[10],
        "",
        "tone asked again: bob 1 of 1 labels",
        "every other score stands",
        "nothing is written: leave out --dry-run to amend",
    ]
    assert "tone: Whom exactly? (cases: one)" in done.stdout
    assert (repo.subject(), repo.git("status", "--porcelain")) == ("labels", "")


def test_json_is_one_document_and_one_commit(repo: Repo) -> None:
    done = repo.labeltool(
        *("rubric", "amend", "--rescale", "tone", "0..4", "--map", "0=0,1=2,2=4"),
        *("--remove", "short", *WHY, "--json"),
    )
    told = json.loads(done.stdout)
    assert told["schema"] == "labeltool/rubric-amend@1"
    assert (told["version"], told["changed"]) == (3, ["tone", "short"])
    assert told["datasets"]["mails"]["annotators"] == {"bob": {"labels": 1, "again": 1}}
    assert told["commit"] == repo.git("rev-parse", "HEAD").strip()
    assert "max: 4" in repo.read(RUBRIC)


def test_criteria_come_from_options_and_from_stdin(repo: Repo) -> None:
    done = repo.labeltool(
        *("rubric", "amend", "--add", "brief", "--text", "Is brief.", "--max", "1"),
        *("--level", "1=It is.", "--from", "-", *WHY),
        stdin="- {id: kind, text: Is kind., max: 2, levels: {0: No.}}\n",
    )
    assert done.returncode == 0, done.stderr
    assert "brief and kind asked for the first time: bob 1 of 1 labels" in done.stdout
    assert "  - id: brief\n    text: Is brief.\n    max: 1\n" in repo.read(RUBRIC)
    assert "  - id: kind\n" in repo.read(RUBRIC)


@pytest.mark.parametrize(
    ("args", "code", "words"),
    [
        (("--criterion", "tone", "--text", "x"), 2, "needs a reason"),
        (WHY, 2, "nothing to amend is named"),
        (("--text", "x", *WHY), 2, "which criterion"),
        (("--criterion", "tnoe", "--text", "x", *WHY), 2, "did you mean tone?"),
        (("--criterion", "tone", *WHY), 2, "nothing of tone"),
        (("--criterion", "tone", "--text", "The tone fits.", *WHY), 2, "nothing would change"),
        (("--criterion", "tone", "--level", "nine", *WHY), 2, "no N=TEXT"),
        (("--criterion", "tone", "--max", "4", *WHY), 2, "--rescale tone A..B"),
        (("--add", "brief", "--text", "x", *WHY), 2, "--max N"),
        (("--rescale", "tone", "four", *WHY), 2, "no scale"),
        (("--map", "0=1", *WHY), 2, "--map belongs"),
        (("--from", "missing.yaml", *WHY), 2, "missing.yaml"),
        (("--remove", "tone", "--case", "thre", *WHY), 2, "no case is named"),
        (("--edit", "--remove", "tone", *WHY), 2, "whole file"),
    ],
)
def test_what_does_not_fit_is_refused_and_nothing_is_written(
    repo: Repo, args: tuple[str, ...], code: int, words: str
) -> None:
    before = repo.read(RUBRIC)
    done = repo.labeltool("rubric", "amend", *args)
    assert (done.returncode, done.stdout) == (code, "")
    assert words in done.stderr
    assert (repo.read(RUBRIC), repo.subject()) == (before, "labels")


def test_an_open_round_is_exit_2_unless_one_says_anyway(repo: Repo) -> None:
    repo.write(
        "datasets/mails/rounds/1.yaml",
        "number: 1\nrubric: mail@2\nsystem: v1\nannotators: [ann, bob]\noutputs: [{case: one}]\n",
    )
    done = repo.labeltool("rubric", "amend", "--remove", "short", *WHY)
    assert done.returncode == 2
    assert "round 1 of mails is open" in done.stderr
    assert "labeltool round close" in done.stderr
    assert repo.labeltool("rubric", "amend", "--remove", "short", *WHY, "--anyway").returncode == 0


def editor(repo: Repo, script: str) -> None:
    """`script` is Python over `text`, the file's content."""
    path = repo.root.parent / "editor.py"
    path.write_text(
        "import sys\npath = sys.argv[1]\ntext = open(path).read()\n"
        f"{script}\nopen(path, 'w').write(text)\n"
    )
    repo.env["EDITOR"] = f"python3 {path}"
    repo.env.pop("VISUAL", None)


def test_the_editors_difference_is_the_amendment(repo: Repo) -> None:
    editor(repo, "text = text.replace('The tone fits.', 'The tone suits.') + '# For Bob.'")
    done = repo.labeltool("rubric", "amend", "--edit", *WHY)
    assert done.returncode == 0, done.stderr
    assert repo.subject() == "amend mail to version 3 as ann: tone"
    assert "version: 3" in repo.read(RUBRIC)
    assert repo.read(RUBRIC).endswith("# For Bob.\n")


def test_a_text_that_is_no_rubric_is_kept_for_the_next_try(repo: Repo) -> None:
    before = repo.read(RUBRIC)
    editor(repo, "text = text.replace('max: 2', 'max: two')")
    done = repo.labeltool("rubric", "amend", "--edit", *WHY)
    assert done.returncode == 3
    assert "rubrics/mail.yaml:4: criteria.0.max" in done.stderr
    assert "your text is kept" in done.stderr
    assert repo.read(RUBRIC) == before
    editor(repo, "text = text.replace('max: two', 'max: 3')")
    done = repo.labeltool("rubric", "amend", "--edit", *WHY)
    assert done.returncode == 0, done.stderr
    assert "going on from the text" in done.stderr
    assert "max: 3" in repo.read(RUBRIC)


def test_an_editor_that_changes_nothing_amends_nothing(repo: Repo) -> None:
    editor(repo, "")
    done = repo.labeltool("rubric", "amend", "--edit", *WHY)
    assert done.returncode == 2
    assert "nothing was changed in the editor" in done.stderr
    assert "kept" not in done.stderr
