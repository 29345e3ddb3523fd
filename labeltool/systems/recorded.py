"""A snapshot: outputs read from git, one file per case."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from labeltool.errors import LabeltoolError
from labeltool.model.case import Case
from labeltool.model.output import Output
from labeltool.systems.base import Answer, SystemFailure


@dataclass(frozen=True)
class RecordedSystem:
    """`read` gives the recorded output of a case id, None where there is none.

    A snapshot never changes, so its name says everything that would change its answers.
    """

    name: str
    read: Callable[[str], Output | None]
    kind: Literal["recorded"] = "recorded"
    live: Literal[False] = False

    @property
    def fingerprint(self) -> str:
        return f"recorded:{self.name}"

    def request(self, case: Case) -> None:
        """It is kept already."""

    async def answer(self, case: Case) -> Answer:
        try:
            found = self.read(case.id)
        except LabeltoolError as error:
            raise SystemFailure("bad_output", str(error)) from None
        if found is None:
            raise SystemFailure("no_output", f"snapshot {self.name} holds no output for this case")
        return Answer(found.output, found.context, found.usage, found.finish_reason)

    async def close(self) -> None:
        return
