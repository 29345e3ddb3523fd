"""A case: one input with what a good answer must hold."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, Strict, field_validator

from labeltool.model.base import Id, IsoTime, Many, Noun, Scalar, ShortHash, Tier, items

CheckKind = Literal[
    "max_words",
    "min_words",
    "max_chars",
    "contains",
    "not_contains",
    "regex",
    "not_regex",
    "equals",
    "json_valid",
    "json_schema",
    "similarity",
]
Status = Literal["active", "open", "quarantined", "retired"]


class Message(Noun):
    role: str
    content: str | None = None
    tool_calls: list[Any] | None = None


class Document(Noun):
    """A text that the answer may rest on."""

    id: str
    text: str


class Check(Noun):
    """A deterministic grader of one case or criterion. `value` depends on the kind."""

    kind: CheckKind
    value: Any = None
    id: str | None = None

    @property
    def name(self) -> str:
        return self.id or self.kind


class Verified(Noun):
    """A person has read input and expected; `hash` is `hashing.verified_hash`."""

    by: Id
    at: IsoTime | None = None
    hash: ShortHash | None = None


class Source(Noun):
    """Where a case came from. `seen`: how many records say it; `also`: references of those beside
    `ref`, the first.
    """

    kind: Literal["hand", "production", "bug_report", "drift", "generated", "import"]
    ref: str | None = None
    date: IsoTime | None = None
    link: str | None = None
    redactions: Any = None
    seen: int = Field(default=1, ge=1)
    also: Many[str] = items()


class Case(Noun):
    id: Id
    tier: Tier
    input: str | Annotated[tuple[Message, ...], Strict(False), Field(min_length=1)]
    expected: str | Annotated[tuple[str, ...], Strict(False), Field(min_length=1)] | None = None
    context: Many[Document] = items()
    vars: dict[str, Scalar] = Field(default_factory=dict)
    checks: Many[Check] = items()
    counterexamples: Many[str] = items()
    rubric_version: int | None = Field(default=None, ge=1)
    tags: Many[str] = items()
    notes: str | None = None
    status: Status = "active"
    until: IsoTime | None = None
    status_reason: str | None = None
    verified: Verified | None = None
    source: Source | None = None

    @field_validator("input", mode="after")
    @classmethod
    def _input_says_something(cls, value: Any) -> Any:
        if value == "":
            raise ValueError("the input is empty: a case needs something to answer")
        return value

    @property
    def acceptable(self) -> tuple[str, ...]:
        """The acceptable answers, none when nothing is expected."""
        if self.expected is None:
            return ()
        return (self.expected,) if isinstance(self.expected, str) else self.expected

    @property
    def input_text(self) -> str:
        """The input as one text; messages as `role: content` paragraphs."""
        if isinstance(self.input, str):
            return self.input
        return "\n\n".join(f"{m.role}: {m.content or ''}" for m in self.input)
