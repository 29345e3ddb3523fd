"""What an amendment does to what was said before it: which scores stand, which are asked again."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from labeltool.model.calibration import Calibration
from labeltool.model.label import Label
from labeltool.model.resolution import Resolution
from labeltool.model.rubric import Rubric, ref_parts
from labeltool.rules.amend import meaning_changed
from labeltool.rules.staleness import Texts, current_scores, stale_resolution


@dataclass(frozen=True, slots=True)
class Toll:
    """One annotator's labels that hold a standing score: how many there are, and how many of them
    the queue asks for again. The others stand as they are.
    """

    labels: int = 0
    again: int = 0


@dataclass(frozen=True, slots=True)
class Survival:
    """What one amendment does in one dataset.

    again: hand-labelled criteria that are asked again. new: those among them that nobody was asked
    before. gone: criteria whose scores are kept in the files and count no more. tolls: {annotator:
    how many labels}. resolutions: how many lose a settled score. calibrations: {judge: criteria
    that it is no longer trusted on}.
    """

    dataset: str
    again: tuple[str, ...] = ()
    new: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    tolls: Mapping[str, Toll] = field(default_factory=dict)
    resolutions: int = 0
    calibrations: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def labels_again(self) -> int:
        return sum(toll.again for toll in self.tolls.values())

    @property
    def words(self) -> tuple[str, ...]:
        """One sentence a line, for a person who is about to decide."""
        return tuple(_words(self))


def survival(
    dataset: str,
    before: Rubric,
    after: Rubric,
    labels: Iterable[tuple[Label, Texts]],
    *,
    resolutions: Iterable[tuple[Resolution, Texts]] = (),
    calibrations: Iterable[Calibration] = (),
) -> Survival:
    """From the dataset's labels and resolutions, each with the texts as they are now."""
    changed = meaning_changed(before, after)
    asked = tuple(one.id for one in after.by_hand if one.id in changed)
    known = {one.id for one in before.by_hand}
    said = list(labels)
    return Survival(
        dataset,
        again=asked,
        new=tuple(id for id in asked if id not in known),
        gone=tuple(id for id in changed if id in known and id not in asked),
        tolls=_tolls(before, after, said, asked),
        resolutions=_resolutions(before, after, said, resolutions, asked),
        calibrations=_calibrations(before, changed, calibrations),
    )


def _tolls(
    before: Rubric, after: Rubric, labels: Sequence[tuple[Label, Texts]], asked: Sequence[str]
) -> dict[str, Toll]:
    standing: Counter[str] = Counter()
    again: Counter[str] = Counter()
    for label, texts in labels:
        then = current_scores(label, before, texts)
        if not then:
            continue
        standing[label.annotator] += 1
        now = current_scores(label, after, texts)
        lost = {id for id in then if id not in now}
        new = {id for id in asked if before.criterion(id) is None}
        again[label.annotator] += bool(new or lost & set(asked))
    return {name: Toll(standing[name], again[name]) for name in sorted(standing)}


def _resolutions(
    before: Rubric,
    after: Rubric,
    labels: Iterable[tuple[Label, Texts]],
    resolutions: Iterable[tuple[Resolution, Texts]],
    asked: Sequence[str],
) -> int:
    """How many lose a score that stood, of a criterion that is asked again."""
    by_output: dict[tuple[str, str], dict[str, Label]] = defaultdict(dict)
    for label, _ in labels:
        by_output[label.system, label.case][label.annotator] = label
    lost = 0
    for resolution, texts in resolutions:
        said = by_output[resolution.system, resolution.case]
        then = stale_resolution(resolution, before, texts, said)
        now = stale_resolution(resolution, after, texts, said)
        lost += any(id in asked and id not in then for id in now)
    return lost


def _calibrations(
    before: Rubric, changed: Sequence[str], calibrations: Iterable[Calibration]
) -> dict[str, tuple[str, ...]]:
    found = {}
    for calibration in calibrations:
        name, version = ref_parts(calibration.rubric)
        if name != before.name or version > before.version:
            continue
        stale_before = before.changed_since(version)
        ends = [id for id in changed if id in calibration.criteria and id not in stale_before]
        if ends:
            found[calibration.judge] = tuple(ends)
    return found


def _words(found: Survival) -> Iterable[str]:
    old = [id for id in found.again if id not in found.new]
    if found.again:
        said = [f"{name} {toll.again} of {toll.labels}" for name, toll in found.tolls.items()]
        asked = f"{_and(old)} asked again" if old else ""
        new = f"{_and(found.new)} asked for the first time" if found.new else ""
        what = "; ".join(part for part in (asked, new) if part)
        yield f"{what}: {', '.join(said) + ' labels' if said else 'nobody has labelled yet'}"
    if found.gone:
        yield f"{_and(found.gone)} counts no more: its scores stay in the files, nobody is asked"
    if not found.again:
        yield "every label stands as it is: nothing is asked again"
    elif found.tolls:
        yield "every other score stands"
    if found.resolutions:
        many = found.resolutions
        yield f"{many} resolution{'' if many == 1 else 's'} to settle again"
    for judge, ids in found.calibrations.items():
        yield f"the judge {judge} is not trusted on {_and(ids)} until it is calibrated again"


def _and(names: Sequence[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
