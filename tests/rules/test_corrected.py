"""What a calibration lets one say of a pass rate, and how a gate takes it."""

from __future__ import annotations

from typing import Any

import pytest

from labeltool.model.calibration import Calibration
from labeltool.model.dataset import Gate
from labeltool.model.result import Correction
from labeltool.model.rubric import Rubric
from labeltool.rules.corrected import corrected, correction_of, without
from labeltool.rules.gate import Counts, Ruling, judge_tier
from labeltool.rules.trust import judge_trust

KNOWN = Correction(tpr=0.9, tnr=0.8, positives=500, negatives=500)


def rubric(**said: Any) -> Rubric:
    criteria = [{"id": "facts", "text": "All facts.", "max": 2}]
    return Rubric.model_validate({"name": "short", "version": 1, "criteria": criteria, **said})


def calibration(**said: Any) -> Calibration:
    return Calibration.model_validate(
        {
            "judge": "default",
            "fingerprint": "f",
            "rubric": "short@1",
            "overall": {"tpr": 0.9, "tnr": 0.8, "met": 60, "not_met": 20, "pass_mark": 0.8},
            "criteria": {"facts": {"trusted": False, "n": 80}},
            **said,
        }
    )


def of(found: Calibration | None, under: Rubric, fingerprint: str = "f") -> Correction:
    return correction_of(found, judge_trust(found, fingerprint, under), under)


class TestWhatACalibrationLetsOneSay:
    def test_an_untrusted_judge_corrects_too_since_its_errors_are_known(self) -> None:
        found = of(calibration(), rubric())
        assert found == Correction(tpr=0.9, tnr=0.8, positives=60, negatives=20)

    @pytest.mark.parametrize(
        ("found", "under", "fingerprint", "why"),
        [
            (None, rubric(), "f", "never calibrated"),
            (calibration(), rubric(), "another", "the judge has changed"),
            (calibration(), rubric(version=2), "f", "calibrated under short@1"),
            (calibration(), rubric(pass_mark=0.5), "f", "with pass_mark 0.8"),
            (calibration(criteria={}), rubric(), "f", "not in the calibration"),
        ],
    )
    def test_what_ends_the_trust_ends_the_correction(
        self, found: Calibration | None, under: Rubric, fingerprint: str, why: str
    ) -> None:
        correction = of(found, under, fingerprint)
        assert why in (correction.why or "")
        assert corrected(correction, 8, 10, 10).rate is None

    def test_a_weighted_sample_counts_as_much_as_it_tells(self) -> None:
        overall = {
            **calibration().overall, "effective": {"met": 31.5, "not_met": 18.25}
        }  # fmt: skip
        found = of(calibration(overall=overall), rubric())
        assert (found.positives, found.negatives) == (31.5, 18.25)
        less = corrected(found, 80, 100, 100).interval
        more = corrected(of(calibration(), rubric()), 80, 100, 100).interval
        assert less is not None
        assert more is not None
        assert less[1] - less[0] > more[1] - more[0]

    def test_a_file_that_says_nonsense_corrects_nothing(self) -> None:
        odd = calibration(overall={"tpr": "much", "tnr": 7, "met": True, "not_met": None})
        assert of(odd, rubric()) == Correction()
        assert "one of the two sides" in (corrected(of(odd, rubric()), 8, 10, 10).why or "")

    def test_a_score_without_a_criterion_is_not_what_was_measured(self) -> None:
        assert "facts left out" in (without(KNOWN, ["facts"]).why or "")
        assert without(KNOWN, []) == KNOWN


class TestErrors:
    def test_an_error_never_counts_as_a_pass(self) -> None:
        whole, half = corrected(KNOWN, 62, 100, 100), corrected(KNOWN, 62, 100, 200)
        assert whole.rate == pytest.approx(0.6)
        assert half.rate == pytest.approx(0.3)

    def test_where_nothing_was_graded_there_is_no_rate(self) -> None:
        assert corrected(KNOWN, 0, 0, 4).why == "no case was graded"


def ruled(passed: int, failed: int, errors: int = 0, **gate: Any) -> Ruling:
    correction = gate.pop("correction", KNOWN)
    held = Gate(metric="corrected_pass_rate", **{"threshold": 0.6, **gate})
    return judge_tier(held, Counts(passed, failed, errors), correction)


class TestGate:
    def test_a_lenient_judge_passes_what_the_corrected_rate_does_not(self) -> None:
        plain = judge_tier(Gate(threshold=0.61), Counts(620, 380))
        assert plain.verdict == "pass"
        found = ruled(620, 380, threshold=0.61)
        assert found.verdict == "fail"
        assert found.why.startswith("corrected 0.60 [")
        assert "is under 0.61" in found.why
        assert ruled(620, 380, threshold=0.6).verdict == "pass"

    def test_confidence_carries_the_calibrations_own_doubt(self) -> None:
        few = Correction(tpr=0.9, tnr=0.8, positives=20, negatives=20)
        assert ruled(620, 380, threshold=0.5, rule="confident").verdict == "pass"
        doubted = ruled(620, 380, threshold=0.5, rule="confident", correction=few)
        assert doubted.verdict == "inconclusive"
        assert "calibrate the judge on more human scores" in doubted.why

    def test_what_contradicts_the_calibration_is_never_sure(self) -> None:
        found = ruled(990, 10, threshold=0.9, rule="confident")
        assert found.verdict == "inconclusive"
        assert "calibrate the judge on more human scores" in found.why
        assert "errs otherwise here" in (corrected(KNOWN, 990, 1000, 1000).why or "")

    def test_it_says_how_many_cases_would_settle_it(self) -> None:
        found = ruled(62, 38, threshold=0.5, rule="confident")
        assert found.verdict == "inconclusive"
        assert "cases at this rate would settle it" in found.why

    def test_without_a_correction_nothing_was_measured(self) -> None:
        found = ruled(100, 0, correction=Correction(why="the judge was never calibrated"))
        assert found.verdict == "incomplete"
        assert found.why == "there is no corrected pass rate: the judge was never calibrated"
        blind = Correction(tpr=0.6, tnr=0.5, positives=40, negatives=40)
        assert "TPR + TNR is 1.10" in ruled(100, 0, correction=blind).why

    def test_errors_decide_nothing_and_it_fails_where_even_they_would_not_help(self) -> None:
        assert ruled(64, 34, 2, threshold=0.64).verdict == "incomplete"
        found = ruled(20, 78, 2)
        assert found.verdict == "fail"
        assert "even if every error had passed" in found.why
        assert ruled(0, 0, 3).verdict == "incomplete"
