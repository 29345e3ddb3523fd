"""Where a branch parted from another one."""

from __future__ import annotations

from labeltool.errors import UsageError
from labeltool.history.repository import Repository


def merge_base(repository: Repository, ref: str) -> str:
    """The commit, as a hash, at which HEAD parted from `ref`: what a change is measured against.

    Raises UsageError where git knows no such ref, or history is too short to hold the commit.
    """
    found = repository.git.run("merge-base", "HEAD", commit_of(repository, ref))
    if found.code != 0:
        raise UsageError(
            f"HEAD and {ref} have no commit in common here",
            hint="a shallow clone cuts history off: fetch it whole (in CI: fetch-depth: 0)",
        )
    return found.text.split()[0]


def commit_of(repository: Repository, ref: str) -> str:
    """The commit, as a hash, that `ref` names. Raises UsageError where git knows none."""
    git = repository.git
    named = git.run("rev-parse", "-q", "--verify", "--end-of-options", f"{ref}^{{commit}}")
    if named.code != 0:
        raise UsageError(
            f"{ref!r} is neither a file nor a branch or commit that git knows here",
            hint="fetch it first (in CI: a checkout with full history), or name a results file",
        )
    return named.text.strip()


def file_at(repository: Repository, commit: str, path: str) -> bytes | None:
    """A workspace file as it was in `commit` (a hash); None where it was not."""
    ran = repository.git.run("cat-file", "blob", f"{commit}:{repository.prefix}{path}")
    return ran.out if ran.code == 0 else None
