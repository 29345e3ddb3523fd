"""A rubric: the versioned list of criteria that says what good means."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from labeltool.model.base import Id, IsoTime, Many, Noun, Score, items
from labeltool.model.case import Check

Grader = Literal["judge", "human", "check"]
Kind = Literal["graded", "binary", "factual"]
MAX_LEVELS = 10


class Criterion(Noun):
    id: Id
    text: str
    min: int = 0
    max: int
    levels: dict[int, str] = Field(default_factory=dict)
    kind: Kind = "graded"
    grader: Grader = "judge"
    weight: float = Field(default=1, ge=0, allow_inf_nan=False)
    pass_at: int | None = None
    required: bool = False
    tolerance: int = Field(default=0, ge=0)
    na: bool = False
    check: Check | None = None

    @model_validator(mode="before")
    @classmethod
    def _check_implies_its_grader(cls, data: Any) -> Any:
        if isinstance(data, dict) and data.get("check") is not None and "grader" not in data:
            return {**data, "grader": "check"}
        return data

    @model_validator(mode="after")
    def _scale_holds(self) -> Criterion:
        if self.max <= self.min:
            raise ValueError(f"max {self.max} is not above min {self.min}")
        if self.max - self.min + 1 > MAX_LEVELS:
            raise ValueError(f"a criterion has at most {MAX_LEVELS} levels")
        if self.pass_at is not None and not self.min <= self.pass_at <= self.max:
            raise ValueError(f"pass_at {self.pass_at} is outside {self.min}-{self.max}")
        outside = [level for level in self.levels if not self.min <= level <= self.max]
        if outside:
            raise ValueError(f"level {outside[0]} is outside {self.min}-{self.max}")
        if (self.grader == "check") != (self.check is not None):
            raise ValueError("grader: check and a check go together")
        return self

    @property
    def met_at(self) -> int:
        """The level that counts as met."""
        return self.max if self.pass_at is None else self.pass_at

    @property
    def scale(self) -> range:
        return range(self.min, self.max + 1)

    @property
    def by_hand(self) -> bool:
        """Whether people score it; a check's criterion is settled by code."""
        return self.grader != "check"

    def allows(self, score: Score) -> bool:
        """Whether `score` is an answer to this criterion."""
        if score == "na":
            return self.na
        return not isinstance(score, bool) and score in self.scale


class Stable(Noun):
    """Where agreement must stand before the rubric is called stable."""

    alpha: float = Field(default=0.8, ge=0, le=1)
    agreement: float = Field(default=0.9, ge=0, le=1)


class Change(Noun):
    """One changelog entry: `changed` names the criteria whose labels go stale."""

    version: int = Field(ge=1)
    date: IsoTime | None = None
    changed: Many[Id] = items()
    reason: str | None = None
    cases: Many[Id] = items()


class Rubric(Noun):
    name: Id
    version: int = Field(ge=1)
    task: str | None = None
    pass_mark: float = Field(default=0.8, ge=0, le=1)
    stable: Stable = Field(default_factory=Stable)
    criteria: Annotated[Many[Criterion], Field(min_length=1)]
    changelog: Many[Change] = items()

    @model_validator(mode="after")
    def _ids_are_unique(self) -> Rubric:
        seen: set[str] = set()
        for criterion in self.criteria:
            if criterion.id in seen:
                raise ValueError(f"two criteria are called {criterion.id}")
            seen.add(criterion.id)
        for change in self.changelog:
            if change.version > self.version:
                raise ValueError(
                    f"the changelog names version {change.version}, above {self.version}"
                )
        return self

    @property
    def ref(self) -> str:
        return f"{self.name}@{self.version}"

    @property
    def by_hand(self) -> tuple[Criterion, ...]:
        """The criteria that people score."""
        return tuple(criterion for criterion in self.criteria if criterion.by_hand)

    def criterion(self, id: str) -> Criterion | None:
        return next((c for c in self.criteria if c.id == id), None)

    def changed_since(self, version: int) -> frozenset[str]:
        """Criteria amended after `version`: what was said of them under it is stale."""
        return frozenset(
            id for change in self.changelog if change.version > version for id in change.changed
        )


def ref_parts(ref: str) -> tuple[str, int]:
    """('support-summary', 2) of 'support-summary@2'."""
    name, _, version = ref.rpartition("@")
    return name, int(version)
