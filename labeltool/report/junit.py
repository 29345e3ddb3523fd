"""Results as JUnit XML: a suite a tier, a test case a case."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from labeltool.model.result import CaseResult, Results, TierResult
from labeltool.report.why import reasons
from labeltool.safe_text import one_line, visible

if TYPE_CHECKING:
    from junitparser import TestCase


def junit(results: Results, cases: Iterable[CaseResult]) -> bytes:
    """The document in UTF-8. Control characters, which XML cannot hold, are shown as glyphs.

    A gate is a test of its own, so that a red run always has something red in it.
    """
    from junitparser import JUnitXml, TestSuite

    suites = {tier: TestSuite(tier) for tier in results.tiers}
    for tier, result in results.tiers.items():
        suites[tier].add_testcase(_gate(f"{results.dataset}.{tier}", tier, result))
    for case in cases:
        suites[case.tier].add_testcase(_case(case, results))
    document = JUnitXml(f"labeltool {results.dataset} {results.system.name}")
    for suite in suites.values():
        document.add_testsuite(suite)
    document.update_statistics()  # type: ignore[no-untyped-call]
    return bytes(document.tostring())  # type: ignore[no-untyped-call]


def _gate(classname: str, tier: str, result: TierResult) -> TestCase:
    from junitparser import Error, Failure, Skipped, TestCase

    gate = TestCase(f"gate {tier}", classname=classname)
    why = visible(result.why)
    if result.verdict in ("fail", "inconclusive"):
        gate.result = [Failure(why, result.verdict)]
    elif result.verdict == "incomplete":
        gate.result = [Error(why, result.verdict)]
    elif result.verdict is None:
        gate.result = [Skipped(why)]
    return gate


def _case(case: CaseResult, results: Results) -> TestCase:
    from junitparser import Error, Failure, Skipped, TestCase

    test = TestCase(visible(case.id), classname=f"{results.dataset}.{case.tier}")
    test.time = (case.latency_ms or 0) / 1000
    why = reasons(case, results) or ["not met"]
    message = one_line(why[0], 200)
    if case.status == "open":
        test.result = [Skipped(f"open: {'passes now' if case.passed else message}")]
    elif case.error is not None:
        test.result = [Error(message, case.error.kind)]
    elif not case.passed:
        test.result = [Failure(message, "failed")]
    else:
        return test
    if case.error is not None or not case.passed:
        test.result[0].text = "\n".join(map(visible, why))
    if case.output is not None:
        test.system_out = visible(case.output)
    return test
