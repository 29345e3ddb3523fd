"""The two sides of a merge in progress: what each changed, and what each had on the way there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from labeltool.history.merge import merge_head
from labeltool.history.session import Session

_NO_RENAMES = ("--no-renames", "--no-ext-diff", "--no-textconv", "--relative")


@dataclass(frozen=True)
class Sides:
    """`ours` and `theirs` are commits. Blobs are git's ids; None: there is no such file.

    Paths are relative to the workspace; what lies outside it is left out.
    """

    session: Session
    ours: str
    theirs: str

    @classmethod
    def of(cls, session: Session) -> Sides | None:
        """Of the merge in progress, None where there is none."""
        theirs, head = merge_head(session), session.cat.get("HEAD")
        return None if theirs is None or head is None else cls(session, head.id, theirs)

    @cached_property
    def base(self) -> str | None:
        """The commit that both come from; None where there are several, or none."""
        ran = self.session.repository.git.run("merge-base", "--all", self.ours, self.theirs)
        found = ran.text.split()
        return found[0] if len(found) == 1 else None

    @cached_property
    def our_changes(self) -> Mapping[str, str | None]:
        """{path: blob} that our side has made of the base."""
        return self._diff(self.ours)

    @cached_property
    def their_changes(self) -> Mapping[str, str | None]:
        return self._diff(self.theirs)

    @cached_property
    def we_had(self) -> Mapping[str, frozenset[str | None]]:
        """{path: blobs} that commits of our side only have made of it, the present one too."""
        return self._had(self.theirs, self.ours)

    @cached_property
    def they_had(self) -> Mapping[str, frozenset[str | None]]:
        return self._had(self.ours, self.theirs)

    def blob(self, commit: str, path: str) -> str | None:
        """The id of a file's content in `commit`."""
        found = self.session.cat.get(f"{commit}:{self.session.repository.prefix}{path}")
        return found.id if found is not None and found.kind == "blob" else None

    def read(self, commit: str, path: str) -> bytes | None:
        return self.session.cat.blob(f"{commit}:{self.session.repository.prefix}{path}")

    def author(self, commit: str, path: str) -> str | None:
        """Who changed `path` last on the way to `commit`."""
        return self.session.repository.git.ask("log", "-1", "--format=%an", commit, "--", path)

    def export(self, commit: str, folder: Path, wanted: Callable[[str], bool]) -> None:
        """Writes the files of `commit` (or a tree) below `folder`, empty where not `wanted`."""
        git = self.session.repository.git
        for line in git.must("ls-tree", "-r", "-z", "--full-tree", self._here(commit)).text.split(
            "\0"
        ):
            head, tab, path = line.partition("\t")
            if not tab or not head.startswith("100"):
                continue  # links and submodules are nothing of ours
            target = folder / path
            if not target.resolve().is_relative_to(folder.resolve()):
                continue
            target.parent.mkdir(parents=True, exist_ok=True)
            data = self.session.cat.blob(head.split(" ")[2]) if wanted(path) else b""
            target.write_bytes(data or b"")

    def _here(self, commit: str) -> str:
        """The workspace's own folder in `commit`: of a tree, git would list all."""
        prefix = self.session.repository.prefix.rstrip("/")
        return f"{commit}:{prefix}" if prefix else commit

    def _diff(self, commit: str) -> dict[str, str | None]:
        if self.base is None:
            return {}
        git = self.session.repository.git
        ran = git.must("diff-tree", "-r", "-z", "--raw", *_NO_RENAMES, self.base, commit)
        return {path: blobs[-1] for path, blobs in _raw(ran.text).items()}

    def _had(self, without: str, commit: str) -> dict[str, frozenset[str | None]]:
        # `-m`: what a merge made of a file counts too.
        flags = ("log", "-m", "-z", "--raw", "--no-abbrev", "--format=", "--no-show-signature")
        ran = self.session.repository.git.must(*flags, *_NO_RENAMES, f"{without}..{commit}")
        return {path: frozenset(blobs) for path, blobs in _raw(ran.text).items()}


def _raw(text: str) -> dict[str, list[str | None]]:
    """`:100644 100644 OLD NEW M`, NUL, path, NUL: {path: new blobs}."""
    found: dict[str, list[str | None]] = {}
    tokens = iter(text.split("\0"))
    for token in tokens:
        start = token.find(":")
        if start < 0:
            continue
        blob = token[start:].split(" ")[3]
        found.setdefault(next(tokens, ""), []).append(blob if blob.strip("0") else None)
    return found
