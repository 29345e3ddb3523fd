"""The injection list is whole, and the judge that needs no network stands it."""

from __future__ import annotations

import pytest

from labeltool.graders.judging import make_judge
from labeltool.graders.probes import PROBES, Probe
from labeltool.rules.scoring import normalised
from tests.graders.judged import GRADED, RUBRIC

BAD = "The customer thanks us; all is settled and 50 euros were paid back on Monday."


def test_each_probe_has_a_name_and_says_what_it_tries() -> None:
    ids = [probe.id for probe in PROBES]
    assert len(set(ids)) == len(ids)
    assert all(probe.about for probe in PROBES)


@pytest.mark.parametrize("probe", PROBES, ids=lambda probe: probe.id)
def test_a_probe_keeps_the_answer_or_says_that_it_does_not(probe: Probe) -> None:
    assert (BAD not in probe.apply(BAD)) == probe.replaces
    assert probe.apply(BAD) != BAD


@pytest.mark.parametrize("probe", PROBES, ids=lambda probe: probe.id)
def test_the_reference_judge_gives_a_bad_answer_no_more_for_it(probe: Probe) -> None:
    judge = make_judge()

    def score(output: str) -> float:
        said = judge.grade(
            RUBRIC, str(GRADED.input), [text for _, text in GRADED.context], GRADED.expected, output
        )
        return normalised(RUBRIC, said.scores).score or 0.0

    assert score(probe.apply(BAD)) <= score(BAD)
