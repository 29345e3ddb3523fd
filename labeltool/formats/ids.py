"""Ids made legal: other tools name things as they like, our file names travel to every disk."""

from __future__ import annotations

import re
import unicodedata

from labeltool.model.base import is_id
from labeltool.model.hashing import text_hash
from labeltool.rules.names import is_reserved

MAX = 128

_ILLEGAL = re.compile(r"[^a-z0-9._]+")


def legal_id(text: str) -> str:
    """`text` as an id: decomposed, lower case, dashes for all else. A legal id stays as it is.

    Text with nothing to keep (`日本`) becomes its hash.
    """
    if is_id(text) and not is_reserved(text):
        return text
    plain = unicodedata.normalize("NFKD", text.casefold())
    kept = "".join(char for char in plain if not unicodedata.combining(char))
    name = _ILLEGAL.sub("-", kept).lstrip("-._")[:MAX].rstrip("-._")
    if not name:
        return text_hash(text)
    return f"id-{name}"[:MAX] if is_reserved(name) else name
