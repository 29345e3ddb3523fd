"""A reader's terminal: what the pages tell to type and to write, done in a scratch folder.

A page's ```console blocks are run in order, one folder a page. `$ ` starts a command, `> ` goes on
with it; `# exit 1` after it is the code it ends with (else 0). The lines below are what it prints:
each must stand in the output, in that order; `...` stands for anything. A fenced block whose title
is a path is that file.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from unittest.mock import patch

from labeltool.cli.main import run

ROOT = Path(__file__).parent.parent.parent
BLOCK = re.compile(r"^```([\w-]+)(?: title=\"([^\"]+)\")?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"\s+# exit (\d+)$")
SAMPLE = ("labeltool.yaml", "rubrics", "datasets", ".gitattributes")
IN_SAMPLE = "<!-- in a copy of the sample -->"


@dataclass(frozen=True)
class Command:
    line: str
    code: int
    prints: tuple[str, ...]


@dataclass(frozen=True)
class Written:
    path: str
    text: str


def steps(page: str) -> Iterator[Command | Written]:
    """What a page has its reader do, in order."""
    for language, title, body in BLOCK.findall(page):
        if title:
            yield Written(title, body)
        elif language == "console":
            yield from _commands(body)


def _commands(body: str) -> Iterator[Command]:
    for part in re.split(r"^\$ ", body, flags=re.MULTILINE)[1:]:
        lines = part.splitlines()
        more = 1
        while more < len(lines) and lines[more].startswith("> "):
            more += 1
        line = "\n".join([lines[0], *(one[2:] for one in lines[1:more])])
        code = CODE.search(line)
        shown = tuple(one.strip() for one in lines[more:] if one.strip())
        yield Command(CODE.sub("", line), int(code[1]) if code else 0, shown)


@dataclass
class Session:
    """One reader, in `folder`, with an identity and a clock that nobody else has."""

    folder: Path
    env: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        config = self.folder.parent / "gitconfig"
        config.write_text(
            "[user]\nname = Alice\nemail = alice@example.org\n[init]\ndefaultBranch = main\n"
        )
        kept = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
        for name in ("LABELTOOL_ANNOTATOR", "GITHUB_STEP_SUMMARY", "XDG_CONFIG_HOME"):
            kept.pop(name, None)
        self.env = kept | {
            "HOME": str(self.folder.parent),
            "GIT_CONFIG_GLOBAL": str(config),
            "GIT_CONFIG_NOSYSTEM": "1",
            "COLUMNS": "100",
            "NO_COLOR": "1",
        }

    def copy_sample(self) -> None:
        """The sample in a repository of its own, as `make demo` has it."""
        for name in SAMPLE:
            if (ROOT / name).is_dir():
                shutil.copytree(
                    ROOT / name, self.folder / name, ignore=shutil.ignore_patterns("__pycache__")
                )
            else:
                shutil.copy(ROOT / name, self.folder / name)
        self.write(Written(".gitignore", ".labeltool/\n/eval_results.json\n__pycache__/\n"))
        self.shell("git init -q . && git add -A && git commit -qm 'The sample'")

    def write(self, file: Written) -> None:
        path = self.folder / file.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(file.text, "utf-8")

    def do(self, command: Command) -> None:
        """Runs it; AssertionError where code or output are not what the page says."""
        code, text = self.run(command.line)
        assert code == command.code, f"$ {command.line}\nexit {code}\n{text}"
        seen = [_plain(line) for line in text.splitlines()]
        for wanted in (one for one in command.prints if one != "..."):
            found = next((at for at, line in enumerate(seen) if _fits(wanted, line)), None)
            assert found is not None, f"$ {command.line}\nno line {wanted!r} in\n{text}"
            del seen[: found + 1]

    def run(self, line: str) -> tuple[int, str]:
        words = shlex.split(line, comments=True)
        if words[0] == "cd":
            self.folder = (self.folder / words[1]).resolve()
            return 0, ""
        if words[0] == "labeltool" and not {"|", ">", "&&", "<"} & set(words):
            return self._labeltool(words[1:])
        return self.shell(line)

    def _labeltool(self, words: list[str]) -> tuple[int, str]:
        printed = io.BytesIO()
        out = io.TextIOWrapper(printed, encoding="utf-8", write_through=True)
        with (
            contextlib.chdir(self.folder),
            patch.dict(os.environ, self.env, clear=True),
            contextlib.redirect_stdout(out),
            contextlib.redirect_stderr(out),
        ):
            return run(words), printed.getvalue().decode()

    def shell(self, line: str) -> tuple[int, str]:
        path = f"{ROOT / '.venv/bin'}{os.pathsep}{self.env.get('PATH', '')}"
        done = subprocess.run(
            ["bash", "-c", line],
            cwd=self.folder,
            env=self.env | {"PATH": path},
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
        )
        return done.returncode, done.stdout + done.stderr


def _fits(wanted: str, line: str) -> bool:
    pattern = re.escape(_plain(wanted)).replace(re.escape("..."), ".*")
    return re.fullmatch(pattern, line) is not None


def _plain(line: str) -> str:
    """Spaces are as wide as a table needs them; the page may have fewer."""
    return " ".join(line.split())
