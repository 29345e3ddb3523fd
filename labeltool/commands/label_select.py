"""Which outputs of a queue a filter shows: what it asks for is read once and kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from labeltool.commands.label_target import Target
from labeltool.model.label import Label
from labeltool.rules.filter import Facts, Filter, parse_filter
from labeltool.rules.queue import Item


class Selector:
    """Picks the items of one snapshot that a filter text matches. `labels` are mine, by case."""

    def __init__(self, target: Target, labels: Mapping[str, Label]):
        self._target, self._labels = target, labels
        self._read: dict[str, tuple[frozenset[str], str]] | None = None

    def pick(self, items: Sequence[Item], text: str) -> tuple[Item, ...]:
        """In their order. Raises UsageError for a filter that says nothing."""
        chosen = parse_filter(text)
        return tuple(item for item in items if chosen.matches(self._facts(item, chosen)))

    def _facts(self, item: Item, chosen: Filter) -> Facts:
        label = self._labels.get(item.case)
        states: set[str] = {item.state}
        if label is not None and label.confidence == "unsure":
            states.add("unsure")
        if label is not None and label.flag:
            states.add("flagged")
        tags, words = self._files.get(item.case, (frozenset(), "")) if chosen.reads else (None, "")
        return Facts(item.tier, tags or frozenset(), frozenset(states), f"{item.case}\n{words}")

    @property
    def _files(self) -> Mapping[str, tuple[frozenset[str], str]]:
        """{case: (tags, input and output)}; a broken file has neither."""
        if self._read is None:
            store, system = self._target.store, self._target.system
            outputs = {one.case: one.output for one in store.outputs(system).values}
            self._read = {
                case.id: (frozenset(case.tags), f"{case.input_text}\n{outputs.get(case.id, '')}")
                for case in store.cases().values
                if case.id in outputs
            }
        return self._read


def my_labels(target: Target) -> dict[str, Label]:
    """{case: my label} of the snapshot; broken files are left out."""
    labels = target.store.labels(target.annotator, target.system).values
    return {label.case: label for label in labels}
