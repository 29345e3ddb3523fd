"""What counts in the decision matrix, and on which scale."""

from __future__ import annotations

from typing import Any

import pytest

from labeltool.errors import DataError, UsageError
from labeltool.rules.matrix import (
    Constraint,
    Measure,
    Said,
    constrained,
    measures,
    parse_constraint,
    parse_weights,
)

HERE: dict[str, Any] = {
    "tiers": ("golden", "adversarial", "regression"),
    "tags": ("refund", "angry"),
    "criteria": ("tone",),
}
LATENCY = Said(0.2, target=200, limit=1000)


def test_a_number_is_scaled_by_its_own_target_and_limit() -> None:
    row = Measure("latency_p95_ms", 0.2, target=200, limit=1000)
    assert [row.scaled(ms) for ms in (100, 200, 600, 1000, 5000)] == [1, 1, 0.5, 0, 0]
    assert Measure("golden", 1).scaled(0.85) == 0.85


def test_the_settings_say_the_rows_and_the_command_line_other_weights() -> None:
    settings = {"golden": Said(0.4), "adversarial": Said(0.0), "latency_p95_ms": LATENCY}
    rows = measures(settings, {}, **HERE)
    assert [(row.key, row.weight) for row in rows] == [("golden", 0.4), ("latency_p95_ms", 0.2)]
    said = measures(settings, {"tag:refund": 1.0, "latency_p95_ms": 3.0}, **HERE)
    assert [(row.key, row.weight) for row in said] == [("tag:refund", 1), ("latency_p95_ms", 3)]
    assert (said[1].target, said[1].limit) == (200, 1000)


def test_without_settings_the_tiers_that_have_cases_count() -> None:
    rows = measures({}, {}, tiers=("golden", "regression"), tags=(), criteria=())
    assert [row.key for row in rows] == ["golden"]


def test_a_number_without_target_and_limit_names_the_lines_to_add() -> None:
    with pytest.raises(DataError) as bad:
        measures({"golden": Said(1.0)}, {"golden": 1, "cost_per_1k": 0.1}, **HERE)
    assert bad.value.exit_code == 3
    assert "  cost_per_1k: {weight: 0.1, target: 0.1, limit: 2}" in (bad.value.hint or "")
    assert str(bad.value.where) == "labeltool.yaml: compare.cost_per_1k"


@pytest.mark.parametrize(
    ("key", "word"),
    [
        ("goldn", "no case has that tier"),
        ("tag:late", "no case has that tag"),
        ("criterion:brevity", "no case has that criterion"),
        ("speed:x", "no row of the decision matrix"),
    ],
)
def test_a_name_that_nothing_has_is_said_where_it_stands(key: str, word: str) -> None:
    with pytest.raises(UsageError, match=word):
        measures({}, {key: 1.0}, **HERE)
    with pytest.raises(DataError, match=word) as bad:
        measures({key: Said(1.0)}, {}, **HERE)
    assert str(bad.value.where) == f"labeltool.yaml: compare.{key}"


def test_equal_target_and_limit_scale_nothing() -> None:
    with pytest.raises(DataError, match="the same target and limit"):
        measures({"latency_p95_ms": Said(1, target=5, limit=5)}, {}, **HERE)


def test_no_weight_at_all_is_refused() -> None:
    with pytest.raises(DataError, match="no row"):
        measures({"golden": Said(0.0)}, {}, **HERE)
    with pytest.raises(UsageError, match="no row"):
        measures({"golden": Said(0.4)}, {"golden": 0.0}, **HERE)


def test_weights_as_people_type_them() -> None:
    assert parse_weights(["golden=0.6, tag:a=b=0.1", "latency_p95_ms=2"]) == {
        "golden": 0.6,
        "tag:a=b": 0.1,
        "latency_p95_ms": 2.0,
    }


@pytest.mark.parametrize("text", ["golden", "golden=", "=1", "golden=nan", "golden=-1", "a=1,a=2"])
def test_a_weight_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        parse_weights([text])


def test_a_constraint_holds_or_not() -> None:
    quick = parse_constraint("latency_p95_ms<=400")
    assert quick == Constraint("latency_p95_ms", "<=", 400)
    assert quick.holds(400)
    assert not quick.holds(400.5)
    assert parse_constraint("regression == 1.0").holds(1 - 1e-12)
    assert not parse_constraint("golden > 0.9").holds(0.9)
    assert str(quick) == "latency_p95_ms <= 400"
    assert constrained(quick, {}).kind == "latency"


@pytest.mark.parametrize("text", ["", "fast", "golden >= high", "golden => 1", "golden >= nan"])
def test_a_constraint_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="no constraint"):
        parse_constraint(text)


def test_a_constraint_on_an_unknown_name_is_refused() -> None:
    with pytest.raises(UsageError, match="no case has that tier"):
        constrained(parse_constraint("goldn >= 1"), {"tier": ("golden",)})
