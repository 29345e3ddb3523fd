"""Half-made work of one annotator over one snapshot, in the journal: it outlives a crash."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

from labeltool.commands.label_target import Target
from labeltool.commands.label_view import LabelDraft, View, texts_of
from labeltool.model.case import Case
from labeltool.model.output import Output
from labeltool.model.rubric import Rubric


class Drafts:
    """Labels in the making, and expected answers that are edited and not saved."""

    def __init__(self, target: Target, found: Mapping[str, bytes]):
        """`found`: what earlier sittings left, by key."""
        self._target, self._found = target, dict(found)

    def keep(self, view: View, draft: LabelDraft) -> None:
        """A half-made label, durable when this returns."""
        texts = texts_of(view.case, view.output)
        document = {
            **asdict(draft),
            "input_hash": texts.input_hash,
            "output_hash": texts.output_hash,
            "rubric": self._target.rubric.name,
            "amended": {id: _amended(self._target.rubric, id) for id in draft.scores},
            "at": self._target.ctx.iso_now(),
        }
        self._put(self._key(view.case.id), document)

    def forget(self, case: str) -> None:
        self._drop(self._key(case))

    def label(self, case: Case, output: Output) -> tuple[LabelDraft, tuple[str, ...]] | None:
        """The half-made label, unless its texts are not these any more; and the criteria whose
        scores are left out of it, because they were amended since, or are others on this branch.
        """
        fields = self._read(self._key(case.id))
        texts, rubric = texts_of(case, output), self._target.rubric
        try:
            same = (fields.pop("input_hash"), fields.pop("output_hash"))
            said_under, amended = fields.pop("rubric"), dict(fields.pop("amended"))
            fields.pop("at", None)
            draft = LabelDraft(**fields)
        except (KeyError, TypeError, ValueError):
            return None
        if same != (texts.input_hash, texts.output_hash):
            return None
        allowed = {c.id: c for c in rubric.by_hand}
        scores = {
            id: score
            for id, score in draft.scores.items()
            if id in allowed
            and allowed[id].allows(score)
            and (said_under, amended.get(id)) == (rubric.name, _amended(rubric, id))
        }
        dropped = tuple(id for id in draft.scores if id in allowed and id not in scores)
        return replace(draft, scores=scores), dropped

    @property
    def times(self) -> dict[str, str]:
        """{case: when} of the half-made labels of this queue."""
        prefix = self._key("")
        return {
            key.removeprefix(prefix): str(self._read(key).get("at", ""))
            for key in self._found
            if key.startswith(prefix)
        }

    def keep_answer(self, case: str, text: str | None) -> None:
        """An edited expected answer, durable when this returns; None forgets it."""
        if text is None:
            self._drop(self._answer_key(case))
        else:
            self._put(self._answer_key(case), {"text": text})

    def answer(self, case: str) -> str | None:
        """The edited expected answer that was not saved."""
        text = self._read(self._answer_key(case)).get("text")
        return text if isinstance(text, str) else None

    def _key(self, case: str) -> str:
        target = self._target
        return f"label/{target.store.name}/{target.annotator}/{target.system}/{case}"

    def _answer_key(self, case: str) -> str:
        return f"expected/{self._target.store.name}/{self._target.annotator}/{case}"

    def _read(self, key: str) -> dict[str, Any]:
        try:
            fields = json.loads(self._found.get(key, b"{}"))
        except ValueError:
            return {}
        return fields if isinstance(fields, dict) else {}

    def _put(self, key: str, document: Mapping[str, Any]) -> None:
        data = json.dumps(document, ensure_ascii=True).encode()
        self._found[key] = data
        self._target.ctx.history.save_draft(key, data)

    def _drop(self, key: str) -> None:
        if self._found.pop(key, None) is not None:
            self._target.ctx.history.clear_draft(key)


def _amended(rubric: Rubric, criterion: str) -> int:
    """The version that amended a criterion last, 0 where none did.

    A branch switch can lead to an older rubric as well as to a newer one: a score stands only
    under the wording that it was said of.
    """
    return max(
        (one.version for one in rubric.changelog if criterion in one.changed),
        default=0,
    )
