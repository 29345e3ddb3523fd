"""`adversarial`: probes made from cases, once each, and no tier has one before a person looks."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from labeltool.cli.adversarial import command
from labeltool.commands.adversarial import Asked, Plan, plan, write
from labeltool.commands.check import check
from labeltool.commands.inbox import reject
from labeltool.commands.inbox_accept import accept
from labeltool.errors import DataError, IncompleteError, UnknownName, UsageError
from labeltool.graders.checks import evaluate
from labeltool.model.record import Draft
from labeltool.rules.acceptance import Edits
from labeltool.rules.adversarial.kinds import KINDS
from tests.fake_openai import FakeOpenAI, fake_openai
from tests.small_repo import NOW, Repo

ORDER = "I was charged twice for order AB-4711 and nobody answers my letters, please help me."


@pytest.fixture
def repo(tmp_path: Path) -> Iterator[Repo]:
    repo = Repo.committed(tmp_path / "evals")
    case(repo, "order", ORDER, expected="Refund order AB-4711.")
    repo.git("add", ".")
    repo.git("commit", "-qm", "a case")
    yield repo
    repo.close()


def case(repo: Repo, id: str, text: str, tier: str = "golden", **fields: Any) -> None:
    said = {"id": id, "tier": tier, "input": text, **fields}
    repo.write(f"datasets/mails/cases/{tier}/{id}.yaml", json.dumps(said))


def planned(repo: Repo, **asked: Any) -> Plan:
    return plan(repo.context(), Asked(**asked))


def drafts(repo: Repo) -> dict[str, Draft]:
    return {one.id: one for one in repo.context().workspace.dataset().drafts().require()}


def test_drafts_say_what_made_them_and_what_must_hold_in_one_commit(repo: Repo) -> None:
    before = repo.commits()
    found = planned(repo, of=("order",), count=6)
    assert write(repo.context(), found)
    assert repo.commits() == before + 1
    assert repo.subject() == "make 6 adversarial drafts for the inbox of mails"
    assert "Labeltool-Kind: adversarial" in repo.trailers()
    kinds = {}
    for draft in drafts(repo).values():
        assert draft.tier == "adversarial"
        assert draft.source is not None
        assert (draft.source.kind, draft.source.ref) == ("generated", "order")
        assert draft.notes is not None
        assert draft.notes.startswith("Made from order: ")
        kinds[draft.rule] = draft
    assert set(kinds) == {"typos", "unicode", "casing", "injection", "long_context", "ambiguous"}
    assert "The same must hold" in str(kinds["typos"].notes)
    assert kinds["typos"].expected == "Refund order AB-4711."
    assert kinds["typos"].tags == ("typos",)
    assert kinds["typos"].near[0]["case"] == "order"
    assert "Changed: " in str(kinds["ambiguous"].notes)
    assert kinds["ambiguous"].expected is None
    assert not evaluate(kinds["ambiguous"].checks[0], "Refund order AB-4711.").passed
    assert not [p for p in check(repo.root, now=NOW).problems if "inbox" in p.where.path]


def test_none_enters_a_tier_before_a_person_accepts_it(repo: Repo) -> None:
    write(repo.context(), planned(repo, of=("order",), kinds=("injection",), count=1))
    assert repo.context().workspace.dataset().case_ids(("adversarial",)) == []
    (id,) = drafts(repo)
    done = accept(repo.context(), id)
    assert done.case is not None
    assert (done.case.tier, done.case.status, done.case.verified) == ("adversarial", "active", None)
    assert drafts(repo) == {}


def test_what_its_case_says_already_is_no_news_and_anything_else_is(repo: Repo) -> None:
    case(repo, "mail", f"{ORDER} Write to bob@shop.example about it.")
    repo.git("add", ".")
    repo.git("commit", "-qm", "an address")
    write(repo.context(), planned(repo, of=("mail",), kinds=("typos",), count=1))
    (id,) = drafts(repo)
    other = Edits(expected=("I wrote to eve@shop.example.",))
    with pytest.raises(DataError, match="1 e-mail address"):
        accept(repo.context(), id, other)
    assert accept(repo.context(), id).commit


def test_the_same_seed_makes_the_same_and_none_twice(repo: Repo) -> None:
    first = planned(repo, seed=3)
    assert first == planned(repo, seed=3)
    write(repo.context(), first)
    head = repo.commits()
    again = planned(repo, seed=3)
    assert (again.made, again.duplicates) == ((), len(first.made))
    assert write(repo.context(), again) is None
    assert repo.commits() == head
    assert planned(repo, seed=4).made


def test_what_became_a_case_under_another_name_is_not_made_again(repo: Repo) -> None:
    found = planned(repo, of=("order",), kinds=("typos",), count=1)
    case(repo, "mine", str(found.made[0].draft.input), tier="adversarial")
    again = planned(repo, of=("order",), kinds=("typos",), count=1)
    assert (again.made, again.duplicates) == ((), 1)


def test_what_was_called_out_of_scope_does_not_come_back(repo: Repo) -> None:
    asked: dict[str, Any] = {"of": ("order",), "kinds": ("typos",), "count": 1}
    write(repo.context(), planned(repo, **asked))
    reject(repo.context(), list(drafts(repo)), "nobody writes like that")
    again = planned(repo, **asked)
    assert (again.made, again.out_of_scope) == ((), 1)


def test_what_people_disagreed_on_comes_first(repo: Repo) -> None:
    for number in range(12):
        case(repo, f"c{number:02}", f"Please tell me about product number {number} of yours.")
    for who, score in (("ann", 0), ("bob", 2)):
        label = {"case": "one", "system": "v1", "annotator": who, "rubric": "mail@2"}
        path = f"datasets/mails/labels/{who}/v1/one.yaml"
        repo.write(path, json.dumps({**label, "scores": {"tone": score, "facts": 1}}))
    for seed in range(5):
        found = planned(repo, count=3, seed=seed)
        assert found.made[0].case == "one"
        assert found.disputed == 1


def test_what_cannot_be_changed_is_passed_over_and_counted_once(repo: Repo) -> None:
    found = planned(repo, of=("two",), kinds=("ambiguous",))
    assert found.made == ()
    assert found.passed_over == {("ambiguous", "it is too short to leave anything out"): 1}


def test_an_input_that_nobody_would_read_is_passed_over(repo: Repo) -> None:
    case(repo, "long", "word " * 1_000_000)
    found = planned(repo, of=("long",), kinds=("typos", "injection"))
    assert found.made == ()
    assert set(found.passed_over.values()) == {1}


def test_retired_and_quarantined_cases_and_probes_are_left_alone(repo: Repo) -> None:
    case(repo, "gone", ORDER + " It is old.", status="retired")
    case(repo, "probe", ORDER + " It is a probe.", tier="adversarial")
    assert {one.case for one in planned(repo, count=100).made} <= {"one", "two", "order"}
    assert {one.case for one in planned(repo, of=("adversarial",)).made} == {"probe"}


def test_nothing_to_change_is_said(repo: Repo) -> None:
    with pytest.raises(DataError, match="no case"):
        planned(repo, of=("regression",))
    with pytest.raises(UnknownName, match="nope"):
        planned(repo, of=("nope",))
    with pytest.raises(UnknownName, match="typo"):
        planned(repo, kinds=("typo",))
    with pytest.raises(UsageError, match="takes a model"):
        planned(repo, kinds=("paraphrase",))


def test_a_broken_case_is_named_and_nothing_is_written(repo: Repo) -> None:
    repo.write("datasets/mails/cases/golden/bad.yaml", "id: bad\ntier: [\n")
    with pytest.raises(DataError, match=r"bad\.yaml"):
        planned(repo)


# By a model.


def words(body: dict[str, Any]) -> str:
    said = json.loads(body["messages"][1]["content"])
    if "Translate" in body["messages"][0]["content"]:
        expected = [f"Auf Deutsch: {one}" for one in said["expected"]]
        return json.dumps({"text": f"Auf Deutsch: {said['text']}", "expected": expected})
    return json.dumps({"text": f"In other words: {said['text']}"})


@pytest.fixture
def server(repo: Repo) -> Iterator[FakeOpenAI]:
    with fake_openai(answer=words) as running:
        judge = {"kind": "openai", "model": "m", "base_url": running.url}
        repo.write(
            "labeltool.yaml",
            json.dumps(
                {"dataset": "mails", "judges": {"plain": {"kind": "reference"}, "m": judge}}
            ),
        )
        yield running


def test_a_model_rewords_and_is_asked_once(repo: Repo, server: FakeOpenAI) -> None:
    asked: dict[str, Any] = {"of": ("order",), "kinds": ("paraphrase", "translation"), "count": 2}
    asked |= {"model": "m", "languages": ("German",)}
    first = planned(repo, **asked)
    paraphrase, translation = sorted(first.made, key=lambda one: one.kind)
    assert (paraphrase.same, translation.same) == (True, False)
    assert paraphrase.draft.input == f"In other words: {ORDER}"
    assert paraphrase.draft.expected == "Refund order AB-4711."
    assert translation.draft.expected == "Auf Deutsch: Refund order AB-4711."
    assert "in German" in translation.about
    assert server.count() == 2
    assert planned(repo, **asked) == first
    assert server.count() == 2


def test_a_rewording_that_loses_a_number_is_told_so_and_then_left_out(
    repo: Repo, server: FakeOpenAI
) -> None:
    server.answer = lambda body: json.dumps({"text": "Please help me with my order."})
    found = planned(repo, of=("order",), kinds=("paraphrase",), model="m", count=1)
    assert found.made == ()
    ((_, why),) = found.passed_over
    assert "it lost 4711" in why
    assert "it lost 4711" in server.calls[1]["messages"][-1]["content"]


def test_a_model_that_cannot_be_asked_ends_it(repo: Repo, server: FakeOpenAI) -> None:
    server.always = "401"
    with pytest.raises(IncompleteError, match="m: the model failed"):
        planned(repo, of=("order",), kinds=("paraphrase",), model="m", count=1)


def test_only_a_model_rewords(repo: Repo, server: FakeOpenAI) -> None:
    with pytest.raises(UsageError, match="plain is no model"):
        planned(repo, model="plain")
    with pytest.raises(UnknownName, match="gpt"):
        planned(repo, model="gpt")


# On the command line.


def test_the_command_says_what_it_did_and_what_comes_next(repo: Repo) -> None:
    done = repo.labeltool("adversarial", "--kinds", "typos,long-context", "--from", "order")
    assert done.returncode == 0, done.stderr
    assert "drafts in the inbox of mails" in done.stdout
    assert "next: labeltool inbox" in done.stdout
    assert "1 word mistyped" in done.stderr
    again = repo.labeltool("adversarial", "--kinds", "typos,long_context", "--from", "order")
    assert "nothing new for the inbox" in again.stdout
    assert repo.git("status", "--porcelain") == ""


def test_json_is_all_that_stands_on_stdout_and_a_dry_run_writes_nothing(repo: Repo) -> None:
    done = repo.labeltool("adversarial", "--json", "--dry-run", "--n", "3", "--from", "order")
    found = json.loads(done.stdout)
    assert (found["schema"], found["seed"]) == ("labeltool/adversarial@1", 0)
    assert (len(found["drafts"]), found["commit"]) == (3, None)
    assert {one["case"] for one in found["drafts"]} == {"order"}
    assert all(one["holds"] and one["change"] for one in found["drafts"])
    assert drafts(repo) == {}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_stands_in_the_help_and_in_the_docs(kind: str) -> None:
    (option,) = (one for one in command.params if one.name == "kinds")
    assert kind in str(getattr(option, "help", ""))
    docs = Path(__file__).parents[2] / "docs/promote.md"
    assert f"| `{kind}` |" in docs.read_text()


@pytest.mark.parametrize(
    "wrong",
    [["--kinds", "tpyos"], ["--kinds", ","], ["--n", "0"], ["--from", "x"], ["--model", "x"]],
)
def test_a_bad_value_is_a_usage_error(repo: Repo, wrong: list[str]) -> None:
    done = repo.labeltool("adversarial", *wrong)
    assert (done.returncode, done.stdout) == (2, "")
    assert "Traceback" not in done.stderr
