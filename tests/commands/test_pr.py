"""`pr`: a real push to a bare remote, and a host that opens pull requests."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from labeltool.commands.pr import Proposal, pr
from labeltool.commands.pr_body import LONGEST
from labeltool.commands.round import close_round, open_round
from labeltool.errors import RepositoryError, UsageError
from labeltool.forge import ForgeError
from tests.forge.host import TOKEN, Fault, Host, Programs
from tests.small_repo import Repo
from tests.two_clones import RUBRIC, Clone, Pair, hook, resolution_path

URL = "https://github.com/acme/evals.git"


@pytest.fixture
def host() -> Iterator[Host]:
    host = Host()
    yield host
    host.close()


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Pair]:
    pair = Pair.make(tmp_path)
    for clone in (pair.ann, pair.bob):
        at_github(clone, pair.hub)
    yield pair
    pair.close()


def at_github(clone: Repo, hub: Path, url: str = URL) -> None:
    """The remote's address is one of GitHub's; git goes to the folder instead."""
    clone.git("remote", "set-url", "origin", url)
    clone.git("config", f"url.{hub}.insteadOf", url)


def env(host: Host, **more: str) -> dict[str, str]:
    """A token, the host on loopback, and git as the only program."""
    return {"GITHUB_TOKEN": TOKEN, "GITHUB_API_URL": host.url, "PATH": "/usr/bin:/bin", **more}


def propose(clone: Clone, host: Host, *, base: str | None = None, draft: bool = False) -> Proposal:
    return pr(clone.context(**env(host)), base=base, draft=draft, pause=lambda _: None)


def both_differ(pair: Pair) -> None:
    """Ann and bob say different things of `one`; bob's label and ann's are on main."""
    pair.bob.said("bob", "one", 0, "2026-11-23T10:00:00Z")
    pair.bob.git("push", "-q", "origin", "HEAD:main")
    pair.ann.git("fetch", "-q")
    pair.ann.git("merge", "-q", "origin/main")
    pair.ann.said("ann", "one", 2, "2026-11-23T10:00:00Z")


def test_the_first_run_opens_and_the_second_updates_the_same_one(pair: Pair, host: Host) -> None:
    pair.ann.said("ann", "one", 1, "2026-11-23T10:00:00Z")
    done = propose(pair.ann, host, draft=True)
    assert (done.state, done.branch, done.base, done.made) == (
        "created",
        "labels/ann",
        "main",
        False,
    )
    assert (done.url, done.number, done.via) == (
        "https://github.com/acme/evals/pull/1",
        1,
        "127.0.0.1",
    )
    assert pair.heads()["labels/ann"] == pair.ann.git("rev-parse", "HEAD").strip()
    (opened,) = host.pulls
    assert (opened["title"], opened["draft"]) == ("ann: 1 label", True)
    assert "**1 label** of `v1` by `ann`" in opened["body"]

    pair.ann.said("ann", "two", 1, "2026-11-23T10:01:00Z")
    again = propose(pair.ann, host)
    assert (again.state, again.number, again.commits) == ("updated", 1, 2)
    assert opened["title"] == "ann: 2 labels"
    assert opened["body"].count("<!-- labeltool:pr") == 1
    assert "**2 labels**" in opened["body"]


def test_what_people_write_around_it_stays(pair: Pair, host: Host) -> None:
    pair.ann.said("ann", "one", 1, "2026-11-23T10:00:00Z")
    propose(pair.ann, host)
    opened = host.pulls[0]
    opened["title"] = "Mails of last week"
    opened["body"] = f"Please look at two.\n\n{opened['body']}\n\nThanks!"
    pair.ann.said("ann", "two", 1, "2026-11-23T10:01:00Z")
    propose(pair.ann, host)
    assert opened["title"] == "Mails of last week"
    assert opened["body"].startswith("Please look at two.\n\n<!-- labeltool:pr ")
    assert opened["body"].endswith("<!-- /labeltool:pr -->\n\nThanks!")
    assert "**2 labels**" in opened["body"]
    titled = pr(pair.ann.context(**env(host)), title="Mine")
    assert (titled.state, opened["title"]) == ("updated", "Mine")


def test_one_that_somebody_opened_by_hand_keeps_its_text(pair: Pair, host: Host) -> None:
    host.pull("labels/ann", "By hand", "My words.")
    pair.ann.said("ann", "one", 1, "2026-11-23T10:00:00Z")
    assert propose(pair.ann, host).state == "updated"
    assert host.pulls[0]["title"] == "By hand"
    assert host.pulls[0]["body"].startswith("My words.\n\n<!-- labeltool:pr ")


def test_on_the_default_branch_it_goes_to_one_of_its_own(pair: Pair, host: Host) -> None:
    pair.ann.git("switch", "-q", "main")
    pair.ann.git("branch", "-qD", "labels/ann")
    pair.ann.said("ann", "one", 1, "2026-11-23T10:00:00Z")
    before = pair.heads()["main"]
    done = propose(pair.ann, host)
    assert (done.state, done.branch, done.made) == ("created", "labels/ann", True)
    assert pair.ann.git("branch", "--show-current").strip() == "labels/ann"
    assert pair.heads()["main"] == before
    assert propose(pair.ann, host).state == "updated"


def test_a_name_that_is_taken_by_other_commits_is_left_to_them(pair: Pair, host: Host) -> None:
    pair.ann.said("ann", "two", 1, "2026-11-23T10:00:00Z")
    propose(pair.ann, host)
    pair.ann.git("switch", "-q", "main")
    pair.ann.said("ann", "one", 1, "2026-11-23T10:00:00Z")
    assert propose(pair.ann, host).branch == "labels/ann-2"
    assert len(host.pulls) == 2


def test_an_amendment_names_its_branch(pair: Pair, host: Host) -> None:
    pair.ann.git("switch", "-q", "main")
    amended = pair.ann.read(RUBRIC).replace("version: 2\ncriteria", "version: 3\ncriteria")
    amended = amended.replace("The tone fits.", "The tone is ```kind``` @bob.")
    amended += "  - {version: 3, changed: [tone], reason: 'Curt was <b>fine</b>.', cases: [one]}\n"
    pair.ann.commit(RUBRIC, amended)
    done = propose(pair.ann, host)
    assert (done.branch, done.title) == ("labels/mail-3", "ann: mail@3")
    assert "### Rubric `mail`: version 2 to 3" in done.body
    assert "- text: The tone fits.\n+ text: The tone is ```kind``` @bob.\n```" in done.body
    assert "Curt was &lt;b&gt;fine&lt;/b&gt;" in done.body
    assert "**`tone`** changed; its labels are asked for again" in done.body


def test_a_dispute_is_told_with_its_end_and_its_reason(pair: Pair, host: Host) -> None:
    both_differ(pair)
    settled = pair.ann.labeltool(
        *("resolve", "one", "--system", "v1", "--set", "tone=0", "--because", "guideline_gap"),
        *("--note", "Bob | is <right>\n@alice #12 https://evil.example"),
    )
    assert settled.returncode == 0, settled.stderr
    done = propose(pair.ann, host)
    assert done.title == "ann: 1 label, 1 resolution"
    assert (
        "| `one` | tone | ann 2, bob 0 | **0** by ann | guideline gap | "
        "Bob \\| is &lt;right&gt;⏎@&#8203;alice \\#&#8203;12 https:&#8203;//evil\\.example |"
    ) in done.body
    assert "- **1 resolution** by `ann`, who labelled it too\n" in done.body
    assert "### Agreement on mails, before and after\n" in done.body
    assert "| tone | 0 → 1 | – → 0% |" in done.body


def test_what_was_settled_before_stands_beside_what_is_settled_now(pair: Pair, host: Host) -> None:
    both_differ(pair)
    pair.ann.resolve("one", 2, note="Kind enough.")
    pair.ann.git("push", "-q", "origin", "HEAD:main")
    again = pair.ann.labeltool(
        *("resolve", "one", "--system", "v1", "--set", "tone=0", "--because", "guideline_gap"),
        *("--annotator", "bob", "--note", "Curt."),
    )
    assert again.returncode == 0, again.stderr
    body = propose(pair.ann, host).body
    assert "- **1 resolution** by `bob`, who labelled it too, in place of an earlier one" in body
    assert (
        "| `one` | tone | ann 2, bob 0 | 2 by ann → **0** by bob "
        "| guideline gap<br>before: edge case | Curt\\.<br>before: Kind enough\\. |"
    ) in body


def test_a_resolution_taken_back_shows_what_it_had_said(pair: Pair, host: Host) -> None:
    both_differ(pair)
    pair.ann.resolve("one", 2, note="Kind enough.")
    pair.ann.git("push", "-q", "origin", "HEAD:main")
    pair.ann.commit(resolution_path("one"), None)
    done = propose(pair.ann, host)
    assert "- 1 resolution taken back" in done.body
    assert "| `one` | tone |  | 2 by ann → taken back | before: edge case |" in done.body
    assert "| tone | 1 | 0% | – | – | 0 → 1 |" in done.body.replace("0\\.00", "–")


def test_an_amendment_says_what_lapses_and_that_nobody_settled_it(pair: Pair, host: Host) -> None:
    both_differ(pair)
    pair.ann.git("push", "-q", "origin", "HEAD:main")
    amended = pair.ann.labeltool(
        *("rubric", "amend", "--criterion", "tone", "--text", "It is kind.", "--reason", "Vague.")
    )
    assert amended.returncode == 0, amended.stderr
    body = propose(pair.ann, host).body
    assert "| 1 → 0 \\(1 lapsed\\) |" in body
    assert (
        "- **tone**: 2 labels (ann 1, bob 1) no longer stand and are asked again; "
        "1 open disagreement lapsed with its labels, settled by nobody"
    ) in body
    assert "ann, bob; mail@&#8203;2 → mail@&#8203;3" in body
    assert "- text: The tone fits.\n+ text: It is kind." in body


def test_what_is_settled_and_amended_at_once_is_said_to_be_stale(pair: Pair, host: Host) -> None:
    both_differ(pair)
    pair.ann.git("push", "-q", "origin", "HEAD:main")
    pair.ann.resolve("one", 2)
    amended = pair.ann.labeltool(
        *("rubric", "amend", "--criterion", "tone", "--text", "It is kind.", "--reason", "Vague.")
    )
    assert amended.returncode == 0, amended.stderr
    body = propose(pair.ann, host).body
    assert "**2** by ann<br>stale already: the criterion is amended |" in body
    assert "(ann 1, bob 1) and 1 resolution no longer stand and are asked again\n" in body


def test_no_text_of_a_file_acts_in_the_body(pair: Pair, host: Host) -> None:
    bad = "`<b>` | @all <!-- /labeltool:pr --> \u202e"
    settled = (
        f"case: one\nsystem: v1\nrubric: mail@2\nscores: {{{json.dumps(bad)}: 0}}\n"
        f"note: {json.dumps(bad)}\n"
    )
    pair.ann.commit(resolution_path("one"), settled)
    pair.ann.commit("datasets/mails/dataset.yaml", "rubric: mail\ngates: {golden: {}}\n")
    pair.ann.commit(f"a {bad[:8]} b", "x")
    done = propose(pair.ann, host)
    assert "&lt;b&gt;" in done.body
    for acts in ("<b>", "@all", "<!--", "\u202e", " `&"):
        assert acts not in done.body
    assert host.pulls[0]["body"].count("-->") == 2


def test_labels_of_an_open_round_are_only_counted(pair: Pair, host: Host) -> None:
    both_differ(pair)
    pair.ann.resolve("one", 0, note="bob is right")
    open_round(pair.ann.context(), system="v1", annotators=["ann", "bob"])
    pair.ann.said("ann", "two", 0, "2026-11-23T11:00:00Z")
    body = propose(pair.ann, host).body
    assert "**2 labels** of `v1` by `ann` (`mails`), all of them in a round that is open" in body
    assert "1 resolution not shown: a round of their outputs is open." in body
    assert "- round 1 of `mails` opened: 2 outputs of `v1` for ann, bob, under mail@" in body
    assert "| `v1` | 2 | 1 | ann, bob | mail@&#8203;2 |" in body
    assert "only 1 fresh: no criterion can hold on fewer than 10" in body
    assert "bob is right" not in body
    assert "ann 2" not in body
    assert "Agreement" not in body, "there is none to tell before the round closes"


def test_a_round_that_closes_says_what_it_found(pair: Pair, host: Host) -> None:
    both_differ(pair)
    pair.ann.resolve("one", 0, note="bob is right")
    open_round(pair.ann.context(), system="v1", annotators=["ann", "bob"])
    pair.ann.git("push", "-q", "origin", "HEAD:main")
    close_round(pair.ann.context(), anyway=True)
    done = propose(pair.ann, host)
    assert done.title == "ann: round 1 closed"
    assert "### Round 1 of `mails`: what it found\n" in done.body
    assert (
        "| tone | 0 | – | – | **no** | no fresh outputs with two scores: it takes 10 |" in done.body
    )
    assert ":warning: closed before all was labelled: ann gave" in done.body
    assert "Before: without the outputs of round 1, hidden until it closed." in done.body


def test_what_makes_a_gate_easier_to_pass_stands_first(pair: Pair, host: Host) -> None:
    loose = "rubric: mail\ngates:\n  golden: {threshold: 0.9}\n"
    pair.ann.commit("datasets/mails/dataset.yaml", loose)
    pair.ann.git("push", "-q", "origin", "HEAD:main")
    pair.ann.commit("datasets/mails/dataset.yaml", loose.replace("0.9", "0.5"))
    pair.ann.commit("datasets/mails/cases/golden/two.yaml", None)
    pair.ann.commit("datasets/mails/outputs/v1/two.yaml", None)
    body = propose(pair.ann, host).body
    assert body.startswith("### :warning: Gate weakened: 2 changes to look at twice\n")
    assert "- **mails, gate golden**: threshold lowered from 0\\.9 to 0\\.5" in body
    assert "- **mails/two**: the golden case is deleted" in body
    assert "- 1 case: gone" in body
    assert "- 1 dataset setting: edited" in body


def test_nothing_to_propose_is_no_error(pair: Pair, host: Host) -> None:
    done = propose(pair.ann, host)
    assert (done.state, done.branch) == ("nothing", None)
    assert list(pair.heads()) == ["main"]
    assert host.asked == []


def test_what_was_squashed_into_main_is_not_proposed_again(pair: Pair, host: Host) -> None:
    pair.ann.said("ann", "one", 1, "2026-11-23T10:00:00Z")
    propose(pair.ann, host)
    pair.squash("labels/ann")
    assert propose(pair.ann, host).state == "nothing"
    pair.ann.said("ann", "two", 1, "2026-11-23T10:00:00Z")
    assert "**1 label**" in propose(pair.ann, host).body


def test_a_dry_run_changes_nothing_and_says_all(pair: Pair, host: Host) -> None:
    pair.ann.git("switch", "-q", "main")
    pair.ann.said("ann", "one", 1, "2026-11-23T10:00:00Z")
    before = pair.ann.git("for-each-ref", "refs/heads")
    done = pr(pair.ann.context(**env(host)), dry_run=True)
    assert (done.state, done.branch, done.made) == ("dry_run", "labels/ann", True)
    assert "**1 label**" in done.body
    assert pair.ann.git("for-each-ref", "refs/heads") == before
    assert (list(pair.heads()), host.asked) == (["main"], [])
    pair.hub.rename(pair.hub.with_name("away.git"))
    offline = pr(pair.ann.context(**env(host)), dry_run=True, base="main", annotator="bob")
    assert offline.why is not None
    assert offline.why.startswith("as last fetched: git cannot reach origin")


def test_without_a_way_to_the_host_the_page_is_told(pair: Pair) -> None:
    pair.ann.said("ann", "one", 1, "2026-11-23T10:00:00Z")
    done = pr(pair.ann.context(PATH="/usr/bin:/bin"))
    assert (done.state, done.why) == ("by_hand", "no gh, glab or token for github.com")
    assert done.url == "https://github.com/acme/evals/compare/main...labels/ann?expand=1"
    assert "labels/ann" in pair.heads()


def test_gh_comes_before_a_token(pair: Pair, host: Host, tmp_path: Path) -> None:
    programs = Programs(tmp_path / "bin")
    programs.install("gh", host)
    pair.ann.said("ann", "one", 1, "2026-11-23T10:00:00Z")
    done = pr(pair.ann.context(**env(host, PATH=programs.path())))
    assert (done.state, done.via) == ("created", "gh")
    assert all("Bearer" not in str(call) for call in programs.calls())


def test_a_host_that_says_no_leaves_the_push_and_the_page(pair: Pair, host: Host) -> None:
    pair.ann.said("ann", "one", 1, "2026-11-23T10:00:00Z")
    host.faults = [Fault(403, '{"message": "Resource not accessible"}', method="POST")]
    with pytest.raises(ForgeError, match="not accessible") as caught:
        propose(pair.ann, host)
    assert caught.value.hint is not None
    assert "labels/ann is pushed; by hand: https://github.com/acme/" in caught.value.hint
    assert "labels/ann" in pair.heads()
    assert propose(pair.ann, host).state == "created"


def test_somebody_who_pushed_in_between_is_merged_first(pair: Pair, host: Host) -> None:
    pair.ann.said("ann", "one", 1, "2026-11-23T10:00:00Z")
    pair.bob.said("bob", "one", 1, "2026-11-23T10:00:00Z")
    pair.bob.git("push", "-q", "origin", "HEAD:labels/ann")
    with pytest.raises(RepositoryError, match="somebody pushed") as caught:
        propose(pair.ann, host)
    assert caught.value.hint is not None
    assert caught.value.hint.startswith("labeltool sync")
    assert host.asked == []
    assert pair.ann.labeltool("sync").returncode == 0
    assert propose(pair.ann, host).state == "created"


def test_what_main_decided_meanwhile_is_told_until_it_is_merged(pair: Pair, host: Host) -> None:
    pair.ann.resolve("one", 2)
    pair.bob.resolve("one", 1)
    pair.bob.git("push", "-q", "origin", "HEAD:main")
    done = propose(pair.ann, host)
    assert done.clashes == (resolution_path("one"),)
    assert done.body.startswith(":warning: 1 file told of here has changed on main too.")
    assert pair.ann.labeltool("sync").returncode == 4
    assert pair.ann.labeltool("sync", "--take", "ours").returncode == 0
    assert pair.ann.labeltool("sync", "--continue").returncode == 0
    done = propose(pair.ann, host)
    assert (done.state, done.clashes) == ("updated", ())
    assert "1 by bob → **2** by ann" in host.pulls[0]["body"]
    assert "told of here" not in host.pulls[0]["body"]


def test_a_remote_whose_rules_say_no_is_told_in_its_words(pair: Pair, host: Host) -> None:
    hook(pair.hub, "pre-receive", "echo 'no labels today' >&2; exit 1")
    pair.ann.said("ann", "one", 1, "2026-11-23T10:00:00Z")
    with pytest.raises(RepositoryError, match="no labels today"):
        propose(pair.ann, host)
    assert host.asked == []


def test_a_hostile_address_is_not_connected_to(pair: Pair, host: Host) -> None:
    pair.ann.said("ann", "one", 1, "2026-11-23T10:00:00Z")
    pair.ann.git("remote", "set-url", "origin", "ext::sh -c touch% /tmp/owned")
    with pytest.raises(RepositoryError, match="not one to connect to"):
        propose(pair.ann, host)
    assert host.asked == []


@pytest.mark.parametrize("base", ["nowhere", "labels/bob"])
def test_a_base_that_is_not_there_is_named(pair: Pair, host: Host, base: str) -> None:
    pair.ann.said("ann", "one", 1, "2026-11-23T10:00:00Z")
    with pytest.raises(UsageError, match=f"origin has no branch {base}"):
        propose(pair.ann, host, base=base)


def test_no_remote_is_exit_4_with_the_command(tmp_path: Path) -> None:
    repo = Repo.committed(tmp_path / "evals")
    done = repo.labeltool("pr")
    assert done.returncode == 4
    assert "git remote add origin URL" in done.stderr


def test_hundreds_of_disputes_fit_and_the_rest_is_counted(pair: Pair, host: Host) -> None:
    note = "x | " * 90
    for number in range(700):
        id = f"case-{number:03}"
        pair.ann.write(
            f"datasets/mails/cases/golden/{id}.yaml", f"id: {id}\ntier: golden\ninput: a\n"
        )
        pair.ann.write(
            f"datasets/mails/outputs/v1/{id}.yaml", f"case: {id}\nsystem: v1\noutput: b\n"
        )
        pair.ann.write(
            resolution_path(id),
            f"case: {id}\nsystem: v1\nrubric: mail@2\nscores: {{tone: 0}}\nnote: {note!r}\n"
            "settles: {ann: {tone: 0}, bob: {tone: 2}}\nresolver: ann\nbecause: subjective\n",
        )
    pair.ann.git("add", ".")
    pair.ann.git("commit", "-qm", "many")
    body = propose(pair.ann, host).body
    assert len(body) <= LONGEST
    assert "- **700 resolutions** by `ann`, who labelled all of them too\n" in body
    assert re.search(r"\n\.\.\. and [56]\d\d more: see the files\n", body)
    assert len(host.pulls[0]["body"]) < 65_536


def test_the_command_line_tells_what_became_of_it(pair: Pair, host: Host) -> None:
    pair.ann.env |= env(host)
    none = pair.ann.labeltool("pr")
    assert none.stdout == "nothing to propose: origin/main has all that is decided here\n"
    pair.ann.said("ann", "one", 1, "2026-11-23T10:00:00Z")
    dry = pair.ann.labeltool("pr", "--dry-run")
    assert dry.stdout.startswith("labels/ann: would be pushed to origin, 1 commit for main\n")
    assert "title: ann: 1 label\n" in dry.stdout
    done = pair.ann.labeltool("pr")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == (
        "pushed to origin/labels/ann: 1 commit for main\n"
        "opened: https://github.com/acme/evals/pull/1\n"
    )
    told = json.loads(pair.ann.labeltool("pr", "--json").stdout)
    assert (told["schema"], told["state"], told["number"]) == ("labeltool/pr@1", "updated", 1)
    assert pair.ann.labeltool("pr", "--comment", "--draft").returncode == 2
    pair.ann.write("rubrics/other.yaml", "name: other\n")
    assert "not committed, so nobody else gets it: rubrics/other.yaml\n" in (
        pair.ann.labeltool("pr").stderr
    )
    host.faults = [Fault(401, '{"message": "Bad credentials"}')]
    out = pair.ann.labeltool("pr")
    assert out.returncode == 0
    assert "open it here: https://github.com/acme/evals/compare/main...labels/ann" in out.stdout
    assert "Bad credentials" in out.stderr
    assert TOKEN not in out.stdout + out.stderr
