"""A record (one row of production), a draft of a case, a triage decision."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, Strict

from labeltool.model.base import Id, IsoTime, Many, Noun, Scalar, Tier, items
from labeltool.model.case import Check, Document, Message, Source


class Record(Noun):
    id: str
    time: IsoTime | None = None
    input: str | Annotated[tuple[Message, ...], Strict(False)]
    output: str | None = None
    system: str | None = None
    model: str | None = None
    feedback: Literal[-1, 0, 1] | None = None
    finish_reason: str | None = None
    latency_ms: float | None = Field(default=None, ge=0, allow_inf_nan=False)
    expects: Literal["json"] | None = None
    session: str | None = None
    link: str | None = None


class Draft(Noun):
    """inbox/<id>.yaml: a case that no person has accepted yet."""

    id: Id
    tier: Tier = "regression"
    input: str | Annotated[tuple[Message, ...], Strict(False), Field(min_length=1)]
    output: str | None = None
    expected: str | Many[str] | None = None
    context: Many[Document] = items()
    vars: dict[str, Scalar] = Field(default_factory=dict)
    checks: Many[Check] = items()
    tags: Many[str] = items()
    notes: str | None = None
    why: str | None = None
    priority: int = 0
    seen: int = Field(default=1, ge=1)
    near: Many[dict[str, Any]] = items()
    source: Source | None = None


class Triage(Noun):
    """triage/<cluster>.yaml: whether a cluster of production inputs is in scope."""

    cluster: Id
    scope: Literal["in", "out"]
    reason: str | None = None
    words: Many[str] = items()
    by: Id | None = None
    at: IsoTime | None = None
