"""`adversarial`: drafts of failure probes, made from cases that stand; a person looks at each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from labeltool.commands.adversarial_model import Model, model_named
from labeltool.commands.agreement import read
from labeltool.commands.context import Context
from labeltool.commands.near import NearIndex
from labeltool.commands.promote_write import who
from labeltool.errors import DataError, UnknownName, UsageError, Where
from labeltool.history import CommitMessage
from labeltool.model import hashing
from labeltool.model.base import TIERS
from labeltool.model.case import Case, Source
from labeltool.model.record import Draft
from labeltool.rules import agreement as rules
from labeltool.rules.adversarial.change import Change, NotHereError
from labeltool.rules.adversarial.kinds import BY_MODEL, KINDS, OFFLINE, Wanted, source_of, wanted
from labeltool.store import codec, paths
from labeltool.store.dataset import DatasetStore
from labeltool.store.workspace import Write

COUNT = 10
MOST = 1_000
LONGEST = 50_000
"""Characters of an input: no person reads what is made of a longer one."""
LANGUAGES = ("German", "Spanish", "French")
_ID_CHARS = 90


@dataclass(frozen=True)
class Asked:
    """What the command line says. kinds: none for all that can be made here. of: case ids and
    tiers, none for golden and regression. model: a system or judge that rewords.
    """

    kinds: tuple[str, ...] = ()
    of: tuple[str, ...] = ()
    count: int = COUNT
    seed: int = 0
    model: str | None = None
    languages: tuple[str, ...] = LANGUAGES
    dataset: str | None = None
    annotator: str | None = None


@dataclass(frozen=True)
class Made:
    """A draft, and what it was made of. same: whether the case's own expected answer stands."""

    draft: Draft
    case: str
    kind: str
    about: str
    holds: str
    same: bool


@dataclass(frozen=True)
class Plan:
    """What would be written; nothing is written yet.

    duplicates    changes whose input is a case's or a draft's already
    out_of_scope  those that a person called out of scope
    disputed      cases among those changed that people disagreed on
    passed_over   {(kind, why): cases}: what cannot be changed so
    """

    dataset: str
    seed: int
    kinds: tuple[str, ...]
    by: str | None
    made: tuple[Made, ...]
    duplicates: int
    out_of_scope: int
    disputed: int
    passed_over: Mapping[tuple[str, str], int]


@dataclass
class _Known:
    """What stands already, and what is out of scope."""

    shown: set[str]
    ids: set[str]
    out: frozenset[str]

    @classmethod
    def of(cls, store: DatasetStore, cases: Sequence[Case]) -> _Known:
        stand: tuple[Case | Draft, ...] = (*cases, *store.drafts().values)
        out = frozenset(one.cluster for one in store.triage().values if one.scope == "out")
        return cls({_shown(one) for one in stand}, {one.id for one in stand}, out)

    def take(self, draft: Draft) -> bool:
        """Whether nothing stands that says the same."""
        shown = _shown(draft)
        if shown in self.shown or draft.id in self.ids:
            return False
        self.shown.add(shown)
        self.ids.add(draft.id)
        return True


def plan(ctx: Context, asked: Asked) -> Plan:
    """Choose and change. Raises UsageError, UnknownName, DataError (no case, or files that cannot
    be read), IncompleteError where a model was asked for and answers nothing.
    """
    store = ctx.workspace.dataset(asked.dataset)
    model = None if asked.model is None else model_named(ctx, asked.model)
    kinds = _kinds(asked, model)
    cases = store.cases().require()
    chosen = _chosen(store, cases, asked.of)
    disputes = _disputes(store)
    passed: Counter[tuple[str, str]] = Counter()
    changes = _changes(wanted(chosen, kinds, disputes, seed=asked.seed), asked, model, passed)
    known = _Known.of(store, cases)
    made: list[Made] = []
    duplicates = out = 0
    for one, change in changes:
        draft = _draft(ctx, one, change)
        if draft.id in known.out:
            out += 1
        elif not known.take(draft):
            duplicates += 1
        else:
            made.append(Made(draft, one.case.id, one.kind, change.about, change.holds, change.same))
    return Plan(
        dataset=store.name,
        seed=asked.seed,
        kinds=kinds,
        by=asked.annotator,
        made=tuple(made),
        duplicates=duplicates,
        out_of_scope=out,
        disputed=len({one.case for one in made if one.case in disputes}),
        passed_over=dict(passed),
    )


def write(ctx: Context, plan: Plan) -> str | None:
    """The drafts in one commit; its hash, None where there is nothing to write. Raises CommitHeld
    where the files are saved and not committed.
    """
    writes = [
        Write(paths.draft_path(plan.dataset, one.draft.id), codec.encode(one.draft), None)
        for one in plan.made
    ]
    if not writes:
        return None
    many = f"{len(writes)} adversarial draft{'' if len(writes) == 1 else 's'}"
    kinds = Counter(one.kind for one in plan.made)
    message = CommitMessage(
        f"make {many} for the inbox of {plan.dataset}",
        body=f"{', '.join(f'{n} {kind}' for kind, n in kinds.items())}; seed {plan.seed}.\n\n"
        + "\n".join(one.draft.id for one in plan.made),
        trailers={
            "Labeltool-Kind": "adversarial",
            "Labeltool-Dataset": plan.dataset,
            "Labeltool-Annotator": who(ctx, plan.by),
        },
    )
    return ctx.record(writes, message).commit


def _kinds(asked: Asked, model: Model | None) -> tuple[str, ...]:
    if not asked.kinds:
        return (*OFFLINE, *(BY_MODEL if model else ()))
    for kind in asked.kinds:
        if kind not in KINDS:
            raise UnknownName("kind", kind, KINDS)
        if kind in BY_MODEL and model is None:
            raise UsageError(
                f"{kind} takes a model", hint="say --model with a system or judge of kind openai"
            )
    return tuple(dict.fromkeys(asked.kinds))


def _chosen(store: DatasetStore, cases: Sequence[Case], of: Sequence[str]) -> list[Case]:
    """Raises UnknownName, and DataError where nothing is left."""
    by_id = {case.id: case for case in cases}
    for name in of:
        if name not in by_id and name not in TIERS:
            raise UnknownName("case or tier", name, (*TIERS, *by_id))
    tiers = [name for name in of if name in TIERS] if of else ["golden", "regression"]
    found = [
        case
        for case in cases
        if case.id in of or (case.tier in tiers and case.status in ("active", "open"))
    ]
    if not found:
        raise DataError(
            "there is no case to make anything from",
            hint="add one, or say --from with a case or a tier",
            where=Where(f"{paths.DATASETS}/{store.name}/cases"),
        )
    return found


def _disputes(store: DatasetStore) -> dict[str, int]:
    """{case: differences of opinion on its outputs}. Those of open rounds stay hidden."""
    said = read(store, store.rubric)
    found = rules.agreement(store.name, replace(said, tags={}), resamples=0)
    return Counter(one.output[1] for one in found.disagreements)


def _changes(
    order: Iterator[Wanted],
    asked: Asked,
    model: Model | None,
    passed: Counter[tuple[str, str]],
) -> list[tuple[Wanted, Change]]:
    """As many as are asked for, in order; those of a model are asked for all at once."""
    found: list[tuple[Wanted, Change | None]] = []
    for one in order:
        if len(found) == asked.count:
            break
        if len(one.case.input_text) > LONGEST:
            passed[one.kind, f"longer than {LONGEST:,} characters"] += not one.variant
        elif one.kind in BY_MODEL:
            found.append((one, None))
        else:
            try:
                found.append((one, OFFLINE[one.kind](one.case, source_of(one, asked.seed))))
            except NotHereError as error:
                passed[one.kind, str(error)] += not one.variant
    pending = [one for one, change in found if change is None]
    reworded = _reworded(pending, asked, model, passed)
    made = ((one, change or reworded.get(_key(one))) for one, change in found)
    return [(one, change) for one, change in made if change is not None]


def _reworded(
    pending: Sequence[Wanted],
    asked: Asked,
    model: Model | None,
    passed: Counter[tuple[str, str]],
) -> dict[tuple[str, str, int], Change]:
    if model is None or not pending:
        return {}
    done: dict[tuple[str, str, int], Change] = {}
    for one, change in model.changes(pending, asked.seed, asked.languages):
        if isinstance(change, Change):
            done[_key(one)] = change
        else:
            passed[one.kind, change] += 1
    return done


def _key(one: Wanted) -> tuple[str, str, int]:
    return one.case.id, one.kind, one.variant


def _draft(ctx: Context, one: Wanted, change: Change) -> Draft:
    case, kind = one.case, one.kind
    expected = case.acceptable if change.expected is None else change.expected
    index = NearIndex()
    index.add(case.id, case.input_text)
    draft = Draft(
        id="draft",
        tier="adversarial",
        input=change.input,
        expected=None if not expected else expected[0] if len(expected) == 1 else expected,
        context=case.context if change.context is None else change.context,
        vars=case.vars,
        checks=(*(case.checks if change.keep else ()), *change.checks),
        tags=tuple(dict.fromkeys((*case.tags, kind))),
        notes=f"Made from {case.id}: {change.about}.\n{change.holds}",
        rule=kind,
        why=f"{kind} of {case.id}: {change.about}",
        origin="adversarial",
        source=Source(kind="generated", ref=case.id, date=ctx.iso_now()),
    )
    near = tuple(
        {"case": near.case, "similarity": near.similarity, "how": near.how}
        for near in index.nearest(draft.input_text, 1)
    )
    return draft.model_copy(update={"id": _id(draft, case.id, kind), "near": near})


def _id(draft: Draft, case: str, kind: str) -> str:
    return f"{case[:_ID_CHARS]}-{kind}-{_shown(draft)[:8]}"


def _shown(one: Case | Draft) -> str:
    """A hash of all that a system is shown: two with the same are one."""
    context = [document.model_dump() for document in one.context]
    return hashing.text_hash(
        hashing.canonical_json([hashing.plain_input(one.input), context, one.vars])
    )
