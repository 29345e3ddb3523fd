"""A labeller is killed at random moments; nothing that was acknowledged may be lost."""

from __future__ import annotations

import os
import random
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.history.support import Repo
from tests.history.writer import changes

PROJECT = Path(__file__).parents[2]
KILLS = 12


def start(repo: Repo, name: str, count: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.history.writer", str(repo.root), name, str(count)],
        cwd=PROJECT,
        env=dict(repo.env),
        stdout=subprocess.PIPE,
    )


def lines(process: subprocess.Popen[bytes], seconds: float) -> bytes:
    """What the process prints until `seconds` after its first line."""
    assert process.stdout is not None
    fd = process.stdout.fileno()
    said = os.read(fd, 1 << 16)
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0 and select.select([fd], [], [], left)[0]:
        said += os.read(fd, 1 << 16)
    return said


def descendants(pid: int) -> Iterator[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children")
    tasks = children.parents[1].glob("*/children")
    for file in tasks:
        for child in file.read_text().split():
            yield from descendants(int(child))
            yield int(child)


def kill(process: subprocess.Popen[bytes], *, with_git: bool) -> bytes:
    """Kills it, as `kill -9` does, or with its git processes, as a power cut does."""
    process.send_signal(signal.SIGSTOP)
    family = list(descendants(process.pid)) if with_git else []
    for pid in [*family, process.pid]:
        with suppress(ProcessLookupError):  # a git process may end while it is looked for
            os.kill(pid, signal.SIGKILL)
    assert process.stdout is not None
    rest = process.stdout.read()
    process.stdout.close()
    process.wait()
    return rest


def final_contents(name: str) -> dict[str, set[str]]:
    """All contents that a path may have had."""
    contents: dict[str, set[str]] = {}
    for number in range(2000):
        for change in changes(name, number):
            assert change.content is not None
            contents.setdefault(change.path, set()).add(change.content.decode())
    return contents


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="needs /proc")
@pytest.mark.parametrize("with_git", [False, True], ids=["kill -9", "power cut"])
def test_no_acknowledged_label_is_lost_however_often_the_process_is_killed(
    repo: Repo, with_git: bool
) -> None:
    chance = random.Random(7)
    acknowledged: set[str] = set()
    legal: dict[str, set[str]] = {}
    for number in range(KILLS):
        name = f"w{number}"
        process = start(repo, name, 0)
        said = lines(process, chance.uniform(0.0, 0.25)) + kill(process, with_git=with_git)
        whole = said.decode().split("\n")[:-1]
        acknowledged |= {line.removeprefix("+") for line in whole}
        legal |= final_contents(name) if number == KILLS - 1 else {}
        with repo.open() as history:
            recovered = history.recover()
            assert recovered.held == ()
        assert repo.temps() == []
        assert repo.status() == ""
        assert list((repo.root / ".git").glob("*.lock")) == []
    tree = set(repo.git("ls-tree", "-r", "--name-only", "HEAD").split())
    assert acknowledged
    assert acknowledged <= tree
    for path, texts in legal.items():
        if path in tree:
            assert repo.at_head(path) in texts
    assert repo.journals() == []
    repo.git("fsck", "--strict")
