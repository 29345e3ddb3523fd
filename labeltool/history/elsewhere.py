"""What lies on fetched branches of remotes that are not merged here."""

from __future__ import annotations

from collections.abc import Sequence

from labeltool.history.session import Session

_BRANCHES = 50
"""At most so many are looked at, the ones with the newest commits."""


def files_elsewhere(session: Session, folders: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """{`origin/labels/bob`: workspace paths below `folders` there}, as last fetched, of every
    remote branch with commits that HEAD has not; the newest first, none that has no such file.
    """
    git = session.repository.git
    listed = git.run(
        "for-each-ref",
        "--no-merged=HEAD",
        "--sort=-committerdate",
        f"--count={_BRANCHES}",
        "--format=%(refname)",
        "refs/remotes",
    )
    prefix = session.repository.prefix
    wanted = [f"{prefix}{folder}" for folder in folders]
    found = {}
    for ref in listed.text.split() if listed.code == 0 else ():
        if ref.endswith("/HEAD"):
            continue
        named = git.run("ls-tree", "-r", "-z", "--name-only", "--full-tree", ref, "--", *wanted)
        paths = tuple(one.removeprefix(prefix) for one in named.text.split("\0") if one)
        if paths:
            found[ref.removeprefix("refs/remotes/")] = paths
    return found
