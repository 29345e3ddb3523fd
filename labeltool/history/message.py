"""Commit messages: one readable line, and trailers that a program can read back."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field

PREFIX = "Labeltool-"
KIND, DATASET, CASE = "Labeltool-Kind", "Labeltool-Dataset", "Labeltool-Case"
ANNOTATOR, RUBRIC = "Labeltool-Annotator", "Labeltool-Rubric"
UNDOES, REDOES = "Labeltool-Undoes", "Labeltool-Redoes"

_KEY = re.compile(r"Labeltool-[A-Z][A-Za-z]*(-[A-Z][A-Za-z]*)*")
_LONGEST_SUBJECT = 200


def one_line(text: str) -> str:
    """`text` as one line without control, bidi or other unprintable characters."""
    spaced = " ".join(text.split())
    return "".join(
        char for char in spaced if unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Co", "Cn")
    ).strip()


def _tidy_body(body: str) -> str:
    lines = [one_line(line) for line in body.splitlines()]
    # A line of the body must never be taken for one of our trailers.
    quoted = [f"> {line}" if line.lower().startswith(PREFIX.lower()) else line for line in lines]
    return "\n".join(quoted).strip()


@dataclass(frozen=True, slots=True)
class CommitMessage:
    """`trailers` maps names like Labeltool-Kind to values; an empty value is left out."""

    subject: str
    body: str = ""
    trailers: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for key in self.trailers:
            if not _KEY.fullmatch(key):
                raise ValueError(f"{key!r} is no trailer of labeltool's")

    def render(self) -> str:
        subject = one_line(self.subject)[:_LONGEST_SUBJECT] or "Record a decision"
        trailers = [f"{key}: {one_line(value)}" for key, value in self.trailers.items() if value]
        parts = (subject, _tidy_body(self.body), "\n".join(trailers))
        return "\n\n".join(part for part in parts if part) + "\n"
