"""The decision matrix: what counts, how much, and on which scale of its own.

A value goes to 0..1 by its own target and limit, never by what other systems have: adding a
candidate moves nobody's score.
"""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from labeltool.errors import DataError, UsageError, Where
from labeltool.model.base import TIERS

Kind = Literal["rate", "latency", "cost"]

LATENCY, COST = "latency_p95_ms", "cost_per_1k"
REGRESSION: Final = "regression"
UNITS: Mapping[str, str] = {LATENCY: "ms", COST: "USD"}
DEFAULT: Mapping[str, float] = {"golden": 0.7, "adversarial": 0.3}
_FAMILIES = ("tag", "criterion", "score")
_SETTINGS = "labeltool.yaml"


@dataclass(frozen=True, slots=True)
class Said:
    """A row as the settings say it: a rate needs neither target nor limit."""

    weight: float
    target: float | None = None
    limit: float | None = None


@dataclass(frozen=True, slots=True)
class Measure:
    """One row of the matrix: 0 at `limit`, 1 at `target`, linear between, clipped outside.

    key: a tier (its pass rate), `score:TIER` (its mean score), `tag:TAG` (pass rate of the cases
    with it), `criterion:ID` (mean of its score on its own scale), latency_p95_ms, cost_per_1k.
    """

    key: str
    weight: float
    target: float = 1.0
    limit: float = 0.0

    @property
    def kind(self) -> Kind:
        return "latency" if self.key == LATENCY else "cost" if self.key == COST else "rate"

    @property
    def family(self) -> tuple[str, str]:
        """(`tier`, `score`, `tag`, `criterion` or `number`; of what)."""
        if self.key in UNITS:
            return "number", self.key
        family, colon, name = self.key.partition(":")
        return (family, name) if colon else ("tier", family)

    def scaled(self, value: float) -> float:
        share = (value - self.limit) / (self.target - self.limit)
        return min(1.0, max(0.0, share))


@dataclass(frozen=True, slots=True)
class Constraint:
    """What a system must hold whatever its total, as `latency_p95_ms <= 400`."""

    key: str
    sign: str
    bound: float

    def __str__(self) -> str:
        return f"{self.key} {self.sign} {self.bound:g}"

    def holds(self, value: float) -> bool:
        return _SIGNS[self.sign](value, self.bound)


_SIGNS: Mapping[str, Callable[[float, float], bool]] = {
    "<=": lambda value, bound: value <= bound + 1e-9,
    ">=": lambda value, bound: value >= bound - 1e-9,
    "==": lambda value, bound: abs(value - bound) <= 1e-9,
    "<": operator.lt,
    ">": operator.gt,
}
_CONSTRAINT = re.compile(r"\s*(?P<key>\S+?)\s*(?P<sign><=|>=|==|<|>)\s*(?P<bound>\S+)\s*")


def measures(
    settings: Mapping[str, Said],
    said: Mapping[str, float],
    *,
    tiers: Iterable[str],
    tags: Iterable[str],
    criteria: Iterable[str],
) -> tuple[Measure, ...]:
    """The rows with weight. `said`: weights of the command line; where there are any, only those
    rows count, with the targets and limits of the settings. tiers, tags, criteria: what there is.

    Without settings: golden 0.7, adversarial 0.3, as far as they have cases. Raises UsageError for
    a bad row that was said, DataError for one of the settings.
    """
    tiers = frozenset(tiers)
    whole = settings or {key: Said(weight) for key, weight in DEFAULT.items() if key in tiers}
    known = {
        "tier": tiers & set(TIERS),
        "score": tiers & set(TIERS),
        "tag": frozenset(tags),
        "criterion": frozenset(criteria),
    }
    rows = [
        _measure(key, whole.get(key), weight, known, None if said else f"compare.{key}")
        for key, weight in (said or {key: one.weight for key, one in whole.items()}).items()
        if weight > 0
    ]
    if not rows:
        raise _bad(
            "no row of the decision matrix has weight",
            "say --weights golden=0.7,adversarial=0.3, or `compare:` in labeltool.yaml",
            None if said else "compare",
        )
    return tuple(rows)


def parse_weights(texts: Iterable[str]) -> dict[str, float]:
    """`golden=0.6,tag:refund=0.4`, repeatable. Raises UsageError."""
    found: dict[str, float] = {}
    for pair in (pair.strip() for text in texts for pair in text.split(",")):
        if not pair:
            continue
        key, _, number = pair.rpartition("=")
        weight = _number(number)
        if not key or weight is None or weight < 0:
            raise UsageError(
                f"{pair!r} is no weight", hint="say it as --weights golden=0.6,latency_p95_ms=0.4"
            )
        if key.strip() in found:
            raise UsageError(f"{key.strip()} has two weights", hint="say it once")
        found[key.strip()] = weight
    return found


def parse_constraint(text: str, *, field: str | None = None) -> Constraint:
    """`latency_p95_ms <= 400`. Raises UsageError, or DataError where it is a `field` of the
    settings.
    """
    match = _CONSTRAINT.fullmatch(text)
    bound = _number(match["bound"]) if match else None
    if match is None or bound is None:
        said = "--constraint " if field is None else ""
        raise _bad(
            f"{text!r} is no constraint",
            f'say it as {said}"latency_p95_ms <= 400" or "regression == 1"',
            field,
        )
    return Constraint(match["key"], match["sign"], bound)


def constrained(
    constraint: Constraint, known: Mapping[str, Iterable[str]], *, field: str | None = None
) -> Measure:
    """The row whose value the constraint looks at. Raises UsageError for a name that is none, or
    DataError where it is a `field` of the settings.
    """
    return _measure(constraint.key, Said(0, target=1, limit=0), 0, known, field)


def informing(tiers: Iterable[str], weighed: Iterable[str]) -> tuple[Measure, ...]:
    """Rows that stand in the table whether or not they have weight, but for those that have."""
    keys = (*(tier for tier in TIERS if tier in frozenset(tiers)), LATENCY, COST)
    return tuple(Measure(key, 0) for key in keys if key not in frozenset(weighed))


def _measure(
    key: str,
    settings: Said | None,
    weight: float,
    known: Mapping[str, Iterable[str]],
    field: str | None,
) -> Measure:
    target = None if settings is None else settings.target
    limit = None if settings is None else settings.limit
    row = Measure(key, weight)
    family, name = row.family
    if family != "number" and name not in known.get(family, ()):
        raise _bad(*_unknown(key, family, known), field)
    if row.kind != "rate" and (target is None or limit is None):
        raise DataError(
            f"{key} is no rate: what is good and what is too much is for you to say",
            where=Where(_SETTINGS, field=f"compare.{key}"),
            hint=f"add to {_SETTINGS}:\n{_lines(key, weight)}",
        )
    row = Measure(key, weight, 1.0 if target is None else target, 0.0 if limit is None else limit)
    if row.target == row.limit:
        raise DataError(
            f"{key} has the same target and limit, {row.target:g}",
            where=Where(_SETTINGS, field=f"compare.{key}"),
            hint="target is the value that is as good as one needs, limit the one that is useless",
        )
    return row


def _unknown(key: str, family: str, known: Mapping[str, Iterable[str]]) -> tuple[str, str]:
    if family not in known:
        return (
            f"{key} is no row of the decision matrix",
            f"a row is a tier, {LATENCY}, {COST}, or one of "
            + ", ".join(f"{one}:NAME" for one in _FAMILIES),
        )
    names = sorted(known[family])
    shown = ", ".join(names[:8]) + (", ..." if len(names) > 8 else "")
    return f"{key}: no case has that {family}", f"known: {shown or 'none'}"


def _lines(key: str, weight: float) -> str:
    target, limit = (200, 1000) if key == LATENCY else (0.1, 2)
    return f"compare:\n  {key}: {{weight: {weight:g}, target: {target:g}, limit: {limit:g}}}"


def _bad(message: str, hint: str, field: str | None) -> DataError | UsageError:
    if field is None:
        return UsageError(message, hint=hint)
    return DataError(message, hint=hint, where=Where(_SETTINGS, field=field))


def _number(text: str) -> float | None:
    try:
        found = float(text)
    except ValueError:
        return None
    return found if math.isfinite(found) else None
