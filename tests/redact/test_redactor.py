"""Placeholders: the same person stays the same person."""

from __future__ import annotations

from labeltool.redact.finding import Finding
from labeltool.redact.placeholders import said
from labeltool.redact.redactor import Redactor


def test_one_address_has_one_placeholder_however_it_is_written() -> None:
    clean = Redactor("mails").text("Bob@Example.org, bob@example.org and ann@example.org")
    bob, _, rest = clean.partition(", ")
    again, _, ann = rest.partition(" and ")
    assert bob == again != ann
    assert bob.startswith("[EMAIL_")
    phones = Redactor("mails").text("+1 650 253 0000 / (650) 253-0000").split(" / ")
    assert phones[0] == phones[1]


def test_another_dataset_has_other_placeholders() -> None:
    assert Redactor("a").text("bob@example.org") != Redactor("b").text("bob@example.org")


def test_redacting_again_changes_nothing_and_counts_nothing() -> None:
    text = Redactor("d").text("bob@example.org, 4111 1111 1111 1111, password=hunter2hunter2")
    again = Redactor("d")
    assert again.text(text) == text
    assert again.taken == ()


def test_what_was_taken_is_counted_by_placeholder() -> None:
    redactor = Redactor("d")
    redactor.text("bob@example.org, bob@example.org, 4111 1111 1111 1111")
    assert [(one.kind, one.times) for one in redactor.taken] == [("CARD", 1), ("EMAIL", 2)]
    assert said(redactor.counts) == "1 card number, 2 e-mail addresses"


def test_messages_tool_calls_and_keys_of_mappings_are_redacted() -> None:
    value = {
        "bob@example.org": [{"card": 4111111111111111, "n": 7, "ok": True}],
        "text": ("call", "sk-proj-abcdefghijklmnop1234567890"),
    }
    shown = str(Redactor("d").value(value))
    assert "bob@" not in shown
    assert "4111111" not in shown
    assert "sk-proj" not in shown
    assert "'n': 7" in shown


def test_names_are_taken_where_something_finds_them() -> None:
    def names(text: str) -> list[Finding]:
        at = text.find("Bob")
        return [Finding("NAME", at, at + 3, "bob")] if at >= 0 else []

    redactor = Redactor("d", names=lambda text: iter(names(text)))
    assert redactor.text("Hello Bob!").startswith("Hello [NAME_")
