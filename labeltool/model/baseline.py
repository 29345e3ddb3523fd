"""A baseline: what a system was worth when somebody said that this is the mark to hold."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from labeltool.model.base import Score, Tier
from labeltool.model.result import GitState, Part, Results, SystemRef

SCHEMA: Literal["labeltool/baseline@1"] = "labeltool/baseline@1"


class BlessedCase(Part):
    """One case as it was: `passed` and `score` are null where it had no verdict."""

    tier: Tier
    case_hash: str
    passed: bool | None = None
    score: float | None = None
    scores: dict[str, Score] = Field(default_factory=dict)
    output_hash: str | None = None


class BlessedJudge(Part):
    name: str
    kind: str
    fingerprint: str


class BaselineFile(Part):
    """`datasets/<dataset>/baselines/<system>.json`: no texts, one case a line. `blessed_by` and
    `blessed_at` are null in a baseline that is drawn from results which nobody has blessed.
    """

    schema_: Literal["labeltool/baseline@1"] = Field(default=SCHEMA, alias="schema")
    run_id: str
    created_at: str
    labeltool_version: str
    settings_hash: str
    git: GitState
    dataset: str
    rubric: str
    scores: Literal["machine", "human"]
    system: SystemRef
    judge: BlessedJudge
    blessed_by: str | None = None
    blessed_at: str | None = None
    cases: dict[str, BlessedCase]

    @classmethod
    def of(cls, results: Results, *, by: str | None = None, at: str | None = None) -> BaselineFile:
        """What `results` say, case by case; open cases are known bugs and set no mark."""
        judge = results.judge
        return cls(
            run_id=results.run_id,
            created_at=results.created_at,
            labeltool_version=results.labeltool_version,
            settings_hash=results.settings_hash,
            git=results.git,
            dataset=results.dataset,
            rubric=results.rubric,
            scores=results.scores,
            system=results.system,
            judge=BlessedJudge(name=judge.name, kind=judge.kind, fingerprint=judge.fingerprint),
            blessed_by=by,
            blessed_at=at,
            cases={
                case.id: BlessedCase(
                    tier=case.tier,
                    case_hash=case.case_hash,
                    passed=case.passed,
                    score=case.score,
                    scores=case.scores,
                    output_hash=case.output_hash,
                )
                for case in sorted(results.cases, key=lambda case: case.id)
                if case.status != "open"
            },
        )
