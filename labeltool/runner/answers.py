"""A system's answer to a case: the one that is kept, else a new one."""

from __future__ import annotations

from labeltool.model.case import Case
from labeltool.runner.replies import Replies
from labeltool.systems.base import Answer, System


async def answered(
    system: System, case: Case, replies: Replies | None, *, repeat: int = 0, fresh: bool = False
) -> Answer:
    """`fresh`: asked anew, and kept in place of what was. Raises SystemFailure."""
    request = None if replies is None else system.request(case)
    if replies is None or request is None:
        return await system.answer(case)
    fingerprint = system.fingerprint
    kept = None if fresh else replies.answer(fingerprint, request, repeat)
    if kept is not None:
        return kept
    answer = await system.answer(case)
    replies.keep(fingerprint, request, repeat, answer)
    return answer
