"""A calibration: a judge's measured agreement with human scores."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from labeltool.model.base import Id, IsoTime, Noun, RubricRef


class Calibration(Noun):
    """Valid for one judge, template (both in `fingerprint`) and rubric version.

    pairwise: its choices between outputs against people's, by pair of snapshots (`a-vs-b`); each
    names the fingerprint and the rubric that it holds for. probes: what bad answers got that try to
    talk the judge round.
    """

    judge: Id
    fingerprint: str
    rubric: RubricRef
    sample: dict[str, Any] = Field(default_factory=dict)
    trusted: bool = False
    overall: dict[str, Any] = Field(default_factory=dict)
    criteria: dict[Id, dict[str, Any]] = Field(default_factory=dict)
    fit: dict[str, Any] | None = None
    probes: dict[str, Any] | None = None
    pairwise: dict[str, dict[str, Any]] = Field(default_factory=dict)
    calibrated_by: Id | None = None
    calibrated_at: IsoTime | None = None
