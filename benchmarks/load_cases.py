"""Load N case files (default 10,000): first and second start against a bare YAML parse.

To hold (medians of three): first <= 1.0x PyYAML's CSafeLoader on the same files, second <= 0.3x
of the first. Run: python benchmarks/load_cases.py [N]
"""

from __future__ import annotations

import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import yaml

from labeltool.model.case import Case, Check, Source, Verified
from labeltool.store import codec, paths
from labeltool.store.workspace import Workspace

TICKET = (
    "From: Gerald Pruitt\nSubject: order {n}\n\nThis is the fourth time I write about order {n}.\n"
    "You received my returned coffee machine on 28 September, I have the slip.\n"
    "If the money is not here by Friday I will dispute the payment: 249.00 is missing.\n"
)


def write(root: Path, count: int) -> None:
    """`count` cases as our writer leaves them."""
    (root / "rubrics").mkdir()
    (root / "datasets/d/cases/golden").mkdir(parents=True)
    (root / paths.SETTINGS).write_text("dataset: d\n")
    (root / "datasets/d/dataset.yaml").write_text("rubric: r\n")
    for n in range(count):
        case = Case(
            id=f"case-{n:06d}",
            tier="golden",
            input=TICKET.format(n=n) * 2,
            expected=f"Fourth e-mail about order {n}: refund of 249.00 is missing.\nPay by Friday.",
            checks=(Check(kind="max_words", value=79),),
            tags=("shop", "refund"),
            rubric_version=1,
            verified=Verified(by="alice", at="2026-11-06T16:58:32Z", hash="b49e9059afb7"),
            source=Source(kind="hand", date="2026-11-05"),
        )
        (root / paths.case_path("d", "golden", case.id)).write_bytes(codec.encode(case))


def timed(action: Callable[[], object]) -> float:
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def bare(root: Path) -> None:
    for path in sorted((root / "datasets/d/cases/golden").iterdir()):
        yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader)


def ours(root: Path, count: int) -> None:
    loaded = Workspace.open(root).dataset().cases()
    if len(loaded.require()) != count:
        raise SystemExit("not all cases were loaded")


def main(count: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        write(root, count)
        time.sleep(2.1)  # the cache leaves files alone that were written a moment ago
        bare(root)
        times: list[tuple[float, float, float]] = []
        for _ in range(3):
            shutil.rmtree(root / paths.SCRATCH, ignore_errors=True)
            times.append(
                (
                    timed(lambda: bare(root)),
                    timed(lambda: ours(root, count)),
                    timed(lambda: ours(root, count)),
                )
            )
        parse, first, second = (statistics.median(column) for column in zip(*times, strict=True))
        print(
            f"{count} cases: bare parse {parse:.2f} s, first {first:.2f} s, second {second:.2f} s"
        )
        print(f"first / bare parse   {first / parse:.2f}   to hold 1.00")
        print(f"second / first       {second / first:.2f}   to hold 0.30")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
