"""`promote`: failures become drafts, once each, and nothing secret comes along."""

from __future__ import annotations

import io
import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from labeltool.commands.check import check
from labeltool.commands.promote import Asked, Plan, by_hand, plan
from labeltool.commands.promote_write import Promoted, refuse_secrets, write
from labeltool.errors import DataError, UsageError
from labeltool.model.record import Draft, Record
from tests.small_repo import NOW, Repo

REFUND = "Where is my refund? I returned the shoes two weeks ago and heard nothing."
KEY = "sk-" + "proj-" + "abcdefghijklmnop1234567890"
CARD = "4111 1111 1111 1111"


@pytest.fixture
def repo(tmp_path: Path) -> Iterator[Repo]:
    repo = Repo.committed(tmp_path / "evals")
    yield repo
    repo.close()


def log(*rows: dict[str, Any]) -> bytes:
    return "".join(json.dumps({"feedback": -1, **row}) + "\n" for row in rows).encode()


def planned(repo: Repo, data: bytes, **asked: Any) -> Plan:
    return plan(repo.context(), io.BytesIO(data), Asked(**{"origin": "chat.jsonl", **asked}))


def promote(repo: Repo, data: bytes, **asked: Any) -> Promoted:
    return write(repo.context(), planned(repo, data, **asked))


def drafts(repo: Repo) -> dict[str, Draft]:
    found = repo.context().workspace.dataset().drafts().require()
    return {draft.id: draft for draft in found}


def settings(repo: Repo, **promote: Any) -> None:
    repo.write("labeltool.yaml", json.dumps({"dataset": "mails", "promote": promote}))


def test_failures_become_drafts_in_one_commit_and_the_rest_is_left(repo: Repo) -> None:
    data = log(
        {"id": "r1", "input": REFUND, "output": "Dunno.", "time": "2026-11-20T10:00:00Z"},
        {"id": "r2", "input": "All is well", "output": "Good.", "feedback": 1},
    )
    done = promote(repo, data)
    assert (done.plan.read, done.plan.nominated, repo.commits()) == (2, 1, 2)
    assert repo.subject() == "promote 1 draft into the inbox of mails"
    (draft,) = drafts(repo).values()
    assert draft.id.startswith("where-is-my-refund-i-returned-the-shoes-")
    assert (draft.input, draft.output, draft.tier) == (REFUND, "Dunno.", "regression")
    assert (draft.rule, draft.why) == ("negative-feedback", "the feedback is negative")
    assert draft.origin == "chat.jsonl"
    assert draft.source is not None
    assert (draft.source.kind, draft.source.ref) == ("production", "r1")
    assert draft.source.date == "2026-11-20T10:00:00Z"
    assert not [p for p in check(repo.root, now=NOW).problems if "inbox" in p.where.path]


def test_planning_writes_nothing(repo: Repo) -> None:
    assert len(planned(repo, log({"id": "a", "input": REFUND})).new) == 1
    assert drafts(repo) == {}
    assert repo.git("status", "--porcelain") == ""


def test_the_same_log_again_adds_and_counts_nothing(repo: Repo) -> None:
    data = log({"id": "r1", "input": REFUND}, {"id": "r2", "input": REFUND + "!"})
    promote(repo, data)
    before = drafts(repo)
    again = promote(repo, data)
    assert again.commit is None
    assert again.plan.duplicates == 2
    assert drafts(repo) == before
    (draft,) = before.values()
    assert (draft.seen, draft.also) == (2, ("r2",))


def test_what_waits_in_the_inbox_is_counted_and_not_added(repo: Repo) -> None:
    promote(repo, log({"id": "r1", "input": REFUND}))
    done = promote(repo, log({"id": "r9", "input": REFUND.replace("shoes", "shoe")}))
    assert (done.plan.new, done.plan.duplicates) == ((), 1)
    (draft,) = drafts(repo).values()
    assert (draft.seen, draft.also) == (2, ("r9",))


def test_what_a_case_asks_already_is_no_draft(repo: Repo) -> None:
    done = promote(repo, log({"id": "r1", "input": "Where is my  PARCEL?"}))
    assert (done.commit, done.plan.cases, done.plan.duplicates) == (None, {"one": 1}, 1)


def test_near_cases_are_listed_with_how_near_they_are(repo: Repo) -> None:
    repo.write(
        "datasets/mails/cases/golden/refund.yaml",
        f"id: refund\ntier: golden\ninput: {json.dumps(REFUND + ' Please tell me more now.')}\n",
    )
    promote(repo, log({"id": "r1", "input": REFUND}))
    (draft,) = drafts(repo).values()
    assert draft.near[0]["case"] == "refund"
    assert 0.7 < draft.near[0]["similarity"] < 0.93
    assert draft.near[0]["how"] == "fuzzy"


def test_what_was_called_out_of_scope_does_not_come_back(repo: Repo) -> None:
    (draft,) = planned(repo, log({"id": "r1", "input": REFUND})).new
    repo.write(f"datasets/mails/triage/{draft.id}.yaml", f"cluster: {draft.id}\nscope: out\n")
    found = planned(repo, log({"id": "r1", "input": REFUND}))
    assert (found.new, found.out_of_scope, found.duplicates) == ((), 1, 0)


def test_a_flood_of_one_failure_takes_one_place(repo: Repo) -> None:
    flood = [{"id": f"f{n}", "input": REFUND, "time": "2026-11-20"} for n in range(3_000)]
    other = {"id": "x", "input": "Cancel my order of yesterday please", "time": "2026-11-20"}
    found = planned(repo, log(*flood, other))
    assert [draft.seen for draft in found.new] == [3_000, 1]
    assert len(found.new[0].also) < 100


def test_a_day_has_its_cap_and_reading_again_does_not_go_on(repo: Repo) -> None:
    settings(repo, cap=2)
    words = "parcel invoice login colour size battery screen refund charger voucher chat app"
    data = log(
        *(
            {"id": word, "input": f"My {word}?", "time": f"2026-11-2{number % 2}"}
            for number, word in enumerate(words.split())
        )
    )
    done = promote(repo, data)
    assert (len(done.plan.new), done.plan.over_cap) == (4, 8)
    again = promote(repo, data)
    assert (len(again.plan.new), again.plan.over_cap, again.plan.duplicates) == (0, 8, 4)
    assert len(planned(repo, data, origin="another").new) == 4


def test_the_most_important_come_first_within_the_limit(repo: Repo) -> None:
    cut = {"input": "Tell me everything about it", "finish_reason": "length", "feedback": 0}
    data = log({"id": "a", **cut}, {"id": "b", "input": REFUND})
    (draft,) = planned(repo, data, limit=1).new
    assert draft.rule == "negative-feedback"


def test_rules_of_the_settings_take_the_place_of_the_usual_ones(repo: Repo) -> None:
    rule = {"name": "refusal", "pattern": "(?i)i cannot", "tags": ["refusal"], "tier": "golden"}
    settings(repo, rules=[rule])
    data = log({"id": "a", "input": REFUND, "output": "I cannot help."}, {"id": "b", "input": "x"})
    (draft,) = planned(repo, data).new
    assert (draft.rule, draft.tier, draft.tags) == ("refusal", "golden", ("refusal",))
    assert planned(repo, data, tier="adversarial").new[0].tier == "adversarial"


def test_a_source_of_the_settings_brings_kind_mapping_and_system(repo: Repo) -> None:
    source = {"kind": "csv", "map": {"input": "Q", "feedback": "Thumb"}, "system": "bot"}
    settings(repo, sources={"chat": source})
    (draft,) = planned(repo, f'Q,Thumb\n"{REFUND}",down\n'.encode(), origin="chat").new
    assert (draft.input, draft.system) == (REFUND, "bot")


def test_a_field_that_records_do_not_have_is_named(repo: Repo) -> None:
    with pytest.raises(UsageError, match="no field 'inptu'"):
        planned(repo, b"a\n", maps=("inptu=a",))


def test_bad_rows_are_fatal_only_when_all_are(repo: Repo) -> None:
    found = planned(repo, b"broken\n" + log({"id": "a", "input": REFUND}))
    assert (found.read, found.bad_rows, len(found.new)) == (2, 1, 1)
    with pytest.raises(DataError) as caught:
        planned(repo, b"broken\nbroken\n")
    assert [problem.where.line for problem in caught.value.problems] == [1, 2]


def test_nothing_secret_reaches_any_file_or_message(repo: Repo) -> None:
    """Repository, journal, cache, stdout and stderr: grep finds nothing afterwards."""
    said = f"My card is {CARD}, my key {KEY}, mail bob@shop.example or call +1 650 253 0000."
    rows: list[dict[str, Any]] = [
        {"id": "bob@shop.example", "input": f"{REFUND} {said}", "output": said, "notes": said},
        {"id": KEY, "input": [{"role": "user", "content": said, "tool_calls": [{"a": KEY}]}]},
        {"id": "c", "input": "x " + said, "tags": [KEY], "context": [said], "expected": said},
        {"id": "d", "input": {"a": KEY}, "link": f"https://x.example/?k={KEY}", "error": KEY},
        {"id": "e", "input": "y" * 30, "time": KEY, "system": KEY},
    ]
    file = repo.root.parent / "log.jsonl"
    file.write_bytes(log(*rows) + f'{{"input": "{KEY}", broken {CARD}\n'.encode())
    for arguments in (["--dry-run"], ["--json"], []):
        ran = repo.labeltool("promote", str(file), *arguments)
        assert ran.returncode == 0, ran.stderr
        for secret in (KEY, CARD, "bob@shop", "253 0000"):
            assert secret not in ran.stdout + ran.stderr
    assert len(drafts(repo)) == 3  # and one row said nearly what another says
    repo.git("gc", "-q")
    everything = repo.git("log", "-p", "--all", "--format=%B")
    for secret in (KEY, CARD, "bob@shop", "253 0000"):
        assert secret not in everything
        found = subprocess.run(
            ["grep", "-r", "-l", "-a", "-F", secret, str(repo.root)], capture_output=True, text=True
        )
        assert found.stdout == ""


def test_the_same_person_is_the_same_person_in_every_draft(repo: Repo) -> None:
    data = log(
        {"id": "a", "input": f"{REFUND} bob@shop.example"},
        {"id": "b", "input": "Please write to Bob@Shop.example about the invoice"},
    )
    first, second = planned(repo, data).new
    (mark,) = (word for word in str(first.input).split() if word.startswith("[EMAIL_"))
    assert mark in str(second.input)
    assert first.source is not None
    assert first.source.redactions == [{"kind": "EMAIL", "placeholder": mark, "times": 1}]
    salted = plan(
        repo.context(LABELTOOL_SALT="s3cret"), io.BytesIO(data), Asked(origin="chat.jsonl")
    )
    assert mark not in str(salted.new[0].input)


def test_block_writes_nothing_and_names_who_held_it(repo: Repo) -> None:
    with pytest.raises(DataError, match="1 card number"):
        planned(repo, log({"id": "a", "input": f"my card {CARD}"}), secrets="block")
    assert planned(repo, log({"id": "a", "input": REFUND}), secrets="block").new


def test_a_secret_that_came_in_behind_our_back_stops_the_commit(repo: Repo) -> None:
    draft = Draft(id="x", input="hi", notes=f"see {KEY}")
    with pytest.raises(DataError, match="notes: holds 1 key or token"):
        refuse_secrets(repo.context(), "datasets/mails/inbox/x.yaml", draft)


def test_by_hand_is_always_a_draft(repo: Repo) -> None:
    record = Record(id="by hand", input=REFUND, output="Dunno.", expected="On its way.")
    found = by_hand(repo.context(), record, Asked(origin="by hand", system="bot"))
    (draft,) = found.new
    assert (draft.expected, draft.system, draft.rule) == ("On its way.", "bot", "reported")
    assert draft.source is not None
    assert draft.source.kind == "hand"


def test_a_bug_report_is_always_a_draft_and_names_its_issue(repo: Repo) -> None:
    from tests.sources.test_issue import FORM, event

    (draft,) = planned(repo, event(FORM).encode(), origin="event.json").new
    assert draft.source is not None
    assert (draft.source.kind, draft.source.ref) == ("bug_report", "#12")
    assert draft.source.link == "https://github.com/acme/bot/issues/12"
    assert draft.priority == 100


def test_the_form_beside_the_dataset_says_what_its_labels_mean(repo: Repo) -> None:
    repo.write(
        ".github/ISSUE_TEMPLATE/eval-failure.yml",
        "body:\n- {type: textarea, id: input, attributes: {label: Frage}}\n",
    )
    (draft,) = planned(repo, b"### Frage\n\nWo ist mein Paket?\n", origin="x.md").new
    assert draft.input == "Wo ist mein Paket?"


def test_failing_cases_of_a_run_are_drafts_beside_their_cases(repo: Repo) -> None:
    def result(id: str, passed: bool) -> dict[str, Any]:
        return {"id": id, "passed": passed, "score": 0.2, "output": "Bad.", "rationale": {"a": "b"}}

    document = {
        "schema": "labeltool/results@1",
        "system": {"name": "v1"},
        "cases": [result("one", False), result("two", True), result("gone", False)],
    }
    data = json.dumps(document).encode()
    found = planned(repo, data, origin="eval_results.json")
    (draft,) = found.new
    assert (found.kind, found.bad_rows) == ("results", 1)
    assert (draft.input, draft.output, draft.system) == ("Where is my parcel?", "Bad.", "v1")
    assert (draft.why, draft.expected) == ("the case fails", "It is on its way.")
    assert draft.near[0] == {"case": "one", "similarity": 1.0, "how": "exact"}


def test_hostile_ids_and_names_make_a_legal_file(repo: Repo) -> None:
    for number, text in enumerate(("../../etc/passwd", "con", "\x1b[2J\x00", "日本語", "a\u202eb")):
        data = log({"id": text, "input": f"{text}" if number else text, "output": text})
        promote(repo, data, origin=text)
    assert len(drafts(repo)) == 5
    inbox = repo.root / "datasets/mails/inbox"
    assert {path.parent for path in inbox.rglob("*.yaml")} == {inbox}
    assert not [one for one in check(repo.root, now=NOW).problems if one.level == "error"]


def test_undo_takes_a_promotion_back(repo: Repo) -> None:
    promote(repo, log({"id": "a", "input": REFUND}))
    assert repo.labeltool("undo").returncode == 0
    assert drafts(repo) == {}
