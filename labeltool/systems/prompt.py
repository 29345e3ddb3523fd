"""A prompt file: a text is one user message, a YAML file a list of {role, content}."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from labeltool.errors import DataError, StorageError, UnknownName, UsageError, Where
from labeltool.model.case import Case
from labeltool.model.hashing import text_hash
from labeltool.store import files
from labeltool.store.yaml import parse_list
from labeltool.systems.base import SystemFailure, payload
from labeltool.template import TemplateFailure, Text

ROLES = ("system", "developer", "user", "assistant")
YAML = (".yaml", ".yml")


@dataclass(frozen=True)
class Prompt:
    """Compiled. `hash` changes with every character of the file."""

    path: str
    hash: str
    messages: tuple[tuple[str, Text], ...]

    def fill(self, case: Case) -> list[dict[str, Any]]:
        """The messages for `case`. Raises SystemFailure where it lacks what they ask for."""
        values = _values(case)
        try:
            return [
                {"role": role, "content": template.fill(values)} for role, template in self.messages
            ]
        except TemplateFailure as failure:
            raise SystemFailure(
                "system", f"{self.path} cannot be filled in: {failure.message}"
            ) from None


def read_prompt(root: Path, path: str, *, where: Where) -> Prompt:
    """The prompt at `path` below `root`. Raises DataError at `where` when it is not there, at its
    own line when it is no prompt.
    """
    try:
        data = files.read_if_there(root, path)
    except (DataError, StorageError, UsageError) as error:
        raise DataError(error.message, hint=error.hint, where=error.where or where) from None
    if data is None:
        raise DataError(
            f"there is no file {path}", hint="write the prompt there, or mend the path", where=where
        )
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        raise DataError("is not UTF-8", hint="save it as UTF-8", where=Where(path)) from None
    if path.endswith(YAML):
        messages = tuple(_messages(data, path))
    else:
        messages = (("user", Text(text, path=path)),)
    return Prompt(path, text_hash(text), messages)


def _messages(data: bytes, path: str) -> list[tuple[str, Text]]:
    found = parse_list(data, path=path)
    if not found:
        raise DataError(
            "holds no message",
            hint="write `- role: user` and `content: ...` for each message",
            where=Where(path),
        )
    messages: list[tuple[str, Text]] = []
    for place, one in enumerate(found):
        where = Where(path, field=str(place))
        if not isinstance(one, dict) or set(one) != {"role", "content"}:
            raise DataError(
                "a message is {role, content}", hint="write both, and nothing else", where=where
            )
        if one["role"] not in ROLES:
            unknown = UnknownName("role", str(one["role"]), ROLES)
            raise DataError(unknown.message, hint=unknown.hint, where=where)
        if not isinstance(one["content"], str):
            raise DataError("`content` is no text", hint="quote it, or use |", where=where)
        messages.append((one["role"], Text(one["content"], path=path)))
    return messages


def _values(case: Case) -> Mapping[str, Any]:
    """What a template may use: what every system sees, and the input as one text, since messages
    put into a text as they are would show their braces.
    """
    return {**payload(case), "input_text": case.input_text}
