"""Which of two outputs is better, said by a judge that sees both in one order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any, Literal, get_args

from labeltool.config import OpenAIJudge as Settings
from labeltool.errors import DataError, Where
from labeltool.graders import pair_prompt, prompt, prompt_schema
from labeltool.graders.asking import Asker
from labeltool.graders.judging import Judge
from labeltool.graders.prompt import Marker
from labeltool.graders.prompt_schema import FORMATS
from labeltool.graders.reply import BadReplyError, fields, prose
from labeltool.llm.chat import Reply
from labeltool.llm.endpoint import Endpoint
from labeltool.model.hashing import canonical_json, text_hash
from labeltool.model.rubric import Rubric
from labeltool.rules.scoring import normalised

Winner = Literal["first", "second", "tie"]
WINNERS: tuple[Winner, ...] = get_args(Winner)
TIE_WITHIN = 0.05
"""Of two normalised scores (0..1) of the reference judge: so near is no difference."""


@dataclass(frozen=True)
class Pair:
    """Two outputs of one case, in the order in which they are shown: texts that nobody vouches
    for. `contexts`: (id, text) of the documents that each system looked up itself.
    """

    input: str | Sequence[Mapping[str, Any]]
    context: Sequence[tuple[str, str]]
    expected: Sequence[str]
    first: str
    second: str
    contexts: tuple[Sequence[tuple[str, str]], Sequence[tuple[str, str]]] = ((), ())

    @cached_property
    def data(self) -> str:
        found: dict[str, Any] = {"input": self.input}
        if self.context:
            found["documents"] = _documents(self.context)
        if self.expected:
            found["expected"] = list(self.expected)
        for name, documents in zip(("first", "second"), self.contexts, strict=True):
            if documents:
                found[f"documents_of_{name}"] = _documents(documents)
        return prompt.as_data({**found, "first": self.first, "second": self.second})


@dataclass(frozen=True, slots=True)
class Chosen:
    """The better one of a pair, why, and the replies that it took."""

    winner: Winner
    rationale: str
    spent: tuple[Reply, ...] = ()


class ModelPairJudge:
    """A model that compares. The fingerprint holds what that of `ModelJudge` does, for pairs."""

    kind: Literal["openai"] = "openai"

    def __init__(
        self,
        settings: Settings,
        rubric: Rubric,
        endpoint: Endpoint,
        *,
        where: Where,
        marker: Marker | None = None,
    ):
        """Raises DataError for parameters, or a rubric, that a judge of pairs has no use for."""
        self._asker = Asker(settings, endpoint, where=where)
        self._marker = marker or prompt.marker_for(settings.params)
        self._criteria = tuple(c for c in rubric.criteria if c.grader == "judge")
        if not self._criteria:
            raise nothing_to_judge(rubric)
        self._system = pair_prompt.instructions(rubric, self._criteria)
        schema = {wanted: _schema(bounded=wanted == "bounded") for wanted in FORMATS}
        self._formats = {
            wanted: prompt_schema.response_format(wanted, "choice", schema[wanted])
            for wanted in FORMATS
        }
        said = [pair_prompt.TEMPLATE, pair_prompt.RULES, prompt.HOW]
        made_of = {
            **self._asker.made_of,
            "version": pair_prompt.VERSION,
            "said": text_hash(canonical_json(said)),
        }
        self.fingerprint = f"openai-pair:{text_hash(canonical_json(made_of))}"

    def request(self, pair: Pair) -> str:
        """All that a choice depends on beside the fingerprint."""
        return f"{text_hash(self._system)}\n{pair.data}"

    async def choose(self, pair: Pair) -> Chosen:
        """Raises JudgeFailure."""
        spent: list[Reply] = []
        user = pair_prompt.question(pair.data, self._criteria, self._marker(pair.data))
        chosen = await self._asker.ask(self._system, user, self._formats, read_choice, spent)
        return Chosen(chosen.winner, chosen.rationale, tuple(spent))

    async def close(self) -> None:
        await self._asker.close()


class ReferencePairJudge:
    """A judge that computes compares its own scores of the two; the order plays no part."""

    def __init__(self, inner: Judge, rubric: Rubric):
        """Raises DataError for a rubric without a criterion for a judge."""
        if not any(c.grader == "judge" for c in rubric.criteria):
            raise nothing_to_judge(rubric)
        self._inner = inner
        self._rubric = rubric
        self.fingerprint = f"{inner.fingerprint}/pair-{TIE_WITHIN}"

    @property
    def kind(self) -> str:
        return self._inner.kind

    def choose(self, pair: Pair, *, input_text: str) -> Chosen:
        """`input_text`: the input as one text."""
        score = partial(self._score, pair, input_text)
        first, second = score(pair.first, pair.contexts[0]), score(pair.second, pair.contexts[1])
        winner: Winner = "first" if first > second else "second"
        if abs(first - second) <= TIE_WITHIN + 1e-9:
            winner = "tie"
        return Chosen(winner, f"its own scores of them are {first:.2f} and {second:.2f}")

    def _score(
        self, pair: Pair, input_text: str, output: str, own: Sequence[tuple[str, str]]
    ) -> float:
        documents = [text for _, text in (*pair.context, *own)]
        said = self._inner.grade(self._rubric, input_text, documents, pair.expected, output)
        return normalised(self._rubric, said.scores).score or 0.0


def read_choice(text: str) -> Chosen:
    """Raises BadReplyError for anything but a winner and why."""
    found = fields(text, ("winner", "rationale"))
    if found["winner"] not in WINNERS:
        raise BadReplyError('the winner is none of "first", "second" and "tie"')
    return Chosen(found["winner"], prose(found["rationale"], "of the choice"))


def nothing_to_judge(rubric: Rubric) -> DataError:
    return DataError(
        f"rubric {rubric.name} has no criterion for a judge",
        hint="give one `grader: judge`",
        where=Where(f"rubrics/{rubric.name}.yaml"),
    )


def _schema(*, bounded: bool) -> dict[str, Any]:
    return prompt_schema.closed(
        {
            "rationale": prompt_schema.text(bounded=bounded),
            "winner": {"type": "string", "enum": list(WINNERS)},
        }
    )


def _documents(documents: Sequence[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"id": id, "text": text} for id, text in documents]
