"""The label screen in a pseudo terminal: first paint, key to paint, next case.

To hold: first paint with 2,000 cases <= 2.5x a minimal Textual app; with N cases (default 10,000)
key to paint p95 <= 50 ms, next case p95 <= 100 ms and <= 3x the minimal app's own key to paint.
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

from labeltool.model.case import Case
from labeltool.model.output import Output
from labeltool.store import codec, paths

PATIENCE_S = 60.0
KEYS = 40
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


def minimal(folder: Path) -> tuple[float, float]:
    """(seconds to first paint, p95 milliseconds key to paint) of the smallest app."""
    first: list[float] = []
    for _ in range(3):
        screen = Screen([sys.executable, "-c", MINIMAL], folder)
        screen.wait_for(b"READY")
        first.append(time.perf_counter() - screen.started)
        if len(first) == 3:
            times = [screen.press("x", f"PAINTED {n:05d}".encode()) for n in range(1, KEYS + 1)]
        screen.close()
    return statistics.median(first), p95(times)


def ours(root: Path) -> tuple[float, float, float]:
    """(seconds to first paint, p95 key to paint, p95 next case) of the label screen."""
    first: list[float] = []
    for _ in range(3):
        screen = Screen([sys.executable, "-m", "labeltool", "label", "--system", "v1"], root)
        screen.wait_for(b"TICKET-")
        first.append(time.perf_counter() - screen.started)
        if len(first) < 3:
            screen.close()
    keys: list[float] = []
    cases: list[float] = []
    for n in range(KEYS):
        keys.append(screen.press("1", b"[1]"))
        keys.append(screen.press("2", b"[2]"))
        cases.append(screen.press("\r", f"TICKET-{n + 1:06d}".encode()))
    screen.close()
    return statistics.median(first), p95(keys), p95(cases)


def main(count: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        base_first, base_key = minimal(Path(folder))
        print(f"minimal app      first paint {base_first:.2f} s   key p95 {base_key:.1f} ms")
        for cases in (2_000, count):
            root = Path(folder) / str(cases)
            root.mkdir(exist_ok=True)
            build(root, cases)
            first, key, following = ours(root)
            print(
                f"{cases:6} cases     first paint {first:.2f} s ({first / base_first:.1f}x)   "
                f"key p95 {key:.1f} ms ({key / base_key:.1f}x)   "
                f"next case p95 {following:.1f} ms ({following / base_key:.1f}x)"
            )
    print("to hold: first paint <= 2.5x with 2,000; key <= 50 ms; next case <= 100 ms and <= 3x")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
