"""`import`: rows of another tool's file become cases, outputs or labels, in one commit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any, BinaryIO, Literal

from labeltool.commands.context import Context
from labeltool.commands.import_kinds import Cases, Importer, Labels, Outputs
from labeltool.commands.import_secrets import Screen, Secrets
from labeltool.commands.promote_draft import salt_of
from labeltool.errors import DataError, LabeltoolError, Problem, UsageError, Where
from labeltool.formats import cases, labels, outputs, rows
from labeltool.formats.columns import Columns
from labeltool.formats.rows import Format, Row
from labeltool.history import CommitMessage
from labeltool.model.base import Noun
from labeltool.redact.finding import Kind as Redacted
from labeltool.store import codec, files, paths
from labeltool.store.dataset import DatasetStore
from labeltool.store.workspace import Write

Kind = Literal["cases", "outputs", "labels"]
FIELDS: dict[Kind, tuple[str, ...]] = {
    "cases": cases.FIELDS,
    "outputs": outputs.FIELDS,
    "labels": labels.FIELDS,
}


@dataclass(frozen=True)
class Source:
    """The file to read: `name` stands in problems and in the commit."""

    stream: BinaryIO
    name: str
    format: Format


@dataclass(frozen=True)
class Wanted:
    """How rows are read: `maps` are `field=column` texts, `constant` fills fields rows lack,
    `secrets` says what becomes of keys and personal data (see `import_secrets`).
    """

    kind: Kind
    dataset: str | None = None
    maps: tuple[str, ...] = ()
    constant: dict[str, str | None] = field(default_factory=dict)
    skip_invalid: bool = False
    secrets: Secrets | None = None


@dataclass(frozen=True)
class Imported:
    """read = written + unchanged + skipped rows; `ignored` are columns that nothing was read from.

    `commit` is None where nothing had to be written. uncommitted: files that what came in cannot
    be read without, and that are in no commit as they are. kept, redacted: what a look for keys and
    personal data found, by kind.
    """

    kind: Kind
    dataset: str
    read: int
    written: tuple[str, ...]
    unchanged: int
    problems: tuple[Problem, ...]
    ignored: tuple[str, ...]
    commit: str | None
    kept: Mapping[Redacted, int] = field(default_factory=dict)
    redacted: Mapping[Redacted, int] = field(default_factory=dict)
    uncommitted: tuple[str, ...] = ()

    @property
    def skipped(self) -> int:
        return len({problem.where.line for problem in self.problems})


def import_rows(ctx: Context, source: Source, wanted: Wanted) -> Imported:
    """Import all of `source` or nothing; with `skip_invalid` the rows that can be.

    Raises DataError with every bad row, UsageError for a field or column that is not there,
    CommitHeld where the files are saved and not committed.
    """
    # An import that was killed is made whole first: its rows are then unchanged, and no conflict.
    ctx.history.recover()
    store = ctx.workspace.dataset(wanted.dataset)
    columns = Columns.of(wanted.maps, FIELDS[wanted.kind], wanted.constant)
    importer = _importer(ctx, store, columns, source, wanted.kind)
    regions = ctx.workspace.settings.promote.regions
    screen = Screen(wanted.secrets, salt_of(ctx.env, store.name), regions, source.name)
    found = rows.read(source.stream, source.name, source.format)
    taken = _take(found, importer, columns, source, screen)
    if columns.missing() and taken.read:
        raise UsageError(
            f"--map: no row has a column {columns.missing()[0]!r}",
            hint=f"columns: {', '.join(columns.seen()) or 'none'}",
        )
    if not taken.read:
        raise DataError("has no rows", hint="nothing was imported", where=Where(source.name))
    if taken.problems and not wanted.skip_invalid:
        raise DataError.of(taken.problems)
    commit = None
    if taken.writes:
        message = _message(store, wanted.kind, taken.nouns, source, _by(ctx))
        commit = ctx.record(taken.writes, message).commit
    return Imported(
        kind=wanted.kind,
        dataset=store.name,
        read=taken.read,
        written=tuple(write.path for write in taken.writes),
        unchanged=taken.unchanged,
        problems=tuple(taken.problems),
        ignored=tuple(columns.ignored()),
        commit=commit,
        kept=screen.kept,
        redacted=screen.redacted,
        uncommitted=_uncommitted(ctx, store) if commit is not None else (),
    )


def _uncommitted(ctx: Context, store: DatasetStore) -> tuple[str, ...]:
    """Whoever clones the repository would not have them, and none of the import works there."""
    rests_on = (
        paths.SETTINGS,
        paths.rubric_path(store.settings.rubric),
        paths.dataset_path(store.name),
    )
    git = ctx.history.git
    return tuple(path for path in rests_on if git.ask("status", "--porcelain", "--", path))


@dataclass
class _Taken:
    read: int = 0
    unchanged: int = 0
    nouns: list[Noun] = field(default_factory=list)
    writes: list[Write] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def _take(
    found: Iterator[Row | Problem],
    importer: Importer[Any],
    columns: Columns,
    source: Source,
    screen: Screen,
) -> _Taken:
    """Every row as a write, as unchanged or as problems."""
    taken = _Taken()
    lines: dict[str, int] = {}
    for row in found:
        taken.read += 1
        if isinstance(row, Problem):
            taken.problems.append(row)
            continue
        columns.note(row)
        try:
            noun = screen.passed(importer.noun(row), row.line)
            path = _once(importer, noun, lines, row, source)
            write = _write(importer, noun, path, row, source)
        except DataError as error:
            taken.problems += error.problems
            continue
        if write is None:
            taken.unchanged += 1
        else:
            taken.writes.append(write)
            taken.nouns.append(noun)
    return taken


def _once(
    importer: Importer[Any], noun: Noun, lines: dict[str, int], row: Row, source: Source
) -> str:
    """The path of `noun`, which no earlier row may have taken."""
    key = importer.key(noun)
    first = lines.setdefault(key, row.line)
    if first != row.line:
        raise _bad(source, row, importer.id_field, f"{key} is what line {first} is called too")
    return importer.path(noun)


def _write(
    importer: Importer[Any], noun: Noun, path: str, row: Row, source: Source
) -> Write | None:
    """What to write, None where the file says all of that already."""
    stands = importer.present(noun)
    if stands is not None:
        if importer.same(noun, stands):
            return None
        raise _bad(source, row, importer.id_field, *importer.differs(noun, stands))
    data = codec.encode(importer.finished(noun))
    if len(data) > files.SIZE_CAP:
        raise _bad(source, row, None, f"is larger than {files.SIZE_CAP >> 20} MiB")
    return Write(path, data, None)


def _bad(
    source: Source, row: Row, field: str | None, message: str, hint: str | None = None
) -> DataError:
    return DataError.of([Problem(Where(source.name, row.line, field), message, hint)])


def _importer(
    ctx: Context, store: DatasetStore, columns: Columns, source: Source, kind: Kind
) -> Importer[Any]:
    if kind == "cases":
        return Cases(store, columns, source.name)
    if kind == "outputs":
        return Outputs(store, columns, source.name, ctx.workspace.settings)
    return Labels(store, columns, source.name, ctx.workspace.settings, ctx.iso_now())


def _by(ctx: Context) -> str:
    """Who imports, so that `undo` finds it; it may be nobody that the settings list."""
    try:
        return ctx.annotator()
    except LabeltoolError:
        return ""


def _message(
    store: DatasetStore, kind: Kind, nouns: Iterable[Noun], source: Source, by: str
) -> CommitMessage:
    nouns = list(nouns)
    count = f"{len(nouns)} {kind if len(nouns) != 1 else kind.removesuffix('s')}"
    group = {"cases": "tier", "outputs": "system", "labels": "annotator"}[kind]
    names = sorted({str(getattr(noun, group)) for noun in nouns})
    few = " and ".join(names) if len(names) < 3 else f"{len(names)} {group}s"
    what = {
        "cases": f"import {count} into {few} of {store.name}",
        "outputs": f"import {count} of {few} into {store.name}",
        "labels": f"import {count} by {few} into {store.name}",
    }[kind]
    trailers = {"Labeltool-Kind": "import", "Labeltool-Dataset": store.name}
    trailers["Labeltool-Annotator"] = by
    if kind == "labels":
        trailers["Labeltool-Rubric"] = store.rubric.ref
    return CommitMessage(what, body=f"From {PurePosixPath(source.name).name}.", trailers=trailers)
