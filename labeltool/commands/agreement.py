"""`agreement`: how far people agree, and where they do not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from labeltool.commands.context import Context
from labeltool.commands.label_view import texts_of
from labeltool.errors import UnknownName
from labeltool.model.rubric import Rubric
from labeltool.rules import agreement as rules
from labeltool.rules.agreement import Agreement, AtVersion, Said
from labeltool.rules.human import blind_outputs
from labeltool.rules.ratings import Output
from labeltool.rules.staleness import Texts
from labeltool.stats.agreement import RESAMPLES
from labeltool.store.dataset import DatasetStore


def agreement(
    ctx: Context,
    dataset: str | None = None,
    *,
    system: str | None = None,
    tags: Sequence[str] = (),
    unblind: bool = False,
    annotator: str | None = None,
    resamples: int = RESAMPLES,
    by_tag: bool = True,
    tag_resamples: int = 0,
    seed: int = 0,
) -> Agreement:
    """Measure the agreement of current labels: of all snapshots, or `system`; of all cases, or
    those with any of `tags`.

    `by_tag` measures each tag too, with intervals where `tag_resamples` asks for them.

    Outputs of open rounds are left out and counted; with `unblind` they are not, and each round
    records to whom (`annotator`) they were shown.

    Raises UnknownName for a snapshot or tag that nothing has, DataError where a file cannot be
    read: what it says is missing from every number. With `unblind` CommitHeld as well.
    """
    store = ctx.workspace.dataset(dataset)
    if unblind:
        _record_unblinding(ctx, store, system, annotator)
    said = read(store, store.rubric, system=system, tags=tags, unblind=unblind)
    said = said if by_tag else replace(said, tags={})
    return rules.agreement(
        store.name, said, resamples=resamples, tag_resamples=tag_resamples, seed=seed
    )


def over_versions(ctx: Context, dataset: str | None = None) -> dict[str, tuple[AtVersion, ...]]:
    """{criterion: what each closed round found}, oldest first. Raises UnknownName, DataError."""
    store = ctx.workspace.dataset(dataset)
    return rules.over_versions(store.rubric, store.rounds().require())


def read(
    store: DatasetStore,
    rubric: Rubric,
    *,
    system: str | None = None,
    tags: Sequence[str] = (),
    unblind: bool = False,
) -> Said:
    """What agreement is measured on. Raises as `agreement`."""
    if system is not None and system not in store.systems:
        raise UnknownName("snapshot", system, store.systems)
    rounds = store.rounds().require()
    labels = store.labels(system=system).require()
    spoken_of = {(one.system, one.case) for one in labels}
    hidden = set() if unblind else spoken_of & blind_outputs(rounds)
    cases = {case.id: case for case in store.cases().require()}
    _refuse_unknown(tags, {tag for case in cases.values() for tag in case.tags})
    texts: dict[Output, Texts] = {}
    for name in sorted({name for name, _ in spoken_of}):
        for output in store.outputs(name).require():
            if (name, output.case) in spoken_of and output.case in cases:
                texts[name, output.case] = texts_of(cases[output.case], output)
    gone = spoken_of - texts.keys()
    wanted = {id for id, case in cases.items() if not tags or not set(tags).isdisjoint(case.tags)}
    return Said(
        rubric=rubric,
        labels=labels,
        resolutions=store.resolutions(system).require(),
        rounds=rounds,
        texts={
            output: hashes
            for output, hashes in texts.items()
            if output not in hidden and output[1] in wanted
        },
        tags={id: case.tags for id, case in cases.items()},
        scope=", ".join([*([f"snapshot {system}"] if system else ()), *(f"tag {t}" for t in tags)]),
        hidden=sum(case in wanted for _, case in hidden),
        gone=len(gone - hidden),
    )


def _refuse_unknown(tags: Sequence[str], known: set[str]) -> None:
    for tag in tags:
        if tag not in known:
            raise UnknownName("tag", tag, known)


def _record_unblinding(
    ctx: Context, store: DatasetStore, system: str | None, annotator: str | None
) -> None:
    """Before anything is shown: what is said after it is no blind score."""
    from labeltool.commands.round import record_unblinding

    for one in store.rounds().require():
        if one.closed is None and system in (None, one.system):
            ctx.history.recover()
            record_unblinding(ctx, store, one, ctx.annotator(annotator))
