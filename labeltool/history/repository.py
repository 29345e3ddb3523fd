"""Where a workspace lies in its git repository, and what git is in the middle of."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from labeltool.errors import NotARepository, RepositoryError
from labeltool.history.gitcmd import Git

# What lies in the git folder while an operation waits for its user.
OPERATIONS = (
    ("rebase-merge", "rebase"),
    ("rebase-apply", "rebase"),
    ("MERGE_HEAD", "merge"),
    ("CHERRY_PICK_HEAD", "cherry_pick"),
    ("REVERT_HEAD", "revert"),
    ("BISECT_LOG", "bisect"),
)


@dataclass(frozen=True, slots=True)
class Repository:
    """`root` is the workspace, `prefix` its path below `top` ("" or with a final slash).

    `git_dir` is the worktree's own folder, `common_dir` the one that all worktrees share.
    """

    root: Path
    top: Path
    git_dir: Path
    common_dir: Path
    prefix: str
    git: Git

    @property
    def own_dir(self) -> Path:
        return self.git_dir / "labeltool"

    def branch(self) -> str | None:
        """The branch that HEAD is on, born or not; None when detached."""
        try:
            text = (self.git_dir / "HEAD").read_text("utf-8", "replace").strip()
        except OSError as error:
            raise RepositoryError(
                f"HEAD cannot be read: {error}", hint="run `git fsck` and `git status`"
            ) from error
        if text.startswith("ref: refs/heads/") and not text.endswith("/.invalid"):
            return text.removeprefix("ref: refs/heads/")
        if text.startswith("ref: "):  # the reftable format keeps HEAD elsewhere
            ref = self.git.ask("symbolic-ref", "-q", "HEAD")
            return ref.removeprefix("refs/heads/") if ref else None
        return None

    def operation(self) -> str | None:
        """merge, rebase, cherry_pick, revert or bisect, where one waits to be finished."""
        return next(
            (name for mark, name in OPERATIONS if os.path.lexists(self.git_dir / mark)), None
        )

    def index_lock(self) -> Path:
        return self.git_dir / "index.lock"


def discover(root: Path, env: Mapping[str, str]) -> Repository:
    """The repository that `root` lies in; NotARepository where there is none or it is bare."""
    root = root.resolve()
    git = Git(root, env)
    ran = git.run(
        "rev-parse",
        "--local-env-vars",
        "--is-bare-repository",
        "--is-inside-work-tree",
        "--absolute-git-dir",
        "--git-common-dir",
        "--show-prefix",
        "--show-toplevel",
    )
    lines = ran.text.split("\n")
    local = frozenset(line for line in lines if line.startswith("GIT_"))
    lines = lines[len(local) :]
    if lines[:1] == ["true"]:
        raise NotARepository(
            f"{root} is a bare git repository: it has no files to label",
            hint="clone it and work in the clone",
        )
    if lines[:2] == ["false", "false"]:
        raise NotARepository(f"{root} lies inside a .git folder", hint="go to the work tree")
    if ran.code != 0:
        raise _not_a_repository(root, ran.words)
    _, _, git_dir, common_dir, prefix, top = lines[:6]
    return Repository(
        root=root,
        top=Path(top),
        git_dir=Path(git_dir),
        common_dir=(root / common_dir).resolve(),
        prefix=prefix,
        git=Git(root, env, local),
    )


def _not_a_repository(root: Path, words: str) -> NotARepository:
    if "dubious ownership" in words:
        return NotARepository(
            f"git does not trust {root}: it belongs to somebody else",
            hint=f"if you trust it: git config --global --add safe.directory {root}",
        )
    if "not a git repository" in words:
        return NotARepository(
            f"{root} is not in a git repository", hint="run `labeltool init`, or `git init` there"
        )
    return NotARepository(f"git cannot read {root}: {words}", hint="run `git status` there")


def init_repository(path: Path, *, env: Mapping[str, str]) -> None:
    """Makes `path` (and the folders above it) a git repository on the branch main."""
    path.mkdir(parents=True, exist_ok=True)
    Git(path, env).must("init", "-q", "-b", "main")
