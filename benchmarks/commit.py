"""A label's commit beside 10,000 files, against `git add` and `git commit` by hand.

Both write one small new file and commit it with the same `core.fsync`, in turns, in the same
repository. Prints the medians and their ratio; to hold: at most 1.35.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from labeltool.history import CommitMessage, FileChange, History, init_repository

FSYNC = ("-c", "core.fsync=committed,reference", "-c", "gc.auto=0")
CONTENT = b"case: x\nscores: {tone: 1}\nstatus: done\n"


def build(root: Path, env: dict[str, str], count: int) -> None:
    init_repository(root, env=env)
    for number in range(count):
        file = root / "cases" / f"{number // 500:03}" / f"{number:05}.yaml"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(CONTENT + str(number).encode())
    for args in (["add", "."], ["commit", "-q", "-m", "Before"]):
        subprocess.run(["git", *args], cwd=root, env=env, check=True)


def by_hand(root: Path, env: dict[str, str], path: str) -> float:
    began = time.perf_counter()
    (root / path).write_bytes(CONTENT)
    subprocess.run(["git", *FSYNC, "add", "--", path], cwd=root, env=env, check=True)
    subprocess.run(["git", *FSYNC, "commit", "-q", "-m", path], cwd=root, env=env, check=True)
    return time.perf_counter() - began


def by_labeltool(history: History, path: str) -> tuple[float, float]:
    """Seconds until it is saved, and until it is committed."""
    began = time.perf_counter()
    saved = history.save([FileChange(path, CONTENT, None)], CommitMessage(path))
    on_disk = time.perf_counter() - began
    history.commit(saved)
    return on_disk, time.perf_counter() - began


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=30)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "repo"
        env = {**os.environ, "GIT_AUTHOR_NAME": "A", "GIT_AUTHOR_EMAIL": "a@example.org"}
        env |= {"GIT_COMMITTER_NAME": "A", "GIT_COMMITTER_EMAIL": "a@example.org"}
        build(root, env, given.files)
        (root / "labels").mkdir()
        hand, saves, ours = [], [], []
        with History.open(root, env=env, now=lambda: datetime.now(UTC)) as history:
            for number in range(given.rounds):
                hand.append(by_hand(root, env, f"labels/hand-{number}.yaml"))
                saved, committed = by_labeltool(history, f"labels/ours-{number}.yaml")
                saves.append(saved)
                ours.append(committed)
    theirs, mine = statistics.median(hand), statistics.median(ours)
    print(f"git add + git commit   {theirs * 1000:7.1f} ms")
    print(f"labeltool, committed   {mine * 1000:7.1f} ms")
    print(f"labeltool, saved       {statistics.median(saves) * 1000:7.1f} ms")
    print(f"ratio                  {mine / theirs:7.2f}    to hold: 1.35")


if __name__ == "__main__":
    main()
