"""A draft becomes a case, or one more counterexample of a case that is there."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from labeltool.commands.context import Context
from labeltool.commands.inbox import Decided, Waiting, find, record, trailers
from labeltool.commands.inbox_proof import prove, suggested
from labeltool.commands.verify import read_case
from labeltool.errors import DataError, LabeltoolError, UsageError, Where
from labeltool.history import CommitMessage
from labeltool.model import hashing
from labeltool.model.base import Noun, is_id
from labeltool.model.case import Case, Check, Verified
from labeltool.model.record import Draft
from labeltool.redact import placeholders
from labeltool.redact.redactor import Redactor
from labeltool.rules import acceptance
from labeltool.rules.acceptance import AS_IT_IS, NOTHING_SHOWN, Edits, Shown
from labeltool.rules.check_text import check_text
from labeltool.store import codec, files, paths
from labeltool.store.dataset import DatasetStore
from labeltool.store.workspace import Write
from labeltool.store.yaml import roundtrip

_LOOKED_AT = (
    *("input", "expected", "context", "vars", "checks", "counterexamples"),
    *("tags", "notes", "source"),
)
"""The fields that hold what somebody wrote."""


def accept(
    ctx: Context,
    id: str,
    edits: Edits = AS_IT_IS,
    *,
    take_suggested: bool = False,
    judge: str | None = None,
    dataset: str | None = None,
    annotator: str | None = None,
) -> Decided:
    """The case and the draft's end, in one commit. `take_suggested`: with the first check that is
    suggested, where the draft has none.

    Raises as `plan_accept`, and Conflict, StorageError, CommitHeld.
    """
    ctx.history.recover()
    store = ctx.workspace.dataset(dataset)
    by = ctx.annotator(annotator)
    waiting = find(ctx, store, id)
    if take_suggested:
        edits = with_suggested(waiting, edits)
    return record(ctx, plan_accept(ctx, store, waiting, edits, by=by, judge=judge))


def merge(
    ctx: Context,
    id: str,
    case: str,
    checks: Sequence[Check] = (),
    *,
    judge: str | None = None,
    dataset: str | None = None,
    annotator: str | None = None,
) -> Decided:
    """Fold a draft into a case, in one commit; `checks` are added to it. Raises as `plan_merge`,
    and Conflict, StorageError, CommitHeld.
    """
    ctx.history.recover()
    store = ctx.workspace.dataset(dataset)
    by = ctx.annotator(annotator)
    waiting = find(ctx, store, id)
    return record(ctx, plan_merge(ctx, store, waiting, case, checks, by=by, judge=judge))


def with_suggested(waiting: Waiting, edits: Edits) -> Edits:
    """The same with the likeliest check. Raises UsageError where none can be suggested."""
    if edits.checks is not None:
        raise UsageError("a check is said already", hint="leave --suggested out, or --check")
    if waiting.draft.checks:
        return edits
    found = suggested(waiting.draft, edits.expected)
    if not found:
        raise UsageError(
            f"no check can be suggested for {waiting.id}",
            hint="say one: --check 'not_contains=TEXT', or what is expected: --expected TEXT",
        )
    return replace(edits, checks=(found[0].check,))


def plan_accept(
    ctx: Context,
    store: DatasetStore,
    waiting: Waiting,
    edits: Edits,
    *,
    by: str,
    judge: str | None = None,
) -> Decided:
    """The case that a draft becomes, shown to fail on what came back; nothing is written yet.

    Raises UsageError with what it lacks, DataError where something that must not be written down
    is still in it, and as `prove`.
    """
    draft = waiting.draft
    _free(store, edits.id or draft.id)
    case = acceptance.case_of(draft, edits, rubric_version=store.rubric.version)
    if edits.verified and case.acceptable:
        stamp = Verified(by=by, at=ctx.iso_now(), hash=hashing.verified_hash(case))
        case = case.model_copy(update={"verified": stamp})
    needs_judge = case.tier == "regression"
    shown = prove(ctx, store, case, draft.output, judge=judge, asked=needs_judge)
    refused = acceptance.refusal(case, draft.output, shown, edits)
    if refused is not None:
        raise UsageError(f"{draft.id}: {refused.message}", hint=_hint(refused.hint, waiting, edits))
    path = paths.case_path(store.name, case.tier, case.id)
    refuse_secrets(ctx, path, case, _made_from(store, draft))
    writes = (Write(path, _encoded(case, path), None), Write(waiting.path, None, waiting.read_hash))
    message = CommitMessage(
        f"accept {case.id} into the {case.tier} tier{_as_status(case)}",
        body=_why_of(waiting, shown),
        trailers=trailers(store, "accept", by, case.id),
    )
    notes = _notes(case, draft.output, shown)
    return Decided(
        "case", store.name, by, (draft.id,), writes, message, case, path, shown, tuple(notes)
    )


def _free(store: DatasetStore, id: str) -> None:
    if not is_id(id):
        raise UsageError(f"{id!r} is no id", hint="a-z, 0-9, dot, dash and underscore")
    if id in store.case_ids():
        raise UsageError(
            f"there is a case {id} already", hint="say --id with another one, or fold it in: merge"
        )


def _hint(hint: str, waiting: Waiting, edits: Edits) -> str:
    found = suggested(waiting.draft, edits.expected)[:3] if "check" in hint else ()
    return "\n".join([hint, *(f"--check {_quoted(check_text(one.check))}" for one in found)])


def _quoted(text: str) -> str:
    return shlex.quote(text)


def _as_status(case: Case) -> str:
    return "" if case.status == "active" else f" as {case.status}"


def _why_of(waiting: Waiting, shown: Shown) -> str:
    draft = waiting.draft
    lines = [draft.why or "", f"What came back fails {shown.words}." if shown.faults else ""]
    source = draft.source
    if source is not None and (source.link or source.ref):
        lines.append(f"From {source.link or source.ref}.")
    return "\n".join(line for line in lines if line)


def _notes(case: Case, bad: str | None, shown: Shown) -> list[str]:
    """What a person should know, and what nothing was held against."""
    notes = []
    if bad is None and case.tier == "regression":
        notes.append("nothing came back, so nothing shows that the case catches it")
    if shown.judge is not None and shown.fails:
        notes.append(f"only the judge {shown.judge} fails what came back: a check would be surer")
    if case.tier == "golden" and case.verified is None:
        notes.append(f"nobody has verified it yet: labeltool verify {case.id}")
    return notes


def plan_merge(
    ctx: Context,
    store: DatasetStore,
    waiting: Waiting,
    into: str,
    checks: Sequence[Check] = (),
    *,
    by: str,
    judge: str | None = None,
) -> Decided:
    """What came back becomes a counterexample of a case, which must fail it as it stands or with
    `checks`; its reports are counted there. Nothing is written yet. Raises as `plan_accept`.
    """
    draft = waiting.draft
    path, data, case = read_case(ctx, store, into)
    after = acceptance.merged(case, draft, checks)
    shown = NOTHING_SHOWN
    if draft.output is not None and (checks or draft.output not in case.counterexamples):
        shown = prove(ctx, store, after, draft.output, judge=judge)
        _refuse_passing(after, waiting, shown)
    refuse_secrets(ctx, path, after, case)
    writes = (
        Write(path, _merged_file(data, case, after, path), files.content_hash(data)),
        Write(waiting.path, None, waiting.read_hash),
    )
    message = CommitMessage(
        f"merge {draft.id} into {into}: said {after.source.seen if after.source else 1} times",
        body=_why_of(waiting, shown),
        trailers=trailers(store, "merge", by, into),
    )
    return Decided("merged", store.name, by, (draft.id,), writes, message, after, path, shown, ())


def _refuse_passing(case: Case, waiting: Waiting, shown: Shown) -> None:
    if shown.problems:
        raise UsageError(f"{case.id}: {shown.problems[0]}", hint="change the check")
    if acceptance.same_as_expected(waiting.draft.output or "", case.acceptable):
        raise UsageError(
            f"what came back is what {case.id} expects", hint="say it is out of scope instead"
        )
    if not shown.fails:
        why = f" ({shown.why})" if shown.why else ""
        raise UsageError(
            f"what came back passes {case.id} as it stands: that case would not catch it{why}",
            hint=_hint(
                "add a check to it, or accept the draft as a case of its own", waiting, Edits()
            ),
        )


def _merged_file(data: bytes, before: Case, after: Case, path: str) -> bytes:
    """The case's file with what was added; what a person laid out by hand keeps its comments."""
    if data == codec.encode(before):
        return _encoded(after, path)
    fields = codec.plain(after)

    def put(document: Any) -> None:
        for name in ("counterexamples", "checks", "source"):
            if name in fields and fields[name] != codec.plain(before).get(name):
                document[name] = fields[name]

    new = roundtrip.edit(data, put, path=path)
    _same(new, after, path)
    return new


def _encoded(case: Case, path: str) -> bytes:
    try:
        data = codec.encode(case)
    except (LabeltoolError, UnicodeError):
        raise _unkept(path) from None
    _same(data, case, path)
    return data


def _same(data: bytes, case: Case, path: str) -> None:
    try:
        same = codec.decode(data, Case, path) == case
    except LabeltoolError:
        same = False
    if not same:
        raise _unkept(path)


def _unkept(path: str) -> DataError:
    return DataError(
        "would not read back as it was said",
        hint="it holds characters that YAML cannot keep: take them out",
        where=Where(path),
    )


def refuse_secrets(ctx: Context, path: str, noun: Noun, known: Case | None = None) -> None:
    """The last look before history keeps it. Raises DataError where a scan finds anything that
    `known`, a case that history has already, does not say as well.
    """
    redactor = Redactor("", None, ctx.workspace.settings.promote.regions)
    held: frozenset[str] = frozenset()
    if known is not None:
        before = Redactor("", None, ctx.workspace.settings.promote.regions)
        before.value(codec.plain(known))
        held = frozenset(before.counts)
    for name, value in codec.plain(noun).items():
        if name not in _LOOKED_AT:
            continue
        redactor.value(value)
        fresh = {one: times for one, times in redactor.counts.items() if one not in held}
        if fresh:
            raise DataError(
                f"holds {placeholders.said(fresh)}",
                hint="nothing was written; take it out of what you wrote, or edit the draft's file",
                where=Where(path, field=name),
            )


def _made_from(store: DatasetStore, draft: Draft) -> Case | None:
    """The case that a generated draft was made from, where it is still there."""
    if draft.source is None or draft.source.kind != "generated" or draft.source.ref is None:
        return None
    try:
        return store.case(draft.source.ref)
    except LabeltoolError:
        return None
