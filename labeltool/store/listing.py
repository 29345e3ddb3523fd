"""What lies in a folder tree, found fast and followed nowhere."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from labeltool.store import guard


@dataclass(frozen=True, slots=True)
class Listed:
    """A regular file: `path` relative to the root; size, time and inode tell a changed one."""

    path: str
    size: int
    mtime_ns: int
    inode: int


@dataclass(frozen=True, slots=True)
class Listing:
    """What lies in a folder tree, each part sorted by path.

    files     regular files with the suffix asked for
    others    regular files with another suffix
    refused   (path, kind): symbolic links, fifos, sockets, devices; none was followed or opened
    """

    files: tuple[Listed, ...]
    others: tuple[str, ...]
    refused: tuple[tuple[str, str], ...]


def listing(root: Path, rel: str, suffix: str) -> Listing:
    """Everything below `root/rel` (`""`: the root itself); empty where it does not exist.

    Names that begin with a dot are left out: git's own folder, caches, temporary files.
    """
    parts = guard.split_path(rel) if rel else ()
    try:
        os.close(guard.walk(root, parts, rel))
    except FileNotFoundError:
        return Listing((), (), ())
    files: list[Listed] = []
    others: list[str] = []
    refused: list[tuple[str, str]] = []
    folders = [rel]
    while folders:
        folder = folders.pop()
        prefix = f"{folder}/" if folder else ""
        for entry in _scan(root, folder):
            path = prefix + entry.name
            if entry.name.startswith("."):
                continue
            if entry.is_dir(follow_symlinks=False):
                folders.append(path)
            elif entry.is_file(follow_symlinks=False):
                if not entry.name.endswith(suffix):
                    others.append(path)
                    continue
                with suppress(FileNotFoundError):
                    info = entry.stat(follow_symlinks=False)
                    files.append(Listed(path, info.st_size, info.st_mtime_ns, info.st_ino))
            else:
                with suppress(FileNotFoundError):
                    refused.append((path, guard.kind(entry.stat(follow_symlinks=False).st_mode)))
    files.sort(key=lambda listed: listed.path)
    return Listing(tuple(files), tuple(sorted(others)), tuple(sorted(refused)))


def _scan(root: Path, folder: str) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(root / folder if folder else root) as entries:
            return list(entries)
    except FileNotFoundError:
        return []
    except OSError as error:
        raise guard.storage(error, folder) from error
