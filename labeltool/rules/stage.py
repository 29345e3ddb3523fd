"""Where a rubric stands in its loop: draft, round, resolve, stable; and what holds so far."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from labeltool.model.round import Round
from labeltool.model.rubric import Criterion, Rubric, ref_parts
from labeltool.rules.round_plan import LEAST_FRESH

Name = Literal["draft", "round", "resolve", "stable"]


@dataclass(frozen=True, slots=True)
class Stage:
    """`words`: the stage as a reader of the home screen wants it."""

    name: Name
    words: str


@dataclass(frozen=True, slots=True)
class Standing:
    """How one criterion stands by the latest closed round, as that froze it. `why` explains."""

    alpha: float | None
    agreement: float | None
    holds: bool
    why: str


def stage(rounds: Sequence[Round], rubric: Rubric, disagreements: int) -> Stage:
    """rounds: by number. disagreements: outputs outside open rounds whose labels differ.

    Stable: the latest round is closed, every hand-labelled criterion held in it and was not
    amended since, and no disagreement is open.
    """
    opened = [one for one in rounds if one.closed is None]
    if opened:
        return Stage("round", f"round {opened[-1].number} is open")
    latest = latest_closed(rounds)
    if latest is None:
        return Stage("draft", _and("draft: no round yet", disagreements))
    if disagreements:
        return Stage("resolve", _and(f"round {latest.number} closed", disagreements))
    if amended_since(latest, rubric):
        return Stage("draft", f"draft: version {rubric.version} has had no round yet")
    stands = criteria(rounds, rubric)
    loose = [id for id, one in stands.items() if not one.holds]
    if loose:
        many = f"{len(loose)} of {len(stands)} criteria"
        return Stage("draft", f"draft: {many} do not hold")
    return Stage("stable", f"stable since round {latest.number}")


def latest_closed(rounds: Sequence[Round]) -> Round | None:
    """The latest closed round; one too small to say anything only where there is no other."""
    closed = [one for one in reversed(rounds) if one.closed is not None]
    return next((one for one in closed if _tells(one)), closed[0] if closed else None)


def _tells(closed: Round) -> bool:
    """Whether any criterion had enough outputs to hold. One that does not say is believed."""
    agreement = closed.closed.agreement if closed.closed else {}
    counts = [_number(_entry(agreement, id).get("n")) for id in agreement]
    return any(count is None or count >= LEAST_FRESH for count in counts)


def amended_since(round: Round, rubric: Rubric) -> bool:
    """Whether labels of the round's version may be stale: a hand-labelled criterion was amended
    since, the rubric is another one, or its changelog does not say what later versions changed.
    """
    name, version = ref_parts(round.rubric)
    if name != rubric.name or version > rubric.version:
        return True
    told = {change.version for change in rubric.changelog}
    if not told.issuperset(range(version + 1, rubric.version + 1)):
        return True
    changed = rubric.changed_since(version)
    return any(criterion.id in changed for criterion in rubric.by_hand)


def criteria(rounds: Sequence[Round], rubric: Rubric) -> dict[str, Standing]:
    """{criterion: how it stands} of every hand-labelled criterion, by the latest closed round."""
    latest = latest_closed(rounds)
    if latest is None:
        return {c.id: Standing(None, None, False, "no round is closed yet") for c in rubric.by_hand}
    name, version = ref_parts(latest.rubric)
    changed = rubric.changed_since(version) if name == rubric.name else frozenset()
    found: dict[str, Standing] = {}
    for criterion in rubric.by_hand:
        one = frozen(latest, criterion, rubric)
        if name != rubric.name:
            why = f"round {latest.number} was labelled under {latest.rubric}"
            one = Standing(None, None, False, why)
        elif criterion.id in changed:
            since = max(c.version for c in rubric.changelog if criterion.id in c.changed)
            why = f"amended in version {since}, after round {latest.number}: {one.why} before that"
            one = Standing(one.alpha, one.agreement, False, why)
        found[criterion.id] = one
    return found


def frozen(round: Round, criterion: Criterion, rubric: Rubric) -> Standing:
    """What the closed round says of a criterion. One that was closed without saying whether it
    holds is measured again, on the scores that it froze.
    """
    assert round.closed is not None
    said = _entry(round.closed.agreement, criterion.id)
    if isinstance(said.get("holds"), bool):
        alpha, agreement = (_number(said.get(name)) for name in ("alpha", "agreement"))
        return Standing(alpha, agreement, said["holds"] is True, str(said.get("why") or ""))
    # Imported here: it stands on numpy, and most rounds say what they found.
    from labeltool.rules.ratings import held
    from labeltool.rules.round_scores import as_scores

    scores = as_scores(round.closed.scores, round.outputs, criterion.id)
    one = held(criterion, scores, rubric.stable)
    return Standing(one.alpha, one.agreement, one.holds, one.why)


def _entry(agreement: Mapping[str, Any], criterion: str) -> Mapping[str, Any]:
    per_criterion = agreement.get("criteria", agreement)
    found = per_criterion.get(criterion) if isinstance(per_criterion, dict) else None
    return found if isinstance(found, dict) else {}


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _and(words: str, disagreements: int) -> str:
    if not disagreements:
        return words
    return f"{words}, {disagreements} disagreement{'' if disagreements == 1 else 's'}"
