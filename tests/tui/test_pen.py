"""What a key does to the label in the making."""

from __future__ import annotations

from labeltool.commands.label_view import LabelDraft, View, settle, texts_of
from labeltool.model.case import Case
from labeltool.model.output import Output
from labeltool.model.rubric import Rubric
from labeltool.store import codec
from labeltool.tui.pen import IDLE, Pen, Stopwatch
from tests.tui.desk_repo import RUBRIC, Clock


def a_pen(draft: LabelDraft | None = None) -> Pen:
    rubric = codec.decode(RUBRIC.encode(), Rubric, "rubrics/mail.yaml")
    case = Case(id="a", tier="golden", input="Where?")
    output = Output(case="a", system="v1", output="There.")
    view = View(
        case=case,
        output=output,
        rubric=rubric,
        label=None,
        draft=draft or LabelDraft(),
        resumed=False,
        settled=settle(rubric.criteria, case, output),
        checks=(),
        stale={},
        others=0,
        round=None,
        read_hash=None,
    )
    assert texts_of(case, output).output_hash
    return Pen.on(view, Clock())


def test_a_score_goes_to_the_next_criterion_and_the_last_stays() -> None:
    pen = a_pen()
    assert pen.score(2) is None
    assert pen.focused == "facts"
    assert pen.score(1) is None
    assert pen.focused == "facts"


def test_from_the_last_criterion_it_returns_to_what_was_left_out() -> None:
    pen = a_pen()
    pen.move(1)
    pen.score(1)
    assert pen.focused == "tone"


def test_criteria_that_a_check_decides_are_never_focused() -> None:
    pen = a_pen()
    assert [criterion.id for criterion in pen.criteria] == ["tone", "facts"]
    assert pen.view.settled[0].passed


def test_it_starts_at_the_first_criterion_without_a_score() -> None:
    assert a_pen(LabelDraft(scores={"tone": 1})).focused == "facts"


def test_scoring_a_skipped_output_takes_the_skip_back() -> None:
    pen = a_pen()
    pen.skip()
    pen.score(1)
    assert (pen.draft.status, pen.draft.scores) == ("done", {"tone": 1})


def test_only_a_change_is_worth_keeping() -> None:
    pen = a_pen()
    assert not pen.to_keep()
    pen.score(1)
    assert pen.to_keep()
    assert not pen.to_keep()


def test_time_stands_still_when_nobody_is_there() -> None:
    clock = Clock()
    watch = Stopwatch(clock)
    clock.seconds = 10
    watch.touch()
    clock.seconds = 10_000
    assert watch.seconds == 10 + IDLE
