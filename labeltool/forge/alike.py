"""What the hosts do alike: reading answers, opening a pull request once, keeping one comment."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from labeltool.forge.base import ForgeError, PullRequest, Refused

Row = dict[str, Any]
PAGE = 100
_PAGES = 30


@dataclass(frozen=True, slots=True)
class Answers:
    """Answers of `host` as values. ForgeError where they are not what its API gives."""

    host: str
    hint: str

    def rows(self, found: Any) -> list[Row]:
        if not isinstance(found, list):
            raise self.odd()
        return [self.row(one) for one in found]

    def row(self, found: Any) -> Row:
        if not isinstance(found, dict):
            raise self.odd()
        return found

    def number(self, row: Any, name: str) -> int:
        value = self.row(row).get(name)
        if not isinstance(value, int) or isinstance(value, bool):
            raise self.odd()
        return value

    def url(self, row: Any, name: str) -> str:
        value = self.row(row).get(name)
        if not isinstance(value, str) or not value.startswith(("https://", "http://")):
            raise self.odd()
        return value

    def odd(self) -> ForgeError:
        return ForgeError(f"the answer is not what {self.host}'s API gives", hint=self.hint)


def opened_once(
    make: Callable[[], PullRequest],
    find: Callable[[], PullRequest | None],
    update: Callable[[int], PullRequest],
    *,
    taken: int,
) -> PullRequest:
    """`make`; where the host says with the status `taken` that there is one, that one updated."""
    try:
        return make()
    except ForgeError as error:
        # Somebody was quicker, or our own first try came through though it did not look so.
        standing = find() if error.status == taken else None
        if standing is None:
            raise
        return update(standing.number)


def ours(
    page: Callable[[int], list[Row]], marker: str, is_ours: Callable[[Row], bool]
) -> Iterator[Row]:
    """Comments that start with `marker` and that we wrote.

    A token that may change anybody's comment must not: whoever wrote the mark first could change
    what we said there in their name.
    """
    for number in range(1, _PAGES + 1):
        rows = page(number)
        for row in rows:
            if str(row.get("body") or "").startswith(marker) and is_ours(row):
                yield row
        if len(rows) < PAGE:
            return


def known(ask: Callable[[], Any], name: str) -> str | None:
    """Who we are there; None where the token is no person's (a workflow's may not ask)."""
    try:
        found = ask()
    except Refused:
        return None
    value = found.get(name) if isinstance(found, dict) else None
    return value if isinstance(value, str) else None


def nested(row: Row, *names: str) -> object:
    """`row[a][b]...`; None where something on the way is missing."""
    found: object = row
    for name in names:
        found = found.get(name) if isinstance(found, dict) else None
    return found
