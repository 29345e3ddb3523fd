"""A calibration: a judge's measured agreement with human scores."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from labeltool.model.base import Id, IsoTime, Noun, RubricRef


class Calibration(Noun):
    """Valid for one judge, template (both in `fingerprint`) and rubric version."""

    judge: Id
    fingerprint: str
    rubric: RubricRef
    sample: dict[str, Any] = Field(default_factory=dict)
    trusted: bool = False
    overall: dict[str, Any] = Field(default_factory=dict)
    criteria: dict[Id, dict[str, Any]] = Field(default_factory=dict)
    fit: dict[str, Any] | None = None
    calibrated_by: Id | None = None
    calibrated_at: IsoTime | None = None
