"""Baselines as files: JSON with a case a line, so that a pull request shows which cases moved."""

from __future__ import annotations

import json

from pydantic import ValidationError

from labeltool.errors import DataError, Where
from labeltool.model.baseline import SCHEMA, BaselineFile
from labeltool.safe_text import for_json

_AGAIN = "write it with `labeltool bless`"


def encode(baseline: BaselineFile) -> bytes:
    """The file's bytes; the same baseline always gives the same."""
    fields = json.loads(baseline.model_dump_json(by_alias=True))
    cases = fields.pop("cases")
    lines = [f" {_json(name)}: {_json(value)}," for name, value in fields.items()]
    rows = [f"  {_json(id)}: {_json(cases[id])}" for id in sorted(cases)]
    body = "\n".join([*lines, ' "cases": {', ",\n".join(rows), " }"])
    return ("{\n" + body + "\n}\n").encode()


def decode(data: bytes, path: str) -> BaselineFile:
    """Raises DataError with the field that is wrong."""
    try:
        return BaselineFile.model_validate_json(data)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        field = ".".join(map(str, first["loc"])) or None
        raise DataError(
            f"is no {SCHEMA} document: {first['msg']}", hint=_AGAIN, where=Where(path, field=field)
        ) from None


def _json(value: object) -> str:
    return for_json(json.dumps(value, ensure_ascii=False, allow_nan=False))
