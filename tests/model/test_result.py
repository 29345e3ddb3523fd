from __future__ import annotations

import json

import pytest
from pydantic import ValidationError

from labeltool.model.result import CaseResult, Results
from tests.report.samples import results


def test_a_document_reads_back_as_it_was_written() -> None:
    text = results().model_dump_json(by_alias=True)
    assert Results.model_validate_json(text) == results()
    assert json.loads(text)["schema"] == "labeltool/results@1"


def test_a_number_that_is_none_is_never_written_or_read() -> None:
    fields = {"id": "c", "tier": "golden", "status": "active", "case_hash": "x"}
    for text in ('{"score": NaN}', '{"score": Infinity}'):
        with pytest.raises(ValidationError):
            CaseResult.model_validate({**fields, **json.loads(text)})
