"""A round: one pass of blind hand-labelling under one rubric version."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from labeltool.model.base import Id, IsoTime, Many, Noun, RubricRef, ShortHash, items
from labeltool.model.label import Scores


class RoundOutput(Noun):
    case: Id
    output_hash: ShortHash | None = None
    fresh: bool = True


class Closed(Noun):
    """What a closing froze: `scores` is {annotator: {case: {criterion: score}}}."""

    at: IsoTime | None = None
    agreement: dict[str, Any] = Field(default_factory=dict)
    scores: dict[Id, dict[Id, Scores]] = Field(default_factory=dict)


class Round(Noun):
    """`unblinded`: {annotator: when they first had the others' labels shown while it was open};
    what they say after that is no blind score.
    """

    number: int = Field(ge=1)
    rubric: RubricRef
    system: Id
    annotators: Many[Id] = items()
    outputs: Many[RoundOutput] = items()
    seed: int = 0
    opened_by: Id | None = None
    opened_at: IsoTime | None = None
    unblinded: dict[Id, IsoTime] = Field(default_factory=dict)
    closed: Closed | None = None
