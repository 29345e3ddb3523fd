"""Names that another disk would merge or refuse."""

from __future__ import annotations

import unicodedata

from labeltool.rules.names import findings

CAFE = "datasets/d/cases/golden/caf\N{LATIN SMALL LETTER E WITH ACUTE}.yaml"


def told(*paths: str) -> list[str]:
    return [f"{found.path}: {found.message}" for found in findings(paths)]


def test_ordinary_names_are_fine() -> None:
    assert told("datasets/d/cases/golden/a.yaml", "datasets/d/cases/golden/b.yaml") == []


def test_names_that_differ_by_case_only() -> None:
    (found,) = told("rubrics/a.yaml", "rubrics/A.yaml")
    assert found == (
        "rubrics/a.yaml: is the same name as rubrics/A.yaml "
        "on disks that ignore case or Unicode form"
    )


def test_names_that_differ_by_unicode_form_only() -> None:
    (found,) = told(CAFE, unicodedata.normalize("NFD", CAFE))
    assert "ignore case or Unicode form" in found


def test_folders_collide_too() -> None:
    found = told("datasets/d/labels/Ann/s/a.yaml", "datasets/d/labels/ann/s/b.yaml")
    assert found[0].startswith("datasets/d/labels/ann: is the same name")


def test_names_that_windows_keeps() -> None:
    found = told("datasets/d/cases/golden/con.yaml", "datasets/aux/dataset.yaml")
    assert [line.partition(":")[0] for line in found] == [
        "datasets/aux",
        "datasets/d/cases/golden/con.yaml",
    ]
