"""One part of a run, chosen by case id alone: every machine agrees on it without talking."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

from labeltool.errors import UsageError

MOST = 10_000
_WRITTEN = re.compile(r"([1-9]\d{0,4})/([1-9]\d{0,4})")


@dataclass(frozen=True, slots=True)
class Shard:
    """The `number`th of `of` parts, counted from 1."""

    number: int
    of: int

    @classmethod
    def parse(cls, text: str) -> Shard:
        """From `2/8`. Raises UsageError."""
        found = _WRITTEN.fullmatch(text)
        if found is None or not int(found[1]) <= int(found[2]) <= MOST:
            raise UsageError(
                f"{text!r} is no shard",
                hint=f"say --shard I/N with 1 <= I <= N <= {MOST:,}, for example --shard 2/8",
            )
        return cls(int(found[1]), int(found[2]))

    def __str__(self) -> str:
        return f"{self.number}/{self.of}"

    def takes(self, case: str) -> bool:
        """Whether the case of this id is in this part. A case added later moves no other."""
        digest = hashlib.sha256(case.encode()).digest()
        return int.from_bytes(digest[:8]) % self.of == self.number - 1
