"""Say which of two outputs is better, without the app."""

from __future__ import annotations

from dataclasses import dataclass, replace

from labeltool.commands.context import Context
from labeltool.commands.pairwise_target import aim_pair, preference_reads_back
from labeltool.errors import CommitHeld, UnknownName
from labeltool.history import FileChange
from labeltool.model.hashing import input_hash, text_hash
from labeltool.model.label import Preference
from labeltool.store import codec

TIE = "tie"


@dataclass(frozen=True, slots=True)
class SaidPreference:
    """A choice that is saved. commit: None where the same choice stood in git already, or where
    it is `held`: why it is saved and not committed.
    """

    preference: Preference
    path: str
    commit: str | None
    held: CommitHeld | None = None


def say_preference(
    ctx: Context,
    a: str,
    b: str,
    *,
    case: str,
    prefer: str,
    note: str | None = None,
    dataset: str | None = None,
    annotator: str | None = None,
) -> SaidPreference:
    """Save and commit one choice. `prefer`: a name of the two, or `tie`.

    Whoever says a name knows whose output it is: the choice is marked `unblind`. Raises UsageError,
    UnknownName, DataError, RepositoryError.
    """
    target = aim_pair(ctx, a, b, dataset=dataset, annotator=annotator)
    sides = {target.a: "a", target.b: "b", TIE: "tie"}
    if prefer not in sides:
        raise UnknownName("side", prefer, sides)
    ctx.history.recover()
    found, first, second = target.subject(case)
    before, read_hash = target.present(case)
    said = Preference.model_validate(
        {
            "case": case,
            "a": target.a,
            "b": target.b,
            "annotator": target.annotator,
            "choice": sides[prefer],
            "input_hash": input_hash(found.input),
            "output_hash_a": text_hash(first.output),
            "output_hash_b": text_hash(second.output),
            "unblind": True,
            "notes": note if note is not None else before.notes if before else None,
            "labeled_at": ctx.iso_now(),
        }
    )
    path = target.path(case)
    done = SaidPreference(said, path, None)
    if before is not None and _same(said, before) and _in_git(ctx, path):
        return replace(done, preference=before)
    change = FileChange(path, codec.encode(said), read_hash)
    try:
        recorded = ctx.history.record([change], target.message(case), preference_reads_back(said))
    except CommitHeld as held:
        return replace(done, held=held)
    return replace(done, commit=recorded.commit)


def _same(said: Preference, before: Preference) -> bool:
    """Whether it says nothing but when, and how it was said, anew."""
    how = {name: getattr(before, name) for name in ("labeled_at", "seconds", "unblind")}
    return said.model_copy(update=how) == before


def _in_git(ctx: Context, path: str) -> bool:
    return ctx.history.show("HEAD", path) == ctx.workspace.read(path)
