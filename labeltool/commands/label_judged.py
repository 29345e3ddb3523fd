"""A sitting that knows which outputs were seen with the judge's scores: their labels say so."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace

from labeltool.commands.context import Context
from labeltool.commands.label_session import Session
from labeltool.commands.label_view import LabelDraft, View
from labeltool.commands.label_work import WorkState
from labeltool.model.hashing import text_hash

Seen = Collection[tuple[str, str]]
"""(case, hash of the output)."""


class JudgedSession(Session):
    """`judged` may grow while the sitting lasts. A label that was given after the judge's score was
    on screen does not count where the judge is measured.
    """

    judged: Seen = ()

    @classmethod
    def after(
        cls,
        judged: Seen,
        ctx: Context,
        on_work: Callable[[WorkState], None],
        **wish: str | None,
    ) -> JudgedSession:
        """As `open`."""
        session = cls.open(ctx, on_work, **wish)
        assert isinstance(session, JudgedSession)
        session.judged = judged
        return session

    def save(self, view: View, draft: LabelDraft) -> None:
        if (view.case.id, text_hash(view.output.output)) in self.judged:
            draft = replace(draft, after_judge=True)
        super().save(view, draft)
