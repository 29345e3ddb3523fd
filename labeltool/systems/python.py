"""A function, an async function, or a class with state, in a file of the workspace."""

from __future__ import annotations

import asyncio
import hashlib
import importlib.util
import inspect
import sys
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter
from types import ModuleType
from typing import Any, Literal

from labeltool.errors import DataError, Where
from labeltool.model.case import Case
from labeltool.model.hashing import canonical_json
from labeltool.systems.base import Answer, SystemFailure, answer_of, payload

# What user code may raise at us and must not end the run with.
RAISED = (Exception, SystemExit, KeyboardInterrupt, GeneratorExit, asyncio.CancelledError)
_WANTED_BY = "__labeltool_wanted_by__"


class PythonSystem:
    """Imports the user's code when made. Raises DataError where that fails.

    Called as call(case, **params); a class is made once as Class(**params) and then called with
    each case. Plain functions run in threads, so with a concurrency above 1 they must bear being
    called at once.
    """

    kind: Literal["python"] = "python"
    live: Literal[True] = True

    def __init__(
        self,
        name: str,
        call: str,
        root: Path,
        *,
        params: dict[str, Any],
        timeout_s: float,
        where: Where,
    ):
        self.name = name
        self.timeout_s = timeout_s
        path, _, attribute = call.rpartition(":")
        self._root = root.resolve()
        self._file = _file(self._root, path, where)
        before = set(sys.modules)
        module = _load(self._file, path, where)
        found = _find(module, attribute, path, where)
        try:
            made: Any = found(**params) if inspect.isclass(found) else found
        except RAISED as error:
            raise DataError(
                f"{attribute} could not be made: {self._told(error)}", where=where
            ) from None
        if not callable(made):
            raise DataError(
                f"{attribute} in {path} cannot be called",
                hint="name a function, or a class with __call__(self, case)",
                where=where,
            )
        self._call: Callable[..., Any] = made
        self._params = {} if inspect.isclass(found) else params
        self._is_async = inspect.iscoroutinefunction(self._call) or inspect.iscoroutinefunction(
            getattr(self._call, "__call__", None)  # noqa: B004 - the method, not whether there is one
        )
        self.fingerprint = self._fingerprint(call, params, before)

    def request(self, case: Case) -> None:
        """Code may look at anything, so its answers are not kept."""

    async def answer(self, case: Case) -> Answer:
        started = perf_counter()
        try:
            async with asyncio.timeout(self.timeout_s):
                reply = await self._reply(payload(case))
        except TimeoutError:
            raise SystemFailure("timeout", f"no answer within {self.timeout_s:g} s") from None
        latency = (perf_counter() - started) * 1000
        found = answer_of(reply, text_allowed=True)
        return Answer(found.output, found.context, found.usage, found.finish_reason, latency)

    async def _reply(self, case: dict[str, Any]) -> Any:
        if not self._is_async:
            reply = await in_thread(lambda: self._guarded(case))
        else:
            reply = await self._awaited(self._call(case, **self._params))
        return await self._awaited(reply) if inspect.isawaitable(reply) else reply

    def _guarded(self, case: dict[str, Any]) -> Any:
        try:
            return self._call(case, **self._params)
        except RAISED as error:
            raise SystemFailure("system", self._told(error)) from None

    async def _awaited(self, reply: Any) -> Any:
        try:
            return await reply
        except RAISED as error:
            task = asyncio.current_task()
            if isinstance(error, asyncio.CancelledError) and task is not None and task.cancelling():
                raise
            raise SystemFailure("system", self._told(error)) from None

    async def close(self) -> None:
        """Calls the object's own `close` or `aclose`, where it has one; what that raises is
        not the run's.
        """
        closer = getattr(self._call, "aclose", None) or getattr(self._call, "close", None)
        if closer is None or inspect.isfunction(self._call):
            return
        try:
            result = closer()
            if inspect.isawaitable(result):
                await result
        except RAISED:
            return

    def _told(self, error: BaseException) -> str:
        """The last line of the traceback and the deepest line of the workspace's own code."""
        said = "".join(traceback.format_exception_only(error)).strip().splitlines()
        message = said[-1] if said else type(error).__name__
        for frame in reversed(traceback.extract_tb(error.__traceback__)):
            path = Path(frame.filename)
            if path.is_relative_to(self._root):
                return f"{message} ({path.relative_to(self._root).as_posix()}:{frame.lineno})"
        return message

    def _fingerprint(self, call: str, params: dict[str, Any], before: set[str]) -> str:
        """Over the file, the workspace's modules that it imported, the call and its params."""
        digest = hashlib.sha256(canonical_json([call, params]).encode())
        files = {self._file}
        for name, module in list(sys.modules.items()):
            origin = getattr(module, "__file__", None)
            wanted_by: frozenset[Path] = getattr(module, _WANTED_BY, frozenset())
            if origin is None or (name in before and self._file not in wanted_by):
                continue
            file = Path(origin).resolve()
            # What is installed (a .venv in the workspace) may have been imported by anybody before.
            if file.is_relative_to(self._root) and not file.is_relative_to(sys.prefix):
                files.add(file)
                # Made once more in this process, the system imports nothing anew.
                setattr(module, _WANTED_BY, wanted_by | {self._file})
        for file in sorted(files):
            digest.update(f"\0{file.relative_to(self._root).as_posix()}\0".encode())
            digest.update(file.read_bytes())
        own = getattr(self._call, "fingerprint", None)
        if isinstance(own, str):
            digest.update(own.encode())
        return f"python:{digest.hexdigest()[:12]}"


def _file(root: Path, path: str, where: Where) -> Path:
    if not path.endswith(".py"):
        raise DataError(
            f"{path!r} is no Python file", hint="write call: path/to/file.py:function", where=where
        )
    file = (root / path).resolve()
    if not file.is_relative_to(root):
        raise DataError(
            f"{path} lies outside the workspace", hint="move the file into it", where=where
        )
    if not file.is_file():
        raise DataError(
            f"{path} does not exist", hint="it is relative to labeltool.yaml", where=where
        )
    return file


@contextmanager
def _siblings_importable(folder: Path) -> Iterator[None]:
    """The file may import what lies beside it; last on the path, so that it shadows nothing."""
    before = list(sys.path)
    sys.path.append(str(folder))
    try:
        yield
    finally:
        sys.path[:] = before


def _load(file: Path, path: str, where: Where) -> ModuleType:
    name = "labeltool_system_" + hashlib.sha256(str(file).encode()).hexdigest()[:12]
    spec = importlib.util.spec_from_file_location(name, file)
    if spec is None or spec.loader is None:
        raise DataError(f"{path} cannot be imported", where=where)
    module = importlib.util.module_from_spec(spec)
    # Dataclasses and pickling look their module up by name.
    sys.modules[name] = module
    try:
        with _siblings_importable(file.parent):
            spec.loader.exec_module(module)
    except RAISED as error:
        sys.modules.pop(name, None)
        frames = [f for f in traceback.extract_tb(error.__traceback__) if f.filename == str(file)]
        line = (
            error.lineno
            if isinstance(error, SyntaxError)
            else frames[-1].lineno
            if frames
            else None
        )
        said = "".join(traceback.format_exception_only(error)).strip().splitlines()[-1]
        raise DataError(
            f"cannot be imported: {said}",
            hint=f"mend it, or change {where}",
            where=Where(path, line),
        ) from None
    return module


def _find(module: ModuleType, attribute: str, path: str, where: Where) -> Callable[..., Any]:
    found: Any = module
    for part in attribute.split("."):
        if not hasattr(found, part):
            known = ", ".join(
                n for n in vars(module) if not n.startswith("_") and callable(vars(module)[n])
            )
            raise DataError(
                f"{path} has no {attribute}",
                hint=f"it has: {known}" if known else None,
                where=where,
            )
        found = getattr(found, part)
    return found  # type: ignore[no-any-return]


async def in_thread(call: Callable[[], Any]) -> Any:
    """`call` in a thread of its own that dies with the process: a hung one holds up nothing at
    the end.
    """
    loop = asyncio.get_running_loop()
    future: asyncio.Future[Any] = loop.create_future()

    def settle(value: Any, error: BaseException | None) -> None:
        if future.done():
            return
        if error is None:
            future.set_result(value)
        else:
            future.set_exception(error)

    def work() -> None:
        try:
            outcome: tuple[Any, BaseException | None] = (call(), None)
        except BaseException as error:  # noqa: BLE001 - handed over whole to whoever awaits
            outcome = (None, error)
        try:
            loop.call_soon_threadsafe(settle, *outcome)
        except RuntimeError:
            return  # The run is over and its loop closed.

    threading.Thread(target=work, daemon=True, name="labeltool-system").start()
    return await future
