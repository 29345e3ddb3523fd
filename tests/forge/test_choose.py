"""Which way leads to a host, and where a token may go."""

from __future__ import annotations

from pathlib import Path

import pytest

from labeltool.errors import UsageError
from labeltool.forge.base import NotLoggedIn
from labeltool.forge.choose import api_url, forges
from labeltool.forge.remote import Remote
from tests.forge.host import TOKEN, Host, Programs

GITHUB = Remote("github.com", "acme/evals")
GITLAB = Remote("gitlab.com", "acme/ml/evals")
EVIL = Remote("github.evil.example", "acme/evals")


@pytest.fixture
def programs(tmp_path: Path) -> Programs:
    return Programs(tmp_path / "bin")


def test_gh_is_asked_with_the_remotes_host_and_the_text_on_stdin(
    host: Host, programs: Programs
) -> None:
    programs.install("gh", host)
    (forge,) = forges(GITHUB, {"PATH": programs.path()})
    made = forge.create("labels/ann", "main", "--title", "@body\n`x`", draft=False)
    assert (forge.via, made.number) == ("gh", 1)
    assert host.pulls[0]["title"] == "--title"
    (call,) = programs.calls()
    assert call[:4] == ["gh", "api", "--hostname", "github.com"]
    assert call[-3:] == ["--input", "-", "repos/acme/evals/pulls"]
    assert not any("@body" in part for part in call)


def test_a_gh_that_is_not_logged_in_leaves_the_token(host: Host, programs: Programs) -> None:
    programs.install("gh", host, logged_in=False)
    env = {"PATH": programs.path(), "GH_TOKEN": TOKEN, "GITHUB_API_URL": host.url}
    ways = forges(GITHUB, env)
    with pytest.raises(NotLoggedIn) as caught:
        next(ways).find("labels/ann")
    assert caught.value.hint == "gh auth login --hostname github.com"
    assert next(ways).find("labels/ann") is None
    assert list(ways) == []


def test_glab_opens_updates_and_comments(host: Host, programs: Programs) -> None:
    programs.install("glab", host)
    programs.install("gh", host)
    host.me = "ann"
    (forge,) = forges(GITLAB, {"PATH": programs.path()})
    made = forge.create("labels/ann", "main", "ann: 3 labels", "Three.", draft=True)
    assert host.pulls[0]["title"] == "Draft: ann: 3 labels"
    assert made.title == "ann: 3 labels"
    assert forge.find("labels/ann") == made
    assert forge.update(1, "Four.", "new").body == "Four."
    assert forge.comment(1, "<!-- m -->", "one").created
    again = forge.comment(1, "<!-- m -->", "two")
    assert again.url == "https://gitlab.com/acme/ml/evals/-/merge_requests/1#note_1000"
    assert [one["body"] for one in host.comments] == ["<!-- m -->\ntwo"]
    host.pulls[0] |= {"source_project_id": 2, "target_project_id": 1}
    assert forge.find("labels/ann") is None, "a fork's branch of the same name"
    host.comments[0]["author"] = {"username": "mallory"}
    assert forge.comment(1, "<!-- m -->", "three").created, "not in her name"
    assert {call[0] for call in programs.calls()} == {"glab"}


def test_an_unknown_host_is_asked_only_where_somebody_is_logged_in(
    host: Host, programs: Programs
) -> None:
    unknown = Remote("git.example.org", "acme/evals")
    programs.install("gh", host, logged_in=False)
    programs.install("glab", host)
    ways = list(forges(unknown, {"PATH": programs.path(), "GITHUB_TOKEN": TOKEN}))
    assert [one.via for one in ways] == ["glab"]
    assert programs.calls()[0] == ["gh", "auth", "status", "--hostname", "git.example.org"]


def test_a_program_in_the_users_folder_is_none_of_ours(
    host: Host, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Programs(tmp_path).install("gh", host)
    monkeypatch.chdir(tmp_path)
    for path in (".", ".:/nowhere", ":/nowhere"):
        assert list(forges(GITHUB, {"PATH": path})) == []


@pytest.mark.parametrize("remote", [EVIL, Remote("git.example.org", "acme/evals"), GITLAB])
def test_a_token_for_one_host_goes_to_no_other(remote: Remote) -> None:
    tokens = {"GH_TOKEN": TOKEN, "GITHUB_TOKEN": TOKEN, "GH_ENTERPRISE_TOKEN": TOKEN}
    assert list(forges(remote, {**tokens, "PATH": "", "GH_HOST": "git.acme.example"})) == []


def test_the_programs_are_not_given_tokens_of_another_host(tmp_path: Path) -> None:
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in ("gh", "glab"):
        file = folder / name
        file.write_text(f"#!/bin/sh\nenv > {folder}/env-{name}\nexit 4\n")
        file.chmod(0o755)
    tokens = {"GH_ENTERPRISE_TOKEN": TOKEN, "GITLAB_TOKEN": TOKEN, "GH_TOKEN": TOKEN}
    env = {**tokens, "PATH": f"{folder}:/usr/bin:/bin"}
    for remote in (EVIL, Remote("gitlab.evil.example", "acme/evals")):
        for forge in forges(remote, env):
            with pytest.raises(NotLoggedIn):
                forge.find("x")
    for name in ("gh", "glab"):
        given = (folder / f"env-{name}").read_text()
        assert "ENTERPRISE" not in given
        assert "GITLAB_TOKEN" not in given


def test_where_the_api_is() -> None:
    assert api_url(GITHUB, {}) == "https://api.github.com"
    assert api_url(Remote("acme.ghe.com", "a/b"), {}) == "https://api.acme.ghe.com"
    assert api_url(Remote("git.acme.example", "a/b"), {}) == "https://git.acme.example/api/v3"
    actions = {
        "GITHUB_SERVER_URL": "https://git.acme.example",
        "GITHUB_API_URL": "https://git.acme.example/api/v3",
        "GITHUB_TOKEN": TOKEN,
        "PATH": "",
    }
    assert [one.via for one in forges(Remote("git.acme.example", "a/b"), actions)] == [
        "git.acme.example"
    ]
    # A clone of somewhere else inside that job is asked where it is, not where the job is.
    assert api_url(GITHUB, actions) == "https://api.github.com"


@pytest.mark.parametrize(
    "url",
    ["http://api.example.org", "ftp://x", "https://u:p@api.github.com", "https://", "http://["],
)
def test_no_token_goes_out_in_the_open(url: str) -> None:
    with pytest.raises(UsageError, match="no https address"):
        api_url(GITHUB, {"GITHUB_API_URL": url})
