"""Keys, tokens and passwords in text: detect-secrets' patterns, and those it does not have.

Its entropy, keyword and IP address plugins are left out: they take ordinary words and numbers for
secrets. Its JWT and npm patterns take minutes on hostile text, ours do not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from labeltool.redact.finding import Finding
from labeltool.redact.keys import SHAPES

_LEFT_OUT = frozenset(
    {"high_entropy_strings", "keyword", "ip_public"}  # false alarms
    | {"jwt", "npm"}  # slow on hostile text
    | {"private_key", "basic_auth"}  # ours take the whole of it
)

_BLOCK = re.compile(
    r"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----"
    r"(?:(?!-----END )[\s\S]){0,16384}+(?:-----END [A-Z0-9 ]{0,40}-----)?"
    r"|PuTTY-User-Key-File-\d[\s\S]{0,8192}+"
)
_MORE = re.compile(
    r"(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{8,}+\.[A-Za-z0-9_=-]{8,}+(?:\.[A-Za-z0-9_=-]*+)?"  # JWT
    r"|\bya29\.[A-Za-z0-9_-]{20,}+"  # Google OAuth
    r"|\bGOCSPX-[A-Za-z0-9_-]{20,}+"
    r"|\b(?:A3T[A-Z0-9]|ABIA|ACCA|ASIA)[0-9A-Z]{16}\b"  # AWS, beside AKIA
    r"|\bnpm_[A-Za-z0-9]{30,}+"
    r"|(?<=:_authToken=)[^\s]{16,}+"
    r"|\bdop_v1_[a-f0-9]{40,}+"
    r"|\bshp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}"
    r"|\b(?:sk|rk|pk|whsec)_(?:live_|test_)?[A-Za-z0-9]{20,}+"  # Stripe and those that copy it
    r"|\b(?:gsk|xai|r8|pplx|tvly|nvapi|lsv2_[a-z]{2})[_-][A-Za-z0-9_-]{20,}+"
    r"|\bhttps://hooks\.slack\.com/services/[A-Za-z0-9/_-]{20,}+"
    r"|\bhttps://[a-z.]*discord(?:app)?\.com/api/webhooks/[0-9]+/[A-Za-z0-9_-]{30,}+"
)
# `password=...`: taken for one where the value has letters and digits, as words have not.
_SAID = re.compile(
    r"(?i:(?:pass(?:word|wd|phrase)|\bpwd|secret(?:[_-]?(?:access[_-]?)?key)?|api[_-]?key"
    r"|(?:access|auth|refresh|bearer)[_-]?token|client[_-]?secret|account[_-]?key))"
    r"[\"']?\s{0,3}(?:=>|:=|[:=])\s{0,3}[\"']?(?P<value>[^\s\"',;<>&\[\]{}]{8,512})"
)
_MIXED = re.compile(r"(?=.*[A-Za-z])(?=.*[0-9])")


# Most text holds nothing that could be a key: a long run without spaces, a login in an address.
_LONG = re.compile(
    r"[A-Za-z0-9_+/=.~-]{12,}"
    r"|://[^\s/@]{3,}@|[Bb]earer\s|BEARER\s"
)
_UNLIKE_WORDS = re.compile(r"[0-9:\s]|[A-Za-z]{15}")
_AROUND = 100
_SAYS = ("pass", "pwd", "secret", "key", "token")


def secrets(text: str) -> Iterator[Finding]:
    """Every key, token, password and private key of `text`; they may overlap."""
    if "KEY" in text or "Key" in text:
        for block in _BLOCK.finditer(text):
            yield Finding("PRIVATE_KEY", *block.span(), block[0])
    for start, end in _windows(text):
        for found in _keys(text[start:end]):
            yield found._replace(start=start + found.start, end=start + found.end)
    lower = text.casefold() if len(text) < 1 << 16 else "key"
    if any(word in lower for word in _SAYS):
        for said in _SAID.finditer(text):
            if _MIXED.match(said["value"]):
                yield Finding("KEY", *said.span("value"), said["value"])


def _windows(text: str) -> Iterator[tuple[int, int]]:
    """The parts of `text` that are worth a look, with what stands around them."""
    start = end = -1
    for found in _LONG.finditer(text):
        if not _UNLIKE_WORDS.search(found[0]):
            continue  # long-winded-words.or/a/path
        first, last = max(0, found.start() - _AROUND), min(len(text), found.end() + _AROUND)
        if first <= end:
            end = last
            continue
        if end >= 0:
            yield start, end
        start, end = first, last
    if end >= 0:
        yield start, end


def _keys(text: str) -> Iterator[Finding]:
    for pattern in (SHAPES, _MORE):
        for found in pattern.finditer(text):
            yield Finding("KEY", *found.span(), found[0])
    for pattern in _library():
        for found in pattern.finditer(text):
            # A pattern with one group says with it which part is the secret.
            group = 1 if pattern.groups == 1 and len(found[1] or "") >= 20 else 0
            start, end = found.span(group)
            while start < end and text[start] in ' \t\n"=:':
                start += 1
            yield Finding("KEY", start, end, text[start:end])


@cache
def _library() -> tuple[re.Pattern[str], ...]:
    """The compiled patterns of detect-secrets' plugins (0.3 s to import: only where text is
    scanned).
    """
    import importlib
    import pkgutil

    from detect_secrets import plugins
    from detect_secrets.plugins.base import RegexBasedDetector

    found: dict[str, re.Pattern[str]] = {}
    for module in pkgutil.iter_modules(plugins.__path__):
        if module.name in _LEFT_OUT:
            continue
        for kind in vars(importlib.import_module(f"{plugins.__name__}.{module.name}")).values():
            if isinstance(kind, type) and issubclass(kind, RegexBasedDetector):
                patterns = getattr(kind, "denylist", ())
                if not isinstance(patterns, property):
                    found |= {one.pattern: one for one in patterns}
    return tuple(found.values())
