"""labeltool.yaml as values: systems, judges, annotators, weights."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, field_validator

from labeltool.model.base import Id, Many, Noun, items
from labeltool.model.promote import PromoteRule

Weight = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Tokens = Annotated[float, Field(ge=0, allow_inf_nan=False)]
LogKind = Literal[
    "jsonl",
    "csv",
    "otlp",
    "openinference",
    "langfuse",
    "openai",
    "github-issue",
    "text",
    "results",
]
Seconds = Annotated[float, Field(gt=0, allow_inf_nan=False)]


class Price(Noun):
    """USD per million tokens."""

    input: Tokens = 0
    output: Tokens = 0


class PythonSystem(Noun):
    kind: Literal["python"]
    call: Annotated[str, Field(pattern=r"^[^:]+:[A-Za-z_][A-Za-z0-9_.]*$")]
    params: dict[str, Any] = Field(default_factory=dict)
    timeout_s: Seconds = 60
    price: Price | None = None


class OpenAISystem(Noun):
    kind: Literal["openai"]
    model: str
    prompt: str
    base_url: str | None = None
    api_key_env: str = "OPENAI_API_KEY"
    params: dict[str, Any] = Field(default_factory=dict)
    timeout_s: Seconds = 60
    price: Price | None = None


class CommandSystem(Noun):
    kind: Literal["command"]
    run: Annotated[Many[str], Field(min_length=1)]
    env: Many[str] = items()
    timeout_s: Seconds = 60
    price: Price | None = None


class HttpSystem(Noun):
    kind: Literal["http"]
    url: Annotated[str, Field(pattern=r"^https?://")]
    headers_env: dict[str, str] = Field(default_factory=dict)
    timeout_s: Seconds = 60
    price: Price | None = None


class RecordedSystem(Noun):
    kind: Literal["recorded"] = "recorded"
    price: Price | None = None


System = Annotated[
    PythonSystem | OpenAISystem | CommandSystem | HttpSystem | RecordedSystem,
    Field(discriminator="kind"),
]


class ReferenceJudge(Noun):
    kind: Literal["reference"] = "reference"


class OpenAIJudge(Noun):
    """`template`: a file for every rubric, or {rubric: file} with the built-in one for the rest."""

    kind: Literal["openai"]
    model: str
    base_url: str | None = None
    api_key_env: str = "OPENAI_API_KEY"
    template: str | dict[Id, str] | None = None
    per: Literal["output", "criterion"] = "output"
    examples: Many[Id] = items()
    params: dict[str, Any] = Field(default_factory=dict)
    timeout_s: Seconds = 60
    price: Price | None = None

    def template_for(self, rubric: str) -> str | None:
        """The file of its template for that rubric; None: the built-in one."""
        return self.template.get(rubric) if isinstance(self.template, dict) else self.template


Judge = Annotated[ReferenceJudge | OpenAIJudge, Field(discriminator="kind")]


def _embedded_judge() -> dict[str, Judge]:
    return {"default": ReferenceJudge()}


class StaticEmbeddings(Noun):
    """The embedded model: no network, about ten thousand texts a second."""

    kind: Literal["static"] = "static"


class MiniLMEmbeddings(Noun):
    """Extra `embed`: better at paraphrase, about seventy texts a second."""

    kind: Literal["minilm"]


class OpenAIEmbeddings(Noun):
    kind: Literal["openai"]
    model: str
    base_url: str | None = None
    api_key_env: str = "OPENAI_API_KEY"
    timeout_s: Seconds = 60


Embeddings = Annotated[
    StaticEmbeddings | MiniLMEmbeddings | OpenAIEmbeddings, Field(discriminator="kind")
]


class Weighed(Noun):
    """A criterion of the decision matrix that is no rate: 1 at `target`, 0 at `limit`."""

    weight: Weight
    target: float | None = Field(default=None, allow_inf_nan=False)
    limit: float | None = Field(default=None, allow_inf_nan=False)


class Comparison(Noun):
    """Rows of the decision matrix by name: a weight, for what is no rate with target and limit.
    `constraints`: what rules a system out whatever its total, as `latency_p95_ms <= 400`.
    """

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, Weight | Weighed] = Field(init=False)

    constraints: Many[str] = items()

    @property
    def rows(self) -> dict[str, float | Weighed]:
        return dict(self.__pydantic_extra__)


class Branches(Noun):
    push_default: bool = False
    prefix: str = "labels/"


class PromoteSource(Noun):
    """A log by name. `map`: {field of a record: column}; `path` is relative to the workspace."""

    kind: LogKind | None = None
    path: str | None = None
    map: dict[str, str] = Field(default_factory=dict)
    system: str | None = None


class Promote(Noun):
    """`cap`: drafts per source and day; `regions`: whose national phone numbers are redacted."""

    rules: Many[PromoteRule] = items()
    sources: dict[Id, PromoteSource] = Field(default_factory=dict)
    cap: int = Field(default=20, ge=1)
    regions: Many[Annotated[str, Field(pattern=r"^[A-Z]{2}$")]] = Field(default=("US",))


class Settings(Noun):
    dataset: Id | None = None
    annotators: dict[Id, Many[str]] = Field(default_factory=dict)
    systems: dict[Id, System] = Field(default_factory=dict)
    judges: dict[Id, Judge] = Field(default_factory=_embedded_judge)
    compare: Comparison = Field(default_factory=Comparison)
    branches: Branches = Field(default_factory=Branches)
    promote: Promote = Field(default_factory=Promote)
    spot_check: int = Field(default=0, ge=0)
    embeddings: Embeddings = Field(default_factory=StaticEmbeddings)

    @field_validator("judges", mode="after")
    @classmethod
    def _some_judge_always_stands(cls, value: dict[str, Judge]) -> dict[str, Judge]:
        return value or _embedded_judge()
