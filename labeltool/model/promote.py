"""A rule of `promote:`: what is a failure that is worth a person's look."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, field_validator, model_validator

from labeltool.model.base import Id, Many, Noun, Tier, items

Finite = Annotated[float, Field(allow_inf_nan=False)]


class PromoteRule(Noun):
    """What is a failure: all that is said must hold. `cap` is per source and day."""

    name: Id | None = None
    feedback: Literal["negative"] | None = None
    truncated: Literal[True] | None = None
    invalid_json: Literal[True] | None = None
    empty: Literal[True] | None = None
    error: Literal[True] | None = None
    pattern: str | None = Field(default=None, min_length=1, max_length=10_000)
    within: Literal["output", "input", "notes"] = "output"
    score_under: dict[str, Finite] = Field(default_factory=dict)
    sample: float | None = Field(default=None, gt=0, le=1, allow_inf_nan=False)
    systems: Many[str] = items()
    sources: Many[str] = items()
    priority: int = Field(default=0, ge=-1000, le=1000)
    cap: int | None = Field(default=None, ge=1)
    tier: Tier | None = None
    tags: Many[str] = items()

    @field_validator("pattern", mode="after")
    @classmethod
    def _is_a_pattern(cls, value: str | None) -> str | None:
        if value is not None:
            import regex

            try:
                regex.compile(value)
            except (regex.error, OverflowError, RecursionError) as error:
                raise ValueError(f"holds no regular expression: {error}") from None
        return value

    @model_validator(mode="after")
    def _says_something(self) -> PromoteRule:
        said = (self.feedback, self.truncated, self.invalid_json, self.empty, self.error)
        if not any((*said, self.pattern, self.score_under, self.sample)):
            raise ValueError(
                "says no condition: feedback, truncated, invalid_json, empty, error, pattern, "
                "score_under or sample"
            )
        return self
