"""The shards of one run joined, and gated as the whole."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from heapq import merge as in_order
from itertools import count
from pathlib import Path
from typing import Any

from labeltool.errors import DataError, Problem, StorageError, Where
from labeltool.model.result import CaseResult, Results
from labeltool.rules.shard import Shard
from labeltool.runner.heads import HEAD_NAME
from labeltool.runner.log import RunLog
from labeltool.runner.merge_whole import Whole, place
from labeltool.runner.results import document, write_results
from labeltool.runner.shard_file import ShardFile

MUST_AGREE: Mapping[str, Callable[[Results], Any]] = {
    "number of shards": lambda head: Shard.parse(head.shard or "").of,
    "dataset": lambda head: head.dataset,
    "rubric": lambda head: head.rubric,
    "system": lambda head: f"{head.system.name} ({head.system.fingerprint})",
    "judge": lambda head: f"{head.judge.name} ({head.judge.fingerprint})",
    "kind of scores": lambda head: head.scores,
    "number of repeats": lambda head: head.repeat,
    "commit": lambda head: head.git.commit,
    "labeltool": lambda head: head.labeltool_version,
    "baseline": lambda head: head.baseline and head.baseline.run_id,
    "settings": lambda head: head.settings_hash,
    "gates": lambda head: {tier: dict(gate) for tier, gate in head.gates.items()},
}


@dataclass(frozen=True)
class Merged:
    """`results` has no cases in it: `cases`, `notable` and `save` read them from the shards."""

    results: Results
    files: tuple[ShardFile, ...]

    def cases(self) -> Iterator[CaseResult]:
        return (case for _, case in _joined(self.files))

    def notable(self) -> Iterator[CaseResult]:
        """The cases that did not pass, and the open ones, in the order of an unsharded run."""
        return (case for case in self.cases() if not case.passed or case.status == "open")

    def document(self) -> Iterator[bytes]:
        return document(self.results, (line for line, _ in _joined(self.files)))

    def save(self, path: Path) -> None:
        """Writes the results document. Raises StorageError."""
        write_results(path, self.document())

    def remember(self, runs: Path, *, clock: Callable[[], float]) -> None:
        """Keeps it among the runs of a workspace, as one that was not sharded would be: it is shown
        there, and a later run may be held against it. A convenience: where the disk refuses, or
        the run is there already, it stands without.
        """
        header = {"run_id": self.results.run_id, "created_at": self.results.created_at}
        with suppress(StorageError):
            log = RunLog(runs, self.results.run_id, header, clock=clock)
            try:
                for n, (line, _) in enumerate(_joined(self.files)):
                    log.append(n, line)
                log.sync()
                write_results(log.folder / HEAD_NAME, document(self.results, ()))
            finally:
                log.close()


def join(files: Sequence[ShardFile], *, run_id: str, created_at: str) -> Merged:
    """What one run over all cases would have found.

    A shard that is not there makes it `incomplete`. Raises DataError, naming every difference,
    where the files are not the shards of one run.
    """
    shards = _shards(files)
    _refuse_strangers(files)
    ordered = tuple(file for _, file in sorted(shards.items()))
    of = Shard.parse(ordered[0].head.shard or "").of
    missing = tuple(f"{n}/{of}" for n in range(1, of + 1) if n not in shards)
    whole = Whole(ordered, missing)
    for file in ordered:
        whole.read(file)
    return Merged(whole.results(run_id=run_id, created_at=created_at), ordered)


def _shards(files: Sequence[ShardFile]) -> dict[int, ShardFile]:
    """By number, each once. Raises DataError."""
    found: dict[int, ShardFile] = {}
    problems: list[Problem] = []
    for file in files:
        where = Where(str(file.path), field="shard")
        if file.head.shard is None or file.head.shard_facts is None:
            hint = "merge takes what `labeltool run --shard I/N` wrote"
            problems.append(Problem(where, "is no shard of a run", hint))
            continue
        number = Shard.parse(file.head.shard).number
        if number in found:
            message = f"is shard {file.head.shard}, and so is {found[number].path}"
            problems.append(Problem(where, message, "give each shard once"))
        found.setdefault(number, file)
    if problems:
        raise DataError.of(problems)
    return found


def _refuse_strangers(files: Sequence[ShardFile]) -> None:
    first = files[0]
    problems = [
        Problem(
            Where(str(file.path)),
            f"went in with another {name} than {first.path}: {value(file.head)}, "
            f"not {value(first.head)}",
            "run all shards from one commit with the same settings and options",
        )
        for file in files[1:]
        for name, value in MUST_AGREE.items()
        if value(file.head) != value(first.head)
    ]
    if problems:
        raise DataError.of(problems)


def _joined(files: Sequence[ShardFile]) -> Iterator[tuple[bytes, CaseResult]]:
    """All cases in the order in which a plan gives them out."""
    ties = count()

    def keyed(file: ShardFile) -> Iterator[tuple[int, str, int, bytes, CaseResult]]:
        for line, case in file.cases():
            yield *place(file.head, case), next(ties), line, case

    for _, _, _, line, case in in_order(*(keyed(file) for file in files)):
        yield line, case
