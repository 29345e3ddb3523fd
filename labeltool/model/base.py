"""What every noun shares: strict fields, frozen values, null means left out."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, Strict, StringConstraints, model_validator

ID_PATTERN = r"[a-z0-9](?:[a-z0-9._-]{0,126}[a-z0-9_-])?"
_ID = re.compile(ID_PATTERN)

T = TypeVar("T")

Id = Annotated[str, StringConstraints(pattern=rf"^{ID_PATTERN}$")]
RubricRef = Annotated[str, StringConstraints(pattern=rf"^{ID_PATTERN}@[1-9][0-9]{{0,5}}$")]
ShortHash = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{12}$")]
IsoTime = Annotated[
    str,
    StringConstraints(
        pattern=r"^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"
        r"([T ]([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})?)?$"
    ),
]
Many = Annotated[tuple[T, ...], Strict(False)]
Scalar = str | int | float | bool | None
Score = int | Literal["na"]
Tier = Literal["golden", "adversarial", "regression"]
TIERS: tuple[Tier, ...] = ("golden", "adversarial", "regression")


def is_id(text: str) -> bool:
    """Whether `text` may name a case, system, annotator, rubric or dataset."""
    return _ID.fullmatch(text) is not None


class Noun(BaseModel):
    """Base of all file-shaped values. A null field counts as left out."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid", validate_default=False)

    @model_validator(mode="before")
    @classmethod
    def _null_is_left_out(cls, data: Any) -> Any:
        if isinstance(data, dict) and None in data.values():
            return {key: value for key, value in data.items() if value is not None}
        return data


def items() -> Any:
    """Default of a `Many` field."""
    return Field(default=())
