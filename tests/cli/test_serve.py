"""`labeltool serve`, as it is typed."""

from __future__ import annotations

import importlib.util
import signal
import socket
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.small_repo import Repo
from tests.tui.page import Served, come_in, socket_url, until_seen, visitor
from tests.tui.terminal import PATIENCE_S

needs_extra = pytest.mark.skipif(
    importlib.util.find_spec("textual_serve") is None, reason="needs the extra `serve`"
)


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    return Repo.committed(tmp_path / "repo")


@needs_extra
def test_it_prints_its_url_once_and_ends_when_the_terminal_closes(repo: Repo) -> None:
    with Served(repo) as served:
        assert served.host.startswith("127.0.0.1:")
        assert len(served.token) >= 43
        ended, out, err = served.end(signal.SIGHUP)
    assert ended == 128 + signal.SIGHUP
    assert out == ""
    assert served.token not in err
    assert "Traceback" not in err


@needs_extra
def test_a_port_that_is_taken_is_said_so(repo: Repo) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = repo.labeltool("serve", "--host", "localhost", "--port", port)
    assert done.returncode == 2
    assert "is taken" in done.stderr
    assert "--port 0" in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize("host", ["0.0.0.0", "example.org"])
def test_no_address_that_other_machines_reach(repo: Repo, host: str) -> None:
    done = repo.labeltool("serve", "--host", host)
    assert done.returncode == 2
    assert "on this machine only" in done.stderr
    assert "ssh -L" in done.stderr
    assert done.stdout == ""


@needs_extra
def test_a_stranger_is_refused_before_anything_listens(repo: Repo) -> None:
    done = repo.labeltool("serve", "--annotator", "mallory")
    assert done.returncode == 3
    assert "mallory" in done.stderr
    assert done.stdout == ""


def test_outside_a_workspace_it_names_the_next_step(repo: Repo, tmp_path: Path) -> None:
    done = repo.labeltool("serve", cwd=tmp_path)
    assert done.returncode in {2, 4}  # 2: the extra is not here
    assert "labeltool" in done.stderr


def test_without_the_extra_it_says_what_to_install(repo: Repo) -> None:
    script = (
        "import sys; sys.modules['textual_serve'] = None; "
        "from labeltool.cli.main import run; sys.exit(run(['serve']))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=repo.root, env=repo.env, capture_output=True, text=True
    )
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.splitlines() == [
        "the browser needs the extra `serve`",
        "  pip install 'labeltool[serve]'",
    ]


@needs_extra
async def test_modules_of_a_cloned_repo_are_not_loaded(repo: Repo) -> None:
    """Python looks for modules in the current folder first: a cloned repo must gain nothing."""
    for name in ("textual", "labeltool", "click", "signal"):
        (repo.root / f"{name}.py").write_text("open('owned', 'w').close()\n")
    script = Path(sys.executable).with_name("labeltool")
    if not script.exists():
        pytest.skip("the console script is not installed")
    with Served(repo, program=[str(script)]) as served:
        async with visitor() as session:
            await come_in(served, session)
            async with session.ws_connect(socket_url(served), origin=served.origin) as page:
                await until_seen(page, "outputs have no label of yours")
    assert not (repo.root / "owned").exists()


@needs_extra
def test_open_hands_the_browser_no_token(repo: Repo) -> None:
    """Every user of the machine sees a browser's arguments."""
    browser = repo.root.parent / "browser"
    seen = repo.root.parent / "seen"
    browser.write_text(f'#!/bin/sh\nprintf "%s" "$1" > {seen}.part && mv {seen}.part {seen}\n')
    browser.chmod(0o755)
    repo.env["BROWSER"] = str(browser)
    with Served(repo, "--open") as served:
        deadline = time.monotonic() + PATIENCE_S
        while not seen.exists():
            assert time.monotonic() < deadline
            time.sleep(0.02)
        said = seen.read_text()
        assert said.startswith("file://")
        assert served.token not in said
        page = Path(said.removeprefix("file://"))
        assert served.url in page.read_text()
        assert stat.S_IMODE(page.stat().st_mode) == 0o600
        served.end()
    assert not page.exists()
