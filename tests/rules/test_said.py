"""What people said, held against what they said it of."""

from __future__ import annotations

from typing import Any

import pytest

from labeltool.model.case import Case
from labeltool.model.dataset import Dataset
from labeltool.model.hashing import text_hash
from labeltool.model.label import Label, Preference
from labeltool.model.output import Output
from labeltool.model.resolution import Resolution
from labeltool.model.round import Round
from labeltool.model.rubric import Rubric
from labeltool.rules.project import DatasetFiles, Placed, Project
from labeltool.rules.said import findings

RUBRIC = Rubric.model_validate(
    {
        "name": "r",
        "version": 2,
        "criteria": [
            {"id": "tone", "text": "t", "max": 2},
            {"id": "facts", "text": "f", "max": 1},
            {"id": "short", "text": "s", "max": 1, "check": {"kind": "max_words", "value": 9}},
        ],
        "changelog": [{"version": 2, "changed": ["tone"]}],
    }
)
GIVEN, SAID = text_hash("input"), text_hash("output")


@pytest.fixture
def files() -> DatasetFiles:
    case = Case.model_validate({"id": "a", "tier": "golden", "input": "input"})
    output = Output.model_validate({"case": "a", "system": "v1", "output": "output"})
    dataset = Dataset.model_validate({"rubric": "r"})
    return DatasetFiles(
        "d",
        Placed("dataset.yaml", dataset),
        cases=[Placed("a.yaml", case)],
        outputs=[Placed("o.yaml", output)],
        case_ids={"a"},
        output_keys={("v1", "a")},
        round_numbers={1},
    )


def told(files: DatasetFiles) -> list[str]:
    project = Project("2026-11-23", annotators=("ann", "bob"))
    project.rubrics["r"] = Placed("rubrics/r.yaml", RUBRIC)
    project.rubric_names.add("r")
    project.datasets["d"] = files
    return [
        f"{one.level} {'.'.join(map(str, one.field))}: {one.message}"
        for one in findings(project, files)
    ]


def label(**fields: Any) -> Placed[Label]:
    base = {"case": "a", "system": "v1", "annotator": "ann", "rubric": "r@2", "scores": {"tone": 1}}
    return Placed("l.yaml", Label.model_validate({**base, **fields}))


def test_a_label_that_fits(files: DatasetFiles) -> None:
    files.labels.append(label(input_hash=GIVEN, output_hash=SAID, round=1))
    assert told(files) == []


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"annotator": "eve"}, "error annotator: eve is none of the annotators"),
        ({"case": "b"}, "error case: v1 has no output for the case b"),
        ({"system": "v2"}, "error case: there is no snapshot v2"),
        ({"rubric": "q@1"}, "error rubric: there is no rubric q"),
        ({"rubric": "r@3"}, "error rubric: r has no version 3 yet: it is at 2"),
        ({"scores": {"tone": 3}}, "error scores.tone: 3 is outside the scale"),
        ({"scores": {"tone": "na"}}, "error scores.tone: na is outside the scale"),
        ({"scores": {"mood": 1}}, "error scores.mood: r@2 has no criterion mood"),
        ({"scores": {"short": 1}}, "error scores.short: is graded by a check, not by hand"),
        ({"round": 4}, "error round: there is no round 4"),
        ({"input_hash": "0" * 12}, "warning input_hash: is stale: the case's input was edited"),
        (
            {"output_hash": "0" * 12},
            "error output_hash: is not the hash of the output as it stands",
        ),
    ],
)
def test_a_label_that_does_not_fit(files: DatasetFiles, fields: dict[str, Any], words: str) -> None:
    files.labels.append(label(**fields))
    (found,) = told(files)
    assert found.startswith(words)


def test_a_score_of_an_amended_criterion_is_stale_and_not_wrong(files: DatasetFiles) -> None:
    files.labels.append(label(rubric="r@1", scores={"tone": 9}))
    assert told(files) == []


def test_a_score_of_an_unchanged_criterion_is_held_against_its_scale(files: DatasetFiles) -> None:
    files.labels.append(label(rubric="r@1", scores={"facts": 9}))
    assert told(files) == ["error scores.facts: 9 is outside the scale"]


def test_a_broken_case_is_not_told_again_by_its_labels(files: DatasetFiles) -> None:
    files.cases.clear()
    files.outputs.clear()
    files.labels.append(label(input_hash=GIVEN, output_hash=SAID))
    assert told(files) == []


def resolution(**fields: Any) -> Placed[Resolution]:
    base = {"case": "a", "system": "v1", "rubric": "r@2", "scores": {"tone": 1}}
    return Placed("res.yaml", Resolution.model_validate({**base, **fields}))


def test_a_resolution_that_fits(files: DatasetFiles) -> None:
    files.labels += [label(), label(annotator="bob", scores={"tone": 2})]
    settles = {"ann": {"tone": 1}, "bob": {"tone": 2}}
    files.resolutions.append(resolution(settles=settles, resolver="ann"))
    assert told(files) == []


def test_a_resolution_is_stale_when_a_score_that_it_settled_changed(files: DatasetFiles) -> None:
    files.labels += [label()]
    files.resolutions.append(resolution(settles={"ann": {"tone": 0}}))
    assert told(files) == ["warning scores.tone: is stale: a score that it settled has changed"]


def test_a_resolution_settles_what_annotators_can_have_said(files: DatasetFiles) -> None:
    files.resolutions.append(resolution(resolver="eve", settles={"mallory": {"facts": 7}}))
    assert told(files)[:3] == [
        "error resolver: eve is none of the annotators",
        "error settles.mallory: mallory is none of the annotators",
        "error settles.mallory.facts: 7 is outside the scale",
    ]


def round_of(**fields: Any) -> Placed[Round]:
    base = {
        "number": 1,
        "rubric": "r@2",
        "system": "v1",
        "annotators": ["ann", "bob"],
        "outputs": [{"case": "a", "output_hash": SAID}],
        "closed": {"at": "2026-11-23"},
    }
    return Placed("1.yaml", Round.model_validate({**base, **fields}))


def test_a_round_that_fits(files: DatasetFiles) -> None:
    files.rounds.append(round_of(closed={"scores": {"ann": {"a": {"tone": 1}}}}))
    assert told(files) == []


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"annotators": ["ann", "ann"]}, "error annotators.1: ann stands here twice"),
        ({"annotators": ["eve"]}, "error annotators.0: eve is none of the annotators"),
        ({"system": "v2"}, "error outputs.0: there is no snapshot v2"),
        ({"outputs": [{"case": "b"}]}, "error outputs.0: v1 has no output for the case b"),
        ({"outputs": [{"case": "a"}] * 2}, "error outputs.1: a stands here twice"),
        (
            {"outputs": [{"case": "a", "output_hash": "0" * 12}]},
            "error outputs.0.output_hash: is not the hash of the output",
        ),
        ({"closed": {"scores": {"eve": {}}}}, "error closed.scores.eve: eve is not in this round"),
        (
            {"closed": {"scores": {"ann": {"b": {}}}}},
            "error closed.scores.ann.b: b is not in this round",
        ),
        (
            {"closed": {"scores": {"ann": {"a": {"tone": 5}}}}},
            "error closed.scores.ann.a.tone: 5 is outside the scale",
        ),
    ],
)
def test_a_round_that_does_not_fit(files: DatasetFiles, fields: dict[str, Any], words: str) -> None:
    files.rounds.append(round_of(**fields))
    (found,) = told(files)
    assert found.startswith(words)


def test_two_open_rounds_are_doubted(files: DatasetFiles) -> None:
    files.rounds += [round_of(closed=None), round_of(number=2, closed=None)]
    assert told(files) == ["warning : round 1 is open too: one round at a time"]


def test_preferences_name_two_snapshots_in_order(files: DatasetFiles) -> None:
    def pair(a: str, b: str) -> Placed[Preference]:
        fields = {"case": "a", "a": a, "b": b, "annotator": "ann", "choice": "tie"}
        return Placed("preferences/ann/v1-vs-v2/a.yaml", Preference.model_validate(fields))

    files.output_keys.add(("v2", "a"))
    files.preferences.append(pair("v1", "v2"))
    assert told(files) == []
    files.preferences[0] = pair("v2", "v1")
    assert told(files) == ["error a: v2 and v1 do not fit the folder v1-vs-v2"]
    files.preferences[0] = pair("v1", "v3")
    assert any("there is no snapshot v3" in line for line in told(files))
