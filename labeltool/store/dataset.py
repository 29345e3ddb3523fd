"""One dataset's files as nouns. A broken file is a problem beside the others, never their end."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Generic, Protocol, TypeVar

from labeltool.errors import DataError, LabeltoolError, Problem, UnknownName, Where
from labeltool.model.base import TIERS, Noun, Tier, is_id
from labeltool.model.calibration import Calibration
from labeltool.model.case import Case
from labeltool.model.dataset import Dataset
from labeltool.model.drift import DriftPoint
from labeltool.model.label import Label, Preference
from labeltool.model.output import Output
from labeltool.model.record import Draft, Triage
from labeltool.model.resolution import Resolution
from labeltool.model.round import Round
from labeltool.model.rubric import Rubric
from labeltool.store import codec, files, paths
from labeltool.store.listing import Listed, listing
from labeltool.store.parsed import ParsedCache

N = TypeVar("N", bound=Noun)


class Rubrics(Protocol):
    """What a dataset asks of its workspace."""

    def rubric(self, name: str) -> Rubric: ...


@dataclass(frozen=True)
class Loaded(Generic[N]):
    """What could be read, in path order, and what could not."""

    values: list[N] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def require(self) -> list[N]:
        """The values. Raises DataError with every problem where there is one."""
        if self.problems:
            raise DataError.of(self.problems)
        return self.values


@dataclass(frozen=True)
class DatasetStore:
    """Typed reads below datasets/<name>/."""

    root: Path
    name: str
    settings: Dataset
    workspace: Rubrics

    @property
    def base(self) -> str:
        return f"{paths.DATASETS}/{self.name}"

    @cached_property
    def rubric(self) -> Rubric:
        """The dataset's rubric. Raises DataError naming dataset.yaml where there is none."""
        try:
            return self.workspace.rubric(self.settings.rubric)
        except UnknownName as error:
            where = Where(paths.dataset_path(self.name), field="rubric")
            raise DataError(error.message, hint=error.hint, where=where) from None

    def iter_cases(self, tiers: tuple[Tier, ...] | None = None) -> Iterator[Case | Problem]:
        """Cases one at a time, tier by tier, by id."""
        for tier in tiers or TIERS:
            yield from self._iter(f"cases/{tier}", Case)

    def cases(self, tiers: tuple[Tier, ...] | None = None) -> Loaded[Case]:
        """All cases at once; files unchanged since an earlier call are not parsed again."""
        cache = ParsedCache(self.root)
        try:
            with _uncollected():
                return _gather(
                    found
                    for tier in tiers or TIERS
                    for found in self._iter(f"cases/{tier}", Case, cache)
                )
        finally:
            cache.close()

    def case(self, id: str) -> Case:
        """The case of that id in whatever tier. Raises UnknownName, DataError."""
        for tier in TIERS if is_id(id) else ():
            found = self._one(paths.case_path(self.name, tier, id), Case)
            if found is not None:
                return found
        raise UnknownName("case", id, self.case_ids())

    def case_ids(self, tiers: tuple[Tier, ...] | None = None) -> list[str]:
        """Ids by file name, without reading the files."""
        return [
            Path(one.path).stem
            for tier in tiers or TIERS
            for one in listing(self.root, f"{self.base}/cases/{tier}", ".yaml").files
        ]

    @cached_property
    def systems(self) -> tuple[str, ...]:
        """The snapshots: folders under outputs/."""
        return self._folders("outputs")

    @cached_property
    def annotators(self) -> tuple[str, ...]:
        """Who has labels: folders under labels/."""
        return self._folders("labels")

    def labelled_by(self, annotator: str) -> tuple[str, ...]:
        """The snapshots that an annotator has labels of."""
        return self._folders(f"labels/{annotator}")

    @property
    def resolved(self) -> tuple[str, ...]:
        """The snapshots that have resolutions."""
        return self._folders("resolutions")

    def iter_outputs(self, system: str) -> Iterator[Output | Problem]:
        yield from self._iter(f"outputs/{system}", Output)

    def outputs(self, system: str) -> Loaded[Output]:
        return _gather(self.iter_outputs(system))

    def output(self, system: str, case: str) -> Output | None:
        return self._one(paths.output_path(self.name, system, case), Output)

    def labels(self, annotator: str | None = None, system: str | None = None) -> Loaded[Label]:
        """Labels of one annotator or all, of one snapshot or all."""
        people = self.annotators if annotator is None else (annotator,)
        folders = (f"labels/{one}/{system}" if system else f"labels/{one}" for one in people)
        return _gather(found for folder in folders for found in self._iter(folder, Label))

    def label(self, annotator: str, system: str, case: str) -> Label | None:
        return self._one(paths.label_path(self.name, annotator, system, case), Label)

    def resolutions(self, system: str | None = None) -> Loaded[Resolution]:
        folder = f"resolutions/{system}" if system else "resolutions"
        return _gather(self._iter(folder, Resolution))

    def resolution(self, system: str, case: str) -> Resolution | None:
        return self._one(paths.resolution_path(self.name, system, case), Resolution)

    def rounds(self) -> Loaded[Round]:
        loaded = _gather(self._iter("rounds", Round))
        loaded.values.sort(key=lambda one: one.number)
        return loaded

    def preferences(self) -> Loaded[Preference]:
        return _gather(self._iter("preferences", Preference))

    def calibrations(self) -> Loaded[Calibration]:
        return _gather(self._iter("calibrations", Calibration))

    def calibration(self, judge: str) -> Calibration | None:
        return self._one(paths.calibration_path(self.name, judge), Calibration)

    def drafts(self) -> Loaded[Draft]:
        return _gather(self._iter("inbox", Draft))

    def draft_ids(self) -> list[str]:
        """Ids by file name, without reading the files."""
        found = listing(self.root, f"{self.base}/inbox", ".yaml").files
        return [Path(one.path).stem for one in found]

    def triage(self) -> Loaded[Triage]:
        return _gather(self._iter("triage", Triage))

    def drift(self) -> Loaded[DriftPoint]:
        """The history of drift, a point a day."""
        return _gather(self._iter("drift", DriftPoint))

    def _folders(self, below: str) -> tuple[str, ...]:
        folder = self.root / self.base / below
        if not folder.is_dir():
            return ()
        return tuple(sorted(entry.name for entry in folder.iterdir() if entry.is_dir()))

    def _one(self, path: str, kind: type[N]) -> N | None:
        data = files.read_if_there(self.root, path)
        if data is None:
            return None
        noun = codec.decode(data, kind, path)
        problem = misplaced(noun, path)
        if problem:
            raise DataError.of([problem])
        return noun

    def _iter(
        self, folder: str, kind: type[N], cache: ParsedCache | None = None
    ) -> Iterator[N | Problem]:
        found = listing(self.root, f"{self.base}/{folder}", ".yaml")
        yield from (_refused(path, what) for path, what in found.refused)
        if cache:
            cache.ready(f"{self.base}/{folder}")
        with files.FolderReader(self.root) as reader:
            for listed in found.files:
                known = _known(listed, kind, cache)
                if known is not None:  # it stood in the right place when it was kept
                    yield known
                    continue
                try:
                    noun = codec.decode(reader.read(listed.path), kind, listed.path)
                except DataError as error:
                    yield from error.problems or [_problem(error, listed.path)]
                except LabeltoolError as error:
                    yield _problem(error, listed.path)
                else:
                    problem = misplaced(noun, listed.path)
                    if cache and problem is None:
                        cache.put(listed, noun.model_dump_json(exclude_defaults=True))
                    yield problem or noun


@contextmanager
def _uncollected() -> Iterator[None]:
    """A bulk load makes many values and no cycles: the collector would look at all in vain."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _known(listed: Listed, kind: type[N], cache: ParsedCache | None) -> N | None:
    text = cache.get(listed) if cache else None
    if text is not None:
        with suppress(ValueError):  # a cache that says nonsense says nothing
            return kind.model_validate_json(text)
    return None


# What a file says of itself, and the part of its path that says the same.
_IN_PATH: dict[str, tuple[tuple[str, str], ...]] = {
    "case": (("id", "name"), ("tier", "tier")),
    "output": (("case", "name"), ("system", "system")),
    "label": (("case", "name"), ("system", "system"), ("annotator", "annotator")),
    "resolution": (("case", "name"), ("system", "system")),
    "preference": (("case", "name"), ("annotator", "annotator")),
    "round": (("number", "name"),),
    "calibration": (("judge", "name"),),
    "draft": (("id", "name"),),
    "triage": (("cluster", "name"),),
    "drift": (("date", "name"),),
}


def misplaced(noun: Noun, path: str) -> Problem | None:
    """A problem where the names inside the file are not those of its path."""
    place = paths.place_of(path)
    if place is None:
        return Problem(Where(path), "no file belongs here", "see the layout in the README")
    for name, part in _IN_PATH.get(place.kind, ()):
        wanted = int(place.name or 0) if place.kind == "round" else getattr(place, part)
        said = getattr(noun, name)
        if said != wanted:
            message = f"says {said!r}, its path says {wanted!r}"
            hint = f"write `{name}: {wanted}`, or move the file"
            return Problem(Where(path, field=name), message, hint)
    return None


def _problem(error: LabeltoolError, path: str) -> Problem:
    return Problem(error.where or Where(path), error.message, error.hint)


def _refused(path: str, what: str) -> Problem:
    return Problem(Where(path), f"is {what}, which is not followed", "put a plain file there")


def _gather(found: Iterator[N | Problem]) -> Loaded[N]:
    loaded: Loaded[N] = Loaded()
    for one in found:
        if isinstance(one, Problem):
            loaded.problems.append(one)
        else:
            loaded.values.append(one)
    return loaded
