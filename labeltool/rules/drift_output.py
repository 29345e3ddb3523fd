"""Faults of one output that can be told without a judge, and how long outputs are."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping

from labeltool.model.drift import Kind
from labeltool.model.record import Record
from labeltool.rules.drift_text import language
from labeltool.rules.promote import TRUNCATED

_A_DOUBLING, _DOUBLINGS = 8, 24
_EDGES = tuple(2 ** (at / _A_DOUBLING) for at in range(_A_DOUBLING * _DOUBLINGS))
"""Of lengths: eight to a doubling, so that a quantile is good to a tenth."""
_FILTERED = frozenset({"content_filter", "safety", "refusal", "blocked", "recitation"})
_DO = "help|assist|provide|answer|comply|fulfil|do that|support|share|discuss|respond|create"
_REFUSAL = re.compile(
    r"\b(?:i|we)(?:'m| am|'re| are)? (?:really |very |so )?"
    rf"(?:sorry|unable|not able|cannot|can't|can not|won't)\b.{{0,60}}?\b(?:{_DO})"
    r"|\bas an ai\b"
    r"|\btut mir leid,? (?:aber )?.{0,40}\bnicht\b|\bkann ich (?:leider )?nicht\b"
    r"|\bje ne peux pas\b|\bno puedo (?:ayudar|proporcionar|responder)"
    r"|\bnon posso (?:aiutar|fornire)|\bn\u00e3o posso (?:ajudar|fornecer)",
    re.DOTALL,
)

_HINTS = ("sorry", "able", "not", "'t", "as an ai", "leid", "nicht", "ne peux", "puedo", "posso")
"""One of these stands in whatever the pattern finds, which costs more."""


def faults(record: Record, asked_in: str | None) -> dict[Kind, bool]:
    """{kind: whether the output has it} of the kinds that this record could show.

    asked_in: the input's language. A record without an output shows none but a truncation.
    """
    found: dict[Kind, bool] = {}
    reason = (record.finish_reason or "").casefold()
    if reason:
        found["truncated"] = reason in TRUNCATED
    output = record.output
    if output is None:
        return found
    empty = not output.strip()
    found["empty"] = empty
    if record.expects == "json":
        found["invalid_json"] = not _is_json(output)
    if empty:
        return found
    found["refusal"] = reason in _FILTERED or _refuses(output[:240])
    if asked_in is not None and record.expects != "json":
        answered_in = language(output)
        if answered_in is not None:
            found["language"] = answered_in != asked_in
    return found


def _refuses(head: str) -> bool:
    plain = head.replace("\u2019", "'").lower()
    return any(word in plain for word in _HINTS) and _REFUSAL.search(plain) is not None


def _is_json(text: str) -> bool:
    from pydantic_core import from_json

    try:
        from_json(text, allow_inf_nan=False)
    except ValueError:
        return False
    return True


def length_bin(characters: int) -> int:
    """Which bin a length falls into; bin 0 is of one character or none."""
    return bisect_right(_EDGES, max(1, characters)) - 1


def length_of(bin: int) -> int:
    """The middle of a bin, in characters."""
    return round((_EDGES[bin] + _EDGES[min(bin + 1, len(_EDGES) - 1)]) / 2)


def quantile(bins: Mapping[int, int], share: float) -> int:
    """The bin below or in which `share` of the outputs lie. bins: {bin: outputs}, not empty."""
    total, below = sum(bins.values()), 0
    for bin in sorted(bins):
        below += bins[bin]
        if below >= share * total:
            return bin
    return max(bins)
