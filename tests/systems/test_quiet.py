from __future__ import annotations

import os
import subprocess

import pytest

from labeltool.systems.quiet import stdout_to_stderr


def test_whatever_prints_meanwhile_prints_to_stderr(capfd: pytest.CaptureFixture[str]) -> None:
    print("before", flush=True)
    with stdout_to_stderr():
        print("from python")
        os.write(1, b"from C\n")
        subprocess.run(["echo", "from a child"])
    print("after", flush=True)
    captured = capfd.readouterr()
    assert captured.out == "before\nafter\n"
    assert {"from python", "from C", "from a child"} <= set(captured.err.splitlines())


def test_stdout_comes_back_after_an_exception(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(RuntimeError), stdout_to_stderr():
        raise RuntimeError
    print("after", flush=True)
    assert capfd.readouterr().out == "after\n"
