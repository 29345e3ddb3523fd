"""What an annotator does at the label screen, as stories."""

from __future__ import annotations

from pathlib import Path

import pytest

from labeltool.model.hashing import text_hash
from labeltool.tui.dialogs.choose import ChooseDialog
from labeltool.tui.screens.label import LabelScreen
from tests.hostile import HIDDEN, MARKUP, TERMINAL
from tests.small_repo import Repo
from tests.tui.desk_repo import Clock, label_path, make, read_label, seated
from tests.tui.terminal import drafts


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    return make(tmp_path / "repo")


async def test_three_cases_are_labelled_by_digits_and_enter(repo: Repo) -> None:
    async with seated(repo) as seat:
        assert "Where is my parcel?" in seat.text()
        await seat.press("2", "1", "enter")
        assert "I want my money back." in seat.text()
        await seat.press("1", "0", "enter", "0", "1", "enter")
        assert "Please send the invoice." in seat.text()
        assert await seat.committed()
    assert read_label(repo, "a-parcel").scores == {"tone": 2, "facts": 1}
    assert read_label(repo, "b-refund").scores == {"tone": 1, "facts": 0}
    assert read_label(repo, "c-thanks").scores == {"tone": 0, "facts": 1}
    assert repo.commits() == 4
    assert repo.git("status", "--porcelain") == ""
    assert repo.git("log", "-3", "--format=%s").splitlines() == [
        "label c-thanks of v1 as ann",
        "label b-refund of v1 as ann",
        "label a-parcel of v1 as ann",
    ]


async def test_saved_and_committed_are_told_apart_by_the_short_hash(repo: Repo) -> None:
    async with seated(repo) as seat:
        assert "saved" not in seat.work_line()
        await seat.press("2", "1", "enter")
        assert await seat.committed()
        head = repo.git("rev-parse", "--short=7", "HEAD").strip()
        assert f"saved · committed {head}" in seat.work_line()


async def test_enter_with_an_unscored_criterion_goes_there_and_says_so(repo: Repo) -> None:
    async with seated(repo) as seat:
        await seat.press("j", "1", "enter")
        assert "tone has no score yet" in seat.work_line()
        assert seat.screen.pen is not None
        assert seat.screen.pen.focused == "tone"
        assert not (repo.root / label_path("a-parcel")).exists()


async def test_a_score_off_the_scale_is_refused_with_the_scale(repo: Repo) -> None:
    async with seated(repo) as seat:
        await seat.press("7")
        assert "tone goes from 0 to 2" in seat.work_line()
        await seat.press("j", "minus")
        assert "facts always applies" in seat.work_line()


async def test_not_applicable_is_an_answer_where_the_rubric_allows_it(repo: Repo) -> None:
    async with seated(repo) as seat:
        assert "- n/a" in seat.lines()[-1]
        await seat.press("minus")
        assert "- n/a" not in seat.lines()[-1]  # facts always applies
        await seat.press("1", "enter")
        assert await seat.committed()
    assert read_label(repo, "a-parcel").scores == {"tone": "na", "facts": 1}


async def test_a_scale_that_does_not_fit_still_shows_the_answer(tmp_path: Path) -> None:
    ten = "name: mail\nversion: 1\ncriteria:\n" + "".join(
        f"  - {{id: a_rather_long_name_{number}, text: Ten levels., max: 9, na: true}}\n"
        for number in range(3)
    )
    repo = make(tmp_path / "repo", {"rubrics/mail.yaml": ten})
    async with seated(repo, size=(110, 30)) as seat:
        await seat.press("9")
        assert "[9]  0-9 na" in seat.text()


async def test_a_key_without_meaning_says_so(repo: Repo) -> None:
    async with seated(repo) as seat:
        await seat.press("w")
        assert "w does nothing here; ? lists the keys" in seat.work_line()
        await seat.press("k")
        assert "this is the first criterion" in seat.work_line()
        await seat.press("h")
        assert "this is the first case" in seat.work_line()


async def test_a_note_a_flag_and_doubt_are_kept_with_the_label(repo: Repo) -> None:
    async with seated(repo) as seat:
        await seat.press("n")
        await seat.type("polite, (cold)")
        await seat.press("enter", "f")
        await seat.type("tone?")
        await seat.press("escape", "u")
        assert "? unsure · ⚑ flagged · note" in seat.text()
        await seat.press("1", "1", "enter")
        assert await seat.committed()
    label = read_label(repo, "a-parcel")
    assert (label.notes, label.flag, label.confidence) == ("polite, (cold)", "tone?", "unsure")


async def test_digits_typed_into_a_note_are_no_scores(repo: Repo) -> None:
    async with seated(repo) as seat:
        await seat.press("n", "2", "q", "enter")
        assert seat.screen.pen is not None
        assert (seat.screen.pen.draft.notes, seat.screen.pen.draft.scores) == ("2q", {})


async def test_the_levels_of_a_criterion_are_a_key_away_and_can_be_answered_there(
    repo: Repo,
) -> None:
    async with seated(repo) as seat:
        await seat.press("g")
        assert "It is cold." in seat.text()
        await seat.press("1")
        assert seat.screen.pen is not None
        assert seat.screen.pen.draft.scores == {"tone": 1}
        assert seat.screen.pen.focused == "facts"


async def test_a_skipped_output_is_answered_without_scores(repo: Repo) -> None:
    async with seated(repo) as seat:
        await seat.press("1", "s")
        assert await seat.committed()
        assert "1/4" in seat.lines()[0]
    label = read_label(repo, "a-parcel")
    assert (label.status, label.scores) == ("skipped", {})


async def test_undo_takes_the_label_back_by_a_new_commit_and_redo_brings_it_again(
    repo: Repo,
) -> None:
    async with seated(repo) as seat:
        await seat.press("2", "1", "enter")
        assert await seat.committed()
        await seat.press("z")
        assert await seat.committed()
        assert "Where is my parcel?" in seat.text()
        assert "0/4" in seat.lines()[0]
        assert not (repo.root / label_path("a-parcel")).exists()
        await seat.press("Z")
        assert await seat.committed()
        assert "1/4" in seat.lines()[0]
    assert read_label(repo, "a-parcel").scores == {"tone": 2, "facts": 1}
    assert repo.commits() == 4


async def test_undo_reaches_back_over_a_restart(repo: Repo) -> None:
    async with seated(repo) as seat:
        await seat.press("2", "1", "enter")
        assert await seat.committed()
    async with seated(repo) as seat:
        await seat.press("z")
        assert await seat.committed()
    assert not (repo.root / label_path("a-parcel")).exists()
    assert repo.subject() == "Undo: label a-parcel of v1 as ann"


async def test_nothing_to_take_back_is_said(repo: Repo) -> None:
    async with seated(repo) as seat:
        await seat.press("z")
        assert "no decision of ann's to take back" in seat.work_line()


async def test_a_half_made_label_is_there_again_after_leaving(repo: Repo) -> None:
    async with seated(repo) as seat:
        await seat.press("2", "u", "l")
        assert "I want my money back." in seat.text()
        await seat.press("h")
        assert seat.screen.pen is not None
        assert seat.screen.pen.draft.scores == {"tone": 2}
        await seat.press("q")
    async with seated(repo) as seat:
        assert "half-made label" in seat.work_line()
        assert seat.screen.pen is not None
        assert seat.screen.pen.draft.scores == {"tone": 2}
        assert seat.screen.pen.draft.confidence == "unsure"
        assert seat.screen.pen.focused == "facts"


async def test_a_changed_label_is_saved_over_the_old_one(repo: Repo) -> None:
    async with seated(repo) as seat:
        await seat.press("2", "1", "enter", "h", "0", "enter")
        assert await seat.committed()
    assert read_label(repo, "a-parcel").scores == {"tone": 0, "facts": 1}


async def test_enter_on_an_unchanged_label_commits_nothing(repo: Repo) -> None:
    async with seated(repo) as seat:
        await seat.press("2", "1", "enter", "h", "enter")
        assert await seat.committed()
        assert "I want my money back." in seat.text()
    assert repo.commits() == 2


async def test_when_all_is_done_it_says_so_and_leads_back(repo: Repo) -> None:
    async with seated(repo) as seat:
        for _ in range(4):
            await seat.press("1", "1", "enter")
        assert "all done" in seat.text()
        assert "4 of 4 outputs have your label" in seat.text()
        await seat.press("h")
        assert "Please send the invoice." in seat.text()
        assert await seat.committed()
    async with seated(repo) as seat:
        assert "all done" in seat.text()


async def test_only_the_amended_criterion_is_asked_again_with_the_change(repo: Repo) -> None:
    output = text_hash("The answer to c-thanks.")
    repo.write(
        label_path("c-thanks"),
        "case: c-thanks\nsystem: v1\nannotator: ann\nrubric: mail@1\n"
        f"output_hash: {output}\nscores: {{tone: 2, facts: 1}}\n",
    )
    async with seated(repo, size=(120, 36)) as seat:
        assert "Thank you!" in seat.text()  # it comes first: it asks the least
        assert "asked again" in seat.text()
        assert "Cold mails were called fitting." in " ".join(seat.text().split())
        assert seat.screen.pen is not None
        assert seat.screen.pen.draft.scores == {"facts": 1}
        await seat.press("1", "enter")
        assert await seat.committed()
    label = read_label(repo, "c-thanks")
    assert (label.rubric, label.scores) == ("mail@2", {"tone": 1, "facts": 1})


async def test_others_are_counted_and_never_quoted(repo: Repo) -> None:
    repo.write(
        label_path("a-parcel", "bob"),
        "case: a-parcel\nsystem: v1\nannotator: bob\nrubric: mail@2\n"
        "scores: {tone: 0, facts: 0}\nnotes: bob-hated-it\n",
    )
    async with seated(repo, size=(120, 36)) as seat:
        assert "1 other" in seat.text()
        assert "bob" not in seat.text()
        assert "v1" not in seat.text()  # the system's name is hidden while labelling


async def test_verify_signs_the_case_in_a_commit_of_its_own(repo: Repo) -> None:
    async with seated(repo) as seat:
        assert "not verified" in seat.text()
        await seat.press("v")
        assert await seat.committed()
        assert "not verified" not in seat.text()
        await seat.press("v")
        assert "already verified by ann" in seat.work_line()
    assert "verify a-parcel" in repo.subject()


async def test_a_failing_hook_does_not_block_labelling_and_is_told(repo: Repo) -> None:
    hook = repo.root / ".git/hooks/pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\necho 'the linter says no'\nexit 1\n")
    hook.chmod(0o755)
    async with seated(repo, size=(120, 36)) as seat:
        await seat.press("2", "1", "enter", "1", "1", "enter")
        assert "Thank you!" in seat.text()
        assert not await seat.committed()
        assert "! 2 saved, not committed" in seat.work_line()
        assert "the linter says no" in seat.work_line()
        assert read_label(repo, "b-refund").scores == {"tone": 1, "facts": 1}
        hook.unlink()
        await seat.press("1", "1", "enter")
        assert await seat.committed()
        assert "committed" in seat.work_line()
    assert repo.commits() == 4


async def test_a_merge_in_progress_is_named_before_the_first_save(repo: Repo) -> None:
    (repo.root / ".git/MERGE_HEAD").write_text(repo.git("rev-parse", "HEAD"))
    async with seated(repo) as seat:
        assert "! labels will be saved, commits wait: a merge is" in seat.work_line()
        await seat.press("2", "1", "enter")
        assert not await seat.committed()
        assert "! saved, not committed: a merge is in progress" in seat.work_line()
    assert read_label(repo, "a-parcel").scores == {"tone": 2, "facts": 1}


async def test_two_terminals_of_one_annotator_see_both_labels_and_choose(repo: Repo) -> None:
    async with seated(repo) as seat:
        repo.labeltool("label", "a-parcel", "--set", "tone=0", "--set", "facts=0")
        await seat.press("2", "1", "enter")
        dialog = seat.app.screen
        assert isinstance(dialog, ChooseDialog)
        assert "tone 2, facts 1" in seat.text()
        assert "tone 0, facts 0" in seat.text()
        await seat.press("a")
        assert await seat.committed()
    assert read_label(repo, "a-parcel").scores == {"tone": 2, "facts": 1}
    assert repo.commits() == 3


async def test_the_other_terminals_label_can_be_kept(repo: Repo) -> None:
    async with seated(repo) as seat:
        repo.labeltool("label", "a-parcel", "--set", "tone=0", "--set", "facts=0")
        await seat.press("2", "1", "enter", "b")
        assert seat.screen.pen is not None
        assert seat.screen.pen.draft.scores == {"tone": 0, "facts": 0}
    assert read_label(repo, "a-parcel").scores == {"tone": 0, "facts": 0}
    assert repo.commits() == 2


async def test_a_full_disk_keeps_the_label_on_screen(
    repo: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    from labeltool.errors import StorageError
    from labeltool.history import CommitQueue

    def full(*_: object) -> None:
        raise StorageError("no space left on the disk")

    async with seated(repo) as seat:
        with monkeypatch.context() as patched:
            patched.setattr(CommitQueue, "save", full)
            await seat.press("2", "1", "enter")
            assert "not saved: no space left on the disk" in seat.work_line()
            assert "Where is my parcel?" in seat.text()
            assert "0/4" in seat.lines()[0]
        await seat.press("enter")
        assert await seat.committed()
    assert read_label(repo, "a-parcel").scores == {"tone": 2, "facts": 1}


async def test_time_on_a_case_stands_still_when_nobody_is_there(repo: Repo) -> None:
    clock = Clock()
    async with seated(repo, clock=clock) as seat:
        clock.seconds = 30
        await seat.press("2")
        clock.seconds = 30 + 3600
        await seat.press("1", "enter")
        assert await seat.committed()
    assert read_label(repo, "a-parcel").seconds == 150


async def test_a_named_case_opens_first(repo: Repo) -> None:
    async with seated(repo, case="c-thanks") as seat:
        assert "Thank you!" in seat.text()


async def test_a_case_without_an_output_names_the_command_that_records_one(repo: Repo) -> None:
    repo.write("datasets/mails/cases/golden/e-new.yaml", "id: e-new\ntier: golden\ninput: New\n")
    async with seated(repo, case="e-new") as seat:
        assert "cannot label here" in seat.text()
        assert "--record NAME" in seat.text()


async def test_one_broken_case_does_not_stop_the_others(repo: Repo) -> None:
    repo.write("datasets/mails/cases/golden/a-parcel.yaml", "id: [a-parcel\n")
    async with seated(repo) as seat:
        assert "a-parcel cannot be shown" in seat.text()
        await seat.press("l")
        assert "I want my money back." in seat.text()


async def test_a_screen_that_is_too_small_says_what_it_needs(repo: Repo) -> None:
    async with seated(repo, size=(59, 15)) as seat:
        assert "too small" in seat.text()
        await seat.pilot.resize_terminal(80, 24)
        await seat.settled()
        assert "Where is my parcel?" in seat.text()


async def test_a_click_scores(repo: Repo) -> None:
    async with seated(repo) as seat:
        row = next(i for i, line in enumerate(seat.lines()) if "▸ tone" in line)
        column = seat.lines()[row].index(" 2 ") + 1
        await seat.pilot.click(offset=(column, row))
        await seat.settled()
        assert seat.screen.pen is not None
        assert seat.screen.pen.draft.scores == {"tone": 2}


@pytest.mark.parametrize(
    "hostile", [TERMINAL, HIDDEN, MARKUP], ids=["terminal", "hidden", "markup"]
)
async def test_hostile_text_is_shown_and_never_acted_upon(
    tmp_path: Path, hostile: tuple[str, ...]
) -> None:
    from labeltool.model.case import Case
    from labeltool.model.output import Output

    text = "\n".join(one.encode("utf-8", "replace").decode() for one in hostile)
    case = Case(id="a-parcel", tier="golden", input=text, expected=text, notes=text, tags=(text,))
    output = Output(case="a-parcel", system="v1", output=text, finish_reason=text)
    repo = make(
        tmp_path / "repo",
        {
            "datasets/mails/cases/golden/a-parcel.yaml": codec_text(case),
            "datasets/mails/outputs/v1/a-parcel.yaml": codec_text(output),
        },
    )
    async with seated(repo, size=(160, 60)) as seat:
        await seat.press("tab", "space", "tab", "g", "escape", "n", "escape", "?")
        raw = "".join(seat.lines())
        assert not [c for c in raw if c in "\x1b\x07\x9b\x9d\r\b" or 0x202A <= ord(c) <= 0x202E]
        await seat.press("escape")
        first = next(line for line in text.split("\n") if line.strip())
        from labeltool.safe_text import visible

        assert visible(first)[:20] in seat.text()


def codec_text(noun: object) -> str:
    from pydantic import BaseModel

    from labeltool.store import codec

    assert isinstance(noun, BaseModel)
    return codec.encode(noun).decode()


async def test_the_palette_does_what_a_key_does(repo: Repo) -> None:
    async with seated(repo) as seat:
        await seat.press("colon")
        await seat.type("unsure")
        await seat.pilot.pause()
        await seat.app.workers.wait_for_complete()
        await seat.press("enter")
        await seat.settled()
        assert "? unsure" in seat.text()


async def test_a_fault_of_ours_keeps_the_draft_and_prints_no_page_of_locals(
    repo: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("ours")

    seats = []

    async def sitting() -> None:
        async with seated(repo) as seat:
            seats.append(seat)
            await seat.press("2")
            monkeypatch.setattr(LabelScreen, "action_unsure", broken)
            await seat.press("u")

    with pytest.raises(ZeroDivisionError):
        await sitting()
    assert isinstance(seats[0].app.fault, ZeroDivisionError)
    assert seats[0].app._exit_renderables == []
    assert b'"draft"' in drafts(repo)
