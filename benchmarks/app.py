"""The label screen in a pseudo terminal: first paint, key to paint, next case.

To hold: first paint with 2,000 cases <= 2.5x a minimal Textual app; with N cases (default 10,000)
key to paint p95 <= 50 ms, next case p95 <= 100 ms and <= 3x the minimal app's own key to paint.
Both apps run side by side and take their keys in turns, so that what else the machine does falls on
both.
Run: python benchmarks/app.py [N]
"""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import statistics
import struct
import subprocess
import sys
import tempfile
import termios
import time
from pathlib import Path
from typing import NamedTuple

from labeltool.model.case import Case
from labeltool.model.output import Output
from labeltool.store import codec, paths

PATIENCE_S = 60.0
KEYS = 60
STARTS = 3
MINIMAL = """
from textual.app import App
from textual.widgets import Static
class Minimal(App):
    count = 0
    def compose(self):
        yield Static("READY")
    def on_key(self, event):
        self.count += 1
        self.query_one(Static).update(f"PAINTED {self.count:05d}")
Minimal().run()
"""
RUBRIC = """\
name: mail
version: 1
criteria:
  - {id: tone, text: The tone fits., max: 2}
  - {id: facts, text: The facts are there., max: 2}
"""


class Screen:
    """A program in an 80x24 pseudo terminal, read as it paints."""

    def __init__(self, command: list[str], folder: Path):
        self._master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        env = {**os.environ, "TERM": "xterm-256color", "LABELTOOL_ANNOTATOR": "ann"}
        self.started = time.perf_counter()
        self.process = subprocess.Popen(
            command, cwd=folder, env=env, stdin=slave, stdout=slave, stderr=slave,
            start_new_session=True,
        )  # fmt: skip
        os.close(slave)

    def wait_for(self, text: bytes) -> None:
        """Read until `text` is painted; what came before it is forgotten."""
        seen, deadline = b"", time.perf_counter() + PATIENCE_S
        while text not in seen:
            if not select.select([self._master], [], [], deadline - time.perf_counter())[0]:
                raise SystemExit(f"never painted {text!r}; the end of the screen: {seen[-300:]!r}")
            seen = (seen + os.read(self._master, 65536))[-200_000:]

    def settle(self) -> None:
        """Read until nothing has been painted for a tenth of a second."""
        while select.select([self._master], [], [], 0.1)[0]:
            os.read(self._master, 65536)

    def press(self, key: str, painted: bytes) -> float:
        """Milliseconds from the key to the paint of `painted`."""
        self.settle()
        start = time.perf_counter()
        os.write(self._master, key.encode())
        self.wait_for(painted)
        return (time.perf_counter() - start) * 1000

    def close(self) -> None:
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        os.close(self._master)


def build(root: Path, count: int) -> None:
    """`count` cases, each with one recorded output, in one commit."""
    for path in ("rubrics", "datasets/d/cases/golden", "datasets/d/outputs/v1"):
        (root / path).mkdir(parents=True)
    (root / paths.SETTINGS).write_text("dataset: d\n")
    (root / "rubrics/mail.yaml").write_text(RUBRIC)
    (root / "datasets/d/dataset.yaml").write_text("rubric: mail\nsystem: v1\n")
    for n in range(count):
        case = Case(
            id=f"case-{n:06d}",
            tier="golden",
            input=f"TICKET-{n:06d}\n" + "Where is my parcel? It was promised for Monday.\n" * 20,
            expected="On its way; a new date is promised.",
        )
        output = Output(case=case.id, system="v1", output="The parcel is late. " * 8)
        (root / paths.case_path("d", "golden", case.id)).write_bytes(codec.encode(case))
        (root / paths.output_path("d", "v1", case.id)).write_bytes(codec.encode(output))
    (root / ".gitignore").write_text(".labeltool/\n")
    for command in (
        ["init", "-q", "-b", "main"],
        ["config", "user.name", "Ann"],
        ["config", "user.email", "ann@example.org"],
        ["add", "-A"],
        ["commit", "-q", "-m", "start"],
    ):
        subprocess.run(["git", *command], cwd=root, check=True)


def p95(times: list[float]) -> float:
    return statistics.quantiles(times, n=20)[-1]


class Times(NamedTuple):
    """Seconds to first paint, and milliseconds from key to paint, all of them."""

    first: list[float]
    keys: list[float]
    cases: list[float]


def opened(command: list[str], folder: Path, ready: bytes) -> tuple[Screen, float]:
    """An app, and the seconds that its first paint took."""
    screen = Screen([sys.executable, *command], folder)
    screen.wait_for(ready)
    return screen, time.perf_counter() - screen.started


def measure(root: Path) -> tuple[Times, Times]:
    """The minimal app and the label screen, in turns."""
    smallest, ours = Times([], [], []), Times([], [], [])
    commands = (["-c", MINIMAL], ["-m", "labeltool", "label", "--system", "v1"])
    for turn in range(STARTS):
        small, seconds = opened(commands[0], root, b"READY")
        smallest.first.append(seconds)
        screen, seconds = opened(commands[1], root, b"TICKET-")
        ours.first.append(seconds)
        if turn < STARTS - 1:
            small.close()
            screen.close()
    for n in range(KEYS):
        ours.keys.append(screen.press("1", b"[1]"))
        smallest.keys.append(small.press("x", f"PAINTED {2 * n + 1:05d}".encode()))
        ours.keys.append(screen.press("2", b"[2]"))
        smallest.keys.append(small.press("x", f"PAINTED {2 * n + 2:05d}".encode()))
        ours.cases.append(screen.press("\r", f"TICKET-{n + 1:06d}".encode()))
    small.close()
    screen.close()
    return smallest, ours


def main(count: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for cases in sorted({min(2_000, count), count}):
            root = Path(folder) / str(cases)
            root.mkdir()
            build(root, cases)
            tell(cases, *measure(root))
    print("to hold: first paint <= 2.5x with 2,000; key <= 50 ms; next case <= 100 ms and <= 3x")


def tell(cases: int, smallest: Times, ours: Times) -> None:
    first, base = statistics.median(ours.first), statistics.median(smallest.first)
    print(f"{cases:6} cases  first paint {first:.2f} s, minimal {base:.2f} ({first / base:.1f}x)")
    for name, times in (("key", ours.keys), ("next case", ours.cases)):
        for word, of in (("p95", p95), ("median", statistics.median)):
            mine, least = of(times), of(smallest.keys)
            print(f"{'':14}{name} {word} {mine:.1f} ms, minimal {least:.1f} ({mine / least:.1f}x)")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
