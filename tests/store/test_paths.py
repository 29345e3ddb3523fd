"""A path says what its file is, and every path we build is read back."""

import pytest

from labeltool.store import paths
from labeltool.store.paths import Place, place_of


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("labeltool.yaml", Place("settings")),
        (paths.rubric_path("r"), Place("rubric", name="r")),
        (paths.dataset_path("d"), Place("dataset", "d")),
        (paths.case_path("d", "golden", "c"), Place("case", "d", "c", tier="golden")),
        (paths.output_path("d", "s", "c"), Place("output", "d", "c", system="s")),
        (
            paths.label_path("d", "al", "s", "c"),
            Place("label", "d", "c", system="s", annotator="al"),
        ),
        (paths.resolution_path("d", "s", "c"), Place("resolution", "d", "c", system="s")),
        (
            paths.preference_path("d", "al", "b", "a", "c"),
            Place("preference", "d", "c", system="a-vs-b", annotator="al"),
        ),
        (paths.round_path("d", 12), Place("round", "d", "12")),
        (paths.calibration_path("d", "j"), Place("calibration", "d", "j")),
        (paths.baseline_path("d", "s"), Place("baseline", "d", system="s")),
        (paths.draft_path("d", "i"), Place("draft", "d", "i")),
        (paths.triage_path("d", "k"), Place("triage", "d", "k")),
    ],
)
def test_a_path_is_read_back(path: str, place: Place) -> None:
    assert place_of(path) == place


@pytest.mark.parametrize(
    "path",
    [
        "datasets/d/cases/gold/c.yaml",
        "datasets/d/cases/golden/C.yaml",
        "datasets/d/cases/golden/c.yml",
        "datasets/d/cases/golden/deep/c.yaml",
        "datasets/../d/cases/golden/c.yaml",
        "datasets/d/rounds/01.yaml",
        "rubrics/r.yaml\n",
        "README.md",
    ],
)
def test_other_files_have_no_place(path: str) -> None:
    assert place_of(path) is None
