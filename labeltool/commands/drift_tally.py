"""What drift keeps of a log while it goes by: sums, counts, and samples of bounded size.

A log is told chunk by chunk. A chunk becomes a `Part` wherever there is a processor for it, and
parts are joined in their order: one process or many, the numbers are the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from labeltool.model.drift import Kind
from labeltool.model.record import Record
from labeltool.rules import drift_output, drift_windows
from labeltool.rules.drift_text import asked, language
from labeltool.stats.sample import Sample, draw
from labeltool.stats.shift import Centroid, nearest

if TYPE_CHECKING:
    from labeltool.embed.embedder import Embedder, Vectors

CHUNK = 2_048
"""Records in one part."""
SAMPLE = 20_000
"""Records that are kept, of all and of the uncovered ones each."""
MOST_NAMES = 200
"""Languages, tags, models... that are told apart: a log may hold a new tag in each row."""
OTHER = "other"
_INPUT, _OUTPUT, _NAME = 4_000, 1_000, 120

T = TypeVar("T")
Rows = list[int]
Key = tuple[int | None, str, Kind]
"""Window, model, kind of fault."""


class Task(NamedTuple):
    """What every chunk is asked. cases: (m, d) vectors; reach: the distance beyond which an input
    is uncovered; topics, tiers: of each case, by place; width: of a window, in seconds.
    """

    cases: Vectors
    reach: float
    topics: tuple[int, ...]
    tiers: tuple[str, ...]
    width: int
    seed: int


class Seen(NamedTuple):
    """A record of a sample. distance: to its nearest case; vector: (d,). whole: its input is all
    there, so that it may become a case.
    """

    record: Record
    text: str
    vector: Vectors
    distance: float
    window: int | None
    whole: bool = True


@dataclass
class Sums:
    """Vectors of some records, and how many of them are uncovered."""

    centroid: Centroid = field(default_factory=Centroid)
    uncovered: int = 0

    def add(self, vectors: Vectors, uncovered: int) -> None:
        self.centroid.add(vectors)
        self.uncovered += uncovered

    def join(self, other: Sums) -> None:
        self.centroid.merge(other.centroid)
        self.uncovered += other.uncovered


@dataclass
class Part:
    """Everything that is known of some records.

    could, had   outputs that could show a fault, and those that had it
    feedback     {(topic, window, -1 | 0 | 1): covered records}
    lengths      {(window, bin): outputs}
    versions     {(window, model or system): records}
    rows         (draw, record) of every record that the embedder can read
    """

    n: int = 0
    silent: int = 0
    first: str | None = None
    last: str | None = None
    whole: Sums = field(default_factory=Sums)
    windows: dict[int | None, Sums] = field(default_factory=dict)
    groups: dict[str, dict[str, Sums]] = field(default_factory=dict)
    could: Counter[Key] = field(default_factory=Counter)
    had: Counter[Key] = field(default_factory=Counter)
    feedback: Counter[tuple[int, int | None, int]] = field(default_factory=Counter)
    lengths: Counter[tuple[int | None, int]] = field(default_factory=Counter)
    versions: Counter[tuple[int | None, str]] = field(default_factory=Counter)
    finish_reasons: Counter[str] = field(default_factory=Counter)
    rows: list[tuple[int, Seen]] = field(default_factory=list)


class Tally(Part):
    """All parts so far; of their rows a sample of all, and one of the uncovered."""

    def __init__(self, reach: float):
        super().__init__()
        self._reach = reach
        self._all: Sample[Seen] = Sample(SAMPLE)
        self._far: Sample[Seen] = Sample(SAMPLE)
        self._named: set[str] = set()
        self._dated: set[int] = set()

    @property
    def sampled(self) -> list[Seen]:
        """A uniform sample of the records, in the order of their draws."""
        return self._all.items()

    @property
    def far(self) -> list[Seen]:
        """A uniform sample of those that no case is near to."""
        return self._far.items()

    @property
    def heard(self) -> int:
        """Records that the embedder could read."""
        return self.whole.centroid.n

    def join(self, part: Part) -> None:
        self.n += part.n
        self.silent += part.silent
        self.first = min(filter(None, (self.first, part.first)), default=None)
        self.last = max(filter(None, (self.last, part.last)), default=None)
        self.whole.join(part.whole)
        for window, sums in part.windows.items():
            self.windows.setdefault(self._window(window), Sums()).join(sums)
        for grouping, found in part.groups.items():
            _join(self.groups.setdefault(grouping, {}), found)
        self._count(part)
        for drawn, seen in part.rows:
            self._all.add(drawn, partial(_own, seen))
            if seen.distance > self._reach:
                self._far.add(drawn, partial(_own, seen))

    def _count(self, part: Part) -> None:
        for (window, model, kind), count in part.could.items():
            self.could[self._window(window), self._name(model), kind] += count
        for (window, model, kind), count in part.had.items():
            self.had[self._window(window), self._name(model), kind] += count
        for (topic, window, said), count in part.feedback.items():
            self.feedback[topic, self._window(window), said] += count
        for (window, bin), count in part.lengths.items():
            self.lengths[self._window(window), bin] += count
        for (window, name), count in part.versions.items():
            self.versions[self._window(window), self._name(name)] += count
        for name, count in part.finish_reasons.items():
            known = name in self.finish_reasons or len(self.finish_reasons) < MOST_NAMES
            self.finish_reasons[name if known else OTHER] += count

    def _window(self, window: int | None) -> int | None:
        """Records of more windows than are told apart count as without a time."""
        if window is None or window in self._dated:
            return window
        if len(self._dated) >= drift_windows.MOST:
            return None
        self._dated.add(window)
        return window

    def _name(self, name: str) -> str:
        if name in self._named:
            return name
        if len(self._named) >= MOST_NAMES:
            return OTHER
        self._named.add(name)
        return name


def _join(mine: dict[str, Sums], theirs: Mapping[str, Sums]) -> None:
    for name, sums in theirs.items():
        known = name in mine or len(mine) < MOST_NAMES
        mine.setdefault(name if known else OTHER, Sums()).join(sums)


def summed(task: Task, embedder: Embedder, records: Sequence[Record]) -> Part:
    """What the records of one chunk say. Reads nothing, and keeps no state."""
    texts = [asked(record.input) for record in records]
    vectors = embedder.embed(texts)
    found = nearest(vectors, task.cases)
    distances, places = found[0].tolist(), found[1].tolist()
    part = Part(n=len(records))
    far: set[int] = set()
    heard: Rows = []
    spoken: Any = vectors.any(axis=1)
    for at, says in enumerate(spoken.tolist()):
        if says:
            heard.append(at)
            if distances[at] > task.reach:
                far.add(at)
    part.silent = len(records) - len(heard)
    part.whole.add(vectors, len(far))
    by_window: dict[int | None, Rows] = {}
    by_group: dict[str, dict[str, Rows]] = {}
    windows = [drift_windows.place(record.time, task.width) for record in records]
    spoken = [language(text) for text in texts]
    for at, record in enumerate(records):
        _tell_output(part, record, windows[at], spoken[at])
        if record.time is not None and windows[at] is not None:
            part.first = min(part.first or record.time, record.time)
            part.last = max(part.last or record.time, record.time)
    for at in heard:
        record = records[at]
        by_window.setdefault(windows[at], []).append(at)
        for grouping, name in _groups(record, spoken[at], task.tiers[places[at]]):
            by_group.setdefault(grouping, {}).setdefault(name[:_NAME], []).append(at)
        if record.feedback is not None and at not in far:
            part.feedback[task.topics[places[at]], windows[at], record.feedback] += 1
        drawn = draw(f"{record.id}\0{texts[at]}", task.seed)
        seen = Seen(record, texts[at], vectors[at], distances[at], windows[at])
        part.rows.append((drawn, seen))
    part.windows = {window: _sums(vectors, rows, far) for window, rows in by_window.items()}
    part.groups = {
        grouping: {name: _sums(vectors, rows, far) for name, rows in found.items()}
        for grouping, found in by_group.items()
    }
    return part


def _sums(vectors: Vectors, rows: Rows, far: set[int]) -> Sums:
    sums = Sums()
    sums.add(vectors[rows], sum(at in far for at in rows))
    return sums


def _groups(record: Record, spoken: str | None, tier: str) -> list[tuple[str, str]]:
    found = [("language", spoken or "unknown"), ("tier", tier)]
    if record.system is not None:
        found.append(("system", record.system))
    if record.tags:
        found += [("tag", tag) for tag in dict.fromkeys(record.tags[:20])]
    return found


def version(record: Record) -> str:
    """What answered, as far as the log says: the model, else the system."""
    return (record.model or record.system or "")[:_NAME]


def _tell_output(part: Part, record: Record, window: int | None, spoken: str | None) -> None:
    name = version(record)
    part.versions[window, name] += 1
    for kind, has in drift_output.faults(record, spoken).items():
        part.could[window, name, kind] += 1
        if has:
            part.had[window, name, kind] += 1
    if record.output:
        part.lengths[window, drift_output.length_bin(len(record.output))] += 1
    if record.finish_reason:
        part.finish_reasons[record.finish_reason[:_NAME]] += 1


def _own(seen: Seen) -> Seen:
    """`seen` without what it would keep in memory beside it: the chunk's vectors, long texts."""
    record = seen.record
    output = None if record.output is None else record.output[:_OUTPUT]
    short: dict[str, object] = {"output": output, "context": (), "notes": None, "expected": None}
    said = record.input
    length = len(said) if isinstance(said, str) else sum(len(one.content or "") for one in said)
    if length > _INPUT:
        short["input"] = seen.text[:_INPUT] or "(long)"
    return seen._replace(
        record=record.model_copy(update=short), vector=seen.vector.copy(), whole=length <= _INPUT
    )
