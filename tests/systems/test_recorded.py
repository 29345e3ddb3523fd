from __future__ import annotations

import pytest

from labeltool.errors import DataError
from labeltool.model.case import Case
from labeltool.model.output import Output
from labeltool.systems.base import SystemFailure
from labeltool.systems.recorded import RecordedSystem

CASE = Case.model_validate({"id": "c1", "tier": "golden", "input": "hello"})


async def test_the_recorded_text_is_the_answer_and_its_old_latency_is_not() -> None:
    output = Output(case="c1", system="old", output="text", latency_ms=12.0, finish_reason="stop")
    answer = await RecordedSystem("old", {"c1": output}.get).answer(CASE)
    assert (answer.output, answer.finish_reason, answer.latency_ms) == ("text", "stop", None)


async def test_a_case_without_an_output_is_that_cases_error() -> None:
    with pytest.raises(SystemFailure, match="holds no output") as caught:
        await RecordedSystem("old", lambda case: None).answer(CASE)
    assert caught.value.kind == "no_output"


async def test_a_broken_output_file_is_that_cases_error() -> None:
    def read(case: str) -> Output | None:
        raise DataError(f"{case} is broken")

    with pytest.raises(SystemFailure, match="c1 is broken"):
        await RecordedSystem("old", read).answer(CASE)
