"""Where a remote's URL points."""

from __future__ import annotations

import pytest

from labeltool.errors import RepositoryError
from labeltool.forge.remote import parse


@pytest.mark.parametrize(
    ("url", "web"),
    [
        ("https://github.com/acme/evals.git", "https://github.com/acme/evals"),
        ("https://github.com/acme/evals/", "https://github.com/acme/evals"),
        ("https://ann:secret@GitHub.com/acme/evals", "https://github.com/acme/evals"),
        ("https://git.example.org:8443/acme/evals.git", "https://git.example.org:8443/acme/evals"),
        ("https://github.com:443/acme/evals", "https://github.com/acme/evals"),
        ("git@github.com:acme/evals.git", "https://github.com/acme/evals"),
        ("github.com:acme/evals", "https://github.com/acme/evals"),
        ("ssh://git@github.com/acme/evals.git", "https://github.com/acme/evals"),
        ("ssh://git@git.example.org:2222/acme/evals.git", "https://git.example.org/acme/evals"),
        ("ssh://git@ssh.github.com:443/acme/evals.git", "https://github.com/acme/evals"),
        ("git@gitlab.com:acme/ml/evals.git", "https://gitlab.com/acme/ml/evals"),
        ("http://127.0.0.1:9000/acme/evals", "http://127.0.0.1:9000/acme/evals"),
    ],
)
def test_every_way_to_write_it_leads_to_the_page(url: str, web: str) -> None:
    remote = parse(url)
    assert remote is not None
    assert remote.web == web


@pytest.mark.parametrize("url", ["/srv/evals.git", "../evals", "file:///srv/evals.git", "evals"])
def test_a_folder_has_no_page(url: str) -> None:
    assert parse(url) is None


@pytest.mark.parametrize(
    "url",
    [
        "ext::sh -c id",
        "ext::sh",
        "fd::7/x",
        "--upload-pack=id",
        "-oProxyCommand=id:acme/evals",
        "git@-oProxyCommand=id:acme/evals",
        "ssh://-oProxyCommand=id/acme/evals",
        "https://github.com/acme/evals\n",
        "https://github.com/../evals",
        "https://github.com/acme/%2e%2e/evals",
        "https://github.com/acme/-evals",
        "https://github.com/acme/evals?x=1",
        "https://github.com/acme",
        "https://github.com\\@evil.example/acme/evals",
        "https://git hub.com/acme/evals",
        "https://[::1/acme/evals",
        "https://github.com:99999/acme/evals",
        "javascript://github.com/acme/evals",
        "git@github.com:acme/ev\x1b[2Jals",
    ],
)
def test_what_is_no_plain_address_is_refused_and_not_repeated(url: str) -> None:
    with pytest.raises(RepositoryError) as caught:
        parse(url)
    assert caught.value.hint is not None
    assert url not in str(caught.value)


def test_the_page_that_opens_a_pull_request_by_hand() -> None:
    github, gitlab = parse("git@github.com:acme/evals"), parse("git@gitlab.com:acme/ml/evals")
    assert github is not None
    assert gitlab is not None
    assert github.compare("main", "labels/ann") == (
        "https://github.com/acme/evals/compare/main...labels/ann?expand=1"
    )
    assert github.compare("main", "a b?#&") == (
        "https://github.com/acme/evals/compare/main...a%20b%3F%23%26?expand=1"
    )
    assert gitlab.compare("main", "labels/ann") == (
        "https://gitlab.com/acme/ml/evals/-/merge_requests/new"
        "?merge_request%5Bsource_branch%5D=labels%2Fann&merge_request%5Btarget_branch%5D=main"
    )
