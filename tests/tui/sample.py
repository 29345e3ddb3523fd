"""The project's own sample as a repository of its own."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.small_repo import Repo

ROOT = Path(__file__).parent.parent.parent
PARTS = ("datasets", "rubrics")


def copy_of_sample(root: Path) -> Repo:
    """A fresh repository with the sample as its first commit; git knows alice."""
    files = {"labeltool.yaml": (ROOT / "labeltool.yaml").read_text(encoding="utf-8")}
    repo = Repo(root, files)
    for part in PARTS:
        shutil.copytree(ROOT / part, root / part, ignore=shutil.ignore_patterns("__pycache__"))
    (root.parent / "gitconfig").write_text(
        '[user]\nname = "Alice"\nemail = "alice@example.org"\n[init]\ndefaultBranch = main\n'
    )
    repo.git("init", "-q")
    repo.git("add", ".")
    repo.git("commit", "-qm", "start")
    return repo
