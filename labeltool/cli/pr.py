"""`labeltool pr`."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from labeltool.cli import common

if TYPE_CHECKING:
    from labeltool.commands.pr import Proposal
    from labeltool.commands.pr_comment import Commented


@click.command("pr", short_help="Push my decisions and open a pull request of them.")
@click.option("--draft", is_flag=True, help="Open it as a draft.")
@click.option("--dry-run", is_flag=True, help="Print it; push and open nothing.")
@click.option("--base", metavar="B", help="Merge into B. Default: the remote's default branch.")
@click.option("--title", metavar="T", help="Default: what is in it, counted.")
@click.option(
    "--comment",
    "as_comment",
    is_flag=True,
    help="For workflows: say what it brings as one comment, updated in place.",
)
@common.annotator_option
@common.json_option
@click.pass_context
def command(
    ctx: click.Context,
    *,
    draft: bool,
    dry_run: bool,
    base: str | None,
    title: str | None,
    as_comment: bool,
    annotator: str | None,
    as_json: bool,
) -> None:
    """Push the decisions that the remote does not have, and open a pull request of them.

    On the default branch they go to a new branch first. The text says what was disputed, what was
    decided and why, agreement before and after, what a rubric says now, and whether a gate gets
    easier to pass; of an open round only counts. A second run brings the open one up to date and
    keeps what people wrote around our part of it.

    It goes through gh or glab, else GitHub's API with GH_TOKEN or GITHUB_TOKEN; where there is
    none of them it prints the page that opens it. With --comment it pushes nothing: it comments
    on the pull request of what is checked out, and where it may not (a fork), writes to the job's
    summary.
    """
    if as_comment and (draft or dry_run or title or annotator):
        raise click.UsageError("--comment takes --base and --json only")
    if as_comment:
        _comment(ctx, base, as_json=as_json)
        return
    from labeltool.commands.pr import pr

    done = pr(
        common.context(ctx),
        draft=draft,
        dry_run=dry_run,
        base=base,
        title=title,
        annotator=annotator,
    )
    if as_json:
        common.print_json({"schema": "labeltool/pr@1", **asdict(done)})
    else:
        _show(done)


def _comment(ctx: click.Context, base: str | None, *, as_json: bool) -> None:
    from labeltool.commands.pr_comment import comment

    done = comment(common.context(ctx), base=base)
    if as_json:
        common.print_json({"schema": "labeltool/pr-comment@1", **asdict(done)})
    else:
        _show_comment(done)


def _show(done: Proposal) -> None:
    commits = f"{done.commits} commit{'' if done.commits == 1 else 's'}"
    if done.state == "nothing":
        _say(f"nothing to propose: {done.remote}/{done.base} has all that is decided here")
    elif done.state == "dry_run":
        made = "would be made and " if done.made else "would be "
        _say(f"{done.branch}: {made}pushed to {done.remote}, {commits} for {done.base}")
        _say(f"title: {done.title}\n\n{done.body}")
    else:
        if done.made:
            _say(f"switched to {done.branch}: decisions go there from now on")
        _say(f"pushed to {done.remote}/{done.branch}: {commits} for {done.base}")
    if done.state in ("created", "updated"):
        _say(f"{'opened' if done.state == 'created' else 'updated'}: {done.url}")
    elif done.state == "by_hand":
        _say(f"open it here: {done.url}" if done.url else "open it where that is hosted")
    if done.why:
        common.tell(done.why)
    if done.clashes:
        many = len(done.clashes)
        files = "1 file of it has" if many == 1 else f"{many} files of it have"
        common.tell(f"{files} changed on {done.remote}/{done.base} too")
        common.tell("  labeltool sync merges that; then labeltool pr again")
    common.tell_uncommitted(done.uncommitted)


def _show_comment(done: Commented) -> None:
    if done.state == "printed":
        _say(done.text)
    elif done.state == "summary":
        _say("written to the job's summary")
    else:
        _say(f"comment {done.state}: {done.url}")
    if done.why:
        common.tell(f"no comment: {done.why}")


def _say(text: str) -> None:
    from labeltool.safe_text import for_github_log

    click.echo(for_github_log(text))
