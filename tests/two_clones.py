"""Two people, two clones, one bare remote: for tests of what they push and merge."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.small_repo import FILES, Repo

TONE = "  - {id: tone, text: The tone fits., max: 2, na: true}\n"
FACTS = "  - {id: facts, text: The facts are there., max: 1}\n"
RUBRIC = "rubrics/mail.yaml"


def label_path(who: str, case: str) -> str:
    return f"datasets/mails/labels/{who}/v1/{case}.yaml"


def resolution_path(case: str) -> str:
    return f"datasets/mails/resolutions/v1/{case}.yaml"


class Clone(Repo):
    """A clone with an author of its own, on the branch `labels/<who>`."""

    def __init__(self, root: Path, who: str):
        super().__init__(root, {})
        self.who = who
        (root.parent / "gitconfig").write_text(
            f'[user]\nname = "{who.capitalize()}"\nemail = "{who}@example.org"\n'
            "[init]\ndefaultBranch = main\n"
        )

    def commit(self, path: str, text: str | None, subject: str = "by hand") -> None:
        """One file written, or taken away, and committed."""
        if text is None:
            (self.root / path).unlink()
        else:
            self.write(path, text)
        self.git("add", "-A", "--", path)
        self.git("commit", "-qm", subject)

    def label(self, case: str, tone: int, *, minute: int = 0, who: str | None = None) -> None:
        """A label, committed as the verb commits it."""
        who = who or self.who
        done = self.labeltool(
            *("label", case, "--system", "v1", "--annotator", who),
            *("--set", f"tone={tone}", "--set", "facts=1"),
        )
        assert done.returncode == 0, done.stderr

    def said(self, who: str, case: str, tone: int, at: str, *, version: int = 2) -> None:
        """A label as a file, committed by hand, with the time it was given at."""
        text = (
            f"case: {case}\nsystem: v1\nannotator: {who}\nrubric: mail@{version}\n"
            f"scores: {{tone: {tone}, facts: 1}}\nlabeled_at: {at}\n"
        )
        self.commit(label_path(who, case), text, f"label {case}: {tone}")

    def resolve(self, case: str, tone: int, *, note: str = "") -> None:
        text = (
            f"case: {case}\nsystem: v1\nrubric: mail@2\nscores: {{tone: {tone}}}\n"
            f"resolver: {self.who}\nbecause: edge_case\n"
            + (f"note: {note}\n" if note else "")
            + f"resolved_at: 2026-11-2{3 if self.who == 'ann' else 4}T10:00:00Z\n"
        )
        self.commit(resolution_path(case), text, f"resolve {case}")

    def tree(self) -> str:
        return self.git("rev-parse", "HEAD^{tree}").strip()

    def sync_process(self) -> subprocess.Popen[str]:
        """`labeltool sync` started beside others."""
        return subprocess.Popen(
            [sys.executable, "-m", "labeltool", "sync"],
            cwd=self.root,
            env=self.env,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )


@dataclass(frozen=True)
class Pair:
    """`hub` is the bare remote; ann and bob start from the same commit of main."""

    hub: Path
    ann: Clone
    bob: Clone

    @classmethod
    def make(cls, folder: Path) -> Pair:
        seed = Repo.committed(folder / "seed")
        hub = folder / "hub.git"
        seed.git("clone", "-q", "--bare", str(seed.root), str(hub))
        clones = []
        for who in ("ann", "bob"):
            (folder / who).mkdir()
            seed.git("clone", "-q", str(hub), str(folder / who / "evals"))
            clones.append(Clone(folder / who / "evals", who))
            clones[-1].git("switch", "-qc", f"labels/{who}")
        return cls(hub, clones[0], clones[1])

    def close(self) -> None:
        self.ann.close()
        self.bob.close()

    def at_hub(self, branch: str, path: str) -> str:
        return self.ann.git("--git-dir", str(self.hub), "show", f"{branch}:{path}")

    def heads(self) -> dict[str, str]:
        """{branch: commit} of the remote."""
        listed = self.ann.git(
            "--git-dir", str(self.hub), "for-each-ref", "--format=%(refname:short) %(objectname)"
        )
        return dict(line.split(" ") for line in listed.splitlines())

    def squash(self, branch: str) -> None:
        """What a host does that squash-merges `branch` into main and takes it away."""
        other = Clone.__new__(Clone)
        other.root, other.env = self.hub.parent / "host", self.ann.env
        self.ann.git("clone", "-q", str(self.hub), str(other.root))
        other.git("merge", "-q", "--squash", f"origin/{branch}")
        other.git("commit", "-qm", f"{branch} (#1)")
        other.git("push", "-q", "origin", "main", f":{branch}")


def hook(hub: Path, name: str, script: str) -> None:
    """A hook of the remote."""
    file = hub / "hooks" / name
    file.write_text(f"#!/bin/sh\n{script}\n", "utf-8")
    file.chmod(0o755)


__all__ = ["FACTS", "FILES", "RUBRIC", "TONE", "Clone", "Pair", "hook", "label_path"]
