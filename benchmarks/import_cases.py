"""Import N cases (default 10,000) against writing the same files and committing them by hand.

To hold (medians of three): import <= 3x the plain write and one `git add` + `git commit` with the
same `core.fsync`.

    python benchmarks/import_cases.py [N]
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter

ROUNDS = 3
LABELTOOL = [sys.executable, "-m", "labeltool"]
ENV = {
    **os.environ,
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_AUTHOR_NAME": "Bench",
    "GIT_AUTHOR_EMAIL": "bench@example.org",
    "GIT_COMMITTER_NAME": "Bench",
    "GIT_COMMITTER_EMAIL": "bench@example.org",
}


def main(count: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder)
        rows = base / "rows.jsonl"
        rows.write_text("".join(json.dumps(_row(number)) + "\n" for number in range(count)))
        template = base / "template"
        run([*LABELTOOL, "init", str(template)], base)
        ours = [importing(template, rows, base / "ours") for _ in range(ROUNDS)]
        files = {
            path.relative_to(base / "ours").as_posix(): path.read_bytes()
            for path in (base / "ours/datasets/shop-answers/cases/golden").glob("c-*.yaml")
        }
        assert len(files) == count, len(files)
        plain = [by_hand(template, files, base / "plain") for _ in range(ROUNDS)]
        one, other = statistics.median(ours), statistics.median(plain)
        print(
            f"{count:,} cases: import {one:.2f} s, by hand {other:.2f} s, {one / other:.2f}x (3x)"
        )


def importing(template: Path, rows: Path, target: Path) -> float:
    """Seconds, setting up not counted."""
    fresh(template, target)
    start = perf_counter()
    run([*LABELTOOL, "import", str(rows), "--as", "cases", "--tier", "golden"], target)
    return perf_counter() - start


def by_hand(template: Path, files: dict[str, bytes], target: Path) -> float:
    fresh(template, target)
    start = perf_counter()
    for path, data in files.items():
        (target / path).write_bytes(data)
    # As fast as git itself can flush many objects: a baseline that is not made slow.
    git = ["git", "-c", "core.fsync=committed,reference", "-c", "core.fsyncMethod=batch"]
    git += ["-c", "gc.auto=0"]
    run([*git, "add", "datasets"], target)
    run([*git, "commit", "-qm", "import"], target)
    return perf_counter() - start


def fresh(template: Path, target: Path) -> None:
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(template, target)


def run(command: list[str], folder: Path) -> None:
    subprocess.run(command, cwd=folder, env=ENV, check=True, stdout=subprocess.DEVNULL)


def _row(number: int) -> dict[str, object]:
    return {
        "id": f"c-{number:05d}",
        "input": f"Customer {number} writes:\nmy order {number * 7919} came late. " * 6,
        "expected": f"Order {number * 7919} came late; the customer wants to know why.",
        "tags": ["late", f"group-{number % 17}"],
    }


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
