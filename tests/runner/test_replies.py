from __future__ import annotations

from pathlib import Path

from labeltool.model.case import Document
from labeltool.model.output import Usage
from labeltool.runner.replies import NAME, Replies
from labeltool.systems.base import Answer

ANSWER = Answer(
    "text \u2028 \U0001f600",
    context=(Document(id="d", text="t"),),
    usage=Usage(input_tokens=3, output_tokens=4),
    finish_reason="stop",
    latency_ms=12.0,
)


def test_a_reply_comes_back_to_the_same_question_without_its_latency(tmp_path: Path) -> None:
    replies = Replies(tmp_path)
    replies.keep("f", "q", 0, ANSWER)
    replies.close()
    again = Replies(tmp_path)
    found = again.answer("f", "q", 0)
    again.close()
    assert found is not None
    assert (found.output, found.context, found.usage) == (
        ANSWER.output,
        ANSWER.context,
        ANSWER.usage,
    )
    assert (found.cached, found.latency_ms) == (True, None)


def test_another_fingerprint_question_or_repeat_is_another_reply(tmp_path: Path) -> None:
    replies = Replies(tmp_path)
    replies.keep("f", "q", 0, ANSWER)
    assert replies.answer("g", "q", 0) is None
    assert replies.answer("f", "q2", 0) is None
    assert replies.answer("f", "q", 1) is None
    replies.close()


def test_a_damaged_file_is_asked_anew(tmp_path: Path) -> None:
    (tmp_path / NAME).write_bytes(b"no database at all, only text" * 100)
    replies = Replies(tmp_path)
    assert replies.answer("f", "q", 0) is None
    replies.keep("f", "q", 0, ANSWER)
    assert replies.answer("f", "q", 0) is not None
    replies.close()


def test_where_nothing_can_be_written_nothing_is_kept(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    replies = Replies(tmp_path / "file")
    replies.keep("f", "q", 0, ANSWER)
    assert replies.answer("f", "q", 0) is None
    replies.close()
