"""`verify`: a person has read a case's input and expected."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from labeltool.commands.context import Context
from labeltool.errors import DataError, UnknownName, Where
from labeltool.history import CommitMessage
from labeltool.model import hashing
from labeltool.model.base import TIERS, is_id
from labeltool.model.case import Case, Verified
from labeltool.store import codec, files, paths
from labeltool.store.dataset import DatasetStore
from labeltool.store.workspace import Write
from labeltool.store.yaml import roundtrip


@dataclass(frozen=True)
class VerifyReport:
    """`unchanged` were verified before and have not been edited since: {case: by whom}."""

    dataset: str
    by: str
    verified: tuple[str, ...]
    unchanged: dict[str, str]
    commit: str | None


@dataclass(frozen=True)
class Signing:
    """What is to be written for a verification, before anything is."""

    report: VerifyReport
    writes: tuple[Write, ...]
    message: CommitMessage


def sign(
    ctx: Context, cases: Sequence[str], *, dataset: str | None = None, annotator: str | None = None
) -> Signing:
    """The cases signed with a hash of input and expected; nothing is written yet.

    Raises UnknownName, DataError (a broken case, an annotator who is not listed).
    """
    store = ctx.workspace.dataset(dataset)
    by = ctx.annotator(annotator)
    writes: list[Write] = []
    done: list[str] = []
    unchanged: dict[str, str] = {}
    for id in dict.fromkeys(cases):
        path, data, case = read_case(ctx, store, id)
        signed = hashing.verified_hash(case)
        if case.verified is not None and case.verified.hash == signed:
            unchanged[id] = case.verified.by
            continue
        stamp = Verified(by=by, at=ctx.iso_now(), hash=signed)
        writes.append(Write(path, _signed(data, case, stamp, path), files.content_hash(data)))
        done.append(id)
    report = VerifyReport(store.name, by, tuple(done), unchanged, None)
    return Signing(report, tuple(writes), _message(store.name, by, done))


def verify(
    ctx: Context, cases: Sequence[str], *, dataset: str | None = None, annotator: str | None = None
) -> VerifyReport:
    """Sign the cases in one commit. Raises as `sign`, and CommitHeld."""
    ctx.history.recover()
    signing = sign(ctx, cases, dataset=dataset, annotator=annotator)
    if not signing.writes:
        return signing.report
    return replace(signing.report, commit=ctx.record(signing.writes, signing.message).commit)


def read_case(ctx: Context, store: DatasetStore, id: str) -> tuple[str, bytes, Case]:
    """Path, bytes and case of one reading: the file that was read is the one that is changed."""
    for tier in TIERS if is_id(id) else ():
        path = paths.case_path(store.name, tier, id)
        data = ctx.workspace.read(path)
        if data is None:
            continue
        case = codec.decode(data, Case, path)
        if (case.id, case.tier) != (id, tier):
            message = f"says {case.id} in {case.tier}, its path says {id} in {tier}"
            raise DataError(message, hint="mend that first", where=Where(path, field="id"))
        return path, data, case
    raise UnknownName("case", id, store.case_ids())


def _signed(data: bytes, case: Case, stamp: Verified, path: str) -> bytes:
    """The file with the signature; what a person laid out by hand keeps its comments and order."""
    if data == codec.encode(case):
        return codec.encode(case.model_copy(update={"verified": stamp}))

    def sign(document: Any) -> None:
        document["verified"] = codec.plain(stamp)

    return roundtrip.edit(data, sign, path=path)


def _message(dataset: str, by: str, cases: Sequence[str]) -> CommitMessage:
    few = len(cases) == 1
    what = cases[0] if few else f"{len(cases)} cases of {dataset}"
    trailers = {"Labeltool-Kind": "verify", "Labeltool-Dataset": dataset}
    trailers |= {"Labeltool-Case": cases[0]} if few else {}
    return CommitMessage(
        f"verify {what}: {by} has read input and expected",
        body="" if few else "\n".join(cases),
        trailers={**trailers, "Labeltool-Annotator": by},
    )
