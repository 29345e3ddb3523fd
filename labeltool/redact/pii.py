"""Personal data in text: card numbers, bank accounts, e-mail, phone, and what looks like a street.

Numbers are validated (python-stdnum, phonenumberslite), so that an order number is none of them.
Names need a language model: `names.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from labeltool.redact.finding import Finding

REGIONS = ("US",)
_MOST_PHONES = 2_000

_EMAIL = re.compile(
    r"(?<![\w.%+-])[\w.%+'-]{1,64}@(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.){1,8}[^\W\d_]{2,24}(?![\w-])"
)
_CARD = re.compile(r"(?<![\d.,])\d(?:[ \u00a0-]?\d){12,18}(?!\d)")
_CARD_START = re.compile(r"4|5[0-9]|3[0-9]|6[0-9]|2[2-7]")
_IBAN = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{2}\d{2}(?:[ \u00a0-]?[A-Za-z0-9]){11,30}")
_PHONE = re.compile(r"(?<![\w.,/-])(?:\+|00)?\(?\d(?:[ \u00a0().\-/]{0,3}\d){6,14}(?![\w-])")
_PARTED = re.compile(r"\d[ \u00a0).\-/]+\(?\d")
_DATE = re.compile(
    r"(?:19|20)\d\d[-./ ]\d\d?[-./ ]\d\d?|\d\d?[-./]\d\d?[-./](?:19|20)\d\d|\d+\.\d+"
)
_WORD = r"[A-Z\u00c0-\u00de][\w\u2019'.-]{0,30}"
_STREETS = (
    "Street|St|Avenue|Ave|Road|Rd|Boulevard|Blvd|Lane|Ln|Drive|Dr|Court|Ct|Square|Sq|Place|Pl"
    "|Terrace|Way|Parkway|Pkwy|Highway|Hwy|Close|Crescent|Row"
)
_ADDRESSES: tuple[tuple[tuple[str, ...], re.Pattern[str]], ...] = (
    (
        (),
        re.compile(
            rf"(?<![\w.,-])\d{{1,5}}[A-Za-z]?,? (?:[NSEW]\.? )?(?:{_WORD} ){{1,4}}"
            rf"(?:{_STREETS})\b\.?"
            rf"(?:,? (?:Apt|Apartment|Suite|Unit|Flat|#)\.? ?\w{{1,6}})?"
            rf"(?:, {_WORD}(?: {_WORD}){{0,2}},? [A-Z]{{2}} \d{{5}}(?:-\d{{4}})?)?"
        ),
    ),
    (
        ("stra", "str.", "gasse", "allee", "platz", "weg"),
        re.compile(
            r"(?<!\w)[A-Z\u00c0-\u00de][\w-]{0,30}(?:stra\u00dfe|strasse|str\.|gasse|allee|platz|weg)"
            r" \d{1,4} ?[a-z]?(?!\w)(?:,? \d{5} [A-Z\u00c0-\u00de]\w{1,30})?"
        ),
    ),
    (
        (" rue", " avenue", " boulevard", " place", " chemin", " all\u00e9e", " quai"),
        re.compile(
            r"(?<!\w)\d{1,4}(?: bis| ter)?,? (?:rue|avenue|boulevard|place|chemin|all\u00e9e|quai)"
            rf" (?:(?:de|du|des|la|le|les|l\u2019|l'|d') ?){{0,3}}{_WORD}"
        ),
    ),
)
_DIGITS = re.compile(r"\d(?:[^\w\n]{0,3}\d){6}")


def personal(text: str, regions: Sequence[str] = REGIONS) -> Iterator[Finding]:
    """Every such place of `text`; they may overlap. `regions`: whose national phone numbers
    count, as ISO codes; numbers with a `+` count wherever they are of.
    """
    if "@" in text:
        for found in _EMAIL.finditer(text):
            yield Finding("EMAIL", *found.span(), found[0].casefold())
    if _DIGITS.search(text):
        yield from _cards(text)
        yield from _accounts(text)
        yield from _phones(text, regions)
    for words, pattern in _ADDRESSES:
        if not words or any(word in text for word in words):
            for found in pattern.finditer(text):
                yield Finding("ADDRESS", *found.span(), " ".join(found[0].casefold().split()))


def _cards(text: str) -> Iterator[Finding]:
    from stdnum import luhn

    for found in _CARD.finditer(text):
        digits = re.sub(r"\D", "", found[0])
        if _CARD_START.match(digits) and luhn.is_valid(digits) and len(set(digits)) > 1:
            yield Finding("CARD", *found.span(), digits)


def _accounts(text: str) -> Iterator[Finding]:
    from stdnum import iban

    for found in _IBAN.finditer(text):
        # Words in capitals may follow: the longest beginning that is valid is the account.
        ends = [place.end() for place in re.finditer(r"[A-Za-z0-9](?![A-Za-z0-9])", found[0])]
        for end in reversed(ends):
            compact = re.sub(r"[^A-Za-z0-9]", "", found[0][:end]).upper()
            if 15 <= len(compact) <= 34 and iban.is_valid(compact):
                yield Finding("IBAN", found.start(), found.start() + end, compact)
                break


def _phones(text: str, regions: Sequence[str]) -> Iterator[Finding]:
    for count, found in enumerate(_PHONE.finditer(text)):
        said = found[0]
        if count >= _MOST_PHONES:
            # To validate them all would take a while; what could be one is taken for one.
            yield Finding("PHONE", *found.span(), re.sub(r"\D", "", said))
            continue
        number = _number(said, regions)
        if number is not None:
            yield Finding("PHONE", *found.span(), number)


def _number(said: str, regions: Sequence[str]) -> str | None:
    """The number as E.164, None where it is none. A national one must be written like one, in
    parts: ten digits in a row are an order number more often.
    """
    import phonenumbers

    if said.startswith("00"):
        said = "+" + said[2:]
    if said.startswith("+"):
        places: Sequence[str | None] = (None,)
    elif _PARTED.search(said) and not _DATE.match(said):
        places = regions
    else:
        return None
    for place in places:
        try:
            number = phonenumbers.parse(said, place)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(number) or (
            said.startswith("+") and phonenumbers.is_possible_number(number)
        ):
            return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return None
