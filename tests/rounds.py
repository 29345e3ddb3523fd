"""A repo with many short outputs, and two people who label them blindly."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from labeltool.commands.context import Context
from labeltool.commands.label import say_label
from labeltool.model.round import Round
from labeltool.store import codec
from tests.small_repo import Repo

SETTINGS = "dataset: mails\nannotators: {ann: [ann@example.org], bob: [], cem: []}\n"
RUBRIC = """\
name: mail
version: 1
criteria:
  - {id: tone, text: The tone fits., max: 2}
"""
DATASET = "rubric: mail\nsystem: v1\n"

Opinion = Callable[[int], int]
"""The tone that somebody gives the n-th output of a round."""


def make(root: Path, outputs: int = 24, files: dict[str, str] | None = None) -> Repo:
    written = {
        "labeltool.yaml": SETTINGS,
        "rubrics/mail.yaml": RUBRIC,
        "datasets/mails/dataset.yaml": DATASET,
    }
    for number in range(outputs):
        case = f"case-{number:02}"
        written |= {
            f"datasets/mails/cases/golden/{case}.yaml": f"id: {case}\ntier: golden\ninput: In.\n",
            f"datasets/mails/outputs/v1/{case}.yaml": (
                f"case: {case}\nsystem: v1\noutput: Answer {number}.\n"
            ),
        }
    repo = Repo(root, written | (files or {}))
    repo.git("init", "-q")
    repo.git("add", ".")
    repo.git("commit", "-qm", "start")
    return repo


def read_round(repo: Repo, number: int) -> Round:
    path = f"datasets/mails/rounds/{number}.yaml"
    return codec.decode((repo.root / path).read_bytes(), Round, path)


def label_all(ctx: Context, cases: Iterable[str], opinion: Opinion) -> None:
    """One person's labels, each its own commit, without the app."""
    for number, case in enumerate(cases):
        say_label(ctx, case, [f"tone={opinion(number)}"])


def write_labels(repo: Repo, who: str, number: int, opinion: Opinion, rubric: str) -> None:
    """The same in one commit, where a test is about something else."""
    for place, output in enumerate(read_round(repo, number).outputs):
        repo.write(
            f"datasets/mails/labels/{who}/v1/{output.case}.yaml",
            f"case: {output.case}\nsystem: v1\nannotator: {who}\nrubric: {rubric}\n"
            f"output_hash: '{output.output_hash}'\nscores: {{tone: {opinion(place)}}}\n"
            f"round: {number}\nlabeled_at: '2026-11-23T10:00:00Z'\nseconds: 30\n",
        )
    repo.git("add", ".")
    repo.git("commit", "-qm", f"labels of {who}")
