"""One git process that writes: its id stands in the journal while it may hold a lock."""

from __future__ import annotations

import time
from collections.abc import Sequence

from labeltool.history.gitcmd import WRITE, Ran
from labeltool.history.session import Session
from labeltool.history.stale_lock import remove_own_lock


def write(
    session: Session, command: Sequence[str], *, stdin: bytes = b"", config: Sequence[str] = ()
) -> Ran:
    """Runs git; should we or it die on the way, the lock it leaves is known to be ours."""
    began = time.time()
    # Once before it runs, its number not known yet: we may die in between.
    session.journal.git_started(0, began)
    ran = session.repository.git.run(
        *command,
        stdin=stdin,
        config=(*WRITE, *config),
        timeout=session.limits.hook,
        started=lambda pid: session.journal.git_started(pid, began),
    )
    if ran.code < 0:
        remove_own_lock(session.repository, ran.pid, began)
    return ran


def author_config(session: Session) -> tuple[str, ...]:
    """Git would make an e-mail up from the host's name; $EMAIL is the user's own word."""
    return () if "EMAIL" in session.repository.git.env else ("user.useConfigOnly=true",)
