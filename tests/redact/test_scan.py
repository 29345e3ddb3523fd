"""What must not be written down is found, and ordinary text is left alone."""

from __future__ import annotations

import time

import pytest

from labeltool.redact.pii import personal
from labeltool.redact.redactor import Redactor
from labeltool.redact.scan import only_secrets, scan

LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"
# Put together here, so that no scanner of repositories takes this file for a leak.
KEYS = (
    "sk-" + "proj-" + LETTERS,
    "sk-" + "ant-" + "api03-" + LETTERS,
    "ghp" + "_" + LETTERS,
    "github" + "_pat_" + LETTERS,
    "glpat" + "-" + LETTERS[:20],
    "AKIA" + "IOSFODNN7EXAMPLE",
    "xoxb" + "-123456789012-" + LETTERS[:12],
    "AIza" + "SyA" + LETTERS[:32],
    "hf" + "_" + LETTERS[:26],
    "eyJhbGciOiJIUzI1NiJ9" + ".eyJzdWIiOiIxMjM0NTY3ODkwIn0" + ".dozjgNryP4J3jVmNHl0w5N_XgL0n3I9P",
    "sk" + "_live_" + LETTERS[:24],
    "SG" + "." + LETTERS[:22] + "." + (LETTERS * 2)[:43],
)


@pytest.mark.parametrize("key", KEYS)
def test_a_key_is_found_whole_in_the_middle_of_a_log_line(key: str) -> None:
    text = f'2026-11-24 ERROR auth failed for "{key}", retrying'
    (found,) = scan(text)
    assert found.kind == "KEY"
    assert text[found.start : found.end] == key


def test_a_private_key_is_taken_with_its_body() -> None:
    pem = "-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA\nabc\n-----END RSA PRIVATE KEY-----"
    (found,) = scan(f"see\n{pem}\nthanks")
    assert (found.kind, found.end - found.start) == ("PRIVATE_KEY", len(pem))


def test_a_private_key_cut_off_by_the_log_is_taken_to_its_end() -> None:
    text = "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0B"
    assert [(one.start, one.end) for one in scan(text)] == [(0, len(text))]


def test_a_password_that_is_said_is_taken_and_a_word_after_password_is_not() -> None:
    assert (
        Redactor("d").text('password: hunter2hunter2, "api_key": "abc123def456"').count("KEY") == 2
    )
    assert scan("My password: forgotten, the token: expired") == []


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("write to Bob.Smith+x@shop.co.uk please", "EMAIL"),
        ("mail jürgen@müller.de", "EMAIL"),
        ("card 4111 1111 1111 1111.", "CARD"),
        ("card4111111111111111", "CARD"),
        ("amex 3782-822463-10005", "CARD"),
        ("IBAN DE89 3704 0044 0532 0130 00 IS MINE", "IBAN"),
        ("gb82west12345698765432", "IBAN"),
        ("call +44 20 7946 0018 now", "PHONE"),
        ("call (650) 253-0000 now", "PHONE"),
        ("0049 30 901820", "PHONE"),
        ("I live at 221 Baker Street, London", "ADDRESS"),
        ("Sie wohnt Hauptstraße 12, 10115 Berlin", "ADDRESS"),
        ("au 5 rue de la Paix", "ADDRESS"),
    ],
)
def test_personal_data_is_found(text: str, kind: str) -> None:
    assert [one.kind for one in scan(text)] == [kind]


@pytest.mark.parametrize(
    "text",
    [
        "Order 1234567890 of 2026-11-24 10:20:30, invoice 20261124-0001",
        "took 1700000000000 ms, 3.14159265358979, 192.168.0.1, v1.2.3.4",
        "trace 123e4567-e89b-12d3-a456-426614174000, sha 3f2c9a1be0d4",
        "4111 1111 1111 1112 is no card: its check digit is wrong",
        "@everyone look at a @ b and user@localhost",
        "The court decided. Go down that way. In 10 steps, St Moritz",
    ],
)
def test_ordinary_numbers_and_words_are_left_alone(text: str) -> None:
    assert scan(text) == []


def test_national_phone_numbers_are_read_as_of_the_regions_given() -> None:
    text = "Tel. 030 901820"
    assert [one.kind for one in personal(text, ["DE"])] == ["PHONE"]
    assert list(personal(text, ["US"])) == []


def test_overlapping_findings_become_one_and_the_worse_kind_stands() -> None:
    text = "postgres://bob:s3cretpass@db.example.org/x"
    (found,) = scan(text)
    assert found.kind == "KEY"
    assert "s3cretpass" not in Redactor("d").text(text)


def test_a_finding_never_prints_what_it_found() -> None:
    (found,) = scan("card 4111111111111111")
    assert "4111" not in repr(found)


def test_keys_cards_and_accounts_are_what_is_never_kept() -> None:
    found = scan("bob@example.org paid with 4111 1111 1111 1111")
    assert [one.kind for one in only_secrets(found)] == ["CARD"]


@pytest.mark.parametrize(
    "part", ["//", "eyJ", "key= ", "a@a.", "-----BEGIN PRIVATE KEY-----", "DE12 ", "4 ", "://a:"]
)
def test_hostile_repetition_takes_time_in_proportion(part: str) -> None:
    scan("warm up")
    few, many = part * (4_000 // len(part)), part * (64_000 // len(part))
    began = time.process_time()
    scan(few)
    once = time.process_time() - began
    began = time.process_time()
    scan(many)
    assert time.process_time() - began < 120 * max(once, 0.002)
