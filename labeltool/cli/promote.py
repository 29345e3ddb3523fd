"""`labeltool promote`."""

from __future__ import annotations

import sys
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import click

from labeltool.cli import common
from labeltool.errors import UsageError

if TYPE_CHECKING:
    from labeltool.commands.context import Context
    from labeltool.commands.promote import Asked, Plan
    from labeltool.commands.promote_issue import Finished

KINDS = (
    *("jsonl", "csv", "otlp", "openinference", "langfuse", "openai", "github-issue", "text"),
    "results",
)
TIERS = ("golden", "adversarial", "regression")


@click.command("promote", short_help="Failures of production and bug reports into the inbox.")
@click.argument("source", required=False)
@click.option("--from", "kind", type=click.Choice(KINDS), help="Default: told by how it begins.")
@click.option("--to-tier", "tier", type=click.Choice(TIERS), help="Suggested tier of the drafts.")
@click.option("--map", "maps", multiple=True, metavar="FIELD=COLUMN", help="Where a field stands.")
@click.option("--limit", type=click.IntRange(1, 1000), help="At most so many drafts. [default: 50]")
@click.option(
    "--secrets",
    type=click.Choice(["redact", "block"]),
    default="redact",
    help="Placeholders for keys and personal data, or no draft at all. [default: redact]",
)
@click.option("--dry-run", is_flag=True, help="Show what would be written, and write nothing.")
@click.option(
    "--accept",
    is_flag=True,
    help="For workflows: a bug report that says what should have come back becomes an open case, "
    "with a check that what came back fails.",
)
@click.option("--input", "input_", metavar="TEXT", help="By hand: what was asked.")
@click.option("--output", metavar="TEXT", help="By hand: what came back.")
@click.option("--expected", metavar="TEXT", help="By hand: what should have come back.")
@click.option("--link", metavar="URL", help="By hand: where it was reported.")
@click.option("--close", "close_id", metavar="CASE", help="The bug is fixed: its case counts.")
@click.option("--missing", metavar="ISSUES.json", help="Closed issues that left no case.")
@click.option("--system", metavar="NAME", help="What answered, where the log does not say.")
@common.annotator_option
@common.dataset_option
@common.json_option
@click.pass_context
def command(ctx: click.Context, /, as_json: bool, **said: Any) -> int:
    """Make drafts of the failures in SOURCE: a log, a trace export, a bug report, the results of a
    run (`-` is stdin, or the name of a source in labeltool.yaml). They wait in the inbox until a
    person looks at them.

    Keys and personal data are taken out and shown before anything is written; what is there
    already is counted, not added. One commit.
    """
    ways = [said["source"], said["input_"], said["close_id"], said["missing"]]
    if sum(way is not None for way in ways) != 1:
        raise UsageError(
            "say one of SOURCE, --input, --close or --missing",
            hint="for example: labeltool promote production.jsonl --dry-run",
        )
    context = common.context(ctx)
    if said["close_id"] is not None:
        return _close(context, said, as_json)
    if said["missing"] is not None:
        return _missing(ctx, context, said, as_json)
    return _promote(ctx, context, said, as_json)


def _promote(ctx: click.Context, context: Context, said: dict[str, Any], as_json: bool) -> int:
    from labeltool.commands.promote import by_hand, plan
    from labeltool.commands.promote_issue import finish, refuse_other
    from labeltool.commands.promote_write import write

    if said["input_"] is not None:
        asked = _asked(said, "by hand")
        planned = by_hand(context, _record(context, said), asked)
    else:
        _refuse_by_hand(said)
        path, name = _place(ctx, context, said["source"])
        with _opened(path, name) as stream:
            planned = plan(context, stream, _asked(said, name))
    if said["accept"]:
        refuse_other(planned)
    if not as_json:
        _show_plan(planned)
    done = None if said["dry_run"] else write(context, planned)
    if not as_json:
        commit, accept = done.commit if done else None, said["accept"]
        _show_end(planned, commit, dry=done is None, ask=not accept)
    finished = finish(context, planned) if said["accept"] and done is not None else ()
    if as_json:
        accepted = [_finished(one) for one in finished]
        found = document(planned, done.commit if done else None)
        common.print_json({**found, "finished": accepted} if said["accept"] else found)
    for one in () if as_json else finished:
        _show_finished(one)
    return 0


def _finished(one: Finished) -> dict[str, object]:
    done = one.decided
    return {
        "draft": one.draft,
        "case": done.case.id if done and done.case else None,
        "path": done.path if done else None,
        "fails": done.shown.words if done else None,
        "why": one.why,
        "commit": done.commit if done else None,
    }


def _show_finished(one: Finished) -> None:
    from labeltool.safe_text import one_line, visible

    done = one.decided
    if done is None or done.case is None:
        click.echo(visible(f"{one.draft} stays a draft: {one_line(one.why or '', 200)}"))
        return
    commit = f" (commit {done.commit[:7]})" if done.commit else ""
    click.echo(visible(f"{done.case.id} is a case of the {done.case.tier} tier, open{commit}"))
    click.echo(visible(f"  what came back fails {one_line(done.shown.words, 200)}"))


def document(plan: Plan, commit: str | None) -> dict[str, object]:
    """The promotion as labeltool/promote@1; `commit` is null where nothing was written."""
    from labeltool.store import paths

    return {
        "schema": "labeltool/promote@1",
        "dataset": plan.dataset,
        "source": plan.origin,
        "kind": plan.kind,
        "read": plan.read,
        "bad_rows": plan.bad_rows,
        "nominated": plan.nominated,
        "duplicates": plan.duplicates,
        "over_cap": plan.over_cap,
        "out_of_scope": plan.out_of_scope,
        "drafts": [
            {
                "id": draft.id,
                "path": paths.draft_path(plan.dataset, draft.id),
                "tier": draft.tier,
                "why": draft.why,
                "rule": draft.rule,
                "priority": draft.priority,
                "seen": draft.seen,
                "redactions": (draft.source.redactions if draft.source else None) or [],
                "near": list(draft.near),
            }
            for draft in plan.new
        ],
        "seen_again": [{"id": draft.id, "seen": draft.seen} for draft in plan.grown],
        "cases": [{"case": case, "seen": seen} for case, seen in plan.cases.items()],
        "problems": [{"line": bad.line, "message": bad.message} for bad in plan.bad],
        "notices": list(plan.notices),
        "commit": commit,
    }


def _asked(said: dict[str, Any], origin: str) -> Asked:
    from labeltool.commands.promote import LIMIT, Asked

    return Asked(
        origin=origin,
        kind=said["kind"],
        dataset=said["dataset"],
        tier=said["tier"],
        system=said["system"],
        maps=said["maps"],
        limit=said["limit"] or LIMIT,
        secrets=said["secrets"],
        annotator=said["annotator"],
    )


def _record(context: Context, said: dict[str, Any]) -> Any:
    from labeltool.model.record import Record

    if said["kind"] not in (None, "text"):
        raise UsageError("--input is a text by hand", hint="leave --from out")
    if not said["input_"].strip():
        raise UsageError("--input is empty", hint="say what was asked")
    return Record(
        id="by hand",
        time=context.iso_now(),
        input=said["input_"],
        output=said["output"],
        expected=said["expected"],
        link=said["link"],
    )


def _refuse_by_hand(said: dict[str, Any]) -> None:
    for name in ("output", "expected", "link"):
        if said[name] is not None:
            raise UsageError(
                f"--{name} goes with --input", hint="leave SOURCE out, or leave it out"
            )


def _place(ctx: click.Context, context: Context, source: str) -> tuple[Path | None, str]:
    """Where to read, None for stdin, and what to call it."""
    if source == "-":
        return None, "stdin"
    path = common.folder(ctx) / source
    named = context.workspace.settings.promote.sources.get(source)
    if named is not None and named.path is not None and not path.exists():
        return context.workspace.root / named.path, source
    return path, path.name if path.is_absolute() else Path(source).name


def _opened(path: Path | None, name: str) -> AbstractContextManager[BinaryIO]:
    if path is None:
        return nullcontext(sys.stdin.buffer)
    try:
        return path.open("rb")
    except FileNotFoundError:
        hint = "a path, `-` for stdin, or a name under promote: sources: in labeltool.yaml"
        raise UsageError(f"there is no file {name}", hint=hint) from None
    except OSError as error:
        raise UsageError(f"{name} cannot be read: {error.strerror}") from None


def _show_plan(plan: Plan) -> None:
    """What was found, on stderr, before anything is written."""
    from labeltool.cli.main import say
    from labeltool.redact.placeholders import said
    from labeltool.safe_text import one_line

    for bad in plan.bad:
        say(f"left out: {plan.origin}{f':{bad.line}' if bad.line else ''}: {bad.message}")
    if plan.bad_rows > len(plan.bad):
        say(f"left out: {plan.bad_rows - len(plan.bad)} more rows")
    for draft in plan.new:
        say(f"{draft.id}  ({draft.tier}, seen {draft.seen}): {one_line(draft.why or '', 100)}")
        redactions = (draft.source.redactions if draft.source else None) or ()
        counts = {one["placeholder"]: one["times"] for one in redactions}
        if counts:
            say(f"  redacted: {said(counts)} ({', '.join(counts)})")
        if draft.near:
            near = draft.near[0]
            say(f"  nearest: {near['case']} ({near['similarity']:.2f}, {near['how']})")
    for case, seen in plan.cases.items():
        say(
            f"{case} asks that already: counted {seen} times"
            if seen > 1
            else f"{case} asks that already"
        )
    for notice in plan.notices:
        say(f"note: {notice}")


def _show_end(plan: Plan, commit: str | None, *, dry: bool, ask: bool) -> None:
    from labeltool.safe_text import visible

    parts = [f"read {plan.read:,} from {plan.origin} ({plan.kind})"]
    parts += [f"{plan.bad_rows:,} could not be read"] if plan.bad_rows else []
    parts += [f"{plan.nominated:,} nominated"]
    parts += [f"{plan.duplicates:,} there already"] if plan.duplicates else []
    parts += [f"{plan.over_cap:,} over the caps"] if plan.over_cap else []
    parts += [f"{plan.out_of_scope:,} out of scope"] if plan.out_of_scope else []
    click.echo(visible(", ".join(parts)))
    count = f"{len(plan.new)} draft{'' if len(plan.new) == 1 else 's'}"
    if dry:
        click.echo(f"{count} would be written (--dry-run)")
    elif commit:
        again = f", {len(plan.grown)} seen again" if plan.grown else ""
        click.echo(visible(f"{count} in the inbox of {plan.dataset}{again} (commit {commit[:7]})"))
        if ask:
            click.echo("next: labeltool inbox")
    else:
        click.echo("nothing new for the inbox")


def _close(context: Context, said: dict[str, Any], as_json: bool) -> int:
    from labeltool.cli.main import say
    from labeltool.commands.promote_close import close
    from labeltool.safe_text import visible

    done = close(context, said["close_id"], dataset=said["dataset"], annotator=said["annotator"])
    if as_json:
        common.print_json(
            {
                "schema": "labeltool/promote-close@1",
                "case": done.case,
                "path": done.path,
                "tier": done.tier,
                "status": "active",
                "doubts": list(done.doubts),
                "by": done.by,
                "commit": done.commit,
            }
        )
        return 0
    for doubt in done.doubts:
        say(f"note: {doubt}")
    commit = f" (commit {done.commit[:7]})" if done.commit else ""
    click.echo(visible(f"{done.case} is active and gates the {done.tier} tier{commit}"))
    return 0


def _missing(ctx: click.Context, context: Context, said: dict[str, Any], as_json: bool) -> int:
    from labeltool.commands.promote_missing import missing
    from labeltool.safe_text import one_line, visible

    path, name = _place(ctx, context, said["missing"])
    with _opened(path, name) as stream:
        found = missing(context, stream, name, dataset=said["dataset"])
    if as_json:
        common.print_json(
            {
                "schema": "labeltool/promote-missing@1",
                "dataset": found.dataset,
                "issues": len(found.issues),
                "left_out": found.left_out,
                "missing": [
                    {"number": one.number, "title": one.title, "link": one.link}
                    for one in found.missing
                ],
                "waiting": [
                    {"number": one.number, "link": one.link, "draft": one.what}
                    for one in found.waiting
                ],
            }
        )
        return 0
    for one in found.missing:
        click.echo(visible(f"#{one.number} {one_line(one.title, 80)}: closed without a case"))
    for one in found.waiting:
        click.echo(
            visible(f"#{one.number} {one_line(one.title, 80)}: waits in the inbox as {one.what}")
        )
    with_case = len(found.issues) - len(found.missing) - len(found.waiting)
    click.echo(f"{with_case} of {len(found.issues)} closed bugs have a case")
    return 0
