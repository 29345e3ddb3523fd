"""An amendment of one criterion in the making: kept in the journal, it outlives a crash."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from labeltool.commands.context import Context
from labeltool.commands.rubric_amend import in_open_round, open_rounds, stakes, using
from labeltool.errors import UnknownName
from labeltool.model.rubric import Criterion
from labeltool.rules.amend import Alter


@dataclass(frozen=True, slots=True)
class AmendDraft:
    """What a person has written so far. `levels`: every level of the scale, "" without words."""

    text: str
    levels: Mapping[int, str] = field(default_factory=dict)
    reason: str = ""

    @classmethod
    def of(cls, criterion: Criterion) -> AmendDraft:
        """As the rubric has it."""
        return cls(
            _bare(criterion.text),
            {level: _bare(criterion.levels.get(level, "")) for level in criterion.scale},
        )

    def edits(self, criterion: Criterion) -> tuple[Alter, ...]:
        """What differs from the criterion; nothing where nothing does."""
        was = AmendDraft.of(criterion)
        text, now = self.text.strip(), {level: _bare(words) for level, words in self.levels.items()}
        fields = {"text": text} if text != was.text else {}
        levels = {
            level: words or None
            for level, words in now.items()
            if words != was.levels.get(level, "")
        }
        return (Alter(criterion.id, fields, levels),) if fields or levels else ()


@dataclass(frozen=True, slots=True)
class Amendable:
    """A criterion that is about to be amended.

    draft: what was written earlier and not said (`resumed`), else the criterion as it is. stakes:
    what goes stale if its meaning changes, a sentence a line. waits: why it cannot be amended now.
    """

    rubric: str
    version: int
    criterion: Criterion
    draft: AmendDraft
    resumed: bool
    stakes: tuple[str, ...]
    waits: str | None


def amendable(
    ctx: Context, rubric: str, criterion: str, *, annotator: str | None = None
) -> Amendable:
    """Everything that a person needs to see to amend a criterion. Raises UnknownName, DataError."""
    found = ctx.workspace.rubric(rubric)
    one = found.criterion(criterion)
    if one is None:
        raise UnknownName("criterion", criterion, [each.id for each in found.criteria])
    draft = _kept(ctx, _key(ctx, rubric, criterion, annotator), one)
    rounds = open_rounds(using(ctx, rubric))
    return Amendable(
        rubric,
        found.version,
        one,
        draft or AmendDraft.of(one),
        resumed=draft is not None,
        stakes=stakes(ctx, found, criterion),
        waits=in_open_round(rounds).message if rounds else None,
    )


def keep_draft(
    ctx: Context,
    rubric: str,
    criterion: str,
    draft: AmendDraft | None,
    *,
    annotator: str | None = None,
) -> None:
    """Journal it, durable when this returns; None forgets it."""
    key = _key(ctx, rubric, criterion, annotator)
    if draft is None:
        ctx.history.clear_draft(key)
    else:
        ctx.history.save_draft(key, json.dumps(asdict(draft), ensure_ascii=True).encode())


def _key(ctx: Context, rubric: str, criterion: str, annotator: str | None) -> str:
    return f"amend/{ctx.annotator(annotator)}/{rubric}/{criterion}"


def _kept(ctx: Context, key: str, criterion: Criterion) -> AmendDraft | None:
    """Over the levels that there are now."""
    try:
        fields: dict[str, Any] = json.loads(ctx.history.drafts().get(key, b"{}"))
        said = {int(level): str(words) for level, words in fields["levels"].items()}
        draft = AmendDraft(str(fields["text"]), said, str(fields["reason"]))
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
    here = AmendDraft.of(criterion)
    levels = {level: said.get(level, words) for level, words in here.levels.items()}
    return replace(draft, levels=levels)


def _bare(text: str) -> str:
    return text.strip()
