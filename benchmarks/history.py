"""`history CASE` beside N label commits (default 10,000) in one flat folder, against a plain
`git log -- PATH` of the same label.

To hold (medians of three): <= 0.5x, with a commit-graph that knows changed paths. Without one the
ratio is printed too. Run: python benchmarks/history.py [N]
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from labeltool.commands.context import Context
from labeltool.commands.history import history
from labeltool.store import paths

START = 1_790_000_000
CASE = "id: {case}\ntier: golden\ninput: Where is my parcel?\n"
OUTPUT = "case: {case}\nsystem: v1\noutput: It is late.\n"
LABEL = (
    "case: {case}\nsystem: v1\nannotator: ann\nrubric: mail@1\nscores:\n  tone: 2\n"
    "labeled_at: {moment}\n"
)
MESSAGE = (
    "label {case} of v1 as ann\n\nLabeltool-Kind: label\nLabeltool-Dataset: d\n"
    "Labeltool-Case: {case}\nLabeltool-Annotator: ann\n"
)


FILES = {
    paths.SETTINGS: "dataset: d\n",
    "rubrics/mail.yaml": "name: mail\nversion: 1\ncriteria: [{id: tone, text: It fits., max: 2}]\n",
    "datasets/d/dataset.yaml": "rubric: mail\nsystem: v1\n",
}


def timed(action: Callable[[], object]) -> float:
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def commits(count: int) -> Iterator[bytes]:
    """A fast-import stream: all cases, then one label a commit, as our messages are."""
    yield _commit(START, "start")
    yield from (_file(path, text) for path, text in FILES.items())
    for n in range(count):
        case = f"case-{n:06d}"
        yield _file(paths.case_path("d", "golden", case), CASE.format(case=case))
        yield _file(paths.output_path("d", "v1", case), OUTPUT.format(case=case))
    for n in range(count):
        case, at = f"case-{n:06d}", START + 60 * n
        moment = datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        yield _commit(at, MESSAGE.format(case=case))
        path = paths.label_path("d", "ann", "v1", case)
        yield _file(path, LABEL.format(case=case, moment=moment))


def _commit(at: int, message: str) -> bytes:
    head = f"commit refs/heads/main\ncommitter Ann <ann@example.org> {at} +0000\n"
    return f"{head}data {len(message)}\n{message}\n".encode()


def _file(path: str, text: str) -> bytes:
    return f"M 100644 inline {path}\ndata {len(text)}\n{text}\n".encode()


def git(root: Path, *args: str, stdin: bytes | None = None) -> None:
    subprocess.run(["git", *args], cwd=root, check=True, input=stdin, capture_output=True)


def ours(root: Path, case: str) -> None:
    ctx = Context.find(root, env=os.environ, now=lambda: datetime.now(UTC))
    found = history(ctx, case, dataset="d")
    ctx.close()
    if found[0].kind != "label" or found[0].commit is None:
        raise SystemExit(f"history does not tell of the label: {found}")


def median(action: Callable[[], None]) -> float:
    return statistics.median(timed(action) for _ in range(3))


def main(count: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        git(root, "init", "-q", "-b", "main")
        git(root, "fast-import", "--quiet", stdin=b"".join(commits(count)))
        git(root, "reset", "-q", "--hard")
        case = f"case-{count // 2:06d}"
        path = paths.label_path("d", "ann", "v1", case)
        plain = median(lambda: git(root, "log", "--", path))
        bare = median(lambda: ours(root, case))
        ctx = Context.find(root, env=os.environ, now=lambda: datetime.now(UTC))
        writing = timed(ctx.history.write_graph)
        ctx.close()
        graph = median(lambda: ours(root, case))
        print(
            f"{count} label commits: git log -- PATH {plain:.2f} s, the graph {writing:.2f} s once"
        )
        print(f"history CASE, no commit-graph   {bare:.2f} s   {bare / plain:.2f}x")
        print(
            f"history CASE, with one          {graph:.2f} s   {graph / plain:.2f}x   to hold 0.50"
        )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
