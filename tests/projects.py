"""A small project on disk, to run things in."""

from __future__ import annotations

import json
import os
import subprocess
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from labeltool.commands.context import Context
from labeltool.store.workspace import Workspace

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
RUBRIC: dict[str, Any] = {
    "name": "short",
    "version": 1,
    "criteria": [
        {"id": "length", "text": "Few words.", "max": 1, "check": {"kind": "max_words", "value": 5}}
    ],
}


@dataclass
class Project:
    """Files are written as JSON, which is YAML too."""

    root: Path

    @classmethod
    def make(cls, root: Path, *, rubric: dict[str, Any] = RUBRIC, **settings: Any) -> Project:
        """A dataset `d` whose system `echo` gives the input back."""
        project = cls(root)
        project.code("echo.py", "def answer(case):\n    return case['input']\n")
        project.write("rubrics/short.yaml", rubric)
        systems = {"echo": {"kind": "python", "call": "echo.py:answer"}}
        project.write("labeltool.yaml", {"dataset": "d", "systems": systems, **settings})
        project.dataset()
        return project

    def dataset(self, **changes: Any) -> None:
        self.write("datasets/d/dataset.yaml", {"rubric": "short", "system": "echo", **changes})

    def write(self, path: str, value: Any) -> None:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(value, ensure_ascii=False))

    def code(self, path: str, text: str, *, executable: bool = False) -> None:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        if executable:
            file.chmod(0o755)

    def case(self, id: str, input: str = "few words", tier: str = "golden", **changes: Any) -> None:
        self.write(
            f"datasets/d/cases/{tier}/{id}.yaml",
            {"id": id, "tier": tier, "input": input, **changes},
        )

    def output(self, case: str, text: str, system: str = "old") -> None:
        self.write(
            f"datasets/d/outputs/{system}/{case}.yaml",
            {"case": case, "system": system, "output": text},
        )

    def label(self, case: str, annotator: str, scores: dict[str, Any], **changes: Any) -> None:
        self.write(
            f"datasets/d/labels/{annotator}/old/{case}.yaml",
            {
                "case": case,
                "system": "old",
                "annotator": annotator,
                "rubric": "short@1",
                "scores": scores,
                **changes,
            },
        )

    def git(self, *arguments: str) -> str:
        return subprocess.run(
            ["git", *arguments], cwd=self.root, check=True, capture_output=True, text=True
        ).stdout

    def commit_all(self) -> None:
        """Makes it a repository with everything in one commit."""
        self.git("init", "-q", "-b", "main")
        self.git("config", "user.name", "Alice")
        self.git("config", "user.email", "alice@example.org")
        self.code(".gitignore", ".labeltool/\neval_results.json\n__pycache__/\n")
        self.git("add", "-A")
        self.git("commit", "-q", "-m", "Start")

    def context(self, **env: str) -> Context:
        return Context(Workspace.open(self.root), {**os.environ, **env}, lambda: NOW)
