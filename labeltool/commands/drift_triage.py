"""Whether a cluster of production inputs is in scope, and drafts of cases from it.

`decided` and `drafted` are plans of one commit, which the app hands to its queue; `record` commits
one at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from labeltool.commands.context import Context
from labeltool.commands.drift_past import latest
from labeltool.commands.near import NearIndex, embedder
from labeltool.commands.promote_draft import draft_id
from labeltool.commands.promote_fold import Folder
from labeltool.commands.promote_write import refuse_secrets
from labeltool.errors import UnknownName, UsageError
from labeltool.history import CommitMessage
from labeltool.model.base import Tier
from labeltool.model.case import Source
from labeltool.model.drift import Cluster, Kept, Pick
from labeltool.model.record import Draft, Triage
from labeltool.store import codec, paths
from labeltool.store.workspace import Write

Scope = Literal["in", "out"]
RULE, PRIORITY = "drift", 15


@dataclass(frozen=True)
class Decision:
    """What is written for a cluster. there_already: picks that a case or a draft says already."""

    dataset: str
    cluster: str
    by: str
    writes: tuple[Write, ...]
    message: CommitMessage
    scope: Scope | None = None
    drafts: tuple[Draft, ...] = ()
    there_already: int = 0
    commit: str | None = None

    @property
    def paths(self) -> tuple[str, ...]:
        return tuple(one.path for one in self.writes)


def report(ctx: Context, dataset: str | None = None) -> Kept:
    """The last report. Raises UsageError where there is none."""
    name = ctx.workspace.dataset(dataset).name
    kept = latest(ctx, name)
    if kept is None:
        raise UsageError(
            f"nothing was compared with {name} here yet", hint="run `labeltool drift LOG` first"
        )
    return kept


def decided(
    ctx: Context, kept: Kept, cluster: str, scope: Scope, reason: str | None, *, by: str
) -> Decision:
    """The triage file of a cluster of `kept`. Raises UnknownName, UsageError for an out of scope
    without a reason.
    """
    found = _cluster(kept, cluster)
    if scope == "out" and not (reason or "").strip():
        raise UsageError("out of scope needs a reason", hint="say --reason TEXT")
    dataset = kept.drift.dataset
    noun = Triage(
        cluster=cluster,
        scope=scope,
        reason=reason,
        words=found.words,
        centroid=kept.centroids.get(cluster),
        embedding=kept.drift.embedding,
        by=by or None,
        at=ctx.iso_now(),
    )
    message = CommitMessage(
        f"{cluster} is {scope} of scope" if scope == "out" else f"{cluster} is in scope",
        body=reason or "",
        trailers=_trailers("triage", dataset, by),
    )
    change = ctx.workspace.change(paths.triage_path(dataset, cluster), noun)
    return Decision(dataset, cluster, by, (change,), message, scope)


def drafted(
    ctx: Context,
    kept: Kept,
    cluster: str,
    picks: Sequence[Pick],
    *,
    by: str,
    tier: Tier = "golden",
) -> Decision:
    """Drafts of these records of a cluster; what a case or a draft says already is left out.

    Raises UnknownName, DataError where something that must not be kept is still in one.
    """
    found = _cluster(kept, cluster)
    store = ctx.workspace.dataset(kept.drift.dataset)
    folder = Folder.of(store, NearIndex(embedder()))
    for pick in picks:
        draft = _draft(kept, found, pick, tier)
        if not folder.fold(draft):
            folder.add(draft)
    drafts = tuple(folder.new.values())
    writes = []
    for draft in drafts:
        path = paths.draft_path(store.name, draft.id)
        refuse_secrets(ctx, path, draft)
        writes.append(Write(path, codec.encode(draft), None))
    message = CommitMessage(
        f"draft {len(drafts)} case{'' if len(drafts) == 1 else 's'} of {cluster}",
        body="\n".join(draft.id for draft in drafts),
        trailers=_trailers("promote", store.name, by),
    )
    left = len(picks) - len(drafts)
    return Decision(
        store.name, cluster, by, tuple(writes), message, drafts=drafts, there_already=left
    )


def record(ctx: Context, decision: Decision) -> Decision:
    """Commits it; nothing where there is nothing to write. Raises CommitHeld."""
    if not decision.writes:
        return decision
    return replace(decision, commit=ctx.record(decision.writes, decision.message).commit)


def _cluster(kept: Kept, cluster: str) -> Cluster:
    found = next((one for one in kept.drift.clusters if one.id == cluster), None)
    if found is None:
        raise UnknownName("cluster", cluster, [one.id for one in kept.drift.clusters])
    return found


def _draft(kept: Kept, cluster: Cluster, pick: Pick, tier: Tier) -> Draft:
    """What came back becomes a counterexample only where somebody disliked it."""
    draft = Draft.model_validate(
        {
            "id": "draft",
            "tier": tier,
            "input": pick.input,
            "output": pick.output if pick.feedback == -1 else None,
            "system": pick.system,
            "rule": RULE,
            "why": f"no case is near to it: one of {cluster.size:,} records of {cluster.id}",
            "priority": PRIORITY,
            "tags": (cluster.id,),
            "origin": kept.drift.log,
            "source": Source(kind="drift", ref=pick.id, date=pick.time, redactions=pick.redactions),
        }
    )
    return draft.model_copy(update={"id": draft_id(draft)})


def _trailers(kind: str, dataset: str, by: str) -> dict[str, str]:
    return {
        "Labeltool-Kind": kind,
        "Labeltool-Dataset": dataset,
        "Labeltool-Annotator": by,
    }
