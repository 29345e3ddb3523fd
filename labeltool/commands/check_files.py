"""The first half of `check`: every file of the workspace, read and put in its place."""

from __future__ import annotations

import difflib
from dataclasses import dataclass, field
from pathlib import Path

from labeltool.config import RecordedSystem, Settings
from labeltool.errors import DataError, LabeltoolError, Problem, Where
from labeltool.model.base import TIERS, Noun, is_id
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
from labeltool.rules.project import DatasetFiles, Placed, Project
from labeltool.store import baselines, codec, files, paths
from labeltool.store.dataset import misplaced
from labeltool.store.listing import listing
from labeltool.store.yaml import lines

KINDS: dict[paths.Kind, type[Noun]] = {
    "rubric": Rubric,
    "dataset": Dataset,
    "case": Case,
    "output": Output,
    "label": Label,
    "resolution": Resolution,
    "preference": Preference,
    "round": Round,
    "calibration": Calibration,
    "draft": Draft,
    "triage": Triage,
    "drift": DriftPoint,
}
_FOLDERS = (
    *("cases", "outputs", "labels", "resolutions", "preferences", "rounds"),
    *("calibrations", "baselines", "inbox", "triage", "drift"),
)
_ID_HINT = "ids: a-z, 0-9, dot, dash, underscore; at most 128, not ending in a dot"


@dataclass
class Read:
    """What a walk over the workspace found. `paths` holds every file, also those refused."""

    project: Project
    settings: Settings | None = None
    paths: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def blame(self, path: str, message: str, hint: str | None = None) -> None:
        self.problems.append(Problem(Where(path), message, hint))

    def doubt(self, path: str, message: str, hint: str | None = None) -> None:
        self.problems.append(Problem(Where(path), message, hint, "warning"))


def read(root: Path, today: str) -> Read:
    """Every file below `root` that is ours or stands where ours do. Raises StorageError."""
    found = Read(Project(today, settled=False))
    with files.FolderReader(root) as reader:
        _settings(found, reader)
        for folder in (paths.RUBRICS, paths.DATASETS):
            _folder(found, reader, folder)
    _incomplete(found)
    return found


def _settings(found: Read, reader: files.FolderReader) -> None:
    found.paths.append(paths.SETTINGS)
    with _Blaming(found, paths.SETTINGS):
        data = reader.read(paths.SETTINGS)
        empty = not data.strip()
        settings = Settings() if empty else codec.decode(data, Settings, paths.SETTINGS)
        recorded = {
            name for name, one in settings.systems.items() if isinstance(one, RecordedSystem)
        }
        found.settings = settings
        found.project.settled = True
        found.project.annotators = settings.annotators
        found.project.live = settings.systems.keys() - recorded
        found.project.recorded = recorded
        found.project.judges = settings.judges


def _folder(found: Read, reader: files.FolderReader, folder: str) -> None:
    try:
        tree = listing(reader.root, folder, ".yaml")
    except DataError as error:
        found.blame(folder, error.message, error.hint)
        return
    for path, kind in tree.refused:
        found.paths.append(path)
        found.blame(path, f"is {kind}, which is not followed", "put a plain file there")
    for path in (*(file.path for file in tree.files), *tree.others):
        found.paths.append(path)
        place = paths.place_of(path)
        if place is None:
            _stranger(found, path)
        elif place.kind == "baseline":
            _baseline(found, reader, path, place)
        else:
            _noun(found, reader, path, place)


def _noun(found: Read, reader: files.FolderReader, path: str, place: paths.Place) -> None:
    dataset = _register(found, place)
    with _Blaming(found, path):
        data = reader.read(path)
        noun = codec.decode(data, KINDS[place.kind], path)
        problem = misplaced(noun, path) or _misnamed(noun, place, path)
        if problem is not None:
            name = problem.where.field or ""
            where = Where(path, lines.locate(data, (name,)), name)
            found.problems.append(Problem(where, problem.message, problem.hint))
            return
        _keep(found, dataset, path, place, noun)


def _register(found: Read, place: paths.Place) -> DatasetFiles | None:
    """Remember that the name is taken, whether or not its file can be read."""
    if place.kind == "rubric":
        found.project.rubric_names.add(place.name or "")
    if place.dataset is None:
        return None
    dataset = found.project.datasets.setdefault(place.dataset, DatasetFiles(place.dataset))
    name = place.name or ""
    if place.kind == "case":
        dataset.case_ids.add(name)
    elif place.kind == "output":
        dataset.output_keys.add((place.system or "", name))
    elif place.kind == "round":
        dataset.round_numbers.add(int(name))
    return dataset


def _misnamed(noun: Noun, place: paths.Place, path: str) -> Problem | None:
    if not isinstance(noun, Rubric) or noun.name == place.name:
        return None
    message = f"the file is called {place.name}, the rubric {noun.name}"
    hint = f"write `name: {place.name}`, or rename the file"
    return Problem(Where(path, field="name"), message, hint)


def _keep(
    found: Read, dataset: DatasetFiles | None, path: str, place: paths.Place, noun: Noun
) -> None:
    if isinstance(noun, Rubric):
        found.project.rubrics[place.name or ""] = Placed(path, noun)
    elif dataset is not None and isinstance(noun, Dataset):
        dataset.settings = Placed(path, noun)
    elif dataset is not None:
        if isinstance(noun, DriftPoint):
            return  # numbers that nothing refers to
        shelf = "triage" if place.kind == "triage" else f"{place.kind}s"
        getattr(dataset, shelf).append(Placed(path, noun))


def _baseline(found: Read, reader: files.FolderReader, path: str, place: paths.Place) -> None:
    with _Blaming(found, path):
        baseline = baselines.decode(reader.read(path), path)
        said = (baseline.dataset, baseline.system.name)
        if said != (place.dataset, place.system):
            raise DataError(
                f"is of {said[1]} on {said[0]}, its path says {place.system} on {place.dataset}",
                hint="write it with `labeltool bless`",
            )


def _incomplete(found: Read) -> None:
    for dataset in found.project.datasets.values():
        path = paths.dataset_path(dataset.name)
        if path not in found.paths:
            found.blame(
                path, "is missing", "a dataset needs this file, with `rubric: <name>` in it"
            )


def _stranger(found: Read, path: str) -> None:
    """A file where only ours belong, or one of ours under a wrong name."""
    name = path.rpartition("/")[2]
    ours = name.endswith((".yaml", ".yml", ".json"))
    prose = name.lower().startswith("readme") or name.endswith(".md")
    steps = path.split("/")
    in_our_folder = steps[0] == paths.RUBRICS or (len(steps) > 3 and steps[2] in _FOLDERS)
    if not in_our_folder:
        if ours:
            _misspelt(found, path, steps)
    elif ours:
        found.blame(path, *_why_not_here(steps))
    elif not prose:
        found.doubt(path, "nothing reads this file", "move it, or take it out")


def _misspelt(found: Read, path: str, steps: list[str]) -> None:
    """Files beside ours are the project's own (prompts, code) unless a name is nearly ours."""
    if len(steps) > 2 and not is_id(steps[1]):
        found.blame(path, f"{steps[1]!r} is not a legal name for a dataset", _ID_HINT)
        return
    if len(steps) == 3:
        close = difflib.get_close_matches(steps[2], ["dataset.yaml"], cutoff=0.8)
    elif len(steps) > 3:
        close = difflib.get_close_matches(steps[2], _FOLDERS, cutoff=0.75)
    else:
        found.doubt(path, "nothing reads this file", "a dataset is a folder: datasets/<name>/")
        return
    if close:
        found.blame(path, f"nothing reads {steps[2]!r}", f"did you mean {close[0]}?")


def _why_not_here(steps: list[str]) -> tuple[str, str]:
    name = steps[-1]
    if name.endswith(".yml"):
        return "nothing reads .yml", f"rename it: {name.removesuffix('.yml')}.yaml"
    if steps[0] == paths.DATASETS and steps[2] == "cases":
        if len(steps) == 4:
            return "a case stands in the folder of its tier", f"tiers: {', '.join(TIERS)}"
        if steps[3] not in TIERS:
            close = difflib.get_close_matches(steps[3], TIERS, n=1)
            hint = f"did you mean {close[0]}?" if close else f"tiers: {', '.join(TIERS)}"
            return f"there is no tier {steps[3]!r}", hint
    for step in (*steps[1:-1], name.rpartition(".")[0]):
        if not is_id(step):
            return f"{step!r} is not a legal id", _ID_HINT
    return "no file belongs here", "the layout is in the README: move it, or take it out"


class _Blaming:
    """Turns what goes wrong with one file into its problems, and lets the others be read."""

    def __init__(self, found: Read, path: str):
        self.found = found
        self.path = path

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> bool:
        if not isinstance(error, LabeltoolError):
            return False
        problems = error.problems if isinstance(error, DataError) else ()
        where = error.where or Where(self.path)
        self.found.problems += problems or [Problem(where, error.message, error.hint)]
        return True
