"""The human scores that a run meets: those given to the very text that the system produced."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from labeltool.errors import DataError, Problem, Where
from labeltool.model.hashing import text_hash
from labeltool.model.label import Label
from labeltool.model.resolution import Resolution
from labeltool.model.rubric import Rubric
from labeltool.rules.by_text import Text, blind_texts, newest, newest_of_each, text_of
from labeltool.rules.human import HumanScore, blind_outputs, human_score
from labeltool.rules.staleness import Texts
from labeltool.store import paths
from labeltool.store.dataset import DatasetStore


@dataclass
class HumanIndex:
    """Labels and resolutions by (case, output hash). Outputs of an open round stay hidden."""

    rubric: Rubric
    labels: dict[Text, list[Label]] = field(default_factory=lambda: defaultdict(list))
    resolutions: dict[Text, list[Resolution]] = field(default_factory=lambda: defaultdict(list))
    hidden: set[Text] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)

    def digest(self) -> str:
        """Changes with everything that people said: what a run reports rests on it."""
        found = hashlib.sha256()
        for said in (self.labels, self.resolutions):
            for key in sorted(said):
                for one in said[key]:
                    found.update(one.model_dump_json().encode())
        found.update(repr(sorted(self.hidden)).encode())
        return found.hexdigest()[:12]

    def is_hidden(self, case: str, output_hash: str) -> bool:
        return (case, output_hash) in self.hidden

    def score(self, case: str, input_hash: str, output_hash: str) -> HumanScore | None:
        """The human score of that text, None where nobody has said anything that may be shown."""
        key = (case, output_hash)
        if key in self.hidden or (key not in self.labels and key not in self.resolutions):
            return None
        labels, resolution = self.said(key)
        return human_score(self.rubric, Texts(input_hash, output_hash), labels, resolution)

    def said(self, text: Text) -> tuple[list[Label], Resolution | None]:
        """What counts of all that was said of a text: one label of each, and one resolution."""
        labels = newest_of_each(self.labels.get(text, ()))
        return labels, newest(self.resolutions.get(text, ()))


def load_humans(store: DatasetStore, rubric: Rubric) -> HumanIndex:
    """Everything that people said in this dataset. Broken files are in `problems`."""
    index = HumanIndex(rubric)
    labels, resolutions, rounds = store.labels(), store.resolutions(), store.rounds()
    index.problems = [*labels.problems, *resolutions.problems, *rounds.problems]
    blind = blind_outputs(rounds.values)
    recorded = _Recorded(store, index.problems)
    # The same text may have labels in another snapshot: of this round's outputs, nobody's count.
    index.hidden = set(blind_texts(rounds.values, recorded.hash))
    for label in labels.values:
        path = paths.label_path(store.name, label.annotator, label.system, label.case)
        index.problems += _off_scale(rubric, label, path, (label.system, label.case) in blind)
        text = text_of(label, recorded.hash)
        if text is None:
            continue
        if (label.system, label.case) in blind:
            index.hidden.add(text)
        index.labels[text].append(label)
    for resolution in resolutions.values:
        path = paths.resolution_path(store.name, resolution.system, resolution.case)
        hidden = (resolution.system, resolution.case) in blind
        index.problems += _off_scale(rubric, resolution, path, hidden)
        text = text_of(resolution, recorded.hash)
        if text is not None:
            index.resolutions[text].append(resolution)
    return index


def _off_scale(
    rubric: Rubric, said: Label | Resolution, path: str, blind: bool
) -> Iterator[Problem]:
    """Scores that the present version cannot have given: a mistake in the file, never a score.
    Those of a blind output are not named.
    """
    if said.rubric != rubric.ref:
        return
    for criterion in rubric.by_hand:
        score = said.scores.get(criterion.id)
        if score is not None and not criterion.allows(score):
            scale = f"scores: {criterion.min} to {criterion.max}"
            where = Where(path, field=f"scores.{criterion.id}")
            named = "a score (hidden: its round is open)" if blind else score
            yield Problem(where, f"{named} is outside the scale", scale)


class _Recorded:
    """Hashes of snapshots' outputs, for what was said without one."""

    def __init__(self, store: DatasetStore, problems: list[Problem]):
        self._store = store
        self._problems = problems

    def hash(self, system: str, case: str) -> str | None:
        try:
            output = self._store.output(system, case)
        except DataError as error:
            self._problems += error.problems
            return None
        return None if output is None else text_hash(output.output)
