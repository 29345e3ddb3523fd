"""Three labellers and a user who commits, all at once."""

from __future__ import annotations

import os
import subprocess

from tests.history.support import Repo
from tests.history.test_kill import start

LABELS = 14


def commit_beside(repo: Repo, number: int) -> None:
    """A person's own commit of a file of theirs, again when git is busy."""
    repo.write(f"src/{number}.txt", "work\n")
    for _ in range(500):
        added = subprocess.run(
            ["git", "add", f"src/{number}.txt"], cwd=repo.root, env=repo.env, capture_output=True
        )
        if added.returncode == 0:
            break
    for _ in range(500):
        ran = subprocess.run(
            ["git", "commit", "-q", "-m", f"Work {number}", "--", f"src/{number}.txt"],
            cwd=repo.root,
            env=repo.env,
            capture_output=True,
        )
        if ran.returncode == 0:
            return
    raise AssertionError(ran.stderr)


def test_every_acknowledged_label_of_three_writers_is_in_head(repo: Repo) -> None:
    repo.write("staged.txt", "not yet\n")
    repo.git("add", "staged.txt")
    writers = [start(repo, name, LABELS) for name in ("alice", "bob", "carol")]
    number = 0
    while any(writer.poll() is None for writer in writers) and number < 8:
        commit_beside(repo, number)
        number += 1
    acknowledged: set[str] = set()
    for writer in writers:
        said, _ = writer.communicate(timeout=120)
        assert writer.returncode == 0
        acknowledged |= {line.removeprefix("+") for line in said.decode().split(os.linesep) if line}
    tree = set(repo.git("ls-tree", "-r", "--name-only", "HEAD").split())
    assert len(acknowledged) > 3 * LABELS / 2
    assert acknowledged <= tree
    assert {f"src/{done}.txt" for done in range(number)} <= tree
    assert repo.status() == "A  staged.txt\n"
    labels = [name for name in repo.subjects() if " labels " in name]
    assert len(labels) == len(set(labels))
    repo.git("fsck", "--strict")
