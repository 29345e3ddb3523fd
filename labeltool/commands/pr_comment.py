"""`pr --comment`: what a reviewer should know of a pull request, as one comment on it.

Made for a workflow that runs on pull requests, those of forks too: it reads files and runs nothing
of theirs, needs no secret, and where it may not write (a fork's token cannot) it says the same in
the job's summary.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from labeltool.commands import pr_body
from labeltool.commands.check import CheckReport, check
from labeltool.commands.context import Context
from labeltool.commands.pr import compared
from labeltool.commands.sync import remote_name
from labeltool.errors import RepositoryError, UsageError
from labeltool.forge import NotLoggedIn, Refused, Remote, forges, parse
from labeltool.history.propose import addresses
from labeltool.safe_text import for_markdown

MARKER = "<!-- labeltool:comment -->"
_SHOWN = 20


@dataclass(frozen=True)
class Commented:
    """state: `summary` where it stands in the job's summary instead, `printed` where there is
    neither; `why` says why it is no comment. errors: that `check` found.
    """

    state: Literal["created", "updated", "summary", "printed"]
    text: str
    errors: int
    weakened: int
    url: str | None = None
    why: str | None = None


def comment(
    ctx: Context, *, base: str | None = None, pause: Callable[[float], None] = time.sleep
) -> Commented:
    """Says what `check` finds, what is decided, agreement before and after, and whether a gate
    gets easier to pass; as the one comment of ours on the pull request of what is checked out.

    `base`: a branch or commit; without it GITHUB_BASE_REF, else the remote's default branch.
    Raises UsageError where there is no such base or no pull request, ForgeError where the host
    fails.
    """
    branch = ctx.history.repository.branch()
    remote = ctx.history.remote(remote_name(ctx, branch or ""))
    name = ctx.env.get("GITHUB_BASE_REF") or remote.default_branch()
    if base is None and name is None:
        raise UsageError("the base of the pull request is not known", hint="say --base BRANCH")
    changes, _ = compared(ctx, base or f"refs/remotes/{remote.name}/{name}")
    checked = check(ctx.workspace.root, now=ctx.now())
    first = _checked(checked)
    text = pr_body.body(changes, first=first) if changes else f"{first}\n\nNothing is decided here."
    found = Commented("printed", text, checked.errors, len(changes.weakened) if changes else 0)
    urls = addresses(ctx.history.session, remote.name)
    address = next((one for url in urls if (one := parse(url)) is not None), None)
    return _posted(ctx, address, branch, found, pause)


def _posted(
    ctx: Context,
    address: Remote | None,
    branch: str | None,
    found: Commented,
    pause: Callable[[float], None],
) -> Commented:
    why = "the remote is a folder on this machine"
    if address is not None:
        why = f"no gh, glab or token for {address.host}"
        number = _number(ctx)
        for forge in forges(address, ctx.env, pause=pause):
            try:
                if number is None:
                    standing = forge.find(branch) if branch else None
                    if standing is None:
                        raise UsageError("no pull request is open here", hint="labeltool pr")
                    number = standing.number
                done = forge.comment(number, MARKER, found.text)
            except (NotLoggedIn, Refused) as error:
                why = error.message
            else:
                state: Literal["created", "updated"] = "created" if done.created else "updated"
                return _with(found, state, url=done.url)
    summary = ctx.env.get("GITHUB_STEP_SUMMARY")
    if summary:
        _append(Path(summary), found.text)
        return _with(found, "summary", why=why)
    return _with(found, "printed", why=why)


def _with(
    found: Commented,
    state: Literal["created", "updated", "summary", "printed"],
    *,
    url: str | None = None,
    why: str | None = None,
) -> Commented:
    return Commented(state, found.text, found.errors, found.weakened, url, why)


def _number(ctx: Context) -> int | None:
    """Of the pull request that a workflow runs for; None outside of one."""
    path = ctx.env.get("GITHUB_EVENT_PATH")
    if not path:
        return None
    try:
        event = json.loads(Path(path).read_bytes())
        number = event["pull_request"]["number"]
    except (OSError, ValueError, KeyError, TypeError):
        raise UsageError(
            "this workflow does not run for a pull request", hint="on: pull_request"
        ) from None
    if not isinstance(number, int) or isinstance(number, bool) or number < 1:
        raise UsageError("the event names no pull request", hint="on: pull_request")
    return number


def _append(path: Path, text: str) -> None:
    try:
        with path.open("a", encoding="utf-8") as summary:
            summary.write(text + "\n")
    except OSError as error:
        raise RepositoryError(
            f"the summary {path} cannot be written: {error.strerror}",
            hint="unset GITHUB_STEP_SUMMARY",
        ) from None


def _checked(report: CheckReport) -> str:
    errors = [problem for problem in report.problems if problem.level == "error"]
    many = f"{report.files} file{'' if report.files == 1 else 's'}"
    if not errors:
        return f"## labeltool: `check` finds no error in {many}"
    lines = [
        f"## labeltool: `check` finds {len(errors)} error{'' if len(errors) == 1 else 's'}",
        "",
        *(
            f"- **{for_markdown(str(one.where))}**: {for_markdown(one.message)}"
            for one in errors[:_SHOWN]
        ),
    ]
    if len(errors) > _SHOWN:
        lines.append(f"- ... and {len(errors) - _SHOWN} more: `labeltool check` lists all")
    return "\n".join(lines)
