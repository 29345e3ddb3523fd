"""Files as they are in a commit, and what two commits differ in."""

from __future__ import annotations

from collections.abc import Mapping

from labeltool.errors import UsageError
from labeltool.history.session import Session

_FILES = ("100644", "100755")


def commit_of(session: Session, name: str) -> str | None:
    """The hash of the commit that a branch, tag or hash means; None where there is none."""
    if not name or name.startswith("-"):
        raise UsageError(f"{name!r} is no branch or commit", hint="say one that `git log` takes")
    git = session.repository.git
    return git.ask("rev-parse", "--verify", "-q", "--end-of-options", f"{name}^{{commit}}")


def merge_base(session: Session, one: str, other: str) -> str | None:
    """The best common ancestor of two commits; None where they share none (or a shallow clone
    does not hold it).
    """
    return session.repository.git.ask("merge-base", one, other)


def count_between(session: Session, base: str, head: str) -> int:
    """How many commits of `head` the commit `base` does not have."""
    count = session.repository.git.ask("rev-list", "--count", head, "--not", base)
    return int(count or 0)


def files_of(session: Session, commit: str) -> dict[str, str]:
    """{workspace path: blob hash} of the regular files in `commit`; links are left out."""
    repository = session.repository
    scope = f"{commit}:{repository.prefix.rstrip('/')}" if repository.prefix else commit
    ran = repository.git.run("ls-tree", "-r", "-z", "--full-tree", "--end-of-options", scope)
    if ran.code != 0:
        return {}  # the workspace's folder is not in that commit
    found: dict[str, str] = {}
    for row in ran.text.split("\0"):
        facts, _, path = row.partition("\t")
        mode, _, rest = facts.partition(" ")
        if mode in _FILES:
            found[path] = rest.partition(" ")[2]
    return found


def content(session: Session, blob: str) -> bytes:
    """The bytes of a blob that `files_of` named."""
    return session.cat.blob(blob) or b""


def proposed(
    base: Mapping[str, str], fork: Mapping[str, str], head: Mapping[str, str]
) -> dict[str, str | None]:
    """What merging `head` into `base` would bring: {path: blob hash, None where it is deleted}.

    All three as of `files_of`; `fork` is their merge base. What `base` has got already, by a
    squash for one, is not among it.
    """
    changed = {path for path in {*fork, *head} if fork.get(path) != head.get(path)}
    return {path: head.get(path) for path in sorted(changed) if base.get(path) != head.get(path)}
