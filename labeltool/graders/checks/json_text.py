"""Checks of outputs that must be JSON: strictly read, and against a schema."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, cast

from labeltool import strict_json as strictly
from labeltool.graders.checks.kind import Expected, Finding, Kind, UnusableError, shown
from labeltool.graders.checks.pattern import compiled, pattern_problem, search

DRAFT = "https://json-schema.org/draft/2020-12/schema"


class NotJsonError(Exception):
    """Why a text is no strict JSON."""


def strict_json(text: str) -> Any:
    """The value of `text`. Raises NotJsonError, also for duplicate keys, NaN and infinities."""
    try:
        return strictly.loads(text)
    except json.JSONDecodeError as error:
        fenced = "stands in a code fence" if text.lstrip().startswith("```") else None
        raise NotJsonError(
            fenced or f"{error.msg} at line {error.lineno}, column {error.colno}"
        ) from None
    except ValueError as error:
        raise NotJsonError(str(error)) from None


def _valid_problem(value: Any) -> str | None:
    return None if value is None or value is True else f"takes no value, not {shown(value)}"


def _json_valid(_value: Any, output: str, _expected: Expected) -> Finding:
    try:
        strict_json(output)
    except NotJsonError as error:
        return False, f"no JSON: {error}"
    return True, "is JSON"


def _schema_problem(value: Any) -> str | None:
    if not isinstance(value, dict):
        return f"must be a JSON Schema (a mapping), not {shown(value)}"
    try:
        _validator(json.dumps(value, sort_keys=True))
    except (TypeError, ValueError, RecursionError) as error:
        return f"holds no JSON Schema: {error}"
    except UnusableError as error:
        return str(error)
    return None


def _json_schema(value: Any, output: str, _expected: Expected) -> Finding:
    from referencing.exceptions import Unresolvable

    try:
        instance = strict_json(output)
    except NotJsonError as error:
        return False, f"no JSON: {error}"
    validator = _validator(json.dumps(value, sort_keys=True))
    try:
        faults = sorted(validator.iter_errors(instance), key=_place)
    except (Unresolvable, RecursionError) as error:
        raise UnusableError(f"the schema cannot be followed: {error}") from None
    if not faults:
        return True, "fits the schema"
    message = faults[0].message
    return (
        False,
        f"{faults[0].json_path}: {message if len(message) <= 120 else message[:117] + '...'}",
    )


def _place(error: Any) -> tuple[int, str, str]:
    return len(error.absolute_path), error.json_path, error.message


@lru_cache(maxsize=128)
def _validator(schema_text: str) -> Any:
    """A validator that resolves nothing but the schema itself and the published drafts.

    Raises UnusableError with what is wrong with the schema.
    """
    from jsonschema import SchemaError
    from jsonschema.validators import extend, validator_for

    schema = json.loads(schema_text)
    named = schema.get("$schema", DRAFT)
    base: Any = validator_for({"$schema": named}, default=cast("Any", _Unknown))
    if base is _Unknown:
        raise UnusableError(f"names a draft that is not known: {shown(named)}")
    try:
        base.check_schema(schema)
    except SchemaError as error:
        raise UnusableError(f"holds no JSON Schema: {error.json_path}: {error.message}") from None
    own: dict[str, Any] = {"pattern": _pattern, "patternProperties": _pattern_properties}
    bounded = cast("Any", extend)(base, own)
    _check_patterns(schema)
    _check_references(schema, named)
    return bounded(schema, registry=_published())


class _Unknown:
    """Stands for a draft that the library does not know."""


def _published() -> Any:
    """The published drafts, and nothing that could be fetched."""
    from jsonschema_specifications import REGISTRY  # type: ignore[import-untyped]

    return REGISTRY


def _check_patterns(schema: Any) -> None:
    for key, value in _pairs(schema):
        named = [value] if key == "pattern" and isinstance(value, str) else []
        if key == "patternProperties" and isinstance(value, dict):
            named = list(value)
        for pattern in named:
            problem = pattern_problem(pattern)
            if problem:
                raise UnusableError(problem)


def _check_references(schema: dict[str, Any], draft: str) -> None:
    from referencing import Resource
    from referencing.exceptions import Unresolvable

    resource = Resource.from_contents(schema, default_specification=_specification(draft))
    resolver = _published().resolver_with_root(resource)
    ids = sum(1 for key, value in _pairs(schema) if key == "$id" and isinstance(value, str))
    nested_ids = ids > ("$id" in schema)
    for key, reference in _pairs(schema):
        if key not in ("$ref", "$dynamicRef") or not isinstance(reference, str):
            continue
        if not reference.startswith("#") and not nested_ids:
            raise UnusableError(
                f"refers to {shown(reference)}; a reference must start with # (nothing is fetched)"
            )
        if not nested_ids:
            try:
                resolver.lookup(reference)
            except Unresolvable:
                raise UnusableError(
                    f"refers to {shown(reference)}, which it does not hold"
                ) from None


def _specification(draft: str) -> Any:
    from referencing.jsonschema import specification_with

    return specification_with(draft)


def _pairs(value: Any) -> Iterator[tuple[str, Any]]:
    """Every key and value inside a schema, at any depth."""
    rest = [value]
    while rest:
        item = rest.pop()
        if isinstance(item, dict):
            yield from item.items()
            rest.extend(item.values())
        elif isinstance(item, list):
            rest.extend(item)


def _pattern(validator: Any, pattern: str, instance: Any, _schema: Any) -> Iterator[Any]:
    """`pattern` under the time bound; the library's own has none."""
    from jsonschema import ValidationError

    if validator.is_type(instance, "string") and search(compiled(pattern), instance) is None:
        yield ValidationError(f"{shown(instance)} does not match {shown(pattern)}")


def _pattern_properties(
    validator: Any, patterns: dict[str, Any], instance: Any, _schema: Any
) -> Iterator[Any]:
    if not validator.is_type(instance, "object"):
        return
    for pattern, subschema in patterns.items():
        for key, value in instance.items():
            if search(compiled(pattern), key) is not None:
                yield from validator.descend(value, subschema, path=key, schema_path=pattern)


JSON_VALID = Kind(_valid_problem, _json_valid)
JSON_SCHEMA = Kind(_schema_problem, _json_schema)
