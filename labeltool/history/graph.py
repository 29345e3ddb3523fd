"""Git's own index of commits, with the paths each changed: what makes `log -- PATH` quick."""

from __future__ import annotations

from labeltool.history.session import Session


def refresh(session: Session) -> bool:
    """Takes the commits made since into the commit graph. False where git could not; then looking
    back is slower, and nothing else is lost.
    """
    ran = session.repository.git.run(
        *("commit-graph", "write", "--reachable", "--changed-paths", "--split", "--no-progress"),
        timeout=session.limits.hook,
    )
    return ran.code == 0
