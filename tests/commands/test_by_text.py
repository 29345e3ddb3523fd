"""Two snapshots hold the very same answer: what is said of either is said of both."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from labeltool.commands.agreement import agreement
from labeltool.commands.check import check
from labeltool.commands.resolve import disagreements, settle
from labeltool.commands.round import open_round
from labeltool.commands.rubric_status import rubric_status
from labeltool.commands.rubric_view import rubric_past, settled_past
from labeltool.commands.undo import undo
from labeltool.errors import UsageError
from tests.commands.test_resolve import label, make
from tests.small_repo import NOW, Repo
from tests.two_clones import Pair


def recorded(system: str, text: str = "On its way.") -> dict[str, str]:
    path = f"datasets/mails/outputs/{system}/one.yaml"
    return {path: f"case: one\nsystem: {system}\noutput: {text}\n"}


def in_snapshot(system: str, labels: dict[str, str]) -> dict[str, str]:
    return {
        path.replace("/v1/", f"/{system}/"): text.replace("system: v1", f"system: {system}")
        for path, text in labels.items()
    }


def resolution(system: str, tone: int, day: int) -> tuple[str, str]:
    return (
        f"datasets/mails/resolutions/{system}/one.yaml",
        f"case: one\nsystem: {system}\nrubric: mail@2\nscores: {{tone: {tone}}}\n"
        f"settles: {{ann: {{tone: 0}}, bob: {{tone: 2}}}}\nresolver: cem\n"
        f"because: subjective\nresolved_at: 2026-11-{day}T10:00:00Z\n",
    )


@pytest.fixture
def repo(tmp_path: Path) -> Iterator[Repo]:
    """ann read the answer in v1, bob the same one in v2; v3 has another one."""
    repo = make(
        tmp_path / "repo",
        recorded("v2"),
        recorded("v3", "Gone."),
        label("ann", "one", tone=0, facts=1),
        in_snapshot("v2", label("bob", "one", tone=2, facts=1)),
        in_snapshot("v3", label("cem", "one", tone=1, facts=0)),
    )
    yield repo
    repo.close()


def counts(repo: Repo) -> tuple[int, int, int]:
    """What every place says is open."""
    return (
        rubric_status(repo.context()).open_disagreements,
        len(disagreements(repo.context())),
        len({one.output for one in agreement(repo.context(), resamples=0).open}),
    )


def test_one_disagreement_is_counted_once_and_the_same_everywhere(repo: Repo) -> None:
    assert counts(repo) == (1, 1, 1)
    [found] = disagreements(repo.context())
    assert (found.case, found.annotators) == ("one", ("ann", "bob"))
    assert [one.system for one in disagreements(repo.context(), system="v2")] == ["v2"]
    assert disagreements(repo.context(), system="v3") == ()
    assert agreement(repo.context(), system="v2", resamples=0).outputs == 1


def test_settling_one_settles_its_twin_and_check_is_content(repo: Repo) -> None:
    done = settle(repo.context(), "one", ["tone=1"], because="subjective", system="v2")
    assert done.path == "datasets/mails/resolutions/v2/one.yaml"
    assert done.resolution.settles == {"ann": {"tone": 0}, "bob": {"tone": 2}}
    assert counts(repo) == (0, 0, 0)
    again = settle(repo.context(), "one", ["tone=2"], because="subjective", system="v1")
    assert again.path == done.path, "one decision, one file"
    assert not (repo.root / "datasets/mails/resolutions/v1").exists()
    assert not [one for one in problems(repo) if "resolutions" in one]


def problems(repo: Repo) -> list[str]:
    return [f"{one.where.path}: {one.message}" for one in check(repo.root, now=NOW).problems]


def test_two_resolutions_of_one_text_that_contradict_are_said_and_settled_once(repo: Repo) -> None:
    for system, tone, day in (("v1", 0, 20), ("v2", 2, 21)):
        repo.write(*resolution(system, tone, day))
    [said] = [one for one in problems(repo) if "settles the same text" in one]
    assert said.startswith("datasets/mails/resolutions/v1/one.yaml")
    assert "resolutions/v2/one.yaml, which is newer" in said
    repo.git("add", ".")
    repo.git("commit", "-qm", "both")
    commits = repo.commits()
    settle(repo.context(), "one", ["tone=1"], because="edge_case", system="v1")
    assert repo.commits() == commits + 1
    for system in ("v1", "v2"):
        assert "tone: 1" in repo.read(f"datasets/mails/resolutions/{system}/one.yaml")
    assert not [one for one in problems(repo) if "settles the same text" in one]
    undo(repo.context())
    assert [one for one in problems(repo) if "settles the same text" in one]


def test_a_text_of_an_open_round_is_hidden_in_every_snapshot(repo: Repo) -> None:
    open_round(repo.context(), system="v3", outputs=1, annotators=("ann", "bob"))
    assert counts(repo) == (1, 1, 1), "another text"
    repo.write("datasets/mails/rounds/1.yaml", "number: 1\nrubric: mail@2\nsystem: v2\n"
               "annotators: [bob, cem]\noutputs: [{case: one}]\n")  # fmt: skip
    assert counts(repo) == (0, 0, 0)
    with pytest.raises(UsageError, match="in an open round"):
        settle(repo.context(), "one", ["tone=1"], because="subjective", system="v1")


def test_what_was_settled_of_a_twin_is_hidden_while_a_round_asks_for_it(repo: Repo) -> None:
    repo.write(*resolution("v1", 1, 20))
    for past in (rubric_past, settled_past):
        [settled] = past(repo.context()).settled["tone"]
        assert (settled.score, settled.stale) == (1, False), "bob's label of v2 stands beside it"
    repo.write("datasets/mails/rounds/1.yaml", "number: 1\nrubric: mail@2\nsystem: v2\n"
               "annotators: [bob, cem]\noutputs: [{case: one}]\n")  # fmt: skip
    for past in (rubric_past, settled_past):
        assert past(repo.context()).settled["tone"] == ()


def test_nobody_is_asked_to_settle_a_text_that_nobody_can_read(repo: Repo) -> None:
    for system in ("v1", "v2"):
        (repo.root / f"datasets/mails/outputs/{system}/one.yaml").unlink()
    assert counts(repo) == (0, 0, 0)


def test_a_merge_tells_of_twins_that_two_people_settled_otherwise(tmp_path: Path) -> None:
    """Two files, so git has no conflict."""
    pair = Pair.make(tmp_path)
    try:
        for path, text in recorded("v2").items():
            pair.ann.commit(path, text)
        for who, tone in (("ann", 0), ("bob", 2)):
            pair.ann.said(who, "one", tone, "2026-11-20T10:00:00Z")
        pair.ann.git("push", "-q", "origin", "HEAD:main")
        assert pair.bob.labeltool("sync").returncode == 0
        pair.ann.commit(*resolution("v1", 0, 20))
        pair.bob.commit(*resolution("v2", 2, 21))
        pair.ann.git("push", "-q", "origin", "HEAD:main")
        done = pair.bob.labeltool("sync")
        assert done.returncode == 0, done.stderr
        assert "settles the same text otherwise" in done.stdout + done.stderr
    finally:
        pair.close()
