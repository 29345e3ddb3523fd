from __future__ import annotations

from xml.etree import ElementTree as ET

from labeltool.report.junit import junit
from tests.report.samples import results


def parsed() -> ET.Element:
    found = results()
    return ET.fromstring(junit(found, found.cases))


def test_a_nasty_output_still_makes_whole_xml() -> None:
    bad = parsed().find(".//testcase[@name='bad']")
    assert bad is not None
    assert "invents" in (bad.findtext("failure") or "")
    assert "\x1b" not in (bad.findtext("system-out") or "")


def test_gates_are_tests_and_errors_failures_and_open_bugs_are_told_apart() -> None:
    found = {
        test.get("name"): [child.tag for child in test if child.tag != "system-out"]
        for test in parsed().iter("testcase")
    }
    assert found == {
        "gate golden": ["failure"],
        "gate adversarial": ["skipped"],
        "good": [],
        "bad": ["failure"],
        "ugly": ["error"],
        "known": ["skipped"],
    }


def test_a_suite_counts_its_own() -> None:
    suite = parsed().find(".//testsuite[@name='golden']")
    assert suite is not None
    counts = (suite.get("tests"), suite.get("failures"), suite.get("errors"), suite.get("skipped"))
    assert counts == ("5", "2", "1", "1")
