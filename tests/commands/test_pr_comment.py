"""`pr --comment`: one comment on a pull request, from a workflow that trusts nobody."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from labeltool.commands.pr_comment import MARKER, Commented, comment
from labeltool.commands.round import open_round
from labeltool.errors import RepositoryError, UsageError
from labeltool.forge import ForgeError
from tests.forge.host import TOKEN, Fault, Host
from tests.two_clones import Clone, Pair, label_path

URL = "https://github.com/acme/evals.git"
NO = '{"message": "Resource not accessible by integration"}'


@pytest.fixture
def host() -> Iterator[Host]:
    host = Host()
    yield host
    host.close()


class Job:
    """A checkout of a pull request's merge commit, detached as actions/checkout leaves it."""

    def __init__(self, pair: Pair, host: Host, folder: Path):
        self.pair, self.clone, self.host, self.folder = pair, pair.ann, host, folder
        self.event = folder / "event.json"
        self.event.write_text(json.dumps({"pull_request": {"number": 7, "title": "$(id)"}}))
        self.summary = folder / "summary.md"

    def check_out(self) -> None:
        """Ann's branch, merged into main as it is now."""
        clone = self.clone
        clone.git("remote", "set-url", "origin", URL)
        clone.git("config", f"url.{self.pair.hub}.insteadOf", URL)
        clone.git("fetch", "-q")
        clone.git("switch", "-q", "--detach", "origin/main")
        clone.git("merge", "-q", "--no-ff", "labels/ann", "-m", "merge")

    def env(self, **more: str) -> dict[str, str]:
        return {
            "PATH": "/usr/bin:/bin",
            "GITHUB_TOKEN": TOKEN,
            "GITHUB_API_URL": self.host.url,
            "GITHUB_EVENT_PATH": str(self.event),
            "GITHUB_BASE_REF": "main",
            "GITHUB_STEP_SUMMARY": str(self.summary),
            **more,
        }

    def comment(self, **more: str) -> Commented:
        return comment(self.clone.context(**self.env(**more)), pause=lambda _: None)


@pytest.fixture
def job(tmp_path: Path, host: Host) -> Iterator[Job]:
    pair = Pair.make(tmp_path)
    yield Job(pair, host, tmp_path)
    pair.close()


def test_it_is_made_once_and_updated_in_place(job: Job, host: Host) -> None:
    job.clone.said("ann", "one", 1, "2026-11-23T10:00:00Z")
    job.check_out()
    done = job.comment()
    assert (done.state, done.errors, done.weakened) == ("created", 0, 0)
    assert host.asked[-1].path == "/repos/acme/evals/issues/7/comments"
    (said,) = host.comments
    assert said["body"].startswith(f"{MARKER}\n## labeltool: `check` finds no error in ")
    assert "**1 label** of `v1` by `ann`" in said["body"]
    assert job.comment().state == "updated"
    assert len(host.comments) == 1


def test_what_check_finds_and_a_weaker_gate_stand_first(job: Job, host: Host) -> None:
    job.clone.commit("datasets/mails/dataset.yaml", "rubric: mail\ngates: {golden: {}}\n")
    job.clone.git("push", "-q", "origin", "HEAD:main")
    job.clone.commit("datasets/mails/dataset.yaml", "rubric: mail\n")
    job.clone.commit(label_path("ann", "one"), "case: <img src=x>\n@all: 1\n")
    job.check_out()
    done = job.comment()
    assert done.errors > 0
    head, _, rest = host.comments[0]["body"].partition("### :warning: Gate weakened")
    assert "## labeltool: `check` finds" in head
    assert "<img" not in head
    assert "@all" not in head
    assert "**mails, gate golden**: is taken out" in rest


def test_a_fork_can_only_read_so_it_stands_in_the_summary(job: Job, host: Host) -> None:
    job.clone.said("ann", "one", 1, "2026-11-23T10:00:00Z")
    job.check_out()
    job.summary.write_text("before\n")
    host.faults = [Fault(403, NO, method="POST")]
    done = job.comment()
    assert done.state == "summary"
    assert done.why is not None
    assert "not accessible" in done.why
    assert job.summary.read_text().startswith("before\n## labeltool: `check` finds no error")
    assert "**1 label**" in job.summary.read_text()
    assert job.comment(GITHUB_TOKEN="").state == "summary"


def test_a_host_that_fails_fails_the_step(job: Job, host: Host) -> None:
    job.clone.said("ann", "one", 1, "2026-11-23T10:00:00Z")
    job.check_out()
    host.faults = [Fault(500, "oops")]
    with pytest.raises(ForgeError, match="500"):
        job.comment()


def test_labels_of_an_open_round_are_only_counted(job: Job, host: Host) -> None:
    open_round(job.clone.context(), system="v1", annotators=["ann", "bob"])
    for who, tone in (("ann", 0), ("bob", 2)):
        job.clone.said(who, "one", tone, "2026-11-23T11:00:00Z")
    job.check_out()
    job.comment()
    body = host.comments[0]["body"]
    assert body.count("all of them in a round that is open: only counted here") == 2
    assert "bob 2" not in body
    assert "open disagreement**" not in body


def test_a_pull_request_that_touches_nothing_of_ours_says_so(job: Job, host: Host) -> None:
    job.clone.commit("README.md", "hello\n")
    job.check_out()
    job.comment()
    assert "- 1 other file: new" in host.comments[0]["body"]


def test_outside_of_a_workflow_it_finds_the_pull_request_of_the_branch(
    job: Job, host: Host
) -> None:
    job.clone.said("ann", "one", 1, "2026-11-23T10:00:00Z")
    job.check_out()
    job.clone.git("switch", "-q", "labels/ann")
    env = {
        name: value for name, value in job.env().items() if name.startswith(("PATH", "GITHUB_T"))
    }
    env["GITHUB_API_URL"] = host.url
    with pytest.raises(UsageError, match="no pull request is open"):
        comment(job.clone.context(**env))
    host.pull("labels/ann", "t", "b")
    assert comment(job.clone.context(**env)).state == "created"
    assert comment(job.clone.context(PATH="/usr/bin:/bin")).state == "printed"


@pytest.mark.parametrize(
    "event",
    [
        "{}",
        "[]",
        "null",
        "no json",
        '{"pull_request": {"number": "1; id"}}',
        '{"pull_request": {"number": -1}}',
        '{"pull_request": {"number": true}}',
    ],
)
def test_an_event_without_a_pull_request_is_no_reason_to_guess(
    job: Job, host: Host, event: str
) -> None:
    job.clone.said("ann", "one", 1, "2026-11-23T10:00:00Z")
    job.check_out()
    job.event.write_text(event)
    with pytest.raises(UsageError, match="pull request"):
        job.comment()
    assert host.asked == []


def test_a_shallow_checkout_is_told_with_the_way_out(job: Job, tmp_path: Path) -> None:
    job.clone.said("ann", "one", 1, "2026-11-23T10:00:00Z")
    job.clone.git("push", "-q", "origin", "HEAD")
    job.pair.bob.commit("README.md", "on\n")
    job.pair.bob.git("push", "-q", "origin", "HEAD:main")
    (tmp_path / "job").mkdir()
    hub = f"file://{job.pair.hub}"
    shallow = tmp_path / "job" / "evals"
    job.clone.git(
        "clone", "-q", "--depth=1", "--no-single-branch", "-b", "labels/ann", hub, str(shallow)
    )
    with pytest.raises(RepositoryError, match="no commit in common") as caught:
        comment(Clone(shallow, "ann").context(**job.env()))
    assert caught.value.hint is not None
    assert "fetch-depth: 0" in caught.value.hint


def test_the_command_of_the_workflow(job: Job, host: Host) -> None:
    job.clone.said("ann", "one", 1, "2026-11-23T10:00:00Z")
    job.check_out()
    job.clone.env |= job.env()
    done = job.clone.labeltool("pr", "--comment")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == (
        "comment created: https://github.com/acme/evals/pull/7#issuecomment-1000\n"
    )
    host.faults = [Fault(403, NO, method="PATCH"), Fault(403, NO, method="POST")]
    done = job.clone.labeltool("pr", "--comment", "--json")
    assert json.loads(done.stdout)["state"] == "summary"
    assert TOKEN not in done.stdout + done.stderr + job.summary.read_text()
