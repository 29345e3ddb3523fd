"""What people say of the answers, topic by topic: where it got worse."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from labeltool.commands.drift_cases import Reference
from labeltool.commands.drift_clusters import Named
from labeltool.commands.drift_tally import Tally
from labeltool.model.drift import Feedback, FeedbackRow
from labeltool.rules.drift_rates import BEFORE, Least, Rate, Tested, judged, shown
from labeltool.stats.intervals import wilson

LEAST = Least(now=8, before=16, points=0.1, times=1.25)
ROWS = 200


def feedback(
    tally: Tally,
    before: Tally | None,
    reference: Reference,
    clusters: Sequence[Named],
    *,
    wider: Callable[[int], int],
    start: Callable[[int], str],
) -> Feedback:
    """Of topics that cases cover by every record, of clusters by the records that are kept.

    wider: from a window of the tally to the window to compare by; start: its name.
    """
    series: dict[tuple[str, bool], dict[int | None, Rate]] = {}

    def add(key: tuple[str, bool], window: int | None, said: int, count: int) -> None:
        own = series.setdefault(key, {})
        own[window] = own.get(window, Rate()).plus(Rate(count if said == -1 else 0, count))

    def place(window: int | None) -> int | None:
        return None if window is None else wider(window)

    names = {topic.name: topic.words for topic in reference.topics}
    for (topic, window, said), count in tally.feedback.items():
        add((reference.topics[topic].name, True), place(window), said, count)
    for (topic, _, said), count in (before.feedback if before else {}).items():
        add((reference.topics[topic].name, True), BEFORE, said, count)
    words = {one.id: one.words for one in clusters}
    for one in clusters:
        for seen in one.members.rows:
            if seen.record.feedback is not None:
                add((one.id, False), place(seen.window), seen.record.feedback, 1)
    if not series:
        return Feedback(state="insufficient", why="no record holds any feedback")
    keys = {f"{covered:d}{name}": (name, covered) for name, covered in series}
    found = judged({text: series[key] for text, key in keys.items()}, LEAST)
    rows = []
    for tested in shown(found)[:ROWS]:
        name, covered = keys[tested.name]
        told = names.get(name, ()) if covered else words.get(name, ())
        rows.append(_row(tested, name, told, start, covered=covered))
    return _state(found, rows)


def _row(
    one: Tested, name: str, words: tuple[str, ...], start: Callable[[int], str], *, covered: bool
) -> FeedbackRow:
    before = one.before
    return FeedbackRow(
        cluster=name,
        covered=covered,
        words=words,
        window=None if one.window is None else start(one.window),
        n=one.now.n,
        negative_rate=round(one.now.value, 6),
        interval=tuple(round(edge, 6) for edge in wilson(*one.now)),
        baseline_n=before.n if before else 0,
        baseline_rate=None if before is None else round(before.value, 6),
        p_adjusted=one.p,
        alert=one.alert,
    )


def _state(found: Sequence[Tested], rows: Sequence[FeedbackRow]) -> Feedback:
    if any(one.alert for one in found):
        return Feedback(state="alert", rows=tuple(rows))
    if any(one.before is not None for one in found):
        return Feedback(state="ok", rows=tuple(rows))
    why = f"no topic has {LEAST.now} ratings in a window and {LEAST.before} before it"
    if all(one.window is None for one in found):
        why = "the records have no time to compare by: say --baseline with an earlier log"
    return Feedback(state="insufficient", why=why, rows=tuple(rows))
