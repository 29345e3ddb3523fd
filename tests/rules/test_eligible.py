from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from labeltool.model.case import Case
from labeltool.model.hashing import verified_hash
from labeltool.rules.eligible import is_verified, quarantine_over, sits_out

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def case(**changes: Any) -> Case:
    return Case.model_validate({"id": "c1", "tier": "golden", "input": "hello", **changes})


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({}, None),
        ({"status": "open"}, None),
        ({"status": "retired"}, "retired"),
        ({"status": "quarantined"}, "quarantined"),
        ({"status": "quarantined", "until": "2026-11-23"}, "quarantined until 2026-11-23"),
        ({"status": "quarantined", "until": "2026-11-22"}, None),
        ({"status": "quarantined", "until": "2026-11-23T11:59:00Z"}, None),
        ({"status": "quarantined", "until": "2026-11-23T12:00:00Z"}, None),
        ({"status": "quarantined", "until": "2026-11-23T12:30:00+01:00"}, None),
    ],
)
def test_who_sits_out_and_until_when(changes: dict[str, Any], why: str | None) -> None:
    assert sits_out(case(**changes), NOW) == why


def test_a_quarantine_that_is_over_is_known_as_such() -> None:
    assert quarantine_over(case(status="quarantined", until="2026-11-01"), NOW)
    assert not quarantine_over(case(until="2026-11-01"), NOW)


def test_editing_the_input_voids_the_verification() -> None:
    read = {"by": "alice", "hash": verified_hash(case())}
    assert is_verified(case(verified=read))
    assert not is_verified(case(verified=read, input="hello!"))
    assert not is_verified(case())
