"""Systems that any OpenAI-compatible server answers for, through a prompt file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from labeltool.config import OpenAISystem as Settings
from labeltool.errors import DataError, Where
from labeltool.llm.chat import OURS, chat
from labeltool.llm.endpoint import Endpoint
from labeltool.llm.failure import CallFailure
from labeltool.model.case import Case
from labeltool.model.hashing import canonical_json, text_hash
from labeltool.model.output import Usage
from labeltool.systems.base import Answer, SystemFailure, as_text
from labeltool.systems.prompt import read_prompt


class OpenAISystem:
    """A model with its prompt. The fingerprint holds the server, the model, the prompt's text and
    the parameters.
    """

    kind: Literal["openai"] = "openai"
    live: Literal[True] = True

    def __init__(
        self, name: str, settings: Settings, root: Path, endpoint: Endpoint, *, where: Where
    ):
        """`where`: of these settings. Raises DataError for a prompt or parameters that do not
        serve.
        """
        _check_params(settings.params, where)
        self.name = name
        self._settings = settings
        self._endpoint = endpoint
        self._prompt = read_prompt(root, settings.prompt, where=_below(where, "prompt"))
        made_of = {
            "url": endpoint.url,
            "model": settings.model,
            "prompt": self._prompt.hash,
            "params": settings.params,
        }
        self.fingerprint = f"openai:{text_hash(canonical_json(made_of))}"

    def request(self, case: Case) -> str:
        """All of the case that the reply depends on: the messages. Raises SystemFailure."""
        return canonical_json(self._prompt.fill(case))

    async def answer(self, case: Case) -> Answer:
        messages = self._prompt.fill(case)
        try:
            reply = await chat(
                self._endpoint,
                model=self._settings.model,
                messages=messages,
                params=self._settings.params,
                deadline_s=self._settings.timeout_s,
            )
        except CallFailure as failure:
            raise SystemFailure.of(failure) from None
        counted = reply.input_tokens is not None or reply.output_tokens is not None
        usage = Usage(input_tokens=reply.input_tokens or 0, output_tokens=reply.output_tokens or 0)
        return Answer(
            as_text(reply.text),
            usage=usage if counted else None,
            finish_reason=reply.finish_reason,
            latency_ms=reply.latency_ms,
            attempts=reply.attempts,
        )

    async def close(self) -> None:
        await self._endpoint.close()


def _check_params(params: Mapping[str, Any], where: Where) -> None:
    for name in sorted(OURS.intersection(params)):
        raise DataError(
            f"`{name}` is not for params",
            hint="the model has its own field; labeltool sends messages, stream and n itself",
            where=_below(where, f"params.{name}"),
        )


def _below(where: Where, field: str) -> Where:
    return Where(where.path, field=f"{where.field}.{field}" if where.field else field)
