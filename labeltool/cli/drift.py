"""`labeltool drift`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import AbstractContextManager, ExitStack, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import click

from labeltool.cli import common
from labeltool.cli.promote import KINDS
from labeltool.errors import UsageError

if TYPE_CHECKING:
    from labeltool.commands.context import Context
    from labeltool.model.drift import DriftPoint, Kept


@click.command("drift", short_help="What production asks that the eval set does not.")
@click.argument("log", required=False)
@click.option("--from", "kind", type=click.Choice(KINDS), help="Default: told by how it begins.")
@click.option("--map", "maps", multiple=True, metavar="FIELD=COLUMN", help="Where a field stands.")
@click.option("--window", metavar="1h|1d", help="Look window by window; two in a row alert.")
@click.option("--threshold", type=click.FloatRange(0, 2), help="Of the centroids. [default: 0.15]")
@click.option("--baseline", metavar="LOG", help="An earlier log to compare the outputs with.")
@click.option("--fail-on-alert", is_flag=True, help="Exit 1 on an alert.")
@click.option("--seed", type=int, default=0, help="Of samples and permutations. [default: 0]")
@click.option("--out", metavar="FILE", help="The JSON report as a file too.")
@click.option(
    "--engine", type=click.Choice(["local", "dask"]), help="Where it is computed. Default: local."
)
@click.option(
    "--cluster", "address", metavar="ADDRESS", help="Of the Dask scheduler; else this machine's."
)
@click.option("--markdown", metavar="FILE", help="The report for an issue or a summary.")
@click.option("--html", metavar="FILE", help="The report as one page.")
@click.option("--record", is_flag=True, help="Commit the numbers to the dataset's history.")
@click.option("--triage", "cluster", metavar="CLUSTER", help="Decide on a cluster of the last run.")
@click.option("--scope", type=click.Choice(["in", "out"]), help="With --triage: the decision.")
@click.option("--reason", metavar="TEXT", help="With --triage: why.")
@click.option(
    "--draft", "drafts", type=click.IntRange(1, 12), help="With --triage: so many drafts."
)
@common.annotator_option
@common.dataset_option
@common.json_option
@click.pass_context
def command(ctx: click.Context, /, log: str | None, as_json: bool, **said: Any) -> int:
    """Compare the production LOG (`-` is stdin, or the name of a source in labeltool.yaml) with the
    eval set: whether what is asked has parted from the cases, where, and whether answers got worse.
    With --triage, decide on a cluster that the last comparison found.

    Without --fail-on-alert an alert is still exit 0.
    """
    if (log is None) == (said["cluster"] is None):
        raise UsageError(
            "say which LOG, or --triage CLUSTER",
            hint="for example: labeltool drift production.jsonl --window 1d",
        )
    if said["address"] and said["engine"] != "dask":
        raise UsageError("--cluster needs --engine dask", hint="say both")
    context = common.context(ctx)
    if log is None:
        from labeltool.cli.drift_triage import triage

        return triage(context, said, as_json=as_json)
    for name in ("scope", "reason", "drafts"):
        if said[name] is not None:
            option = "draft" if name == "drafts" else name
            raise UsageError(f"--{option} goes with --triage", hint="leave LOG out")
    kept, past = _report(ctx, context, log, said)
    recorded = _record(context, kept) if said["record"] else None
    if as_json:
        common.print_json({**document(kept), "recorded": recorded})
    else:
        from labeltool.cli.drift_tables import draw_drift

        draw_drift(common.console(), kept.drift, past)
        if recorded is not None:
            click.echo(f"recorded in {recorded}")
    return 1 if said["fail_on_alert"] and kept.drift.alerting else 0


def document(kept: Kept) -> dict[str, Any]:
    """The report as labeltool/drift@1."""
    return kept.drift.model_dump(mode="json", by_alias=True)


def _report(
    ctx: click.Context, context: Context, log: str, said: dict[str, Any]
) -> tuple[Kept, list[DriftPoint]]:
    from labeltool.commands.drift import Asked, drift
    from labeltool.commands.drift_past import history, keep
    from labeltool.rules.drift import THRESHOLD

    path, name = _place(ctx, context, log)
    asked = Asked(
        origin=name,
        kind=said["kind"],
        dataset=said["dataset"],
        maps=said["maps"],
        window=said["window"],
        threshold=THRESHOLD if said["threshold"] is None else said["threshold"],
        seed=said["seed"],
        engine=said["engine"] or "local",
        cluster=said["address"],
    )
    with ExitStack() as stack:
        stream = stack.enter_context(_opened(path, name))
        before = None
        if said["baseline"] is not None:
            before = stack.enter_context(_opened(*_place(ctx, context, said["baseline"])))
        kept = drift(context, stream, asked, baseline=before)
    keep(context, kept)
    dataset = context.workspace.dataset(said["dataset"])
    past = [one for one in history(dataset) if one.date < _day(kept)]
    _write(ctx, kept, past, said)
    return kept, past


def _day(kept: Kept) -> str:
    return (kept.drift.production.last or kept.drift.created_at)[:10]


def _record(context: Context, kept: Kept) -> str:
    from labeltool.commands.drift_record import record

    return record(context, kept).path


def _write(
    ctx: click.Context, kept: Kept, past: Sequence[DriftPoint], said: dict[str, Any]
) -> None:
    from labeltool.store.atomic import atomic_write

    folder = common.folder(ctx)
    if said["out"] is not None:
        import json

        from labeltool.safe_text import for_json

        text = json.dumps(document(kept), ensure_ascii=False, indent=2, allow_nan=False)
        atomic_write(folder / said["out"], (for_json(text) + "\n").encode())
    if said["markdown"] is not None:
        from labeltool.report.drift import markdown

        atomic_write(folder / said["markdown"], markdown(kept.drift, past).encode())
    if said["html"] is not None:
        from labeltool.report.drift_html import html

        atomic_write(folder / said["html"], html(kept.drift, past).encode())


def _place(ctx: click.Context, context: Context, log: str) -> tuple[Path | None, str]:
    """Where to read, None for stdin, and what to call it."""
    if log == "-":
        return None, "stdin"
    path = common.folder(ctx) / log
    named = context.workspace.settings.promote.sources.get(log)
    if named is not None and named.path is not None and not path.exists():
        return context.workspace.root / named.path, log
    return path, Path(log).name


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
