"""What one system answered to one case, and what that cost."""

from __future__ import annotations

from pydantic import ConfigDict, Field

from labeltool.model.base import Id, IsoTime, Many, Noun, items
from labeltool.model.case import Document


class Usage(Noun):
    """Tokens of one answer. Providers add fields of their own; they are left out."""

    model_config = ConfigDict(extra="ignore")

    input_tokens: int = Field(default=0, ge=0)
    output_tokens: int = Field(default=0, ge=0)


class Output(Noun):
    """A recorded output. `of` is the live system that made it."""

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
