"""A branch of one's own: offered where decisions would go to the default branch of a remote."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from labeltool.errors import RepositoryError
from labeltool.history.gitcmd import Ran
from labeltool.history.locks import BusyError, held
from labeltool.history.remote import check_branch, default_branch
from labeltool.history.repository import Repository
from labeltool.history.session import Session

SETTING = "labeltool.offerBranch"
"""In the repository's own git configuration: false where nobody wants to be asked again."""


@dataclass(frozen=True, slots=True)
class SwitchedTo:
    """made: there was no such branch here. moved: files may differ from those that were read."""

    name: str
    made: bool
    moved: bool


def on_default_branch(repository: Repository) -> str | None:
    """The branch that is checked out, where it is the default one of a remote and may be left."""
    branch = repository.branch()
    remote = repository.git.ask("remote") if branch is not None else None
    if remote is None or default_branch(repository, remote) != branch:
        return None
    unborn = repository.git.ask("rev-parse", "-q", "--verify", "HEAD") is None
    return None if unborn or repository.operation() else branch


def may_offer(repository: Repository) -> bool:
    return repository.git.ask("config", "--type=bool", "--get", SETTING) != "false"


def offer_no_more(repository: Repository) -> None:
    repository.git.must("config", "--local", SETTING, "false")


def exists(repository: Repository, name: str) -> bool:
    """Whether there is that branch here. Raises UsageError for an illegal name."""
    check_branch(repository, name)
    return _commit(repository, f"refs/heads/{name}") is not None


def switch_to_new_branch(session: Session, name: str) -> SwitchedTo:
    """Switch to the branch `name`, made here where it is not there yet.

    Nothing is taken from the index or the folder: where no file has to change, what is staged and
    what is not committed stay as they are; where files have to change, there must be nothing of
    either. Raises UsageError for an illegal name, RepositoryError where the branch cannot be
    switched to, with the way on; then everything is as it was.
    """
    repository = session.repository
    check_branch(repository, name or "-")  # nothing at all is no name either
    if (doing := repository.operation()) is not None:
        raise RepositoryError(
            f"a {doing.replace('_', '-')} is in progress", hint="finish or abort it first"
        )
    if _commit(repository, "HEAD") is None:
        raise RepositoryError("there is no commit to branch from", hint="make a first commit")
    try:
        with (
            held(session.commit_lock, session.limits.commit),
            held(session.save_lock, session.limits.save),
        ):
            return _switch(repository, name)
    except BusyError:
        raise RepositoryError(
            "another labeltool process is committing", hint="wait for it, then try again"
        ) from None


def _switch(repository: Repository, name: str) -> SwitchedTo:
    here = _commit(repository, f"refs/heads/{name}")
    tip, upstream = here, None
    if tip is None:
        upstream = _remote_branch(repository, name)
        tip = _commit(repository, upstream) if upstream else None
    where = _standing(repository, tip)
    if where == "apart":
        raise RepositoryError(
            f"{name} and {repository.branch()} have both gone on",
            hint=f"git switch {name}, then labeltool sync",
        )
    if where == "ahead":
        assert tip is not None
        _refuse_dirty(repository, name)
        made = () if here else ("-c", name)
        _ran(repository, name, *made, "--end-of-options", tip if made else name)
    else:  # all that the branch has is here: it comes to HEAD, and no file changes
        how = "-C" if here else "-c"
        _ran(repository, name, "--no-track", how, name, "--end-of-options", "HEAD")
    if upstream is not None:
        short = upstream.removeprefix("refs/remotes/")
        repository.git.run("branch", "-q", f"--set-upstream-to={short}", "--end-of-options", name)
    return SwitchedTo(name, made=here is None, moved=where == "ahead")


def _standing(repository: Repository, tip: str | None) -> Literal["behind", "ahead", "apart"]:
    """Where a branch stands beside HEAD; one that is not there, or the same, is behind."""
    if tip is None or _is_ancestor(repository, tip, "HEAD"):
        return "behind"
    return "ahead" if _is_ancestor(repository, "HEAD", tip) else "apart"


def _refuse_dirty(repository: Repository, name: str) -> None:
    ran = repository.git.must("status", "--porcelain", "-z", "--untracked-files=no")
    changed = [entry[3:] for entry in ran.text.split("\0") if entry]
    if changed:
        raise RepositoryError(
            f"{name} has other files, and {changed[0]} is changed here and not committed",
            hint=f"commit it, then git switch {name}",
        )


def _ran(repository: Repository, name: str, *args: str) -> Ran:
    ran = repository.git.run("switch", "-q", "--no-guess", *args)
    if repository.branch() != name:  # a hook that fails after the switch has not undone it
        raise RepositoryError(
            f"git does not switch to {name}: {ran.words.partition(chr(10))[0]}",
            hint=f"git switch {name} says more",
        )
    return ran


def _remote_branch(repository: Repository, name: str) -> str | None:
    """The same branch as the remote had it when it was fetched last."""
    remote = repository.git.ask("remote")
    ref = f"refs/remotes/{remote}/{name}"
    return ref if remote and _commit(repository, ref) else None


def _commit(repository: Repository, ref: str) -> str | None:
    return repository.git.ask(
        "rev-parse", "-q", "--verify", "--end-of-options", f"{ref}^{{commit}}"
    )


def _is_ancestor(repository: Repository, older: str, newer: str) -> bool:
    return repository.git.run("merge-base", "--is-ancestor", older, newer).code == 0
