"""What an import would write down: keys are refused, personal data said, or both redacted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar

from labeltool.errors import DataError, Problem, Where
from labeltool.model.base import Noun
from labeltool.redact.finding import SECRETS, Kind
from labeltool.redact.placeholders import said
from labeltool.redact.redactor import Redactor
from labeltool.redact.scan import scan
from labeltool.store import codec

N = TypeVar("N", bound=Noun)
Secrets = Literal["block", "redact", "keep"]

_TEXTS = (
    *("input", "expected", "context", "vars", "notes", "counterexamples", "checks", "tags"),
    *("status_reason", "output", "flag", "source"),
)


@dataclass
class Screen:
    """Looks at each noun before it is written. `mode` None refuses keys, card numbers and bank
    accounts and counts personal data; "block" refuses both, "keep" counts both, "redact" puts
    placeholders in the place of both.

    kept, redacted   how many of each kind
    """

    mode: Secrets | None
    salt: str
    regions: Sequence[str]
    source: str
    kept: Counter[Kind] = field(default_factory=Counter)
    redacted: Counter[Kind] = field(default_factory=Counter)

    def passed(self, noun: N, line: int) -> N:
        """The noun to write. Raises DataError naming the line and the field."""
        texts = {name: value for name, value in codec.plain(noun).items() if name in _TEXTS}
        found = {name: counts for name, value in texts.items() if (counts := self._found(value))}
        if not found:
            return noun
        if self.mode == "redact":
            return self._redacted(noun, {name: texts[name] for name in found})
        for name, counts in found.items():
            bad = {kind: n for kind, n in counts.items() if self._refuses(kind)}
            if bad:
                hint = "say --secrets redact, or --secrets keep where it is none"
                where = Where(self.source, line, name)
                raise DataError.of([Problem(where, f"holds {said(bad)}", hint)])
            self.kept += counts
        return noun

    def _refuses(self, kind: Kind) -> bool:
        return self.mode == "block" or (self.mode is None and kind in SECRETS)

    def _found(self, value: Any) -> Counter[Kind]:
        return Counter(
            one.kind for text in _texts(value) for one in scan(text, regions=self.regions)
        )

    def _redacted(self, noun: N, texts: dict[str, Any]) -> N:
        redactor = Redactor(self.salt, None, self.regions)
        changed = noun.model_dump() | {name: redactor.value(text) for name, text in texts.items()}
        taken = redactor.taken
        for one in taken:
            self.redacted[one.kind] += one.times
        if isinstance(changed.get("source"), dict):
            changed["source"]["redactions"] = [one._asdict() for one in taken]
        fields = {name: changed[name] for name in noun.model_fields_set | {"source"} & set(changed)}
        return type(noun).model_validate(fields)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _texts(str(key))
            yield from _texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)
    elif isinstance(value, int) and abs(value) >= 10**12:
        yield str(value)
