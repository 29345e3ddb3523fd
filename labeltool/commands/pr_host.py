"""Opening the pull request at its host, or bringing the open one up to date.

Our part of the body stands between two marks: what people write around it stays. The first mark
holds a hash of our title: one that somebody else has written is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from labeltool.errors import RepositoryError
from labeltool.forge import Forge, ForgeError, NotLoggedIn, Remote, forges
from labeltool.model.hashing import text_hash

if TYPE_CHECKING:
    from labeltool.commands.pr import Proposal

_MARKED = re.compile(
    r"<!-- labeltool:pr title=(?P<title>[0-9a-f]{12}) -->.*?<!-- /labeltool:pr -->", re.DOTALL
)
_LONGEST = 65_536


@dataclass(frozen=True, slots=True)
class Opened:
    """With `by_hand` nothing could be opened from here: `url` is the page that does."""

    state: Literal["created", "updated", "by_hand"]
    url: str | None
    number: int | None = None
    via: str | None = None
    why: str | None = None


def opened(
    env: Mapping[str, str],
    address: Remote | None,
    proposal: Proposal,
    *,
    draft: bool,
    said: str | None,
    pause: Callable[[float], None],
) -> Opened:
    """`said` is a title that the user gave: it replaces any. Raises ForgeError."""
    assert proposal.branch is not None
    if address is None:
        why = f"{proposal.remote} is a folder on this machine, which opens no pull requests"
        return Opened("by_hand", None, why=why)
    page = address.compare(proposal.base, proposal.branch)
    why = "no gh, glab or token for " + address.host
    for forge in forges(address, env, pause=pause):
        try:
            return _at(forge, proposal, draft=draft, said=said)
        except NotLoggedIn as error:
            why = error.message
        except ForgeError as error:
            hint = f"{error.hint}\n{proposal.branch} is pushed; by hand: {page}"
            raise type(error)(error.message, hint=hint, status=error.status) from None
    return Opened("by_hand", page, why=why)


def _at(forge: Forge, proposal: Proposal, *, draft: bool, said: str | None) -> Opened:
    assert proposal.branch is not None
    standing = forge.find(proposal.branch)
    if standing is None:
        body = marked(proposal.title, proposal.body)
        made = forge.create(proposal.branch, proposal.base, proposal.title, body, draft=draft)
        return Opened("created", made.url, made.number, forge.via)
    ours = _MARKED.search(standing.body)
    untouched = ours is not None and ours["title"] == text_hash(standing.title)
    title = said or (proposal.title if untouched else None)
    body = spliced(standing.body, marked(title or proposal.title, proposal.body))
    done = forge.update(standing.number, body, title)
    return Opened("updated", done.url, done.number, forge.via)


def marked(title: str, body: str) -> str:
    """Our part of a body. No text in it can forge a mark: `<` is escaped everywhere."""
    return f"<!-- labeltool:pr title={text_hash(title)} -->\n{body}\n<!-- /labeltool:pr -->"


def spliced(standing: str, ours: str) -> str:
    """`standing` with our part of it replaced; where it has none yet, ours comes after it.

    Raises RepositoryError where both together are longer than the host takes.
    """
    match = _MARKED.search(standing)
    if match is not None:
        text = standing[: match.start()] + ours + standing[match.end() :]
    else:
        text = f"{standing.rstrip()}\n\n{ours}" if standing.strip() else ours
    if len(text) > _LONGEST:
        raise RepositoryError(
            "the pull request's own text leaves no room for ours",
            hint="shorten what stands around it, then run it again",
        )
    return text
