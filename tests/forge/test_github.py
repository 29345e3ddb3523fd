"""GitHub's API with a token, against a real server on loopback."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from labeltool.forge.base import Forge, ForgeError, NotLoggedIn, Refused
from labeltool.forge.choose import forges
from labeltool.forge.remote import Remote
from tests.forge.host import TOKEN, Fault, Host

ACME = Remote("github.com", "acme/evals")
MARK = "<!-- mark -->"


@pytest.fixture
def pauses() -> list[float]:
    return []


@pytest.fixture
def forge(host: Host, pauses: list[float]) -> Iterator[Forge]:
    env = {"GITHUB_TOKEN": TOKEN, "GITHUB_API_URL": host.url, "PATH": ""}
    ways = forges(ACME, env, pause=pauses.append)
    yield next(iter(ways))
    assert list(ways) == []  # and its connection is closed


def test_a_pull_request_is_opened_once_and_found_again(host: Host, forge: Forge) -> None:
    assert forge.find("labels/ann") is None
    made = forge.create("labels/ann", "main", "ann: 3 labels", "Three.", draft=True)
    assert (made.number, made.url) == (1, "https://github.com/acme/evals/pull/1")
    assert host.pulls[0]["base"] == "main"
    assert host.pulls[0]["draft"] is True
    assert forge.find("labels/ann") == made
    assert forge.update(1, "Four.").title == "ann: 3 labels"
    assert host.pulls[0]["body"] == "Four."
    assert {one.token for one in host.asked} == {f"Bearer {TOKEN}"}


def test_a_branch_name_is_data_in_the_address(host: Host, forge: Forge) -> None:
    assert forge.find("a&b=c#d/../x") is None
    assert host.asked[0].path.endswith("&head=acme%3Aa%26b%3Dc%23d%2F..%2Fx")


def test_one_comment_is_updated_in_place(host: Host, forge: Forge) -> None:
    for number in range(230):
        host.say(f"talk {number}")
    assert forge.comment(1, MARK, "first").created
    again = forge.comment(1, MARK, "second")
    assert not again.created
    assert [one["body"] for one in host.comments[230:]] == [f"{MARK}\nsecond"]


def test_somebody_elses_comment_with_our_mark_is_left_alone(host: Host, forge: Forge) -> None:
    host.locked.add(host.say(f"{MARK}\nforged")["id"])
    assert forge.comment(1, MARK, "ours").created
    assert not forge.comment(1, MARK, "ours again").created
    assert [one["body"] for one in host.comments] == [f"{MARK}\nforged", f"{MARK}\nours again"]


@pytest.mark.parametrize("me", [None, "ann"])
def test_a_comment_that_its_writer_could_change_again_is_not_made_ours(
    host: Host, forge: Forge, me: str | None
) -> None:
    """A workflow's token may change anybody's: who wrote the mark first would speak for us."""
    host.me = me
    host.say(f"{MARK}\nforged", by="mallory")
    assert forge.comment(1, MARK, "ours").created
    assert not forge.comment(1, MARK, "ours again").created
    assert [one["body"] for one in host.comments] == [f"{MARK}\nforged", f"{MARK}\nours again"]


def test_a_pull_request_of_a_fork_with_our_branchs_name_is_not_ours(
    host: Host, forge: Forge
) -> None:
    theirs = host.pull("labels/ann", "theirs", "theirs")
    theirs["head"]["repo"] = {"full_name": "acme/evals-fork"}
    theirs["base"] = {"repo": {"full_name": "acme/evals"}}
    assert forge.find("labels/ann") is None


def test_a_gateway_that_fails_for_a_moment_is_asked_again(
    host: Host, forge: Forge, pauses: list[float]
) -> None:
    host.faults = [Fault(502, "<html>"), Fault(503)]
    assert forge.find("labels/ann") is None
    assert pauses == [1.0, 2.0]
    host.faults = [Fault(502)] * 9
    with pytest.raises(ForgeError, match="502"):
        forge.find("labels/ann")
    assert len(host.faults) == 5  # four tries


def test_one_that_was_made_though_the_gateway_failed_is_not_made_twice(
    host: Host, forge: Forge
) -> None:
    host.faults = [Fault(502, method="POST", with_it=True)]
    made = forge.create("labels/ann", "main", "t", "b", draft=False)
    assert (made.number, len(host.pulls)) == (1, 1)


def test_somebody_was_quicker(host: Host, forge: Forge) -> None:
    host.pull("labels/ann", "theirs", "theirs")
    assert forge.create("labels/ann", "main", "ours", "ours", draft=False).number == 1
    assert (host.pulls[0]["title"], host.pulls[0]["body"]) == ("ours", "ours")


def test_a_host_that_wants_patience_is_given_what_it_asks_for_within_bounds(
    host: Host, forge: Forge, pauses: list[float]
) -> None:
    limited = '{"message": "You have exceeded a secondary rate limit"}'
    host.faults = [Fault(403, limited, {"Retry-After": "7"})]
    assert forge.find("labels/ann") is None
    assert pauses == [7.0]
    host.faults = [Fault(403, limited, {"Retry-After": "3600"})]
    with pytest.raises(ForgeError, match="secondary rate limit") as caught:
        forge.find("labels/ann")
    assert not isinstance(caught.value, Refused)
    host.faults = [Fault(403, "{}", {"X-RateLimit-Remaining": "0"})]
    with pytest.raises(ForgeError, match="403"):
        forge.find("labels/ann")
    assert pauses == [7.0]


@pytest.mark.parametrize(
    ("fault", "kind", "words"),
    [
        (Fault(401, '{"message": "Bad credentials"}'), NotLoggedIn, "Bad credentials"),
        (Fault(403, '{"message": "Resource not accessible"}'), Refused, "not accessible"),
        (Fault(404, '{"message": "Not Found"}'), Refused, "404: Not Found"),
        (Fault(422, '{"errors": [{"message": "too long"}]}'), ForgeError, "too long"),
        (Fault(200, "<html>Sign in</html>", {"content-type": "text/html"}), ForgeError, "no JSON"),
        (Fault(200, '{"a": 1}'), ForgeError, "not what GitHub's API gives"),
        (Fault(200, "[" * 100_000), ForgeError, "no JSON"),
        (Fault(500, "\x1b[2Jboom"), ForgeError, "500"),
        (Fault(302, "", {"location": "http://127.0.0.1:1/steal"}), ForgeError, "another host"),
        (Fault(302, "", {"location": "https://evil.example/"}), ForgeError, "another host"),
    ],
)
def test_what_the_host_says_is_told_with_the_next_step(
    host: Host, forge: Forge, fault: Fault, kind: type[ForgeError], words: str
) -> None:
    host.faults = [fault]
    with pytest.raises(kind, match=words) as caught:
        forge.find("labels/ann")
    assert caught.value.hint
    assert caught.value.exit_code == 4
    assert "\x1b" not in str(caught.value)
    assert len(host.asked) == 1


def test_a_repository_that_moved_on_the_same_host_is_followed(host: Host, forge: Forge) -> None:
    host.pull("labels/ann", "t", "b")
    there = {"location": "/repos/acme/evals/pulls?head=acme:labels/ann"}
    host.faults = [Fault(301, "", there)]
    assert forge.find("labels/ann") is not None


def test_redirects_in_circles_end(host: Host, forge: Forge) -> None:
    host.faults = [Fault(301, "", {"location": "/x"})] * 9
    with pytest.raises(ForgeError, match="circles"):
        forge.find("labels/ann")


def test_a_token_is_in_no_error(host: Host, forge: Forge) -> None:
    said = f'{{"message": "{TOKEN} and ghs_abcdefghijklmnop0123 and Bearer abcdefghijkl"}}'
    host.faults = [Fault(422, said)]
    with pytest.raises(ForgeError) as caught:
        forge.find("labels/ann")
    assert "*** and *** and ***" in str(caught.value)
    assert TOKEN not in repr(caught.value)


def test_nobody_there_is_said_without_the_token(host: Host) -> None:
    host.close()
    env = {"GITHUB_TOKEN": TOKEN, "GITHUB_API_URL": host.url, "PATH": ""}
    ways = forges(ACME, env)
    forge = next(ways)
    with pytest.raises(ForgeError, match="could not be reached") as caught:
        forge.find("labels/ann")
    assert TOKEN not in f"{caught.value!r} {caught.value.__cause__!r}"
    assert list(ways) == []
