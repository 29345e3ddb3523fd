"""A record (one row of production), a draft of a case, a triage decision."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, Strict, field_validator

from labeltool.model.base import Id, IsoTime, Many, Noun, Scalar, Tier, items
from labeltool.model.case import Check, Document, Message, Source

Input = str | Annotated[tuple[Message, ...], Strict(False), Field(min_length=1)]


class Record(Noun):
    """One row of production, or one bug report. Nothing in it is to be trusted.

    scores   graders' scores by name, as the log says them
    error    what went wrong, where the log says that the call failed
    """

    id: str
    time: IsoTime | None = None
    input: Input
    output: str | None = None
    system: str | None = None
    model: str | None = None
    feedback: Literal[-1, 0, 1] | None = None
    finish_reason: str | None = None
    latency_ms: float | None = Field(default=None, ge=0, allow_inf_nan=False)
    expects: Literal["json"] | None = None
    session: str | None = None
    link: str | None = None
    expected: str | None = None
    context: Many[Document] = items()
    tags: Many[str] = items()
    notes: str | None = None
    error: str | None = None
    scores: dict[str, float] = Field(default_factory=dict)


class Draft(Noun):
    """inbox/<id>.yaml: a case that no person has accepted yet.

    The id is made of the input, so one input is one draft. A draft taken out of scope leaves
    triage/<id>.yaml, and the same input is not nominated again.

    output    what came back and should not come back again: the case's counterexample
    rule, why the rule that nominated it, and what it saw
    seen      how many records say it; `also`: references of those beside `source.ref` (the first)
    near      [{case | draft, similarity 0..1, how: exact | fuzzy | embedding}], the nearest first
    origin    the log it came from, as the settings or the command line call it
    source    `redactions`: [{kind, placeholder, times}] of what was taken out
    later     when a person put it off: it comes after all that nobody did
    """

    id: Id
    tier: Tier = "regression"
    input: Input
    output: str | None = None
    expected: str | Many[str] | None = None
    context: Many[Document] = items()
    vars: dict[str, Scalar] = Field(default_factory=dict)
    checks: Many[Check] = items()
    tags: Many[str] = items()
    notes: str | None = None
    system: str | None = None
    rule: str | None = None
    why: str | None = None
    priority: int = 0
    seen: int = Field(default=1, ge=1)
    also: Many[str] = items()
    near: Many[dict[str, Any]] = items()
    origin: str | None = None
    source: Source | None = None
    later: IsoTime | None = None

    @field_validator("input", mode="after")
    @classmethod
    def _input_says_something(cls, value: Any) -> Any:
        if value == "":
            raise ValueError("the input is empty: a case needs something to answer")
        return value

    @property
    def acceptable(self) -> tuple[str, ...]:
        """The answers that should have come back, none where nothing is said."""
        if self.expected is None:
            return ()
        return (self.expected,) if isinstance(self.expected, str) else self.expected

    @property
    def input_text(self) -> str:
        """The input as one text; messages as `role: content` paragraphs."""
        if isinstance(self.input, str):
            return self.input
        return "\n\n".join(f"{m.role}: {m.content or ''}" for m in self.input)


class Triage(Noun):
    """triage/<cluster>.yaml: whether a cluster of production inputs is in scope.

    centroid    its direction, packed, by which the next run knows it; embedding: what made that
    """

    cluster: Id
    scope: Literal["in", "out"]
    reason: str | None = None
    words: Many[str] = items()
    centroid: str | None = None
    embedding: str | None = None
    by: Id | None = None
    at: IsoTime | None = None
