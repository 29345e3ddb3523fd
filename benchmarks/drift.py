"""`labeltool drift` over a long log: time beside reading and embedding alone, and peak memory.

    python benchmarks/drift.py [ROWS]

1,000,000 rows of 1 KB against 1,000 cases. To hold: 1.5 times reading and embedding the same rows,
and 1 GiB. The log is made in a temporary folder (1 GB for a million rows); making it is not timed.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

RATIO, MIB = 1.5, 1024
CASES = 1_000
ALONE = """\
import sys
from labeltool.embed import embedded
from labeltool.sources import read
model, chunk, n = embedded(), [], 0
with open(sys.argv[1], "rb") as stream:
    for record in read(stream, "log.jsonl"):
        chunk.append(record.input)
        if len(chunk) == 2048:
            n += len(model.embed(chunk))
            chunk = []
n += len(model.embed(chunk))
print(n)
"""
RUBRIC = "name: short\nversion: 1\ncriteria:\n  - {id: fits, text: It fits., max: 1}\n"


def build(root: Path, rows: int) -> Path:
    """A workspace and its log: forty topics of words of their own, one of them without a case."""
    vocabulary = _vocabulary()
    draws = random.Random(11)
    topics = [draws.sample(vocabulary, 60) for _ in range(40)]
    for folder in ("rubrics", "datasets/big/cases/golden"):
        (root / folder).mkdir(parents=True)
    (root / "labeltool.yaml").write_text("dataset: big\n")
    (root / "rubrics/short.yaml").write_text(RUBRIC)
    (root / "datasets/big/dataset.yaml").write_text("rubric: short\n")
    for n in range(CASES):
        text = _text(draws, topics[n % 39], vocabulary)
        case = {"id": f"c{n}", "tier": "golden", "input": text}
        (root / f"datasets/big/cases/golden/c{n}.yaml").write_text(json.dumps(case))
    log = root / "log.jsonl"
    with log.open("w") as file:
        for n in range(rows):
            row = {
                "id": f"r{n}",
                "time": f"2026-11-{1 + n * 20 // rows:02d}T{n % 24:02d}:{n % 60:02d}:00Z",
                "input": _text(draws, topics[n % 40], vocabulary),
                "output": _text(draws, topics[n % 40], vocabulary, 20),
                "model": f"m-{n * 3 // rows}",
                "finish_reason": "length" if n % 97 == 0 else "stop",
                "feedback": draws.choice((None, None, None, 1, -1)),
            }
            file.write(json.dumps(row) + "\n")
    return log


def _vocabulary() -> list[str]:
    home = Path(__file__).parent.parent / "labeltool/embed/model/vocab.txt"
    return [word for word in home.read_text().split("\n") if word.isalpha() and len(word) > 3]


def _text(draws: random.Random, topic: list[str], vocabulary: list[str], words: int = 95) -> str:
    own = draws.choices(topic, k=words * 2 // 3)
    return " ".join(own + draws.choices(vocabulary, k=words - len(own)))


def measure(command: list[str], cwd: Path) -> tuple[float, float]:
    """(CPU seconds, peak MiB) of a process."""
    process = subprocess.Popen(command, cwd=cwd, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise SystemExit(f"{command[-1]} ended with {process.returncode}")
    # Linux counts in KiB, macOS in bytes.
    mib = usage.ru_maxrss / (1024**2 if sys.platform == "darwin" else 1024)
    return usage.ru_utime + usage.ru_stime, mib


def main() -> None:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with tempfile.TemporaryDirectory() as folder:
        log = build(Path(folder), rows)
        size = log.stat().st_size / rows
        started = time.perf_counter()
        alone, _ = measure([sys.executable, "-c", ALONE, str(log)], Path(folder))
        drift = [sys.executable, "-m", "labeltool", "drift", "log.jsonl", "--json"]
        ours, mib = measure(drift, Path(folder))
        wall = time.perf_counter() - started
    print(f"{rows:,} rows of {size:,.0f} bytes against {CASES:,} cases ({wall:.0f} s for both)")
    print(f"reading and embedding alone  {alone:8.1f} s of CPU  ({rows / alone:,.0f} rows/s)")
    print(f"labeltool drift              {ours:8.1f} s of CPU  ({rows / ours:,.0f} rows/s)")
    print(f"ratio {ours / alone:.2f} (hold: {RATIO:g}); peak {mib:.0f} MiB (hold: {MIB})")


if __name__ == "__main__":
    main()
