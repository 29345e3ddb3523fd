"""What may the machine judge, how sure are we, what would change that: from one screen."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from labeltool.model.hashing import text_hash
from labeltool.runner.build import open_judge
from labeltool.tui import keys
from labeltool.tui.screens.calibration import CalibrationScreen
from tests.hostile import HIDDEN, TERMINAL
from tests.small_repo import Repo
from tests.tui.desk_repo import Seat, label_path, make, read_label, seated

Compare = Callable[..., bool]
PATH = "datasets/mails/calibrations/default.yaml"
ROWS = ".labeltool/calibrations/mails/default.json"


def measured(**changes: Any) -> dict[str, Any]:
    return {
        "n": 40, "met": 30, "not_met": 10, "agreement": 0.9, "interval": [0.77, 0.96],
        "exact": 0.85, "within_one": 0.98, "kappa": 0.7, "weighted_kappa": 0.8, "spearman": 0.81,
        "tpr": 0.97, "tnr": 0.7, "constant_agreement": 0.75, "human_agreement": 0.93, "errors": 0,
        "trusted": True, "reason": "agrees with people on 0.90",
        "change": "label 60 more outputs to be sure of 0.80", "pass_at": 2,
        "confusion": {"levels": [0, 1, 2], "counts": [[6, 1, 3], [0, 0, 0], [1, 0, 29]]},
        "fitted": True, "unfitted_agreement": 0.7, **changes,
    }  # fmt: skip


FACTS = measured(
    agreement=0.75, interval=[0.60, 0.86], trusted=False, pass_at=1,
    reason="no better than always saying met (0.75)",
    change="a judge that tells them apart; label more failing outputs",
    confusion={"levels": [0, 1], "counts": [[0, 10], [0, 30]]},
)  # fmt: skip


def row(case: str = "a-parcel", **changes: Any) -> dict[str, Any]:
    return {
        "case": case, "system": "v1", "output_hash": text_hash(f"The answer to {case}."),
        "criterion": "tone", "human": 0, "judge": 2, "flips": True, "note": "ann: cold as ice",
        "rationale": "It greets and thanks.", "evidence": ["The answer"], **changes,
    }  # fmt: skip


ROW = (row(), row("b-refund", human=2, judge=0), row("c-thanks", criterion="facts", human=0))


def label(case: str, tone: int, **changes: Any) -> str:
    return json.dumps({
        "case": case, "system": "v1", "annotator": "ann", "rubric": "mail@2",
        "scores": {"tone": tone, "facts": 0}, **changes,
    })  # fmt: skip


def fingerprint(repo: Repo) -> str:
    ctx = repo.context()
    store = ctx.workspace.dataset(None)
    return open_judge(ctx.workspace, "default", store.rubric, store=store, env={}).fingerprint


def calibrate(repo: Repo, rows: tuple[dict[str, Any], ...] | None = ROW, **changes: Any) -> None:
    found = {
        "judge": "default", "fingerprint": fingerprint(repo), "rubric": "mail@2",
        "sample": {"n": 40, "of": 52, "seed": 0}, "overall": measured(change=None, fitted=None),
        "criteria": {"tone": measured(), "facts": FACTS}, "calibrated_by": "ann",
        "calibrated_at": "2026-11-23T12:00:00Z", **changes,
    }  # fmt: skip
    repo.write(PATH, json.dumps(found))
    if rows is not None:
        kept = {
            "schema": "labeltool/calibration-rows@1", "fingerprint": found["fingerprint"],
            "rubric": found["rubric"], "rows": rows,
        }  # fmt: skip
        repo.write(ROWS, json.dumps(kept))


@pytest.fixture
def repo(tmp_path: Path) -> Iterator[Repo]:
    """A calibrated judge that differs from Ann on three scores."""
    labels = {"a-parcel": 0, "b-refund": 2, "c-thanks": 2}
    made = make(
        tmp_path / "repo",
        {
            **{label_path(case): label(case, tone) for case, tone in labels.items()},
            ".gitignore": ".labeltool/\n",
        },
    )
    calibrate(made)
    yield made
    made.close()


@asynccontextmanager
async def looking(repo: Repo, size: tuple[int, int] = (80, 40)) -> AsyncIterator[Seat]:
    async with seated(repo, at=keys.HOME, size=size) as seat:
        seat.app.action_go(keys.CALIBRATION)
        await seat.settled()
        await seat.settled()
        yield seat


async def at_difference(seat: Seat, *names: str) -> None:
    for name in names:
        await seat.press(name)
        await seat.settled()


async def test_home_leads_there_and_says_how_many_criteria_are_trusted(repo: Repo) -> None:
    async with seated(repo, at=keys.HOME) as seat:
        line = next(line for line in seat.lines() if "judge: what it may judge" in line)
        assert line.endswith("trusted with 1 of 2")
        while "▸ judge:" not in seat.text():
            await seat.press("j")
        await seat.press("enter")
        await seat.settled()
        assert isinstance(seat.app.screen, CalibrationScreen)
        await seat.press("escape")
        await seat.settled()
        assert "▸ judge:" in seat.text()


async def test_one_screen_answers_what_how_sure_and_what_would_change_it(repo: Repo) -> None:
    async with looking(repo) as seat:
        text = seat.text()
        assert seat.lines()[0].split("   ")[0].strip() == (
            "judge default may be trusted with tone; not with facts"
        )
        assert "▸ tone      ✓ trusted   0.90" in text
        assert "facts     ✗ untrusted 0.75" in text
        assert "30/10   0.75    0.93" in text
        assert "✓ trusted: agrees with people on 0.90" in text
        assert "label 60 more outputs to be sure of 0.80; then labeltool calibrate" in text
        assert "0.90 [0.77 0.96]" in text
        assert "0.97 of what people pass (TPR)" in text
        assert "0.75 for always saying the same, 0.93 people among themselves" in text
        assert "measured out of fold; 0.70 by fixed thresholds" in text
        assert "mail@2, 40 of 52 outputs, 2026-11-23 by ann" in text
        await seat.press("j")
        text = seat.text()
        assert "✗ untrusted: no better than always saying met (0.75)" in text
        assert "a judge that tells them apart; label more failing outputs" in text


async def test_the_bar_shows_interval_agreement_and_what_is_asked(repo: Repo) -> None:
    async with looking(repo) as seat:
        line = next(line for line in seat.lines() if "▸ tone" in line)
        assert "0.90 ─────────┃●━ " in line, "the mark hides the low end, the dot stands above it"


async def test_enter_walks_through_where_they_differ(repo: Repo) -> None:
    async with looking(repo) as seat:
        await at_difference(seat, "enter")
        text = seat.text()
        assert "─ tone: people and judge differ ─" in text
        assert "▸ a-parcel" in text
        assert "people 0  judge 2" in text
        assert "people      0 not met  It hurts." in text
        assert "ann: cold as ice" in text
        assert "judge       2 met  It fits." in text
        assert "It greets and thanks." in text
        assert "“The answer”" in text
        assert "The answer to a-parcel." in text
        assert "Where is my parcel?" in text
        assert "c-thanks" not in text, "that one is of facts"
        await at_difference(seat, "j")
        assert "The answer to b-refund." in seat.text()
        await seat.press("escape")
        assert "▸ tone      ✓ trusted" in seat.text()
        await at_difference(seat, "j", "j", "enter")
        assert "─ overall: people and judge differ ─" in seat.text()
        assert "c-thanks  facts" in seat.text()


async def test_a_label_given_from_there_is_marked_and_the_walk_says_so(repo: Repo) -> None:
    async with looking(repo, (80, 24)) as seat:
        await at_difference(seat, "enter", "enter")
        assert seat.screen.KEYS == keys.LABEL
        assert "a-parcel" in seat.text()
        await seat.press("2")
        await seat.press("enter")
        assert await seat.committed()
        found = read_label(repo, "a-parcel")
        assert (found.scores["tone"], found.after_judge) == (2, True)
        await at_difference(seat, "escape")
        assert "people 0 now 2" in seat.text()
        assert "people say 2 now; the next calibration counts what was said blind" in seat.text()


async def test_a_judge_that_was_never_measured_says_what_to_do(repo: Repo) -> None:
    (repo.root / PATH).unlink()
    async with looking(repo) as seat:
        text = seat.text()
        assert "judge default may not be trusted with any criterion yet" in text
        assert "▸ tone      ? uncalibrated  27 labels missing" in text
        assert "never measured against human scores" in text
        assert "label 27 more outputs, then labeltool calibrate --judge default" in text
        await seat.press("enter")
        assert seat.work_line() == "never measured: labeltool calibrate --judge default"


async def test_a_judge_that_changed_since_is_stale(repo: Repo) -> None:
    calibrate(repo, fingerprint="another")
    async with looking(repo) as seat:
        assert "▸ tone      ? stale     0.90" in seat.text()
        assert "? stale: the judge has changed since it was calibrated" in seat.text()
        assert "measure it again: labeltool calibrate --judge default" in seat.text()


async def test_differences_of_another_machine_can_be_made_again(repo: Repo) -> None:
    (repo.root / ROWS).unlink()
    async with looking(repo) as seat:
        await seat.press("enter")
        assert seat.work_line().startswith("the differences are not on this machine: labeltool")


async def test_what_an_open_round_asks_for_stays_hidden(repo: Repo) -> None:
    outputs = ", ".join(f"{{case: {case}}}" for case in ("a-parcel", "b-refund"))
    repo.write(
        "datasets/mails/rounds/1.yaml",
        f"number: 1\nrubric: mail@2\nsystem: v1\nannotators: [ann, bob]\noutputs: [{outputs}]\n",
    )
    async with looking(repo) as seat:
        await seat.press("enter")
        assert seat.work_line() == "2 differences are hidden: a round of the output is open"
        assert "a-parcel" not in seat.text()


async def test_a_case_that_is_gone_is_said(repo: Repo) -> None:
    (repo.root / "datasets/mails/outputs/v1/a-parcel.yaml").unlink()
    async with looking(repo) as seat:
        await at_difference(seat, "enter")
        assert "v1 holds no output of a-parcel any more" in seat.text()


async def test_the_keys_turn_to_the_other_judge(repo: Repo) -> None:
    async with looking(repo) as seat:
        await seat.press("l")
        assert seat.work_line().startswith("there is one judge")
    strong = "judges:\n  default: {kind: reference}\n  strong: {kind: openai, model: m}\n"
    repo.write("labeltool.yaml", f"dataset: mails\nannotators: {{ann: [], bob: []}}\n{strong}")
    async with looking(repo) as seat:
        assert "1 of 2 judges" in seat.lines()[0]
        await seat.press("l")
        assert "judge strong may not be trusted" in seat.lines()[0]
        await seat.press("h")
        assert "judge default may be trusted" in seat.lines()[0]


async def test_a_spot_check_says_whether_it_still_holds(repo: Repo) -> None:
    judged = {
        "judge": "default", "fingerprint": fingerprint(repo), "rubric": "mail@2",
        "scores": {"tone": 2},
    }  # fmt: skip
    for at in range(12):
        case = f"spot-{at:02}"
        repo.write(f"datasets/mails/cases/golden/{case}.yaml", json.dumps(
            {"id": case, "tier": "golden", "input": case}
        ))  # fmt: skip
        repo.write(f"datasets/mails/outputs/spot-r1/{case}.yaml", json.dumps(
            {"case": case, "system": "spot-r1", "output": case, "judged": judged}
        ))  # fmt: skip
        repo.write(f"datasets/mails/labels/ann/spot-r1/{case}.yaml", label(
            case, 0, system="spot-r1", labeled_at="2026-11-24T09:00:00Z"
        ))  # fmt: skip
    async with looking(repo) as seat:
        assert "0.00 [0.00 0.24] of 12 spot checks" in seat.text()
        assert "calibrate again" in seat.text()
        await seat.press("escape")
        await seat.settled()
        assert "fell below trust: tone" in seat.text()


async def test_a_rubric_without_a_judge_has_nothing_to_show(repo: Repo) -> None:
    rubric = repo.root / "rubrics/mail.yaml"
    hand = rubric.read_text().replace("max: 2\n", "max: 2\n    grader: human\n")
    rubric.write_text(hand.replace("required: true}", "required: true, grader: human}"))
    async with looking(repo) as seat:
        assert "no criterion is scored by a judge" in seat.text()
        await seat.press("enter", "j", "y", "question_mark")


async def test_texts_of_models_and_people_cannot_attack_the_terminal(repo: Repo) -> None:
    hostile = "".join((*TERMINAL, *HIDDEN[:5]))
    calibrate(repo, (row(note=hostile, rationale=hostile, evidence=[hostile]),))
    async with looking(repo) as seat:
        await at_difference(seat, "enter")
        drawn = seat.text()
        assert not any(ord(letter) < 32 and letter != "\n" for letter in drawn)
        assert "\x9b" not in drawn
        assert "\u202e" not in drawn


async def test_help_says_what_the_row_is_for(repo: Repo) -> None:
    async with looking(repo) as seat:
        await seat.press("question_mark")
        assert "walks through where people and judge differ" in seat.text()
        await seat.press("escape")
        await at_difference(seat, "enter", "question_mark")
        assert "such a label is marked" in seat.text()


async def test_it_says_where_it_is_too_small(repo: Repo) -> None:
    async with looking(repo, (50, 12)) as seat:
        assert "too small" in seat.text()


@pytest.mark.parametrize("size", [(80, 24), (140, 40)])
def test_how_it_looks(repo: Repo, snap_compare: Compare, size: tuple[int, int]) -> None:
    from tests.tui.test_snapshots import an_app, settled

    async def there(pilot: Any) -> None:
        pilot.app.action_go(keys.CALIBRATION)
        await settled(pilot)
        await settled(pilot)

    assert snap_compare(an_app(repo, keys.HOME), terminal_size=size, run_before=there)
