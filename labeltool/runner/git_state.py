"""The commit that a run was made from, and whether the files said something else."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from labeltool.errors import RepositoryError
from labeltool.history.repository import discover
from labeltool.model.result import GitState
from labeltool.store import paths


def git_state(root: Path, env: Mapping[str, str]) -> GitState:
    """Never raises: a run needs no repository. `dirty` counts changed files, and new ones that
    a run reads.
    """
    try:
        repository = discover(root, env)
        commit = repository.git.run("rev-parse", "-q", "--verify", "HEAD").text.strip()
        changed = repository.git.run("status", "--porcelain", "--untracked-files=no", "--", ".")
        new = repository.git.run(
            "ls-files",
            "--others",
            "--exclude-standard",
            "--",
            paths.SETTINGS,
            paths.RUBRICS,
            paths.DATASETS,
        )
    except RepositoryError as error:
        return GitState(why=error.message)
    except OSError as error:
        return GitState(why=f"git could not be run: {error.strerror}")
    if not commit:
        return GitState(dirty=True, why="no commit yet")
    return GitState(commit=commit, dirty=bool(changed.out or new.out))
