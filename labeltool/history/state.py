"""Where the repository stands, for a banner before the work begins."""

from __future__ import annotations

import os
from dataclasses import dataclass

from labeltool.history.remote import default_branch
from labeltool.history.repository import Repository
from labeltool.history.session import Session


@dataclass(frozen=True, slots=True)
class RepoState:
    """branch          None when detached
    default_branch  the remote's, None without a remote or where it is not known
    operation       merge, rebase, cherry_pick, revert or bisect that waits to be finished
    identity        "Name <e-mail>" of the next commit's author, None where git knows none
    read_only       nothing can be saved here
    pending         decisions of this process that are saved and not committed
    """

    branch: str | None
    default_branch: str | None
    operation: str | None
    identity: str | None
    read_only: bool
    unborn: bool
    detached: bool
    shallow: bool
    has_remote: bool
    pending: int

    @property
    def on_default_branch(self) -> bool:
        return self.branch is not None and self.branch == self.default_branch


def state(session: Session) -> RepoState:
    repository = session.repository
    branch = repository.branch()
    remotes = (repository.git.ask("remote") or "").split()
    return RepoState(
        branch=branch,
        default_branch=default_branch(repository, remotes[0]) if remotes else None,
        operation=repository.operation(),
        identity=identity(repository),
        read_only=_read_only(repository),
        unborn=session.cat.get("HEAD") is None,
        detached=branch is None,
        shallow=(repository.common_dir / "shallow").exists(),
        has_remote=bool(remotes),
        pending=sum(entry.saved for entry in session.journal.entries),
    )


def unpushed(session: Session) -> int | None:
    """Commits of HEAD that no remote branch known here has; None without a remote or a commit."""
    git = session.repository.git
    if not git.ask("remote"):
        return None
    count = git.ask("rev-list", "--count", "HEAD", "--not", "--remotes")
    return int(count) if count and count.isdigit() else None


def identity(repository: Repository) -> str | None:
    """The author that the user has configured; nothing that git would make up."""
    guess = () if "EMAIL" in repository.git.env else ("user.useConfigOnly=true",)
    ran = repository.git.run("var", "GIT_AUTHOR_IDENT", config=guess)
    if ran.code != 0:
        return None
    return ran.text.partition(">")[0] + ">"


def _read_only(repository: Repository) -> bool:
    return not all(os.access(place, os.W_OK) for place in (repository.root, repository.git_dir))
