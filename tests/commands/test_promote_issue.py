"""`promote --accept`: which bug reports become a case with nobody looking, and which do not."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from labeltool.commands.promote import Asked, plan
from labeltool.commands.promote_issue import Finished, finish
from labeltool.commands.promote_write import write
from labeltool.errors import UsageError
from labeltool.sources.issue import LABELS
from tests.small_repo import Repo

ASKED = "Do you sell gift cards in your shop?"
BAD = "Our shop has them in blue only."
GOOD = "Yes, gift cards are sold at the till and in the web shop."


@pytest.fixture
def repo(tmp_path: Path) -> Iterator[Repo]:
    repo = Repo.committed(tmp_path / "evals")
    yield repo
    repo.close()


def event(asked: str = ASKED, bad: str | None = BAD, good: str | None = GOOD) -> bytes:
    said = dict(zip(LABELS, (asked, bad, good), strict=False))
    body = "\n\n".join(f"### {name}\n\n{said.get(name) or '_No response_'}" for name in LABELS)
    link = "https://github.com/acme/bot/issues/12"
    issue = {"number": 12, "title": "Wrong", "body": body, "html_url": link}
    return json.dumps({"issue": issue}).encode()


def finished(repo: Repo, data: bytes, **asked: Any) -> Finished:
    said = Asked(origin="event.json", kind="github-issue", **asked)
    planned = plan(repo.context(), io.BytesIO(data), said)
    write(repo.context(), planned)
    (one,) = finish(repo.context(), planned)
    return one


def test_a_whole_report_becomes_an_open_case_that_its_output_fails(repo: Repo) -> None:
    done = finished(repo, event()).decided
    assert done is not None
    assert done.case is not None
    assert (done.case.tier, done.case.status, done.case.verified) == ("regression", "open", None)
    assert (done.case.expected, done.case.counterexamples) == (GOOD, (BAD,))
    assert done.case.source is not None
    assert done.case.source.ref == "#12"
    assert done.shown.fails
    assert repo.commits() == 3
    assert repo.context().workspace.dataset().drafts().values == []


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"good": None}, "does not say what should have come back"),
        ({"bad": None}, "does not say what came back"),
        ({"good": BAD}, "no check is sure"),
    ],
)
def test_a_report_that_says_too_little_stays_a_draft(
    repo: Repo, said: dict[str, Any], why: str
) -> None:
    one = finished(repo, event(**said))
    assert one.decided is None
    assert why in (one.why or "")
    assert len(repo.context().workspace.dataset().drafts().values) == 1
    assert repo.context().workspace.dataset().case_ids(("regression",)) == []


def test_no_report_reaches_a_tier_that_gates_without_a_person(repo: Repo) -> None:
    one = finished(repo, event(), tier="golden")
    assert one.decided is None
    assert "takes a person" in (one.why or "")


def test_only_bug_reports_are_accepted_so(repo: Repo) -> None:
    log = json.dumps({"input": ASKED, "output": BAD, "expected": GOOD, "feedback": -1}).encode()
    planned = plan(repo.context(), io.BytesIO(log), Asked(origin="log.jsonl"))
    with pytest.raises(UsageError, match=r"log\.jsonl is jsonl"):
        finish(repo.context(), planned)
    file = repo.root.parent / "log.jsonl"
    file.write_bytes(log)
    done = repo.labeltool("promote", str(file), "--accept")
    assert done.returncode == 2
    assert repo.commits() == 1, "nothing was written before it was refused"


def test_the_command_line_tells_what_became_of_it(repo: Repo) -> None:
    file = repo.root.parent / "event.json"
    file.write_bytes(event())
    done = repo.labeltool("promote", str(file), "--accept", "--json")
    (one,) = json.loads(done.stdout)["finished"]
    assert one["case"].startswith("do-you-sell-gift-cards")
    assert (one["why"], one["path"]) == (
        None,
        f"datasets/mails/cases/regression/{one['case']}.yaml",
    )
    again = repo.labeltool("promote", str(file), "--accept")
    assert again.returncode == 0
    assert "nothing new for the inbox" in again.stdout


def test_a_robot_that_the_settings_do_not_list_may_do_it(repo: Repo) -> None:
    """In CI git knows `github-actions[bot]`, which labels nothing."""
    repo.git("config", "user.email", "41898282+github-actions[bot]@users.noreply.github.com")
    assert finished(repo, event()).decided is not None
