"""What is remembered of a run beside its log: the results without the cases."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import ValidationError

from labeltool.errors import StorageError
from labeltool.model.result import CaseResult, Results
from labeltool.runner.log import LOG_NAME
from labeltool.runner.results import document, write_results

if TYPE_CHECKING:
    from labeltool.runner.engine import Finished

HEAD_NAME = "head.json"
LOOKED_AT = 50
"""Folders of runs that are opened to find one, newest first."""


def keep_head(finished: Finished) -> None:
    """A convenience for later: where the disk refuses, the run stands without it."""
    with suppress(StorageError):
        write_results(finished.log.folder / HEAD_NAME, document(finished.results, ()))


def heads(runs: Path) -> Iterator[Results]:
    """What is remembered of the latest runs, newest first, without their cases."""
    try:
        folders = sorted((one for one in runs.iterdir() if one.is_dir()), reverse=True)
    except OSError:
        return
    for folder in folders[:LOOKED_AT]:
        with suppress(OSError, ValidationError):
            yield Results.model_validate_json((folder / HEAD_NAME).read_bytes())


def ended(folder: Path) -> bool:
    """Whether the run of this folder graded all that it was to grade."""
    try:
        head = Results.model_validate_json((folder / HEAD_NAME).read_bytes())
    except (OSError, ValidationError):
        return False
    return not any(tier.not_run for tier in head.tiers.values())


def last_head(runs: Path, dataset: str) -> Results | None:
    """The newest run of a dataset that took whole tiers; None where none is remembered."""
    for head in heads(runs):
        if head.dataset == dataset and head.filters.keys() <= {"tier"}:
            return head
    return None


def cases_of(runs: Path, head: Results) -> Iterator[CaseResult]:
    """The cases of a run that is remembered, as far as its log can be read."""
    try:
        with (runs / head.run_id / LOG_NAME).open("rb") as lines:
            for line in lines:
                with suppress(ValueError, KeyError, TypeError):
                    yield CaseResult.model_validate(json.loads(line)["case"])
    except OSError:
        return
