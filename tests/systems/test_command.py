from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

import pytest

from labeltool.errors import DataError, Where
from labeltool.model.case import Case
from labeltool.systems.base import SystemFailure
from labeltool.systems.command import CommandSystem

CASE = Case.model_validate({"id": "c1", "tier": "golden", "input": "hello", "expected": "secret"})
WHERE = Where("labeltool.yaml", field="systems.app.run")


def system(
    root: Path, code: str, *, timeout_s: float = 30, env_names: tuple[str, ...] = ()
) -> CommandSystem:
    script = root / "app"
    script.write_text(f"#!{sys.executable}\nimport json, os, sys, time\n{code}\n")
    script.chmod(0o755)
    return CommandSystem(
        "app",
        ["./app", "--fast"],
        root,
        env={**os.environ, "MY_KEY": "k1", "OTHER_KEY": "k2"},
        env_names=env_names,
        timeout_s=timeout_s,
        where=WHERE,
    )


async def test_it_reads_the_case_and_answers_in_json(tmp_path: Path) -> None:
    code = (
        "said = json.dumps([json.load(sys.stdin), os.getcwd()])\n"
        "print(json.dumps({'output': said}))"
    )
    answer = await system(tmp_path, code).answer(CASE)
    assert '"input": "hello"' in answer.output
    assert "secret" not in answer.output
    assert str(tmp_path) in answer.output
    assert answer.latency_ms is not None


async def test_a_program_need_not_read_what_it_is_told(tmp_path: Path) -> None:
    answer = await system(tmp_path, 'print(\'{"output": "x"}\')').answer(CASE)
    assert answer.output == "x"


@pytest.mark.parametrize(
    ("code", "kind", "says"),
    [
        ("sys.exit('no model\\nloaded')", "system", "exit 1: no model | loaded"),
        ("os.kill(os.getpid(), 9)", "system", "killed by SIGKILL"),
        ("print('hello')", "bad_output", "no JSON"),
        ("print('{\"output\": NaN}')", "bad_output", "NaN"),
        ("print('\"text\"')", "bad_output", "JSON object"),
        ("sys.stdout.buffer.write(b'\\xff')", "bad_output", "no JSON"),
        ("pass", "bad_output", "no JSON"),
    ],
)
async def test_a_program_that_fails_is_told_by_its_last_words(
    tmp_path: Path, code: str, kind: str, says: str
) -> None:
    with pytest.raises(SystemFailure) as caught:
        await system(tmp_path, code).answer(CASE)
    assert caught.value.kind == kind
    assert says in caught.value.message


async def test_at_the_deadline_the_whole_process_group_is_killed(tmp_path: Path) -> None:
    pids = tmp_path / "pids"
    code = (
        "child = os.fork()\n"
        f"open({str(pids)!r}, 'a').write(f'{{os.getpid()}}\\n')\n"
        "print('still here', file=sys.stderr, flush=True)\n"
        "time.sleep(600)"
    )
    with pytest.raises(SystemFailure, match="no answer within") as caught:
        await system(tmp_path, code, timeout_s=1.5).answer(CASE)
    assert caught.value.kind == "timeout"
    for pid in map(int, pids.read_text().split()):
        for _ in range(500):
            if not _alive(pid):
                break
            await asyncio.sleep(0.01)
        assert not _alive(pid)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    stat = Path(f"/proc/{pid}/stat")
    return not (stat.exists() and stat.read_text().rpartition(")")[2].split()[0] == "Z")


async def test_only_named_variables_reach_it_where_some_are_named(tmp_path: Path) -> None:
    code = "print(json.dumps({'output': ' '.join(sorted(k for k in os.environ if 'KEY' in k))}))"
    assert "OTHER_KEY" in (await system(tmp_path, code).answer(CASE)).output
    named = system(tmp_path, code, env_names=("MY_KEY",))
    assert (await named.answer(CASE)).output == "MY_KEY"


def test_its_fingerprint_is_of_the_command_and_the_files_it_names(tmp_path: Path) -> None:
    first = system(tmp_path, "pass").fingerprint
    assert system(tmp_path, "pass").fingerprint == first
    assert system(tmp_path, "print(1)").fingerprint != first


def test_a_program_that_is_not_there_is_bad_settings(tmp_path: Path) -> None:
    (tmp_path / "plain").write_text("no program")
    for name in ("./plain", "./gone", "no-such-program-7"):
        with pytest.raises(DataError, match="not there or not executable"):
            CommandSystem(
                "app", [name], tmp_path, env=os.environ, env_names=(), timeout_s=1, where=WHERE
            )
