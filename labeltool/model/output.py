"""What one system answered to one case, and what that cost."""

from __future__ import annotations

from pydantic import ConfigDict, Field

from labeltool.model.base import Id, IsoTime, Many, Noun, RubricRef, Score, items
from labeltool.model.case import Document


class Usage(Noun):
    """Tokens of one answer. Providers add fields of their own; they are left out."""

    model_config = ConfigDict(extra="ignore")

    input_tokens: int = Field(default=0, ge=0)
    output_tokens: int = Field(default=0, ge=0)


class Judged(Noun):
    """What a judge said of an output before people were asked: who labels it does not see it."""

    judge: Id
    fingerprint: str
    rubric: RubricRef
    scores: dict[Id, Score]


class Output(Noun):
    """A recorded output. `of` is the live system that made it. judged: of a spot check."""

    case: Id
    system: Id
    of: Id | None = None
    fingerprint: str | None = None
    output: str
    context: Many[Document] = items()
    finish_reason: str | None = None
    usage: Usage | None = None
    latency_ms: float | None = Field(default=None, ge=0, allow_inf_nan=False)
    recorded_at: IsoTime | None = None
    judged: Judged | None = None
