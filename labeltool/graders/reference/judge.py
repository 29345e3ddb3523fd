"""The reference judge: deterministic, offline, and blind to anything a text says about itself.

It compares the output with the expected answer, the input and the context (`features`) and maps
what it finds to each criterion's scale: by a model that `calibrate` fitted to human scores (`fit`),
else by the fixed thresholds below.
It reads words, numbers and names: it cannot tell who did what to whom, nor that "not" turns a
sentence round. How far to believe it is for human scores to say.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from labeltool.embed import Embedder, embedded, fingerprint
from labeltool.graders.reference.features import Features, features
from labeltool.graders.reference.fit import Fitted, read_fit
from labeltool.graders.reference.matching import Matcher
from labeltool.graders.reference.terms import Term, sentences
from labeltool.graders.reference.wording import rationale
from labeltool.model.rubric import Criterion, Rubric

# Part of the fingerprint: a new one whenever a score could come out differently.
VERSION = 1

# graded: the merit is 0 at the first coverage and 1 at the second, linear between. Two people who
# sum up one text share about two thirds of their facts; an input holds far more than its answer.
COVERAGE = {"expected": (0.15, 0.75), "input": (0.05, 0.45)}
# The part of the coverage that the similarity of the texts decides.
SIMILARITY_SHARE = 0.2
# binary: met from this coverage on.
MET = {"expected": 0.5, "input": 0.2}
# factual: what each finding takes from a merit of 1. Small whole numbers are often mere counts.
NUMBER, SMALL_NUMBER, NAME = 0.8, 0.4, 0.4
SMALL = 12
# Other words may be new without blame, up to this share of the facts (at least, at most so many);
# as many again cost everything. A share of the case, not of the output: padding buys nothing.
FREE_WORDS, FREE_AT_LEAST, FREE_AT_MOST = 0.2, 3.0, 8.0

QUOTES = 3
QUOTE_LENGTH = 160


@dataclass(frozen=True, slots=True)
class JudgeScores:
    """By criterion: the score, a sentence of why, and quotes that stand verbatim in the texts."""

    scores: dict[str, int] = field(default_factory=dict)
    rationale: dict[str, str] = field(default_factory=dict)
    evidence: dict[str, list[str]] = field(default_factory=dict)


class ReferenceJudge:
    """Scores every criterion that a rubric gives to a judge. Threads may share one.

    `fit`: what a calibration keeps of `calibrate`. Criteria that it does not speak of, or that were
    amended since, are scored by the fixed thresholds. Raises DataError where it is none.
    """

    kind = "reference"

    def __init__(self, embedder: Embedder | None = None, *, fit: Mapping[str, Any] | None = None):
        self._given = embedder
        self._matcher: Matcher | None = None
        self._fit = None if fit is None else read_fit(fit)

    @property
    def fingerprint(self) -> str:
        model = fingerprint() if self._given is None else self._given.fingerprint
        fitted = "" if self._fit is None else f"/fit-{self._fit.digest}"
        return f"reference-{VERSION}/{model}{fitted}"

    def measure(
        self, case_input: str, context: Sequence[str], expected: Sequence[str], output: str
    ) -> Features:
        """What all scores rest on; `context` and `expected` as in `grade`."""
        embedder = self._given or embedded()
        self._matcher = self._matcher or Matcher(embedder)
        return features(
            case_input, context, expected, output, embedder=embedder, matcher=self._matcher
        )

    def grade(
        self,
        rubric: Rubric,
        case_input: str,
        context: Sequence[str],
        expected: Sequence[str],
        output: str,
    ) -> JudgeScores:
        """`context`: the texts of the documents. `expected`: the acceptable answers, if any."""
        found = self.measure(case_input, context, expected, output)
        fitted = {} if self._fit is None else self._fit.of(rubric)
        sources = [case_input, *context]
        scores = JudgeScores()
        for criterion in rubric.criteria:
            if criterion.grader == "judge":
                score, why = scored(criterion, found, fitted.get(criterion.id))
                scores.scores[criterion.id] = score
                scores.rationale[criterion.id] = why
                scores.evidence[criterion.id] = evidence(criterion, found, output, sources)
        return scores


def scored(criterion: Criterion, found: Features, fitted: Fitted | None) -> tuple[int, str]:
    """The score, and a sentence of why; by the fixed thresholds where nothing is fitted."""
    why = rationale(criterion.kind, found)
    if fitted is None:
        return level(criterion, found), why
    met = fitted.chance(criterion, found)
    why += f"; {met:.0%} likely to be met, by a fit to {fitted.n} human scores"
    return fitted.level(criterion, found), why


def level(criterion: Criterion, found: Features) -> int:
    """The level of the criterion's scale that `found` comes to by the fixed thresholds."""
    if not found.grounded:
        return criterion.min
    if criterion.kind == "binary":
        met = found.coverage >= MET[found.against] and _free_of_blame(found) >= 0.5
        return criterion.max if met else criterion.min
    merit = _factual(found) if criterion.kind == "factual" else _graded(found)
    return criterion.min + math.floor(merit * (criterion.max - criterion.min) + 0.5)


def _graded(found: Features) -> float:
    low, high = COVERAGE[found.against]
    content = found.coverage * (1 - SIMILARITY_SHARE * (1 - found.similarity))
    ramp = min(1.0, max(0.0, (content - low) / (high - low)))
    return ramp * (0.5 + 0.5 * _free_of_blame(found))


def _factual(found: Features) -> float:
    loss = sum(SMALL_NUMBER if _is_small(number) else NUMBER for number in found.numbers)
    loss += NAME * len(found.names)
    return max(0.0, _free_of_blame(found) - loss)


def _free_of_blame(found: Features) -> float:
    """1 while no more words are new than may be, falling to 0 at twice as many."""
    free = min(FREE_AT_MOST, max(FREE_AT_LEAST, FREE_WORDS * found.facts))
    return max(0.0, 1 - max(0.0, len(found.unsupported) - free) / free)


def _is_small(number: Term) -> bool:
    return number.key.isdecimal() and int(number.key) <= SMALL


def evidence(
    criterion: Criterion, found: Features, output: str, sources: Sequence[str]
) -> list[str]:
    """factual: where the output says what no source does; else: what it left out of them."""
    if criterion.kind == "factual":
        blamed = [*found.numbers, *found.names, *found.unsupported]
        return _distinct(_quote(output, term.start, term.end) for term in blamed[:QUOTES])
    telling = sorted(found.missing, key=lambda term: term.kind == "word")
    quotes = (_quoted_from(term.shown, sources) for term in telling[:QUOTES])
    return _distinct(quote for quote in quotes if quote)


def _quoted_from(text: str, sources: Sequence[str]) -> str | None:
    """The first sentence of the sources that has `text` as a word of its own."""
    whole = re.compile(rf"(?<!\w){re.escape(text)}(?!\w)")
    for source in sources:
        match = whole.search(source)
        if match:
            return _quote(source, match.start(), match.end())
    return None


def _quote(text: str, start: int, end: int) -> str:
    """The sentence of `text` around start..end, cut to a readable length."""
    first, last = next(((a, b) for a, b in sentences(text) if a <= start < b), (start, end))
    if last - first > QUOTE_LENGTH:
        first = max(first, start - QUOTE_LENGTH // 2)
        last = max(end, min(last, first + QUOTE_LENGTH))
    return text[first:last].strip()


def _distinct(quotes: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(quotes))
