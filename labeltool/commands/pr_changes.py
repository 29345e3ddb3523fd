"""What a pull request would bring: decisions counted, disputes and their ends, agreement, and
whether a gate gets easier to pass.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from labeltool.commands.at_commit import Tree, only
from labeltool.commands.pr_agreement import Key, Measured, blind, measured
from labeltool.commands.pr_reports import Reported, reported
from labeltool.config import Judge, OpenAIJudge
from labeltool.model.case import Case
from labeltool.model.resolution import Resolution
from labeltool.model.round import Round
from labeltool.model.rubric import Rubric
from labeltool.rules.agreement import AtVersion
from labeltool.rules.staleness import Reason
from labeltool.rules.weakened import Guards, Weakening, weakened
from labeltool.store import paths


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
    """A resolution that is new (`earlier` None), another one, or taken back (`resolution` None).

    hidden: a round of its output is open, so no score of it is told. stale: {criterion: why what
    it says does not stand, as this leaves the files}.
    """

    dataset: str
    resolution: Resolution | None
    earlier: Resolution | None
    hidden: bool
    stale: Mapping[str, Reason]


@dataclass(frozen=True, slots=True)
class Amended:
    """A rubric that changed; None on the side where there is none that can be read."""

    name: str
    before: Rubric | None
    after: Rubric | None


@dataclass(frozen=True, slots=True)
class Found:
    """What a round found of one criterion; `before`: the last round before it that measured it."""

    criterion: str
    now: AtVersion
    before: AtVersion | None


@dataclass(frozen=True, slots=True)
class Rounded:
    """What became of a round; `round` as it is now, as it was where it is gone. found: of one that
    closed. shown_to: who had the others' labels shown meanwhile.
    """

    dataset: str
    number: int
    how: Literal["opened", "closed", "edited", "gone"]
    round: Round | None
    found: tuple[Found, ...] = ()
    shown_to: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Changes:
    """settled: those taken back too. unlabelled: labels that are gone. others: {kind of file or
    `other`: (new, edited, gone)}, of what has no field of its own. agreement: of every dataset in
    which it may have changed.
    """

    labelled: tuple[Labelled, ...]
    settled: tuple[Settled, ...]
    unlabelled: int
    amended: tuple[Amended, ...]
    rounds: tuple[Rounded, ...]
    others: Mapping[str, tuple[int, int, int]]
    agreement: tuple[Measured, ...]
    weakened: tuple[Weakening, ...]
    reported: tuple[Reported, ...] = ()

    @property
    def labels(self) -> int:
        return sum(one.count for one in self.labelled)

    @property
    def resolutions(self) -> tuple[Resolution, ...]:
        """Those that stand in the files now."""
        return tuple(one.resolution for one in self.settled if one.resolution is not None)


def changes_of(base: Tree, after: Tree, changed: Iterable[str]) -> Changes:
    """From `base` to `after`, which differ in `changed` (workspace paths)."""
    touched = tuple(changed)
    watched = _watched(base, after, touched)
    hidden = {name: blind(after, name) for name in after.datasets}
    agreement = tuple(measured(base, after, touched))
    return Changes(
        labelled=tuple(_labelled(after, touched, hidden)),
        settled=tuple(_settled(base, after, touched, hidden, agreement)),
        unlabelled=sum(path not in after.files and _kind(path) == "label" for path in touched),
        amended=tuple(_amended(base, after, touched)),
        rounds=tuple(_rounds(base, after, touched, agreement)),
        others=_others(base, after, touched),
        agreement=agreement,
        weakened=weakened(_guards(base, touched, watched), _guards(after, touched, watched)),
        reported=tuple(reported(base, after, touched)),
    )


def _kind(path: str) -> str:
    place = paths.place_of(path)
    return place.kind if place else "other"


def _labelled(
    after: Tree, touched: tuple[str, ...], hidden_from: Mapping[str, frozenset[Key]]
) -> Iterator[Labelled]:
    found: Counter[tuple[str, str, str]] = Counter()
    hidden: Counter[tuple[str, str, str]] = Counter()
    for path in touched:
        place = paths.place_of(path)
        if place is None or place.kind != "label" or path not in after.files:
            continue
        who = (place.dataset or "", place.annotator or "", place.system or "")
        found[who] += 1
        hidden[who] += (place.system, place.name) in hidden_from.get(who[0], frozenset())
    for who, count in sorted(found.items()):
        yield Labelled(*who, count, hidden[who])


def _settled(
    base: Tree,
    after: Tree,
    touched: tuple[str, ...],
    hidden_from: Mapping[str, frozenset[Key]],
    agreement: tuple[Measured, ...],
) -> Iterator[Settled]:
    stale = {one.after.dataset: one.stale for one in agreement}
    for path in touched:
        place = paths.place_of(path)
        if place is None or place.kind != "resolution" or place.dataset is None:
            continue
        earlier, now = base.noun(path, Resolution), after.noun(path, Resolution)
        one = now or earlier
        if one is not None:
            key = (one.system, one.case)
            hidden = key in hidden_from.get(place.dataset, ())
            why = stale.get(place.dataset, {}).get(key, {}) if now is not None else {}
            yield Settled(place.dataset, now, earlier, hidden, why)


def _amended(base: Tree, after: Tree, touched: tuple[str, ...]) -> Iterator[Amended]:
    for path in touched:
        place = paths.place_of(path)
        if place is not None and place.kind == "rubric" and place.name is not None:
            yield Amended(place.name, base.noun(path, Rubric), after.noun(path, Rubric))


def _rounds(
    base: Tree, after: Tree, touched: tuple[str, ...], agreement: tuple[Measured, ...]
) -> Iterator[Rounded]:
    versions = {one.after.dataset: one.after.versions for one in agreement}
    for path in touched:
        place = paths.place_of(path)
        if place is None or place.kind != "round" or place.dataset is None:
            continue
        was, now = base.noun(path, Round), after.noun(path, Round)
        number = int(place.name or 0)
        if now is None:
            yield Rounded(place.dataset, number, "gone", was)
            continue
        shown = tuple(sorted(now.unblinded.keys() - (was.unblinded.keys() if was else set())))
        how: Literal["opened", "closed", "edited"] = "opened" if was is None else "edited"
        found: tuple[Found, ...] = ()
        if now.closed is not None and (was is None or was.closed is None):
            how, found = "closed", tuple(_found(number, versions.get(place.dataset, {})))
        yield Rounded(place.dataset, number, how, now, found, shown)


def _found(number: int, versions: Mapping[str, tuple[AtVersion, ...]]) -> Iterator[Found]:
    for criterion, rounds in versions.items():
        now = next((one for one in rounds if one.round == number), None)
        earlier = [one for one in rounds if one.round < number and one.n]
        if now is not None:
            yield Found(criterion, now, earlier[-1] if earlier else None)


def _others(base: Tree, after: Tree, touched: tuple[str, ...]) -> dict[str, tuple[int, int, int]]:
    told = ("label", "resolution", "rubric", "round")
    found: dict[str, list[int]] = {}
    for path in touched:
        kind = _kind(path)
        if kind not in told:
            how = 0 if path not in base.files else 2 if path not in after.files else 1
            found.setdefault(kind, [0, 0, 0])[how] += 1
    return {kind: (new, edited, gone) for kind, (new, edited, gone) in found.items()}


def _watched(base: Tree, after: Tree, touched: tuple[str, ...]) -> list[str]:
    """Changed files beside the nouns that a gate rests on."""
    judges = [*base.settings.judges.values(), *after.settings.judges.values()]
    templates = {path for judge in judges for path in _templates(judge)}
    return [
        path
        for path in touched
        if path in templates
        or path.startswith(".github/workflows/")
        or _kind(path) in ("baseline", "calibration")
    ]


def _templates(judge: Judge) -> tuple[str, ...]:
    named = judge.template if isinstance(judge, OpenAIJudge) else None
    if isinstance(named, dict):
        return tuple(named.values())
    return () if named is None else (named,)


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
