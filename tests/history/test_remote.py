"""Another copy of the repository: fetched from, pushed to, never trusted."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from labeltool.errors import RepositoryError, UsageError
from labeltool.history import History, Limits
from tests.history.http_remote import serve
from tests.history.support import Repo, moment


@pytest.fixture
def hub(repo: Repo, tmp_path: Path) -> Path:
    """A bare remote called origin that holds main."""
    hub = tmp_path / "hub.git"
    repo.git("clone", "-q", "--bare", str(repo.root), str(hub))
    repo.git("remote", "add", "origin", str(hub))
    return hub


def other(repo: Repo, hub: Path, name: str = "other") -> Repo:
    """A second clone."""
    repo.git("clone", "-q", str(hub), str(repo.root.parent / name))
    clone = Repo(repo.root.parent / name, repo.env)
    clone.identify()
    return clone


def test_what_is_fetched_says_the_default_branch_and_what_was_asked_for(
    repo: Repo, hub: Path
) -> None:
    clone = other(repo, hub)
    clone.git("switch", "-qc", "labels/alice")
    clone.commit_by_hand("a.txt", "a\n")
    clone.git("push", "-q", "origin", "labels/alice")
    with repo.open() as history:
        fetched = history.remote().fetch(["labels/alice", "labels/nobody"])
        assert fetched.default == "main"
        assert fetched.branches == {
            "labels/alice": clone.git("rev-parse", "HEAD").strip(),
            "main": repo.git("rev-parse", "HEAD").strip(),
        }
        assert history.remote().default_branch() == "main"


def test_a_renamed_default_branch_is_learnt(repo: Repo, hub: Path) -> None:
    with repo.open() as history:
        history.remote().fetch()
        repo.git("--git-dir", str(hub), "branch", "-m", "main", "trunk")
        assert history.remote().fetch().default == "trunk"
        assert history.remote().default_branch() == "trunk"


def test_an_empty_remote_has_no_default_branch(repo: Repo, tmp_path: Path) -> None:
    repo.git("init", "-q", "--bare", str(tmp_path / "empty.git"))
    repo.git("remote", "add", "origin", str(tmp_path / "empty.git"))
    with repo.open() as history:
        fetched = history.remote().fetch(["main"])
    assert (fetched.default, fetched.branches) == (None, {})


def test_a_push_is_current_the_second_time_and_moved_when_somebody_was_faster(
    repo: Repo, hub: Path
) -> None:
    with repo.open() as history:
        remote = history.remote()
        repo.git("switch", "-qc", "labels/alice")
        assert remote.push("labels/alice").state == "pushed"
        assert remote.push("labels/alice").state == "current"
        clone = other(repo, hub)
        clone.git("switch", "-q", "labels/alice")
        clone.commit_by_hand("b.txt", "b\n")
        clone.git("push", "-q", "origin", "labels/alice")
        repo.commit_by_hand("a.txt", "a\n")
        assert remote.push("labels/alice").state == "moved"


def test_ahead_and_behind_are_counted_without_asking_anybody(repo: Repo, hub: Path) -> None:
    clone = other(repo, hub)
    clone.commit_by_hand("b.txt", "b\n")
    clone.git("push", "-q", "origin", "main")
    repo.git("switch", "-qc", "labels/alice")
    repo.commit_by_hand("a.txt", "a\n")
    with repo.open() as history:
        history.remote().push("labels/alice")
        history.remote().fetch(["labels/alice"])
        repo.commit_by_hand("c.txt", "c\n")
        stands = history.ahead_behind()
    assert stands is not None
    assert (stands.branch, stands.default) == ("labels/alice", "main")
    assert (stands.ahead, stands.behind, stands.behind_default) == (1, 0, 1)


def test_without_the_remote_nothing_is_counted(repo: Repo) -> None:
    with repo.open() as history:
        assert history.ahead_behind() is None


@pytest.mark.parametrize("branch", ["--force", "a..b", "-d", "x y", "", "@{-1}"])
def test_what_is_no_branch_name_never_reaches_git(repo: Repo, hub: Path, branch: str) -> None:
    with repo.open() as history, pytest.raises(UsageError, match="not a legal branch name"):
        history.remote().push(branch)


def test_an_address_behind_insteadof_is_looked_at_as_git_sees_it(repo: Repo, hub: Path) -> None:
    repo.git("config", "url.ext::sh -c evil.insteadOf", "hub:")
    repo.git("remote", "set-url", "origin", "hub:evals")
    with repo.open() as history, pytest.raises(RepositoryError, match="not one to connect to"):
        history.remote()


def test_over_http_with_and_without_the_password(repo: Repo, hub: Path) -> None:
    repo.git("--git-dir", str(hub), "config", "http.receivepack", "true")
    with serve(hub.parent, "alice", "hush") as url:
        address = url.replace("//", "//alice:hush@")
        repo.git("remote", "set-url", "origin", f"{address}/{hub.name}")
        repo.git("switch", "-qc", "labels/alice")
        repo.commit_by_hand("a.txt", "a\n")
        with repo.open() as history:
            remote = history.remote()
            assert remote.url == f"{url}/{hub.name}"
            assert remote.fetch().default == "main"
            assert remote.push("labels/alice").state == "pushed"
            repo.git("remote", "set-url", "origin", f"{url}/{hub.name}")
            with pytest.raises(RepositoryError, match="did not let git in") as caught:
                history.remote().fetch()
    assert "credential" in (caught.value.hint or "")
    assert "hush" not in str(caught.value)


def test_a_remote_that_never_answers_is_given_up_on(repo: Repo, hub: Path) -> None:
    # An SSH that says nothing, ever.
    repo.git("remote", "set-url", "origin", "ssh://nowhere.invalid/evals.git")
    script = repo.root.parent / "silent-ssh"
    script.write_text("#!/bin/sh\nexec sleep 60\n")
    script.chmod(0o755)
    env = {**repo.env, "GIT_SSH_COMMAND": str(script), "GIT_SSH_VARIANT": "simple"}
    limits = Limits(network=0.5)
    with (
        History.open(repo.root, env=env, now=moment, limits=limits) as history,
        pytest.raises(RepositoryError, match="did not answer in time"),
    ):
        history.remote().fetch()


def test_submodules_are_not_fetched_along(repo: Repo, hub: Path) -> None:
    repo.git("config", "fetch.recurseSubmodules", "true")
    with repo.open() as history:
        assert history.remote().fetch().default == "main"


def test_a_hostile_remote_cannot_name_its_branch_as_an_option(repo: Repo, hub: Path) -> None:
    (hub / "HEAD").write_text("ref: refs/heads/--upload-pack=x\n")
    subprocess.run(
        ["git", "--git-dir", str(hub), "update-ref", "refs/heads/--upload-pack=x", "main"],
        env=dict(repo.env),
        check=True,
    )
    with repo.open() as history, pytest.raises(UsageError, match="not a legal branch name"):
        history.remote().fetch()
