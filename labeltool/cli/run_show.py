"""What a finished run, or a merge of shards, shows and writes beside its results."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from labeltool.cli import common

if TYPE_CHECKING:
    from rich.console import Console

    from labeltool.commands.context import Context
    from labeltool.commands.merge import Merged
    from labeltool.commands.run import Finished


@dataclass(frozen=True)
class Shown:
    """`document`: the results themselves go to stdout, and what is for people beside them.
    `out`: what the user calls the results file. `dataset`: the one that need not be said.
    """

    env: Mapping[str, str]
    root: Path
    dataset: str | None
    document: bool
    out: str
    junit: Path | None = None
    summary: Path | None = None
    html: Path | None = None

    def show(self, finished: Finished | Merged) -> None:
        from labeltool.cli.tables import draw_run
        from labeltool.report.highlights import Highlights
        from labeltool.report.markdown import markdown, run_link

        highlights = Highlights.of(finished.results, finished.notable())
        dataset = self.dataset
        if self.junit is not None:
            from labeltool.report.junit import junit

            _write(self.junit, junit(finished.results, finished.cases()))
        if self.html is not None:
            from labeltool.report.html import html
            from labeltool.runner.results import write_results

            write_results(self.html, html(finished.results, finished.cases(), dataset=dataset))
        step = self.env.get("GITHUB_STEP_SUMMARY")
        if self.summary is not None or step:
            link = run_link(self.env)
            body = markdown(finished.results, highlights, dataset=dataset, link=link).encode()
            if self.summary is not None:
                _write(self.summary, body)
            if step:
                _append(Path(step), body)
        console, where = self._console(), self._where()
        with console.capture() as drawn:
            draw_run(console, finished.results, highlights, dataset=dataset, where=where)
        if self.document:
            _to_stdout(finished.document())
        self.print(drawn.get())
        if self.env.get("GITHUB_ACTIONS") == "true":
            self._annotate(finished)

    def _annotate(self, finished: Finished | Merged) -> None:
        from labeltool.commands.report import case_paths
        from labeltool.report.annotations import annotated

        results = finished.results
        for line in annotated(
            results, finished.notable(), case_paths(results, self.root, self.env)
        ):
            self.print(f"{line}\n")

    def print(self, text: str) -> None:
        """For people: on stdout, or beside the document that has it."""
        if self.document:
            sys.stderr.write(text)
        else:
            _to_stdout([text.encode(sys.stdout.encoding or "utf-8", "replace")])

    def _console(self) -> Console:
        return common.err_console() if self.document else common.console()

    def _where(self) -> str:
        return "the results" if self.out == "-" else self.out


def _to_stdout(pieces: Iterable[bytes]) -> None:
    """A reader that goes away (`| head`) changes nothing about the verdict."""
    try:
        sys.stdout.flush()
        sys.stdout.buffer.writelines(pieces)
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _write(path: Path, data: bytes) -> None:
    from labeltool.store.atomic import atomic_write

    atomic_write(path, data)


def _append(path: Path, data: bytes) -> None:
    """The step summary is shared by all commands of a step."""
    from labeltool.errors import StorageError, Where

    try:
        with path.open("ab") as stream:
            stream.write(data)
    except OSError as error:
        raise StorageError(
            f"GITHUB_STEP_SUMMARY cannot be written: {error.strerror}", where=Where(str(path))
        ) from error


def default_dataset(ctx: Context) -> str | None:
    """The dataset that a command line need not name."""
    names = ctx.workspace.dataset_names
    return ctx.workspace.settings.dataset or (names[0] if len(names) == 1 else None)
