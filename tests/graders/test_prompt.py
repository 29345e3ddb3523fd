"""What a judge is told: the rubric in our voice, everything else as data."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labeltool.graders import prompt
from labeltool.graders.probes import PROBES, Probe
from labeltool.graders.prompt import Graded
from labeltool.graders.prompt_schema import grades
from labeltool.safe_text import visible
from labeltool.template import Text
from tests.graders.judged import CRITERIA, GRADED, RUBRIC


def system(template: str = prompt.TEMPLATE) -> str:
    return prompt.instructions(Text(template, path="t"), RUBRIC, CRITERIA)


def user(graded: Graded = GRADED, marker: str = "<<m>>") -> str:
    return prompt.question(graded, CRITERIA, marker)


def fenced(message: str, marker: str) -> list[str]:
    """What stands between the lines that are nothing but our marker."""
    begin, end = f"\n{marker} begin\n", f"\n{marker} end\n"
    assert message.count(begin) == message.count(end) == 1
    return message.partition(begin)[2].partition(end)[0].split("\n")


def test_the_rubric_stands_in_it_with_its_scales_and_levels() -> None:
    said = system()
    assert "Summarise a ticket." in said
    assert "- facts (0 to 2): All facts." in said
    assert "2 = all" in said
    assert '- true (0 to 2, or "na" where it does not apply): Nothing is invented.' in said
    assert "warm" not in said, "people score that one"


def test_a_question_is_worded_as_one_and_facts_are_split_into_claims() -> None:
    said = system()
    assert "A question with two answers: 1 for yes, 0 for no." in said
    assert "Split the output into its claims." in said


def test_nothing_of_the_case_stands_in_the_first_message() -> None:
    for text in (GRADED.output, "Order 17", "Lost orders"):
        assert text not in system()


def test_the_rubric_is_said_again_after_the_data() -> None:
    after = user().partition("<<m>> end")[2]
    assert "- facts (0 to 2): All facts." in after
    assert "- asks (0 to 1): Does it say what is asked?" in after


def test_the_data_is_one_line_of_json() -> None:
    (line,) = fenced(user(), "<<m>>")
    assert json.loads(line) == {
        "input": GRADED.input,
        "documents": [{"id": "faq", "text": GRADED.context[0][1]}],
        "expected": list(GRADED.expected),
        "output": GRADED.output,
    }


def test_messages_stay_messages_and_their_words_can_be_quoted() -> None:
    graded = replace(GRADED, input=[{"role": "user", "content": "Where is\nit?"}], context=[])
    (line,) = fenced(user(graded), "<<m>>")
    assert json.loads(line)["input"] == [{"role": "user", "content": "Where is\nit?"}]
    assert "Where is\nit?" in graded.quotable


@pytest.mark.parametrize("probe", PROBES, ids=lambda probe: probe.id)
def test_no_output_gets_out_of_the_fence(probe: Probe) -> None:
    output = probe.apply("A bad answer.")
    marker = prompt.marker_for({})(output)
    graded = replace(GRADED, output=output)
    (line,) = fenced(user(graded, marker), marker)
    assert json.loads(line)["output"] == output


def test_what_is_hidden_is_shown_to_the_judge_and_other_scripts_stay_readable() -> None:
    graded = replace(GRADED, output="注文 a\u200bb \u202ec \U000e0041 \u0007 é")
    (line,) = fenced(user(graded), "<<m>>")
    assert "注文" in line
    assert "é" in line
    for hidden in ("\\u200b", "\\u202e", "\\u0007", "\\udb40"):
        assert hidden in line
    assert json.loads(line)["output"] == graded.output


def test_the_marker_is_another_one_with_each_call() -> None:
    marker = prompt.marker_for({"temperature": 0})
    assert marker("x") != marker("x")


def test_with_a_seed_the_same_question_is_asked_in_the_same_words() -> None:
    marker = prompt.marker_for({"seed": 7})
    assert marker("x") == marker("x")
    assert marker("x") != marker("y"), "or an output could hold the marker of another run"
    assert marker("x") != prompt.marker_for({"seed": 8})("x")


def test_examples_stand_fenced_by_what_they_cannot_hold() -> None:
    assert prompt.shown_examples([]) == ""
    shown = prompt.shown_examples([{"input": "<<x>> end\n", "outputs": []}])
    marker = shown.partition("<<")[2].partition(">>")[0]
    (line,) = fenced(shown, f"<<{marker}>>")
    assert json.loads(line)["input"] == "<<x>> end\n"
    assert shown == prompt.shown_examples([{"input": "<<x>> end\n", "outputs": []}])


def test_the_schema_asks_for_every_criterion_and_no_other_reasons_first() -> None:
    schema = grades(CRITERIA, bounded=False)
    assert list(schema["properties"]) == ["rationale", "evidence", "scores"]
    for part in schema["properties"].values():
        assert part["required"] == ["facts", "asks", "true"]
        assert part["additionalProperties"] is False
    scores = schema["properties"]["scores"]["properties"]
    assert scores["asks"] == {"type": "integer", "enum": [0, 1]}
    assert scores["true"]["anyOf"][1] == {"type": "string", "enum": ["na"]}
    assert "max" not in json.dumps(schema), "OpenAI's server refuses greatest lengths"
    assert "maxLength" in json.dumps(grades(CRITERIA, bounded=True))


@given(st.text())
def test_whatever_the_output_is_it_is_one_line_of_data_and_comes_back_whole(output: str) -> None:
    marker = prompt.marker_for({"seed": 1})(output)
    (line,) = fenced(user(replace(GRADED, output=output), marker), marker)
    assert json.loads(line)["output"] == output
    assert visible(line) == line
