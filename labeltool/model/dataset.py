"""dataset.yaml: which rubric, which system, and the gates of its tiers."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from labeltool.model.base import Id, Noun, Tier

Rule = Literal["observed", "confident"]


class Gate(Noun):
    """The rule a tier's scores must satisfy."""

    threshold: float = Field(default=0.85, ge=0, le=1)
    rule: Rule = "observed"
    metric: Literal["pass_rate", "mean_score", "corrected_pass_rate"] = "pass_rate"
    min_cases: int = Field(default=1, ge=1)
    max_error_rate: float = Field(default=0.02, ge=0, le=1)
    untrusted: Literal["count", "drop", "block"] = "count"
    inconclusive: Literal["fail", "pass"] = "fail"
    verified_only: bool = False


class Dataset(Noun):
    description: str | None = None
    rubric: Id
    system: Id | None = None
    gates: dict[Tier, Gate] = Field(default_factory=dict)
