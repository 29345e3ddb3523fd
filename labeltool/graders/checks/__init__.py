"""Deterministic graders: one `Check`, one output, passed or not, and why in a few words.

Every kind's `value`:

    max_words, min_words, max_chars   a whole number, 0 or more
    contains, not_contains            a text or a list of texts: all must occur; none may
    regex, not_regex                  a pattern, or {pattern, flags} with flags among i m s x
    equals                            a text or a list of them; without one, the expected answer
    json_valid                        nothing, or true
    json_schema                       a JSON Schema (draft 2020-12 unless it names another)
    similarity                        a minimum in 0..1, or {min, to, by}: `to` a text or texts in
                                      place of the expected answer; `by` meaning (embedded) or text
"""

from labeltool.graders.checks.evaluate import CheckResult, evaluate, validate

__all__ = ["CheckResult", "evaluate", "validate"]
