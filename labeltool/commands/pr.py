"""`pr`: what is decided here, as a pull request that can be reviewed."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

from labeltool.commands import pr_body
from labeltool.commands.at_commit import Reader, Tree, merged
from labeltool.commands.context import Context
from labeltool.commands.pr_changes import Changes, changes_of
from labeltool.commands.pr_host import opened
from labeltool.commands.sync import commit_first, ready, remote_name
from labeltool.commands.uncommitted import uncommitted
from labeltool.errors import LabeltoolError, RepositoryError, UsageError
from labeltool.forge import Remote as Address
from labeltool.forge import parse
from labeltool.history.propose import Proposed, addresses, free_branch, proposed
from labeltool.history.remote import Pushed, Remote, target_of

State = Literal["nothing", "dry_run", "created", "updated", "by_hand"]


@dataclass(frozen=True)
class Proposal:
    """What became, or with `dry_run` would become, of the decisions here.

    branch       of the remote, None where there is nothing to propose
    made         whether it is new here and was switched to
    commits      that `base` has not
    url          of the pull request; with `by_hand` the page that opens one, None where no page
                 is known
    via          what spoke with the host: gh, glab or the API's host
    why          why nothing was opened, or what could not be asked
    uncommitted  files of ours that nobody committed, so that they are not in it
    clashes      files that `base` has changed too: a sync merges them first
    """

    state: State
    remote: str
    base: str
    branch: str | None = None
    made: bool = False
    commits: int = 0
    title: str = ""
    body: str = ""
    url: str | None = None
    number: int | None = None
    via: str | None = None
    why: str | None = None
    uncommitted: tuple[str, ...] = ()
    clashes: tuple[str, ...] = ()


def pr(
    ctx: Context,
    *,
    draft: bool = False,
    dry_run: bool = False,
    base: str | None = None,
    title: str | None = None,
    annotator: str | None = None,
    pause: Callable[[float], None] = time.sleep,
) -> Proposal:
    """Pushes the decisions that `base` (the remote's default branch) has not, and opens a pull
    request of them, or brings the one that is open up to date.

    On the default branch it goes to a new branch first: named for the amended rubric, else for
    the annotator. With `dry_run` nothing is made, pushed or opened.

    Raises RepositoryError (no remote, no branch, unreachable, refused), CommitHeld, UsageError
    for a `base` that is no branch there, ForgeError where the host says no: then all is pushed.
    """
    here = ready(ctx)
    if not dry_run:
        commit_first(ctx)
    there = ctx.history.remote(remote_name(ctx, here))
    address = _address(ctx, there)
    default, why = _fetched(there, [here, *([base] if base else [])], offline=dry_run)
    base = _base(there, base or default)
    changes, files = compared(ctx, f"refs/remotes/{there.name}/{base}")
    left = uncommitted(ctx)
    if changes is None:
        return Proposal("nothing", there.name, base, why=why, uncommitted=left)
    own = here in (base, default)
    if own:
        branch = _named(ctx, there, changes, annotator, offline=why is not None)
    else:
        branch = target_of(ctx.history.session, there.name, here, default)
    if branch == base:
        raise UsageError(f"{branch} cannot be merged into itself", hint="say another --base")
    found = Proposal(
        state="dry_run",
        remote=there.name,
        base=base,
        branch=branch,
        made=own,
        commits=files.commits,
        title=title or pr_body.title(changes, _who(ctx, annotator)),
        body=pr_body.body(changes, first=pr_body.unmerged(files.clashes, base)),
        why=why,
        uncommitted=left,
        clashes=files.clashes,
    )
    if dry_run:
        return found
    if own:
        ctx.history.switch_to_new_branch(branch)
    _push(there, branch if own else here, branch)
    at = opened(ctx.env, address, found, draft=draft, said=title, pause=pause)
    return replace(found, state=at.state, url=at.url, number=at.number, via=at.via, why=at.why)


def compared(ctx: Context, base: str) -> tuple[Changes | None, Proposed]:
    """What HEAD would bring to the ref `base`; None where it is nothing.

    Raises as `history.propose.proposed`.
    """
    found = proposed(ctx.history.session, base)
    if not found.changed:
        return None, found
    before = Tree(found.base, Reader(found.content))
    after = merged(before, found.changed)
    return changes_of(before, after, found.changed), found


def _fetched(there: Remote, branches: list[str], *, offline: bool) -> tuple[str | None, str | None]:
    """(default branch, why the remote could not be asked). Raises unless `offline` may do."""
    try:
        return there.fetch(branches).default, None
    except RepositoryError as error:
        if not offline:
            raise
        return there.default_branch(), f"as last fetched: {error.message}"


def _base(there: Remote, base: str | None) -> str:
    if base is None:
        raise RepositoryError(
            f"{there.name} has no branch yet to propose anything to",
            hint=f"git push -u {there.name} main    makes its first one",
        )
    if there.tracked(base) is None:
        raise UsageError(f"{there.name} has no branch {base}", hint="say --base BRANCH")
    return base


def _named(
    ctx: Context, there: Remote, changes: Changes, annotator: str | None, *, offline: bool
) -> str:
    """A branch for what stands on the default one."""
    amended = next((one for one in changes.amended if one.after is not None), None)
    if amended is not None and amended.after is not None:
        name = f"{amended.name}-{amended.after.version}"
    else:
        name = ctx.annotator(annotator)
    wanted = f"{ctx.workspace.settings.branches.prefix}{name}"
    if not offline:
        there.fetch([wanted, *(f"{wanted}-{number}" for number in range(2, 10))])
    return free_branch(ctx.history.session, there.name, wanted)


def _who(ctx: Context, annotator: str | None) -> str | None:
    try:
        return ctx.annotator(annotator)
    except LabeltoolError:
        if annotator is not None:
            raise
        return None


def _address(ctx: Context, there: Remote) -> Address | None:
    """The page and API behind the remote; None for a folder on this machine."""
    found = (parse(url) for url in addresses(ctx.history.session, there.name))
    return next((one for one in found if one is not None), None)


def _push(there: Remote, branch: str, target: str) -> Pushed:
    pushed = there.push(branch, to=target)
    if pushed.state == "moved":
        raise RepositoryError(
            f"somebody pushed to {there.name}/{target} in between",
            hint="labeltool sync    merges that; then labeltool pr again",
        )
    return pushed
