"""`rubric amend`: change what good means, say why, and ask again only for what changed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from labeltool.commands.context import Context
from labeltool.errors import DataError, UnknownName, UsageError
from labeltool.history import CommitMessage, Committed
from labeltool.model.hashing import input_hash
from labeltool.model.label import Label
from labeltool.model.resolution import Resolution
from labeltool.model.rubric import Change, Rubric
from labeltool.rules.amend import Alter, Edit, amended, edited
from labeltool.rules.rubric_diff import RubricDiff, diff
from labeltool.rules.staleness import Texts
from labeltool.rules.survival import Survival, survival
from labeltool.store import codec, files, paths
from labeltool.store.dataset import DatasetStore
from labeltool.store.rubric_file import rewritten
from labeltool.store.workspace import Write


@dataclass(frozen=True)
class Amendment:
    """A rubric's next version before it is written, and what it does in each dataset that uses it.

    open_rounds: (dataset, number) of rounds that it would cut through.
    """

    by: str
    before: Rubric
    after: Rubric
    write: Write
    survivals: tuple[Survival, ...] = ()
    open_rounds: tuple[tuple[str, int], ...] = ()

    @property
    def entry(self) -> Change:
        """The changelog entry that it adds."""
        return next(one for one in self.after.changelog if one.version == self.after.version)

    @property
    def changed(self) -> tuple[str, ...]:
        """The criteria whose labels go stale."""
        return self.entry.changed

    @property
    def diff(self) -> RubricDiff:
        return diff(self.before, self.after)

    @property
    def survive(self) -> tuple[str, ...]:
        """Which labels survive and how many are asked again, one sentence a line."""
        return _told(self.survivals)

    def message(self) -> CommitMessage:
        """The commit of the amendment alone."""
        return CommitMessage(
            f"amend {self.before.name} to version {self.after.version} as {self.by}: {self.what}",
            body=self.entry.reason or "",
            trailers=self.trailers,
        )

    @property
    def what(self) -> str:
        """What is amended, in a few words."""
        done = {"added": "add ", "removed": "remove ", "changed": ""}
        named = [done[one.what] + one.id for one in self.diff.criteria]
        return ", ".join(named) or ", ".join(one.field for one in self.diff.fields)

    @property
    def trailers(self) -> dict[str, str]:
        datasets = [one.dataset for one in self.survivals]
        return {
            "Labeltool-Kind": "amend",
            "Labeltool-Dataset": datasets[0] if len(datasets) == 1 else "",
            "Labeltool-Annotator": self.by,
            "Labeltool-Rubric": self.after.ref,
        }


def propose(
    ctx: Context,
    rubric: str,
    edits: Sequence[Edit],
    *,
    reason: str,
    cases: Sequence[str] = (),
    annotator: str | None = None,
    anyway: bool = False,
) -> Amendment:
    """The amendment that `edits` make of a rubric; nothing is written.

    reason: why, for the changelog; cases: what made it necessary. An open round of a dataset that
    uses the rubric refuses it unless `anyway`: some of its blind labels would be given under
    another rubric than the others.

    Raises UsageError (nothing changes, no reason, an edit that does not fit, an open round),
    UnknownName (rubric, criterion, case), DataError (a file that cannot be read or edited).
    """
    path, data, before = _read(ctx, rubric)
    wanted = edited(before, edits)
    return _proposed(
        ctx, path, data, before, wanted, reason=reason, cases=cases, who=annotator, anyway=anyway
    )


def propose_text(
    ctx: Context,
    rubric: str,
    text: bytes,
    *,
    seen: bytes,
    reason: str,
    cases: Sequence[str] = (),
    annotator: str | None = None,
    anyway: bool = False,
) -> Amendment:
    """The amendment that a rubric's whole file makes after a person edited it from `seen`.

    Its comments are kept too; version and changelog follow from the difference. Raises as
    `propose`; DataError with the line for a text that is no rubric.
    """
    path = paths.rubric_path(rubric)
    before = codec.decode(seen, Rubric, path)
    wanted = codec.decode(text, Rubric, path)
    if (wanted.version, wanted.changelog) != (before.version, before.changelog):
        raise UsageError(
            "the version and the changelog follow from the amendment",
            hint="leave both as they were; say why with --reason",
        )
    return _proposed(
        ctx,
        path,
        text,
        before,
        wanted,
        reason=reason,
        cases=cases,
        who=annotator,
        anyway=anyway,
        seen=seen,
    )


def amend(ctx: Context, amendment: Amendment) -> Committed:
    """Write and commit it, alone. Raises Conflict where the file is no longer the one that was
    read, StorageError, CommitHeld where it is saved and the commit waits.
    """
    return ctx.record([amendment.write], amendment.message())


def _read(ctx: Context, rubric: str) -> tuple[str, bytes, Rubric]:
    """Path, bytes and rubric of one reading: the file that was read is the one that is changed."""
    ctx.workspace.rubric(rubric)
    path = paths.rubric_path(rubric)
    data = ctx.workspace.read(path)
    if data is None:
        raise UnknownName("rubric", rubric, ctx.workspace.rubric_names)
    return path, data, codec.decode(data, Rubric, path)


def _proposed(
    ctx: Context,
    path: str,
    data: bytes,
    before: Rubric,
    wanted: Rubric,
    *,
    reason: str,
    cases: Sequence[str],
    who: str | None,
    anyway: bool,
    seen: bytes | None = None,
) -> Amendment:
    stores = using(ctx, before.name)
    by = ctx.annotator(who)
    _known_cases(stores, cases)
    after = amended(before, wanted, date=ctx.iso_now()[:10], reason=reason, cases=cases)
    rounds = open_rounds(stores)
    if rounds and not anyway:
        raise in_open_round(rounds)
    content = rewritten(data, after, path)
    return Amendment(
        by=by,
        before=before,
        after=after,
        write=Write(path, content, files.content_hash(data if seen is None else seen)),
        survivals=tuple(_survival(store, before, after) for store in stores),
        open_rounds=rounds,
    )


def using(ctx: Context, rubric: str) -> tuple[DatasetStore, ...]:
    """The datasets that are labelled under a rubric; one whose settings are broken is left out."""
    found = []
    for name in ctx.workspace.dataset_names:
        try:
            store = ctx.workspace.dataset(name)
        except DataError:
            continue
        if store.settings.rubric == rubric:
            found.append(store)
    return tuple(found)


def in_open_round(rounds: Sequence[tuple[str, int]]) -> UsageError:
    dataset, number = rounds[0]
    return UsageError(
        f"round {number} of {dataset} is open: its blind labels are given under one rubric",
        hint="close it first: labeltool round close; or say --anyway, and those who labelled "
        "already are asked again",
    )


def open_rounds(stores: Sequence[DatasetStore]) -> tuple[tuple[str, int], ...]:
    """(dataset, number) of the rounds that an amendment would cut through."""
    return tuple(
        (store.name, one.number)
        for store in stores
        for one in store.rounds().values
        if one.closed is None
    )


def stakes(ctx: Context, rubric: Rubric, criterion: str) -> tuple[str, ...]:
    """What goes stale if that criterion comes to mean something else, one sentence a line."""
    wanted = edited(rubric, [Alter(criterion, {"text": "(other words)"})])
    after = amended(rubric, wanted, date=None, reason="other words")
    stores = using(ctx, rubric.name)
    return _told([_survival(store, rubric, after) for store in stores])


def _told(survivals: Sequence[Survival]) -> tuple[str, ...]:
    many = len(survivals) > 1
    return tuple(
        f"{one.dataset}: {words}" if many else words for one in survivals for words in one.words
    )


def _known_cases(stores: Sequence[DatasetStore], cases: Sequence[str]) -> None:
    if not cases:
        return
    known = [case for store in stores for case in store.case_ids()]
    for case in cases:
        if case not in known:
            raise UnknownName("case", case, known)


def _survival(store: DatasetStore, before: Rubric, after: Rubric) -> Survival:
    texts = _texts(store)
    return survival(
        store.name,
        before,
        after,
        [(one, texts(one)) for one in store.labels().values],
        resolutions=[(one, texts(one)) for one in store.resolutions().values],
        calibrations=store.calibrations().values,
    )


def _texts(store: DatasetStore) -> Callable[[Label | Resolution], Texts]:
    """What was said, with its case's input as it is now; a snapshot's output never changes."""
    inputs = {case.id: input_hash(case.input) for case in store.cases().values}

    def of(said: Label | Resolution) -> Texts:
        return Texts(inputs.get(said.case, ""), said.output_hash or "")

    return of
