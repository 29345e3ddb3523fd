"""Files of results: whole, or as they were before."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from labeltool.store import guard, steps


def atomic_write(path: Path, data: bytes) -> None:
    """Writes a file of results: whole or not at all; a device or a fifo is written in place.

    StorageError where the disk refuses. A symbolic link is the user's own wish here: what it
    points to is replaced, not the link.
    """
    try:
        # Asked before resolving: /dev/stdout into a pipe resolves to a name that does not exist.
        if path.exists() and not path.is_file():
            _write_in_place(path, data)
            return
        target = path.resolve()
        temp = steps.temp_name(steps.new_token())
        with guard.Folders(target.parent) as folders:
            try:
                steps.write_temp(folders, target.name, temp, data)
                (target.parent / temp).replace(target)
            except BaseException:
                with suppress(OSError):
                    (target.parent / temp).unlink()
                raise
            steps.sync_folder(folders, target.name)
    except OSError as error:
        raise guard.storage(error, str(path)) from error


def _write_in_place(path: Path, data: bytes) -> None:
    fd = os.open(path, os.O_WRONLY | os.O_CLOEXEC)
    try:
        steps.write_all(fd, data)
    finally:
        os.close(fd)
