"""Two clones, one bare remote: from an empty rubric to a stable one, with labeltool and git."""

from __future__ import annotations

import contextlib
import io
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from labeltool.cli.main import run
from tests.two_clones import Clone

RUBRIC = """\
name: mail
version: 1
criteria:
  # What the customer feels.
  - {id: tone, text: The tone fits., max: 2}
  - {id: facts, text: It says what is true., max: 1}
"""
OUTPUTS = 20
Opinion = Callable[[int], int]


@dataclass
class Person:
    """Somebody at a clone of their own. `given`: what they said last of each case."""

    clone: Clone
    given: dict[str, int] = field(default_factory=dict)

    def says(self, *argv: str, code: int = 0) -> str:
        """One command line; what it printed on stdout, then on stderr."""
        return "".join(self._runs(argv, code))

    def reads(self, *argv: str) -> Any:
        return json.loads(self._runs((*argv, "--json"), 0)[0])

    def _runs(self, argv: tuple[str, ...], code: int) -> tuple[str, str]:
        out, err = io.StringIO(), io.StringIO()
        both = contextlib.redirect_stdout(out), contextlib.redirect_stderr(err)
        with both[0], both[1], patch.dict("os.environ", self.clone.env, clear=True):
            assert run(["-C", str(self.clone.root), *argv]) == code, err.getvalue()
        return out.getvalue(), err.getvalue()

    def proposes(self) -> str:
        """The pull request's text, as it would be opened."""
        return str(self.reads("pr", "--dry-run")["body"])

    def labels(self, number: int, tone: Opinion) -> None:
        text = self.clone.read(f"datasets/mails/rounds/{number}.yaml")
        for place, case in enumerate(re.findall(r"case: (\S+),", text)):
            self.label(case, tone(place))

    def label(self, case: str, tone: int, code: int = 0) -> str:
        self.given[case] = tone
        return self.says("label", case, "--set", f"tone={tone}", "--set", "facts=1", code=code)


@dataclass
class Hub:
    """The bare remote, and the host's hands: it merges as the button on its page says."""

    path: Path
    hands: Clone

    def merges(self, branch: str) -> None:
        self.hands.git("pull", "-q", "--ff-only", "origin", "main")
        self.hands.git("fetch", "-q", "origin")
        self.hands.git("merge", "-q", "--no-ff", "-m", f"Merge {branch}", f"origin/{branch}")
        self.hands.git("push", "-q", "origin", "main")

    def squashes(self, branch: str) -> None:
        self.hands.git("pull", "-q", "--ff-only", "origin", "main")
        self.hands.git("fetch", "-q", "origin")
        self.hands.git("merge", "-q", "--squash", f"origin/{branch}")
        self.hands.git("commit", "-qm", f"{branch} (#1)")
        self.hands.git("push", "-q", "origin", "main", f":{branch}")


@pytest.fixture
def team(tmp_path: Path) -> Iterator[tuple[Person, Person, Hub]]:
    """Ann has pushed a rubric, cases and outputs; Bob has cloned them. Nobody has labelled."""
    for who in ("ann", "bob", "host"):
        (tmp_path / who).mkdir()
    ann = Person(Clone(tmp_path / "ann" / "evals", "ann"))
    ann.says("init", "--empty")
    ann.clone.write("rubrics/mail.yaml", RUBRIC)
    ann.clone.write("datasets/mails/dataset.yaml", "rubric: mail\nsystem: v1\n")
    cases = [f'{{"id": "m{n:02}", "input": "Where is {n}?"}}' for n in range(OUTPUTS)]
    outputs = [
        f'{{"case": "m{n:02}", "system": "v1", "output": "Number {n}."}}' for n in range(OUTPUTS)
    ]
    for kind, rows, more in (("cases", cases, ("--tier", "golden")), ("outputs", outputs, ())):
        file = tmp_path / f"{kind}.jsonl"
        file.write_text("\n".join(rows), "utf-8")
        ann.says("import", str(file), "--as", kind, *more)
    ann.clone.git("add", ".")
    ann.clone.git("commit", "-qm", "what a good mail is")
    hub = tmp_path / "hub.git"
    ann.clone.git("init", "-q", "--bare", str(hub))
    ann.clone.git("remote", "add", "origin", str(hub))
    ann.clone.git("push", "-q", "-u", "origin", "main")
    for who in ("bob", "host"):
        ann.clone.git("clone", "-q", str(hub), str(tmp_path / who / "evals"))
    bob = Person(Clone(tmp_path / "bob" / "evals", "bob"))
    for person in (ann, bob):
        person.clone.git("switch", "-qc", f"labels/{person.clone.who}")
    yield ann, bob, Hub(hub, Clone(tmp_path / "host" / "evals", "host"))
    for person in (ann, bob):
        person.clone.close()


def test_two_people_take_an_empty_rubric_to_a_stable_one(
    team: tuple[Person, Person, Hub],
) -> None:
    ann, bob, hub = team
    first_round(ann, bob, hub)
    both_settle_and_amend_the_same(ann, bob, hub)
    second_round_on_one_branch(ann, bob)
    status = ann.reads("rubric", "status")
    assert (status["stage"], status["open_disagreements"]) == ("stable", 0)
    assert all(one["holds"] for one in status["criteria"].values())
    assert ann.clone.tree() == bob.clone.tree()
    assert not ann.clone.git("status", "--porcelain")
    for person in (ann, bob):
        for case, tone in person.given.items():
            path = f"datasets/mails/labels/{person.clone.who}/v1/{case}.yaml"
            assert f"tone: {tone}" in ann.clone.read(path), "nothing acknowledged is lost"
    assert "# What the customer feels." in bob.clone.read("rubrics/mail.yaml")


def first_round(ann: Person, bob: Person, hub: Hub) -> None:
    """Opened by ann, labelled blindly, merged in both ways a host knows, closed by bob."""
    ann.says("round", "open", "--outputs", "10", "--annotators", "ann,bob")
    body = ann.proposes()
    assert "10 outputs of `v1` for ann, bob" in body
    assert "Agreement" not in body
    ann.says("sync")
    hub.merges("labels/ann")
    bob.says("sync")
    ann.labels(1, lambda n: n % 3)
    bob.labels(1, lambda n: (n + 1) % 3 if n < 4 else n % 3)
    for person in (ann, bob):
        body = person.proposes()
        assert f"**10 labels** of `v1` by `{person.clone.who}`" in body
        assert "only counted here" in body
        assert "tone" not in body, "blind until the round closes"
        person.says("sync")
    hub.merges("labels/ann")
    hub.squashes("labels/bob")
    bob.says("sync")
    assert "tone" in bob.says("round", "close")
    body = bob.proposes()
    assert "### Round 1 of `mails`: what it found" in body
    assert "| tone | 10 | 60% |" in body
    assert "**4 open disagreements**" in body
    bob.says("sync")
    hub.squashes("labels/bob")
    ann.says("sync")


def both_settle_and_amend_the_same(ann: Person, bob: Person, hub: Hub) -> None:
    """The same output, the same criterion: bob's is merged first, ann's sync has to ask."""
    disputed = [row["case"] for row in ann.reads("agreement")["disagreements"]]
    one, path = disputed[0], f"datasets/mails/resolutions/v1/{disputed[0]}.yaml"
    bob.says("sync")
    for person, tone, text in ((ann, 0, "The tone is kind."), (bob, 1, "It is not curt.")):
        note = f"{person.clone.who} thought of it."
        gap = ("--because", "guideline_gap", "--note", note)
        person.says("resolve", one, "--set", f"tone={tone}", *gap)
        change = ("--criterion", "tone", "--text", text)
        person.says("rubric", "amend", *change, "--reason", f"{note} So.", "--case", one)
    body = bob.proposes()
    assert "+ text: It is not curt." in body
    assert "20 labels (ann 10, bob 10) and 1 resolution no longer stand" in body
    assert "3 open disagreements lapsed with their labels, settled by nobody" in body
    bob.says("sync")
    hub.squashes("labels/bob")

    stuck = ann.says("sync", code=4)
    assert path in stuck
    assert "rubrics/mail.yaml" in stuck
    for verb in ("--take theirs PATH", "--continue", "--abort", "labeltool resolve"):
        assert verb in stuck, "every state names what leads out"
    assert "<<<<" not in ann.clone.read(path) + ann.clone.read("rubrics/mail.yaml")
    assert "saved, not committed: a merge is in progress" in ann.label("m00", 2, code=4)
    ann.says("sync", "--abort")
    assert not ann.clone.git("status", "--porcelain"), "the held label is committed"
    ann.says("sync", code=4)
    ann.says("sync", "--take", "ours", path)
    ann.says("sync", "--take", "theirs", "rubrics/mail.yaml")
    ann.says("sync", "--continue")

    body = ann.proposes()
    assert f"| `{one}` | tone | ann " in body
    assert "1 by bob → **0** by ann" in body
    assert "ann thought of it\\.<br>before: bob thought of it\\." in body
    assert "rubric `mail`: version 2 to 3" in body
    hub.merges("labels/ann")
    bob.says("sync")


def second_round_on_one_branch(ann: Person, bob: Person) -> None:
    """Both push to one branch at once, and whoever is slower merges and pushes again."""
    for person in (ann, bob):
        person.says("sync")
        person.clone.git("switch", "-qc", "labels/second")
    ann.says("round", "open", "--outputs", "10", "--annotators", "ann,bob")
    for person in (ann, bob):
        person.says("sync")
    for person in (ann, bob):
        person.labels(2, lambda n: n % 3)
    racing = [person.clone.sync_process() for person in (ann, bob)]
    for process in racing:
        _, err = process.communicate(timeout=60)
        assert process.returncode == 0, err
    ann.says("sync")
    assert "✓ holds" in ann.says("round", "close")
    body = ann.proposes()
    assert "| tone | 10 | 60% → 100% |" in body, "what tightening did"
    for person in (ann, bob):
        person.says("sync")
