"""`label next`, and a queue that is filtered, shared out and taken up again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from labeltool.commands.label_list import upcoming
from labeltool.commands.label_session import Session
from labeltool.errors import UsageError
from labeltool.rules.queue import Share
from tests.small_repo import Repo
from tests.tui.desk_repo import CASES, label_path, make

CLOSED = "number: 1\nrubric: mail@2\nsystem: v1\nannotators: [ann, bob]\nseed: 3\nclosed: {}\n"


def label(case: str, annotator: str = "ann", **more: object) -> str:
    scores = more.pop("scores", "{tone: 2, facts: 1}")
    fields = "".join(f"{name}: {value}\n" for name, value in more.items())
    return (
        f"case: {case}\nsystem: v1\nannotator: {annotator}\nrubric: mail@2\n"
        f"scores: {scores}\n{fields}"
    )


@pytest.fixture
def repo(tmp_path: Path) -> Iterator[Repo]:
    repo = make(tmp_path / "repo")
    yield repo
    repo.close()


def cases(repo: Repo, **options: object) -> list[str]:
    return [item.case for item in upcoming(repo.context(), **options).items]  # type: ignore[arg-type]


def test_it_says_how_many_labels_decide_and_that_outputs_run_out(repo: Repo) -> None:
    repo.write(label_path("a-parcel"), label("a-parcel"))
    found = upcoming(repo.context(), settling=True)
    assert found.step.startswith("29 more labels decide tone and facts; only 3 outputs are left")
    assert [item.case for item in found.items] == ["b-refund", "c-thanks", "d-invoice"]


def test_what_two_disagree_on_comes_first(repo: Repo) -> None:
    repo.write(label_path("d-invoice", "bob"), label("d-invoice", "bob"))
    repo.write(
        label_path("d-invoice", "cy"), label("d-invoice", "cy", scores="{tone: 0, facts: 1}")
    )
    assert cases(repo, settling=True)[0] == "d-invoice"


def test_labels_given_after_the_judge_was_seen_decide_nothing(repo: Repo) -> None:
    repo.write(label_path("a-parcel"), label("a-parcel", after_judge="true"))
    assert upcoming(repo.context(), settling=True).step.startswith("30 more labels")


def test_an_open_round_keeps_its_order_and_gives_nothing_away(repo: Repo) -> None:
    outputs = "outputs: [{case: d-invoice}, {case: a-parcel}]\n"
    repo.write("datasets/mails/rounds/1.yaml", CLOSED.replace("closed: {}\n", outputs))
    repo.write(label_path("a-parcel", "bob"), label("a-parcel", "bob"))
    found = upcoming(repo.context(), settling=True)
    assert [item.case for item in found.items] == ["d-invoice", "a-parcel"]
    assert "complete round 1" in found.step


def test_after_a_round_each_is_asked_for_a_share(repo: Repo) -> None:
    repo.write("datasets/mails/rounds/1.yaml", CLOSED)
    share = Share(("ann", "bob"), 3)
    for who in ("ann", "bob"):
        assert cases(repo, annotator=who) == [case for case in CASES if who in share.whose(case)]
    assert {*cases(repo, annotator="ann"), *cases(repo, annotator="bob")} == set(CASES)


def test_skipped_unsure_and_flagged_are_three_things_to_filter_by(repo: Repo) -> None:
    repo.write(label_path("a-parcel"), label("a-parcel", confidence="unsure"))
    repo.write(label_path("b-refund"), label("b-refund", flag="'[/] what is this?'"))
    repo.write(label_path("c-thanks"), label("c-thanks", scores="{}", status="skipped"))
    assert cases(repo, filter="state:unsure") == ["a-parcel"]
    assert cases(repo, filter="state:flagged") == ["b-refund"]
    assert cases(repo, filter="state:skipped") == ["c-thanks"]
    assert cases(repo, filter="state:todo") == ["d-invoice"]
    assert cases(repo, filter="state:done") == ["a-parcel", "b-refund"]
    assert cases(repo, filter="state:done state:flagged tier:golden money") == ["b-refund"]
    assert cases(repo, filter="tier:adversarial") == []


def test_words_are_looked_for_in_id_input_and_output_and_tags_in_the_case(repo: Repo) -> None:
    path = "datasets/mails/cases/golden/d-invoice.yaml"
    text = (repo.root / path).read_text(encoding="utf-8")
    repo.write(path, text + "tags: ['[red]Bill[/]', \"two words\"]\n")
    assert cases(repo, filter="INVOICE") == ["d-invoice"]
    assert cases(repo, filter='"answer to c"') == ["c-thanks"]
    assert cases(repo, filter="parcel") == ["a-parcel"]
    assert cases(repo, filter="tag:[red]bill[/]") == ["d-invoice"]
    assert cases(repo, filter='tag:"two words"') == ["d-invoice"]
    with pytest.raises(UsageError):
        cases(repo, filter="state:lost")


def test_a_sitting_goes_on_after_my_latest_label_and_counts_what_it_saves(repo: Repo) -> None:
    repo.write(label_path("b-refund"), label("b-refund", labeled_at="2026-11-20T10:00:00Z"))
    session = Session.open(repo.context(), lambda _: None, annotator="ann", filter="state:todo")
    try:
        assert session.last == "b-refund"
        assert [item.case for item in session.items] == ["a-parcel", "c-thanks", "d-invoice"]
        view = session.view("d-invoice")
        session.keep(view, view.draft.score("tone", 1))
        assert session.last == "d-invoice"
        session.save(view, view.draft.score("tone", 1).score("facts", 1))
        assert [item.case for item in session.choose("state:done")] == ["b-refund", "d-invoice"]
        session.undo()
        session.state_of("d-invoice")
        assert [item.case for item in session.choose("state:done")] == ["b-refund"]
    finally:
        session.close()
