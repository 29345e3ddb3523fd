"""Build an eval repo from DialSummEval with the real command line, and time each step.

    python benchmarks/dialsummeval.py [FOLDER] [--data FILE] [--cases N] [--system NAME]

100 dialogues x 14 systems x 3 annotators (Gao and Wan, DialSummEval, NAACL 2022): 100 cases, 1,400
outputs, 4,200 labels. FILE is its human_judgment.jsonl; left out, it is looked for below the folder
that LABELTOOL_DATA names. FOLDER must be new or empty and is kept; left out, it is a temporary one.
Exit 2 where there is no data, 1 where a step did not end as it should.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

LABELTOOL = [sys.executable, "-m", "labeltool"]
SOURCE = Path("dialsummeval/human_judgment.jsonl")
WHO = {"NAME": "Builder", "EMAIL": "builder@example.org"}
ENV = {
    **os.environ,
    **{
        f"GIT_{role}_{key}": value for role in ("AUTHOR", "COMMITTER") for key, value in WHO.items()
    },
}
RUBRIC = """\
# The four criteria of DialSummEval; the levels' words are ours.
name: dialogue-summary
version: 1
task: Summarise a chat between friends for somebody who was not there.
pass_mark: 0.7
criteria:
  - id: consistency
    text: Everything it says stands in the dialogue.
    min: 1
    max: 5
    levels:
      1: It tells another story than the dialogue does.
      2: Its main point is wrong.
      3: Its main point is right, a detail that matters is wrong.
      4: A small slip, such as a wrong pronoun.
      5: Everything stands in the dialogue.
    kind: factual
    pass_at: 4
    required: true
    tolerance: 1
  - id: relevance
    text: It holds what matters, and little else.
    min: 1
    max: 5
    levels:
      1: What matters is missing.
      2: A hint of what matters, buried or half said.
      3: About half of what matters.
      4: All but a minor point, or some ballast.
      5: What matters, and nothing else.
    pass_at: 4
    tolerance: 1
  - id: fluency
    text: Each sentence reads well on its own.
    min: 1
    max: 5
    levels:
      1: Not readable.
      2: Readable with effort.
      3: Faults that one stumbles over.
      4: A fault that one reads past.
      5: As a careful person would write it.
    pass_at: 4
    tolerance: 1
  - id: coherence
    text: The sentences make one text together.
    min: 1
    max: 5
    levels:
      1: Loose pieces.
      2: Most sentences do not follow from one another.
      3: One jump, or one loose end.
      4: It holds together, if stiffly.
      5: One text from start to end.
    pass_at: 4
    tolerance: 1
"""
DATASET = """\
description: Summaries of chats by 14 systems, each scored by three annotators (DialSummEval).
rubric: dialogue-summary
system: {system}
gates:
  golden: {{threshold: 0.5}}
"""
SETTINGS = """\
dataset: dialogues
judges:
  default: {kind: reference}
"""


@dataclass(frozen=True)
class Step:
    what: str
    seconds: float
    exit_code: int
    said: str


def main() -> int:
    given = _arguments()
    data = given.data or _data_of(os.environ)
    if data is None or not data.is_file():
        print(f"no data: {data or 'neither --data nor LABELTOOL_DATA is given'}", file=sys.stderr)
        return 2
    rows = chosen(data, given.cases)
    with tempfile.TemporaryDirectory() as scratch:
        root = (given.folder or Path(scratch, "dialogues")).resolve()
        if root.exists() and any(root.iterdir()):
            print(f"{root} is not empty", file=sys.stderr)
            return 2
        steps = list(build(rows, root, Path(scratch))) + list(use(root, given.system))
    print("\n".join(table(steps)))
    # A gate may say no (1) or lack scores (5): these are answers. All else is a failed build.
    broken = [
        step for step in steps if step.exit_code not in ((0, 1, 5) if "run" in step.what else (0,))
    ]
    for step in broken:
        print(f"{step.what}: exit {step.exit_code}\n{step.said}", file=sys.stderr)
    return 1 if broken else 0


def chosen(data: Path, cases: int | None) -> list[dict[str, Any]]:
    """The rows of the first `cases` dialogues, in the file's order."""
    rows = [json.loads(line) for line in data.read_text(encoding="utf-8").splitlines()]
    kept = set(list(dict.fromkeys(row["id"] for row in rows))[:cases])
    return [row for row in rows if row["id"] in kept]


def build(rows: list[dict[str, Any]], root: Path, scratch: Path) -> Iterator[Step]:
    """Scaffold, say the rubric, and import what the rows hold."""
    root.parent.mkdir(parents=True, exist_ok=True)
    yield run("init", "--empty", str(root), folder=root.parent)
    files = {
        "labeltool.yaml": SETTINGS,
        "rubrics/dialogue-summary.yaml": RUBRIC,
        "datasets/dialogues/dataset.yaml": DATASET.format(system=_system(rows[0])),
    }
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    subprocess.run(["git", "add", *files], cwd=root, env=ENV, check=True)
    message = "Say what a good summary of a chat is"
    subprocess.run(["git", "commit", "-qm", message], cwd=root, env=ENV, check=True)
    for kind, found in (
        ("cases", cases(rows)),
        ("outputs", outputs(rows)),
        ("labels", labels(rows)),
    ):
        file = scratch / f"{kind}.jsonl"
        file.write_text(
            "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in found), "utf-8"
        )
        tier = ["--tier", "golden"] if kind == "cases" else []
        yield run("import", str(file), "--as", kind, *tier, folder=root)


def use(root: Path, system: str) -> Iterator[Step]:
    """What a person does next."""
    yield run("check", folder=root)
    yield run("run", "--system", system, folder=root)
    yield run("run", "--system", system, "--scores", "human", folder=root)
    case = min(path.stem for path in (root / "datasets/dialogues/cases/golden").iterdir())
    yield run("history", case, folder=root)


def run(*args: str, folder: Path) -> Step:
    start = perf_counter()
    done = subprocess.run([*LABELTOOL, *args], cwd=folder, env=ENV, capture_output=True, text=True)
    seconds = perf_counter() - start
    shown = [Path(arg).name if "/" in arg else arg for arg in args]
    return Step(" ".join(shown), seconds, done.returncode, done.stdout + done.stderr)


def table(steps: list[Step]) -> Iterator[str]:
    width = max(len(step.what) for step in steps)
    yield f"{'step':{width}}  {'seconds':>7}  exit"
    for step in steps:
        yield f"{step.what:{width}}  {step.seconds:7.2f}  {step.exit_code:4}"


def cases(rows: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """One case a dialogue. A chat reads best as it was: one line a turn, names in front."""
    for row in {row["id"]: row for row in rows}.values():
        yield {"id": row["id"], "input": turns(row["dialogue"]), "tags": ["chat"]}


def outputs(rows: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for row in rows:
        yield {"case": row["id"], "system": _system(row), "output": row["summary"]}


def labels(rows: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The order of a row's annotations is the annotator."""
    for row in rows:
        for number, scores in enumerate(row["annotations"], 1):
            yield {
                "case": row["id"],
                "system": _system(row),
                "annotator": f"rater-{number}",
                "scores": scores,
            }


def turns(dialogue: str) -> str:
    """`| Ann: Hi | Bob: Hello` -> one turn a line."""
    return "\n".join(turn.strip() for turn in dialogue.strip().strip("|").split(" | ")) + "\n"


def _system(row: dict[str, Any]) -> str:
    return str(row["model_id"]).lower()


def _data_of(environment: os._Environ[str]) -> Path | None:
    folder = environment.get("LABELTOOL_DATA")
    return Path(folder) / SOURCE if folder else None


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Build an eval repo from DialSummEval.")
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--data", type=Path, help="human_judgment.jsonl")
    parser.add_argument("--cases", type=int, help="only so many dialogues")
    parser.add_argument("--system", default="a", help="the system to run")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
