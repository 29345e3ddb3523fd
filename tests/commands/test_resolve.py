"""Two people labelled the same mails and differ; a third, or one of them, settles it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from labeltool.commands.label import say_label
from labeltool.commands.resolve import disagreements, settle
from labeltool.commands.resolve_session import Choice, Place, ResolveSession
from labeltool.commands.undo import undo
from labeltool.errors import Conflict, UnknownName, UsageError
from labeltool.model.resolution import Resolution
from labeltool.store import codec
from tests.small_repo import FILES, Repo

PATH = "datasets/mails/resolutions/v1/{}.yaml"


def label(annotator: str, case: str, **scores: int | str) -> dict[str, str]:
    said = ", ".join(f"{id}: {score}" for id, score in scores.items())
    return {
        f"datasets/mails/labels/{annotator}/v1/{case}.yaml": (
            f"case: {case}\nsystem: v1\nannotator: {annotator}\nrubric: mail@2\n"
            f"scores: {{{said}}}\n"
        )
    }


def make(root: Path, *more: dict[str, str]) -> Repo:
    settings = "dataset: mails\nannotators: {ann: [ann@example.org], bob: [], cem: []}\n"
    files = FILES | {"labeltool.yaml": settings}
    for one in more:
        files |= one
    repo = Repo(root, files)
    repo.git("init", "-q")
    repo.git("add", ".")
    repo.git("commit", "-qm", "start")
    return repo


@pytest.fixture
def repo(tmp_path: Path) -> Iterator[Repo]:
    """`one` differs on both criteria, `two` by a step of tone."""
    repo = make(
        tmp_path / "repo",
        label("ann", "one", tone=0, facts=1),
        label("bob", "one", tone=2, facts=0),
        label("ann", "two", tone=1, facts=1),
        label("bob", "two", tone=2, facts=1),
    )
    yield repo
    repo.close()


def read(repo: Repo, case: str) -> Resolution:
    path = PATH.format(case)
    return codec.decode((repo.root / path).read_bytes(), Resolution, path)


def opened(repo: Repo) -> list[tuple[str, list[str]]]:
    found = disagreements(repo.context())
    return [(one.case, [d.criterion.id for d in one.open]) for one in found]


def test_what_is_open_stands_worst_first(repo: Repo) -> None:
    assert opened(repo) == [("one", ["tone", "facts"]), ("two", ["tone"])]


def test_one_commit_holds_what_was_settled_and_says_by_whom(repo: Repo) -> None:
    before = repo.commits()
    done = settle(
        repo.context(), "one", ["tone=1", "facts=1"], because="edge_case", note="Both half right."
    )
    assert done.commit is not None
    assert repo.commits() == before + 1
    settled = read(repo, "one")
    assert settled == done.resolution
    assert settled.settles == {"ann": {"tone": 0, "facts": 1}, "bob": {"tone": 2, "facts": 0}}
    assert settled.resolved_at == "2026-11-23T18:40:00Z"
    assert (done.open, done.annotated) == ((), True)
    assert repo.subject() == "resolve one of v1 as ann"
    body = repo.git("log", "-1", "--format=%b")
    assert "tone: 1 (ann 0, bob 2)" in body
    assert "because: edge case" in body
    assert "Both half right." in body
    assert "ann resolved this and is one of its annotators." in body
    assert "Labeltool-Resolver-Annotated: yes" in repo.trailers()
    assert opened(repo) == [("two", ["tone"])]


def test_somebody_who_did_not_label_it_is_said_to_have_not(repo: Repo) -> None:
    settle(repo.context(), "two", ["tone=2"], because="subjective", annotator="cem")
    assert "Labeltool-Resolver-Annotated: no" in repo.trailers()
    assert "annotators." not in repo.git("log", "-1", "--format=%b")


def test_one_criterion_of_two_is_kept_and_the_other_stays_open(repo: Repo) -> None:
    done = settle(repo.context(), "one", ["facts=0"], because="annotator_error", note="It was.")
    assert done.open == ("tone",)
    assert ("one", ["tone"]) in opened(repo)
    settle(repo.context(), "one", ["tone=2"], because="guideline gap")
    assert read(repo, "one").scores == {"tone": 2, "facts": 0}
    assert read(repo, "one").note == "facts (annotator error): It was."
    assert opened(repo) == [("two", ["tone"])]


def test_taking_one_annotators_word_settles_all_that_is_open(repo: Repo) -> None:
    settle(repo.context(), "one", take="bob", because="annotator_error")
    assert read(repo, "one").scores == {"tone": 2, "facts": 0}
    settle(repo.context(), "one", ["tone=0"], take="ann", because="subjective")
    assert read(repo, "one").scores == {"tone": 0, "facts": 1}


def test_saying_the_same_again_makes_no_commit(repo: Repo) -> None:
    settle(repo.context(), "two", ["tone=1"], because="edge_case")
    before = repo.commits()
    assert settle(repo.context(), "two", ["tone=1"], because="edge_case").commit is None
    assert repo.commits() == before


def test_a_new_label_brings_the_disagreement_back(repo: Repo) -> None:
    settle(repo.context(), "two", ["tone=1"], because="edge_case")
    say_label(repo.context(), "two", ["tone=0"])
    found = disagreements(repo.context())
    back = next(one for one in found if one.case == "two")
    assert back.open[0].came_back == "score_changed"


def test_undo_takes_a_resolution_back(repo: Repo) -> None:
    settle(repo.context(), "two", ["tone=1"], because="edge_case")
    undo(repo.context())
    assert ("two", ["tone"]) in opened(repo)


def test_outputs_of_an_open_round_stay_hidden(repo: Repo) -> None:
    repo.write(
        "datasets/mails/rounds/1.yaml",
        "number: 1\nrubric: mail@2\nsystem: v1\nannotators: [ann, bob]\noutputs: [{case: one}]\n",
    )
    assert opened(repo) == [("two", ["tone"])]
    with pytest.raises(UsageError, match="open round") as refused:
        settle(repo.context(), "one", ["tone=1"], because="edge_case")
    assert "0" not in str(refused.value)
    with pytest.raises(UsageError, match="open round"):
        ResolveSession.open(repo.context(), lambda state: None, case="one")


@pytest.mark.parametrize(
    ("case", "scores", "options", "words"),
    [
        ("one", ["tone=1"], {}, "says why people differed"),
        ("one", ["tone=1"], {"because": "mood"}, "no reason is named 'mood'"),
        ("two", ["facts=1"], {"because": "edge_case"}, "nobody disagrees on facts"),
        ("six", ["tone=1"], {"because": "edge_case"}, "no case is named 'six'"),
        ("one", [], {"because": "edge_case", "take": "cem"}, "no annotator of this output"),
    ],
)
def test_what_cannot_be_said_is_refused_and_nothing_is_written(
    repo: Repo, case: str, scores: list[str], options: dict[str, str], words: str
) -> None:
    with pytest.raises(UsageError, match=words):
        settle(
            repo.context(), case, scores, because=options.get("because"), take=options.get("take")
        )
    assert repo.git("status", "--porcelain") == ""


def test_people_who_agree_leave_nothing_to_resolve(tmp_path: Path) -> None:
    repo = make(tmp_path / "r", label("ann", "one", tone=1), label("bob", "one", tone=1))
    with pytest.raises(UsageError, match="the labels that stand agree"):
        settle(repo.context(), "one", ["tone=1"], because="edge_case")
    with pytest.raises(UsageError, match="two has no label"):
        settle(repo.context(), "two", ["tone=1"], because="edge_case")
    with pytest.raises(UnknownName, match="v9"):
        disagreements(repo.context(), system="v9")
    repo.close()


class Sitting:
    """A session whose commits can be waited for."""

    def __init__(self, repo: Repo, **wish: str):
        self.session = ResolveSession.open(repo.context(), lambda state: None, **wish)

    def __enter__(self) -> ResolveSession:
        return self.session

    def __exit__(self, *exc: object) -> None:
        self.session.close(60)


def test_a_sitting_goes_through_what_is_open_and_back(repo: Repo) -> None:
    with Sitting(repo) as session:
        assert session.items == (Place("v1", "one"), Place("v1", "two"))
        view = session.view(session.items[0])
        assert (view.annotated, view.missing(Choice())) == (True, ("tone", "facts"))
        session.save(view, Choice({"tone": 1, "facts": 1}, "edge_case"))
        assert session.flush(60)
        assert repo.subject() == "resolve one of v1 as ann"
        assert session.undo().place == Place("v1", "one")
        assert session.flush(60)
        assert not (repo.root / PATH.format("one")).exists()
        assert session.redo().place == Place("v1", "one")
        assert read(repo, "one").scores == {"tone": 1, "facts": 1}


def test_a_half_made_resolution_outlives_its_sitting(repo: Repo) -> None:
    with Sitting(repo) as session:
        session.keep(session.view(Place("v1", "two")), Choice({"tone": 1}, None, "hm"))
    repo.close()
    with Sitting(repo, case="two") as session:
        assert session.items[0] == Place("v1", "two")
        view = session.view(Place("v1", "two"))
        assert (view.resumed, view.choice) == (True, Choice({"tone": 1}, None, "hm"))


def test_somebody_elses_resolution_in_between_is_not_overwritten(repo: Repo) -> None:
    with Sitting(repo) as session:
        view = session.view(Place("v1", "two"))
        settle(repo.context(), "two", ["tone=2"], because="subjective", annotator="bob")
        with pytest.raises(Conflict):
            session.save(view, Choice({"tone": 1}, "edge_case"))
    assert read(repo, "two").scores == {"tone": 2}


def test_a_branch_switched_underneath_is_followed(repo: Repo) -> None:
    with Sitting(repo) as session:
        view = session.view(Place("v1", "two"))
        repo.git("switch", "-qc", "other")
        with pytest.raises(Conflict, match="switched"):
            session.save(view, Choice({"tone": 1}, "edge_case"))
        assert session.follow()
        assert not session.follow()
        session.save(session.view(Place("v1", "two")), Choice({"tone": 1}, "edge_case"))
        assert session.flush(60)
    assert repo.git("log", "-1", "--format=%s", "other").startswith("resolve two")
