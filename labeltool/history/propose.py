"""What a branch would bring to another one, as files."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from labeltool.errors import RepositoryError, UsageError
from labeltool.history import trees
from labeltool.history.session import Session


@dataclass(frozen=True, slots=True)
class Proposed:
    """`base` is {path: blob} as it stands there; `changed` what a merge of HEAD would make
    another ({path: blob, None where deleted}); `content` reads a blob. clashes: those of `changed`
    that `base` has changed as well since the two parted, so that only a merge will tell.
    """

    base: Mapping[str, str]
    changed: Mapping[str, str | None]
    commits: int
    content: Callable[[str], bytes]
    clashes: tuple[str, ...] = ()


def proposed(session: Session, base: str) -> Proposed:
    """What HEAD brings that the commit, branch or tag `base` has not.

    Raises UsageError for a `base` that git does not know, RepositoryError where the two share no
    commit here.
    """
    there, head = trees.commit_of(session, base), trees.commit_of(session, "HEAD")
    if there is None or head is None:
        missing = base if head is not None else "HEAD"
        raise UsageError(f"{missing!r} is no commit that git knows here", hint="git fetch")
    fork = trees.merge_base(session, there, head)
    if fork is None:
        raise RepositoryError(
            f"HEAD and {base} have no commit in common here",
            hint="in a shallow clone: git fetch --unshallow (in CI: fetch-depth: 0)",
        )
    base_files = trees.files_of(session, there)
    fork_files = base_files if fork == there else trees.files_of(session, fork)
    changed = trees.proposed(base_files, fork_files, trees.files_of(session, head))
    return Proposed(
        base=base_files,
        changed=changed,
        commits=trees.count_between(session, there, head),
        content=lambda blob: trees.content(session, blob),
        clashes=tuple(path for path in changed if base_files.get(path) != fork_files.get(path)),
    )


def addresses(session: Session, remote: str) -> tuple[str, ...]:
    """Where the remote is pushed to: as git rewrites it (`insteadOf`), then as it is written."""
    git = session.repository.git
    found = (
        git.ask("remote", "get-url", "--push", "--end-of-options", remote),
        git.ask("config", "--get", f"remote.{remote}.pushurl"),
        git.ask("config", "--get", f"remote.{remote}.url"),
    )
    return tuple(dict.fromkeys(one for one in found if one))


def free_branch(session: Session, remote: str, wanted: str) -> str:
    """`wanted`, or `wanted-2` and so on where a branch of that name holds commits that HEAD lacks:
    one that was squashed and left, or somebody else's.
    """
    for number in range(1, 1000):
        name = wanted if number == 1 else f"{wanted}-{number}"
        refs = (f"refs/heads/{name}", f"refs/remotes/{remote}/{name}")
        tips = [tip for ref in refs if (tip := trees.commit_of(session, ref)) is not None]
        if all(_has(session, tip) for tip in tips):
            return name
    raise RepositoryError(f"no name is free for {wanted}", hint="git switch -c NAME, then again")


def _has(session: Session, commit: str) -> bool:
    git = session.repository.git
    return git.run("merge-base", "--is-ancestor", commit, "HEAD").code == 0
