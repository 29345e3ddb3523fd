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
            "at": self._target.ctx.iso_now(),
        }
        self._put(self._key(view.case.id), document)

    def forget(self, case: str) -> None:
        self._drop(self._key(case))

    def label(self, case: Case, output: Output) -> LabelDraft | None:
        """The half-made label, unless its texts are not these any more."""
        fields = self._read(self._key(case.id))
        texts = texts_of(case, output)
        try:
            same = (fields.pop("input_hash"), fields.pop("output_hash"))
            fields.pop("at", None)
            draft = LabelDraft(**fields)
        except (KeyError, TypeError):
            return None
        if same != (texts.input_hash, texts.output_hash):
            return None
        allowed = {c.id: c for c in self._target.rubric.by_hand}
        scores = {
            id: s for id, s in draft.scores.items() if id in allowed and allowed[id].allows(s)
        }
        return replace(draft, scores=scores)

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
