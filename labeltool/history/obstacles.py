"""What in a repository will get in the way of saving and committing decisions. Reads only."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from labeltool.history.graph import has_graph
from labeltool.history.repository import Repository
from labeltool.history.stale_lock import git_locks
from labeltool.history.state import identity

OLDEST_GIT = (2, 31)
MANY_COMMITS = 2_000
# The one command of ours that refuses literal paths, which every git process is told to take.
_CHECK_IGNORE = ("--no-literal-pathspecs", "check-ignore")


@dataclass(frozen=True, slots=True)
class Obstacle:
    """`stops`: nothing can be committed before it is gone. mend: the command, or what to do."""

    id: str
    message: str
    mend: str
    stops: bool = False


def obstacles(repository: Repository, decisions: Sequence[str]) -> Iterator[Obstacle]:
    """decisions: workspace paths of files that people's decisions would be written to."""
    yield from _version(repository)
    yield from _author(repository)
    yield from _in_the_middle(repository)
    yield from _locks(repository)
    yield from _paths(repository, decisions)
    yield from _scratch(repository)
    yield from _history(repository)


def _version(repository: Repository) -> Iterator[Obstacle]:
    said = repository.git.ask("version") or ""
    found = re.search(r"(\d+)\.(\d+)", said)
    if found is not None and (int(found[1]), int(found[2])) < OLDEST_GIT:
        wanted = ".".join(map(str, OLDEST_GIT))
        yield Obstacle("git_version", f"{said} is older than {wanted}", "install a newer git")


def _author(repository: Repository) -> Iterator[Obstacle]:
    if identity(repository) is None:
        yield Obstacle(
            "identity",
            "git does not know who you are, so nothing can be committed",
            'git config --global user.name "Your Name" && '
            "git config --global user.email you@example.org",
            stops=True,
        )


def _in_the_middle(repository: Repository) -> Iterator[Obstacle]:
    operation = repository.operation()
    if operation is not None:
        verb = operation.replace("_", "-")
        end = "labeltool sync" if operation == "merge" else f"git {verb} --continue"
        if operation == "bisect":
            end = "git bisect reset"
        yield Obstacle(
            "operation",
            f"a {verb} waits to be finished: decisions are saved and their commits held",
            end,
            stops=True,
        )
    if repository.branch() is None:
        yield Obstacle(
            "detached", "HEAD is on no branch: commits are held", "git switch BRANCH", stops=True
        )


def _locks(repository: Repository) -> Iterator[Obstacle]:
    for lock in git_locks(repository):
        yield Obstacle(
            "lock",
            f"{lock.name} is there: another git process works here, or one died",
            f"if no git process runs here: rm {lock}",
            stops=True,
        )


def _paths(repository: Repository, decisions: Sequence[str]) -> Iterator[Obstacle]:
    """What .gitignore, .gitattributes and a sparse checkout do to the decisions' files."""
    if not decisions:
        return
    git = repository.git
    ignored = git.run(*_CHECK_IGNORE, "-v", "--no-index", "--", *decisions)
    for line in ignored.text.splitlines()[:1]:
        rule, _, path = line.partition("\t")
        yield Obstacle(
            "ignored",
            f"{path} and its like are ignored by git ({rule}): labels could not be committed",
            "take that line out, or add `!datasets/**` below it",
            stops=True,
        )
    attributes = git.run("check-attr", "-z", "filter", "text", "eol", "--", *decisions[:1])
    fields = attributes.text.split("\0")
    said = dict(zip(fields[1::3], fields[2::3], strict=False))
    if said.get("filter") not in (None, "unspecified", "unset"):
        yield Obstacle(
            "filter",
            f"the filter {said['filter']} is set for label files: they are small text, and a diff "
            "of them is what reviewers read",
            "take *.yaml out of the filter in .gitattributes",
        )
    if said.get("eol") != "lf":
        yield Obstacle(
            "line_ends",
            "line ends of label files are not pinned: a checkout on Windows may change them",
            "echo '*.yaml text eol=lf' >> .gitattributes",
        )
    skipped = git.run("ls-files", "-t", "--", "datasets", "rubrics")
    if any(line.startswith("S ") for line in skipped.text.splitlines()):
        yield Obstacle(
            "sparse",
            "a sparse checkout leaves out files under datasets/ or rubrics/",
            "git sparse-checkout add datasets rubrics",
        )


def _scratch(repository: Repository) -> Iterator[Obstacle]:
    ran = repository.git.run(*_CHECK_IGNORE, "-q", "--no-index", "--", ".labeltool/runs")
    if ran.code == 1:
        yield Obstacle(
            "scratch",
            ".labeltool/ (runs, caches) is not ignored by git",
            "echo '.labeltool/' >> .gitignore",
        )


def _history(repository: Repository) -> Iterator[Obstacle]:
    if (repository.common_dir / "shallow").exists():
        yield Obstacle(
            "shallow",
            "this clone holds only a part of history: `history`, `--baseline REF` and "
            "`rubric diff` see no further",
            "git fetch --unshallow",
        )
    counted = repository.git.ask("rev-list", "--count", "HEAD")
    commits = int(counted) if counted and counted.isdigit() else 0
    if commits >= MANY_COMMITS and not has_graph(repository):
        yield Obstacle(
            "commit_graph",
            f"{commits:,} commits and no index of which of them changed what: "
            "`history CASE` reads them all",
            "git commit-graph write --reachable --changed-paths",
        )
