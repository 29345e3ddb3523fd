"""Files of ours that nobody has committed: what is pushed goes without them."""

from __future__ import annotations

from labeltool.commands.context import Context
from labeltool.history.merge import unstaged
from labeltool.store import paths


def uncommitted(ctx: Context) -> tuple[str, ...]:
    """Rubrics, cases and the like that are new or another text than in HEAD, by path."""
    session = ctx.history.session
    flags = ("--cached", "-z", "--name-only", "--relative", "--no-ext-diff", "--no-renames")
    staged = session.repository.git.run("diff-index", *flags, "HEAD", "--").text.split("\0")
    found = {*unstaged(session), *filter(None, staged)}
    return tuple(sorted(path for path in found if paths.place_of(path) is not None))
