"""A text in the user's own editor. The terminal must be free while it runs."""

from __future__ import annotations

import shlex
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from labeltool.errors import UsageError


class Edited(NamedTuple):
    """`wrong`: why the text must not simply be taken; it is kept all the same."""

    text: str
    wrong: str | None = None


def command(env: Mapping[str, str]) -> list[str]:
    """$VISUAL, else $EDITOR, as words. Raises UsageError where neither can be run."""
    said = env.get("VISUAL") or env.get("EDITOR") or ""
    try:
        words = shlex.split(said)
    except ValueError:
        raise UsageError(f"the editor {said!r} cannot be read: a quote is open") from None
    if not words:
        raise UsageError("neither VISUAL nor EDITOR names an editor", hint="e edits it here")
    return words


def edit(words: list[str], text: str, name: str, env: Mapping[str, str]) -> Edited:
    """Run the editor over `text` until it ends. Raises UsageError where it cannot be started."""
    with tempfile.TemporaryDirectory(prefix="labeltool-") as folder:
        path = Path(folder) / f"{name}.txt"
        path.write_bytes(f"{text}\n".encode())
        with _interrupts_are_the_editors():
            try:
                done = subprocess.run([*words, str(path)], env=dict(env), check=False)
            except OSError as error:
                why = error.strerror or str(error)
                hint = "VISUAL and EDITOR name the editor; e edits it here"
                raise UsageError(f"{words[0]} cannot be run: {why}", hint=hint) from None
        return _read(path, done.returncode, words[0])


def _read(path: Path, code: int, name: str) -> Edited:
    try:
        data = path.read_bytes()
    except OSError:
        return Edited("", f"{name} left no file behind")
    text = data.decode("utf-8", "replace").replace("\r\n", "\n").rstrip("\n")
    if code != 0:
        return Edited(text, f"{name} ended with {code}")
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return Edited(text, f"what {name} wrote is not UTF-8")
    return Edited(text)


@contextmanager
def _interrupts_are_the_editors() -> Iterator[None]:
    """ctrl+c goes to every process of the terminal; it is meant for the editor, not for us."""
    before = signal.signal(signal.SIGINT, lambda number, frame: None)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
