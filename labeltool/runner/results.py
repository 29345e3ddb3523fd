"""From the sums of a run to the results document, and onto the disk case by case."""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from labeltool.errors import StorageError, Where
from labeltool.model.base import Tier
from labeltool.model.dataset import Gate
from labeltool.model.result import Correction, CriterionRef, Results, TierResult
from labeltool.model.rubric import Rubric
from labeltool.rules.corrected import corrected
from labeltool.rules.gate import NOT_ASKED, Counts, Ruling, judge_tier, lost
from labeltool.runner.tally import TierTally
from labeltool.safe_text import for_json
from labeltool.store import steps


def tier_result(
    tally: TierTally,
    counts: Counts,
    gate: Gate | None,
    *,
    skipped: int,
    unverified: int,
    broken: Sequence[str] = (),
    baseline: str = "",
    correction: Correction = NOT_ASKED,
) -> tuple[TierResult, Ruling | None]:
    """One tier's part of the document, and the ruling where it has a gate.

    broken: cases that passed at the baseline and fail here, in the tier where that fails the run.
    correction: of the judge's errors, in this tier.
    """
    ruling = None if gate is None else judge_tier(gate, counts, correction)
    if broken:
        ruling = lost(broken, baseline)
    true = corrected(correction, counts.passed, counts.passed + counts.failed, counts.cases)
    result = TierResult(
        cases=counts.cases,
        passed=counts.passed,
        failed=counts.failed,
        errors=counts.errors,
        open=tally.open,
        open_passed=tally.open_passed,
        skipped=skipped,
        not_run=counts.not_run,
        unverified=unverified,
        flaky=tuple(sorted(tally.flaky)),
        pass_rate=counts.pass_rate,
        repeat_pass_rate=tally.repeat_pass_rate,
        interval=counts.interval,
        corrected_pass_rate=true.rate,
        corrected_interval=true.interval,
        corrected_why=true.why,
        mean_score=counts.mean_score,
        metric=gate.metric if gate else None,
        threshold=gate.threshold if gate else None,
        rule=gate.rule if gate else None,
        verdict=ruling.verdict if ruling else None,
        why=ruling.why if ruling else _ungated(counts),
    )
    return result, ruling


def _ungated(counts: Counts) -> str:
    why = "no gate: reported only"
    return why if counts.cases else f"{why}; no case that counts"


def criteria_of(rubric: Rubric) -> dict[str, CriterionRef]:
    return {
        c.id: CriterionRef(
            text=c.text,
            min=c.min,
            max=c.max,
            pass_at=c.met_at,
            weight=c.weight,
            required=c.required,
            grader=c.grader,
        )
        for c in rubric.criteria
    }


def run_why(tiers: Mapping[Tier, TierResult], rulings: Mapping[Tier, Ruling], verdict: str) -> str:
    """The sentence that decides: of the first tier with the run's verdict, else of every gate."""
    if not rulings:
        return "no tier has a gate: nothing was gated"
    if verdict == "pass":
        return "; ".join(f"{tier} {rulings[tier].why}" for tier in tiers if tier in rulings)
    return next(f"{tier} {one.why}" for tier, one in rulings.items() if one.verdict == verdict)


def document(head: Results, cases: Iterable[bytes]) -> Iterator[bytes]:
    """The results file in pieces: a field a line, a case a line. `head.cases` is not used."""
    fields = json.loads(head.model_dump_json(by_alias=True, exclude={"cases"}))
    yield b"{\n"
    for name, value in fields.items():
        text = for_json(json.dumps(value, ensure_ascii=False, allow_nan=False))
        yield f" {json.dumps(name)}: {text},\n".encode()
    yield b' "cases": ['
    separator = b"\n  "
    for case in cases:
        yield separator + _shown(case)
        separator = b",\n  "
    yield b"\n ]\n}\n"


def _shown(case: bytes) -> bytes:
    """A case's line as a terminal or a CI log may show it; most are plain and stay as they are."""
    if case.isascii() and b"\x7f" not in case:
        return case
    return for_json(case.decode("utf-8", "surrogatepass")).encode()


def write_results(path: Path, pieces: Iterable[bytes]) -> None:
    """Whole or not at all, by temp and rename; a device or a fifo is written in place. Raises
    StorageError.
    """
    try:
        target = path.resolve()
        if target.is_dir():
            raise IsADirectoryError(errno.EISDIR, "it is a folder")
        if path.exists() and not path.is_file():  # of the path: /dev/stdout resolves to no name
            with path.open("wb") as stream:
                stream.writelines(pieces)
            return
        temp = target.parent / steps.temp_name(steps.new_token())
        try:
            with temp.open("xb") as stream:
                _synced(stream, pieces)
            temp.replace(target)
        except BaseException:
            with suppress(OSError):
                temp.unlink()
            raise
    except OSError as error:
        raise StorageError(
            f"cannot be written: {error.strerror or error}",
            hint="say another --out, or make its folder",
            where=Where(str(path)),
        ) from error


def _synced(stream: BinaryIO, pieces: Iterable[bytes]) -> None:
    stream.writelines(pieces)
    stream.flush()
    os.fsync(stream.fileno())
