"""Nouns read earlier from files that have not changed since: the second start is quick."""

from __future__ import annotations

import time
from contextlib import suppress
from pathlib import Path

from labeltool import __version__
from labeltool.cachefile import CacheFile
from labeltool.store.listing import Listed
from labeltool.store.paths import SCRATCH

# A file written a moment ago may be written again within one tick of a coarse file system's clock.
_SETTLED_NS = 2_000_000_000


def scratch(root: Path) -> Path:
    """.labeltool/ below `root`, made on demand; it keeps itself out of git."""
    folder = root / SCRATCH
    folder.mkdir(exist_ok=True)
    ignore = folder / ".gitignore"
    if not ignore.exists():
        ignore.write_text("*\n")
    return folder


class ParsedCache:
    """A noun's JSON by its file's path, size, mtime and inode. It is validated again when read."""

    def __init__(self, root: Path):
        with suppress(OSError):
            scratch(root)
        self._file = CacheFile(root / SCRATCH / "cache" / "parsed.sqlite")
        self._known: dict[str, tuple[str, str]] = {}
        self._new: list[tuple[str, str, str]] = []
        self._now = time.time_ns()

    def ready(self, folder: str) -> None:
        """Ask for all that is known of the files in `folder`, before `get` tells one by one."""
        self._known = self._file.below(f"{folder}/")

    def get(self, listed: Listed) -> str | None:
        """The JSON put for this very file of the folder that is `ready`, None where it must be
        parsed."""
        stamp, text = self._known.pop(listed.path, ("", ""))
        return text if stamp and stamp == _stamp(listed) else None

    def put(self, listed: Listed, text: str) -> None:
        if listed.mtime_ns < self._now - _SETTLED_NS:
            self._new.append((listed.path, _stamp(listed), text))

    def close(self) -> None:
        if self._new:
            self._file.put(self._new)
        self._file.close()


def _stamp(listed: Listed) -> str:
    return f"{__version__}:{listed.size}:{listed.mtime_ns}:{listed.inode}"
