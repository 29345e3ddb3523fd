"""A real repository, a way to write labels into it, and questions to ask it afterwards."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from labeltool.history import CommitMessage, FileChange, History, Limits
from labeltool.store.files import content_hash, read_if_there

QUICK = Limits(hook=20.0, index=0.2, save=5.0, commit=20.0)


def moment() -> datetime:
    return datetime(2026, 11, 23, 18, 40, tzinfo=UTC)


def isolated(home: Path) -> dict[str, str]:
    """An environment in which git knows nobody."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    env.pop("EMAIL", None)
    return env | {
        "HOME": str(home),
        "XDG_CONFIG_HOME": str(home / ".config"),
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": str(home / "gitconfig"),
    }


def label(path: str, text: str | None = "score: 1\n", *, old: str | None = None) -> FileChange:
    return FileChange(
        path,
        None if text is None else text.encode(),
        None if old is None else content_hash(old.encode()),
    )


def message(subject: str = "Label a case", *, annotator: str = "alice") -> CommitMessage:
    return CommitMessage(
        subject, trailers={"Labeltool-Kind": "label", "Labeltool-Annotator": annotator}
    )


@dataclass(frozen=True)
class Repo:
    root: Path
    env: Mapping[str, str]

    def git(self, *args: str, check: bool = True, stdin: str | None = None) -> str:
        ran = subprocess.run(
            ["git", *args], cwd=self.root, env=self.env, input=stdin, capture_output=True, text=True
        )
        assert not check or ran.returncode == 0, ran.stderr
        return ran.stdout

    def open(self, root: Path | None = None, *, limits: Limits = QUICK) -> History:
        return History.open(root or self.root, env=self.env, now=moment, limits=limits)

    def identify(self) -> None:
        self.git("config", "user.name", "Alice")
        self.git("config", "user.email", "alice@example.org")

    def write(self, path: str, text: str) -> Path:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
        return file

    def commit_by_hand(self, path: str, text: str) -> None:
        self.write(path, text)
        self.git("add", "--", path)
        self.git("commit", "-q", "-m", f"By hand: {path}")

    def hook(self, name: str, script: str) -> None:
        file = self.root / ".git" / "hooks" / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(f"#!/bin/sh\n{script}\n", "utf-8")
        file.chmod(0o755)

    def read(self, path: str) -> str | None:
        data = read_if_there(self.root, path)
        return None if data is None else data.decode()

    def at_head(self, path: str) -> str | None:
        ran = subprocess.run(
            ["git", "show", f"HEAD:{path}"],
            cwd=self.root,
            env=self.env,
            capture_output=True,
            text=True,
        )
        return ran.stdout if ran.returncode == 0 else None

    def status(self) -> str:
        return self.git("status", "--porcelain", "--untracked-files=all")

    def subjects(self) -> list[str]:
        return self.git("log", "--format=%s").splitlines()

    def temps(self) -> list[Path]:
        return list(self.root.rglob(".labeltool-*.tmp"))

    def journals(self) -> list[Path]:
        return list((self.root / ".git" / "labeltool" / "journal").glob("*.jsonl"))


MakeRepo = Callable[..., Repo]
