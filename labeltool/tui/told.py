"""What the desk tells the label screen, as messages.

Each names its case: a late answer must not land on the next one.
"""

from __future__ import annotations

from dataclasses import dataclass

from textual.message import Message

from labeltool.commands import amend_draft
from labeltool.commands.branch_offer import Offer
from labeltool.commands.edit import EditReport
from labeltool.commands.label_session import Session
from labeltool.commands.label_view import LabelDraft, View
from labeltool.commands.label_work import WorkState
from labeltool.commands.rubric_amend import Amendment
from labeltool.commands.rubric_view import RubricPast
from labeltool.errors import LabeltoolError
from labeltool.rules.queue import Item, State


@dataclass
class Opened(Message):
    session: Session


@dataclass
class OpenFailed(Message):
    """The queue cannot be read. `case`: whose label was refused for it."""

    error: LabeltoolError
    case: str | None = None


@dataclass
class Read(Message):
    """A case was read. `fresh`: asked for because its file changed."""

    case: str
    view: View
    fresh: bool = False


@dataclass
class ReadFailed(Message):
    case: str
    error: LabeltoolError


@dataclass
class SaveFailed(Message):
    """The disk or another process said no. The draft is journalled where that is possible."""

    view: View
    draft: LabelDraft
    error: LabeltoolError
    theirs: View | None = None
    """The case as it is on disk now, where another label came between."""


@dataclass
class Switched(Message):
    """Another branch is checked out, and everything was read again from there.

    case: where something was refused for it, None where nothing was. label: that was a label.
    """

    session: Session
    case: str | None = None
    label: bool = False


@dataclass
class ReadAgain(Message):
    """Everything was read again, on the same branch."""

    session: Session


@dataclass
class Offered(Message):
    """A branch of one's own, with the first decision on the default branch."""

    offer: Offer


@dataclass
class Stayed(Message):
    """The branch that was offered cannot be switched to."""

    error: LabeltoolError


@dataclass
class Work(Message):
    state: WorkState


@dataclass
class TakenBack(Message):
    """An undo or redo ended: `case` is where, empty where `error` says why not. `what`: the kind of
    decision, in front of its case.
    """

    case: str
    redo: bool
    what: str = ""
    error: LabeltoolError | None = None


@dataclass
class Stood(Message):
    """Where a case stands on disk."""

    case: str
    state: State


@dataclass
class Counted(Message):
    """How many outputs a filter shows, or why it says nothing."""

    text: str
    shown: int
    refused: str | None = None


@dataclass
class Chosen(Message):
    """What a filter shows of the queue, in which order; `says`: what that order settles."""

    text: str
    settling: bool
    items: tuple[Item, ...] = ()
    says: str | None = None
    error: LabeltoolError | None = None


@dataclass
class Verified(Message):
    case: str
    error: LabeltoolError | None = None


@dataclass
class Edited(Message):
    """An expected answer was saved, or not: then its text is kept."""

    case: str
    report: EditReport | None = None
    error: LabeltoolError | None = None


@dataclass
class Amendable(Message):
    """A criterion, ready to be amended."""

    found: amend_draft.Amendable


@dataclass
class Amended(Message):
    """The rubric was amended, or not: then what was written is kept."""

    criterion: str
    amendment: Amendment | None = None
    error: LabeltoolError | None = None


@dataclass
class Past(Message):
    """What was settled and changed before; empty, with the reason in `missing`, where unknown."""

    past: RubricPast


@dataclass
class Broke(Message):
    """A job ended with an error that nobody foresaw."""

    fault: BaseException
