"""The second load does not parse again, and never serves an old text for a new file."""

import os
from pathlib import Path

import pytest

from labeltool.cachefile import CacheFile
from labeltool.store import codec
from labeltool.store.workspace import Workspace

CASE = "datasets/d/cases/golden/one.yaml"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for path, text in {
        "labeltool.yaml": "dataset: d\n",
        "datasets/d/dataset.yaml": "rubric: r\n",
        CASE: "id: one\ntier: golden\ninput:\n  - {role: user, content: hello}\n",
    }.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    age(tmp_path / CASE)
    return tmp_path


def age(path: Path) -> None:
    """An hour old: settled, so it may be cached."""
    before = path.stat().st_mtime - 3600
    os.utime(path, (before, before))


def inputs(root: Path) -> list[str]:
    return [case.input_text for case in Workspace.open(root).dataset().cases().require()]


def test_an_unchanged_file_is_not_parsed_again(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert inputs(root) == ["user: hello"]
    decode = codec.decode

    def only_settings(data: bytes, kind: type[codec.N], path: str) -> codec.N:
        assert path != CASE
        return decode(data, kind, path)

    monkeypatch.setattr(codec, "decode", only_settings)
    assert inputs(root) == ["user: hello"]


def test_an_edited_file_is_read_anew(root: Path) -> None:
    inputs(root)
    (root / CASE).write_text("id: one\ntier: golden\ninput: bye\n")
    age(root / CASE)
    assert inputs(root) == ["bye"]


def test_a_file_written_a_moment_ago_is_not_cached(root: Path) -> None:
    (root / CASE).write_text("id: one\ntier: golden\ninput: aaa\n")
    stamp = (root / CASE).stat()
    inputs(root)
    (root / CASE).write_text("id: one\ntier: golden\ninput: bbb\n")
    os.utime(root / CASE, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
    assert inputs(root) == ["bbb"]


def test_scratch_keeps_itself_out_of_git(root: Path) -> None:
    inputs(root)
    assert (root / ".labeltool" / ".gitignore").read_text() == "*\n"


def test_a_cache_that_says_nonsense_is_not_listened_to(root: Path) -> None:
    inputs(root)
    with CacheFile(root / ".labeltool/cache/parsed.sqlite") as cache:
        [(path, (stamp, _))] = cache.below("datasets/").items()
        cache.put([(path, stamp, '{"id": 7}')])
    assert inputs(root) == ["user: hello"]


def test_a_file_in_the_wrong_place_is_told_on_every_start(root: Path) -> None:
    (root / CASE).write_text("id: another\ntier: golden\ninput: bye\n")
    age(root / CASE)
    for _ in range(2):
        problems = Workspace.open(root).dataset().cases().problems
        assert ["its path says" in problem.message for problem in problems] == [True]
