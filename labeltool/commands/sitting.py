"""What labelling and resolving in one sitting share: a branch that is watched, saves that commit by
themselves, and the way back.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Generic, TypeVar

from labeltool.commands.amend_draft import Amendable, AmendDraft, amendable, keep_draft
from labeltool.commands.branch_offer import Answer, Offer, branch_offer
from labeltool.commands.context import Context
from labeltool.commands.label_work import Work, WorkState
from labeltool.commands.rubric_view import RubricPast, settled_past
from labeltool.errors import Conflict, LabeltoolError
from labeltool.history import CommitQueue, Saved
from labeltool.model.rubric import Rubric
from labeltool.store.workspace import Workspace

Took = TypeVar("Took")
"""What is told of a decision that was taken back."""


class Sitting(ABC, Generic[Took]):
    """One annotator at work on one dataset. Not thread-safe: one thread calls it."""

    branch: str | None
    """The branch that everything was read on; None where HEAD is on none."""
    _work: Work

    def __init__(self, ctx: Context, annotator: str):
        self.ctx, self.annotator = ctx, annotator
        self.offer: Offer | None = None
        """A branch to ask about: what was decided is saved, and its commit waits for `answer`."""
        self._asked = False

    def _begin(self, on_work: Callable[[WorkState], None]) -> None:
        """Commit from now on what is saved; on_work is told of it, from any thread."""
        self._work = Work(self.ctx, on_work)

    @property
    @abstractmethod
    def dataset(self) -> str: ...

    @property
    @abstractmethod
    def rubric(self) -> Rubric: ...

    @abstractmethod
    def _read_files(self) -> None:
        """Read everything from the files as they are now. Raises LabeltoolError."""

    @abstractmethod
    def _took(self, saved: Saved) -> Took:
        """A decision was taken back, or brought back: what to tell of it."""

    # The rubric.

    def past(self) -> RubricPast:
        """What was settled and changed before, criterion by criterion. Raises LabeltoolError."""
        return settled_past(self.ctx, dataset=self.dataset)

    def amendable(self, criterion: str) -> Amendable:
        """A criterion as a person needs to see it to amend it. Raises UnknownName, DataError."""
        return amendable(self.ctx, self.rubric.name, criterion, annotator=self.annotator)

    def keep_amendment(self, criterion: str, draft: AmendDraft | None) -> None:
        """Journal an amendment in the making; None forgets it."""
        keep_draft(self.ctx, self.rubric.name, criterion, draft, annotator=self.annotator)

    # The way back.

    def undo(self) -> Took:
        """Take my last decision in this dataset back, by a new commit.

        It may be one of an earlier sitting. Raises UsageError where nothing is left, Conflict
        where a file was changed since.
        """
        self._refuse_elsewhere(self.branch)
        self._deciding()
        return self._took(self._commits.undo(self.annotator, self._mine))

    def redo(self) -> Took:
        """Say again what undo took back last. Raises as `undo`."""
        self._refuse_elsewhere(self.branch)
        self._deciding()
        return self._took(self._commits.redo(self.annotator, self._mine))

    @property
    def _mine(self) -> dict[str, str]:
        return {"Labeltool-Dataset": self.dataset}

    # The branch.

    def answer(self, answer: Answer) -> bool:
        """Whether to go to the branch that is offered; what waits is committed then.

        True where everything was read again, from that branch. Raises RepositoryError where it
        cannot be switched to: then this branch it is.
        """
        offer, self.offer = self.offer, None
        if offer is None:
            return False
        history, switched = self.ctx.history, False
        try:
            if answer == "switch":
                history.switch_to_new_branch(offer.branch)
                switched = True
            else:
                history.decline_branch(for_good=answer == "never")
        finally:
            self._commits.resume(here=switched)
        return switched and self.follow()

    def _deciding(self) -> None:
        """Before a decision is saved: with the first one a branch of one's own may be offered."""
        if not self._asked:
            self._asked = True
            self.offer = branch_offer(self.ctx, self.annotator)
            if self.offer is not None:
                self._commits.pause()

    def _refuse_elsewhere(self, branch: str | None) -> None:
        """Nothing that was decided over one branch's files is written into another's."""
        now = self.ctx.history.repository.branch()
        if branch != now:
            raise Conflict(
                f"the branch {branch or '(none)'} was switched to {now or '(none)'} underneath",
                hint="the files are read again; then decide again",
            )

    def follow(self) -> bool:
        """Read everything again where another branch is checked out by now; False where not.

        Raises as `read_again`.
        """
        if self.branch == self.ctx.history.repository.branch():
            return False
        self.read_again()
        return True

    def read_again(self) -> None:
        """Read everything again: it may have been changed from outside this sitting.

        What is half-made stays in the journal, and stands where its texts are the same ones.
        Raises as `open`, and then nothing has changed: nothing is saved until it can be read.
        """
        before, self.ctx.workspace = self.ctx.workspace, Workspace.open(self.ctx.workspace.root)
        try:
            self._read_here()
        except LabeltoolError:
            self.ctx.workspace = before
            raise

    def _read_here(self) -> None:
        """Read the files of the branch that is checked out, and watch that one."""
        branch = self.ctx.history.repository.branch()
        self._read_files()
        self.branch = branch
        # One that was switched to meanwhile is not ours still: nothing is written there.
        self.ctx.history.adopt_branch()

    # The commits.

    @property
    def _commits(self) -> CommitQueue:
        return self._work.queue

    def flush(self, timeout: float) -> bool:
        """Wait until all that can be committed is; False where something waits."""
        return self._commits.flush(timeout)

    def close(self, timeout: float = 10.0) -> WorkState:
        """End the sitting, waiting so long for commits at most; where the decisions are then."""
        return self._work.close(timeout)
