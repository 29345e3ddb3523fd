"""A rubric, a ticket and summaries of it, shared by the tests of the reference judge."""

from __future__ import annotations

from labeltool.graders.reference import JudgeScores, ReferenceJudge
from labeltool.model.case import Check
from labeltool.model.rubric import Criterion, Rubric

RUBRIC = Rubric(
    name="summary",
    version=1,
    criteria=(
        Criterion(id="items", text="All action items.", max=2),
        Criterion(id="quality", text="How good it is.", min=1, max=5),
        Criterion(id="honest", text="Nothing invented.", max=2, kind="factual"),
        Criterion(id="helps", text="It helps.", max=1, kind="binary"),
        Criterion(id="taste", text="I like it.", max=1, grader="human"),
        Criterion(
            id="short",
            text="Short.",
            max=1,
            grader="check",
            check=Check(kind="max_words", value=79),
        ),
    ),
)
TICKET = (
    "Hello, order AX-20418 is marked as delivered since Tuesday, but nothing came. I paid 129.90 "
    "for the walking boots. We leave on the 14th, so a search of three weeks is no use. Please "
    "send a new pair by the 13th or give me the money back. Miriam Oduya"
)
EXPECTED = (
    "Order AX-20418 (walking boots, 129.90) is marked as delivered, but never came. To do: send "
    "a new pair by the 13th or refund. Miriam Oduya leaves on the 14th, a search takes too long."
)
GOOD = (
    "Miriam Oduya's walking boots (order AX-20418, 129.90) were marked as delivered but did not "
    "come. Send a new pair by the 13th or refund her, as she leaves on the 14th."
)
PARTIAL = "Walking boots from order AX-20418 were marked as delivered but never came."
INVENTED = GOOD + " A refund of 250.00 was approved by Henrik and voucher 88412 was sent."
OTHER = "The printer on the second floor is out of toner, somebody should order cartridges."

JUDGE = ReferenceJudge()


def judged(
    output: str, *, expected: tuple[str, ...] = (EXPECTED,), ticket: str = TICKET
) -> JudgeScores:
    return JUDGE.grade(RUBRIC, ticket, (), expected, output)
