"""What two people say of one output, for the rules about it."""

from __future__ import annotations

from typing import Any

from labeltool.model.label import Label
from labeltool.model.resolution import Resolution
from labeltool.model.rubric import Rubric
from labeltool.rules.staleness import Texts

TEXTS = Texts("a" * 12, "b" * 12)
RUBRIC = Rubric.model_validate(
    {
        "name": "r",
        "version": 2,
        "criteria": [
            {"id": "tone", "text": "t", "max": 2, "na": True},
            {"id": "items", "text": "t", "max": 4, "tolerance": 1},
            {"id": "short", "text": "t", "max": 1, "check": {"kind": "max_words", "value": 9}},
        ],
        "changelog": [{"version": 2, "changed": ["tone"]}],
    }
)


def label(annotator: str, scores: dict[str, Any], **changes: Any) -> Label:
    return Label.model_validate(
        {
            "case": "c1",
            "system": "s1",
            "annotator": annotator,
            "rubric": "r@2",
            "input_hash": TEXTS.input_hash,
            "output_hash": TEXTS.output_hash,
            "scores": scores,
            **changes,
        }
    )


def resolution(scores: dict[str, Any], **changes: Any) -> Resolution:
    return Resolution.model_validate(
        {"case": "c1", "system": "s1", "rubric": "r@2", "scores": scores, **changes}
    )
