"""What comparing two systems costs: said before the first call, counted while it goes on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from labeltool.commands.context import Context
from labeltool.commands.pairwise_plan import Plan, Source
from labeltool.commands.run_cost import CALL_MS, CHARS_A_TOKEN, REPLY_TOKENS, Estimate
from labeltool.commands.run_cost import Calls as Asking
from labeltool.config import OpenAIJudge, Price
from labeltool.errors import DataError, Where
from labeltool.runner.spend import NONE, Calls
from labeltool.store import paths
from labeltool.systems.base import Answer

if TYPE_CHECKING:
    from labeltool.commands.pairwise import Request

ORDERS = 2
TYPICAL_OUTPUT = 1_000
"""Characters, of an output that is not there yet."""


@dataclass
class Cost:
    """Of live calls so far. `usd`: None where a price is not known."""

    judge_price: Price | None
    judge_calls: Calls = NONE
    system_calls: Calls = NONE
    _systems_usd: float = 0.0
    _unknown: bool = False

    @classmethod
    def of(cls, ctx: Context, request: Request, judge: str, planned: Plan) -> Cost:
        return cls(getattr(ctx.workspace.settings.judges[judge], "price", None))

    def judged(self, calls: Calls) -> None:
        self.judge_calls += calls

    def answered(self, side: Source, answer: Answer | None) -> None:
        """`answer` None: the call was made and nothing came of it."""
        if side.system.kind not in ("openai", "http"):
            return
        usage, cached = (answer.usage, answer.cached) if answer else (None, False)
        made = Calls.one(usage, cached=cached)
        self.system_calls += made
        if made.live and side.price is None:
            self._unknown = True
        elif side.price is not None:
            self._systems_usd += made.cost(side.price)

    @property
    def usd(self) -> float | None:
        if self._unknown or (self.judge_calls.live and self.judge_price is None):
            return None
        judge = self.judge_calls.cost(self.judge_price) if self.judge_price else 0.0
        return judge + self._systems_usd

    def over(self, most: float | None) -> bool:
        return most is not None and (self.usd or 0.0) >= most


def payable(ctx: Context, request: Request, judge: str, planned: Plan) -> None:
    """Raises DataError where --max-cost could not hold: a price is not known."""
    if request.max_cost is None:
        return
    settings = ctx.workspace.settings
    sides = [
        (f"systems.{side.name}", side.system.kind == "openai", side.price) for side in planned.sides
    ]
    asked = settings.judges[judge]
    if isinstance(asked, OpenAIJudge):
        sides.append((f"judges.{judge}", True, asked.price))
    for name, costs, price in sides:
        if costs and price is None:
            raise DataError(
                "has no price, so --max-cost cannot hold",
                hint="add `price: {input: 0.25, output: 2.0}` (USD per million tokens)",
                where=Where(paths.SETTINGS, field=f"{name}.price"),
            )


def estimate(ctx: Context, request: Request, judge: str, planned: Plan) -> Estimate | None:
    """None where nothing is asked over the network."""
    cases = len(planned.cases)
    inputs = sum(len(case.input_text) for case in planned.cases) / cases
    sides = [
        _asking(side.name, cases, inputs, side.price, remote=side.price is None)
        for side in planned.sides
        if side.system.kind in ("openai", "http")
    ]
    settings = ctx.workspace.settings.judges[judge]
    if isinstance(settings, OpenAIJudge):
        rubric = len(ctx.workspace.dataset(request.dataset).rubric.model_dump_json())
        chars = rubric + inputs + 2 * TYPICAL_OUTPUT
        unknown = settings.price is None and not _loopback(settings.base_url)
        sides.append(
            _asking(f"judge {judge}", ORDERS * cases, chars, settings.price, remote=unknown)
        )
    return Estimate(tuple(sides), request.concurrency, request.max_cost) if sides else None


def _asking(to: str, calls: int, chars: float, price: Price | None, *, remote: bool) -> Asking:
    return Asking(
        to=to,
        calls=calls,
        tokens=(chars / CHARS_A_TOKEN, REPLY_TOKENS),
        ms=CALL_MS,
        price=price,
        most=True,
        asks=remote,
        basis=None,
    )


def _loopback(url: str | None) -> bool:
    host = (urlsplit(url).hostname or "") if url else ""
    return host in {"localhost", "::1"} or host.startswith("127.")
