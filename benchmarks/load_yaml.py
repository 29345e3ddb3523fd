"""Loads N case files (10,000 unless told) and prints the ratio to a bare PyYAML CSafeLoader.

    python benchmarks/load_yaml.py [N]

Both read and parse the same files, by turns, in one process; the ratio is of the medians. To hold:
reading, parsing and validating together at most 1.0.
"""

from __future__ import annotations

import gc
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

from labeltool.store.yaml import dump, parse

ROUNDS = 5
_PROSE = (
    "order refund kettle parcel delivery invoice account card customer agent please thanks "
    "waiting twice nobody answers money before Friday promised sorry look into late broken "
    "Größe naïve 44812 129.90 https://shop.example/returns (again) said: #4"
)
_WORDS = _PROSE.split()


def main(count: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        paths = _write_cases(Path(folder), count)
        loaders = {"labeltool": _labeltool, "CSafeLoader": _pyyaml}
        times: dict[str, list[float]] = {name: [] for name in loaders}
        for _ in range(ROUNDS):
            for name, load in loaders.items():
                times[name].append(_timed(load, paths))
    medians = {name: statistics.median(taken) for name, taken in times.items()}
    for name, median in medians.items():
        print(f"{name:12} {median:7.3f} s  {median / count * 1e6:6.1f} us a file")
    print(f"ratio        {medians['labeltool'] / medians['CSafeLoader']:7.3f}")


def _timed(load: Callable[[bytes, str], Any], paths: list[str]) -> float:
    gc.collect()
    start = time.perf_counter()
    loaded = []
    for path in paths:
        with open(path, "rb") as file:  # noqa: PTH123 - the same plain door for both
            loaded.append(load(file.read(), path))
    return time.perf_counter() - start


def _labeltool(data: bytes, path: str) -> Any:
    return parse(data, path=path)


def _pyyaml(data: bytes, path: str) -> Any:
    return yaml.load(data, yaml.CSafeLoader)


def _write_cases(folder: Path, count: int) -> list[str]:
    rng = random.Random(7)
    paths = []
    for number in range(count):
        path = folder / f"{number:05}.yaml"
        path.write_bytes(dump(_case(rng, number)))
        paths.append(str(path))
    return paths


def _case(rng: random.Random, number: int) -> dict[str, Any]:
    turns = (f"{who}: {_prose(rng, 22)}" for who in ("Customer", "Agent") * rng.randint(1, 4))
    return {
        "id": f"{number:05}-{rng.choice(('late-refund', 'wrong-parcel', 'angry'))}",
        "tier": "golden",
        "input": "\n".join(turns) + "\n",
        "expected": f"{_prose(rng, 20)}.\nTo do: {_prose(rng, 12)}.\n",
        "context": [{"id": "policy", "text": _prose(rng, 30)}] if number % 4 == 0 else [],
        "checks": [{"kind": "max_words", "value": 79}],
        "rubric_version": 2,
        "tags": rng.sample(_WORDS[:12], 2),
        "verified": {"by": "alice", "at": "2026-11-20T10:00:00Z", "hash": "3f2c9a1be0d4"},
        "source": {"kind": "hand"},
    }


def _prose(rng: random.Random, words: int) -> str:
    return " ".join(rng.choices(_WORDS, k=words))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
