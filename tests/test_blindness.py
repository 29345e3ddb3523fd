"""While a round is open nobody meets what the others said, wherever they look."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from textual.pilot import Pilot

from labeltool.cli.main import run
from labeltool.tui import keys
from labeltool.tui.app import LabeltoolApp
from tests.small_repo import Repo
from tests.tui.desk_repo import CASES, label_path, make

RUBRIC = """\
name: mail
version: 1
criteria:
  - {id: tone, text: The tone fits., max: 9, grader: human}
  - {id: facts, text: The facts are there., max: 9, grader: human}
  - {id: short, text: At most nine words., max: 1, check: {kind: max_words, value: 9}}
"""
SAID = """\
case: {case}
system: v1
annotator: {who}
rubric: mail@1
scores: {{tone: {tone}, facts: {tone}}}
notes: {note}
flag: {note} flagged
round: {number}
labeled_at: "2026-11-22T10:00:00Z"
seconds: 33
"""
SETTLED = """\
case: {case}
system: v1
rubric: mail@1
scores: {{tone: 8, facts: 8}}
settles: {{bob: {{tone: 7}}}}
resolver: bob
because: edge_case
note: MEDLAR was settled
resolved_at: "2026-11-21T10:00:00Z"
"""
ROUND = """\
number: {number}
rubric: mail@1
system: v1
annotators: [ann, bob]
outputs: [{outputs}]
{closed}
"""
CLOSED = """\
closed:
  at: "2026-11-20T10:00:00Z"
  agreement: {{tone: {{"n": 1, alpha: null, agreement: 1, holds: false, why: too few}}}}
  scores: {{bob: {{{case}: {{tone: 7, facts: 7}}}}}}
"""
LEAK = re.compile(r"QUINCE|MEDLAR|(tone|facts)\W{0,6}[78]\b")
"""bob's notes, what was settled before, and their scores in any of the ways they are written."""


@pytest.fixture
def repo(tmp_path: Path) -> Iterator[Repo]:
    """ann has labelled one of four outputs with a 1, bob all of them with a 7; one of them had a
    closed round and a resolution before.
    """
    first, *rest = CASES
    every = ", ".join(f"{{case: {case}}}" for case in CASES)
    files = {
        "rubrics/mail.yaml": RUBRIC,
        "datasets/mails/rounds/1.yaml": ROUND.format(
            number=1, outputs=f"{{case: {first}}}", closed=CLOSED.format(case=first)
        ),
        "datasets/mails/rounds/2.yaml": ROUND.format(number=2, outputs=every, closed=""),
        label_path(first): SAID.format(case=first, who="ann", tone=1, number=2, note="mine"),
        f"datasets/mails/resolutions/v1/{first}.yaml": SETTLED.format(case=first),
    }
    repo = make(tmp_path / "repo", files)
    for case in (first, *rest):
        path = label_path(case, "bob")
        repo.write(path, SAID.format(case=case, who="bob", tone=7, number=2, note="QUINCE"))
        repo.git("add", path)
        message = f"label {case} of v1 as bob\n\n" + "\n".join(
            (
                "Labeltool-Kind: label",
                "Labeltool-Dataset: mails",
                f"Labeltool-Case: {case}",
                "Labeltool-Annotator: bob",
                "Labeltool-Rubric: mail@1",
            )
        )
        repo.git("commit", "-qm", message)
    repo.write(
        f"datasets/mails/resolutions/v1/{first}.yaml",
        SETTLED.format(case=first).replace("settled\n", "settled anew\n"),
    )
    message = f"resolve {first}: tone 8 (MEDLAR)\n\nLabeltool-Kind: resolve\n"
    repo.git("commit", "-qam", message + f"Labeltool-Dataset: mails\nLabeltool-Case: {first}")
    yield repo
    repo.close()


VERBS = (
    ("label", "--list"),
    ("label", "--list", "--json"),
    ("label", "next", "--list"),
    ("label", "--list", "--filter", "state:todo"),
    ("label", "--list", "--filter", "QUIN"),
    ("history",),
    ("history", "--json"),
    ("history", "a-parcel"),
    ("history", "b-refund", "--json"),
    ("check",),
    ("check", "--json"),
    ("rubric", "status"),
    ("rubric", "status", "--json"),
    ("rubric", "show"),
    ("round", "show"),
    ("round", "show", "--json"),
    ("round", "show", "--number", "1", "--json"),
    ("round", "close"),
    ("agreement",),
    ("agreement", "--json"),
    ("resolve", "--list"),
    ("resolve", "--list", "--json"),
    ("resolve", "b-refund", "--take", "bob", "--because", "subjective"),
    ("resolve", "b-refund", "--set", "tone=3", "--because", "subjective"),
    ("run", "--system", "v1", "--scores", "human", "--out", "out.json"),
    ("run", "--system", "v1", "--out", "machine.json"),
    ("run", "--system", "v1", "--scores", "human", "--out", "-", "--summary", "sum.md"),
    ("report", "out.json", "--as", "text"),
    ("report", "out.json", "--as", "markdown"),
    ("report", "machine.json", "--as", "html"),
    ("pr", "--dry-run"),
    ("undo",),
)


def test_no_verb_tells_what_the_others_said(
    repo: Repo, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in repo.env.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(repo.root)
    for verb in VERBS:
        code = run(list(verb))
        told = capsys.readouterr()
        assert code != 70, (verb, told.err)
        words = told.out + told.err
        if verb[-1] == "QUIN":
            words = words.replace("with QUIN", "")
        assert not LEAK.search(words), (verb, LEAK.findall(words), words)
    for name in ("out.json", "machine.json", "sum.md"):
        assert not LEAK.search(repo.read(name)), name


async def test_no_screen_shows_what_the_others_said(repo: Repo) -> None:
    pages = {
        keys.HOME: ("", "j", "space"),
        keys.LABEL: ("", "g", "escape", "l", "g"),
        keys.RUBRIC: ("", "j", "enter"),
        keys.HISTORY: ("", "enter", "escape", "j", "enter", "escape", "j", "j", "enter"),
        keys.RESOLVE: ("", "enter"),
        keys.RUNS: ("",),
    }
    for place, pressed in pages.items():
        ctx = repo.context(LABELTOOL_THEME="dark")
        at = place if place in (keys.LABEL, keys.RESOLVE) else keys.HOME
        app = LabeltoolApp(ctx, at=at, wish={"annotator": "ann"})
        async with app.run_test(size=(120, 36)) as pilot:
            await _settle(pilot)
            if place not in (at, keys.HOME):
                app.action_go(place)
                await _settle(pilot)
            for name in pressed:
                await pilot.press(*([name] if name else []))
                await _settle(pilot)
                width, height = app.size
                strips = app.screen._compositor.render_strips()[:height]
                text = "\n".join(strip.text[:width] for strip in strips)
                assert len(text.split()) > 5, (place, name)
                assert not LEAK.search(text), (place, name, text)
        ctx.close()


async def _settle(pilot: Pilot[None]) -> None:
    await pilot.pause()
    await pilot.app.workers.wait_for_complete()
    await pilot.pause()


def test_a_broken_label_is_named_without_its_score(repo: Repo) -> None:
    path = label_path("b-refund", "bob")
    repo.write(path, repo.read(path).replace("tone: 7", "tone: 77"))
    told = repo.labeltool("check")
    assert told.returncode == 3
    assert path in told.stdout + told.stderr
    assert "77" not in told.stdout + told.stderr


def test_once_the_round_is_closed_all_of_it_may_be_seen(repo: Repo) -> None:
    closed = repo.labeltool("round", "close", "--anyway")
    assert closed.returncode == 0, closed.stderr
    assert "tone 7" in repo.labeltool("history", "b-refund").stdout
    assert "QUINCE" in repo.labeltool("history", "b-refund").stdout


def test_who_insists_is_written_down_and_scores_blindly_no_more(repo: Repo) -> None:
    shown = repo.labeltool("round", "show", "--unblind")
    assert "QUINCE" in shown.stdout
    assert repo.subject() == "unblind round 2 of mails for ann"
    assert "unblinded: {ann: " in repo.read("datasets/mails/rounds/2.yaml").replace("\n  ", " {")
    assert repo.labeltool("label", "c-thanks", "--set", "tone=7", "facts=7").returncode == 0
    assert repo.labeltool("round", "close", "--anyway").returncode == 0
    frozen = repo.read("datasets/mails/rounds/2.yaml").partition("scores:")[2]
    anns = frozen.partition("bob:")[0]
    assert "a-parcel" in anns
    assert "c-thanks" not in anns
