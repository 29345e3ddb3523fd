"""One scan for all that must not be written down."""

from __future__ import annotations

from collections.abc import Sequence

from labeltool.redact.finding import KINDS, SECRETS, Finding
from labeltool.redact.names import Names
from labeltool.redact.pii import REGIONS, personal
from labeltool.redact.placeholders import PLACEHOLDER
from labeltool.redact.secrets import secrets

_WEIGHT = {kind: place for place, kind in enumerate(KINDS)}


def scan(
    text: str, *, names: Names | None = None, regions: Sequence[str] = REGIONS
) -> list[Finding]:
    """Keys, cards, accounts, addresses and the like in `text`, in order, none inside another.

    Where two overlap the one that is worse to keep stands for both: a key before an e-mail.
    Placeholders of an earlier redaction are no finding.
    """
    if not text:
        return []
    found = [*secrets(text), *personal(text, regions), *(names(text) if names else ())]
    if not found:
        return []
    ours = [match.span() for match in PLACEHOLDER.finditer(text)]
    found = [one for one in found if not any(_meet(one, *span) for span in ours)]
    return _apart(found)


def only_secrets(findings: Sequence[Finding]) -> list[Finding]:
    """Keys, cards and accounts: what is never kept."""
    return [one for one in findings if one.kind in SECRETS]


def _meet(one: Finding, start: int, end: int) -> bool:
    return one.start < end and start < one.end


def _apart(found: Sequence[Finding]) -> list[Finding]:
    """Overlaps become one finding from the first's start to the last's end."""
    apart: list[Finding] = []
    for one in sorted(set(found), key=lambda f: (f.start, _WEIGHT[f.kind], -f.end)):
        if apart and one.start < apart[-1].end:
            last = apart[-1]
            worse = min(last, one, key=lambda f: _WEIGHT[f.kind])
            apart[-1] = worse._replace(start=last.start, end=max(last.end, one.end))
        else:
            apart.append(one)
    return apart
