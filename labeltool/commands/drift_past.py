"""What earlier runs found: the history in git, the last report in .labeltool, what was decided."""

from __future__ import annotations

from collections.abc import Sequence

from labeltool.commands.context import Context
from labeltool.errors import LabeltoolError
from labeltool.model.drift import DriftPoint, Kept
from labeltool.rules.drift_names import Known, with_decisions
from labeltool.store import paths
from labeltool.store.atomic import atomic_write
from labeltool.store.dataset import DatasetStore


def history(store: DatasetStore) -> list[DriftPoint]:
    """By date, the oldest first; a file that cannot be read is `check`'s business."""
    return sorted(store.drift().values, key=lambda one: one.date)


def latest(ctx: Context, dataset: str) -> Kept | None:
    """The last report, None where there is none that can be read."""
    path = _place(dataset)
    try:
        data = ctx.workspace.read(path)
        return None if data is None else Kept.model_validate_json(data)
    except (LabeltoolError, ValueError):
        return None


def keep(ctx: Context, kept: Kept) -> None:
    """For triage. Raises StorageError."""
    path = ctx.workspace.root / _place(kept.drift.dataset)
    path.parent.mkdir(parents=True, exist_ok=True)
    atomic_write(path, kept.model_dump_json(by_alias=True).encode())


def _place(dataset: str) -> str:
    return f"{paths.SCRATCH}/drift/{dataset}.json"


def known(ctx: Context, store: DatasetStore, past: Sequence[DriftPoint]) -> list[Known]:
    """The clusters that have names already: those decided on, then the last report's, then the
    last ones of history.
    """
    decided = {
        one.cluster: Known(
            one.cluster, one.words, one.centroid, one.embedding, one.scope, one.reason
        )
        for one in store.triage().values
    }
    found: dict[str, Known] = {}
    kept = latest(ctx, store.name)
    for cluster in kept.drift.clusters if kept else ():
        packed = kept.centroids.get(cluster.id) if kept else None
        embedding = kept.drift.embedding if kept else None
        found[cluster.id] = Known(cluster.id, cluster.words, packed, embedding)
    for point in past[:-9:-1]:
        for old in point.clusters:
            known = Known(old.id, old.words, old.centroid, point.embedding)
            found.setdefault(old.id, known)
    return with_decisions(list(found.values()), decided)
