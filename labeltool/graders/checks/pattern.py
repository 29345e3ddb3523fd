"""Checks by regular expression, each search under a time bound."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from labeltool.graders.checks.kind import Expected, Finding, Kind, UnusableError, shown

if TYPE_CHECKING:
    import regex

SECONDS = 1.0
MAX_PATTERN = 10_000
FLAGS = "imsx"


def search(pattern: regex.Pattern[str], text: str) -> regex.Match[str] | None:
    """The first match. Raises UnusableError where the search takes over `SECONDS`."""
    try:
        return pattern.search(text, timeout=SECONDS)
    except TimeoutError:
        raise UnusableError(
            f"the pattern {shown(pattern.pattern)} took over {SECONDS:g} s on this output"
        ) from None


@lru_cache(maxsize=512)
def compiled(pattern: str, flags: str = "") -> regex.Pattern[str]:
    """Raises `regex.error` for a pattern that is none."""
    import regex

    return regex.compile("(?" + flags + ")" + pattern if flags else pattern)


def pattern_problem(pattern: str, flags: str = "") -> str | None:
    import regex

    if len(pattern) > MAX_PATTERN:
        return f"holds a pattern of {len(pattern):,} characters, at most {MAX_PATTERN:,}"
    try:
        compiled(pattern, flags)
    except RecursionError:
        return "holds no regular expression: nested too deep"
    except (regex.error, OverflowError) as error:
        return f"holds no regular expression: {error}"
    return None


def _problem(value: Any) -> str | None:
    wanted = "must be a pattern, or {pattern, flags}"
    if isinstance(value, dict):
        unknown = sorted(str(key) for key in value if key not in ("pattern", "flags"))
        if unknown:
            return f"{wanted}; {unknown[0]!r} is neither"
        flags = value.get("flags", "")
        if not isinstance(flags, str) or set(flags) - set(FLAGS):
            return f"has flags {shown(flags)}; they are letters among {' '.join(FLAGS)}"
        value, flags = value.get("pattern"), "".join(sorted(set(flags)))
    else:
        flags = ""
    if not isinstance(value, str) or not value:
        return f"{wanted}, not {shown(value)}"
    return pattern_problem(value, flags)


def _pattern(value: Any) -> regex.Pattern[str]:
    if isinstance(value, str):
        return compiled(value, "")
    return compiled(value["pattern"], "".join(sorted(set(value.get("flags", "")))))


def _regex(value: Any, output: str, _expected: Expected) -> Finding:
    pattern = _pattern(value)
    match = search(pattern, output)
    if match is None:
        return False, f"nothing matches {shown(pattern.pattern)}"
    return True, f"{shown(match.group())} matches"


def _not_regex(value: Any, output: str, _expected: Expected) -> Finding:
    pattern = _pattern(value)
    match = search(pattern, output)
    if match is None:
        return True, f"nothing matches {shown(pattern.pattern)}"
    return False, f"{shown(match.group())} matches {shown(pattern.pattern)}"


REGEX = Kind(_problem, _regex)
NOT_REGEX = Kind(_problem, _not_regex)
