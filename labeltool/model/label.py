"""What people say about recorded outputs: labels and pairwise preferences."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from labeltool.model.base import Id, IsoTime, Noun, RubricRef, Score, ShortHash

Scores = dict[str, Score]


class Label(Noun):
    """One annotator's scores for one recorded output under one rubric version."""

    case: Id
    system: Id
    annotator: Id
    rubric: RubricRef
    input_hash: ShortHash | None = None
    output_hash: ShortHash | None = None
    scores: Scores
    status: Literal["done", "skipped"] = "done"
    confidence: Literal["sure", "unsure"] = "sure"
    flag: str | None = None
    notes: str | None = None
    round: int | None = Field(default=None, ge=1)
    after_judge: bool = False
    labeled_at: IsoTime | None = None
    seconds: float | None = Field(default=None, ge=0, allow_inf_nan=False)


class Preference(Noun):
    """One annotator's choice between two systems' outputs on one case; `a` < `b`."""

    case: Id
    a: Id
    b: Id
    annotator: Id
    choice: Literal["a", "b", "tie"]
    input_hash: ShortHash | None = None
    output_hash_a: ShortHash | None = None
    output_hash_b: ShortHash | None = None
    status: Literal["done", "skipped"] = "done"
    confidence: Literal["sure", "unsure"] = "sure"
    unblind: bool = False
    notes: str | None = None
    labeled_at: IsoTime | None = None
    seconds: float | None = Field(default=None, ge=0, allow_inf_nan=False)
