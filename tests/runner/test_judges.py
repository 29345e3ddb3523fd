from __future__ import annotations

from collections.abc import Sequence

from labeltool.graders.reference import JudgeScores
from labeltool.model.case import Case, Document
from labeltool.model.rubric import Rubric
from labeltool.runner.judges import EmbeddedJudge

RUBRIC = Rubric.model_validate(
    {"name": "r", "version": 1, "criteria": [{"id": "facts", "text": "t", "max": 2}]}
)
CASE = Case.model_validate(
    {
        "id": "c",
        "tier": "golden",
        "input": [{"role": "user", "content": "hi"}],
        "expected": ["one", "two"],
        "context": [{"id": "d", "text": "known"}],
    }
)


class Asked:
    kind, fingerprint = "fake", "f1"

    def __init__(self, *, fails: bool = False) -> None:
        self.fails = fails
        self.seen: list[object] = []

    def grade(
        self,
        rubric: Rubric,
        case_input: str,
        context: Sequence[str],
        expected: Sequence[str],
        output: str,
    ) -> JudgeScores:
        if self.fails:
            raise ZeroDivisionError("by zero")
        self.seen = [case_input, list(context), list(expected), output]
        return JudgeScores({"facts": 1}, {"facts": "half"}, {"facts": ["hi"]})


async def test_it_sees_the_case_and_what_the_system_looked_up() -> None:
    asked = Asked()
    said = await EmbeddedJudge("j", RUBRIC, asked).judge(
        CASE, "out", [Document(id="x", text="found")], repeat=0, fresh=False
    )
    assert asked.seen == ["user: hi", ["known", "found"], ["one", "two"], "out"]
    assert said.scores == {"facts": 1}
    assert said.error is None


async def test_a_judge_that_breaks_is_the_error_of_that_case() -> None:
    said = await EmbeddedJudge("j", RUBRIC, Asked(fails=True)).judge(
        CASE, "out", [], repeat=0, fresh=False
    )
    assert said.error == "the judge failed: ZeroDivisionError: by zero"
    assert said.scores == {}
