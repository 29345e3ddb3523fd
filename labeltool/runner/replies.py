"""Replies kept by what they depend on: a run that asks the same again does not pay again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from labeltool.cachefile import CacheFile
from labeltool.model.case import Document
from labeltool.model.hashing import canonical_json
from labeltool.model.output import Usage
from labeltool.systems.base import Answer

NAME = "replies.sqlite"


class Replies:
    """`.labeltool/replies.sqlite`. A key holds the asker's fingerprint, the request and the number
    of the repeat: a repeat is never served another repeat's reply.

    A reply is on its way to the disk before the next call is made; where the file cannot be read
    or written, everything is asked anew. The file is opened when it is first asked for something.
    """

    def __init__(self, folder: Path):
        self._path = folder / NAME
        self._opened: CacheFile | None = None

    @property
    def _file(self) -> CacheFile:
        if self._opened is None:
            self._opened = CacheFile(self._path)
        return self._opened

    def close(self) -> None:
        if self._opened is not None:
            self._opened.close()

    def answer(self, fingerprint: str, request: str, repeat: int) -> Answer | None:
        """The answer that was kept, without its latency: it was measured on another day."""
        found = self.get(fingerprint, request, repeat)
        if found is None:
            return None
        usage = found.get("usage")
        return Answer(
            output=found["output"],
            context=tuple(Document.model_validate(one) for one in found.get("context", ())),
            usage=None if usage is None else Usage.model_validate(usage),
            finish_reason=found.get("finish_reason"),
            cached=True,
        )

    def keep(self, fingerprint: str, request: str, repeat: int, answer: Answer) -> None:
        kept: dict[str, Any] = {"output": answer.output, "finish_reason": answer.finish_reason}
        if answer.context:
            kept["context"] = [one.model_dump() for one in answer.context]
        if answer.usage is not None:
            kept["usage"] = answer.usage.model_dump()
        self.put(fingerprint, request, repeat, kept)

    def get(self, fingerprint: str, request: str, repeat: int) -> dict[str, Any] | None:
        """The JSON object that was put; None where there is none or it is damaged."""
        found = self._file.get(_key(fingerprint, request, repeat), fingerprint)
        try:
            value = None if found is None else json.loads(found)
        except ValueError:
            return None
        return value if isinstance(value, dict) else None

    def put(self, fingerprint: str, request: str, repeat: int, value: dict[str, Any]) -> None:
        text = json.dumps(value, ensure_ascii=False)
        self._file.put([(_key(fingerprint, request, repeat), fingerprint, text)])


def _key(fingerprint: str, request: str, repeat: int) -> str:
    from hashlib import sha256

    return sha256(canonical_json([fingerprint, request, repeat]).encode()).hexdigest()
