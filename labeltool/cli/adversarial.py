"""`labeltool adversarial`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from labeltool.cli import common
from labeltool.errors import UsageError

if TYPE_CHECKING:
    from labeltool.commands.adversarial import Plan


@click.command("adversarial", short_help="Failure probes made from cases, into the inbox.")
@click.option(
    "--kinds",
    metavar="KIND,...",
    help="typos, unicode, casing, injection, long_context, ambiguous; with --model paraphrase and "
    "translation. [default: all]",
)
@click.option(
    "--from",
    "of",
    multiple=True,
    metavar="CASE|TIER",
    help="What to change; repeat for more. [default: golden and regression]",
)
@click.option("--n", "count", type=click.IntRange(1, 1000), help="How many. [default: 10]")
@click.option("--seed", type=int, default=0, help="Another one makes others. [default: 0]")
@click.option("--model", metavar="NAME", help="A system or judge of kind openai that rewords.")
@click.option(
    "--language",
    "languages",
    multiple=True,
    metavar="LANGUAGE",
    help="Of translations; repeat for more. [default: German, Spanish, French]",
)
@click.option("--dry-run", is_flag=True, help="Show what would be written, and write nothing.")
@common.annotator_option
@common.dataset_option
@common.json_option
@click.pass_context
def command(ctx: click.Context, /, as_json: bool, dry_run: bool, **said: Any) -> int:
    """Change cases that stand, those that people disagreed on first, into drafts for the
    adversarial tier. Each says which case and which change made it, and what must still hold.
    They wait in the inbox until a person looks at them. One commit.

    The same seed makes the same drafts, and none of them twice.
    """
    from labeltool.commands.adversarial import COUNT, LANGUAGES, Asked, plan, write

    context = common.context(ctx)
    asked = Asked(
        kinds=_listed(said["kinds"]),
        of=said["of"],
        count=said["count"] or COUNT,
        seed=said["seed"],
        model=said["model"],
        languages=said["languages"] or LANGUAGES,
        dataset=said["dataset"],
        annotator=said["annotator"],
    )
    planned = plan(context, asked)
    if not as_json:
        _show_plan(planned)
    commit = None if dry_run else write(context, planned)
    if as_json:
        common.print_json(document(planned, commit))
    else:
        _show_end(planned, commit, dry=dry_run)
    return 0


def document(plan: Plan, commit: str | None) -> dict[str, object]:
    """The plan as labeltool/adversarial@1; `commit` is null where nothing was written."""
    from labeltool.store import paths

    return {
        "schema": "labeltool/adversarial@1",
        "dataset": plan.dataset,
        "seed": plan.seed,
        "kinds": list(plan.kinds),
        "drafts": [
            {
                "id": one.draft.id,
                "path": paths.draft_path(plan.dataset, one.draft.id),
                "tier": one.draft.tier,
                "case": one.case,
                "kind": one.kind,
                "change": one.about,
                "holds": one.holds,
                "invariant": one.same,
                "near": list(one.draft.near),
            }
            for one in plan.made
        ],
        "duplicates": plan.duplicates,
        "out_of_scope": plan.out_of_scope,
        "disputed_cases": plan.disputed,
        "passed_over": [
            {"kind": kind, "why": why, "cases": cases}
            for (kind, why), cases in plan.passed_over.items()
        ],
        "commit": commit,
    }


def _listed(kinds: str | None) -> tuple[str, ...]:
    if kinds is None:
        return ()
    found = tuple(part.strip().replace("-", "_") for part in kinds.split(",") if part.strip())
    if not found:
        raise UsageError("--kinds names none", hint="for example --kinds typos,injection")
    return found


def _show_plan(plan: Plan) -> None:
    """What was made, on stderr, before anything is written."""
    from labeltool.cli.main import say
    from labeltool.safe_text import one_line

    for one in plan.made:
        say(f"{one.draft.id}: {one_line(one.about, 100)}")
        if not one.same:
            say(f"  {one_line(one.holds, 200)}")
    for (kind, why), cases in plan.passed_over.items():
        many = "1 case" if cases == 1 else f"{cases} cases"
        say(f"{kind}: left out {many}: {one_line(why, 160)}")


def _show_end(plan: Plan, commit: str | None, *, dry: bool) -> None:
    from labeltool.safe_text import visible

    count = f"{len(plan.made)} draft{'' if len(plan.made) == 1 else 's'}"
    parts = [f"{plan.duplicates} there already"] if plan.duplicates else []
    parts += [f"{plan.out_of_scope} out of scope"] if plan.out_of_scope else []
    parts += [f"{plan.disputed} of the cases were disputed"] if plan.disputed else []
    beside = f" ({', '.join(parts)})" if parts else ""
    if dry:
        click.echo(f"{count} would be written (--dry-run){beside}")
    elif commit:
        click.echo(visible(f"{count} in the inbox of {plan.dataset}{beside} (commit {commit[:7]})"))
        click.echo("next: labeltool inbox")
    else:
        click.echo(f"nothing new for the inbox{beside}; another --seed makes others")
