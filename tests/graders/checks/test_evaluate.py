"""A check says passed or not and why; what it cannot decide is an error, never a pass."""

from __future__ import annotations

import subprocess
import sys
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labeltool.graders.checks import CheckResult, evaluate, validate
from labeltool.graders.checks.evaluate import KINDS
from labeltool.model.case import Check, CheckKind


def check(kind: CheckKind, value: Any = None, id: str | None = None) -> Check:
    return Check(kind=kind, value=value, id=id)


def result(kind: CheckKind, value: Any, output: str, expected: tuple[str, ...] = ()) -> CheckResult:
    return evaluate(check(kind, value), output, expected=expected)


def test_every_kind_of_the_format_is_served() -> None:
    assert set(KINDS) == set(get_args(CheckKind))


def test_a_result_carries_the_checks_own_name() -> None:
    named = evaluate(check("max_words", 2, id="short"), "one two three")
    assert named == CheckResult("short", "max_words", False, "3 words, at most 2")
    assert evaluate(check("max_words", 2), "one").name == "max_words"


@pytest.mark.parametrize(
    ("kind", "value", "output", "passes"),
    [
        ("max_words", 79, " ".join(["word"] * 79), True),
        ("max_words", 79, " ".join(["word"] * 80), False),
        ("max_words", 0, " \n", True),
        ("min_words", 2, "zwei Wörter", True),
        ("min_words", 3, "zwei Wörter", False),
        ("max_chars", 4, "  café\n", True),
        ("max_chars", 4, "cafe\u0301", True),
        ("max_chars", 3, "café", False),
        ("contains", "REFUND", "A refund is due.", True),
        ("contains", ["refund", "4411"], "A refund is due.", False),
        ("contains", "STRASSE", "die Straße", True),
        ("contains", "caf\u00e9", "CAFE\u0301", True),
        ("contains", "İstanbul", "i\u0307stanbul", True),
        ("not_contains", "guarantee", "We GUARANTEE it.", False),
        ("not_contains", ["guarantee", "promise"], "We will see.", True),
        ("regex", r"\b\d{4}\b", "order 4411 is late", True),
        ("regex", r"^late", "order\nlate", False),
        ("regex", {"pattern": "^LATE", "flags": "im"}, "order\nlate", True),
        ("not_regex", r"\d", "no digits", True),
        ("not_regex", r"\d", "1 digit", False),
        ("equals", "yes", " yes\n", True),
        ("equals", "yes", "Yes", False),
        ("equals", ["yes", "yep"], "yep", True),
        ("equals", "caf\u00e9", "cafe\u0301", True),
        ("json_valid", None, '{"a": [1, 2.5, null]}', True),
        ("json_valid", True, "not json", False),
        ("json_valid", None, '{"a": 1, "a": 2}', False),
        ("json_valid", None, "[NaN]", False),
        ("json_valid", None, "[-Infinity]", False),
        ("json_valid", None, "[1e999]", False),
        ("json_valid", None, "", False),
        ("json_valid", None, "[" * 100_000, False),
        ("similarity", {"min": 0.9, "to": "late refund", "by": "text"}, "Late  refund", True),
        ("similarity", {"min": 0.9, "to": "late refund", "by": "text"}, "sunny", False),
    ],
)
def test_what_passes(kind: CheckKind, value: Any, output: str, passes: bool) -> None:
    found = result(kind, value, output)
    assert (found.passed, found.error) == (passes, False), found.detail
    assert found.detail


def test_words_of_scripts_without_spaces_are_counted_by_character() -> None:
    assert result("max_words", 6, "返金は遅れた。").passed
    assert not result("max_words", 5, "返金は遅れた。").passed
    assert result("max_words", 2, "환불이 늦었어요").passed
    assert result("max_words", 4, "order 4411 返金").passed
    assert result("min_words", 4, "order 4411 返金").passed


def test_equals_without_a_value_is_held_against_the_expected_answers() -> None:
    assert result("equals", None, "no", ("yes", "no")).passed
    assert not result("equals", None, "maybe", ("yes", "no")).passed
    undecided = result("equals", None, "maybe")
    assert undecided.error
    assert not undecided.passed


def test_similarity_is_by_meaning_to_the_closest_expected_answer() -> None:
    answers = ("The printer is out of toner.", "The parcel has not arrived yet.")
    near = result("similarity", 0.6, "The package hasn't come yet, the parcel is late.", answers)
    assert near.passed, near.detail
    assert "by meaning, at least 0.6" in near.detail
    assert not result("similarity", 0.6, "I would like to book a table for two.", answers).passed
    assert result("similarity", 1, "  the same text", ("The same text",)).passed
    assert not result("similarity", 0.1, "", answers).passed


def test_a_pattern_that_takes_too_long_is_an_error_not_a_pass(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("labeltool.graders.checks.pattern.SECONDS", 0.05)
    kinds: tuple[CheckKind, ...] = ("regex", "not_regex")
    for kind in kinds:
        slow = result(kind, r"(?:a|aa)+$", "a" * 60 + "!")
        assert slow.error
        assert not slow.passed
        assert "took over" in slow.detail


SCHEMA = {
    "type": "object",
    "properties": {"id": {"$ref": "#/$defs/id"}, "tone": {"enum": ["calm", "angry"]}},
    "required": ["id"],
    "$defs": {"id": {"type": "string", "pattern": "^[a-z]+$"}},
}


def test_a_schema_names_the_place_that_does_not_fit() -> None:
    assert result("json_schema", SCHEMA, '{"id": "abc", "tone": "calm"}').passed
    wrong = result("json_schema", SCHEMA, '{"id": "abc", "tone": "cold"}')
    assert not wrong.passed
    assert wrong.detail.startswith("$.tone:")
    assert "no JSON" in result("json_schema", SCHEMA, "{id: abc}").detail
    assert "code fence" in result("json_schema", SCHEMA, '```json\n{"id": "a"}\n```').detail
    assert not result("json_schema", SCHEMA, '{"id": "ABC"}').passed


def test_a_schemas_own_patterns_are_bound_in_time_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("labeltool.graders.checks.pattern.SECONDS", 0.05)
    slow = result("json_schema", {"pattern": "(?:a|aa)+$"}, '"' + "a" * 60 + '!"')
    assert slow.error
    keys = {"patternProperties": {"^n_": {"type": "number"}}}
    assert result("json_schema", keys, '{"n_a": 1, "b": "x"}').passed
    assert not result("json_schema", keys, '{"n_a": "x"}').passed


@pytest.mark.parametrize(
    ("kind", "value", "says"),
    [
        ("max_words", None, "whole number"),
        ("max_words", "79", "whole number"),
        ("max_words", True, "whole number"),
        ("min_words", -1, "whole number"),
        ("max_chars", 2.5, "whole number"),
        ("contains", None, "text or a list"),
        ("contains", [], "the list is empty"),
        ("contains", ["a", 4411], "quote it"),
        ("not_contains", " ", "says nothing"),
        ("regex", None, "pattern"),
        ("regex", "(", "no regular expression"),
        ("regex", {"pattern": "a", "flags": "q"}, "flags"),
        ("regex", {"patern": "a"}, "'patern'"),
        ("not_regex", "a" * 20_000, "20,000 characters"),
        ("equals", 42, "quote it"),
        ("json_valid", "yes", "takes no value"),
        ("json_schema", None, "JSON Schema"),
        ("json_schema", {"type": "objekt"}, "objekt"),
        ("json_schema", {"$ref": "https://example.org/schema"}, "nothing is fetched"),
        ("json_schema", {"$ref": "#/$defs/none"}, "does not hold"),
        ("json_schema", {"$schema": "https://example.org/draft"}, "not known"),
        ("json_schema", {"pattern": "("}, "$.pattern"),
        ("json_schema", {"patternProperties": {"[": {}}}, "["),
        ("similarity", None, "minimum"),
        ("similarity", 0, "minimum"),
        ("similarity", 80, "minimum"),
        ("similarity", {"min": 0.5, "by": "magic"}, "meaning or text"),
        ("similarity", {"min": 0.5, "to": []}, "list is empty"),
        ("similarity", {"max": 0.5}, "'max'"),
    ],
)
def test_a_bad_value_is_named_with_what_it_should_be(
    kind: CheckKind, value: Any, says: str
) -> None:
    problem = validate(check(kind, value))
    assert problem is not None
    assert problem.startswith(f"{kind}: ")
    assert says in problem
    refused = result(kind, value, "anything", ("anything",))
    assert refused.error
    assert not refused.passed
    assert refused.detail == problem


def test_a_check_that_rests_on_expected_asks_for_it() -> None:
    for needy in (check("equals"), check("similarity", 0.5)):
        assert validate(needy) is None
        assert "no expected answer" in (validate(needy, expected=()) or "")
        assert validate(needy, expected=("x",)) is None
    assert validate(check("similarity", {"min": 0.5, "to": "x"}), expected=()) is None
    assert validate(check("equals", "x"), expected=()) is None


VALUES: dict[CheckKind, Any] = {
    "max_words": 3,
    "min_words": 3,
    "max_chars": 9,
    "contains": ["a", "ß"],
    "not_contains": "é",
    "regex": r"\w+",
    "not_regex": r"\p{Cf}",
    "equals": "x",
    "json_valid": None,
    "json_schema": SCHEMA,
    "similarity": {"min": 0.5, "to": "x", "by": "text"},
}


@given(st.text(), st.sampled_from(sorted(VALUES)))
def test_any_output_at_all_gets_an_answer(output: str, kind: CheckKind) -> None:
    found = result(kind, VALUES[kind], output)
    assert not found.error
    assert found.detail


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists))
def test_any_value_at_all_is_taken_or_refused_in_words(value: Any) -> None:
    for kind in KINDS:
        problem = validate(check(kind, value))
        assert problem is None or problem.startswith(kind)


def test_plain_checks_load_no_heavy_library() -> None:
    program = (
        "import sys\n"
        "from labeltool.graders.checks import evaluate\n"
        "from labeltool.model.case import Check\n"
        "evaluate(Check(kind='max_words', value=3), 'a b c d')\n"
        "evaluate(Check(kind='contains', value='a'), 'a b c d')\n"
        "heavy = {'numpy', 'scipy', 'jsonschema', 'regex', 'rapidfuzz'} & set(sys.modules)\n"
        "sys.exit(', '.join(heavy) or 0)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
