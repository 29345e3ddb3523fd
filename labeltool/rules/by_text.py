"""One output, one text: what people said belongs to it, whichever snapshot they read it in.

Two snapshots often hold the very same answer to a case. A human score belongs to (case, input,
output), so what was said of either is said of both, and settling one settles the other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from labeltool.model.label import Label
from labeltool.model.resolution import Resolution
from labeltool.model.round import Round

Text = tuple[str, str]
"""(case, output hash)."""

Recorded = Callable[[str, str], str | None]
"""(system, case) -> the hash of the output that is recorded there, None without one."""


def text_of(said: Label | Resolution, recorded: Recorded) -> Text | None:
    """The text it speaks of: the one it names, else the one that its snapshot holds."""
    hash = said.output_hash or recorded(said.system, said.case)
    return None if hash is None else (said.case, hash)


def newest_of_each(labels: Iterable[Label]) -> list[Label]:
    """One label an annotator, of labels of one text: the newest, else the last one given."""
    newest: dict[str, Label] = {}
    for label in sorted(labels, key=lambda one: one.labeled_at or ""):
        newest[label.annotator] = label
    return list(newest.values())


def newest(resolutions: Iterable[Resolution]) -> Resolution | None:
    """The one that counts, of resolutions of one text."""
    found = sorted(resolutions, key=lambda one: one.resolved_at or "")
    return found[-1] if found else None


def blind_texts(rounds: Iterable[Round], recorded: Recorded) -> frozenset[Text]:
    """The texts of every output in a round that is still open: hidden in any snapshot."""
    return frozenset(
        (output.case, hash)
        for round in rounds
        if round.closed is None
        for output in round.outputs
        for hash in (output.output_hash, recorded(round.system, output.case))
        if hash is not None
    )
