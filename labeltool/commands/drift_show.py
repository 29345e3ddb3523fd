"""What may be shown of production: clusters with redacted examples, and the cases near to them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from labeltool.commands.context import Context
from labeltool.commands.drift_cases import Reference
from labeltool.commands.drift_clusters import Named
from labeltool.commands.drift_tally import Seen, Tally
from labeltool.commands.promote_draft import salt_of
from labeltool.model.drift import Cluster, DriftPoint, Growth, Near, Pick
from labeltool.redact import names
from labeltool.redact.names import Names
from labeltool.redact.redactor import Redactor
from labeltool.rules.drift_windows import start
from labeltool.safe_text import one_line

EXAMPLES, PICKS, NEAREST = 3, 12, 3
_LONG = 300


@dataclass
class Shown:
    """Texts of production as they may leave it. missing: what the redaction cannot find here."""

    salt: str
    regions: Sequence[str]
    names: Names | None
    missing: str | None
    known: Reference
    _clean: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, ctx: Context, dataset: str, known: Reference) -> Shown:
        finder, missing = names.finder()
        regions = ctx.workspace.settings.promote.regions
        return cls(salt_of(ctx.env, dataset), regions, finder, missing, known)

    def clean(self, text: str) -> str:
        if text not in self._clean:
            self._clean[text] = Redactor(self.salt, self.names, self.regions).text(text)
        return self._clean[text]

    def clusters(
        self,
        named: Sequence[Named],
        tally: Tally,
        windows: tuple[int, ...],
        width: int,
        past: DriftPoint | None,
    ) -> list[Cluster]:
        """windows: those asked for, in order; growth is told between the last two of them, else
        since `past`.
        """
        return [
            self._cluster(one, tally, _growth(one, tally, windows, width, past)) for one in named
        ]

    def _cluster(self, one: Named, tally: Tally, growth: Growth | None) -> Cluster:
        some = one.members
        rated = [seen.record.feedback for seen in some.rows if seen.record.feedback is not None]
        return Cluster(
            id=one.id,
            size=some.size,
            share=round(some.size / max(1, tally.heard), 6),
            uncovered=some.uncovered,
            words=one.words,
            examples=tuple(self._examples(some.rows)),
            members=tuple(self.clean(seen.record.id) for seen in some.rows),
            sampled=len(some.rows) < some.size,
            known=one.known is not None,
            scope=one.known.scope if one.known else None,
            reason=one.known.reason if one.known else None,
            growth=growth,
            negative_rate=round(rated.count(-1) / len(rated), 6) if rated else None,
            near=self._near(some.rows[0]),
        )

    def _examples(self, rows: Sequence[Seen]) -> list[str]:
        """The most typical ones that do not say the same."""
        found: dict[str, None] = {}
        for seen in rows:
            found.setdefault(one_line(self.clean(seen.text))[:_LONG])
            if len(found) == EXAMPLES:
                break
        return list(found)

    def picks(self, named: Sequence[Named]) -> dict[str, tuple[Pick, ...]]:
        return {one.id: tuple(self._picks(one.members.rows)) for one in named}

    def _picks(self, rows: Sequence[Seen]) -> list[Pick]:
        found: list[Pick] = []
        said: set[str] = set()
        for seen in rows:
            if seen.whole and seen.text.casefold() not in said:
                said.add(seen.text.casefold())
                found.append(self._pick(seen))
            if len(found) == PICKS:
                break
        return found

    def _pick(self, seen: Seen) -> Pick:
        record = seen.record
        redactor = Redactor(self.salt, self.names, self.regions)
        clean = redactor.value(
            record.model_dump(include={"id", "input", "output", "system"}, exclude_none=True)
        )
        return Pick(
            id=clean["id"],
            input=clean["input"],
            output=clean.get("output"),
            time=record.time,
            system=clean.get("system"),
            feedback=record.feedback,
            finish_reason=record.finish_reason,
            redactions=[taken._asdict() for taken in redactor.taken] or None,
            near=self._near(seen),
        )

    def _near(self, seen: Seen) -> tuple[Near, ...]:
        """The nearest cases in meaning: by their words they are near to none of these."""
        if not self.known.cases:
            return ()
        likeness = self.known.vectors @ seen.vector
        return tuple(
            Near(
                case=self.known.cases[int(at)].id,
                similarity=round(float(likeness[at]), 3),
                how="embedding",
            )
            for at in (-likeness).argsort(kind="stable")[:NEAREST]
        )


def _growth(
    one: Named, tally: Tally, windows: tuple[int, ...], width: int, past: DriftPoint | None
) -> Growth | None:
    if len(windows) > 1:
        before, now = windows[-2:]
        return Growth(
            before=_share_in(one, tally, before),
            now=_share_in(one, tally, now),
            since=start(before, width),
        )
    if past is None:
        return None
    old = next((old.share for old in past.clusters if old.id == one.id), 0.0)
    share = round(one.members.size / max(1, tally.heard), 6)
    return Growth(before=old, now=share, since=past.date)


def _share_in(one: Named, tally: Tally, window: int) -> float:
    n = tally.windows[window].centroid.n
    return round(min(1.0, one.members.size_in(window) / n), 6) if n else 0.0
