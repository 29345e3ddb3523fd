"""How an annotator looks at texts: what differs from expected, and JSON laid out."""

from __future__ import annotations

import json
from pathlib import Path

from tests.hostile import HIDDEN, MARKUP, TERMINAL
from tests.tui.desk_repo import Seat, make, seated

CASE = "datasets/mails/cases/golden/a-parcel.yaml"
OUTPUT = "datasets/mails/outputs/v1/a-parcel.yaml"
ANGRY = "Where is my parcel?"


def files(output: str, expected: object, **more: object) -> dict[str, str]:
    """JSON is YAML: any text, however odd, is written and read back."""
    case = {"id": "a-parcel", "tier": "golden", "input": ANGRY, "expected": expected, **more}
    return {
        CASE: json.dumps(case),
        OUTPUT: json.dumps({"case": "a-parcel", "system": "v1", "output": output}),
    }


async def test_d_marks_word_by_word_what_differs_and_d_again_takes_the_marks_away(
    tmp_path: Path,
) -> None:
    parts = files("The parcel is not on its way.", "The parcel is on its way.")
    async with seated(make(tmp_path / "repo", parts)) as seat:
        await seat.press("d")
        assert "The parcel is {+not+} on its way." in seat.text()
        assert "output  [-gone-] {+new+}" in seat.text()
        await seat.press("d")
        assert "{+not+}" not in seat.text()
        assert "The parcel is not on its way." in seat.text()


async def test_on_a_wide_screen_each_text_stays_whole_and_carries_its_own_marks(
    tmp_path: Path,
) -> None:
    parts = files("It left on Monday at noon.", "It left on Friday at noon.")
    async with seated(make(tmp_path / "repo", parts), size=(160, 36)) as seat:
        await seat.press("d")
        assert "It left on {+Monday+} at noon." in seat.text()
        assert "It left on [-Friday-] at noon." in seat.text()


async def test_of_several_answers_the_nearest_is_compared_and_named(tmp_path: Path) -> None:
    answers = ["Your refund is booked.", "The parcel is on its way.", "Nothing."]
    parts = files("The parcel is on its long way.", answers)
    async with seated(make(tmp_path / "repo", parts), size=(100, 30)) as seat:
        await seat.press("d")
        assert "answer 2 of 3, the nearest" in seat.text()
        assert "on its {+long+} way" in seat.text()


async def test_the_difference_stays_on_over_cases_and_says_where_there_is_none(
    tmp_path: Path,
) -> None:
    parts = files("It is  on\nits way.", "It is on its way.")
    async with seated(make(tmp_path / "repo", parts)) as seat:
        await seat.press("d")
        assert "= the same words as expected" in seat.text()
        await seat.press("l")
        assert "{+" in seat.text()


async def test_without_an_expected_answer_d_says_so(tmp_path: Path) -> None:
    async with seated(make(tmp_path / "repo", files("An answer.", None))) as seat:
        await seat.press("d")
        assert "no expected answer to compare with" in seat.work_line()
        assert "{+new+}" not in seat.text()


async def test_p_lays_json_out_and_p_again_shows_it_as_it_is(tmp_path: Path) -> None:
    said = '{"refund": 12.50, "refund": 1e3, "items": []}'
    async with seated(make(tmp_path / "repo", files(said, None))) as seat:
        await seat.press("p")
        assert [line.strip() for line in seat.lines() if '"' in line] == [
            '"refund": 12.50,',
            '"refund": 1e3,',
            '"items": []',
        ]
        await seat.press("p")
        assert said in seat.text()


async def test_p_says_why_a_text_is_no_json(tmp_path: Path) -> None:
    async with seated(make(tmp_path / "repo", files('{"a": 1,}', None)), size=(120, 30)) as seat:
        await seat.press("p")
        # Which column it is differs between Pythons.
        assert "no text here is JSON; the output: line 1, column " in seat.work_line()


async def test_json_is_compared_as_it_is_laid_out(tmp_path: Path) -> None:
    parts = files('{"status":"sent","days":3}', '{"status": "sent", "days": 5}')
    async with seated(make(tmp_path / "repo", parts)) as seat:
        await seat.press("p", "d")
        assert '"status": "sent",' in seat.text()
        assert '"days": [-5-]{+3+}' in seat.text()


async def test_checks_of_the_case_are_shown_with_their_results(tmp_path: Path) -> None:
    checks = [
        {"kind": "contains", "value": "parcel", "id": "names-it"},
        {"kind": "max_words", "value": 2},
    ]
    parts = files("The parcel is on its way.", None, checks=checks)
    async with seated(make(tmp_path / "repo", parts)) as seat:
        text = seat.text()
        assert "✓ names-it  ✗ max_words" in text
        assert "✗ max_words  6 words" in " ".join(text.split()).replace(
            "max_words 6", "max_words  6"
        )


async def test_roles_and_tool_calls_of_a_transcript_are_told_apart(tmp_path: Path) -> None:
    call = {"id": "1", "function": {"name": "refund", "arguments": '{"order": 4411}'}}
    talk = [
        {"role": "user", "content": "I was charged twice.\nTwice!"},
        {"role": "assistant", "content": None, "tool_calls": [call]},
        {"role": "tool", "content": '{"ok": true}'},
    ]
    parts = files("Done.", None) | {
        CASE: json.dumps({"id": "a-parcel", "tier": "golden", "input": talk})
    }
    async with seated(make(tmp_path / "repo", parts), size=(80, 30)) as seat:
        lines = [line.strip() for line in seat.lines()]
        assert "user      › I was charged twice." in lines
        assert "Twice!" in lines
        assert 'assistant ‹ call refund {"order": 4411}' in lines
        await seat.press("p")
        assert '"ok": true' in [line.strip() for line in seat.lines()]


async def test_five_megabytes_say_how_much_is_not_shown_and_where_it_is(tmp_path: Path) -> None:
    parts = files("word " * 1_000_000, "word")
    async with seated(make(tmp_path / "repo", parts), size=(100, 30)) as seat:
        await seat.press("d")
        assert "characters are not compared" in _last_line(seat)
        await seat.press("d")
        assert "4,934,464 more characters are not on this screen" in _last_line(seat)
        assert "a-parcel.yaml among the outputs holds them" in _last_line(seat)


def _last_line(seat: Seat) -> str:
    return seat.screen.sheet.output._source[-1].text.plain


async def test_a_long_text_does_not_end_where_its_wrapping_has_come_to(tmp_path: Path) -> None:
    parts = files("\n".join(f"line {number}" for number in range(900)), None)
    async with seated(make(tmp_path / "repo", parts), size=(80, 200)) as seat:
        seat.screen.sheet.output.focus()
        for _ in range(20):
            await seat.pilot.press("space")
        assert "output ends here" in seat.work_line()
        assert "line 899" in seat.text()


async def test_hostile_texts_come_through_every_look_as_visible_text(tmp_path: Path) -> None:
    hostile = "\n".join((*TERMINAL, *HIDDEN[:-1], *MARKUP))
    quoted = json.dumps({"text": hostile}, ensure_ascii=False)
    parts = files(hostile + "\nmine", [hostile + "\ntheirs", quoted])
    async with seated(make(tmp_path / "repo", parts), size=(160, 60)) as seat:
        for look in ("d", "p", "d"):
            await seat.press(look)
            raw = "".join(strip.text for strip in seat.app.screen._compositor.render_strips())
            assert not set(raw) & {"\x1b", "\x07", "\x9b", "\u202e", "\u200b", "\u2066"}
