"""Keys taken out of text that is shown or kept. Light: errors and debug lines pass through here."""

from __future__ import annotations

import re
from collections.abc import Iterable

HIDDEN = "[key]"
_SHORTEST = 6

# The published shapes of the keys that a labelling repo comes near to.
SHAPES = re.compile(
    r"\bsk-[A-Za-z0-9_-]{16,}"  # OpenAI, Anthropic and those that copy them
    r"|\bgh[opsur]_[A-Za-z0-9]{20,}|\bgithub_pat_[A-Za-z0-9_]{20,}"
    r"|\bglpat-[A-Za-z0-9_-]{16,}"
    r"|\bAKIA[0-9A-Z]{16}\b"
    r"|\bAIza[0-9A-Za-z_-]{30,}"
    r"|\bxox[abposr]-[A-Za-z0-9-]{10,}"
    r"|\bhf_[A-Za-z0-9]{20,}"
    r"|(?i:\bbearer\s+)[A-Za-z0-9._~+/-]{12,}=*"
    r"|(?<=://)[^/\s:@]+:[^/\s@]+(?=@)"
)


def hide_keys(text: str, known: Iterable[str] = ()) -> str:
    """`text` with every one of the `known` secrets, and all that is shaped like a key, replaced.

    A known secret of fewer than six characters is left: it would take ordinary words away.
    """
    for secret in sorted(known, key=len, reverse=True):
        if len(secret) >= _SHORTEST:
            text = text.replace(secret, HIDDEN)
    return SHAPES.sub(HIDDEN, text)
