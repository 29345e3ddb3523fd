"""What a scan finds: a kind and a place. The text itself stays where it is."""

from __future__ import annotations

from typing import Literal, NamedTuple, get_args

Kind = Literal["PRIVATE_KEY", "KEY", "CARD", "IBAN", "EMAIL", "PHONE", "ADDRESS", "NAME"]
KINDS: tuple[Kind, ...] = get_args(Kind)
SECRETS: frozenset[Kind] = frozenset({"PRIVATE_KEY", "KEY", "CARD", "IBAN"})
"""What nobody ever means to put into a repository; the others are personal data."""

WORDS: dict[Kind, str] = {
    "PRIVATE_KEY": "private key",
    "KEY": "key or token",
    "CARD": "card number",
    "IBAN": "bank account",
    "EMAIL": "e-mail address",
    "PHONE": "phone number",
    "ADDRESS": "street address",
    "NAME": "name",
}
"""How a screen says each kind."""


class Finding(NamedTuple):
    """`text[start:end]` is of that kind. `same` is what makes two spellings one thing: digits
    only, lower case. It is as secret as the text: neither is ever shown.
    """

    kind: Kind
    start: int
    end: int
    same: str

    def __repr__(self) -> str:
        return f"Finding({self.kind}, {self.start}:{self.end})"
