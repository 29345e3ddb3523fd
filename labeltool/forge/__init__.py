"""Pull requests and comments at a code host: through `gh`, `glab`, or GitHub's API with a token."""

from __future__ import annotations

from labeltool.forge.base import Comment, Forge, ForgeError, NotLoggedIn, PullRequest, Refused
from labeltool.forge.choose import forges
from labeltool.forge.remote import Remote, parse

__all__ = [
    "Comment",
    "Forge",
    "ForgeError",
    "NotLoggedIn",
    "PullRequest",
    "Refused",
    "Remote",
    "forges",
    "parse",
]
