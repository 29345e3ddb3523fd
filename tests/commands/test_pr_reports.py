"""Which reports a pull request names, and that nothing else of them is a link."""

from __future__ import annotations

import json
from typing import Any

import pytest

from labeltool.commands.at_commit import Reader, Tree
from labeltool.commands.pr_reports import reported, reports

LINK = "https://github.com/acme/bot/issues/12"
CASE = "datasets/d/cases/regression/c.yaml"
DRAFT = "datasets/d/inbox/x.yaml"


def tree(files: dict[str, dict[str, Any]]) -> Tree:
    blobs = {path: json.dumps(value) for path, value in files.items()}
    return Tree(blobs, Reader(lambda blob: blob.encode()))


def text(files: dict[str, dict[str, Any]], base: dict[str, dict[str, Any]] | None = None) -> str:
    found = tuple(reported(tree(base or {}), tree(files), list(files)))
    return "\n".join(reports(found, 400))


def case(link: str = LINK, kind: str = "bug_report", **fields: Any) -> dict[str, Any]:
    source = {"kind": kind, "link": link}
    return {"id": "c", "tier": "regression", "input": "x", "source": source, **fields}


def test_a_new_case_names_its_issue_and_what_it_asks() -> None:
    said = text({CASE: case(status="open", checks=[{"kind": "not_contains", "value": "<b>@me"}])})
    assert f"- `c` (regression, open): {LINK}" in said
    assert "labeltool promote --close c" in said
    assert "<b>" not in said
    assert "@me" not in said


def test_a_new_draft_says_what_makes_it_a_case() -> None:
    draft = {"id": "x", "input": "x", "source": {"kind": "bug_report", "link": LINK}}
    said = text({DRAFT: draft})
    assert f"- `x`, a draft for the regression tier: {LINK}" in said
    assert "`labeltool inbox` makes it a case" in said


@pytest.mark.parametrize(
    "link",
    [
        "https://evil.example/?x=/issues/12",
        "https://github.com/acme/bot/issues/12 @everyone",
        "https://github.com/acme/bot/issues/12)[x](y",
        "javascript:alert(1)",
        "https://github.com/acme/bot/pull/12",
    ],
)
def test_any_other_address_is_no_link(link: str) -> None:
    assert text({CASE: case(link)}) == ""


def test_an_address_out_of_a_log_is_no_link() -> None:
    assert text({CASE: case(kind="production")}) == ""


def test_what_was_there_before_and_what_cannot_be_read_is_not_told() -> None:
    assert text({CASE: case(status="open")}, base={CASE: case()}) == ""
    assert text({CASE: {"id": "c"}}) == ""
