"""`labeltool inbox`: the app at the inbox; list, accept, merge, reject and later without it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from labeltool.cli import common
from labeltool.errors import UsageError
from labeltool.safe_text import one_line, visible

if TYPE_CHECKING:
    from labeltool.commands.inbox import Decided, Waiting

TIERS = ("golden", "adversarial", "regression")
SHORT_HASH = 7


@click.group("inbox", invoke_without_command=True, short_help="Look at drafts of cases.")
@common.dataset_option
@common.annotator_option
@click.pass_context
def command(ctx: click.Context, dataset: str | None, annotator: str | None) -> int | None:
    """Look at what was nominated, and say what becomes of it: a case, one more counterexample of a
    case, out of scope, or later. Nothing enters a tier before a person has.

    Without a verb the app opens at the inbox.
    """
    if ctx.invoked_subcommand is None:
        from labeltool.cli.label import open_app

        return open_app(ctx, at="inbox", dataset=dataset, annotator=annotator)
    if dataset is not None or annotator is not None:
        raise UsageError(
            "say --dataset and --annotator after the verb",
            hint=f"labeltool inbox {ctx.invoked_subcommand} --dataset NAME",
        )
    return None


@command.command("list", short_help="What waits, the most important first.")
@common.dataset_option
@common.json_option
@click.pass_context
def list_command(ctx: click.Context, dataset: str | None, as_json: bool) -> int:
    """Print the drafts, the most important first, with the check that is suggested for each."""
    from labeltool.cli.main import say
    from labeltool.commands.inbox import inbox

    found = inbox(common.context(ctx), dataset=dataset)
    for problem in found.problems:
        say(f"left out: {problem}")
    if as_json:
        common.print_json(
            {"schema": "labeltool/inbox@1", "dataset": found.dataset,
             "drafts": [_row(one) for one in found.waiting],
             "problems": [{"path": one.where.path, "message": one.message}
                          for one in found.problems]}
        )  # fmt: skip
        return 0
    if not found.waiting:
        click.echo(visible(f"the inbox of {found.dataset} is empty"))
        return 0
    count = len(found.waiting)
    many = "1 draft waits" if count == 1 else f"{count} drafts wait"
    click.echo(visible(f"{many} in the inbox of {found.dataset}"))
    for one in found.waiting:
        _draw(one)
    click.echo("one by one: labeltool inbox")
    return 0


@command.command("accept", short_help="A draft becomes a case.")
@click.argument("draft")
@click.option("--tier", type=click.Choice(TIERS), help="Default: the draft's own.")
@click.option("--expected", "answers", multiple=True, metavar="TEXT|@FILE", help="Repeat for more.")
@click.option("--tag", "tags", multiple=True, metavar="TAG", help="In the place of the draft's.")
@click.option(
    "--check",
    "checks",
    multiple=True,
    metavar="KIND=VALUE",
    help="What the output must hold: not_contains=TEXT, regex=PATTERN, json_valid, max_words=80.",
)
@click.option("--suggested", is_flag=True, help="With the check that `inbox list` suggests.")
@click.option("--id", "id_", metavar="CASE", help="The case's id. Default: the draft's.")
@click.option(
    "--status",
    type=click.Choice(["open", "active"]),
    help="Default: open in the regression tier (runs, gates nothing), else active.",
)
@click.option("--verify", is_flag=True, help="You have read input and expected.")
@common.judge_option
@common.annotator_option
@common.dataset_option
@common.json_option
@click.pass_context
def accept_command(ctx: click.Context, /, draft: str, as_json: bool, **said: Any) -> int:
    """Make DRAFT a case, in one commit that ends the draft as well.

    In the regression tier what came back must fail the case: one of its checks, or, where those
    pass, the rubric as the judge scores it. It comes in open; once it passes, `labeltool promote
    --close` makes it count.
    """
    from labeltool.commands.inbox_accept import accept
    from labeltool.rules.acceptance import Edits
    from labeltool.rules.check_text import parse_check

    edits = Edits(
        tier=said["tier"],
        expected=tuple(map(_text, said["answers"])) or None,
        checks=tuple(map(parse_check, said["checks"])) or None,
        tags=said["tags"] or None,
        id=said["id_"],
        status=said["status"],
        verified=said["verify"],
    )
    done = accept(
        common.context(ctx),
        draft,
        edits,
        take_suggested=said["suggested"],
        judge=said["judge"],
        dataset=said["dataset"],
        annotator=said["annotator"],
    )
    return _print(done, as_json)


@command.command("merge", short_help="A draft says what a case says already.")
@click.argument("draft")
@click.option("--into", required=True, metavar="CASE", help="The case that asks the same.")
@click.option("--check", "checks", multiple=True, metavar="KIND=VALUE", help="Added to the case.")
@common.judge_option
@common.annotator_option
@common.dataset_option
@common.json_option
@click.pass_context
def merge_command(ctx: click.Context, /, draft: str, as_json: bool, **said: Any) -> int:
    """Fold DRAFT into a case, in one commit: what came back becomes a counterexample of it, which
    the case must fail, and its reports are counted there.
    """
    from labeltool.commands.inbox_accept import merge
    from labeltool.rules.check_text import parse_check

    done = merge(
        common.context(ctx),
        draft,
        said["into"],
        tuple(map(parse_check, said["checks"])),
        judge=said["judge"],
        dataset=said["dataset"],
        annotator=said["annotator"],
    )
    return _print(done, as_json)


@command.command("reject", short_help="Drafts are out of scope.")
@click.argument("drafts", nargs=-1, required=True, metavar="DRAFT...")
@click.option("--reason", required=True, metavar="TEXT", help="Why; the triage file keeps it.")
@common.annotator_option
@common.dataset_option
@common.json_option
@click.pass_context
def reject_command(
    ctx: click.Context, /, drafts: tuple[str, ...], reason: str, as_json: bool, **said: Any
) -> int:
    """Say that each DRAFT is out of scope, in one commit. The same input is not nominated again."""
    from labeltool.commands.inbox import reject

    return _print(reject(common.context(ctx), drafts, reason, **said), as_json)


@command.command("later", short_help="Drafts come after the others.")
@click.argument("drafts", nargs=-1, required=True, metavar="DRAFT...")
@common.annotator_option
@common.dataset_option
@common.json_option
@click.pass_context
def later_command(
    ctx: click.Context, /, drafts: tuple[str, ...], as_json: bool, **said: Any
) -> int:
    """Put each DRAFT off, in one commit: it comes after all that nobody put off."""
    from labeltool.commands.inbox import later

    return _print(later(common.context(ctx), drafts, **said), as_json)


def _text(said: str) -> str:
    """The text itself, or that of a file. Raises UsageError where the file cannot be read."""
    if not said.startswith("@"):
        return said
    try:
        data = sys.stdin.buffer.read() if said == "@-" else Path(said[1:]).read_bytes()
        return data.decode("utf-8").replace("\r\n", "\n")
    except (OSError, UnicodeError) as error:
        raise UsageError(
            f"--expected {said}: {error}", hint="name a text file in UTF-8 after the @"
        ) from None


def _row(one: Waiting) -> dict[str, object]:
    from labeltool.commands.inbox_proof import suggested
    from labeltool.rules.check_text import check_text

    draft, source = one.draft, one.draft.source
    return {
        "id": draft.id,
        "path": one.path,
        "tier": draft.tier,
        "why": draft.why,
        "rule": draft.rule,
        "priority": draft.priority,
        "seen": draft.seen,
        "later": draft.later,
        "input": draft.input_text,
        "output": draft.output,
        "expected": list(draft.acceptable),
        "tags": list(draft.tags),
        "checks": [check_text(check) for check in draft.checks],
        "suggested": [check_text(found.check) for found in suggested(draft)],
        "near": list(draft.near),
        "redactions": (source.redactions if source else None) or [],
        "source": source.model_dump(mode="json") if source else None,
    }


def _draw(one: Waiting) -> None:
    from labeltool.commands.inbox_proof import suggested
    from labeltool.rules.check_text import check_text

    draft = one.draft
    facts = [draft.tier, f"seen {draft.seen}" * (draft.seen > 1), "put off" * bool(draft.later)]
    click.echo(visible(f"  {draft.id}  ({', '.join(filter(None, facts))})"))
    click.echo(visible(f"    {one_line(draft.why or 'nobody says why', 100)}"))
    if draft.output is not None:
        click.echo(visible(f"    came back: {one_line(draft.output, 90) or '(nothing)'}"))
    found = suggested(draft)
    if draft.checks:
        said = ", ".join(map(check_text, draft.checks))
        click.echo(visible(f"    check: {one_line(said, 90)}"))
    elif found:
        click.echo(visible(f"    check it fails: {one_line(check_text(found[0].check), 80)}"))
    if draft.near:
        near = draft.near[0]
        click.echo(visible(f"    near: {near['case']} ({near['similarity']:.2f}, {near['how']})"))


def _print(done: Decided, as_json: bool) -> int:
    from labeltool.cli.main import say
    from labeltool.rules.check_text import check_text

    case = done.case
    if as_json:
        common.print_json(
            {"schema": "labeltool/inbox-decision@1", "became": done.became,
             "dataset": done.dataset, "by": done.by, "drafts": list(done.drafts),
             "case": case.id if case else None, "path": done.path,
             "tier": case.tier if case else None, "status": case.status if case else None,
             "checks": [check_text(check) for check in case.checks] if case else [],
             "verified": bool(case and case.verified),
             "fails": [{"by": one.by, "name": one.name, "detail": one.detail}
                       for one in done.shown.faults],
             "judge": done.shown.judge, "notes": list(done.notes), "commit": done.commit}
        )  # fmt: skip
        return 0
    if done.shown.faults:
        click.echo(visible(f"what came back fails {one_line(done.shown.words, 200)}"))
    for note in done.notes:
        say(f"note: {note}")
    commit = f" (commit {done.commit[:SHORT_HASH]})" if done.commit else ""
    click.echo(visible(f"{_became(done)}{commit}"))
    if case is not None and done.became == "case" and case.status == "open":
        click.echo(
            "it runs and gates nothing; once it passes: labeltool promote --close " + case.id
        )
    return 0


def _became(done: Decided) -> str:
    case = done.case
    if case is not None and done.became == "case":
        return f"{case.id} is a case of the {case.tier} tier, {case.status}"
    if case is not None:
        seen = case.source.seen if case.source else 1
        return f"{done.drafts[0]} is in {case.id} now: said {seen} times"
    what = done.drafts[0] if len(done.drafts) == 1 else f"{len(done.drafts)} drafts"
    verb = "is" if len(done.drafts) == 1 else "are"
    return f"{what} {verb} {'out of scope' if done.became == 'rejected' else 'put off'}"
