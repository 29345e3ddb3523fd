"""Where each kind of file lives, as posix paths below the workspace; and the way back."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from labeltool.model.base import ID_PATTERN

SETTINGS = "labeltool.yaml"
DATASETS = "datasets"
RUBRICS = "rubrics"
SCRATCH = ".labeltool"

Kind = Literal[
    "settings",
    "rubric",
    "dataset",
    "case",
    "output",
    "label",
    "resolution",
    "preference",
    "round",
    "calibration",
    "baseline",
    "draft",
    "triage",
    "drift",
]


def rubric_path(name: str) -> str:
    return f"{RUBRICS}/{name}.yaml"


def dataset_path(dataset: str) -> str:
    return f"{DATASETS}/{dataset}/dataset.yaml"


def case_path(dataset: str, tier: str, case: str) -> str:
    return f"{DATASETS}/{dataset}/cases/{tier}/{case}.yaml"


def output_path(dataset: str, system: str, case: str) -> str:
    return f"{DATASETS}/{dataset}/outputs/{system}/{case}.yaml"


def label_path(dataset: str, annotator: str, system: str, case: str) -> str:
    return f"{DATASETS}/{dataset}/labels/{annotator}/{system}/{case}.yaml"


def resolution_path(dataset: str, system: str, case: str) -> str:
    return f"{DATASETS}/{dataset}/resolutions/{system}/{case}.yaml"


def preference_path(dataset: str, annotator: str, a: str, b: str, case: str) -> str:
    first, second = sorted((a, b))
    return f"{DATASETS}/{dataset}/preferences/{annotator}/{first}-vs-{second}/{case}.yaml"


def round_path(dataset: str, number: int) -> str:
    return f"{DATASETS}/{dataset}/rounds/{number}.yaml"


def calibration_path(dataset: str, judge: str) -> str:
    return f"{DATASETS}/{dataset}/calibrations/{judge}.yaml"


def baseline_path(dataset: str, system: str) -> str:
    return f"{DATASETS}/{dataset}/baselines/{system}.json"


def draft_path(dataset: str, id: str) -> str:
    return f"{DATASETS}/{dataset}/inbox/{id}.yaml"


def triage_path(dataset: str, cluster: str) -> str:
    return f"{DATASETS}/{dataset}/triage/{cluster}.yaml"


def drift_path(dataset: str, date: str) -> str:
    return f"{DATASETS}/{dataset}/drift/{date}.yaml"


@dataclass(frozen=True, slots=True)
class Place:
    """What a path says about its file: the kind, and the names written in the folders."""

    kind: Kind
    dataset: str | None = None
    name: str | None = None
    tier: str | None = None
    system: str | None = None
    annotator: str | None = None


def _shape(pattern: str) -> re.Pattern[str]:
    for word in ("dataset", "name", "system", "annotator"):
        pattern = pattern.replace(f"/<{word}>", f"/(?P<{word}>{ID_PATTERN})")
    return re.compile(pattern.replace("<tier>", "(?P<tier>golden|adversarial|regression)"))


_SHAPES: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("case", _shape(r"datasets/<dataset>/cases/<tier>/<name>\.yaml")),
    ("output", _shape(r"datasets/<dataset>/outputs/<system>/<name>\.yaml")),
    ("label", _shape(r"datasets/<dataset>/labels/<annotator>/<system>/<name>\.yaml")),
    ("resolution", _shape(r"datasets/<dataset>/resolutions/<system>/<name>\.yaml")),
    ("preference", _shape(r"datasets/<dataset>/preferences/<annotator>/<system>/<name>\.yaml")),
    ("round", _shape(r"datasets/<dataset>/rounds/(?P<name>[1-9][0-9]{0,5})\.yaml")),
    ("calibration", _shape(r"datasets/<dataset>/calibrations/<name>\.yaml")),
    ("baseline", _shape(r"datasets/<dataset>/baselines/<system>\.json")),
    ("draft", _shape(r"datasets/<dataset>/inbox/<name>\.yaml")),
    ("triage", _shape(r"datasets/<dataset>/triage/<name>\.yaml")),
    ("drift", _shape(r"datasets/<dataset>/drift/<name>\.yaml")),
    ("dataset", _shape(r"datasets/<dataset>/dataset\.yaml")),
    ("rubric", _shape(r"rubrics/<name>\.yaml")),
    ("settings", re.compile(r"labeltool\.yaml")),
)


def place_of(path: str) -> Place | None:
    """The place a workspace path names; None where no file of ours belongs.

    A preference's `system` is its pair folder, `<a>-vs-<b>`.
    """
    for kind, shape in _SHAPES:
        match = shape.fullmatch(path)
        if match:
            return Place(kind, **match.groupdict())
    return None
