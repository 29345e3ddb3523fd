"""git's own index of history: which commits changed which paths."""

from __future__ import annotations

from labeltool.history.repository import Repository


def write_graph(repository: Repository) -> bool:
    """Write or bring up to date the commit-graph with its changed paths; False where git refuses.

    Only more is appended to what there is, so it may be called after every fetch. It takes about a
    second for 10,000 commits the first time. It changes nothing that anybody reads of history, and
    how fast it is read: `git log -- PATH` looks at a few commits then, not at all of them.
    """
    ran = repository.git.run(
        "commit-graph", "write", "--reachable", "--changed-paths", "--split", timeout=600.0
    )
    return ran.code == 0


def has_graph(repository: Repository) -> bool:
    """Whether there is a commit-graph; whether it knows paths, only git can tell."""
    info = repository.common_dir / "objects" / "info"
    return (info / "commit-graph").exists() or (info / "commit-graphs").is_dir()
