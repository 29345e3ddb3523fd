"""From a bug report to a merged case: what `.github/workflows/promote.yml` does, line by line."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from labeltool import scaffold
from labeltool.model.case import Case
from labeltool.sources.issue import LABELS, labels_of
from labeltool.store import codec
from tests.forge.host import Fault
from tests.scaffold.workflow import Issues, Runner, expressions

pytestmark = pytest.mark.skipif(shutil.which("jq") is None, reason="gh has a jq of its own")

PATH = ".github/workflows/promote.yml"
SLOW = ("check", "run")
ASKED = "Do you sell gift cards?"
BAD = "Our shop has them in blue only."
GOOD = "Yes, gift cards are sold at the till and in the web shop."
HOSTILE = "$(touch pwned) `touch pwned` @everyone ${{ github.token }} </details>\n::error::x"


def report(**said: str) -> str:
    fields = {"What the user asked": ASKED, "What came back": BAD, **said}
    return "\n\n".join(f"### {label}\n\n{fields.get(label, '_No response_')}" for label in LABELS)


class Site:
    """A repo of `init` at a bare remote, its host, and issue 12."""

    def __init__(self, folder: Path):
        self.folder, self.hub, self.host = folder, folder / "hub.git", Issues()
        self.work = folder / "work"
        self.event = folder / "event.json"
        self.git("init", "-q", "-b", "main", str(self.work), at=folder)
        self.git("config", "user.name", "Ann")
        self.git("config", "user.email", "ann@example.org")
        for path, data in scaffold.contents(example=True).items():
            file = self.work / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(data)
        self.shop(BAD)
        self.git("init", "-q", "--bare", "-b", "main", str(self.hub), at=folder)
        self.git("remote", "add", "origin", str(self.hub))
        self.git("push", "-q", "origin", "main")

    def git(self, *args: str, at: Path | None = None) -> str:
        done = subprocess.run(
            ["git", *args], cwd=at or self.work, check=True, capture_output=True, text=True
        )
        return done.stdout

    def shop(self, answer: str) -> None:
        """What the system says when it finds nothing, committed."""
        file = self.work / "datasets/shop-answers/shop.py"
        lines = file.read_text().splitlines()
        place = next(n for n, line in enumerate(lines) if line.startswith("        return "))
        lines[place] = f"        return {answer!r}"
        file.write_text("\n".join(lines) + "\n")
        self.git("add", "-A")
        self.git("commit", "-qm", f"say {answer[:20]}")

    def labelled(self, body: str) -> Runner:
        """Issue 12 as GitHub tells of it when somebody labels it."""
        issue = {
            "number": 12,
            "title": HOSTILE,
            "body": body,
            "html_url": "https://github.com/acme/evals/issues/12",
            "created_at": "2026-11-20T10:00:00Z",
        }
        label = {"name": "eval-regression"}
        self.event.write_text(json.dumps({"action": "labeled", "label": label, "issue": issue}))
        values = {
            "github.event.issue.number": "12",
            "github.event.repository.default_branch": "main",
        }
        return Runner(self.folder, self.hub, self.host, self.event, values)

    def merge(self) -> None:
        """What a person does who has read it."""
        self.git("fetch", "-q")
        self.git("merge", "-q", "--no-edit", "origin/promote/issue-12")
        self.git("push", "-q", "origin", "HEAD:main")

    def tool(self, *args: str) -> subprocess.CompletedProcess[str]:
        runner = Runner(self.folder, self.hub, self.host, self.event, {})
        return subprocess.run(
            ["labeltool", *args], cwd=self.work, env=runner._env(), capture_output=True, text=True
        )


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    site = Site(tmp_path)
    yield site
    site.host.close()


def comments(site: Site, marker: str) -> list[dict[str, Any]]:
    return [
        one for one in site.host.comments if one["body"].startswith(f"<!-- labeltool: {marker}")
    ]


def test_a_report_becomes_a_case_that_fails_and_then_passes_by_two_keystrokes(site: Site) -> None:
    # One: somebody who has read the report puts the label on it.
    done = site.labelled(report(**{"What should have come back": GOOD})).run(PATH)
    assert done.green, done.said
    (pull,) = site.host.pulls
    assert pull["title"] == "Regression case for issue #12"
    assert "https://github.com/acme/evals/issues/12" in pull["body"]
    assert "what came back fails: not\\_contains\\=blue only" in pull["body"]
    (result,) = comments(site, "evals")
    assert "`labeltool check`: success" in result["body"]
    assert "PASS" in result["body"]
    (told,) = comments(site, "promote")
    assert "Pull request: #1" in told["body"]
    assert told["html_url"].startswith("https://github.com/acme/evals/pull/12#")

    # Two: somebody who has read the case merges it.
    site.merge()
    (file,) = (site.work / "datasets/shop-answers/cases/regression").glob("do-you-sell-*.yaml")
    case = codec.decode(file.read_bytes(), Case, str(file))
    assert (case.input, case.expected, case.counterexamples) == (ASKED, GOOD, (BAD,))
    assert (case.status, case.verified) == ("open", None)
    assert list((site.work / "datasets/shop-answers").glob("inbox/*")) == []

    # It fails while the bug is there, gates nothing, and passes once it is mended.
    assert site.tool("run").returncode == 0
    found = json.loads((site.work / "eval_results.json").read_text())
    assert {one["id"]: one["passed"] for one in found["cases"]}[case.id] is False
    site.shop(GOOD)
    assert site.tool("run").returncode == 0
    found = json.loads((site.work / "eval_results.json").read_text())
    assert {one["id"]: one["passed"] for one in found["cases"]}[case.id] is True
    closed = site.tool("promote", "--close", case.id)
    assert "is active and gates the regression tier" in closed.stdout


def test_a_report_that_says_too_little_is_a_draft_for_a_person(site: Site) -> None:
    done = site.labelled(report()).run(PATH, without=SLOW)
    assert done.green, done.said
    assert "a draft for the regression tier" in site.host.pulls[0]["body"]
    (told,) = comments(site, "promote")
    assert "stays a draft: the report does not say what should have come back" in told["body"]
    site.merge()
    assert len(list((site.work / "datasets/shop-answers/inbox").glob("*.yaml"))) == 1


def test_the_label_put_on_again_makes_nothing_twice(site: Site) -> None:
    body = report(**{"What should have come back": GOOD})
    site.labelled(body).run(PATH, without=SLOW)
    head = site.git("ls-remote", "origin", "promote/issue-12")
    done = site.labelled(body).run(PATH, without=SLOW)
    assert done.green, done.said
    assert site.git("ls-remote", "origin", "promote/issue-12") == head
    assert len(site.host.pulls) == 1
    assert len(comments(site, "evals")) == len(comments(site, "promote")) == 1


def test_what_the_eval_set_asks_already_is_said_and_opens_nothing(site: Site) -> None:
    body = report(**{"What the user asked": "How long do I have to return shoes?"})
    known = site.work / "datasets/shop-answers/cases/golden/return-window.yaml"
    asked = codec.decode(known.read_bytes(), Case, "x").input
    done = site.labelled(body.replace("How long do I have to return shoes?", str(asked))).run(
        PATH, without=SLOW
    )
    assert done.green, done.said
    assert site.host.pulls == []
    (told,) = comments(site, "promote")
    assert "Nothing new" in told["body"]


def test_where_it_may_open_nothing_it_says_the_address_that_does(site: Site) -> None:
    refusal = '{"message": "GitHub Actions is not permitted to create or approve pull requests."}'
    runner = site.labelled(report(**{"What should have come back": GOOD}))
    site.host.faults = [Fault(403, refusal, method="POST")]
    done = runner.run(PATH)
    assert done.green, done.said
    assert site.host.pulls == []
    (told,) = comments(site, "promote")
    page = "https://github.com/acme/evals/compare/main...promote/issue-12?expand=1"
    assert page in told["body"]
    assert "PASS" in told["body"], "the result has no other place"
    assert site.git("ls-remote", "origin", "promote/issue-12")


def test_nothing_of_a_hostile_report_is_run_or_rendered(site: Site, tmp_path: Path) -> None:
    body = report(**{"What the user asked": HOSTILE, "What should have come back": HOSTILE})
    done = site.labelled(body).run(PATH)
    assert done.green, done.said
    assert not list(tmp_path.rglob("pwned"))
    for text in (*(one["body"] for one in site.host.comments), site.host.pulls[0]["body"]):
        assert "@everyone" not in text
        assert "</details>" not in text.replace("&lt;", "")
    assert not any(line.startswith("::error") for line in done.said.splitlines())


def test_an_event_that_holds_no_report_is_said_at_the_issue(site: Site) -> None:
    runner = site.labelled("")
    site.event.write_text('{"issue": {"number": 12, "title": null, "body": null}}')
    done = runner.run(PATH, without=SLOW)
    assert not done.green
    (told,) = site.host.comments
    assert "https://github.com/acme/evals/actions/runs/5" in told["body"]


def test_the_form_has_the_labels_that_are_read_and_the_trigger_is_no_part_of_it() -> None:
    form = yaml.safe_load(scaffold.contents(example=False)[scaffold.FORM])
    assert [part["attributes"]["label"] for part in form["body"]] == [
        "What the user asked",
        "What came back",
        "What should have come back",
        "System",
        "Anything else",
    ]
    assert labels_of(form) == LABELS
    assert "labels" not in form, "whoever may file a report would start the workflow"
    assert form["body"][0]["validations"] == {"required": True}


def test_it_starts_for_one_label_and_may_do_no_more_than_it_does() -> None:
    text = scaffold.contents(example=False)[PATH].decode()
    workflow = yaml.safe_load(text)
    assert workflow[True] == {"issues": {"types": ["labeled"]}}
    assert workflow["permissions"] == {}
    (job,) = workflow["jobs"].values()
    assert job["if"] == "github.event.label.name == 'eval-regression'"
    assert job["permissions"] == {
        "contents": "write",
        "issues": "write",
        "pull-requests": "write",
    }
    assert workflow["concurrency"]["group"].startswith("promote-")
    assert "github.event.issue.number" in workflow["concurrency"]["group"]
    allowed = ("github.event.issue.number", "github.event.repository.default_branch")
    for expression in expressions(text):
        if "github.event." in expression:
            assert expression in allowed
    # The token is where something is said or pushed, not where the system runs.
    held = [step["name"] for step in job["steps"] if "github.token" in str(step.get("env"))]
    assert held == ["propose", "say what failed"]
