"""What the reference judge measures of one output, before any criterion is looked at.

A sentence of the output earns something only where it stands on the sources (input, context,
expected answers): a sentence addressed to the grader has no words in common with them, so it
covers nothing and moves no similarity. What it adds can only count against the output.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from labeltool.graders.reference.matching import Matcher, distinct, weight
from labeltool.graders.reference.terms import Term, sentences, terms

if TYPE_CHECKING:
    from labeltool.embed.embedder import Embedder

# Cosine from which another word stands for a fact of the expected answer ("doctor", "physician").
SAME_MEANING = 0.6
# Cosine from which a word of the output follows from a word of the sources.
SUPPORTED = 0.45
# A sentence counts where more than this share of its facts, by weight, is supported.
GROUNDED = 0.5
# An answer that covers less of what is expected than this is no answer: "RESOLVED", "I can't".
SAYS_SOMETHING = 0.1
# Words in a row that count as one thing said, or as copied where the input has the same row.
ROW = 3

_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Features:
    """Measured of one output; shares are 0..1, texts verbatim, in order of appearance.

    against       what coverage and similarity are measured against
    grounded      whether the output says anything that stands on the sources; if not, it earned
                  nothing on any criterion
    coverage      share of the facts (content words; numbers and names count double) of the
                  expected answer, of the input where none is expected, that the output has
    facts         how many those are; `missing` are the ones that the output lacks
    similarity    cosine of the embedded texts: grounded part of the output, and `against`
    unsupported   words of the output that nothing in the sources means
    numbers, names                those of the output that stand nowhere in the sources; days of
                  the week and months count as numbers
    novelty       share of the output's own facts, weighted as in coverage, that are unsupported
    said          how many distinct rows of three words its sentences on the sources have: more
                  text, but no repetition and nothing that is addressed to the grader
    copied        share of those rows that stand in the input word by word
    """

    against: Literal["expected", "input"]
    grounded: bool
    coverage: float
    facts: int
    missing: tuple[Term, ...]
    similarity: float
    unsupported: tuple[Term, ...]
    numbers: tuple[Term, ...]
    names: tuple[Term, ...]
    novelty: float
    said: int
    copied: float

    @property
    def covered(self) -> int:
        return self.facts - len(self.missing)


def features(
    case_input: str,
    context: Sequence[str],
    expected: Sequence[str],
    output: str,
    *,
    embedder: Embedder,
    matcher: Matcher,
) -> Features:
    """Measures `output` against the acceptable answer it covers best, or against the input."""
    known = {source: _known_terms(source) for source in (case_input, *context, *expected)}
    given = [term for found in known.values() for term in found]
    own = terms(output)
    foreign = matcher.without(distinct(own), given, SUPPORTED)
    kept = _grounded(output, own, foreign, telling=_telling(known[answer] for answer in expected))
    text = "\n".join(output[start:end] for start, end, _ in kept)
    counted = terms(text)
    targets = list(expected) or [case_input]
    covers = [_covered(target, known[target], text, counted, matcher) for target in targets]
    best = max(range(len(targets)), key=lambda at: covers[at].share)
    near = embedder.embed([text, targets[best]])
    rows = {row for start, end, telling in kept if telling for row in _rows(output[start:end])}
    return Features(
        against="expected" if expected else "input",
        grounded=covers[best].share >= SAYS_SOMETHING if expected else bool(counted),
        coverage=covers[best].share,
        facts=covers[best].facts,
        missing=covers[best].missing,
        similarity=min(1.0, max(0.0, round(float(near[0] @ near[1]), 4))),
        unsupported=_of_kind("word", foreign),
        numbers=_of_kind("number", foreign),
        names=_of_kind("name", foreign),
        novelty=round(weight(foreign) / weight(distinct(own)), 4) if own else 0.0,
        said=len(rows),
        copied=round(len(rows & _known_rows(case_input)) / len(rows), 4) if rows else 0.0,
    )


@dataclass(frozen=True, slots=True)
class _Covered:
    share: float
    facts: int
    missing: tuple[Term, ...]


def _covered(
    target: str, found: list[Term], text: str, counted: list[Term], matcher: Matcher
) -> _Covered:
    facts = distinct(found)
    if not facts:
        # "No." or "Yes, we can": stop words only, so the words themselves are compared.
        same = bool(target.strip()) and _plain(target) == _plain(text)
        return _Covered(float(same), 1, ())
    missing = matcher.without(facts, counted, SAME_MEANING)
    return _Covered(round(1 - weight(missing) / weight(facts), 4), len(facts), tuple(missing))


def _telling(expected: Iterable[list[Term]]) -> set[str]:
    """Names and long numbers of the expected answers: nobody hits on one by chance."""
    found = (term for answer in expected for term in answer)
    return {t.key for t in found if t.kind == "name" or (t.kind == "number" and len(t.key) > 2)}


def _grounded(
    output: str, own: list[Term], foreign: list[Term], *, telling: set[str]
) -> list[tuple[int, int, bool]]:
    """(start, end, holds a fact) of the sentences of `output` that stand on the sources, answer
    with a `telling` term, or hold no fact at all.
    """
    unknown = {term.key for term in foreign}
    kept = []
    for start, end in sentences(output):
        facts = distinct([term for term in own if start <= term.start < end])
        lost = weight([fact for fact in facts if fact.key in unknown])
        known = lost < (1 - GROUNDED) * weight(facts)
        if not facts or known or any(fact.key in telling for fact in facts):
            kept.append((start, end, bool(facts)))
    return kept


# Several outputs of one case come one after another where a judge is measured.
@lru_cache(maxsize=16)
def _known_terms(source: str) -> list[Term]:
    return terms(source)


@lru_cache(maxsize=4)
def _known_rows(source: str) -> frozenset[tuple[str, ...]]:
    return frozenset(_rows(source))


def _rows(text: str) -> Iterable[tuple[str, ...]]:
    words = [word.group().casefold() for word in _WORD.finditer(text)]
    return zip(*(words[at:] for at in range(ROW)), strict=False)


def _of_kind(kind: str, found: list[Term]) -> tuple[Term, ...]:
    return tuple(term for term in found if term.kind == kind)


def _plain(text: str) -> str:
    return " ".join("".join(c if c.isalnum() else " " for c in text.casefold()).split())
