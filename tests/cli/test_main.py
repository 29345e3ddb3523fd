"""The front door: help, unknown verbs, errors on stderr with their exit code."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from labeltool import __version__
from labeltool.cli import main
from tests import small_repo
from tests.projects import Project


def run(*argv: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "labeltool", *argv], cwd=cwd, capture_output=True, text=True
    )


def test_help_lists_every_verb_and_imports_none() -> None:
    code = (
        "import sys; from labeltool.cli.main import run; run(['--help']); "
        "print([m for m in sys.modules if m.split('.')[0] in "
        "('pydantic', 'textual', 'rich', 'numpy', 'ruamel')], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert all(f"  {verb} " in done.stdout for verb in main.VERBS)
    assert done.stderr.strip() == "[]"


def test_every_verb_of_the_table_has_its_command() -> None:
    for verb in main.VERBS:
        done = run(verb, "--help")
        assert done.returncode == 0, done.stderr
        assert "Usage: labeltool" in done.stdout


def test_version() -> None:
    assert run("--version").stdout.strip() == f"labeltool {__version__}"


def test_a_mistyped_verb_suggests_the_right_one() -> None:
    done = run("chek")
    assert done.returncode == 2
    assert "did you mean check?" in done.stderr
    assert done.stdout == ""


def test_a_mistyped_option_is_usage() -> None:
    done = run("check", "--jsn")
    assert done.returncode == 2
    assert "--json" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("closed", [">&-", "2>&-", "<&-", ">&- 2>&- <&-"])
def test_closed_standard_streams_change_no_verdict(closed: str, tmp_path: Path) -> None:
    """The first file that is opened would get the number of the closed one."""
    project = Project.make(tmp_path)
    project.case("a")
    command = f'"$0" -m labeltool run --json --out out.json {closed}'
    done = subprocess.run(["sh", "-c", command, sys.executable], cwd=tmp_path, timeout=60)
    assert done.returncode == 0
    assert json.loads((tmp_path / "out.json").read_text())["verdict"] == "pass"
    log = next((tmp_path / ".labeltool/runs").glob("*/log.jsonl"))
    assert [line[:2] for line in log.read_text().splitlines()] == ['{"', '{"']


@pytest.mark.parametrize("verb", ["run", "check", "history", "undo"])
def test_outside_a_workspace_every_verb_says_what_to_type(verb: str, tmp_path: Path) -> None:
    done = run(verb, cwd=tmp_path)
    assert done.returncode == 4
    assert "labeltool init" in done.stderr


def test_a_hostile_name_reaches_the_terminal_as_visible_text() -> None:
    done = run("\x1b]0;owned\x07")
    assert done.returncode == 2
    assert "\x1b" not in done.stderr


def test_dash_c_works_in_another_folder(tmp_path: Path) -> None:
    assert run("-C", str(tmp_path), "check").returncode == 4
    assert run("-C", str(tmp_path / "none"), "check").returncode == 2


@pytest.mark.parametrize("verb", [("rubric", "show"), ("agreement",)])
def test_a_reader_that_goes_away_is_no_failed_gate(tmp_path: Path, verb: tuple[str, ...]) -> None:
    repo = small_repo.Repo(tmp_path / "repo")
    read, write = os.pipe()
    os.close(read)
    line = [sys.executable, "-m", "labeltool", "-C", str(repo.root), *verb]
    with subprocess.Popen(
        line, stdout=write, stderr=subprocess.PIPE, text=True, env=repo.env
    ) as process:
        os.close(write)
        _, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (0, "")
