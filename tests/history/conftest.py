from __future__ import annotations

from pathlib import Path

import pytest

from labeltool.history import init_repository
from tests.history.support import Repo, isolated


@pytest.fixture
def bare_identity(tmp_path: Path) -> Repo:
    """A fresh repository in which git knows nobody; no commit yet."""
    root = tmp_path / "repo"
    env = isolated(tmp_path)
    init_repository(root, env=env)
    return Repo(root, env)


@pytest.fixture
def unborn(bare_identity: Repo) -> Repo:
    bare_identity.identify()
    return bare_identity


@pytest.fixture
def repo(unborn: Repo) -> Repo:
    """A repository with an author and a first commit."""
    unborn.commit_by_hand("README.md", "hello\n")
    return unborn
