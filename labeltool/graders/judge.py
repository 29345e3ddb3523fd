"""A judge that any OpenAI-compatible model can be, asked once an output (or once a criterion)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

from labeltool.config import OpenAIJudge as Settings
from labeltool.errors import DataError, Where
from labeltool.graders import prompt, prompt_schema
from labeltool.graders.asking import Asker
from labeltool.graders.prompt import Graded, Marker
from labeltool.graders.prompt_schema import FORMATS, Format
from labeltool.graders.reply import Verdict, read
from labeltool.llm.chat import Reply
from labeltool.llm.endpoint import Endpoint
from labeltool.model.hashing import canonical_json, text_hash
from labeltool.model.rubric import Criterion, Rubric
from labeltool.template import TemplateFailure, Text

BUILT_IN = "the built-in template"


@dataclass(frozen=True, slots=True)
class Template:
    """The text that tells a judge its task, and the file that it is from."""

    text: str = prompt.TEMPLATE
    path: str = BUILT_IN


@dataclass(frozen=True, slots=True)
class Judged:
    """A verdict and what it cost: the replies to every call that was made."""

    verdict: Verdict
    spent: tuple[Reply, ...]


@dataclass(frozen=True, slots=True)
class _Asked:
    """One call: the criteria it is about, its first message, the reply's shape."""

    criteria: tuple[Criterion, ...]
    system: str
    formats: Mapping[Format, Mapping[str, Any]]


class ModelJudge:
    """Knows the rubric it judges by. The fingerprint holds the server, the model, the parameters,
    the template and the examples; the rubric's words are not in it: a calibration names its
    version, and `request` holds them.
    """

    kind: Literal["openai"] = "openai"

    def __init__(
        self,
        settings: Settings,
        rubric: Rubric,
        endpoint: Endpoint,
        *,
        where: Where,
        template: Template | None = None,
        examples: Sequence[Mapping[str, Any]] = (),
        marker: Marker | None = None,
    ):
        """where: of the settings. examples: scored outputs to show, as plain values. marker: gives
        each call's fence. Raises DataError where the parameters or the template do not serve.
        """
        self._asker = Asker(settings, endpoint, where=where)
        self._marker = marker or prompt.marker_for(settings.params)
        self._examples = prompt.shown_examples(examples)
        template = template or Template()
        judged = tuple(c for c in rubric.criteria if c.grader == "judge")
        each = [(c,) for c in judged] if settings.per == "criterion" else [judged]
        self._asked = _asked(template, rubric, [criteria for criteria in each if criteria])
        made_of = {
            **self._asker.made_of,
            "version": prompt.VERSION,
            "per": settings.per,
            "template": text_hash(template.text),
            "said": text_hash(canonical_json([prompt.RULES, prompt.HOW, self._examples])),
        }
        self.fingerprint = f"openai:{text_hash(canonical_json(made_of))}"
        self._said = canonical_json([text_hash(one.system) for one in self._asked])

    @property
    def calls(self) -> int:
        """How many one output takes, where none needs a repair."""
        return len(self._asked)

    def request(self, graded: Graded) -> str:
        """All that a verdict depends on beside the fingerprint: the rubric's words and the texts,
        not the fence, which is another one with each call.
        """
        return f"{self._said}\n{graded.data}"

    async def judge(self, graded: Graded) -> Judged:
        """One verdict over all the criteria. Raises JudgeFailure."""
        verdict = Verdict()
        spent: list[Reply] = []
        for one in self._asked:
            question = prompt.question(graded, one.criteria, self._marker(graded.data))
            verdict = verdict.with_(
                await self._asker.ask(
                    one.system,
                    self._examples + question,
                    one.formats,
                    partial(read, criteria=one.criteria, quotable=graded.quotable),
                    spent,
                )
            )
        return Judged(verdict, tuple(spent))

    async def close(self) -> None:
        await self._asker.close()


def _asked(
    template: Template, rubric: Rubric, each: Sequence[tuple[Criterion, ...]]
) -> tuple[_Asked, ...]:
    compiled = Text(template.text, path=template.path)
    try:
        return tuple(
            _Asked(criteria, prompt.instructions(compiled, rubric, criteria), _formats(criteria))
            for criteria in each
        )
    except TemplateFailure as failure:
        raise DataError(
            f"cannot be filled in: {failure.message}",
            hint="a judge's template may use task, rubric, criteria and ids; the case and the "
            "output come after it, in a message of their own",
            where=Where(template.path, line=failure.line),
        ) from None


def _formats(criteria: Sequence[Criterion]) -> dict[Format, dict[str, Any]]:
    schemas = {
        wanted: prompt_schema.grades(criteria, bounded=wanted == "bounded") for wanted in FORMATS
    }
    return {
        wanted: prompt_schema.response_format(wanted, "grades", schema)
        for wanted, schema in schemas.items()
    }
