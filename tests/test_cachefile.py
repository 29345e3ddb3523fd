"""A cache serves what it was given under that very stamp, and never stops the work."""

import os
from pathlib import Path

import pytest

from labeltool.cachefile import CacheFile


def test_it_remembers_over_restarts(tmp_path: Path) -> None:
    with CacheFile(tmp_path / "deep" / "c.sqlite") as cache:
        cache.put([("a", "1", "first"), ("b", "1", "other")])
    with CacheFile(tmp_path / "deep" / "c.sqlite") as cache:
        assert cache.get("a", "1") == "first"
        assert cache.get("a", "2") is None
        assert cache.get("c", "1") is None


def test_it_tells_all_that_it_knows_below_a_folder_at_once(tmp_path: Path) -> None:
    with CacheFile(tmp_path / "c.sqlite") as cache:
        assert cache.below("a/") == {}
        cache.put([("a/1", "s", "x"), ("a/é", "t", "y"), ("ab/1", "s", "z"), ("b/1", "s", "z")])
        assert cache.below("a/") == {"a/1": ("s", "x"), "a/é": ("t", "y")}


def test_a_damaged_file_is_made_anew(tmp_path: Path) -> None:
    path = tmp_path / "c.sqlite"
    path.write_bytes(b"this is no database, but it is long enough to be looked at" * 50)
    with CacheFile(path) as cache:
        cache.put([("a", "1", "x")])
        assert cache.get("a", "1") == "x"


def test_where_nothing_can_be_written_it_only_misses(tmp_path: Path) -> None:
    blocker = tmp_path / "file"
    blocker.write_text("not a folder")
    with CacheFile(blocker / "c.sqlite") as cache:
        cache.put([("a", "1", "x")])
        assert cache.get("a", "1") is None


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_read_only_folder_only_misses(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with CacheFile(tmp_path / "c.sqlite") as cache:
        assert cache.get("a", "1") is None
    tmp_path.chmod(0o700)
