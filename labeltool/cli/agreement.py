"""`labeltool agreement`."""

from __future__ import annotations

from typing import Any

import click

from labeltool.cli import common


@click.command("agreement", short_help="How far people agree, and where they do not.")
@common.dataset_option
@click.option("--system", metavar="NAME", help="Only this snapshot. Default: all.")
@click.option("--tag", "tags", multiple=True, metavar="TAG", help="Only cases with it; repeatable.")
@click.option(
    "--by",
    type=click.Choice(["pair", "version", "tag"]),
    help="Break it down by this alone, for every criterion.",
)
@click.option("--summary", metavar="FILE", help="Write Markdown, for a pull request's comment.")
@click.option(
    "--unblind",
    is_flag=True,
    help="Count outputs of open rounds too. The round records that you were shown them.",
)
@common.annotator_option
@common.json_option
@click.pass_context
def command(ctx: click.Context, /, **said: Any) -> None:
    """Measure how far the current labels agree, criterion by criterion.

    Agreement within the tolerance, Krippendorff's alpha, Cohen's kappa and weighted kappa, over
    all outputs with labels of two annotators or more. 1 is perfect; alpha and kappa are 0 where
    people agree as often as chance would. The brackets are 95% bootstrap intervals over outputs.
    "Not applicable" is an answer like any other to agreement and kappa; it stands on no scale, so
    alpha of more than two levels and weighted kappa leave it out.

    What open rounds hold stays hidden; what is too little to measure is said, and is exit 0.
    """
    from labeltool.commands.agreement import agreement
    from labeltool.report.agreement import document, markdown
    from labeltool.stats.agreement import RESAMPLES

    found = common.context(ctx)
    if not said["unblind"]:
        common.warn_of_leftovers(found.workspace.root)
    measured = agreement(
        found,
        said["dataset"],
        system=said["system"],
        tags=said["tags"],
        unblind=said["unblind"],
        annotator=said["annotator"],
        by_tag=said["as_json"] or said["by"] == "tag",
        tag_resamples=RESAMPLES if said["by"] == "tag" else 0,
    )
    if said["summary"]:
        from labeltool.store.atomic import atomic_write

        atomic_write(common.folder(ctx) / said["summary"], markdown(measured).encode())
    if said["as_json"]:
        common.print_json(document(measured))
        return
    from labeltool.cli.agreement_tables import draw_agreement

    draw_agreement(common.console(), measured, by=said["by"])
