"""Which records are failures worth a person's look, and how much."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from labeltool.model.base import Tier
from labeltool.model.promote import PromoteRule
from labeltool.model.record import Record

if TYPE_CHECKING:
    import regex

SECONDS = 0.2
"""A pattern may take so long on one record."""
TRUNCATED = frozenset({"length", "max_tokens", "max_output_tokens", "model_length", "truncated"})

DEFAULT_RULES: tuple[PromoteRule, ...] = (
    PromoteRule(name="negative-feedback", feedback="negative", priority=30),
    PromoteRule(name="failed-case", score_under={"passed": 1}, priority=30),
    PromoteRule(name="invalid-json", invalid_json=True, priority=20),
    PromoteRule(name="truncated", truncated=True, priority=20),
    PromoteRule(name="empty", empty=True, priority=10),
)
"""What is a failure where `promote: {rules: []}` says nothing."""
REPORTED = PromoteRule(name="reported", sample=1, priority=100)
"""What a person reported, or said by hand, is nominated whatever the rules."""


@dataclass(frozen=True, slots=True)
class Nomination:
    """Why a record may become a draft. `cap`: the rule's own, where it has one."""

    rule: str
    why: str
    priority: int
    tier: Tier | None = None
    tags: tuple[str, ...] = ()
    cap: int | None = None


@dataclass
class Nominator:
    """Asks every rule; the one of the highest priority speaks, the first among equals.

    `slow` counts records on which a pattern took too long: they were taken for not matching.
    """

    rules: Sequence[PromoteRule]
    source: str = ""
    slow: int = 0
    _named: list[tuple[str, PromoteRule]] = field(default_factory=list)

    def __post_init__(self) -> None:
        ordered = sorted(self.rules, key=lambda rule: -rule.priority)
        self._named = [
            (rule.name or _name(rule), rule)
            for rule in ordered
            if not rule.sources or self.source in rule.sources
        ]

    def nominate(self, record: Record) -> Nomination | None:
        """None where no rule takes the record for a failure."""
        for name, rule in self._named:
            why = self._why(rule, record)
            if why is not None:
                return Nomination(name, why, rule.priority, rule.tier, rule.tags, rule.cap)
        return None

    def _why(self, rule: PromoteRule, record: Record) -> str | None:
        """What the rule saw; None where something that it asks for does not hold."""
        if rule.systems and record.system not in rule.systems:
            return None
        seen: list[str] = []
        for asked, look in _LOOKS:
            if asked(rule):
                said = look(rule, record)
                if said is None:
                    return None
                seen.append(said)
        # The costly one last.
        if rule.pattern is not None:
            text = getattr(record, rule.within)
            if not self._matches(rule.pattern, text if isinstance(text, str) else str(text or "")):
                return None
            seen.append(f"the {rule.within} matches {rule.pattern[:80]}")
        return ", ".join(seen)

    def _matches(self, pattern: str, text: str) -> bool:
        try:
            return compiled(pattern).search(text, timeout=SECONDS) is not None
        except TimeoutError:
            self.slow += 1
            return False


@lru_cache(maxsize=64)
def compiled(pattern: str) -> regex.Pattern[str]:
    import regex

    return regex.compile(pattern)


def sampled(id: str, rate: float) -> bool:
    """Whether `id` is of the share `rate`, 0..1: always the same for the same id, and who is in a
    small sample is in a larger one.
    """
    digest = hashlib.sha256(id.encode("utf-8", "surrogatepass")).digest()
    return int.from_bytes(digest[:8], "big") < rate * 2**64


def _feedback(rule: PromoteRule, record: Record) -> str | None:
    return "the feedback is negative" if record.feedback == -1 else None


def _truncated(rule: PromoteRule, record: Record) -> str | None:
    if record.finish_reason is not None and record.finish_reason.casefold() in TRUNCATED:
        return f"it was cut off ({record.finish_reason})"
    return None


def _invalid_json(rule: PromoteRule, record: Record) -> str | None:
    if record.expects != "json" or record.output is None:
        return None
    from pydantic_core import from_json

    try:
        from_json(record.output, allow_inf_nan=False)
    except ValueError:
        return "the output is no JSON"
    return None


def _empty(rule: PromoteRule, record: Record) -> str | None:
    return (
        "the output is empty" if record.output is not None and not record.output.strip() else None
    )


def _error(rule: PromoteRule, record: Record) -> str | None:
    return f"it failed: {record.error[:120]}" if record.error is not None else None


def _score(rule: PromoteRule, record: Record) -> str | None:
    for name, mark in rule.score_under.items():
        score = record.scores.get(name)
        if score is None or score >= mark:
            return None
    if list(rule.score_under) == ["passed"]:
        return "the case fails"
    return ", ".join(
        f"{name} is {record.scores[name]:g}, under {mark:g}"
        for name, mark in rule.score_under.items()
    )


def _sample(rule: PromoteRule, record: Record) -> str | None:
    rate = rule.sample or 0
    if not sampled(record.id, rate):
        return None
    return "somebody reported it" if rule is REPORTED else f"one of a sample of {rate:.3g}"


_Look = Callable[[PromoteRule, Record], str | None]
_LOOKS: tuple[tuple[Callable[[PromoteRule], object], _Look], ...] = (
    (lambda rule: rule.feedback, _feedback),
    (lambda rule: rule.truncated, _truncated),
    (lambda rule: rule.empty, _empty),
    (lambda rule: rule.error, _error),
    (lambda rule: rule.score_under, _score),
    (lambda rule: rule.sample, _sample),
    (lambda rule: rule.invalid_json, _invalid_json),
)


def _name(rule: PromoteRule) -> str:
    """What to call a rule that has no name: by the first condition it says."""
    for name in ("feedback", "truncated", "invalid_json", "empty", "error", "pattern"):
        if getattr(rule, name):
            return name.replace("_", "-")
    return "score" if rule.score_under else "sample"
