"""A rubric changed in the user's own editor: errors go back into it, no text is lost."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from labeltool.cli import common
from labeltool.errors import DataError, LabeltoolError, UsageError
from labeltool.safe_text import visible

if TYPE_CHECKING:
    from labeltool.commands.context import Context
    from labeltool.commands.rubric_amend import Amendment

_TOLD = "#! "
"""What begins a line that is ours in the editor; it is taken out again."""


def edited(ctx: Context, rubric: str, said: Mapping[str, Any]) -> Amendment:
    """The amendment that the editor's text makes. It opens again with the error on top for as long
    as the text is wrong and a person changes it; then the text is kept for the next time.

    Raises UsageError (no editor, nothing changed), and as `propose_text`.
    """
    from labeltool.commands.rubric_amend import propose_text
    from labeltool.store import files, paths
    from labeltool.tui import outside

    path = paths.rubric_path(rubric)
    seen = ctx.workspace.read(path) or b""
    words = outside.command(os.environ)
    kept = ctx.workspace.scratch / f"amend-{rubric}-{files.content_hash(seen)[:12]}.yaml"
    text = _resumed(kept) or seen.decode()
    told = ""
    while True:
        done = outside.edit(words, (told + text).rstrip("\n"), rubric, os.environ)
        now = _bare(done.text)
        try:
            if done.wrong is not None:
                raise UsageError(f"{done.wrong}: nothing is amended")
            amendment = propose_text(ctx, rubric, now.encode(), seen=seen, **said)
        except LabeltoolError as error:
            if now.strip() == seen.decode().strip():
                kept.unlink(missing_ok=True)
                raise UsageError("nothing was changed in the editor: nothing is amended") from error
            again = isinstance(error, DataError | UsageError) and done.wrong is None
            if again and now != text and sys.stdin.isatty():
                text, told = now, _words(error)
                continue
            if now.strip():
                _keep(kept, now)
            raise
        kept.unlink(missing_ok=True)
        return amendment


def _bare(text: str) -> str:
    lines = (line for line in text.split("\n") if not line.startswith(_TOLD.rstrip()))
    return "\n".join(lines).rstrip("\n") + "\n"


def _words(error: LabeltoolError) -> str:
    parts = [visible(str(error)), visible(error.hint or ""), "unchanged, it is kept for later"]
    lines = [line for part in parts for line in part.splitlines() if line]
    return "".join(f"{_TOLD}{line}\n" for line in lines)


def _resumed(kept: Path) -> str | None:
    if not kept.is_file():
        return None
    common.tell("going on from the text that was kept of your last try")
    return kept.read_text(encoding="utf-8")


def _keep(kept: Path, text: str) -> None:
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_text(text, encoding="utf-8")
    common.tell("your text is kept: the same command goes on from it")
