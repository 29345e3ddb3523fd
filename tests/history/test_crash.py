"""A process that dies before any one of its system calls leaves the old files or the new."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from tests.history.support import Repo

MOST_CALLS = 90


def test_a_crash_before_every_system_call_leaves_a_decision_whole(repo: Repo) -> None:
    for number in range(1, MOST_CALLS + 1):
        for name in ("b", "c"):
            repo.write(f"old/{number}/{name}.yaml", "score: 0\n")
    repo.git("add", "old")
    repo.git("commit", "-q", "-m", "Before")
    ran = subprocess.run(
        [sys.executable, "-m", "tests.history.crasher", str(repo.root)],
        cwd=Path(__file__).parents[2],
        env=dict(repo.env),
        capture_output=True,
        text=True,
        check=True,
    )
    crashes = [json.loads(line) for line in ran.stdout.splitlines()]
    assert len(crashes) > 40, "the decision makes many system calls"
    assert crashes[-1][1], "the last one came to its end"
    for number, _, recovered, states in crashes:
        assert recovered, f"crash before call {number}: {ran.stderr}"
        assert len(set(states)) == 1, f"half a decision after a crash before call {number}"
    assert [crash[3][0] for crash in crashes[:2]] == [False, False]
    assert crashes[-2][3] == [True, True, True]
    assert repo.status() == ""
    assert repo.temps() == []
    assert repo.journals() == []
    for number, _, _, states in crashes:
        assert (repo.at_head(f"new/{number}/a.yaml") is not None) == states[0]
