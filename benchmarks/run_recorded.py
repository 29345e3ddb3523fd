"""Cases a second and peak memory of a run over recorded outputs with checks only.

    python benchmarks/run_recorded.py [CASES]

Holds 2,000 cases a second a core and 150 MiB above a run of one case. The workspace is made in a
temporary folder; making it is not timed.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

RUBRIC = """\
name: short
version: 1
criteria:
  - {id: length, text: Under 80 words., max: 1, check: {kind: max_words, value: 79}}
"""
CASE = """\
id: {id}
tier: golden
input: |
  Customer: I was charged twice for order {n} and nobody answers my mails. I want it back today.
  Agent: I can see both charges. I have opened a dispute; the bank needs 3 to 5 days.
expected: Charged twice for order {n}; a dispute is open, the bank needs 3 to 5 days.
checks:
  - {{kind: contains, value: "order {n}"}}
  - {{kind: not_contains, value: refund issued}}
tags: [refund]
"""
OUTPUT = """\
case: {id}
system: old
output: The customer was charged twice for order {n}. The agent opened a dispute at the bank.
"""


def build(root: Path, cases: int) -> None:
    for folder in ("rubrics", "datasets/big/cases/golden", "datasets/big/outputs/old"):
        (root / folder).mkdir(parents=True)
    (root / "labeltool.yaml").write_text("dataset: big\nsystems: {old: {kind: recorded}}\n")
    (root / "rubrics/short.yaml").write_text(RUBRIC)
    (root / "datasets/big/dataset.yaml").write_text(
        "rubric: short\nsystem: old\ngates: {golden: {threshold: 0.9}}\n"
    )
    for n in range(cases):
        id = f"c{n:06d}"
        (root / f"datasets/big/cases/golden/{id}.yaml").write_text(CASE.format(id=id, n=n))
        (root / f"datasets/big/outputs/old/{id}.yaml").write_text(OUTPUT.format(id=id, n=n))


def measure(cases: int) -> tuple[float, float, float]:
    """(seconds, CPU seconds, peak MiB) of `labeltool run` over `cases`, in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        build(Path(folder), cases)
        started = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, "-m", "labeltool", "run"], cwd=folder, stdout=subprocess.DEVNULL
        )
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        seconds = time.perf_counter() - started
        if process.returncode != 0:
            raise SystemExit(f"the run ended with {process.returncode}")
    # Linux counts in KiB, macOS in bytes.
    mib = usage.ru_maxrss / (1024**2 if sys.platform == "darwin" else 1024)
    return seconds, usage.ru_utime + usage.ru_stime, mib


def main() -> None:
    cases = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    empty_s, empty_cpu, empty_mib = measure(1)
    seconds, cpu, mib = measure(cases)
    print(f"{cases:,} recorded cases, checks only (a run of one case: {empty_s:.2f} s)")
    print(f"{cases / (cpu - empty_cpu):,.0f} cases/s of one core's time (hold: 2,000)")
    print(f"{cases / (seconds - empty_s):,.0f} cases/s by the clock")
    print(f"{mib - empty_mib:.0f} MiB above a run of one case, {empty_mib:.0f} (hold: 150)")


if __name__ == "__main__":
    main()
