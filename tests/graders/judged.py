"""A rubric, something to grade, and replies as a judge may write them."""

from __future__ import annotations

import json
from typing import Any

from labeltool.graders.prompt import Graded
from labeltool.model.rubric import Rubric

RUBRIC = Rubric.model_validate(
    {
        "name": "tickets",
        "version": 3,
        "task": "Summarise a ticket.",
        "criteria": [
            {"id": "facts", "text": "All facts.", "max": 2, "levels": {0: "none", 2: "all"}},
            {"id": "asks", "text": "Does it say what is asked?", "max": 1, "kind": "binary"},
            {"id": "true", "text": "Nothing is invented.", "max": 2, "kind": "factual", "na": True},
            {"id": "warm", "text": "Warm.", "max": 1, "grader": "human"},
        ],
    }
)
CRITERIA = RUBRIC.criteria[:3]
IDS = ["facts", "asks", "true"]
GRADED = Graded(
    "Order 17 never came.\nPlease send it again.",
    [("faq", "Lost orders are sent again within two days.")],
    ["Order 17 is lost; send it again."],
    "The customer wants order 17 sent again.",
)


def reply(**changes: Any) -> dict[str, Any]:
    found: dict[str, Any] = {
        "scores": {"facts": 2, "asks": 1, "true": "na"},
        "rationale": {id: f"About {id}." for id in IDS},
        "evidence": {"facts": ["order 17 sent again"], "asks": [], "true": []},
    }
    for part, change in changes.items():
        found[part] = {**found[part], **change} if isinstance(change, dict) else change
    return found


def text(**changes: Any) -> str:
    return json.dumps(reply(**changes))
