"""Words that mean the same to the reference judge in English, German, French and Spanish."""

from __future__ import annotations

from functools import cache
from pathlib import Path

NUMBER_WORDS = {
    word: str(value)
    for value, words in enumerate(
        (
            "two zwei deux dos",
            "three drei trois tres",
            "four vier quatre cuatro",
            "five fünf cinq cinco",
            "six sechs seis",
            "seven sieben sept siete",
            "eight acht huit ocho",
            "nine neun neuf nueve",
            "ten zehn dix diez",
            "eleven elf onze once",
            "twelve zwölf douze doce",
        ),
        start=2,
    )
    for word in words.split()
}
DAYS = (
    "monday montag lundi lunes",
    "tuesday tue dienstag mardi martes",
    "wednesday wed mittwoch mercredi miércoles",
    "thursday thu donnerstag jeudi jueves",
    "friday fri freitag vendredi viernes",
    "saturday samstag sonnabend samedi sábado",
    "sunday sonntag dimanche domingo",
)
# "May" is left out: it is mostly a verb.
MONTHS = (
    "january jan januar janvier enero",
    "february feb februar février febrero",
    "march märz mars marzo",
    "april apr avril abril",
    "mai mayo",
    "june jun juni juin junio",
    "july jul juli juillet julio",
    "august aug août agosto",
    "september sep sept septembre septiembre",
    "october oct oktober octobre octubre",
    "november nov novembre noviembre",
    "december dec dezember décembre diciembre",
)
# One key for a day or a month in any of the languages; compared by value, like a number.
CALENDAR = {
    name: f"{unit}-{value}"
    for unit, rows in (("day", DAYS), ("month", MONTHS))
    for value, names in enumerate(rows, start=1)
    for name in names.split()
}
CALENDAR_KEYS = frozenset(CALENDAR.values())
ENDINGS = (
    "ements", "ations", "ation", "ement", "ments", "ment", "ingly", "ings", "ing", "ies", "ied",
    "edly", "ed", "ly", "es", "en", "ern", "er", "em", "e", "s", "y", "n",
)  # fmt: skip


@cache
def stop_words() -> frozenset[str]:
    """Words of grammar and of mere telling ("asks", "reports") in four languages."""
    beside = Path(__file__).with_name("stop_words.txt")
    return frozenset(beside.read_text(encoding="utf-8").split())
