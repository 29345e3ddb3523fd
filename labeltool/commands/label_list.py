"""What there is to label, without opening the app."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from labeltool.commands.context import Context
from labeltool.commands.home import next_step, states_of, usual_seconds
from labeltool.commands.label_next import Settling
from labeltool.commands.label_select import Selector, my_labels
from labeltool.commands.label_target import Target, aim
from labeltool.commands.label_view import stale_of, texts_of
from labeltool.rules import queue


@dataclass(frozen=True, slots=True)
class Upcoming:
    """My open outputs, or all that a filter shows, in the order of the app. `seconds`: my median
    for one, if I have a past. again: {case: criteria to score again} of those that I labelled.
    """

    dataset: str
    system: str
    annotator: str
    round: int | None
    step: str
    filter: str
    items: tuple[queue.Item, ...]
    total: int
    seconds: float | None
    again: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def upcoming(
    ctx: Context,
    *,
    dataset: str | None = None,
    annotator: str | None = None,
    system: str | None = None,
    filter: str = "",
    settling: bool = False,
) -> Upcoming:
    """`settling`: in the order that settles something, and `step` says what.

    Raises UsageError where nothing is recorded yet or the filter says nothing, UnknownName,
    DataError.
    """
    target = aim(ctx, dataset=dataset, annotator=annotator, system=system)
    items = target.arrange(states_of(target, target.annotator, {}))
    order = Settling(target).order(items) if settling else None
    items = order.items if order else items
    waiting = tuple(item for item in items if item.open)
    shown = Selector(target, my_labels(target)).pick(items, filter) if filter else waiting
    stale = sum(item.state == "stale" for item in items)
    return Upcoming(
        dataset=target.store.name,
        system=target.system,
        annotator=target.annotator,
        round=target.round.number if target.round else None,
        step=order.says if order else next_step(target, len(waiting), len(items), stale)[0],
        filter=filter,
        items=shown,
        total=len(items),
        seconds=usual_seconds(target),
        again=_again(target, shown),
    )


def _again(target: Target, shown: Iterable[queue.Item]) -> dict[str, tuple[str, ...]]:
    found = {}
    for item in shown:
        if item.state == "stale":
            texts = texts_of(*target.subject(item.case))
            label = target.store.label(target.annotator, target.system, item.case)
            found[item.case] = tuple(stale_of(label, target.rubric, texts))
    return found
