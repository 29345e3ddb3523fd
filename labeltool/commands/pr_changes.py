"""What a pull request would bring: decisions counted, disputes and their ends, agreement, and
whether a gate gets easier to pass.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from labeltool.commands.at_commit import Tree, only
from labeltool.model import hashing
from labeltool.model.case import Case
from labeltool.model.label import Label
from labeltool.model.output import Output
from labeltool.model.resolution import Resolution
from labeltool.model.round import Round
from labeltool.model.rubric import Rubric
from labeltool.rules.agreement import Agreement, Said, agreement
from labeltool.rules.human import blind_outputs
from labeltool.rules.staleness import Texts
from labeltool.rules.weakened import Guards, Weakening, weakened
from labeltool.store import paths

Key = tuple[str, str]
"""(system, case)."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """Labels of one annotator; `blind` of them are of a round that is open, and only counted."""

    dataset: str
    annotator: str
    system: str
    count: int
    blind: int


@dataclass(frozen=True, slots=True)
class Settled:
    """A resolution that is new or another one. hidden: a round of its output is open, so no score
    of it is told. again: it replaces an earlier one.
    """

    dataset: str
    resolution: Resolution
    hidden: bool
    again: bool


@dataclass(frozen=True, slots=True)
class Amended:
    """A rubric that changed; None on the side where there is none that can be read."""

    name: str
    before: Rubric | None
    after: Rubric | None


@dataclass(frozen=True, slots=True)
class Rounded:
    """What became of a round."""

    dataset: str
    number: int
    how: Literal["opened", "closed", "edited", "gone"]


@dataclass(frozen=True, slots=True)
class Changes:
    """taken_back: resolutions, unlabelled: labels that are gone. others: {kind of file or `other`:
    (new, edited, gone)}, of what has no field of its own. agreement: (before, after) of every
    dataset in which it may have changed, outputs of open rounds left out.
    """

    labelled: tuple[Labelled, ...]
    settled: tuple[Settled, ...]
    taken_back: int
    unlabelled: int
    amended: tuple[Amended, ...]
    rounds: tuple[Rounded, ...]
    others: Mapping[str, tuple[int, int, int]]
    agreement: tuple[tuple[Agreement, Agreement], ...]
    weakened: tuple[Weakening, ...]

    @property
    def labels(self) -> int:
        return sum(one.count for one in self.labelled)


def changes_of(base: Tree, after: Tree, changed: Iterable[str]) -> Changes:
    """From `base` to `after`, which differ in `changed` (workspace paths)."""
    touched = tuple(changed)
    watched = _watched(base, after, touched)
    blind = {name: _blind(after, name) for name in after.datasets}
    return Changes(
        labelled=tuple(_labelled(after, touched, blind)),
        settled=tuple(_settled(base, after, touched, blind)),
        taken_back=_gone(after, touched, "resolution"),
        unlabelled=_gone(after, touched, "label"),
        amended=tuple(_amended(base, after, touched)),
        rounds=tuple(_rounds(base, after, touched)),
        others=_others(base, after, touched),
        agreement=tuple(_agreement(base, after, touched)),
        weakened=weakened(_guards(base, touched, watched), _guards(after, touched, watched)),
    )


def _kind(path: str) -> str:
    place = paths.place_of(path)
    return place.kind if place else "other"


def _gone(after: Tree, touched: tuple[str, ...], kind: str) -> int:
    return sum(path not in after.files and _kind(path) == kind for path in touched)


def _blind(tree: Tree, dataset: str) -> frozenset[Key]:
    return blind_outputs(tree.nouns(dataset, "round", Round))


def _labelled(
    after: Tree, touched: tuple[str, ...], blind: Mapping[str, frozenset[Key]]
) -> Iterator[Labelled]:
    found: Counter[tuple[str, str, str]] = Counter()
    hidden: Counter[tuple[str, str, str]] = Counter()
    for path in touched:
        place = paths.place_of(path)
        if place is None or place.kind != "label" or path not in after.files:
            continue
        who = (place.dataset or "", place.annotator or "", place.system or "")
        found[who] += 1
        hidden[who] += (place.system, place.name) in blind.get(who[0], frozenset())
    for who, count in sorted(found.items()):
        yield Labelled(*who, count, hidden[who])


def _settled(
    base: Tree, after: Tree, touched: tuple[str, ...], blind: Mapping[str, frozenset[Key]]
) -> Iterator[Settled]:
    for path in touched:
        place = paths.place_of(path)
        if place is None or place.kind != "resolution" or place.dataset is None:
            continue
        resolution = after.noun(path, Resolution)
        if resolution is not None:
            hidden = (resolution.system, resolution.case) in blind.get(place.dataset, ())
            yield Settled(place.dataset, resolution, hidden, path in base.files)


def _amended(base: Tree, after: Tree, touched: tuple[str, ...]) -> Iterator[Amended]:
    for path in touched:
        place = paths.place_of(path)
        if place is not None and place.kind == "rubric" and place.name is not None:
            yield Amended(place.name, base.noun(path, Rubric), after.noun(path, Rubric))


def _rounds(base: Tree, after: Tree, touched: tuple[str, ...]) -> Iterator[Rounded]:
    for path in touched:
        place = paths.place_of(path)
        if place is None or place.kind != "round" or place.dataset is None:
            continue
        was, now = base.noun(path, Round), after.noun(path, Round)
        number = int(place.name or 0)
        if now is None:
            yield Rounded(place.dataset, number, "gone")
        elif now.closed is not None:
            again = was is not None and was.closed is not None
            yield Rounded(place.dataset, number, "edited" if again else "closed")
        else:
            yield Rounded(place.dataset, number, "opened" if was is None else "edited")


def _others(base: Tree, after: Tree, touched: tuple[str, ...]) -> dict[str, tuple[int, int, int]]:
    told = ("label", "resolution", "rubric", "round")
    found: dict[str, list[int]] = {}
    for path in touched:
        kind = _kind(path)
        if kind not in told:
            how = 0 if path not in base.files else 2 if path not in after.files else 1
            found.setdefault(kind, [0, 0, 0])[how] += 1
    return {kind: (new, edited, gone) for kind, (new, edited, gone) in found.items()}


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


def _agreement(
    base: Tree, after: Tree, touched: tuple[str, ...]
) -> Iterator[tuple[Agreement, Agreement]]:
    for name in _spoken_of(after, touched):
        rubric = after.rubrics.get(after.datasets[name].rubric)
        if rubric is None:
            continue
        blind = _blind(after, name)
        # What a round that this closes kept hidden was not to be known before.
        was = _said(base, name, rubric, blind | _blind(base, name))
        now = _said(after, name, rubric, blind)
        yield agreement(name, was, resamples=0), agreement(name, now, resamples=0)


def _said(tree: Tree, name: str, default: Rubric, blind: frozenset[Key]) -> Said:
    dataset = tree.datasets.get(name)
    labels = list(tree.nouns(name, "label", Label))
    spoken_of = {(label.system, label.case) for label in labels}
    hidden = spoken_of & blind
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


def _watched(base: Tree, after: Tree, touched: tuple[str, ...]) -> list[str]:
    """Changed files beside the nouns that a gate rests on."""
    judges = [*base.settings.judges.values(), *after.settings.judges.values()]
    templates = {getattr(judge, "template", None) for judge in judges}
    return [
        path
        for path in touched
        if path in templates
        or path.startswith(".github/workflows/")
        or _kind(path) in ("baseline", "calibration")
    ]


def _guards(tree: Tree, touched: tuple[str, ...], watched: list[str]) -> Guards:
    cases: dict[tuple[str, str], Case] = {}
    for path in touched:
        place = paths.place_of(path)
        if place is not None and place.kind == "case" and place.dataset is not None:
            case = tree.noun(path, Case)
            if case is not None:
                cases[place.dataset, case.id] = case
    judges = {name: judge.model_dump() for name, judge in tree.settings.judges.items()}
    return Guards(judges, tree.rubrics, tree.datasets, cases, only(tree, watched))
