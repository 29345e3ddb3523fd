from __future__ import annotations

import pytest

from labeltool.cli.progress import Bar


def test_without_a_terminal_it_says_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    bar = Bar()
    bar.start(3)
    bar.advance(stopping=False)
    bar.stop()
    bar.stop()
    assert capsys.readouterr() == ("", "")


def test_a_bar_that_never_started_can_be_stopped() -> None:
    Bar().stop()
