"""`promote`: failures of production and bug reports become drafts in the inbox, in one commit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO, Literal

from labeltool.commands.context import Context
from labeltool.commands.near import NearIndex, embedder
from labeltool.commands.promote_draft import Maker, salt_of
from labeltool.commands.promote_fold import Folder
from labeltool.errors import DataError, LabeltoolError, Problem, UsageError, Where
from labeltool.model import hashing
from labeltool.model.base import Tier
from labeltool.model.promote import PromoteRule
from labeltool.model.record import Draft, Record
from labeltool.redact import names, placeholders
from labeltool.rules.promote import DEFAULT_RULES, REPORTED, Nominator
from labeltool.rules.promote_select import Selection
from labeltool.sources import FIELDS, BadRow, Kind, Reading, read
from labeltool.sources.issue import LABELS, labels_of
from labeltool.store.dataset import DatasetStore
from labeltool.store.yaml import reader

LIMIT = 50
FORMS = (".github/ISSUE_TEMPLATE/eval-failure.yml", ".github/ISSUE_TEMPLATE/eval-failure.yaml")
_SHOWN_BAD = 20
_REPORTED: tuple[Kind, ...] = ("github-issue", "text")

Secrets = Literal["redact", "block"]


@dataclass(frozen=True)
class Asked:
    """What the command line says. `origin` names the log; `maps` are `field=column` texts."""

    origin: str
    kind: Kind | None = None
    dataset: str | None = None
    tier: Tier | None = None
    system: str | None = None
    maps: tuple[str, ...] = ()
    limit: int = LIMIT
    secrets: Secrets = "redact"
    annotator: str | None = None
    wanted: bool = False
    """Somebody pointed at it: nominated whatever the rules say."""


@dataclass(frozen=True)
class Plan:
    """What would be written, and what it was made of; nothing is written yet.

    read = bad rows + records; `nominated` counts records that a rule took for a failure,
    `duplicates` those of them that say what a case or a draft says already, `over_cap` those that
    the caps left out. `bad` are the first bad rows. `by`: who promotes, where that was said.
    """

    dataset: str
    kind: Kind
    origin: str
    by: str | None
    read: int
    bad_rows: int
    bad: tuple[BadRow, ...]
    nominated: int
    duplicates: int
    over_cap: int
    out_of_scope: int
    new: tuple[Draft, ...]
    grown: tuple[Draft, ...]
    cases: Mapping[str, int]
    notices: tuple[str, ...]


@dataclass
class _Counts:
    read: int = 0
    bad: int = 0
    nominated: int = 0
    repeated: int = 0
    first_bad: list[BadRow] = field(default_factory=list)


def plan(ctx: Context, stream: BinaryIO, asked: Asked) -> Plan:
    """Read the log and choose; memory is bounded by the caps, not by the log.

    Raises UsageError, DataError (nothing in it could be read, or `secrets` is "block" and there
    are some), UnknownName.
    """
    store = ctx.workspace.dataset(asked.dataset)
    source = ctx.workspace.settings.promote.sources.get(asked.origin)
    mapping = {**(source.map if source else {}), **mapping_of(asked.maps)}
    known_fields(mapping)
    cases = {case.id: case for case in store.cases().values}
    reading = read(
        stream,
        asked.origin,
        asked.kind or (source.kind if source else None),
        mapping=mapping,
        labels=_labels(ctx),
        case_of=cases.get,
    )
    system = asked.system or (source.system if source else None)
    return _choose(ctx, store, reading, asked, system)


def by_hand(ctx: Context, record: Record, asked: Asked) -> Plan:
    """As `plan`, of one record that a person wrote down."""
    store = ctx.workspace.dataset(asked.dataset)
    return _choose(ctx, store, Reading(asked.kind or "text", iter([record])), asked, asked.system)


def mapping_of(maps: Sequence[str]) -> dict[str, str]:
    """{field: column} of `field=column` texts. Raises UsageError."""
    found: dict[str, str] = {}
    for pair in maps:
        name, equals, column = pair.partition("=")
        if not (name and equals and column):
            raise UsageError(f"--map {pair!r} is not field=column")
        found[name] = column
    return found


def known_fields(mapping: Mapping[str, str]) -> None:
    """Raises UsageError where a record has no such field."""
    for name in mapping:
        if name not in FIELDS:
            raise UsageError(
                f"--map: there is no field {name!r}", hint=f"fields: {', '.join(FIELDS)}"
            )


def _labels(ctx: Context) -> dict[str, str]:
    """The labels of the issue form beside the dataset, where there is one that can be read."""
    for path in FORMS:
        try:
            data = ctx.workspace.read(path)
            if data is not None:
                return labels_of(reader.parse(data, path=path))
        except LabeltoolError:
            continue
    return dict(LABELS)


def _choose(
    ctx: Context, store: DatasetStore, reading: Reading, asked: Asked, system: str | None
) -> Plan:
    settings = ctx.workspace.settings.promote
    rules: Sequence[PromoteRule] = settings.rules or DEFAULT_RULES
    if reading.kind in _REPORTED or asked.wanted:
        rules = (REPORTED,)
    nominator = Nominator(rules, asked.origin)
    selection = Selection(cap=settings.cap, limit=asked.limit)
    today = ctx.iso_now()[:10]
    counts = _read(reading, nominator, selection, today)
    if counts.bad and counts.bad == counts.read:
        raise DataError.of(
            [Problem(Where(asked.origin, bad.line), bad.message) for bad in counts.first_bad]
        )
    finder, missing = names.finder()
    maker = Maker(
        kind=reading.kind,
        origin=asked.origin,
        salt=salt_of(ctx.env, store.name),
        regions=settings.regions,
        names=finder,
        tier=asked.tier,
        system=system,
    )
    folder = Folder.of(store, NearIndex(embedder()))
    over = selection.let_go + _fold(folder, maker, selection, settings.cap, asked.limit)
    if asked.secrets == "block":
        _refuse(folder.new.values(), asked.origin)
    notices = [missing] if missing and folder.new else []
    if nominator.slow:
        notices.append(f"a pattern took too long on {nominator.slow} records: taken for no match")
    return Plan(
        dataset=store.name,
        kind=reading.kind,
        origin=asked.origin,
        by=asked.annotator,
        read=counts.read,
        bad_rows=counts.bad,
        bad=tuple(counts.first_bad),
        nominated=counts.nominated,
        duplicates=counts.nominated - over - folder.out - len(folder.new),
        over_cap=over,
        out_of_scope=folder.out,
        new=tuple(folder.new.values()),
        grown=tuple(folder.grown.values()),
        cases=dict(folder.cases),
        notices=tuple(notices),
    )


def _read(reading: Reading, nominator: Nominator, selection: Selection, today: str) -> _Counts:
    counts = _Counts()
    for item in reading:
        counts.read += 1
        if isinstance(item, BadRow):
            counts.bad += 1
            if len(counts.first_bad) < _SHOWN_BAD:
                counts.first_bad.append(item)
            continue
        nomination = nominator.nominate(item)
        if nomination is None:
            continue
        counts.nominated += 1
        same = hashing.input_hash(item.input)
        day = item.time[:10] if item.time else today
        if not selection.add(same, item, nomination, day):
            counts.repeated += 1
    return counts


def _fold(folder: Folder, maker: Maker, selection: Selection, cap: int, limit: int) -> int:
    """Fold what is there, take what is new within the caps; how many records the caps left out.

    Drafts of the same log and day that wait in the inbox count, so that reading a log again does
    not go on where the cap stopped it.
    """
    days: Counter[str] = Counter()
    for draft in folder.drafts.values():
        if draft.origin == maker.origin and draft.source and draft.source.date:
            days[draft.source.date[:10]] += 1
    over = 0
    for one in selection.best():
        draft = maker.draft(one)
        if folder.fold(draft, of_case=one.record.id if maker.kind == "results" else None):
            continue
        if len(folder.new) >= limit or days[one.day] >= (one.nomination.cap or cap):
            over += one.seen
            continue
        folder.add(draft)
        days[one.day] += 1
    return over


def _refuse(drafts: Iterable[Draft], origin: str) -> None:
    """Raises DataError where a draft had to be redacted."""
    problems = []
    for draft in drafts:
        redactions = draft.source.redactions if draft.source else None
        if draft.source and redactions:
            counts = {one["placeholder"]: one["times"] for one in redactions}
            message = f"holds {placeholders.said(counts)}"
            hint = "say --secrets redact, and placeholders stand in their place"
            problems.append(Problem(Where(origin, field=draft.source.ref), message, hint))
    if problems:
        raise DataError.of(problems)
