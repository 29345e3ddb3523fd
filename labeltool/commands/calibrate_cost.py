"""What measuring a judge is about to cost, said before its first call."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from labeltool.commands.run_cost import CALL_MS, CHARS_A_TOKEN, REPLY_TOKENS, Calls, Estimate
from labeltool.config import OpenAIJudge, Settings
from labeltool.model.rubric import Rubric
from labeltool.rules.calibrate import Sample, judge_criteria


def estimate(
    settings: Settings, judges: Sequence[str], rubric: Rubric, sample: Sample, concurrency: int
) -> Estimate | None:
    """None where no judge of `judges` is asked over the network."""
    found = [(name, settings.judges[name]) for name in judges]
    sides = tuple(
        _calls(name, judge, rubric, sample)
        for name, judge in found
        if isinstance(judge, OpenAIJudge)
    )
    return Estimate(sides, concurrency) if sides else None


def _calls(name: str, judge: OpenAIJudge, rubric: Rubric, sample: Sample) -> Calls:
    each = len(judge_criteria(rubric)) if judge.per == "criterion" else 1
    texts = sum(
        len(one.case.input_text) + sum(map(len, one.case.acceptable)) + len(one.output.output)
        for one in sample.outputs
    )
    chars = len(rubric.model_dump_json()) + texts / len(sample.outputs)
    host = urlsplit(judge.base_url).hostname if judge.base_url else None
    local = host is not None and (host in {"localhost", "::1"} or host.startswith("127."))
    return Calls(
        to=f"judge {name}",
        calls=len(sample.outputs) * each,
        tokens=(chars / CHARS_A_TOKEN, REPLY_TOKENS),
        ms=CALL_MS,
        price=judge.price,
        most=True,
        asks=judge.price is None and not local,
        basis=None,
    )
