"""Reading history: who decided what, and when."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import IO

from labeltool.errors import RepositoryError
from labeltool.history.message import PREFIX
from labeltool.history.session import Session

_FIELDS = ("%H", "%an", "%ae", "%aI", "%s", "%(trailers:only=true,unfold=true)")
# Separated by NUL, which no field can hold: a hostile subject cannot forge a record.
_FORMAT = "%x00" + "%x00".join(_FIELDS) + "%x00"
_CHUNK = 1 << 16


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One commit. `trailers` are labeltool's own; `paths` are relative to the workspace."""

    hash: str
    author: str
    email: str
    date: datetime
    subject: str
    trailers: Mapping[str, str]
    paths: tuple[str, ...]


def log(
    session: Session,
    path: str | None = None,
    *,
    limit: int | None = None,
    trailers: Mapping[str, str] | None = None,
    by_date: bool = False,
) -> Iterator[LogEntry]:
    """Commits of HEAD, newest first, lazily.

    `path` keeps those that changed it, `trailers` those that carry all of them. `by_date` orders
    over merged branches by time, which costs a walk over all of history first.
    """
    if session.cat.get("HEAD") is None:
        return
    wanted = dict(trailers or {})
    args = ["log", "-z", "--name-only", f"--format={_FORMAT}", "--no-color", "--no-ext-diff"]
    args += ["--no-textconv", "--no-renames", "--relative", "--no-show-signature"]
    args += ["--date-order"] if by_date else []
    args += [f"-n{limit}"] if limit is not None and not wanted else []
    if wanted:
        args += ["--fixed-strings", "--all-match"]
        args += [f"--grep={key}: {value}" for key, value in wanted.items()]
    process = session.repository.git.pipe(
        *args, "--end-of-options", "HEAD", "--", *([path] if path else [])
    )
    assert process.stdout is not None
    count = 0
    try:
        for entry in _records(_tokens(process.stdout)):
            if all(entry.trailers.get(key) == value for key, value in wanted.items()):
                yield entry
                count += 1
                if count == limit:
                    return
        if process.wait() != 0:
            raise RepositoryError("git log failed", hint="run `git fsck` to see what is wrong")
    finally:
        process.stdout.close()
        if process.poll() is None:
            process.terminate()
        process.wait()


def _tokens(stream: IO[bytes]) -> Iterator[str]:
    rest = b""
    while chunk := stream.read(_CHUNK):
        *whole, rest = (rest + chunk).split(b"\0")
        for token in whole:
            yield token.decode("utf-8", "replace")
    if rest:
        yield rest.decode("utf-8", "replace")


def _records(tokens: Iterator[str]) -> Iterator[LogEntry]:
    """A record is its fields, an empty token, and its paths, the first one after a newline."""
    for token in tokens:
        if not token:
            continue
        fields = [token, *(next(tokens, "") for _ in _FIELDS[1:])]
        paths: list[str] = []
        next(tokens, "")
        for path in tokens:
            if not path:
                break
            paths.append(path.removeprefix("\n"))
        yield _entry(fields, tuple(paths))


def _entry(fields: list[str], paths: tuple[str, ...]) -> LogEntry:
    commit, author, email, date, subject, trailers = fields
    return LogEntry(
        hash=commit,
        author=author,
        email=email,
        date=datetime.fromisoformat(date),
        subject=subject,
        trailers=_trailers(trailers),
        paths=paths,
    )


def _trailers(text: str) -> dict[str, str]:
    pairs = (line.partition(": ") for line in text.splitlines())
    return {key: value.strip() for key, colon, value in pairs if colon and key.startswith(PREFIX)}
