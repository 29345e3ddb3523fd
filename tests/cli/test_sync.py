"""`labeltool sync` on the command line: words, JSON, exit codes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.small_repo import FILES
from tests.two_clones import Pair, resolution_path


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Pair]:
    pair = Pair.make(tmp_path)
    yield pair
    pair.close()


def test_a_merge_and_a_push_read_well(pair: Pair) -> None:
    pair.ann.commit("README.md", "hello\n")
    pair.ann.git("push", "-q", "origin", "HEAD:main")
    pair.bob.said("bob", "one", 1, "2026-11-23T10:00:00Z")
    done = pair.bob.labeltool("sync", "--dry-run")
    assert done.stdout == (
        "origin/main: 1 commit would be merged\nwould be pushed to origin/labels/bob: 1 commit\n"
    )
    done = pair.bob.labeltool("sync")
    assert done.returncode == 0
    assert done.stdout == ("origin/main: 1 commit merged\npushed to origin/labels/bob: 2 commits\n")
    done = pair.bob.labeltool("sync")
    assert done.stdout == "origin has nothing new\nnothing to push\n"


def test_the_default_branch_says_what_to_do_instead(pair: Pair) -> None:
    pair.ann.git("switch", "-q", "main")
    pair.ann.said("ann", "one", 1, "2026-11-23T10:00:00Z")
    done = pair.ann.labeltool("sync")
    assert done.returncode == 0
    assert "1 commit not pushed: main is the default branch of origin\n" in done.stdout
    assert "  labeltool pr " in done.stdout


def test_a_conflict_is_exit_4_and_names_file_and_next_step(pair: Pair) -> None:
    pair.ann.resolve("one", 1)
    pair.ann.git("push", "-q", "origin", "HEAD:main")
    pair.bob.resolve("one", 2)
    done = pair.bob.labeltool("sync", "--json")
    assert done.returncode == 4
    document = json.loads(done.stdout)
    assert document["schema"] == "labeltool/sync@1"
    assert document["merged"][0]["left"] == [resolution_path("one")]
    assert document["pushed"] is None
    assert resolution_path("one") in done.stderr
    assert "labeltool resolve" in done.stderr
    done = pair.bob.labeltool("sync", "--abort")
    assert (done.returncode, done.stdout) == (0, "the merge is taken back\n")
    assert pair.bob.labeltool("sync", "--abort").returncode == 4


def test_what_the_merge_makes_wrong_is_exit_3_with_file_and_line(pair: Pair) -> None:
    pair.ann.commit("labeltool.yaml", FILES["labeltool.yaml"].replace(", bob: []", ""))
    pair.ann.git("push", "-q", "origin", "HEAD:main")
    pair.bob.said("bob", "one", 1, "2026-11-23T10:00:00Z")
    done = pair.bob.labeltool("sync")
    assert done.returncode == 3
    assert "labels/bob/v1/one.yaml:3: annotator: bob is none of the annotators" in done.stderr
    assert "labeltool sync --continue" in done.stderr
    pair.bob.write("labeltool.yaml", FILES["labeltool.yaml"])
    done = pair.bob.labeltool("sync", "--continue")
    assert done.returncode == 0, done.stderr
    assert "pushed to origin/labels/bob: 2 commits" in done.stdout
    assert pair.bob.git("status", "--porcelain") == ""


def test_a_side_is_taken_without_the_app(pair: Pair) -> None:
    for case in ("one", "two"):
        pair.ann.resolve(case, 1)
        pair.bob.resolve(case, 2)
    pair.ann.git("push", "-q", "origin", "HEAD:main")
    assert pair.bob.labeltool("sync").returncode == 4
    assert pair.bob.labeltool("sync", "--take", "both").returncode == 2
    assert pair.bob.labeltool("sync", "--take", "ours", "nowhere.yaml").returncode == 2
    done = pair.bob.labeltool("sync", "--take", "theirs", resolution_path("one"))
    assert done.stdout == (
        f"{resolution_path('one')}: settled (both resolved the same output)\n"
        f"{resolution_path('two')}: still open (both resolved the same output)\n"
    )
    done = pair.bob.labeltool("sync", "--take", "ours", "--json")
    assert json.loads(done.stdout)["settled"] == [resolution_path("two")]
    done = pair.bob.labeltool("sync", "--continue")
    assert done.stdout == (
        "origin/main: 2 commits merged\npushed to origin/labels/bob: 3 commits\n"
    )
    assert "tone: 1" in pair.bob.read(resolution_path("one"))
    assert "tone: 2" in pair.bob.read(resolution_path("two"))


def test_continue_without_a_merge_and_two_wishes_at_once(pair: Pair) -> None:
    assert pair.ann.labeltool("sync", "--continue").returncode == 4
    assert pair.ann.labeltool("sync", "--continue", "--abort").returncode == 2


def test_words_of_a_remote_cannot_drive_the_terminal(pair: Pair) -> None:
    pair.ann.git("remote", "set-url", "origin", "/nowhere/\x1b[31mred.git")
    done = pair.ann.labeltool("sync")
    assert done.returncode == 4
    assert "\x1b" not in done.stderr
