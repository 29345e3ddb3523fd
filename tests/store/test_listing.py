from __future__ import annotations

import os
from pathlib import Path

from labeltool.store.listing import Listing, listing
from tests.store.support import write


def test_a_listing_sorts_and_reports_what_it_does_not_follow(tmp_path: Path) -> None:
    for path in ("d/b.yaml", "d/a.yaml", "d/z/c.yaml", "d/notes.txt", "d/.labeltool-1-0.tmp"):
        write(tmp_path, path)
    (tmp_path / "d" / "link.yaml").symlink_to("a.yaml")
    (tmp_path / "d" / "up").symlink_to("..")
    os.mkfifo(tmp_path / "d" / "pipe.yaml")
    found = listing(tmp_path, "d", ".yaml")
    assert [listed.path for listed in found.files] == ["d/a.yaml", "d/b.yaml", "d/z/c.yaml"]
    assert found.files[0].size == 2
    assert found.others == ("d/notes.txt",)
    assert found.refused == (
        ("d/link.yaml", "a symbolic link"),
        ("d/pipe.yaml", "a fifo"),
        ("d/up", "a symbolic link"),
    )
    assert listing(tmp_path, "gone", ".yaml") == Listing((), (), ())
    assert len(listing(tmp_path, "", ".yaml").files) == 3
