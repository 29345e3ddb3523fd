"""Redaction of whole values: texts, messages, lists."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from labeltool.redact import placeholders
from labeltool.redact.names import Names
from labeltool.redact.pii import REGIONS
from labeltool.redact.placeholders import Taken
from labeltool.redact.scan import scan


@dataclass
class Redactor:
    """Replaces what a scan finds; counts what it took. One per value whose count matters.

    `salt` makes the placeholders of one dataset its own. `names` finds names (an extra).
    """

    salt: str
    names: Names | None = None
    regions: Sequence[str] = REGIONS
    counts: Counter[str] = field(default_factory=Counter)

    def text(self, text: str) -> str:
        found = scan(text, names=self.names, regions=self.regions)
        if not found:
            return text
        clean, counts = placeholders.replaced(text, found, self.salt)
        self.counts += counts
        return clean

    def value(self, value: Any) -> Any:
        """`value` with every text in it redacted, keys of mappings too; a number stays unless it
        is a card number.
        """
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, Mapping):
            return {self.value(key): self.value(item) for key, item in value.items()}
        if isinstance(value, list | tuple):
            return [self.value(item) for item in value]
        if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= 10**12:
            clean = self.text(str(value))
            return value if clean == str(value) else clean
        return value

    @property
    def taken(self) -> tuple[Taken, ...]:
        """What was taken out since the beginning, by kind."""
        return placeholders.taken(self.counts)
