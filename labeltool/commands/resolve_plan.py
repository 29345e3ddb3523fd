"""A disagreed output, and what settling it writes: how both ways of resolving begin."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from labeltool.commands.by_text import hear, is_blind
from labeltool.commands.context import Context
from labeltool.commands.label_view import texts_of
from labeltool.errors import DataError, UsageError, Where
from labeltool.history import CommitMessage, FileChange, Verify
from labeltool.model.case import Case
from labeltool.model.label import Label
from labeltool.model.output import Output
from labeltool.model.resolution import Resolution
from labeltool.model.rubric import Rubric
from labeltool.rules.resolve import Decision, Disagreement, disagreement, resolve
from labeltool.store import codec, files, paths
from labeltool.store.dataset import DatasetStore
from labeltool.store.workspace import Write


class Amends(Protocol):
    """A change of the rubric that lands in the same commit."""

    @property
    def after(self) -> Rubric: ...
    @property
    def write(self) -> Write: ...


@dataclass(frozen=True, slots=True)
class Subject:
    """A disagreed output with what it answers. files: {snapshot: hash of its resolution file, None
    without one} of those that settling it writes: the same text may stand in several snapshots.
    """

    case: Case
    output: Output
    found: Disagreement
    files: Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class Settling:
    """What is to be written for a resolution, before anything is."""

    resolution: Resolution
    path: str
    changes: tuple[FileChange, ...]
    message: CommitMessage


def subject(ctx: Context, store: DatasetStore, system: str, case: str) -> Subject:
    """An output that people disagree on, settled or not.

    Raises UnknownName, DataError, and UsageError where there is nothing to resolve, with why.
    """
    found = store.case(case)
    output = store.output(system, case)
    if output is None:
        raise UsageError(f"{case} has no recorded output in the snapshot {system}")
    texts = texts_of(found, output)
    text = (case, texts.output_hash)
    if is_blind(store, text):
        raise UsageError(
            f"{case} of {system} is in an open round: its labels stay hidden",
            hint="`labeltool round close` ends it",
        )
    heard = hear(store, text)
    labels = heard.labels
    differ = disagreement(store.rubric, texts, labels, heard.resolution, system=system)
    if differ is None:
        raise UsageError(
            f"there is nothing to resolve in {case} of {system}: {_why_not(labels)}",
            hint="`labeltool resolve --list` shows what people disagree on",
        )
    places = {one.system for one in heard.resolutions}
    read = {place: _read_hash(ctx, store, place, case) for place in sorted({*places, system})}
    if places and read[system] is None:
        del read[system]  # one decision, one file: where it was settled first
    return Subject(found, output, differ, read)


def _read_hash(ctx: Context, store: DatasetStore, system: str, case: str) -> str | None:
    data = ctx.workspace.read(paths.resolution_path(store.name, system, case))
    return None if data is None else files.content_hash(data)


def _why_not(labels: Sequence[Label]) -> str:
    if len(labels) < 2:
        return "it has no label" if not labels else "it has one label only"
    return "the labels that stand agree"


def plan(
    ctx: Context,
    store: DatasetStore,
    subject: Subject,
    decision: Decision,
    *,
    resolver: str,
    amendment: Amends | None = None,
) -> Settling:
    """The resolution, and the rubric's next version with it; nothing is written yet.

    Raises UsageError for a decision that cannot be.
    """
    amended = amendment.after if amendment is not None else None
    found, earlier = subject.found, subject.found.earlier
    settled = resolve(
        found, decision, store.rubric, resolver=resolver, at=ctx.iso_now(), amended=amended
    )
    if earlier is not None and _same(settled, earlier):
        settled = earlier
    place = found.system
    if place not in subject.files:
        place = earlier.system if earlier is not None else next(iter(subject.files))
    settled = settled.model_copy(update={"system": place})
    path = paths.resolution_path(store.name, place, found.case)
    changes = [
        FileChange(
            paths.resolution_path(store.name, system, found.case),
            codec.encode(settled.model_copy(update={"system": system})),
            read_hash,
        )
        for system, read_hash in subject.files.items()
    ]
    if amendment is not None:
        changes.append(FileChange(*amendment.write))
    message = _message(store.name, found, settled, decision, amended)
    return Settling(settled, path, tuple(changes), message)


def _same(one: Resolution, other: Resolution) -> bool:
    """Whether both say the same, whenever and over whichever snapshot."""
    aside: dict[str, object] = {"resolved_at": None, "system": ""}
    return one.model_copy(update=aside) == other.model_copy(update=aside)


def _message(
    dataset: str,
    found: Disagreement,
    settled: Resolution,
    decision: Decision,
    amended: Rubric | None,
) -> CommitMessage:
    """The commit of a resolution. Its round is closed, so scores may be named."""
    resolver = settled.resolver or ""
    annotated = resolver in found.annotators
    subject = f"resolve {found.case} of {found.system} as {resolver}"
    lines = [
        f"{one.criterion.id}: {decision.scores[one.criterion.id]}"
        f" ({', '.join(f'{name} {score}' for name, score in sorted(one.scores.items()))})"
        for one in found.differences
        if one.criterion.id in decision.scores
    ]
    lines.append(f"because: {(decision.because or '').replace('_', ' ')}")
    lines += [decision.note.strip()] if decision.note and decision.note.strip() else []
    if amended is not None:
        subject += f", and amend {amended.name} to version {amended.version}"
        change = next((one for one in amended.changelog if one.version == amended.version), None)
        lines += [f"{amended.ref}: {change.reason}"] if change and change.reason else []
    if annotated:
        lines.append(f"{resolver} resolved this and is one of its annotators.")
    trailers = {
        "Labeltool-Kind": "resolve",
        "Labeltool-Dataset": dataset,
        "Labeltool-Case": found.case,
        "Labeltool-Annotator": resolver,
        "Labeltool-Rubric": settled.rubric if amended is None else amended.ref,
        "Labeltool-Resolver-Annotated": "yes" if annotated else "no",
    }
    return CommitMessage(subject, "\n".join(lines), trailers)


def reads_back(settling: Settling) -> Verify:
    """Refuses a file that would not read back as the resolution that was made."""

    def verify(path: str, data: bytes) -> None:
        if path == settling.path and codec.decode(data, Resolution, path) != settling.resolution:
            raise DataError(
                "would not read back as it was said",
                hint="the note holds characters that YAML cannot keep: take them out",
                where=Where(path),
            )

    return verify
