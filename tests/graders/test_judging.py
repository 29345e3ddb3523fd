"""The settings of a judge become the judge."""

from __future__ import annotations

import pytest

from labeltool.config import OpenAIJudge
from labeltool.config import ReferenceJudge as ReferenceSettings
from labeltool.errors import UsageError
from labeltool.graders.judging import make_judge
from labeltool.graders.reference import ReferenceJudge


def test_a_reference_judge_needs_no_more_than_its_kind() -> None:
    assert isinstance(make_judge("default", ReferenceSettings()), ReferenceJudge)


def test_a_kind_that_is_not_run_is_refused_with_the_way_out() -> None:
    with pytest.raises(UsageError, match="judge strong is of kind openai") as caught:
        make_judge("strong", OpenAIJudge(kind="openai", model="m"))
    assert "--judge" in (caught.value.hint or "")
