from __future__ import annotations

import asyncio
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from labeltool.errors import DataError, Where
from labeltool.model.case import Case
from labeltool.systems.base import SystemFailure
from labeltool.systems.python import PythonSystem

CASE = Case.model_validate({"id": "c1", "tier": "golden", "input": "hello"})


def system(
    root: Path, code: str, name: str = "answer", *, timeout_s: float = 30, **params: Any
) -> PythonSystem:
    (root / "sub").mkdir(exist_ok=True)
    (root / "sub/app.py").write_text(code)
    return PythonSystem(
        "app",
        f"sub/app.py:{name}",
        root,
        params=params,
        timeout_s=timeout_s,
        where=Where("labeltool.yaml", field="systems.app.call"),
    )


async def test_a_function_is_asked_off_the_event_loop(tmp_path: Path) -> None:
    code = "import threading\ndef answer(case): return threading.current_thread().name"
    answer = await system(tmp_path, code).answer(CASE)
    assert answer.output != threading.main_thread().name
    assert answer.latency_ms is not None


async def test_an_async_function_is_awaited_and_takes_params(tmp_path: Path) -> None:
    code = "async def answer(case, loud): return {'output': case['input'].upper() + loud}"
    assert (await system(tmp_path, code, loud="!").answer(CASE)).output == "HELLO!"


async def test_a_class_is_made_once_keeps_its_state_and_is_closed(tmp_path: Path) -> None:
    code = """
class App:
    def __init__(self, start): self.n = start
    def __call__(self, case):
        self.n += 1
        return str(self.n)
    async def aclose(self): self.n = -1
"""
    app = system(tmp_path, code, "App", start=10)
    assert [(await app.answer(CASE)).output for _ in range(2)] == ["11", "12"]
    await app.close()
    assert (await app.answer(CASE)).output == "0"


@pytest.mark.parametrize(
    ("raises", "says"),
    [
        ("raise KeyError('order')", "KeyError: 'order' (sub/app.py:3)"),
        ("raise SystemExit(3)", "SystemExit: 3 (sub/app.py:3)"),
        ("import sys; sys.exit()", "SystemExit (sub/app.py:3)"),
        ("raise KeyboardInterrupt", "KeyboardInterrupt (sub/app.py:3)"),
        ("raise TimeoutError('api')", "TimeoutError: api (sub/app.py:3)"),
        ("raise StopIteration", "StopIteration"),
        ("import json; json.loads('{')", "(sub/app.py:3)"),
    ],
)
@pytest.mark.parametrize("kind", ["def", "async def"])
async def test_what_user_code_raises_is_an_error_with_its_line(
    tmp_path: Path, raises: str, says: str, kind: str
) -> None:
    with pytest.raises(SystemFailure) as caught:
        await system(tmp_path, f"\n{kind} answer(case):\n    {raises}\n").answer(CASE)
    assert caught.value.kind == "system"
    assert says in caught.value.message


async def test_endless_recursion_is_an_error_too(tmp_path: Path) -> None:
    with pytest.raises(SystemFailure, match="RecursionError"):
        await system(tmp_path, "def answer(case): return answer(case)").answer(CASE)


async def test_a_cancellation_of_its_own_making_is_its_own_error(tmp_path: Path) -> None:
    code = "import asyncio\nasync def answer(case): raise asyncio.CancelledError('mine')"
    with pytest.raises(SystemFailure, match="CancelledError"):
        await system(tmp_path, code).answer(CASE)


@pytest.mark.parametrize(
    "code",
    [
        "import asyncio\nasync def answer(case): await asyncio.Event().wait()",
        "import threading\ndef answer(case): threading.Event().wait()",
    ],
)
async def test_a_call_that_never_returns_ends_at_its_deadline(tmp_path: Path, code: str) -> None:
    with pytest.raises(SystemFailure, match=r"within 0\.05 s") as caught:
        await system(tmp_path, code, timeout_s=0.05).answer(CASE)
    assert caught.value.kind == "timeout"


async def test_a_run_that_ends_meanwhile_cancels_it(tmp_path: Path) -> None:
    code = "import asyncio\nasync def answer(case): await asyncio.Event().wait()"
    task = asyncio.create_task(system(tmp_path, code).answer(CASE))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_it_may_import_what_lies_beside_it_and_the_path_stays_clean(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub/beside_it_7.py").write_text("WORD = 'beside'")
    (tmp_path / "sub/json.py").write_text("raise RuntimeError('shadows the standard library')")
    before = list(sys.path)
    code = "import json\nfrom beside_it_7 import WORD\ndef answer(case): return json.dumps(WORD)"
    assert (await system(tmp_path, code).answer(CASE)).output == '"beside"'
    assert sys.path == before


def test_the_fingerprint_is_of_the_code_its_helpers_and_its_params(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    helper = tmp_path / "sub/helper_of_fingerprints.py"
    code = "import helper_of_fingerprints\ndef answer(case, a=1): return ''"

    def fingerprint(code: str, **params: Any) -> str:
        sys.modules.pop("helper_of_fingerprints", None)
        return system(tmp_path, code, **params).fingerprint

    helper.write_text("A = 1")
    first = fingerprint(code)
    assert fingerprint(code) == first
    assert fingerprint(code + "\n# more") != first
    assert fingerprint(code, a=2) != first
    helper.write_text("A = 2")
    assert fingerprint(code) != first


def test_made_twice_in_one_process_it_has_the_same_fingerprint(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub/helper_of_two.py").write_text("A = 1")
    code = "from helper_of_two import A\ndef answer(case): return ''"
    assert system(tmp_path, code).fingerprint == system(tmp_path, code).fingerprint


@pytest.mark.parametrize(
    ("code", "name", "says"),
    [
        ("def answr(case): return ''", "answer", "has no answer"),
        ("answer = 3", "answer", "cannot be called"),
        ("import no_such_module_at_all", "answer", "No module named"),
        ("def answer(case:", "answer", "SyntaxError"),
        ("raise SystemExit(1)", "answer", "SystemExit"),
        ("class App:\n    def __init__(self): raise ValueError('no key')", "App", "no key"),
    ],
)
def test_code_that_cannot_be_used_is_bad_settings(
    tmp_path: Path, code: str, name: str, says: str
) -> None:
    with pytest.raises(DataError, match=says):
        system(tmp_path, code, name)


@pytest.mark.parametrize("path", ["gone.py", "../outside.py", "README.md"])
def test_a_file_that_is_not_there_or_not_ours_is_refused(tmp_path: Path, path: str) -> None:
    root = tmp_path / "root"
    root.mkdir()
    (tmp_path / "outside.py").write_text("def answer(case): return ''")
    with pytest.raises(DataError):
        PythonSystem("app", f"{path}:answer", root, params={}, timeout_s=1, where=Where("x"))
