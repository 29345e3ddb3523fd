"""`labeltool rubric amend`."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from labeltool.cli import common
from labeltool.errors import UsageError

if TYPE_CHECKING:
    from labeltool.commands.context import Context
    from labeltool.commands.rubric_amend import Amendment
    from labeltool.rules.amend import Edit

_FIELDS = ("text", "kind", "grader", "weight", "pass_at", "required", "tolerance", "na")
_SCALE = re.compile(r"(-?\d+)\.\.(-?\d+)")


@click.command("amend", short_help="Change a criterion, and ask again only for what changed.")
@click.option("--criterion", metavar="ID", help="The criterion to change, with what follows.")
@click.option("--add", metavar="ID", help="A new criterion, with what follows.")
@click.option("--text", metavar="TEXT", help="What it asks.")
@click.option("--level", "levels", multiple=True, metavar="N=TEXT",
              help="What a level means; `N=` takes its words out. Repeat.")  # fmt: skip
@click.option("--min", "low", type=int, metavar="N", help="Lowest level of a new one. Default: 0.")
@click.option("--max", "high", type=int, metavar="N", help="Highest level of a new one.")
@click.option("--kind", type=click.Choice(("graded", "binary", "factual")))
@click.option("--grader", type=click.Choice(("judge", "human")), help="Who scores it.")
@click.option("--weight", type=float, metavar="X", help="Its weight in the score.")
@click.option("--pass-at", type=int, metavar="N", help="The level that counts as met.")
@click.option("--tolerance", type=int, metavar="N", help="Labels this far apart still agree.")
@click.option("--required/--no-required", default=None, help="Below pass-at an output fails.")
@click.option("--na/--no-na", default=None, help="`not applicable` is an answer.")
@click.option("--from", "source", metavar="FILE",
              help="New criteria from a YAML file: one, or a list. `-` reads stdin.")  # fmt: skip
@click.option("--remove", multiple=True, metavar="ID", help="Take a criterion out. Repeat.")
@click.option("--rescale", nargs=2, metavar="ID A..B", help="Another scale for a criterion.")
@click.option("--map", "moved", metavar="OLD=NEW,...",
              help="With --rescale: the words of level OLD become NEW's, pass-at too.")  # fmt: skip
@click.option("--edit", is_flag=True, help="Change the whole file in $VISUAL or $EDITOR.")
@click.option("--reason", metavar="TEXT", help="Why; it goes into the changelog. Needed.")
@click.option("--case", "cases", multiple=True, metavar="CASE", help="What showed it. Repeat.")
@click.option("--anyway", is_flag=True, help="Although a round is open.")
@click.option("--dry-run", is_flag=True, help="Show what would change; write nothing.")
@common.annotator_option
@common.dataset_option
@common.json_option
@click.pass_context
def command(ctx: click.Context, /, **options: Any) -> None:
    """Change the dataset's rubric: the version goes up by one, the changelog says why.

    Only labels of criteria that mean something else go stale: other text, levels, scale, kind or
    `na`. Weight, pass-at, tolerance and required ask nobody again. Labels are never rewritten: a
    rescaled criterion is asked again, whatever --map says of its words. One commit; comments and
    layout of the file stay.

    \b
    labeltool rubric amend --criterion tone --level "0=The mood is left out." \\
      --reason "One of us gave 0 for a weak mood." --case 0007-late-refund
    labeltool rubric amend --rescale tone 0..4 --map 0=0,1=2,2=4 --reason "Two halves were missing."
    """
    if not (options["reason"] or "").strip():
        raise UsageError("an amendment needs a reason", hint="say why: --reason TEXT")
    found = common.context(ctx)
    rubric = found.workspace.dataset(options["dataset"]).rubric.name
    said = {
        "reason": options["reason"],
        "cases": options["cases"],
        "annotator": options["annotator"],
        "anyway": options["anyway"],
    }
    edits = _edits(options)
    if options["edit"]:
        if edits:
            raise UsageError("--edit changes the whole file", hint="leave the other changes out")
        from labeltool.cli.rubric_edit import edited

        amendment = edited(found, rubric, said)
    elif not edits:
        raise UsageError(
            "nothing to amend is named",
            hint="--criterion, --add, --from, --remove, --rescale or --edit",
        )
    else:
        from labeltool.commands.rubric_amend import propose

        amendment = propose(found, rubric, edits, **said)
    _conclude(found, amendment, dry_run=options["dry_run"], as_json=options["as_json"])


def _conclude(found: Context, amendment: Amendment, *, dry_run: bool, as_json: bool) -> None:
    from labeltool.commands.rubric_amend import amend

    if as_json:
        commit = None if dry_run else amend(found, amendment).commit
        common.print_json(_document(amendment, commit, dry_run=dry_run))
        return
    from labeltool.cli.rubric_tables import draw_diff
    from labeltool.commands.rubric import Edition, compared
    from labeltool.safe_text import visible

    draw_diff(common.console(), compared(Edition(amendment.before), Edition(amendment.after)))
    click.echo()
    for line in amendment.survive:
        click.echo(visible(line))
    if dry_run:
        click.echo("nothing is written: leave out --dry-run to amend")
        return
    commit = amend(found, amendment).commit
    told = f" (commit {commit[:7]})" if commit else ""
    click.echo(visible(f"amended {amendment.write.path}: version {amendment.after.version}{told}"))


def _document(amendment: Amendment, commit: str | None, *, dry_run: bool) -> dict[str, Any]:
    return {
        "schema": "labeltool/rubric-amend@1",
        "rubric": amendment.after.name,
        "version": amendment.after.version,
        "path": amendment.write.path,
        "by": amendment.by,
        "changed": list(amendment.changed),
        "reason": amendment.entry.reason,
        "cases": list(amendment.entry.cases),
        "fields": [asdict(one) for one in amendment.diff.fields],
        "criteria": [asdict(one) for one in amendment.diff.criteria],
        "datasets": {
            one.dataset: {
                "again": list(one.again),
                "new": list(one.new),
                "gone": list(one.gone),
                "annotators": {name: asdict(toll) for name, toll in one.tolls.items()},
                "resolutions": one.resolutions,
                "calibrations": {judge: list(ids) for judge, ids in one.calibrations.items()},
            }
            for one in amendment.survivals
        },
        "words": list(amendment.survive),
        "dry_run": dry_run,
        "commit": commit,
    }


def _edits(options: dict[str, Any]) -> list[Edit]:
    """In the order in which they hold together: a rescaled criterion may get words for new levels.

    Raises UsageError.
    """
    from labeltool.rules.amend import Add, Alter, Remove

    fields = {name: options[name] for name in _FIELDS if options[name] is not None}
    levels = dict(_level(said) for said in options["levels"])
    target, added = options["criterion"], options["add"]
    if target is not None and added is not None:
        raise UsageError("either --criterion or --add", hint="two commands make two amendments")
    edits: list[Edit] = [Remove(id) for id in options["remove"]]
    edits += _rescaled(options)
    if target is not None:
        if options["low"] is not None or options["high"] is not None:
            raise UsageError(
                "--min and --max are for --add", hint=f"the scale: --rescale {target} A..B"
            )
        if fields or levels:
            edits.append(Alter(target, fields, levels))
        elif not edits:
            raise UsageError(f"nothing of {target} would change", hint="say --text or --level ...")
    elif added is not None:
        scale = {"min": options["low"], "max": options["high"]}
        said = {name: value for name, value in scale.items() if value is not None}
        words = {level: text for level, text in levels.items() if text}
        edits.append(Add(_criterion({"id": added, **fields, **said, "levels": words}, "--add")))
    elif fields or levels or options["low"] is not None or options["high"] is not None:
        raise UsageError("which criterion is meant?", hint="say --criterion ID or --add ID")
    if options["source"] is not None:
        edits += [Add(_criterion(one, options["source"])) for one in _from(options["source"])]
    return edits


def _rescaled(options: dict[str, Any]) -> list[Edit]:
    from labeltool.rules.amend import Rescale

    if not options["rescale"]:
        if options["moved"]:
            raise UsageError("--map belongs to --rescale", hint="--rescale ID A..B --map 0=0,1=2")
        return []
    id, scale = options["rescale"]
    found = _SCALE.fullmatch(scale)
    if found is None:
        raise UsageError(f"{scale!r} is no scale", hint=f"--rescale {id} 0..4")
    pairs = (part.partition("=") for part in (options["moved"] or "").split(",") if part)
    moved = {_number(old, "--map"): _number(new, "--map") for old, _, new in pairs}
    return [Rescale(id, int(found[1]), int(found[2]), moved)]


def _level(said: str) -> tuple[int, str | None]:
    number, equals, text = said.partition("=")
    if not equals:
        raise UsageError(f"--level {said!r} is no N=TEXT", hint='--level 0="What a 0 means."')
    return _number(number, "--level"), text.strip() or None


def _number(text: str, option: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise UsageError(f"{option}: {text!r} is no level", hint="levels are numbers") from None


def _criterion(value: Any, source: str) -> Any:
    from pydantic import ValidationError

    from labeltool.model.rubric import Criterion
    from labeltool.store.codec import faults

    try:
        return Criterion.model_validate(value)
    except ValidationError as error:
        field, (message, hint) = next(iter(faults(error, value, Criterion).items()))
        at = ".".join(map(str, field))
        if source == "--add" and at == "max":
            message, hint = "a new criterion needs a scale and a text", "say --max N and --text"
        raise UsageError(f"{source}: {at + ': ' if at else ''}{message}", hint=hint) from None


def _from(source: str) -> Iterable[Any]:
    """The criteria of a YAML file: one, a list under `criteria:`, or a bare list."""
    from labeltool.store.yaml import reader

    try:
        data = sys.stdin.buffer.read() if source == "-" else Path(source).read_bytes()
    except OSError as error:
        raise UsageError(f"--from {source}: {error.strerror or error}") from None
    if data.lstrip().startswith(b"-"):
        data = b"criteria:\n" + data
    name = "(stdin)" if source == "-" else source
    value = reader.parse(data, path=name)
    criteria = value.get("criteria", [value])
    if not isinstance(criteria, list) or not criteria:
        raise UsageError(f"--from {source} holds no criterion", hint="{id, text, max, levels}")
    return criteria
