"""What a run is about to cost, said before its first call."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from labeltool.config import OpenAIJudge, OpenAISystem, Price, Settings
from labeltool.model.case import Case
from labeltool.model.result import Results, Spend
from labeltool.runner.heads import heads
from labeltool.systems.base import SystemFailure

if TYPE_CHECKING:
    from labeltool.runner.engine import Run

CHARS_A_TOKEN = 4
REPLY_TOKENS = 300
CALL_MS = 2_000.0
LOOKED_AT = 50
"""Prompts whose length is measured, where the cases are too many to be held."""


@dataclass(frozen=True)
class Calls:
    """Calls to one server. `tokens`: of one call, given and written. `most`: some may turn out to
    be in the cache. `asks`: a person should say yes to it. `basis`: the run that the numbers are
    from, None where they are guessed.
    """

    to: str
    calls: int
    tokens: tuple[float, float]
    ms: float
    price: Price | None
    most: bool
    asks: bool
    basis: str | None

    @property
    def usd(self) -> float | None:
        if self.price is None:
            return None
        given, written = self.tokens
        return self.calls * (given * self.price.input + written * self.price.output) / 1e6


@dataclass(frozen=True)
class Estimate:
    """Of a run that calls a model or a URL. `max_usd`: where it stops by itself."""

    sides: tuple[Calls, ...]
    concurrency: int
    max_usd: float | None = None

    @property
    def calls(self) -> int:
        return sum(side.calls for side in self.sides)

    @property
    def seconds(self) -> float:
        return sum(side.calls * side.ms for side in self.sides) / 1000 / self.concurrency

    @property
    def usd(self) -> float:
        """As far as prices are known."""
        return sum(side.usd or 0.0 for side in self.sides)

    @property
    def asks(self) -> bool:
        """Whether it may cost money."""
        return self.usd > 0 or any(side.asks for side in self.sides)

    def line(self) -> str:
        """One sentence for people."""
        most = "up to " if any(side.most for side in self.sides) else ""
        to = ", ".join(f"{side.calls:,} to {side.to}" for side in self.sides)
        return f"{most}{_count(self.calls)} ({to}), {_time(self.seconds)}, {self._price()}"

    def basis(self) -> str:
        """Where the numbers come from."""
        known = sorted({side.basis for side in self.sides if side.basis is not None})
        told = f"as in run {', '.join(known)}" if known else ""
        if all(side.basis is not None for side in self.sides):
            return told
        guess = (
            f"guessed from the length of the prompts, {REPLY_TOKENS} tokens a reply "
            f"and {CALL_MS / 1000:g} s a call"
        )
        return f"{told}; else {guess}" if told else guess

    def _price(self) -> str:
        unknown = [side.to for side in self.sides if side.price is None]
        parts = []
        if len(unknown) < len(self.sides):
            parts.append(f"about {_usd(self.usd)}")
        if unknown:
            parts.append(f"price of {' and '.join(unknown)} not known")
        if self.max_usd is not None:
            parts.append(f"stops at {_usd(self.max_usd)}")
        return ", ".join(parts)


def estimate(run: Run, settings: Settings) -> Estimate | None:
    """What `run` has still to ask, and what that costs; None where nothing is paid for."""
    remembered = tuple(heads(run.runs))
    work = _Work.of(run)
    found = [_system(run, settings, work, remembered), _judge(run, settings, work, remembered)]
    sides = tuple(side for side in found if side is not None and side.calls)
    return Estimate(sides, run.concurrency, run.limits.usd) if sides else None


@dataclass(frozen=True)
class _Work:
    """`asked`: answers to be graded, from a cache or not. `calls`: those the cache has not.
    `chars`: of a prompt to the system, on average; `input_chars`: of an input.
    """

    asked: int
    calls: int
    chars: float
    input_chars: float

    @classmethod
    def of(cls, run: Run) -> _Work:
        done = 0 if run.resumed is None else len(run.resumed.found)
        whole = run.plan.kept is not None
        cases: Iterable[Case] = run.plan if whole else islice(run.plan, LOOKED_AT)
        seen = kept = 0
        lengths: list[int] = []
        inputs: list[int] = []
        for case in cases:
            seen += 1
            request = _request(run, case)
            inputs.append(len(case.input_text))
            lengths.append(len(request or case.input_text))
            kept += _kept(run, request) if whole else 0
        asked = max((seen if whole else run.plan.expected) - done, 0) * run.repeat
        return cls(asked, max(asked - kept, 0), _mean(lengths), _mean(inputs))


def _request(run: Run, case: Case) -> str | None:
    try:
        return run.grading.system.request(case)
    except SystemFailure:
        return None


def _kept(run: Run, request: str | None) -> int:
    """How many of the repeats of a case need no call. What a resumed run has is not counted
    twice, so the cache is not looked at there.
    """
    replies = run.grading.replies
    if replies is None or request is None or run.resumed is not None:
        return 0
    fingerprint = run.grading.system.fingerprint
    return sum(replies.get(fingerprint, request, n) is not None for n in range(run.repeat))


def _system(
    run: Run, settings: Settings, work: _Work, remembered: Iterable[Results]
) -> Calls | None:
    system = run.grading.system
    if system.kind not in ("openai", "http"):
        return None
    found = settings.systems.get(system.name)
    remote = isinstance(found, OpenAISystem) and not _loopback(found.base_url)
    known = _known(h for h in remembered if h.system.name == system.name and _paid(h.usage.system))
    spent = None if known is None else known.usage.system
    ms = known.latency_ms.p50 if known is not None else None
    return Calls(
        to=system.name,
        calls=work.calls,
        tokens=_tokens(spent, work.chars),
        ms=ms or CALL_MS,
        price=run.price,
        most=False,
        asks=remote and run.price is None,
        basis=None if known is None else known.run_id,
    )


def _judge(
    run: Run, settings: Settings, work: _Work, remembered: Iterable[Results]
) -> Calls | None:
    """A judge is asked once an output. Which of its replies are kept is known when the outputs
    are.
    """
    found = settings.judges.get(run.judge.name)
    if run.grading.judge is None or not isinstance(found, OpenAIJudge):
        return None
    name = run.judge.name
    known = _known(h for h in remembered if h.judge.name == name and _paid(h.usage.judge))
    criteria = [c for c in run.grading.rubric.criteria if c.grader == "judge"]
    each = len(criteria) if found.per == "criterion" else 1
    chars = len(run.grading.rubric.model_dump_json()) + 2 * work.input_chars
    return Calls(
        to=f"judge {name}",
        calls=work.asked * each,
        tokens=_tokens(None if known is None else known.usage.judge, chars),
        ms=CALL_MS,
        price=run.judge.price,
        most=run.grading.replies is not None,
        asks=run.judge.price is None and not _loopback(found.base_url),
        basis=None if known is None else known.run_id,
    )


def _known(found: Iterator[Results]) -> Results | None:
    return next(found, None)


def _paid(spend: Spend) -> bool:
    return spend.calls > 0 and spend.input_tokens + spend.output_tokens > 0


def _tokens(known: Spend | None, chars: float) -> tuple[float, float]:
    if known is None:
        return chars / CHARS_A_TOKEN, REPLY_TOKENS
    return known.input_tokens / known.calls, known.output_tokens / known.calls


def _loopback(url: str | None) -> bool:
    host = (urlsplit(url).hostname or "") if url else ""
    return host in {"localhost", "::1"} or host.startswith("127.")


def _mean(values: list[int]) -> float:
    return sum(values) / len(values) if values else 0.0


def _count(calls: int) -> str:
    return "1 call" if calls == 1 else f"{calls:,} calls"


def _usd(amount: float) -> str:
    return f"{amount:,.2f} USD" if amount >= 0.01 or not amount else f"{amount:.2g} USD"


def _time(seconds: float) -> str:
    if seconds < 90:
        return f"about {max(seconds, 1):.0f} s"
    minutes = seconds / 60
    return f"about {minutes:.0f} min" if minutes < 90 else f"about {minutes / 60:.1f} h"
