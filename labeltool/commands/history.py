"""`history`: who decided what. Commits give the order, the fields in the files the truth."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice

from labeltool.commands.context import Context
from labeltool.commands.history_facts import Facts
from labeltool.errors import LabeltoolError, RepositoryError, UnknownName
from labeltool.history.log import LogEntry
from labeltool.model.base import is_id
from labeltool.store import paths
from labeltool.store.dataset import DatasetStore

KIND, DATASET, CASE = "Labeltool-Kind", "Labeltool-Dataset", "Labeltool-Case"
ANNOTATOR = "Labeltool-Annotator"
UNDOES, REDOES = "Labeltool-Undoes", "Labeltool-Redoes"


@dataclass(frozen=True)
class Decided:
    """One decision. `at` is ISO text, None where nothing says it; `commit` None where only the
    file tells of it (its commit was squashed, or lies beyond a shallow clone).
    """

    at: str | None
    who: str | None
    kind: str
    case: str | None
    system: str | None
    sentence: str
    commit: str | None


def history(
    ctx: Context, case: str | None = None, *, dataset: str | None = None, limit: int | None = None
) -> list[Decided]:
    """Decisions, newest first: all of the workspace, or those about one case of a dataset.

    What others said of an output whose round is open stays hidden. Raises UnknownName for a case
    that neither the files nor git know.
    """
    if case is None:
        found = rows(ctx, dataset=dataset and ctx.workspace.dataset(dataset).name)
        return [row.decided for row in islice(found, limit)]
    store = ctx.workspace.dataset(dataset)
    decided = _of_case(ctx, store, case) if is_id(case) else []
    if not decided and case not in store.case_ids():
        raise UnknownName("case", case, store.case_ids())
    return decided[:limit]


@dataclass(frozen=True, slots=True)
class Row:
    """A decision with its files. taken_back: an undo that stands names it."""

    decided: Decided
    paths: tuple[str, ...]
    taken_back: bool


def rows(
    ctx: Context, *, dataset: str | None = None, annotator: str | None = None
) -> Iterator[Row]:
    """Decisions newest first, read as they are asked for; `annotator` is who reads.

    Raises NotARepository.
    """
    facts: dict[str, Facts] = {}
    standing: dict[str, bool] = {}
    reader = annotator or _reader(ctx)
    for entry in ctx.history.log():
        undone, redone = entry.trailers.get(UNDOES), entry.trailers.get(REDOES)
        if undone or redone:
            standing.setdefault(undone or redone or "", redone is not None)
        ours = [path for path in entry.paths if paths.place_of(path) is not None]
        if not entry.trailers and not ours:
            continue
        name = entry.trailers.get(DATASET) or _dataset_of(ours)
        if dataset is not None and name != dataset:
            continue
        if name in ctx.workspace.dataset_names and name not in facts:
            facts[name] = Facts(ctx, ctx.workspace.dataset(name), reader)
        decided = _decided(entry, ours, facts.get(name or ""))
        yield Row(decided, tuple(ours), not standing.get(entry.hash, True))


def _of_case(ctx: Context, store: DatasetStore, case: str) -> list[Decided]:
    facts = Facts(ctx, store, _reader(ctx))
    told: list[Decided] = []
    covered: set[tuple[str, str]] = set()
    for entry in _log_of(ctx, store.name, case):
        ours = [path for path in entry.paths if paths.place_of(path) is not None]
        covered.update((path, entry.trailers.get(KIND, "")) for path in ours)
        told.append(_decided(entry, ours, facts))
    for fact in facts.standing(case):
        if (fact.path, fact.kind) not in covered:
            one = Decided(fact.at, fact.who, fact.kind, case, fact.system, fact.told, None)
            told.append(_as_imported(ctx, store.name, one, fact.path))
    return sorted(told, key=lambda one: _moment(one.at), reverse=True)


def _as_imported(ctx: Context, dataset: str, one: Decided, path: str) -> Decided:
    """With who brought the file in and when, where the file says neither and a commit does."""
    if one.kind != "import" or one.who is not None:
        return one
    try:
        imports = ctx.history.log(trailers={KIND: "import", DATASET: dataset})
    except RepositoryError:
        return one
    entry = next((entry for entry in imports if path in entry.paths), None)
    if entry is None:
        return one
    who = entry.trailers.get(ANNOTATOR) or entry.author
    at = one.at or entry.date.isoformat(timespec="seconds")
    return replace(one, at=at, who=who, commit=entry.hash)


def _log_of(ctx: Context, dataset: str, case: str) -> Iterator[LogEntry]:
    """Commits about the case; none outside git, where the files alone tell."""
    try:
        opened = ctx.history
    except RepositoryError:
        return iter(())
    return opened.log(trailers={CASE: case, DATASET: dataset})


def _decided(entry: LogEntry, ours: list[str], facts: Facts | None) -> Decided:
    """A commit in the words of the file that it wrote, where it wrote one and it can be read."""
    kind = entry.trailers.get(KIND, "by hand")
    at = entry.date.isoformat(timespec="seconds")
    told = None
    if facts is not None and len(ours) == 1 and kind not in ("undo", "redo"):
        told = facts.at_commit(entry.hash, ours[0], kind)
    hidden = told is None and facts is not None and facts.hides(entry.trailers.get(ANNOTATOR), ours)
    place = paths.place_of(ours[0]) if len(ours) == 1 else None
    return Decided(
        at=(told.at if told else None) or at,
        who=(told.who if told else None) or entry.trailers.get(ANNOTATOR) or entry.author,
        kind=kind,
        case=entry.trailers.get(CASE) or (place.name if place and place.kind == "case" else None),
        system=place.system if place else None,
        sentence="(hidden: its round is open)" if hidden else told.told if told else entry.subject,
        commit=entry.hash,
    )


def _dataset_of(ours: list[str]) -> str | None:
    places = (paths.place_of(path) for path in ours)
    return next((place.dataset for place in places if place and place.dataset), None)


def _reader(ctx: Context) -> str | None:
    """Who is reading: others' labels are hidden from them. None where nobody is known."""
    try:
        return ctx.annotator()
    except LabeltoolError:
        return None


def _moment(at: str | None) -> float:
    """Seconds for sorting; what has no date comes last."""
    if at is None:
        return float("-inf")
    moment = datetime.fromisoformat(at)
    return moment.timestamp() if moment.tzinfo else moment.astimezone().timestamp()
