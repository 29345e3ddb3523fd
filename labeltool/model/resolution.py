"""A resolution: the settled scores of a disagreed output, with the reason."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from labeltool.model.base import Id, IsoTime, Noun, RubricRef, ShortHash
from labeltool.model.label import Scores

Because = Literal["ambiguous_case", "guideline_gap", "annotator_error", "edge_case", "subjective"]


class Resolution(Noun):
    case: Id
    system: Id
    rubric: RubricRef
    input_hash: ShortHash | None = None
    output_hash: ShortHash | None = None
    scores: Scores
    settles: dict[Id, Scores] = Field(default_factory=dict)
    resolver: Id | None = None
    because: Because | None = None
    note: str | None = None
    resolved_at: IsoTime | None = None
