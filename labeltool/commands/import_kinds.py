"""What cases, outputs and labels each ask of a row before it may become a file."""

from __future__ import annotations

from functools import cached_property
from typing import Protocol, TypeVar

from labeltool.config import RecordedSystem, Settings
from labeltool.errors import DataError, Problem, Where
from labeltool.formats import cases, labels, outputs
from labeltool.formats.columns import Columns
from labeltool.formats.rows import Row
from labeltool.graders import checks
from labeltool.model import hashing
from labeltool.model.base import TIERS, Noun, Tier
from labeltool.model.case import Case
from labeltool.model.label import Label
from labeltool.model.output import Output
from labeltool.store import paths
from labeltool.store.dataset import DatasetStore

N = TypeVar("N", bound=Noun)


class Importer(Protocol[N]):
    """One kind of row. `noun` raises DataError naming the row's line; the rest asks about it."""

    id_field: str

    def noun(self, row: Row) -> N: ...
    def key(self, noun: N) -> str: ...
    def path(self, noun: N) -> str: ...
    def present(self, noun: N) -> N | None: ...
    def same(self, noun: N, present: N) -> bool: ...
    def differs(self, noun: N, present: N) -> tuple[str, str]: ...
    def finished(self, noun: N) -> N: ...


class Cases:
    id_field = "id"

    def __init__(self, store: DatasetStore, columns: Columns, source: str):
        self.store, self.columns, self.source = store, columns, source

    def noun(self, row: Row) -> Case:
        if self.columns.get(row, "tier") is None:
            hint = "say --tier golden (or adversarial, regression), or add a column"
            raise _bad(self.source, row, "tier", "is missing", hint)
        case = cases.case_of(row, self.columns, self.source, self.store.rubric.version)
        for index, check in enumerate(case.checks):
            problem = checks.validate(check, expected=case.acceptable)
            if problem is not None:
                raise _bad(self.source, row, f"checks.{index}.value", problem)
        return case

    def key(self, noun: Case) -> str:
        return noun.id

    def path(self, noun: Case) -> str:
        return paths.case_path(self.store.name, noun.tier, noun.id)

    @cached_property
    def _tiers(self) -> dict[str, Tier]:
        return {id: tier for tier in TIERS for id in self.store.case_ids((tier,))}

    def present(self, noun: Case) -> Case | None:
        return self.store.case(noun.id) if noun.id in self._tiers else None

    def same(self, noun: Case, present: Case) -> bool:
        return cases.same(noun, present)

    def differs(self, noun: Case, present: Case) -> tuple[str, str]:
        if noun.tier != present.tier:
            return f"{noun.id} stands in the tier {present.tier} already", "say that tier"
        path = self.path(noun)
        return f"{noun.id} is there already and says something else", f"edit {path}, or rename it"

    def finished(self, noun: Case) -> Case:
        return noun


class Outputs:
    id_field = "case"

    def __init__(self, store: DatasetStore, columns: Columns, source: str, settings: Settings):
        self.store, self.columns, self.source, self.settings = store, columns, source, settings
        self._cases = set(store.case_ids())

    def noun(self, row: Row) -> Output:
        output = outputs.output_of(row, self.columns, self.source)
        system = self.settings.systems.get(output.system)
        if system is not None and not isinstance(system, RecordedSystem):
            message = f"{output.system} is a live system in {paths.SETTINGS}"
            hint = "a snapshot has a name of its own: say another system"
            raise _bad(self.source, row, "system", message, hint)
        if output.case not in self._cases:
            message = f"there is no case {output.case} in {self.store.name}"
            raise _bad(self.source, row, "case", message, "import the cases first")
        return output

    def key(self, noun: Output) -> str:
        return f"{noun.system}/{noun.case}"

    def path(self, noun: Output) -> str:
        return paths.output_path(self.store.name, noun.system, noun.case)

    def present(self, noun: Output) -> Output | None:
        return self.store.output(noun.system, noun.case)

    def same(self, noun: Output, present: Output) -> bool:
        return all(getattr(noun, name) == getattr(present, name) for name in noun.model_fields_set)

    def differs(self, noun: Output, present: Output) -> tuple[str, str]:
        what = f"{noun.system} holds another output of {noun.case}: a snapshot never changes"
        return what, "import under another system name"

    def finished(self, noun: Output) -> Output:
        return noun


class Labels:
    id_field = "case"

    def __init__(
        self, store: DatasetStore, columns: Columns, source: str, settings: Settings, now: str
    ):
        self.store, self.columns, self.source = store, columns, source
        self._settings, self._now = settings, now
        self._hashes: dict[str, dict[str, str]] = {}

    def noun(self, row: Row) -> Label:
        label = labels.label_of(row, self.columns, self.source, self.store.rubric)
        known = self._settings.annotators
        if known and label.annotator not in known:
            message = f"{label.annotator} is none of the annotators"
            name = label.annotator
            hint = f"add `{name}: [{name}@example.org]` under annotators: in {paths.SETTINGS}"
            raise _bad(self.source, row, "annotator", message, hint)
        if label.case not in self._outputs(label.system):
            message = f"{label.system} has no recorded output for the case {label.case}"
            raise _bad(self.source, row, "case", message, "import the outputs first")
        if label.case not in self._inputs:
            message = f"the case {label.case} is not there, or cannot be read"
            raise _bad(self.source, row, "case", message, "`labeltool check` says why")
        return label

    def key(self, noun: Label) -> str:
        return f"{noun.annotator}/{noun.system}/{noun.case}"

    def path(self, noun: Label) -> str:
        return paths.label_path(self.store.name, noun.annotator, noun.system, noun.case)

    def present(self, noun: Label) -> Label | None:
        return self.store.label(noun.annotator, noun.system, noun.case)

    def same(self, noun: Label, present: Label) -> bool:
        return labels.same(noun, present)

    def differs(self, noun: Label, present: Label) -> tuple[str, str]:
        what = f"{noun.annotator} has labelled {noun.system}/{noun.case} already, and otherwise"
        return what, "nothing is overwritten: relabel it, or take the row out"

    def finished(self, noun: Label) -> Label:
        return noun.model_copy(
            update={
                "input_hash": self._inputs[noun.case],
                "output_hash": self._outputs(noun.system)[noun.case],
                "labeled_at": noun.labeled_at or self._now,
            }
        )

    @cached_property
    def _inputs(self) -> dict[str, str]:
        return {case.id: hashing.input_hash(case.input) for case in self.store.cases().values}

    def _outputs(self, system: str) -> dict[str, str]:
        if system not in self._hashes:
            self._hashes[system] = {
                output.case: hashing.text_hash(output.output)
                for output in self.store.outputs(system).values
            }
        return self._hashes[system]


def _bad(source: str, row: Row, field: str, message: str, hint: str | None = None) -> DataError:
    return DataError.of([Problem(Where(source, row.line, field), message, hint)])
