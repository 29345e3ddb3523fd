"""What people said of one text, gathered from every snapshot that holds it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from labeltool.errors import LabeltoolError
from labeltool.model.hashing import text_hash
from labeltool.model.label import Label
from labeltool.model.resolution import Resolution
from labeltool.rules.by_text import Recorded, Text, blind_texts, newest, newest_of_each, text_of
from labeltool.store.dataset import DatasetStore


@dataclass(frozen=True, slots=True)
class Heard:
    """What was said of one text. labels: one of each annotator. resolutions: all files of it."""

    labels: tuple[Label, ...]
    resolutions: tuple[Resolution, ...]

    @property
    def resolution(self) -> Resolution | None:
        return newest(self.resolutions)


def hear(store: DatasetStore, text: Text) -> Heard:
    """Reads the files of that case alone. Raises DataError for one that is broken."""
    recorded = recorded_by(store)
    labels = (
        label
        for who in store.annotators
        for system in store.labelled_by(who)
        if (label := store.label(who, system, text[0])) is not None
    )
    settled = (
        one for system in store.resolved if (one := store.resolution(system, text[0])) is not None
    )
    return Heard(
        labels=tuple(newest_of_each(one for one in labels if text_of(one, recorded) == text)),
        resolutions=tuple(one for one in settled if text_of(one, recorded) == text),
    )


def snapshots_of(store: DatasetStore, text: Text, likely: Iterable[str] = ()) -> Iterator[str]:
    """The snapshots that hold that very text, the `likely` ones first."""
    recorded = recorded_by(store)
    for system in dict.fromkeys((*likely, *store.systems)):
        if recorded(system, text[0]) == text[1]:
            yield system


def is_blind(store: DatasetStore, text: Text) -> bool:
    """Whether an open round asks for that text. Raises DataError for a broken round."""
    return text in blind_texts(store.rounds().require(), recorded_by(store))


def recorded_by(store: DatasetStore) -> Recorded:
    """Hashes of recorded outputs, each read once; None for one that cannot be read."""
    known: dict[tuple[str, str], str | None] = {}

    def recorded(system: str, case: str) -> str | None:
        if (system, case) not in known:
            try:
                output = store.output(system, case)
            except LabeltoolError:
                output = None
            known[system, case] = None if output is None else text_hash(output.output)
        return known[system, case]

    return recorded
