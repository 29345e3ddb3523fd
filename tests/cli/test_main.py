"""The front door: help, unknown verbs, errors on stderr with their exit code."""

import subprocess
import sys
from pathlib import Path

import pytest

from labeltool import __version__
from labeltool.cli import main


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
