"""A small eval repo on real disk and in real git, for tests of the verbs."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from labeltool.commands.context import Context

NOW = datetime(2026, 11, 23, 18, 40, tzinfo=UTC)

FILES = {
    "labeltool.yaml": "dataset: mails\nannotators: {ann: [ann@example.org], bob: []}\n",
    "rubrics/mail.yaml": """\
name: mail
version: 2
criteria:
  - {id: tone, text: The tone fits., max: 2, na: true}
  - {id: facts, text: The facts are there., max: 1}
  - {id: short, text: At most nine words., max: 1, check: {kind: max_words, value: 9}}
changelog:
  - {version: 2, changed: [tone], reason: It was unclear.}
""",
    "datasets/mails/dataset.yaml": "rubric: mail\n",
    "datasets/mails/cases/golden/one.yaml": """\
# The first mail that ever came in.
id: one
tier: golden
input: Where is my parcel?
expected: It is on its way.
""",
    "datasets/mails/cases/golden/two.yaml": "id: two\ntier: golden\ninput: Hello?\n",
    "datasets/mails/outputs/v1/one.yaml": "case: one\nsystem: v1\noutput: On its way.\n",
    "datasets/mails/outputs/v1/two.yaml": "case: two\nsystem: v1\noutput: Hello!\n",
}


class Repo:
    """The repo at `root`, with its own git configuration and a fixed clock."""

    def __init__(self, root: Path, files: Mapping[str, str] = FILES):
        self.root = root
        self.env = {
            **{key: value for key, value in os.environ.items() if not key.startswith("GIT_")},
            "HOME": str(root.parent),
            "GIT_CONFIG_GLOBAL": str(root.parent / "gitconfig"),
            "GIT_CONFIG_NOSYSTEM": "1",
        }
        self.env.pop("LABELTOOL_ANNOTATOR", None)
        self.env.pop("XDG_CONFIG_HOME", None)
        (root.parent / "gitconfig").write_text(
            '[user]\nname = "Ann"\nemail = "ann@example.org"\n[init]\ndefaultBranch = main\n'
        )
        self._opened: list[Context] = []
        root.mkdir(exist_ok=True)
        for path, text in files.items():
            self.write(path, text)

    @classmethod
    def committed(cls, root: Path) -> Repo:
        """The files above as the first commit."""
        repo = cls(root)
        repo.git("init", "-q")
        repo.git("add", ".")
        repo.git("commit", "-qm", "start")
        return repo

    def forget_me(self) -> None:
        """Take the git identity away."""
        (self.root.parent / "gitconfig").write_text("[user]\nuseConfigOnly = true\n")

    def write(self, path: str, text: str) -> Path:
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
        return target

    def read(self, path: str) -> str:
        return (self.root / path).read_text(encoding="utf-8")

    def git(self, *args: str) -> str:
        done = subprocess.run(
            ["git", *args], cwd=self.root, env=self.env, check=True, capture_output=True, text=True
        )
        return done.stdout

    def commits(self) -> int:
        return int(self.git("rev-list", "--count", "HEAD"))

    def subject(self) -> str:
        return self.git("log", "-1", "--format=%s").strip()

    def trailers(self) -> list[str]:
        return self.git("log", "-1", "--format=%(trailers:only)").split("\n")[:-1]

    def context(self, **env: str) -> Context:
        """A verb's surroundings, opened anew; `close` lets go of all of them."""
        found = Context.find(self.root, env={**self.env, **env}, now=lambda: NOW)
        self._opened.append(found)
        return found

    def close(self) -> None:
        for context in self._opened:
            context.close()

    def labeltool(
        self, *args: str, cwd: Path | None = None, stdin: str | bytes | None = None
    ) -> subprocess.CompletedProcess[str]:
        """The real command line."""
        data = stdin.encode() if isinstance(stdin, str) else stdin
        done = subprocess.run(
            [sys.executable, "-m", "labeltool", *args],
            cwd=cwd or self.root,
            env=self.env,
            input=data,
            capture_output=True,
        )
        return subprocess.CompletedProcess(
            done.args, done.returncode, done.stdout.decode(), done.stderr.decode()
        )
