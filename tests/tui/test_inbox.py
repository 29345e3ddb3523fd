"""Somebody looks through the inbox: ten seconds a draft, by keys alone."""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual.pilot import Pilot

from labeltool.commands.promote import Asked, plan
from labeltool.commands.promote_close import close
from labeltool.commands.promote_write import write
from labeltool.model.case import Case
from labeltool.model.record import Draft
from labeltool.store import codec
from labeltool.tui import keys
from labeltool.tui.app import LabeltoolApp
from labeltool.tui.screens.inbox import InboxScreen
from tests.commands.test_inbox import DRAFTS
from tests.hostile import HIDDEN, TERMINAL
from tests.small_repo import Repo
from tests.tui.desk_repo import Clock, Seat

Compare = Callable[..., bool]
INBOX = "datasets/mails/inbox/{}.yaml"
CASE = "datasets/mails/cases/{}.yaml"


def started(root: Path, files: dict[str, str]) -> Repo:
    repo = Repo(root)
    for path, text in files.items():
        repo.write(path, text)
    repo.git("init", "-q")
    repo.git("add", ".")
    repo.git("commit", "-qm", "start")
    return repo


@pytest.fixture
def repo(tmp_path: Path) -> Iterator[Repo]:
    repo = started(tmp_path / "r", {INBOX.format(id): text for id, text in DRAFTS.items()})
    yield repo
    repo.close()


class Chair(Seat):
    """Somebody in front of the inbox."""

    @property
    def inbox(self) -> InboxScreen:
        found = next(one for one in self.app.screen_stack if isinstance(one, InboxScreen))
        assert isinstance(found, InboxScreen)
        return found

    async def _answered(self) -> None:
        for screen in self.app.screen_stack:
            if isinstance(screen, InboxScreen):
                for _ in range(3):  # saved, read again, shown
                    await asyncio.wrap_future(screen.desk.idle())
                    await self.pilot.pause()

    async def committed(self) -> bool:
        session = self.inbox.session
        assert session is not None
        done = await asyncio.to_thread(session.flush, 60)
        await self.settled()
        return done


@asynccontextmanager
async def looking(
    repo: Repo, size: tuple[int, int] = (80, 24), *, at: str = keys.INBOX
) -> AsyncIterator[Chair]:
    ctx = repo.context(LABELTOOL_THEME="dark")
    app = LabeltoolApp(ctx, at=at, wish={"annotator": "ann"}, clock=Clock())
    try:
        async with app.run_test(size=size) as pilot:
            chair = Chair(app, pilot, Clock())
            await chair.settled()
            yield chair
    finally:
        ctx.close()


def case(repo: Repo, path: str) -> Case:
    path = CASE.format(path)
    return codec.decode((repo.root / path).read_bytes(), Case, path)


def waits(repo: Repo) -> set[str]:
    folder = repo.root / "datasets/mails/inbox"
    return {path.stem for path in folder.iterdir()} if folder.exists() else set()


async def test_what_matters_is_on_one_small_screen(repo: Repo) -> None:
    async with looking(repo) as chair:
        await chair.press("j")
        text = chair.text()
        for words in (
            *("2/3", "the feedback is negative", "Where is my money?"),
            *("The refund has been issued.", "[1] not_contains=has been issued"),
            *("what came back fails not_contains", "Charged twice, no refund promised yet."),
            *("regression · open, gates nothing", "https://example.org/r1"),
        ):
            assert words in text


async def test_enter_accepts_and_the_next_one_is_there(repo: Repo) -> None:
    async with looking(repo) as chair:
        await chair.press("j", "enter")
        assert "a case of the regression tier, open" in chair.work_line()
        assert "1/2" in chair.lines()[0] or "2/2" in chair.lines()[0]
        assert await chair.committed()
    assert case(repo, "regression/refund").status == "open"
    assert waits(repo) == {"reset", "noise"}
    assert repo.commits() == 2


async def test_what_cannot_be_accepted_says_why_and_a_digit_mends_it(repo: Repo) -> None:
    repo.write(
        "rubrics/mail.yaml",
        "name: mail\nversion: 2\ncriteria: [{id: a, text: A., max: 1, grader: human}]\n",
    )
    async with looking(repo) as chair:
        await chair.press("enter")
        assert "fails nothing that the case states" in chair.work_line()
        assert "reset" in waits(repo)
        await chair.press("1")
        assert "[1] not_contains=cannot help" in chair.text()
        await chair.press("enter")
        assert await chair.committed()
    assert case(repo, "regression/reset").checks[0].value == "cannot help"


async def test_expected_checks_and_tags_are_written_in_one_place_and_kept(repo: Repo) -> None:
    async with looking(repo) as chair:
        await chair.press("e")
        await chair.type("Say how.")
        await chair.press("tab")
        await chair.type("json")
        await chair.press("escape")
        assert "is no check" in chair.text()
        await chair.press("ctrl+l")
        await chair.type("not_contains=cannot")
        await chair.press("tab")
        await chair.type("login, mail")
        await chair.press("escape")
        await chair.press("T", "v")
        assert "golden · active · verified" in chair.text()
    async with looking(repo) as chair:
        assert "is here again" in chair.text()
        await chair.press("enter")
        assert await chair.committed()
    made = case(repo, "golden/reset")
    assert (made.expected, made.tags) == ("Say how.", ("login", "mail"))
    assert made.verified is not None


async def test_marked_drafts_go_out_of_scope_together_and_undo_brings_them_back(
    repo: Repo,
) -> None:
    async with looking(repo) as chair:
        await chair.press("m", "m", "x")
        assert "2 drafts out of scope" in chair.text()
        await chair.type("not ours")
        await chair.press("enter")
        assert "2 are out of scope" in chair.work_line()
        assert waits(repo) == {"noise"}
        await chair.press("z")
        assert waits(repo) == set(DRAFTS)
        assert await chair.committed()


async def test_later_puts_it_behind_the_others(repo: Repo) -> None:
    async with looking(repo) as chair:
        await chair.press("s")
        assert "put off" in chair.work_line()
        assert "I was charged twice" in chair.lines()[2]
        assert await chair.committed()


async def test_a_near_case_is_looked_at_and_takes_the_draft(repo: Repo) -> None:
    draft = "id: parcel\ninput: Where is my parcel now?\noutput: No idea.\npriority: 200\n"
    repo.write(INBOX.format("parcel"), draft)
    async with looking(repo) as chair:
        assert "near      one 0.9" in chair.text()
        await chair.press("g")
        assert "It is on its way." in chair.text()
        await chair.press("1")
        assert "folded into one" in chair.work_line()
        assert await chair.committed()
    assert case(repo, "golden/one").counterexamples == ("No idea.",)


async def test_an_empty_inbox_and_one_that_was_emptied(repo: Repo) -> None:
    async with looking(repo) as chair:
        for _ in DRAFTS:
            await chair.press("x")
            if not chair.inbox._reason:
                await chair.type("no")
            await chair.press("enter")
        assert "nothing waits any more" in chair.text()
        assert await chair.committed()
    async with looking(repo) as chair:
        assert "the inbox is empty" in chair.text()
        await chair.press("enter")
        assert "there is no draft on screen" in chair.work_line()


async def test_nothing_in_a_draft_acts_on_the_terminal(repo: Repo) -> None:
    bad = "[/] [@click=app.quit]x[/] " + "".join((*TERMINAL, *HIDDEN[:3]))
    evil = Draft(id="evil", input=bad, output=bad, why=bad, priority=999, tags=(bad,), notes=bad)
    repo.write(INBOX.format("evil"), codec.encode(evil).decode())
    async with looking(repo, (120, 36)) as chair:
        text = chair.text()
        assert "\x1b" not in text
        assert "[@click=app.quit]" in text


async def test_home_tells_what_waits_and_i_goes_there(repo: Repo) -> None:
    async with looking(repo, at=keys.HOME) as chair:
        assert "3 drafts wait in the inbox" in chair.text()
        await chair.press("i")
        await chair.settled()
        assert "inbox · mails · 1/3" in chair.lines()[0]
        await chair.press("escape")
        await chair.settled()
        assert "labeltool" in chair.lines()[0]


EVENT = {
    "action": "labeled",
    "issue": {
        "number": 12,
        "title": "It promised a refund",
        "html_url": "https://github.com/acme/evals/issues/12",
        "created_at": "2026-11-20T10:00:00Z",
        "body": "### What the user asked\n\nI was charged twice. Where is my money?\n\n"
        "### What came back\n\nThe refund has been issued.\n\n"
        "### What should have come back\n\nCharged twice, no refund promised yet.\n\n"
        "### System\n\n_No response_\n",
    },
}
SYSTEM = """\
def answer(case):
    return {!r} if "charged" in case["input"] else "It is on its way."
"""


async def test_a_bug_report_becomes_a_case_that_fails_then_passes_then_counts(
    tmp_path: Path,
) -> None:
    """Two keystrokes: to the inbox, and accept."""
    repo = started(
        tmp_path / "r",
        {
            "labeltool.yaml": "dataset: mails\nannotators: {ann: [ann@example.org]}\n"
            'systems: {bot: {kind: python, call: "bot.py:answer"}}\n',
            "bot.py": SYSTEM.format("The refund has been issued."),
        },
    )
    try:
        event = io.BytesIO(json.dumps(EVENT).encode())
        done = write(repo.context(), plan(repo.context(), event, Asked(origin="event.json")))
        assert len(done.plan.new) == 1
        id = done.plan.new[0].id
        async with looking(repo, at=keys.HOME) as chair:
            await chair.press("i")
            await chair.settled()
            await chair.press("enter")
            assert await chair.committed()
        made = case(repo, f"regression/{id}")
        assert made.source is not None
        assert (made.status, made.source.ref) == ("open", "#12")
        run = ("run", "--system", "bot", "--tier", "regression", "--json")
        failing = json.loads(repo.labeltool(*run).stdout)
        assert (failing["cases"][0]["passed"], failing["tiers"]["regression"]["open"]) == (False, 1)
        fixed = "Charged twice, no refund promised yet."
        repo.write("bot.py", SYSTEM.format(fixed))
        told = repo.labeltool(*run[:-1])
        assert f"labeltool promote --close {id}" in told.stdout + told.stderr
        assert close(repo.context(), id).doubts == ()
        gated = json.loads(repo.labeltool(*run).stdout)
        assert gated["tiers"]["regression"]["passed"] == 1
        repo.write("bot.py", SYSTEM.format("The refund has been issued."))
        assert repo.labeltool(*run, "--threshold", "1.0").returncode == 1
    finally:
        repo.close()


async def test_i_sends_a_failing_case_of_a_run_to_the_inbox(repo: Repo) -> None:
    done = repo.labeltool("run", "--system", "v1", "--judge", "default", "--case", "two")
    assert done.returncode in (0, 1), done.stderr
    async with looking(repo, at=keys.HOME) as chair:
        await chair.app.run_action(f"app.go({keys.RUNS!r})")
        for names in ((), ("enter",), ("i",)):
            await chair.press(*names)
            await chair.settled()
        assert "is in the inbox" in chair.work_line()
        await chair.press("i")
        await chair.settled()
        assert "a draft says that already" in chair.work_line()
    assert len(waits(repo)) == 4


async def shown(pilot: Pilot[None]) -> None:
    for _ in range(4):
        await pilot.pause()
        screen = pilot.app.screen
        if isinstance(screen, InboxScreen):
            await asyncio.wrap_future(screen.desk.idle())
        await pilot.app.workers.wait_for_complete()
    await pilot.press("j")
    for _ in range(3):
        if isinstance(pilot.app.screen, InboxScreen):
            await asyncio.wrap_future(pilot.app.screen.desk.idle())
        await pilot.pause()


@pytest.mark.parametrize("size", [(80, 24), (120, 36), (60, 16)])
def test_picture(repo: Repo, snap_compare: Compare, size: tuple[int, int]) -> None:
    app = LabeltoolApp(repo.context(LABELTOOL_THEME="dark"), at=keys.INBOX, clock=Clock())
    assert snap_compare(app, terminal_size=size, run_before=shown)
