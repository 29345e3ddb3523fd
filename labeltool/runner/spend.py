"""What answers cost, call by call and summed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from labeltool.config import Price
from labeltool.model.output import Usage
from labeltool.model.result import Spend


@dataclass(frozen=True, slots=True)
class Calls:
    """Calls made now, and replies taken from the cache, with the tokens of each."""

    live: int = 0
    cached: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cached_input: int = 0
    cached_output: int = 0

    @classmethod
    def one(cls, usage: Usage | None, *, cached: bool) -> Calls:
        given, written = (usage.input_tokens, usage.output_tokens) if usage else (0, 0)
        if cached:
            return cls(cached=1, cached_input=given, cached_output=written)
        return cls(live=1, input_tokens=given, output_tokens=written)

    def __add__(self, other: Calls) -> Calls:
        return Calls(
            self.live + other.live,
            self.cached + other.cached,
            self.input_tokens + other.input_tokens,
            self.output_tokens + other.output_tokens,
            self.cached_input + other.cached_input,
            self.cached_output + other.cached_output,
        )

    def numbers(self) -> list[int]:
        """As the run log keeps them."""
        return [
            self.live,
            self.cached,
            self.input_tokens,
            self.output_tokens,
            self.cached_input,
            self.cached_output,
        ]

    @classmethod
    def of(cls, numbers: Sequence[int]) -> Calls:
        return cls(*numbers)

    @property
    def tokens(self) -> int:
        """Of live calls."""
        return self.input_tokens + self.output_tokens

    def cost(self, price: Price) -> float:
        """USD of the live calls."""
        return _usd(price, self.input_tokens, self.output_tokens)

    def spend(self, price: Price | None, *, why: str) -> Spend:
        """As the results have it. Without a price the cost of a call is not known, and `why` says
        so.
        """
        known = price is not None or not (self.live or self.cached)
        price = price or Price()
        cost = self.cost(price)
        return Spend(
            calls=self.live,
            cached=self.cached,
            input_tokens=self.input_tokens,
            output_tokens=self.output_tokens,
            cost_usd=cost if known else None,
            list_cost_usd=round(cost + _usd(price, self.cached_input, self.cached_output), PLACES)
            if known
            else None,
            why=None if known else why,
        )


PLACES = 12
"""Of a cost in USD; a token of the cheapest models is in the eighth."""
NONE = Calls()
ONE = Calls(live=1)


def _usd(price: Price, given: int, written: int) -> float:
    """A price is for a million tokens. Rounded, so that parts add up to the whole."""
    return round((given * price.input + written * price.output) / 1e6, PLACES)
