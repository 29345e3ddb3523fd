"""The check that an output is close to the expected answer, by meaning or by its letters."""

from __future__ import annotations

from typing import Any

from labeltool.graders.checks.kind import (
    Expected,
    Finding,
    Kind,
    UnusableError,
    folded,
    is_number,
    shown,
    texts,
    texts_problem,
)

BY = ("meaning", "text")


def by_text(left: str, right: str) -> float:
    """Normalised indel similarity of the texts without case and spacing, 0..1."""
    from rapidfuzz.distance import Indel

    return Indel.normalized_similarity(_plain(left), _plain(right))


def by_meaning(left: str, right: str) -> float:
    """Cosine of the embedded vectors, clipped to 0..1."""
    from labeltool.embed import embedded

    one, other = embedded().embed([left, right])
    # Rounded, so that a text is exactly as similar to itself as can be.
    return min(1.0, max(0.0, round(float(one @ other), 5)))


def _plain(text: str) -> str:
    return " ".join(folded(text).split())


def _problem(value: Any) -> str | None:
    wanted = "must be a minimum above 0 and up to 1, or {min, to, by}"
    if isinstance(value, dict):
        unknown = sorted(str(key) for key in value if key not in ("min", "to", "by"))
        if unknown:
            return f"{wanted}; {unknown[0]!r} is none of them"
        if value.get("by", "meaning") not in BY:
            return f"has by: {shown(value['by'])}; it is {' or '.join(BY)}"
        if value.get("to") is not None and (problem := texts_problem(value["to"])):
            return f"has a `to` that {problem}"
        value = value.get("min")
    if not is_number(value) or not 0 < value <= 1:
        return f"{wanted}, not {shown(value)}"
    return None


def _parts(value: Any) -> tuple[float, tuple[str, ...] | None, str]:
    if not isinstance(value, dict):
        return float(value), None, "meaning"
    to = value.get("to")
    return float(value["min"]), texts(to) if to is not None else None, value.get("by", "meaning")


def _similarity(value: Any, output: str, expected: Expected) -> Finding:
    least, to, by = _parts(value)
    wanted = expected if to is None else to
    if not wanted:
        raise UnusableError("nothing to compare with: the case has no expected answer")
    close = by_text if by == "text" else by_meaning
    best = max(close(output, text) for text in wanted)
    return best >= least, f"similarity {best:.2f} by {by}, at least {least:g}"


def _rests_on_expected(value: Any) -> bool:
    return not isinstance(value, dict) or value.get("to") is None


SIMILARITY = Kind(_problem, _similarity, _rests_on_expected)
