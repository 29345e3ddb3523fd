"""A question to a model whose answer code must be able to read: one repair, then a failure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from labeltool.config import OpenAIJudge as Settings
from labeltool.errors import DataError, Where
from labeltool.graders.prompt_schema import FORMATS, Format
from labeltool.graders.reply import BadReplyError
from labeltool.llm.chat import OURS, Reply, chat
from labeltool.llm.endpoint import OPENAI_URL, Endpoint
from labeltool.llm.failure import CallFailure

A = TypeVar("A")
SAID_BACK_CHARS = 20_000


class JudgeFailure(Exception):
    """No verdict on this output. `message`: one line; `spent`: the replies that were paid for all
    the same; `replied`: the last call had one; `fatal`: no other output will get a verdict.
    """

    def __init__(self, message: str, spent: Sequence[Reply], *, replied: bool, fatal: bool = False):
        super().__init__(message)
        self.message = message
        self.spent = tuple(spent)
        self.replied = replied
        self.fatal = fatal


class Asker:
    """One model on one server. Learns which response format the server has, and keeps to it."""

    def __init__(self, settings: Settings, endpoint: Endpoint, *, where: Where):
        """`where`: of these settings. Raises DataError for parameters that do not serve."""
        for name in sorted(OURS.union({"response_format"}).intersection(settings.params)):
            raise DataError(
                f"`{name}` is not for params",
                hint="the model has its own field; labeltool sends the rest itself",
                where=Where(where.path, field=f"{where.field}.params.{name}"),
            )
        self._settings = settings
        self._endpoint = endpoint
        self._format = FORMATS.index("json_schema") if endpoint.url == OPENAI_URL else 0

    @property
    def made_of(self) -> dict[str, Any]:
        """What of it may change a verdict."""
        settings = self._settings
        return {
            "url": self._endpoint.url,
            "model": settings.model,
            "params": settings.params,
        }

    async def ask(
        self,
        system: str,
        user: str,
        formats: Mapping[Format, Mapping[str, Any]],
        read: Callable[[str], A],
        spent: list[Reply],
    ) -> A:
        """What `read` makes of the reply. Where it raises BadReplyError the model is told why and
        asked once more. Every reply is added to `spent`. Raises JudgeFailure.
        """
        messages: list[dict[str, Any]] = [
            {"role": "system", "content": system},
            {"role": "user", "content": user},
        ]
        reply = await self._reply(messages, formats, spent)
        try:
            return read(reply.text)
        except BadReplyError as error:
            why = f"That cannot be used: {error}. Answer again with the whole JSON object alone."
            said = {"role": "assistant", "content": reply.text[:SAID_BACK_CHARS]}
            messages += [said, {"role": "user", "content": why}]
        reply = await self._reply(messages, formats, spent)
        try:
            return read(reply.text)
        except BadReplyError as error:
            cut = " (it was cut off: raise params.max_tokens)" if _is_cut(reply) else ""
            message = f"the judge's reply cannot be used, nor could its repair: {error}{cut}"
            raise JudgeFailure(message, spent, replied=True) from None

    async def close(self) -> None:
        await self._endpoint.close()

    async def _reply(
        self,
        messages: Sequence[Mapping[str, Any]],
        formats: Mapping[Format, Mapping[str, Any]],
        spent: list[Reply],
    ) -> Reply:
        while True:
            tried = self._format
            try:
                reply = await chat(
                    self._endpoint,
                    model=self._settings.model,
                    messages=messages,
                    params=self._settings.params,
                    deadline_s=self._settings.timeout_s,
                    response_format=formats[FORMATS[tried]],
                )
            except CallFailure as failure:
                if failure.no_format and tried + 1 < len(FORMATS):
                    # Calls under way at once find out together: one step, not one each.
                    self._format = max(self._format, tried + 1)
                    continue
                raise self._failed(failure, spent) from None
            spent.append(reply)
            return reply

    def _failed(self, failure: CallFailure, spent: Sequence[Reply]) -> JudgeFailure:
        if failure.no_format:
            message = (
                f"{self._endpoint.url} takes neither a JSON schema nor JSON mode, and a judge "
                f"needs one of them ({failure.message})"
            )
            return JudgeFailure(message, spent, replied=False, fatal=True)
        message = f"the judge failed: {failure.message}"
        return JudgeFailure(message, spent, replied=False, fatal=failure.fatal)


def _is_cut(reply: Reply) -> bool:
    return reply.finish_reason == "length"
