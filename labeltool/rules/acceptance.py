"""When a draft becomes a case: what it must state, and what of that must be shown.

A regression case states what its output must not do again, and what came back is shown to fail it
before the case is accepted. Pure: what fails is found by who runs the graders.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from labeltool.model.base import Tier
from labeltool.model.case import Case, Check, Source, Status
from labeltool.model.record import Draft


@dataclass(frozen=True, slots=True)
class Edits:
    """What a person says of a draft; None leaves it as the draft has it. `verified`: input and
    expected were read.
    """

    tier: Tier | None = None
    expected: tuple[str, ...] | None = None
    checks: tuple[Check, ...] | None = None
    tags: tuple[str, ...] | None = None
    id: str | None = None
    status: Status | None = None
    verified: bool = False


AS_IT_IS = Edits()


class Fault(NamedTuple):
    """A check of the case, or a criterion of the rubric, that what came back fails."""

    by: Literal["check", "criterion"]
    name: str
    detail: str


@dataclass(frozen=True, slots=True)
class Shown:
    """What the graders said of the counterexample.

    fails: whether a run would fail it; None where nothing graded it, or could not. problems: checks
    that cannot be used, or that an expected answer fails. why: what kept the judge from answering.
    judge: its name, where it was asked.
    """

    fails: bool | None = None
    faults: tuple[Fault, ...] = ()
    problems: tuple[str, ...] = ()
    why: str | None = None
    judge: str | None = None

    @property
    def words(self) -> str:
        """What fails, in a line."""
        return "; ".join(f"{one.name}: {one.detail}" for one in self.faults)


NOTHING_SHOWN = Shown()


class Refusal(NamedTuple):
    message: str
    hint: str


def case_of(draft: Draft, edits: Edits, *, rubric_version: int) -> Case:
    """The case that a draft becomes. A regression case comes in open: the bug is not fixed yet.

    What came back is its counterexample, unless it is what is expected. It is not verified.
    """
    tier = edits.tier or draft.tier
    expected = draft.acceptable if edits.expected is None else edits.expected
    source = draft.source or Source(kind="hand")
    bad = draft.output
    return Case(
        id=edits.id or draft.id,
        tier=tier,
        input=draft.input,
        expected=None if not expected else expected[0] if len(expected) == 1 else expected,
        context=draft.context,
        vars=draft.vars,
        checks=draft.checks if edits.checks is None else edits.checks,
        counterexamples=() if bad is None or same_as_expected(bad, expected) else (bad,),
        rubric_version=rubric_version,
        tags=draft.tags if edits.tags is None else edits.tags,
        notes=draft.notes,
        status=edits.status or ("open" if tier == "regression" else "active"),
        source=source.model_copy(update={"seen": draft.seen, "also": draft.also}),
    )


def refusal(case: Case, bad: str | None, shown: Shown, edits: Edits) -> Refusal | None:
    """Why a case may not come in like this; None where it may. `bad`: what came back."""
    if shown.problems:
        return Refusal(shown.problems[0], "change the check, or what is expected")
    if bad is not None and same_as_expected(bad, case.acceptable):
        return Refusal(
            "what came back is what is expected", "say what should have come back instead"
        )
    if case.tier == "golden" and not case.acceptable:
        return Refusal(
            "a golden case says what is expected", "say it, or choose the regression tier"
        )
    if edits.verified and not case.acceptable:
        return Refusal("nothing is expected that could be verified", "say what is expected first")
    return _unshown(case, bad, shown) if case.tier == "regression" else None


def _unshown(case: Case, bad: str | None, shown: Shown) -> Refusal | None:
    if bad is None:
        if case.checks or case.acceptable:
            return None
        return Refusal(
            "nothing says what a good answer must hold, and nothing came back that fails",
            "add a check, or say what is expected",
        )
    if shown.fails:
        return None
    if shown.why is not None:
        return Refusal(
            f"the judge could not say whether what came back fails: {shown.why}",
            "add a check that it fails",
        )
    return Refusal(
        "what came back fails nothing that the case states",
        "add a check that it fails, or say what is expected",
    )


def same_as_expected(bad: str, acceptable: Sequence[str]) -> bool:
    return bad.strip() in {answer.strip() for answer in acceptable}


def merged(case: Case, draft: Draft, checks: Sequence[Check] = ()) -> Case:
    """`case` with what came back as another counterexample, and the draft's reports counted.

    Its source names them beside its own, so that none of them is missed.
    """
    bad = draft.output
    counter = case.counterexamples
    if bad is not None and bad not in counter:
        counter = (*counter, bad)
    own = case.source or Source(kind="hand")
    refs = dict.fromkeys((*own.also, *references(draft)))
    source = own.model_copy(update={"seen": own.seen + draft.seen, "also": tuple(refs)})
    return case.model_copy(
        update={
            "counterexamples": counter,
            "checks": (*case.checks, *checks),
            "source": source,
        }
    )


def references(draft: Draft) -> Iterator[str]:
    """What the reports of a draft are called: its address where it has one, else its reference."""
    source = draft.source
    if source is not None and (source.link or source.ref):
        yield source.link or source.ref or ""
    yield from draft.also
