"""What two sides made of one file: which of them stands, where that needs no person."""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal, TypeVar

from labeltool.model.base import Noun
from labeltool.model.label import Label, Preference
from labeltool.model.resolution import Resolution
from labeltool.model.round import Round
from labeltool.rules.eligible import moment

Side = Literal["ours", "theirs"]
N = TypeVar("N", bound=Noun)


def moved_on(
    ours: str | None,
    theirs: str | None,
    we_had: Collection[str | None],
    they_had: Collection[str | None],
) -> Side | None:
    """The side that had the other's content and has left it behind since; None: neither, or both.

    This is what a squash merge hides from git: its one commit holds what our branch had then, and
    to git that is somebody else's work, which conflicts with ours or brings back what was taken
    back. `ours` and `theirs` name contents, `we_had` all that our side has made of the file.
    """
    passed, overtaken = theirs in we_had, ours in they_had
    if passed == overtaken:
        return None
    return "ours" if passed else "theirs"


def stands(ours: Noun | None, theirs: Noun | None) -> Side | None:
    """The side that stands where both changed a file; None where people must say.

    What is equal as a value is no conflict. In a file that one annotator owns the newer decision
    stands, and a decision rather than none. A settled disagreement or a closed round stands once
    where both say the same in it: the earlier one.
    """
    if ours == theirs:
        return "ours"
    if isinstance(ours or theirs, Label | Preference):
        return _newer(ours, theirs)
    if isinstance(ours, Resolution) and isinstance(theirs, Resolution):
        return _same_resolution(ours, theirs)
    if isinstance(ours, Round) and isinstance(theirs, Round):
        return _same_round(ours, theirs)
    return None


def _newer(ours: Noun | None, theirs: Noun | None) -> Side:
    return "ours" if _order(ours) >= _order(theirs) else "theirs"


def _order(noun: Noun | None) -> tuple[bool, float, str]:
    """Sorts the same wherever it is asked: two clones settle alike."""
    if not isinstance(noun, Label | Preference):
        return (False, 0.0, "")
    return (True, _seconds(noun.labeled_at), noun.model_dump_json())


def _seconds(at: str | None) -> float:
    return float("-inf") if at is None else moment(at).timestamp()


def _same_resolution(ours: Resolution, theirs: Resolution) -> Side | None:
    """The same scores for the same reason; a note is kept rather than none."""
    personal = {"resolver": None, "resolved_at": None, "note": None}
    if ours.model_copy(update=personal) != theirs.model_copy(update=personal):
        return None
    if ours.note != theirs.note:
        if ours.note and theirs.note:
            return None
        return "ours" if ours.note else "theirs"
    return _earlier(ours.resolved_at, theirs.resolved_at)


def _same_round(ours: Round, theirs: Round) -> Side | None:
    if ours.closed is None or theirs.closed is None:
        return None
    undated = [
        one.model_copy(update={"closed": one.closed.model_copy(update={"at": None})})
        for one in (ours, theirs)
        if one.closed is not None
    ]
    return _earlier(ours.closed.at, theirs.closed.at) if undated[0] == undated[1] else None


def _earlier(ours: str | None, theirs: str | None) -> Side:
    return "ours" if _seconds(ours) <= _seconds(theirs) else "theirs"
