"""`agreement`: how far people agree, and where they do not."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from labeltool.commands.context import Context
from labeltool.commands.label_view import texts_of
from labeltool.errors import UnknownName
from labeltool.model.case import Case
from labeltool.model.round import Round
from labeltool.model.rubric import Rubric
from labeltool.rules import agreement as rules
from labeltool.rules.agreement import Agreement, AtVersion, Said
from labeltool.rules.by_text import blind_texts
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
    """What agreement is measured on: with `system` what was said of its texts, wherever they were
    read. Raises as `agreement`.
    """
    if system is not None and system not in store.systems:
        raise UnknownName("snapshot", system, store.systems)
    rounds = store.rounds().require()
    labels, settled = store.labels().require(), store.resolutions().require()
    cases = {case.id: case for case in store.cases().require()}
    _refuse_unknown(tags, {tag for case in cases.values() for tag in case.tags})
    labelled = {(one.system, one.case) for one in labels}
    texts = _texts(store, cases, labelled | {(one.system, one.case) for one in settled}, system)
    gone = {one for one in labelled - texts.keys() if system in (None, one[0])}
    still = [one for one in rounds if not (unblind and system in (None, one.system))]
    hidden = _hidden(still, labelled | texts.keys(), texts)
    wanted = {id for id, case in cases.items() if not tags or not set(tags).isdisjoint(case.tags)}
    unseen = {(one[1], texts.get(one, one)) for one in hidden & labelled if one[1] in wanted}
    return Said(
        rubric=rubric,
        labels=labels,
        resolutions=settled,
        rounds=rounds,
        texts={
            output: hashes
            for output, hashes in texts.items()
            if output not in hidden and output[1] in wanted
        },
        tags={id: case.tags for id, case in cases.items()},
        scope=", ".join([*([f"snapshot {system}"] if system else ()), *(f"tag {t}" for t in tags)]),
        hidden=len(unseen),
        gone=len(gone - hidden),
    )


def _texts(
    store: DatasetStore,
    cases: Mapping[str, Case],
    spoken_of: Collection[Output],
    system: str | None,
) -> dict[Output, Texts]:
    """Of every output that is spoken of; with `system` of those that say what one of its own says,
    its own first.
    """
    found: dict[Output, Texts] = {}
    own: set[tuple[str, str]] = set()
    for name in dict.fromkeys([*filter(None, [system]), *sorted({one for one, _ in spoken_of})]):
        for output in store.outputs(name).require():
            if output.case not in cases or (
                name != system and (name, output.case) not in spoken_of
            ):
                continue
            texts = texts_of(cases[output.case], output)
            if name == system:
                own.add((output.case, texts.output_hash))
            if system is None or (output.case, texts.output_hash) in own:
                found[name, output.case] = texts
    return found


def _hidden(
    rounds: Sequence[Round], spoken_of: Collection[Output], texts: Mapping[Output, Texts]
) -> set[Output]:
    """What an open round asks for, and the same text in other snapshots."""

    def recorded(system: str, case: str) -> str | None:
        found = texts.get((system, case))
        return found.output_hash if found is not None else None

    blind, asked = blind_texts(rounds, recorded), blind_outputs(rounds)
    return {one for one in spoken_of if one in asked or (one[1], recorded(*one) or "") in blind}


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
