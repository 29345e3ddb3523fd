"""Placeholders for what was taken out: the same person stays the same person in a dataset."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from labeltool.redact.finding import KINDS, WORDS, Finding, Kind

PLACEHOLDER = re.compile(rf"\[(?:{'|'.join(KINDS)})_[0-9a-f]{{4}}\]")


class Taken(NamedTuple):
    """How often one thing was taken out, and what stands in its place."""

    kind: Kind
    placeholder: str
    times: int


def placeholder(finding: Finding, salt: str) -> str:
    """`[EMAIL_1a2b]`: a keyed hash of 16 bits. It tells one address from another and says none:
    thousands of addresses share it.
    """
    digest = hmac.new(salt.encode(), f"{finding.kind}:{finding.same}".encode(), hashlib.sha256)
    return f"[{finding.kind}_{digest.hexdigest()[:4]}]"


def replaced(text: str, findings: Sequence[Finding], salt: str) -> tuple[str, Counter[str]]:
    """`text` with a placeholder for each finding (in order, apart), and how often each stands."""
    parts: list[str] = []
    counts: Counter[str] = Counter()
    at = 0
    for finding in findings:
        name = placeholder(finding, salt)
        counts[name] += 1
        parts += [text[at : finding.start], name]
        at = finding.end
    return "".join([*parts, text[at:]]), counts


def taken(counts: Mapping[str, int]) -> tuple[Taken, ...]:
    """The counts by kind, in the order of kinds."""
    listed = [Taken(_kind(name), name, count) for name, count in counts.items()]
    return tuple(sorted(listed, key=lambda one: (KINDS.index(one.kind), one.placeholder)))


def said(counts: Mapping[Any, int]) -> str:
    """`2 e-mail addresses, 1 key or token` from {kind: n} or {placeholder: n}."""
    kinds: Counter[Kind] = Counter()
    for name, count in counts.items():
        kinds[name if name in WORDS else _kind(name)] += count
    ordered = sorted(kinds.items(), key=lambda item: KINDS.index(item[0]))
    return ", ".join(f"{count} {_several(WORDS[kind], count)}" for kind, count in ordered)


def _kind(name: str) -> Kind:
    return next(kind for kind in KINDS if name.startswith(f"[{kind}_"))


def _several(word: str, count: int) -> str:
    if count == 1:
        return word
    return {"key or token": "keys or tokens"}.get(
        word, f"{word}es" if word.endswith("s") else f"{word}s"
    )
