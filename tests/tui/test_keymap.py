"""A user's own keys and theme: from a file of theirs to what the app does and draws."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labeltool.commands.preferences import (
    Preferences,
    keep_theme,
    preferences_path,
    read_preferences,
)
from labeltool.errors import DataError, StorageError
from labeltool.tui import keymap, keys
from labeltool.tui.app import LabeltoolApp
from labeltool.tui.keymap import drawn, name_of
from tests.small_repo import Repo
from tests.tui.desk_repo import make, read_label, seated

TABLE = keys.table()


def written(tmp_path: Path, text: str) -> dict[str, str]:
    env = {"XDG_CONFIG_HOME": str(tmp_path / "config"), "HOME": str(tmp_path)}
    path = preferences_path(env)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return env


def said(tmp_path: Path, text: str) -> dict[str, str]:
    return keymap.keymap_of(read_preferences(written(tmp_path, text)), TABLE, keys.places())


def test_keys_are_read_by_binding_id(tmp_path: Path) -> None:
    assert said(tmp_path, "skip: X\nhelp: F2\ndown: 'n, ctrl+n'\nnote: '!'\n") == {
        "skip": "X",
        "help": "f2",
        "down": "n,ctrl+n",
        "note": "exclamation_mark",
    }


def test_two_keys_may_be_exchanged(tmp_path: Path) -> None:
    assert said(tmp_path, "skip: u\nunsure: s\n") == {"skip": "u", "unsure": "s"}


def test_digits_can_be_moved_for_keyboards_that_shift_them(tmp_path: Path) -> None:
    found = said(tmp_path, "score.0: à\nscore.1: '&'\n")
    assert found == {"score.0": "à", "score.1": "ampersand"}


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("skip: X\nskp: w\n", 2, "no key has the id 'skp'"),
        ("skip: ctrl+h\n", 1, "'ctrl+h' arrives as backspace"),
        ("skip: Ctrl+I\n", 1, "'Ctrl+I' arrives as tab"),
        ("\nskip: ctrl+m\n", 2, "'ctrl+m' arrives as enter"),
        ("skip: ctrl+q\n", 1, "ends the app"),
        ("skip: ctrl+1\n", 1, "do not send"),
        ("skip: hyper+x\n", 1, "is no key that terminals send"),
        ("skip: u\n", 1, "u is the key of unsure already"),
        ("note: w\nskip: w\n", 1, "w is the key of skip already"),
        ("skip: ''\n", 1, "names no key"),
        ("skip: 1\n", 1, "wants a key, found 1"),
        ("text-done: x\n", 1, "'x' is text where this is used"),
        ("text-back: space\n", 1, "'space' is text where this is used"),
        ("text-save: ctrl+l\n", 1, "ctrl+l is the key of text-empty already"),
        ("skip: [x]\n", 1, "wants a key, found ['x']"),
        ("theme: blue\n", 1, "'blue' is no theme"),
        ("skip: X\nskip: y\n", 2, "skip"),
        ("- x\n", 1, ""),
    ],
)
def test_what_is_wrong_is_told_with_its_line(
    tmp_path: Path, text: str, line: int, says: str
) -> None:
    with pytest.raises(DataError) as caught:
        said(tmp_path, text)
    first = caught.value.where
    assert caught.value.exit_code == 3
    assert first is not None
    assert (first.path, first.line) == (str(tmp_path / "config/labeltool/keys.yaml"), line)
    assert says in caught.value.message


def test_without_a_file_everything_is_as_it_was(tmp_path: Path) -> None:
    env = {"HOME": str(tmp_path)}
    assert preferences_path(env) == tmp_path / ".config/labeltool/keys.yaml"
    assert read_preferences(env) == Preferences(preferences_path(env))


@given(st.characters(min_codepoint=33, max_codepoint=126))
def test_every_character_has_a_name_and_is_drawn_as_itself(character: str) -> None:
    assert drawn(name_of(character)) == character


def test_the_theme_is_kept_and_the_rest_of_the_file_too(tmp_path: Path) -> None:
    env = written(tmp_path, "# mine\nskip: X  # away\n")
    keep_theme(env, "light")
    found = read_preferences(env)
    assert found.theme == "light"
    assert "# mine\nskip: X  # away\n" in found.path.read_text(encoding="utf-8")
    keep_theme({"HOME": str(tmp_path / "new")}, "dark")
    assert read_preferences({"HOME": str(tmp_path / "new")}).theme == "dark"


def test_a_theme_that_cannot_be_kept_says_why(tmp_path: Path) -> None:
    (tmp_path / ".config").write_text("in the way")
    with pytest.raises(StorageError):
        keep_theme({"HOME": str(tmp_path)}, "dark")


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    return make(tmp_path / "repo")


async def test_the_app_obeys_and_draws_the_users_keys(repo: Repo, tmp_path: Path) -> None:
    env = written(tmp_path, "skip: W\nscore.2: '@'\nhelp: f2\nunsure: s\n")
    async with seated(repo, env=env, size=(120, 36)) as seat:
        assert "W skip" in seat.lines()[-1]
        assert "s unsure" in seat.lines()[-1]
        assert "f2 help" in seat.lines()[-1]
        await seat.press("@", "1", "enter", "W")
        await seat.press("k", "6")
        assert await seat.committed()
        await seat.press("f2")
        assert "Skip this output" in next(line for line in seat.lines() if " W " in line)
    assert read_label(repo, "a-parcel").scores == {"tone": 2, "facts": 1}
    assert read_label(repo, "b-refund").status == "skipped"


async def test_a_key_that_was_given_away_says_so(repo: Repo, tmp_path: Path) -> None:
    env = written(tmp_path, "skip: W\nhelp: f2\n")
    async with seated(repo, env=env, at=keys.HOME) as seat:
        await seat.press("s")
        assert "s does nothing here; f2 lists the keys" in seat.work_line()


async def test_a_theme_chosen_in_the_palette_is_there_next_time(repo: Repo, tmp_path: Path) -> None:
    env = {**written(tmp_path, ""), "LABELTOOL_THEME": ""}
    async with seated(repo, env=env) as seat:
        assert seat.app.theme == "labeltool-dark"
        seat.app.choose_theme("light")
        assert seat.app.theme == "labeltool-light"
    async with seated(repo, env=env) as seat:
        assert seat.app.theme == "labeltool-light"


def test_a_bad_file_stops_the_start(repo: Repo, tmp_path: Path) -> None:
    env = written(tmp_path, "skip: ctrl+h\n")
    with pytest.raises(DataError, match="arrives as backspace"):
        LabeltoolApp(repo.context(**env))
    LabeltoolApp(repo.context(**written(tmp_path, "")))


async def test_words_on_the_label_screen_name_the_users_keys(repo: Repo, tmp_path: Path) -> None:
    env = written(tmp_path, "help: f2\nprevious: B\nback: f9\nedit-outside: f5\nverify: f6\n")
    repo.write(
        "datasets/mails/cases/golden/a-parcel.yaml",
        'id: a-parcel\ntier: golden\ninput: Where?\nexpected: "a\\u202eb"\n',
    )
    async with seated(repo, env=env, size=(120, 36)) as seat:
        await seat.press("w")
        assert "f2 lists the keys" in seat.work_line()
        await seat.press("e")
        assert "f5 opens your editor" in seat.work_line()
        for _ in range(4):
            await seat.press("1", "1", "enter")
        assert "B goes back to the last one, f9 leaves" in seat.text()
