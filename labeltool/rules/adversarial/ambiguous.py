"""What the request needs, left out: a good answer asks for it and makes nothing up."""

from __future__ import annotations

import re
from random import Random

from labeltool.model.case import Case, Check
from labeltool.rules.adversarial.change import Change, NotHereError, asked, everything, with_asked

_DETAIL = re.compile(
    r"(?:\b(?:EUR|USD|GBP|CHF) ?|[#\u2116$\u20ac\u00a3] ?)?"
    r"(?<![\w@])\w[\w.,/:+-]*\d[\w.,/:+-]*(?<![.:,-])%?(?!\w*@)|(?<![\w@])\d(?![\w@])"
)
_NAME = re.compile(r"(?<=[\w,;] )[A-Z][^\W\d_]+(?: [A-Z][^\W\d_]+)*")
_SENTENCE = re.compile(r"[^.!?\n]+[.!?]*\s*")
_FEWEST_WORDS = 5
_MOST_GONE = 2
_TELLING = 3
"""Characters of what tells something: a single figure may be right for another reason."""
_HOLDS = (
    "Changed: what the case expects cannot be known from this. A good answer says what is missing "
    "or asks for it, and makes nothing up."
)


def ambiguous(case: Case, random: Random) -> Change:
    """A figure or identifier left out, one that is expected where there is one; else a name; else a
    sentence; else its second half. What is gone and can be known from nowhere else must not stand
    in an answer.
    """
    text = asked(case.input)
    expected = "\n".join(case.acceptable)
    left, gone = _without(text, _DETAIL, expected, random)
    what = "a figure or identifier" if len(gone) == 1 else "figures and identifiers"
    if not gone:
        left, gone = _without(text, _NAME, expected, random)
        what = "a name" if len(gone) == 1 else "names"
    if not gone:
        left, gone, what = _cut(text, random)
    if len(left.split()) < 2:
        raise NotHereError("nothing would be left of it")
    shown = ", ".join(gone)
    about = f"{what} left out: {shown[:80]}{'...' if len(shown) > 80 else ''}"
    changed = with_asked(case.input, left)
    checks = tuple(_guesses(case, gone, left))
    return Change(changed, about, _HOLDS, expected=(), keep=False, checks=checks)


def _without(
    text: str, pattern: re.Pattern[str], expected: str, random: Random
) -> tuple[str, list[str]]:
    """`text` without a few of what the pattern finds, wherever they stand."""
    found = list(dict.fromkeys(one[0] for one in pattern.finditer(text)))
    told = [one for one in found if len(_bare(one)) >= _TELLING and _bare(one) in expected]
    longest = max((len(one) for one in found), default=0)
    pool = told or [one for one in found if len(one) == longest]
    gone = random.sample(pool, min(len(pool), _MOST_GONE))
    gone.sort(key=found.index)
    left = pattern.sub(lambda one: "" if one[0] in gone else one[0], text)
    left = re.sub(r"[ \t]+(?=[ \t.,;:!?)\n]|$)", "", re.sub(r"\([ \t]*\)", "", left))
    return left.strip(), gone


def _bare(detail: str) -> str:
    return re.sub(r"^(?:EUR|USD|GBP|CHF|[#\u2116$\u20ac\u00a3])? ?", "", detail)


def _cut(text: str, random: Random) -> tuple[str, list[str], str]:
    sentences = [found[0] for found in _SENTENCE.finditer(text) if found[0].strip()]
    if len(sentences) > 1:
        place = random.randrange(len(sentences))
        rest = sentences[:place] + sentences[place + 1 :]
        return "".join(rest).strip(), [sentences[place].strip()], "a sentence"
    words = text.split()
    if len(words) < _FEWEST_WORDS:
        raise NotHereError("it is too short to leave anything out")
    half = len(words) // 2
    return f"{' '.join(words[:half])}...", [" ".join(words[half:])], "its second half"


def _guesses(case: Case, gone: list[str], left: str) -> list[Check]:
    """Checks for what was left out and is expected, but can no longer be known."""
    bare = case.model_copy(
        update={"input": with_asked(case.input, left), "expected": None, "checks": ()}
    )
    known = everything(bare).casefold()
    said = "\n".join(case.acceptable).casefold()
    guessed = [_bare(one) for one in gone if len(_bare(one)) >= _TELLING]
    wrong = [one for one in guessed if one.casefold() in said and one.casefold() not in known]
    return [
        Check(kind="not_contains", value=one, id=f"not_guessed_{number}")
        for number, one in enumerate(wrong, 1)
    ]
