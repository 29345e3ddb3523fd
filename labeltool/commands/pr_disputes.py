"""Disputes and their ends in a pull request: who said what, what stood before, what stands now."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from labeltool.commands.pr_changes import Changes, Settled
from labeltool.commands.pr_words import more, note, plural, row
from labeltool.model.base import Score
from labeltool.model.resolution import Resolution
from labeltool.rules.staleness import Reason
from labeltool.safe_text import for_markdown

_BEFORE = "<br>before: "
_STALE: dict[Reason, str] = {
    "amended": "the criterion is amended",
    "score_changed": "a score that it settled has changed",
    "input_changed": "the input has changed",
    "output_changed": "the output has changed",
}


def decided(changes: Changes) -> list[str]:
    """The resolutions counted, by who gave them; an annotator who settled a dispute of their own
    is named.
    """
    settled = [one for one in changes.settled if one.resolution is not None]
    many = Counter(one.resolution.resolver or "" for one in settled if one.resolution)
    lines = []
    for resolver, count in sorted(many.items()):
        mine = [one for one in settled if _by(one.resolution) == resolver]
        own = sum(resolver in one.resolution.settles for one in mine if one.resolution)
        again = sum(one.earlier is not None for one in mine)
        lines.append(f"- **{plural(count, 'resolution')}** by {_who(resolver, own, again, count)}")
    gone = len(changes.settled) - len(settled)
    return [*lines, *([f"- {plural(gone, 'resolution')} taken back"] if gone else [])]


def disputes(changes: Changes, shown: int) -> Iterator[str]:
    """Each dispute: who said what, what it was settled at before and is now, why."""
    if not changes.settled:
        return
    told = [one for one in changes.settled if not one.hidden]
    lines = ["### Disputed, and how it was settled", ""]
    if told:
        places = {(one.dataset, _standing(one).system) for one in told}
        lines += [
            row(("case", "criterion", "said", "settled", "because", "note")),
            "|---|---|---|---|---|---|",
        ]
        for one in told[:shown]:
            lines += _rows(one, places)
        lines += more(len(told), shown)
    if hidden := len(changes.settled) - len(told):
        lines += [
            *([""] if told else []),
            f"{plural(hidden, 'resolution')} not shown: a round of their outputs is open.",
        ]
    yield "\n".join(lines)


def _rows(one: Settled, places: set[tuple[str, str]]) -> Iterator[str]:
    now, earlier = one.resolution, one.earlier
    ids = dict.fromkeys([*(now.scores if now else ()), *(earlier.scores if earlier else ())])
    for place, id in enumerate(ids):
        first = place == 0
        yield row(
            (
                _called(one, places) if first else "",
                for_markdown(id),
                _was(_said(earlier, id), _said(now, id)),
                _settled(one, id),
                _was(_because(earlier), _because(now)) if first else "",
                _was(note(earlier.note if earlier else None), note(now.note if now else None))
                if first
                else "",
            )
        )


def _settled(one: Settled, id: str) -> str:
    """`1 by bob → **0** by alice`; of a score that lapses in the same breath, why."""
    now, earlier = one.resolution, one.earlier
    before = _score(earlier, id)
    if now is None:
        return f"{before} → taken back"
    if id not in now.scores:
        return f"{before} → open again"
    stands = f"**{for_markdown(str(now.scores[id]))}**{_given_by(now)}"
    if before is not None and (_value(earlier, id), _by(earlier)) != (now.scores[id], _by(now)):
        stands = f"{before} → {stands}"
    if id in one.stale:
        why = _STALE.get(one.stale[id], one.stale[id].replace("_", " "))
        stands += f"<br>stale already: {why}"
    return stands


def _score(resolution: Resolution | None, id: str) -> str | None:
    value = _value(resolution, id)
    if resolution is None or value is None:
        return None
    return f"{for_markdown(str(value))}{_given_by(resolution)}"


def _value(resolution: Resolution | None, id: str) -> Score | None:
    return None if resolution is None else resolution.scores.get(id)


def _said(resolution: Resolution | None, id: str) -> str:
    if resolution is None:
        return ""
    settles = sorted(resolution.settles.items())
    return ", ".join(
        f"{for_markdown(name)} {for_markdown(str(scores[id]))}"
        for name, scores in settles
        if id in scores
    )


def _was(before: str, now: str) -> str:
    """What it is now, under it what it was where that was another thing."""
    if before in ("", now):
        return now
    return f"{now}{_BEFORE}{before}" if now else f"before: {before}"


def _because(resolution: Resolution | None) -> str:
    if resolution is None:
        return ""
    return (resolution.because or "not said").replace("_", " ")


def _by(resolution: Resolution | None) -> str:
    return "" if resolution is None else resolution.resolver or ""


def _given_by(resolution: Resolution) -> str:
    return f" by {for_markdown(resolution.resolver)}" if resolution.resolver else ""


def _called(one: Settled, places: set[tuple[str, str]]) -> str:
    standing = _standing(one)
    where = f" of `{standing.system}` (`{one.dataset}`)" if len(places) > 1 else ""
    return f"`{standing.case}`{where}"


def _standing(one: Settled) -> Resolution:
    found = one.resolution or one.earlier
    assert found is not None
    return found


def _who(resolver: str, own: int, again: int, count: int) -> str:
    said = f"`{resolver}`" if resolver else "nobody named"
    if own:
        which = "all" if own == count else str(own)
        said += f", who labelled {f'{which} of them' if count > 1 else 'it'} too"
    if again:
        said += (
            f"; {again} in place of an earlier one" if count > 1 else ", in place of an earlier one"
        )
    return said
