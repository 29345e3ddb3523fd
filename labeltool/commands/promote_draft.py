"""A nominated record becomes a draft: redacted, named by its input, with where it came from."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from labeltool.model import hashing
from labeltool.model.base import Tier
from labeltool.model.case import Source
from labeltool.model.record import Draft
from labeltool.redact.names import Names
from labeltool.redact.redactor import Redactor
from labeltool.rules.names import is_reserved
from labeltool.rules.promote_select import Nominated
from labeltool.sources import Kind

SALT = "LABELTOOL_SALT"
_KINDS: dict[Kind, Literal["hand", "production", "bug_report"]] = {
    "github-issue": "bug_report",
    "text": "hand",
    "results": "hand",
}
_WORDS_LONG = 40
_PLACEHOLDER_WORD = re.compile(r"\[([A-Z_]+)_[0-9a-f]{4}\]")


@dataclass(frozen=True)
class Maker:
    """What all drafts of one reading share. `salt` makes the placeholders the dataset's own."""

    kind: Kind
    origin: str
    salt: str
    regions: Sequence[str]
    names: Names | None = None
    tier: Tier | None = None
    system: str | None = None

    def draft(self, one: Nominated) -> Draft:
        """The draft, not yet compared with what is there."""
        record = one.record
        redactor = Redactor(self.salt, self.names, self.regions)
        clean: dict[str, Any] = redactor.value(
            record.model_dump(
                include={"id", "input", "output", "expected", "context", "tags", "notes"},
                exclude_none=True,
            )
        )
        system = self.system or (redactor.text(record.system) if record.system else None)
        link = record.link if record.link and redactor.text(record.link) == record.link else None
        why = redactor.text(one.nomination.why)
        also = [redactor.text(ref) for ref in one.refs if ref != record.id]
        ref = clean.pop("id")
        source = Source(
            kind=_KINDS.get(self.kind, "production"),
            ref=ref,
            date=record.time,
            link=link,
            redactions=[taken._asdict() for taken in redactor.taken] or None,
        )
        tags = dict.fromkeys([*clean.pop("tags", ()), *one.nomination.tags])
        draft = Draft(
            id="draft",
            tier=self.tier or one.nomination.tier or "regression",
            **clean,
            tags=tuple(tags),
            system=system,
            rule=one.nomination.rule,
            why=why,
            priority=one.nomination.priority,
            seen=one.seen,
            also=tuple(also),
            origin=redactor.text(self.origin),
            source=source,
        )
        return draft.model_copy(update={"id": draft_id(draft)})


def salt_of(env: Mapping[str, str], dataset: str) -> str:
    """What keys the placeholders: a secret of the team's where one is set, else the dataset."""
    return f"{env.get(SALT, '')}:{dataset}"


def draft_id(draft: Draft) -> str:
    """First words of the input, and a hash of it: one input is one draft."""
    said = draft.input if isinstance(draft.input, str) else _last_said(draft)
    plain = unicodedata.normalize("NFKD", _PLACEHOLDER_WORD.sub(r"\1", said[:400]).casefold())
    kept = "".join(char for char in plain if not unicodedata.combining(char))
    words = re.sub(r"[^a-z0-9]+", "-", kept).strip("-")[:_WORDS_LONG].rstrip("-")
    short = hashing.input_hash(draft.input)[:8]
    return f"{words}-{short}" if words and not is_reserved(words) else f"draft-{short}"


def _last_said(draft: Draft) -> str:
    """What the user said last, where the input is a conversation."""
    messages = [one for one in draft.input if not isinstance(one, str)]
    users = [one.content for one in messages if one.role == "user" and one.content]
    return users[-1] if users else (messages[-1].content or "" if messages else "")
