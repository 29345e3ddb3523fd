"""`labeltool serve`: the app in a browser, on this machine only."""

from __future__ import annotations

import importlib.util
import os
import secrets
import tempfile
import threading
from contextlib import ExitStack
from pathlib import Path

import click

from labeltool.cli import common
from labeltool.errors import UsageError


@click.command("serve", short_help="The app in a browser, on this machine only.")
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="Default: one that is free.")
@click.option(
    "--host", default="127.0.0.1", metavar="ADDRESS", help="A loopback address. Default: 127.0.0.1."
)
@click.option("--open", "open_it", is_flag=True, help="Open the page in your browser.")
@common.annotator_option
@click.pass_context
def command(ctx: click.Context, port: int, host: str, open_it: bool, annotator: str | None) -> int:
    """Serve the app to a browser on this machine, until ctrl+c.

    Prints the URL once. It holds a random token: whoever has it labels as you while the server
    runs. Each page that is opened is an app of its own. Needs the extra `serve`.
    """
    from labeltool.cli.main import say
    from labeltool.commands.serve import Door, loopback

    bound = loopback(host)
    if importlib.util.find_spec("textual_serve") is None:
        raise UsageError(
            "the browser needs the extra `serve`", hint="pip install 'labeltool[serve]'"
        )
    context = common.context(ctx)
    if annotator is not None:
        annotator = context.annotator(annotator)
    from labeltool.tui import web

    with web.listen(bound, port) as listening, ExitStack() as leaving:
        door = Door.make(bound, listening.getsockname()[1], secrets.token_urlsafe)

        def ready() -> None:
            click.echo(door.url)
            say("each page is an app of its own; ctrl+c ends them all")
            if open_it:
                _open(door.url, context.workspace.scratch, leaving)

        return web.serve(
            listening,
            door,
            root=context.workspace.root,
            annotator=annotator,
            env=os.environ,
            ready=ready,
        )


def _open(url: str, folder: Path, leaving: ExitStack) -> None:
    """By way of a file that only its owner may read: every user sees a browser's arguments."""
    import webbrowser

    handle, name = tempfile.mkstemp(prefix="serve-", suffix=".html", dir=folder)
    leaving.callback(Path(name).unlink, missing_ok=True)
    os.close(handle)
    Path(name).write_text(f'<meta http-equiv="refresh" content="0;url={url}">\n', encoding="utf-8")
    threading.Thread(target=webbrowser.open, args=[Path(name).as_uri()], daemon=True).start()
