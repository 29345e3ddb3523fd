"""Which cases a run takes: what their status says, and until when."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from labeltool.model.case import Case
from labeltool.model.hashing import verified_hash


def moment(text: str) -> datetime:
    """The instant of a date or time in a file; without a zone it is UTC. A date alone lasts to
    its end.
    """
    found = datetime.fromisoformat(text)
    if len(text) == len("2026-11-23"):
        found += timedelta(days=1)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def sits_out(case: Case, now: datetime) -> str | None:
    """Why the case does not run: retired, or in a quarantine that has not run out."""
    if case.status == "retired":
        return "retired"
    if case.status != "quarantined" or quarantine_over(case, now):
        return None
    return f"quarantined until {case.until}" if case.until else "quarantined"


def quarantine_over(case: Case, now: datetime) -> bool:
    """Whether a quarantined case runs again because its `until` has passed."""
    return case.status == "quarantined" and case.until is not None and now >= moment(case.until)


def is_verified(case: Case) -> bool:
    """Whether a person has read input and expected as they stand now."""
    if case.verified is None:
        return False
    return case.verified.hash is None or case.verified.hash == verified_hash(case)
