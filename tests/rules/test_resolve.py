"""Two people differ: what comes first, who is A, and what a resolution holds."""

from __future__ import annotations

import pytest

from labeltool.errors import UnknownName, UsageError
from labeltool.model.base import Score
from labeltool.model.label import Label
from labeltool.model.resolution import Resolution
from labeltool.model.rubric import Change, Criterion, Rubric
from labeltool.rules.human import human_score
from labeltool.rules.resolve import Decision, Disagreement, disagreement, resolve, worst_first
from labeltool.rules.staleness import Texts

TEXTS = Texts("1" * 12, "2" * 12)
RUBRIC = Rubric(
    name="mail",
    version=2,
    criteria=(
        Criterion(id="tone", text="It fits.", max=2, pass_at=1, na=True),
        Criterion(id="facts", text="They are there.", max=2, required=True),
        Criterion(id="wit", text="It is witty.", max=4, tolerance=1),
    ),
    changelog=(Change(version=2, changed=("wit",)),),
)


def label(annotator: str, case: str = "one", **scores: Score) -> Label:
    return Label(case=case, system="v1", annotator=annotator, rubric="mail@2", scores=scores)


def differ(*labels: Label, earlier: Resolution | None = None) -> Disagreement:
    found = disagreement(RUBRIC, TEXTS, labels, earlier)
    assert found is not None
    return found


def settle(found: Disagreement, amended: Rubric | None = None, **scores: Score) -> Resolution:
    decision = Decision(scores, "edge_case", "it is one")
    return resolve(found, decision, RUBRIC, resolver="cem", at="2026-11-24", amended=amended)


def test_only_what_differs_by_more_than_its_tolerance_is_a_disagreement() -> None:
    assert disagreement(RUBRIC, TEXTS, [label("ann", wit=2), label("bob", wit=3)]) is None
    found = differ(label("ann", tone=0, facts=2, wit=2), label("bob", tone=2, facts=2, wit=4))
    assert [one.criterion.id for one in found.differences] == ["tone", "wit"]
    assert found.agreed == {"facts": {"ann": 2, "bob": 2}}
    assert found.annotators == ("ann", "bob")


def test_what_a_pass_hangs_on_comes_first_then_what_is_farthest_apart() -> None:
    found = [
        differ(label("ann", "near", tone=1), label("bob", "near", tone=2)),
        differ(label("ann", "far", tone=0), label("bob", "far", tone=2)),
        differ(label("ann", "fails", facts=1), label("bob", "fails", facts=2)),
        differ(label("ann", "none", tone="na"), label("bob", "none", tone=2)),
    ]
    order = [one.case for one in worst_first(found, RUBRIC)]
    assert order == ["fails", "far", "none", "near"]


def test_sides_tell_nobody_and_stay_as_they_are() -> None:
    cases = [f"case-{number}" for number in range(40)]
    firsts = []
    for case in cases:
        labels = [label("ann", case, tone=0), label("bob", case, tone=2)]
        sides = differ(*labels).sides
        assert differ(*reversed(labels)).sides == sides
        firsts.append(sides[0].annotator)
    assert 8 < firsts.count("ann") < 32


def test_a_resolution_holds_what_it_settled() -> None:
    found = differ(label("ann", tone=0, facts=2), label("bob", tone=2, facts=2))
    settled = settle(found, tone=1)
    assert settled.scores == {"tone": 1}
    assert settled.settles == {"ann": {"tone": 0}, "bob": {"tone": 2}}
    assert (settled.rubric, settled.resolver, settled.because) == ("mail@2", "cem", "edge_case")
    assert (settled.input_hash, settled.output_hash) == (TEXTS.input_hash, TEXTS.output_hash)


def test_one_criterion_of_two_stays_open_and_keeps_its_place_in_the_file_later() -> None:
    labels = [label("ann", tone=0, facts=0), label("bob", tone=2, facts=2)]
    first = settle(differ(*labels), facts=0)
    found = differ(*labels, earlier=first)
    assert [one.criterion.id for one in found.open] == ["tone"]
    second = resolve(
        found, Decision({"tone": 2}, "subjective", "taste"), RUBRIC, resolver="ann", at="2026-11-25"
    )
    assert second.scores == {"tone": 2, "facts": 0}
    assert second.settles == {"ann": {"tone": 0, "facts": 0}, "bob": {"tone": 2, "facts": 2}}
    assert second.note == "taste\nfacts (edge case): it is one"
    assert not human_score(RUBRIC, TEXTS, labels, second).unresolved


def test_a_changed_score_brings_the_disagreement_back_and_a_new_word_supersedes() -> None:
    before = settle(differ(label("ann", tone=0), label("bob", tone=2)), tone=1)
    found = differ(label("ann", tone=0), label("bob", tone=1), earlier=before)
    assert found.open[0].came_back == "score_changed"
    assert settle(found, tone=0).settles["bob"] == {"tone": 1}
    current = settle(found, tone=0)
    standing = differ(label("ann", tone=0), label("bob", tone=1), earlier=current)
    assert standing.open == ()
    assert settle(standing, tone=2).scores == {"tone": 2}


def test_a_third_opinion_is_settled_with_the_others() -> None:
    found = differ(label("ann", tone=0), label("bob", tone=2), label("cem", tone=2, facts=1))
    assert len(found.sides) == 3
    assert settle(found, tone=2).settles == {
        "ann": {"tone": 0},
        "bob": {"tone": 2},
        "cem": {"tone": 2},
    }


def test_under_an_amended_rubric_the_decision_stands_and_what_went_stale_is_not_revived() -> None:
    labels = [label("ann", tone=0, facts=0), label("bob", tone=2, facts=2)]
    change = Change(version=3, changed=("tone", "facts"))
    amended = RUBRIC.model_copy(update={"version": 3, "changelog": (change, *RUBRIC.changelog)})
    found = differ(*labels, earlier=settle(differ(*labels), facts=0))
    settled = settle(found, amended=amended, tone=0)
    assert (settled.rubric, settled.scores) == ("mail@3", {"tone": 0})
    assert human_score(amended, TEXTS, labels, settled).scores == {"tone": 0}


def test_what_stands_while_its_labels_are_asked_again_is_kept() -> None:
    """A resolution that came with an amendment, before anybody has labelled again."""
    labels = [label("ann", wit=0, facts=0), label("bob", wit=4, facts=2)]
    old = [one.model_copy(update={"rubric": "mail@1"}) for one in labels]
    earlier = settle(differ(*labels), wit=4)
    found = differ(*old, earlier=earlier)
    assert [one.criterion.id for one in found.differences] == ["facts"]
    settled = settle(found, facts=0)
    assert settled.scores == {"facts": 0, "wit": 4}
    assert settled.settles == earlier.settles | {
        "ann": {"facts": 0, "wit": 0},
        "bob": {"facts": 2, "wit": 4},
    }


def test_a_score_that_the_amended_scale_lost_keeps_the_resolution_under_the_old_version() -> None:
    criteria = (RUBRIC.criteria[0].model_copy(update={"max": 1}), *RUBRIC.criteria[1:])
    change = Change(version=3, changed=("tone",))
    amended = RUBRIC.model_copy(
        update={"version": 3, "criteria": criteria, "changelog": (change, *RUBRIC.changelog)}
    )
    found = differ(label("ann", tone=0), label("bob", tone=2))
    assert settle(found, amended=amended, tone=1).rubric == "mail@2"
    with pytest.raises(UsageError, match="off its scale"):
        settle(found, amended=amended, tone=2)


@pytest.mark.parametrize(
    ("scores", "because", "words"),
    [
        ({"tone": 3}, "edge_case", "tone=3 is off its scale"),
        ({"facts": 2}, "edge_case", "nobody disagrees on facts of one"),
        ({}, "edge_case", "nothing is settled yet"),
        ({"tone": 0}, None, "a resolution says why"),
    ],
)
def test_what_cannot_be_is_refused(
    scores: dict[str, Score], because: str | None, words: str
) -> None:
    found = differ(label("ann", tone=0, facts=2), label("bob", tone=2, facts=2))
    decision = Decision(scores, because)  # type: ignore[arg-type]
    with pytest.raises(UsageError, match=words):
        resolve(found, decision, RUBRIC, resolver="ann", at="2026-11-25")


def test_an_unknown_criterion_is_named() -> None:
    found = differ(label("ann", tone=0), label("bob", tone=2))
    with pytest.raises(UnknownName, match="toon"):
        settle(found, toon=1)
