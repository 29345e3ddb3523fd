"""Who may reach the app in a browser."""

from __future__ import annotations

from itertools import count

import pytest

from labeltool.commands.serve import Door, Knock, loopback, size
from labeltool.errors import UsageError

PORT = 8123
HERE = f"127.0.0.1:{PORT}"


@pytest.fixture
def door() -> Door:
    numbers = count()
    return Door.make("127.0.0.1", PORT, lambda: f"secret-{next(numbers)}")


def status(door: Door, knock: Knock) -> int | None:
    refusal = door.refusal(knock)
    return refusal.status if refusal else None


def test_the_printed_url_opens_the_page_and_its_cookie_everything_else(door: Door) -> None:
    assert door.url == f"http://{HERE}/?token=secret-0"
    assert status(door, Knock(HERE, None, token="secret-0", page=True)) is None
    assert status(door, Knock(HERE, None, cookie="secret-1")) is None
    assert status(door, Knock(HERE, f"http://{HERE}", cookie="secret-1", socket=True)) is None


def test_the_token_opens_nothing_but_the_page(door: Door) -> None:
    assert status(door, Knock(HERE, None, token="secret-0")) == 403
    assert status(door, Knock(HERE, f"http://{HERE}", token="secret-0", socket=True)) == 403


@pytest.mark.parametrize("said", [None, "", "secret", "secret-00", "secret-1", "\udcff", "é"])
def test_another_token_or_cookie_opens_nothing(door: Door, said: str | None) -> None:
    cookie = None if said == "secret-1" else said
    assert status(door, Knock(HERE, None, token=said, cookie=cookie, page=True)) == 403


@pytest.mark.parametrize("host", [HERE, f"localhost:{PORT}", f"LOCALHOST:{PORT}", f"[::1]:{PORT}"])
def test_the_names_of_this_machine_are_ours(door: Door, host: str) -> None:
    assert status(door, Knock(host, None, cookie="secret-1")) is None
    assert status(door, Knock(host, f"http://{host.lower()}", cookie="secret-1")) is None


@pytest.mark.parametrize(
    "host",
    [
        *(None, "", "127.0.0.1", "localhost", "127.0.0.1:80", "127.0.0.1:81234"),
        *(f"evil.example:{PORT}", f"localhost.evil.example:{PORT}", f"0.0.0.0:{PORT}"),
        *(f"{HERE}.", f"x@{HERE}", f" {HERE}", f"{HERE}/", f"[::ffff:127.0.0.1]:{PORT}"),
    ],
)
def test_any_other_name_is_a_rebound_dns_name(door: Door, host: str | None) -> None:
    assert status(door, Knock(host, None, cookie="secret-1", token="secret-0", page=True)) == 421


def test_on_port_80_browsers_leave_the_port_out() -> None:
    door = Door.make("127.0.0.1", 80, lambda: "secret")
    assert {"127.0.0.1", "127.0.0.1:80"} <= door.hosts
    assert status(door, Knock("localhost", "http://localhost", "secret", socket=True)) is None


@pytest.mark.parametrize(
    "origin",
    [
        *("null", "", "http://evil.example", f"https://{HERE}", "http://127.0.0.1"),
        *(
            f"http://localhost:{PORT}",
            f"http://{HERE}.evil.example",
            f"http://127.0.0.1:{PORT + 1}",
        ),
    ],
)
def test_a_page_of_another_origin_reaches_nothing(door: Door, origin: str) -> None:
    for socket in (True, False):
        assert status(door, Knock(HERE, origin, cookie="secret-1", socket=socket)) == 403


def test_a_websocket_says_its_origin(door: Door) -> None:
    assert status(door, Knock(HERE, None, cookie="secret-1", socket=True)) == 403


def test_no_secret_is_shown_by_accident(door: Door) -> None:
    assert "secret" not in repr(door)
    refusal = door.refusal(Knock(HERE, None))
    assert refusal is not None
    assert "secret" not in refusal.words


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.0.0.1", "127.0.0.1"),
        ("127.0.0.53", "127.0.0.53"),
        ("localhost", "127.0.0.1"),
        ("::1", "::1"),
        ("[::1]", "::1"),
    ],
)
def test_loopback_addresses_are_taken(host: str, address: str) -> None:
    assert loopback(host) == address


@pytest.mark.parametrize(
    "host",
    [
        *("0.0.0.0", "::", "", "192.168.1.5", "10.0.0.1", "example.org", "127.1", "2130706433"),
        *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "::1%eth0", "localhost.evil.example", "fe80::1"),
    ],
)
def test_an_address_that_others_could_reach_is_refused(host: str) -> None:
    with pytest.raises(UsageError) as refused:
        loopback(host)
    assert "on this machine only" in refused.value.message
    assert "ssh -L" in str(refused.value.hint)


@pytest.mark.parametrize(
    ("said", "taken"),
    [
        (("120", "40"), (120, 40)),
        ((120, 40), (120, 40)),
        (("0", "-3"), (1, 1)),
        (("999999999", "24"), (1000, 24)),
        ((None, "24"), None),
        (("wide", "24"), None),
        (("9" * 10_000, "24"), None),
        (([1], {}), None),
    ],
)
def test_sizes_are_held_within_bounds(
    said: tuple[object, object], taken: tuple[int, int] | None
) -> None:
    assert size(*said) == taken


def test_an_ipv6_address_stands_in_brackets() -> None:
    door = Door.make("::1", PORT, lambda: "secret")
    assert door.url.startswith(f"http://[::1]:{PORT}/?token=")
