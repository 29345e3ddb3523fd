"""How long the command line takes to answer, against an interpreter that does nothing.

To hold: --help and --version <= 10x `python -c pass`. Medians, alternating, so that a busy machine
slows both alike. Run: python benchmarks/startup.py [ROUNDS]
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from pathlib import Path

PYTHON = sys.executable
LABELTOOL = str(Path(PYTHON).parent / "labeltool")
COMMANDS = {
    "python -c pass": [PYTHON, "-c", "pass"],
    "labeltool --help": [LABELTOOL, "--help"],
    "labeltool --version": [LABELTOOL, "--version"],
    "labeltool run --help": [LABELTOOL, "run", "--help"],
}


def seconds(command: list[str]) -> float:
    start = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - start


def main(rounds: int) -> None:
    taken: dict[str, list[float]] = {name: [] for name in COMMANDS}
    for _ in range(rounds):
        for name, command in COMMANDS.items():
            taken[name].append(seconds(command))
    medians = {name: statistics.median(times) for name, times in taken.items()}
    base = medians["python -c pass"]
    for name, median in medians.items():
        print(f"{name:22} {median:.3f} s  {median / base:5.1f}x")
    print("to hold: --help and --version <= 10x")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 15)
