"""The one sqlite door: a keyed file of things that can be thrown away and computed again."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from types import TracebackType


class CacheFile:
    """Rows of (key, stamp, value). A value is served only under the very stamp it was put with.

    A cache never stops the work it serves: where the file cannot be opened, read or written
    (read-only disk, another writer, damage) every look-up misses and every put is dropped.
    """

    def __init__(self, path: Path):
        self._db = _open(path)
        self._empty = not self._rows()

    def __enter__(self) -> CacheFile:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def get(self, key: str, stamp: str) -> str | None:
        """The value put under `key` with this `stamp`, else None."""
        if self._db is None or self._empty:
            return None
        with suppress(sqlite3.Error):
            query = "SELECT value FROM rows WHERE key = ? AND stamp = ?"
            row = self._db.execute(query, (key, stamp)).fetchone()
            return None if row is None else str(row[0])
        return None

    def below(self, prefix: str) -> dict[str, tuple[str, str]]:
        """{key: (stamp, value)} of all keys that begin with `prefix`: one question for many."""
        if self._db is None or self._empty:
            return {}
        with suppress(sqlite3.Error):
            query = "SELECT key, stamp, value FROM rows WHERE key >= ? AND key < ?"
            rows = self._db.execute(query, (prefix, prefix + "\U0010ffff"))
            return {key: (stamp, value) for key, stamp, value in rows}
        return {}

    def _rows(self) -> bool:
        """Whether there is any row: a first start asks once, not once a file."""
        if self._db is not None:
            with suppress(sqlite3.Error):
                return self._db.execute("SELECT 1 FROM rows LIMIT 1").fetchone() is not None
        return False

    def put(self, rows: Iterable[tuple[str, str, str]]) -> None:
        """Put (key, stamp, value) rows in one transaction."""
        if self._db is None:
            return
        self._empty = False
        with suppress(sqlite3.Error), self._db:
            self._db.executemany("INSERT OR REPLACE INTO rows VALUES (?, ?, ?)", rows)

    def close(self) -> None:
        if self._db is not None:
            self._db.close()
            self._db = None


def _open(path: Path) -> sqlite3.Connection | None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return _connect(path)
    except OSError:
        return None
    except sqlite3.DatabaseError as error:
        if isinstance(error, sqlite3.OperationalError):
            return None
        # Damaged: what it held can be computed again.
        with suppress(OSError, sqlite3.Error):
            path.unlink()
            return _connect(path)
        return None


def _connect(path: Path) -> sqlite3.Connection:
    db = sqlite3.connect(path, timeout=1.0)
    try:
        db.execute("PRAGMA journal_mode=WAL")
        db.execute("PRAGMA synchronous=OFF")
        db.execute("CREATE TABLE IF NOT EXISTS rows (key TEXT PRIMARY KEY, stamp TEXT, value TEXT)")
    except sqlite3.Error:
        db.close()
        raise
    return db
