"""Everything `check` read, side by side, so that pure rules can hold one file against another."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from functools import cached_property
from typing import Generic, Literal, TypeVar

from labeltool.model import hashing
from labeltool.model.base import Noun
from labeltool.model.calibration import Calibration
from labeltool.model.case import Case
from labeltool.model.dataset import Dataset
from labeltool.model.label import Label, Preference
from labeltool.model.output import Output
from labeltool.model.record import Draft, Triage
from labeltool.model.resolution import Resolution
from labeltool.model.round import Round
from labeltool.model.rubric import Rubric
from labeltool.rules.by_text import Text, newest_of_each, text_of
from labeltool.rules.staleness import Texts

N = TypeVar("N", bound=Noun)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong in one file. `field`: keys and list positions, () for the whole file."""

    path: str
    field: tuple[str | int, ...]
    message: str
    hint: str | None = None
    level: Literal["error", "warning"] = "error"


@dataclass(frozen=True, slots=True)
class Placed(Generic[N]):
    """A noun and the path it stands at."""

    path: str
    noun: N


@dataclass
class DatasetFiles:
    """One dataset. `case_ids` and `output_keys` go by file names, so they hold broken files too:

    a file that cannot be read is one problem, not one for everything that points at it.
    `output_keys` are (system, case).
    """

    name: str
    settings: Placed[Dataset] | None = None
    cases: list[Placed[Case]] = field(default_factory=list)
    outputs: list[Placed[Output]] = field(default_factory=list)
    labels: list[Placed[Label]] = field(default_factory=list)
    resolutions: list[Placed[Resolution]] = field(default_factory=list)
    preferences: list[Placed[Preference]] = field(default_factory=list)
    rounds: list[Placed[Round]] = field(default_factory=list)
    calibrations: list[Placed[Calibration]] = field(default_factory=list)
    drafts: list[Placed[Draft]] = field(default_factory=list)
    triage: list[Placed[Triage]] = field(default_factory=list)
    case_ids: set[str] = field(default_factory=set)
    output_keys: set[tuple[str, str]] = field(default_factory=set)
    round_numbers: set[int] = field(default_factory=set)

    @property
    def snapshots(self) -> set[str]:
        return {system for system, _ in self.output_keys}

    @cached_property
    def input_hashes(self) -> dict[str, str]:
        return {p.noun.id: hashing.input_hash(p.noun.input) for p in self.cases}

    @cached_property
    def output_hashes(self) -> dict[tuple[str, str], str]:
        return {
            (p.noun.system, p.noun.case): hashing.text_hash(p.noun.output) for p in self.outputs
        }

    @cached_property
    def labels_by_output(self) -> dict[tuple[str, str], dict[str, Label]]:
        """{(system, case): {annotator: label}}"""
        found: dict[tuple[str, str], dict[str, Label]] = {}
        for placed in self.labels:
            label = placed.noun
            found.setdefault((label.system, label.case), {})[label.annotator] = label
        return found

    @cached_property
    def labels_by_text(self) -> dict[Text, dict[str, Label]]:
        """{(case, output hash): {annotator: the newest label of that text, in any snapshot}}"""
        found: dict[Text, list[Label]] = {}
        for placed in self.labels:
            text = text_of(placed.noun, self.recorded)
            if text is not None:
                found.setdefault(text, []).append(placed.noun)
        return {
            text: {label.annotator: label for label in newest_of_each(labels)}
            for text, labels in found.items()
        }

    def recorded(self, system: str, case: str) -> str | None:
        """The hash of a recorded output; None where it cannot be read."""
        return self.output_hashes.get((system, case))

    def texts(self, system: str, case: str) -> Texts | None:
        """The hashes of input and output as they are; None where either cannot be read."""
        output = self.output_hashes.get((system, case))
        given = self.input_hashes.get(case)
        return None if output is None or given is None else Texts(given, output)


@dataclass
class Project:
    """The whole workspace. `rubric_names` go by file names; `today` is an ISO date.

    `annotators`, `live`, `recorded` (systems) and `judges` are the names in the settings. Without
    readable settings `settled` is False, and nothing is held against them.
    """

    today: str
    settled: bool = True
    annotators: Collection[str] = ()
    live: Collection[str] = ()
    recorded: Collection[str] = ()
    judges: Collection[str] = ()
    rubrics: dict[str, Placed[Rubric]] = field(default_factory=dict)
    rubric_names: set[str] = field(default_factory=set)
    datasets: dict[str, DatasetFiles] = field(default_factory=dict)

    def rubric_of(self, dataset: DatasetFiles) -> Rubric | None:
        """The dataset's rubric, where both files can be read."""
        if dataset.settings is None:
            return None
        placed = self.rubrics.get(dataset.settings.noun.rubric)
        return placed.noun if placed else None

    def knows(self, annotator: str) -> bool:
        """Whether the settings let this name decide: any name, where they list none."""
        return not self.annotators or annotator in self.annotators
