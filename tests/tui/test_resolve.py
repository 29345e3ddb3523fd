"""Two people labelled the same mails; somebody settles what they differ on, by keys alone."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual.pilot import Pilot

from labeltool.model.resolution import Resolution
from labeltool.store import codec
from labeltool.tui import keys
from labeltool.tui.app import LabeltoolApp
from labeltool.tui.screens.resolve import ResolveScreen
from tests.hostile import HIDDEN, TERMINAL
from tests.small_repo import Repo
from tests.tui.desk_repo import RUBRIC, Clock, Seat, label_path, make

Compare = Callable[..., bool]
PATH = "datasets/mails/resolutions/v1/{}.yaml"
SETTINGS = "dataset: mails\nannotators: {ann: [ann@example.org], bob: [], cem: []}\n"


def said(case: str, annotator: str, scores: str, notes: str = "") -> dict[str, str]:
    more = f"notes: {notes}\n" if notes else ""
    return {
        label_path(case, annotator): (
            f"case: {case}\nsystem: v1\nannotator: {annotator}\nrubric: mail@2\n"
            f"scores: {scores}\n{more}"
        )
    }


FILES = {
    "labeltool.yaml": SETTINGS,
    **said("a-parcel", "ann", "{tone: 0, facts: 1}", "An angry mail told as neutral."),
    **said("a-parcel", "bob", "{tone: 2, facts: 0}", "The facts are all there."),
    **said("b-refund", "ann", "{tone: 1, facts: 1}"),
    **said("b-refund", "bob", "{tone: 2, facts: 1}"),
    **said("c-thanks", "ann", "{tone: 2, facts: 1}"),
    **said("c-thanks", "bob", "{tone: 2, facts: 1}"),
}


@pytest.fixture
def repo(tmp_path: Path) -> Iterator[Repo]:
    """a-parcel differs on facts (required) and tone, b-refund on tone, c-thanks on nothing."""
    repo = make(tmp_path / "repo", FILES)
    yield repo
    repo.close()


class Chair(Seat):
    """Somebody in front of the resolve screen."""

    @property
    def resolve(self) -> ResolveScreen:
        found = next(one for one in self.app.screen_stack if isinstance(one, ResolveScreen))
        assert isinstance(found, ResolveScreen)
        return found

    async def _answered(self) -> None:
        for screen in self.app.screen_stack:
            if isinstance(screen, ResolveScreen):
                for _ in range(3):  # saved, read again, shown
                    await asyncio.wrap_future(screen.desk.idle())
                    await self.pilot.pause()

    async def committed(self) -> bool:
        session = self.resolve.session
        assert session is not None
        done = await asyncio.to_thread(session.flush, 60)
        await self.settled()
        return done


@asynccontextmanager
async def resolving(
    repo: Repo,
    size: tuple[int, int] = (80, 24),
    *,
    annotator: str = "ann",
    case: str | None = None,
    at: str = keys.RESOLVE,
) -> AsyncIterator[Chair]:
    ctx = repo.context(LABELTOOL_THEME="dark")
    app = LabeltoolApp(ctx, at=at, wish={"annotator": annotator, "case": case}, clock=Clock())
    try:
        async with app.run_test(size=size) as pilot:
            chair = Chair(app, pilot, Clock())
            await chair.settled()
            yield chair
    finally:
        ctx.close()


def read(repo: Repo, case: str) -> Resolution:
    path = PATH.format(case)
    return codec.decode((repo.root / path).read_bytes(), Resolution, path)


def row(chair: Chair, name: str) -> str:
    return next(line for line in chair.lines() if name in line[:20])


def named(chair: Chair) -> set[str]:
    """Whose names are on screen."""
    return {"ann", "bob"} & set(re.findall(r"\w+", chair.text()))


async def test_the_worst_comes_first_with_both_labels_side_by_side(repo: Repo) -> None:
    async with resolving(repo) as chair:
        assert chair.lines()[0].split() == ["resolve", "·", "mails", "·", "1/2", "a-parcel"]
        text = chair.text()
        assert text.index("facts") < text.index("tone")
        assert "The answer to a-parcel." in text
        assert "neutral" in text
        assert "“The facts are" in text
        assert "facts in version 2" in text


async def test_keys_alone_settle_all_of_it_commit_by_commit(repo: Repo) -> None:
    before = repo.commits()
    async with resolving(repo) as chair:
        await chair.press("a")
        await chair.press("1", "n")
        await chair.type("Both are half right.")
        await chair.press("enter", "enter")
        assert "why did people differ?" in chair.text()
        await chair.press("4")
        assert "2/2" in chair.lines()[0]
        assert "b-refund" in chair.lines()[0]
        assert await chair.committed()
        assert "✓ saved · committed" in chair.work_line()
        await chair.press("2", "enter", "j", "j", "enter")
        assert "all settled" in chair.text()
        assert await chair.committed()
    settled = read(repo, "a-parcel")
    first = settled.scores["facts"]
    assert settled.scores == {"tone": 1, "facts": first}
    assert (settled.because, settled.note) == ("edge_case", "Both are half right.")
    assert settled.settles == {"ann": {"tone": 0, "facts": 1}, "bob": {"tone": 2, "facts": 0}}
    assert read(repo, "b-refund").because == "annotator_error"
    assert repo.commits() == before + 2


async def test_taking_a_side_takes_its_score(repo: Repo) -> None:
    """Which of them is A was chosen by a hash: the screen's own letters say what they took."""
    async with resolving(repo) as chair:
        cells = row(chair, "facts").split()
        a = int(next(word for word in cells if word in "01"))
        await chair.press("a", "b", "enter", "5")
        assert await chair.committed()
    settled = read(repo, "a-parcel")
    whose = {who for who, scores in settled.settles.items() if scores["facts"] == a}
    assert settled.scores["facts"] == a
    assert settled.scores["tone"] != settled.settles[whose.pop()]["tone"]


async def test_names_are_hidden_until_the_choice_is_made(repo: Repo) -> None:
    async with resolving(repo, (120, 36), annotator="cem") as chair:
        assert not named(chair)
        await chair.press("g")
        assert not named(chair)
        await chair.press("escape", "a")
        assert not named(chair)
        await chair.press("a")
        assert named(chair) == {"ann", "bob"}
        await chair.press("l")
        assert not named(chair)


async def test_a_resolver_who_labelled_it_is_told_and_the_commit_says_so(repo: Repo) -> None:
    async with resolving(repo, case="b-refund") as chair:
        assert "you labelled it: the commit says so" in chair.text()
        await chair.press("2", "enter", "1")
        assert await chair.committed()
    assert "Labeltool-Resolver-Annotated: yes" in repo.trailers()


async def test_undo_takes_it_back_and_redo_brings_it_again(repo: Repo) -> None:
    async with resolving(repo, case="b-refund") as chair:
        await chair.press("2", "enter", "1")
        assert "a-parcel" in chair.lines()[0]
        await chair.press("z")
        assert "b-refund" in chair.lines()[0]
        assert "Undo: resolve b-refund" in chair.work_line()
        assert not (repo.root / PATH.format("b-refund")).exists()
        await chair.press("Z")
        assert await chair.committed()
        assert read(repo, "b-refund").scores == {"tone": 2}
        assert "✓ 2" in row(chair, "tone")


async def test_one_criterion_alone_is_settled_when_asked_for_twice(repo: Repo) -> None:
    async with resolving(repo) as chair:
        await chair.press("1", "enter")
        assert "tone is not settled yet" in chair.work_line()
        await chair.press("enter", "3")
        assert await chair.committed()
        assert read(repo, "a-parcel").scores == {"facts": 1}
        assert "b-refund" in chair.lines()[0]
        await chair.press("l")
        assert "✓ 1" in row(chair, "facts")
        assert row(chair, "tone").endswith("·")


async def test_a_guideline_gap_amends_the_rubric_in_the_same_commit(repo: Repo) -> None:
    before = repo.commits()
    async with resolving(repo, case="b-refund") as chair:
        await chair.press("1", "w", "2")
        assert "amend tone" in chair.text()
        await chair.press("tab", "ctrl+l")
        await chair.type("The tone is the customer's.")
        for _ in range(4):
            await chair.press("tab")
        await chair.type("Nobody knew whose.")
        await chair.press("ctrl+s")
        assert "version 3 lands in the same commit: tone is amended" in chair.text()
        assert (repo.root / "rubrics/mail.yaml").read_text() == RUBRIC
        await chair.press("enter")
        assert await chair.committed()
        assert "a-parcel" in chair.lines()[0]
        await chair.press("j")
        assert "facts in version 3" in chair.text()
    assert repo.commits() == before + 1
    files = repo.git("show", "--name-only", "--format=", "HEAD").split()
    assert files == [PATH.format("b-refund"), "rubrics/mail.yaml"]
    assert "and amend mail to version 3" in repo.subject()
    settled = read(repo, "b-refund")
    assert (settled.rubric, settled.because, settled.scores) == (
        "mail@3",
        "guideline_gap",
        {"tone": 1},
    )
    assert repo.labeltool("check").returncode == 0


async def test_a_gap_can_be_settled_without_amending(repo: Repo) -> None:
    async with resolving(repo, case="b-refund") as chair:
        await chair.press("1", "enter", "2")
        assert "amend tone" in chair.text()
        await chair.press("escape")
        assert "not amended" in chair.work_line()
        await chair.press("enter")
        assert await chair.committed()
    assert read(repo, "b-refund").rubric == "mail@2"


async def test_later_puts_it_last_and_what_was_chosen_is_kept(repo: Repo) -> None:
    async with resolving(repo) as chair:
        await chair.press("1", "s")
        assert "b-refund" in chair.lines()[0]
        await chair.press("2", "enter", "4")
        assert "a-parcel" in chair.lines()[0]
        assert row(chair, "facts").endswith("[1]")
        await chair.press("s")
        assert "this is the only one that is open" in chair.work_line()


async def test_a_half_made_resolution_is_there_again(repo: Repo) -> None:
    async with resolving(repo) as chair:
        await chair.press("1", "escape")
    async with resolving(repo) as chair:
        assert "your half-made resolution of last time is here again" in chair.text()
        assert row(chair, "facts").endswith("[1]")


async def test_a_third_person_is_a_third_column(tmp_path: Path) -> None:
    files = FILES | said("b-refund", "cem", "{tone: na, facts: 1}")
    repo = make(tmp_path / "repo", files)
    async with resolving(repo, case="b-refund") as chair:
        heads = next(line for line in chair.lines() if "─ differ" in line)
        assert [head in heads for head in (" A ", " B ", " C ")] == [True] * 3
        await chair.press("minus")
        assert row(chair, "tone").endswith("[na]")
        await chair.press("c", "enter", "5")
        assert await chair.committed()
    assert set(read(repo, "b-refund").settles) == {"ann", "bob", "cem"}
    repo.close()


async def test_tab_turns_from_the_output_to_the_input_and_what_was_expected(repo: Repo) -> None:
    async with resolving(repo) as chair:
        await chair.press("tab")
        assert "Where is my parcel?" in chair.text()
        await chair.press("tab")
        assert "A kind answer to a-parcel." in chair.text()
        await chair.press("tab")
        assert "The answer to a-parcel." in chair.text()


@pytest.mark.parametrize(
    ("pressed", "words"),
    [
        (["enter"], "facts is not settled yet"),
        (["7"], "facts goes from 0 to 1"),
        (["minus"], "facts has no `not applicable`"),
        (["c"], "there is no C: 2 people labelled this output"),
        (["k"], "this is the first criterion"),
        (["h"], "this is the first one"),
        (["z"], "there is no decision of ann's to take back"),
        (["x"], "x does nothing here"),
    ],
)
async def test_a_key_that_does_nothing_says_why(repo: Repo, pressed: list[str], words: str) -> None:
    async with resolving(repo) as chair:
        await chair.press(*pressed)
        assert words in chair.work_line()


async def test_o_shows_the_levels_and_a_digit_answers(repo: Repo) -> None:
    async with resolving(repo, case="b-refund") as chair:
        await chair.press("o")
        assert "another score of tone" in chair.text()
        await chair.press("0")
        assert row(chair, "tone").endswith("[0]")


async def test_nothing_open_says_so_and_what_is_next(tmp_path: Path) -> None:
    repo = make(tmp_path / "repo")
    async with resolving(repo) as chair:
        assert "no disagreement is open" in chair.text()
        assert "labeltool round open" in chair.text()
        await chair.press("a")
        assert "there is no disagreement on screen" in chair.work_line()
    repo.close()


async def test_outside_a_repository_it_says_so(repo: Repo) -> None:
    (repo.root / ".git").rename(repo.root.parent / "git-is-gone")
    async with resolving(repo) as chair:
        assert "cannot resolve here" in chair.text()
        assert "git" in chair.text()


async def test_with_a_merge_in_progress_what_is_settled_is_saved(repo: Repo) -> None:
    (repo.root / ".git/MERGE_HEAD").write_text(repo.git("rev-parse", "HEAD"))
    async with resolving(repo, case="b-refund") as chair:
        assert "commits wait: a merge is in progress" in chair.work_line()
        await chair.press("2", "enter", "5")
        assert not await chair.committed()
        assert "saved, not committed" in chair.work_line()
    assert read(repo, "b-refund").scores == {"tone": 2}


async def test_somebody_else_settled_it_meanwhile(repo: Repo) -> None:
    async with resolving(repo, case="b-refund") as chair:
        done = repo.labeltool(
            *("resolve", "b-refund", "--set", "tone=1"),
            *("--because", "subjective", "--annotator", "bob"),
        )
        assert done.returncode == 0
        await chair.press("2", "enter", "5")
        assert "not saved, and kept" in chair.work_line()
        assert row(chair, "tone").endswith("[2]")
    assert read(repo, "b-refund").resolver == "bob"


async def test_a_branch_switched_underneath_is_read_again(repo: Repo) -> None:
    async with resolving(repo, case="b-refund") as chair:
        repo.git("switch", "-qc", "other")
        await chair.press("2", "enter", "5")
        assert "switched to other, all read again" in chair.work_line()
        assert row(chair, "tone").endswith("[2]")
        await chair.press("enter")
        assert await chair.committed()
    assert repo.git("log", "-1", "--format=%s", "other").startswith("resolve b-refund")


async def test_hostile_words_are_visible_text(tmp_path: Path) -> None:
    note = '"[/][@click=app.quit]' + "".join(
        f"\\U{ord(character):08x}" for text in (TERMINAL[0], HIDDEN[0]) for character in text
    )
    files = FILES | said("b-refund", "bob", "{tone: 2, facts: 1}", note + '"')
    repo = make(tmp_path / "repo", files)
    for size in ((80, 24), (200, 60)):
        async with resolving(repo, size, case="b-refund") as chair:
            text = chair.text()
            assert "[/][@click" in text
            assert "\x1b" not in text
            assert "\u202e" not in text
            assert "␛[2J" in text
    repo.close()


async def test_it_works_at_60_by_16_and_says_so_where_it_is_smaller(repo: Repo) -> None:
    async with resolving(repo, (60, 16)) as chair:
        assert "facts" in chair.text()
        assert "because" in chair.text()
        await chair.press("a", "a", "enter", "4")
        assert "b-refund" in chair.lines()[0]
    async with resolving(repo, (50, 12)) as chair:
        assert "too small" in chair.text()


async def test_keys_typed_ahead_of_an_amendment_that_opens_by_itself_are_no_words(
    repo: Repo,
) -> None:
    async with resolving(repo, case="b-refund") as chair:
        await chair.press("1", "w", "2")
        await chair.press("l", "n", "ctrl+l")
        assert "tab first, to write" in chair.text()
        assert "The tone fits the customer." in chair.text()
        assert "as in the rubric" in chair.text()
        await chair.press("tab")
        await chair.type("!")
        assert "The tone fits the customer.!" in chair.text()
        await chair.press("escape")
        await chair.press("r")
        await chair.type("?")
        assert "The tone fits the customer.!?" in chair.text()


async def test_help_says_who_has_the_focused_criterion_how_and_then_the_keys(repo: Repo) -> None:
    async with resolving(repo, (100, 50)) as chair:
        await chair.press("question_mark")
        text = chair.text()
        assert "facts  A says 1, B says 0: not settled yet" in text
        assert "* required: under 1 the output fails" in text
        assert "a b take a side, 0-1 another score" in text
        assert "Take A: the focused criterion is as A has it" in text
        await chair.press("question_mark", "w", "question_mark")
        assert "Why two people scored the same output differently." in chair.text()
        assert "of numbered answers, this" in chair.text()


async def shown(pilot: Pilot[None]) -> None:
    for _ in range(3):
        for screen in pilot.app.screen_stack:
            if isinstance(screen, ResolveScreen):
                await asyncio.wrap_future(screen.desk.idle())
        await pilot.pause()
    await pilot.press("1")
    await pilot.pause()
    await pilot.press("1")
    await pilot.pause()


@pytest.mark.parametrize("size", [(80, 24), (120, 36), (60, 16)])
def test_picture(repo: Repo, snap_compare: Compare, size: tuple[int, int]) -> None:
    app = LabeltoolApp(repo.context(LABELTOOL_THEME="dark"), at=keys.RESOLVE, clock=Clock())
    assert snap_compare(app, terminal_size=size, run_before=shown)


def test_picture_without_colour(
    repo: Repo, snap_compare: Compare, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    app = LabeltoolApp(repo.context(LABELTOOL_THEME="dark"), at=keys.RESOLVE, clock=Clock())
    assert snap_compare(app, terminal_size=(80, 24), run_before=shown)
