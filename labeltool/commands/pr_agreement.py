"""Agreement before and after a pull request, and what it makes lapse, dataset by dataset."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from labeltool.commands.at_commit import Tree
from labeltool.model import hashing
from labeltool.model.case import Case
from labeltool.model.label import Label
from labeltool.model.output import Output
from labeltool.model.resolution import Resolution
from labeltool.model.round import Round
from labeltool.model.rubric import Rubric
from labeltool.rules.agreement import Agreement, Said, agreement
from labeltool.rules.human import blind_outputs
from labeltool.rules.lapse import Lapse, lapses, stale_settled
from labeltool.rules.staleness import Reason, Texts
from labeltool.store import paths

Key = tuple[str, str]
"""(system, case)."""


@dataclass(frozen=True, slots=True)
class Measured:
    """Of one dataset; outputs of open rounds are left out of both sides. lapsed: {criterion: ...};
    stale: {output: {criterion: why what was settled of it does not stand}}, after.
    """

    before: Agreement
    after: Agreement
    lapsed: Mapping[str, Lapse]
    stale: Mapping[Key, Mapping[str, Reason]]


def blind(tree: Tree, dataset: str) -> frozenset[Key]:
    return blind_outputs(tree.nouns(dataset, "round", Round))


def measured(base: Tree, after: Tree, touched: tuple[str, ...]) -> Iterator[Measured]:
    """Of every dataset in which it may have changed."""
    for name in _spoken_of(after, touched):
        rubric = after.rubrics.get(after.datasets[name].rubric)
        if rubric is None:
            continue
        hidden = blind(after, name)
        # What a round that this closes kept hidden was not to be known before.
        was = _said(base, name, rubric, hidden | blind(base, name))
        now = _said(after, name, rubric, hidden)
        before = agreement(name, was, resamples=0)
        was_open = [(one.difference.criterion.id, one.output) for one in before.open]
        yield Measured(
            before,
            agreement(name, now, resamples=0),
            lapses(was, now, was_open),
            stale_settled(now),
        )


def _spoken_of(after: Tree, touched: tuple[str, ...]) -> list[str]:
    """Datasets whose agreement may be another one: their labels, rounds or rubric changed."""
    places = [place for path in touched if (place := paths.place_of(path)) is not None]
    kinds = ("label", "resolution", "round", "output", "case")
    names = {place.dataset for place in places if place.kind in kinds}
    rubrics = {place.name for place in places if place.kind == "rubric"}
    return [
        name
        for name, dataset in after.datasets.items()
        if name in names or dataset.rubric in rubrics
    ]


def _said(tree: Tree, name: str, default: Rubric, hidden_from: frozenset[Key]) -> Said:
    dataset = tree.datasets.get(name)
    labels = list(tree.nouns(name, "label", Label))
    spoken_of = {(label.system, label.case) for label in labels}
    hidden = spoken_of & hidden_from
    texts = _texts(tree, name, spoken_of - hidden)
    return Said(
        rubric=tree.rubrics.get(dataset.rubric, default) if dataset else default,
        labels=labels,
        resolutions=list(tree.nouns(name, "resolution", Resolution)),
        rounds=list(tree.nouns(name, "round", Round)),
        texts=texts,
        hidden=len(hidden),
        gone=len(spoken_of - hidden - texts.keys()),
    )


def _texts(tree: Tree, name: str, wanted: set[Key]) -> dict[Key, Texts]:
    """The hashes of inputs and outputs of what is labelled."""
    cases = {case for _, case in wanted}
    inputs = {
        case.id: hashing.input_hash(case.input)
        for case in tree.nouns(name, "case", Case)
        if case.id in cases
    }
    return {
        key: Texts(inputs[one.case], hashing.text_hash(one.output))
        for one in tree.nouns(name, "output", Output)
        if (key := (one.system, one.case)) in wanted and one.case in inputs
    }
