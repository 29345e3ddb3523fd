"""`labeltool sync`."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Literal

import click

from labeltool.cli import common

if TYPE_CHECKING:
    from labeltool.commands.context import Context
    from labeltool.commands.merging import Merged
    from labeltool.commands.sync import Synced
    from labeltool.errors import Problem

_SHOWN = 10


@click.command("sync", short_help="Fetch and merge what others decided, push my branch.")
@click.argument("paths", nargs=-1, metavar="[PATH...]")
@click.option("--remote", metavar="NAME", help="Default: the branch's own, else origin.")
@click.option("--dry-run", is_flag=True, help="Fetch, and say what a sync would do.")
@click.option("--continue", "resume", is_flag=True, help="Conclude the merge, then go on.")
@click.option("--abort", is_flag=True, help="Take the merge in progress back.")
@click.option(
    "--take",
    type=click.Choice(["ours", "theirs", "both"]),
    help="Settle the conflicts in PATH (all, without one) by a side.",
)
@common.json_option
@click.pass_context
def command(
    ctx: click.Context,
    *,
    paths: tuple[str, ...],
    remote: str | None,
    dry_run: bool,
    resume: bool,
    abort: bool,
    take: Literal["ours", "theirs", "both"] | None,
    as_json: bool,
) -> None:
    """Fetch what others decided, merge it, and push the current branch; never rebase, never force.

    The default branch is pushed only where labeltool.yaml says `branches: {push_default: true}`.
    What only people can settle (two amendments of a rubric, two resolutions of an output) stops
    the merge with exit 4 and is named; a merge that would break what `check` asks for stops with
    exit 3. `labeltool resolve` (or --take) settles, --continue concludes, --abort takes back.
    """
    from labeltool.commands import sync as verb

    if sum((dry_run, resume, abort, take is not None)) > 1:
        raise click.UsageError("--dry-run, --take, --continue and --abort exclude each other")
    if paths and take is None:
        raise click.UsageError("PATH goes with --take")
    context = common.context(ctx)
    if take is not None:
        _take(context, take, paths, as_json=as_json)
        return
    if abort:
        verb.abort(context)
        if as_json:
            common.print_json({"schema": "labeltool/sync@1", "aborted": True})
        else:
            click.echo("the merge is taken back")
        return
    if resume:
        done = verb.resume(context, remote=remote)
    else:
        done = verb.sync(context, remote=remote, dry_run=dry_run)
    if as_json:
        common.print_json(_document(done))
    else:
        _show(done)
    if done.stopped is not None:
        raise done.stopped


def _take(
    context: Context,
    side: Literal["ours", "theirs", "both"],
    paths: tuple[str, ...],
    *,
    as_json: bool,
) -> None:
    from labeltool.commands.conflict_choices import take
    from labeltool.commands.conflicts import open_conflicts

    settled = take(context, side, paths)
    left = open_conflicts(context)
    if as_json:
        common.print_json(
            {
                "schema": "labeltool/sync@1",
                "settled": [one.path for one in settled],
                "left": [one.path for one in left],
            }
        )
        return
    for one in settled:
        _say(f"{one.path}: settled ({one.what})")
    for one in left:
        _say(f"{one.path}: still open ({one.what})")
    if not left:
        _say("labeltool sync --continue concludes the merge" if settled else "no conflict is open")


def _document(done: Synced) -> dict[str, Any]:
    return {
        "schema": "labeltool/sync@1",
        "remote": done.remote,
        "branch": done.branch,
        "default": done.default,
        "target": done.target,
        "dry_run": done.dry_run,
        "merged": [
            {
                "from": one.name,
                "commits": one.commits,
                "forwarded": one.forwarded,
                "settled": [asdict(file) for file in one.settled],
                "left": list(one.left),
            }
            for one in done.merged
        ],
        "pushed": done.pushed,
        "why": done.why,
        "uncommitted": list(done.uncommitted),
        "problems": [
            _problem(one) for one in (*done.problems, *getattr(done.stopped, "problems", ()))
        ],
        "stopped": None if done.stopped is None else done.stopped.message,
    }


def _problem(problem: Problem) -> dict[str, Any]:
    return {
        "path": problem.where.path,
        "line": problem.where.line,
        "field": problem.where.field,
        "message": problem.message,
        "hint": problem.hint,
        "level": problem.level,
    }


def _show(done: Synced) -> None:
    would = "would be " if done.dry_run else ""
    for merged in done.merged:
        _show_merged(merged, would)
    if not done.merged and done.stopped is None:
        _say(f"{done.remote} has nothing new")
    for problem in done.problems[:_SHOWN]:
        _say(f"{problem.level}: {problem}")
        if problem.hint:
            _say(f"  {problem.hint}")
    if len(done.problems) > _SHOWN:
        _say(f"... {len(done.problems) - _SHOWN} more: `labeltool check` lists all")
    if done.why is not None:
        _say(done.why)
        for line in (done.hint or "").splitlines():
            _say(f"  {line}")
    elif done.pushed:
        _say(f"{would}pushed to {done.remote}/{done.target}: {_many(done.pushed, 'commit')}")
    elif done.pushed == 0:
        _say("nothing to push")
    common.tell_uncommitted(done.uncommitted)


def _show_merged(merged: Merged, would: str) -> None:
    stopped = merged.stopped is not None
    how = "taken over" if merged.forwarded else "not merged yet" if stopped else "merged"
    _say(f"{merged.name}: {_many(merged.commits, 'commit')} {would}{how}")
    for file in merged.settled[:_SHOWN]:
        whose = "this branch's" if file.took == "ours" else "theirs"
        why = "it moved on from the other" if file.why == "overtaken" else "the newer decision"
        _say(f"  {file.path}: {whose} stands, {why}")
    if len(merged.settled) > _SHOWN:
        _say(f"  and {len(merged.settled) - _SHOWN} more settled by themselves")


def _many(count: int, word: str) -> str:
    return f"{count} {word}{'' if count == 1 else 's'}"


def _say(text: str) -> None:
    from labeltool.safe_text import visible

    click.echo(visible(text))
