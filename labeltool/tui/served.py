"""The app at the other end of a browser: `python -P -m labeltool.tui.served ROOT [ANNOTATOR]`.

`web.py` starts it; its standard streams are Textual's packets, not text.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from textual.drivers.web_driver import WebDriver

from labeltool.commands.context import Context, utc_now
from labeltool.errors import LabeltoolError
from labeltool.tui.app import LabeltoolApp


class PageDriver(WebDriver):
    """A page can go away: then the app ends as it does when a terminal closes."""

    def run_input_thread(self) -> None:
        super().run_input_thread()
        if not self.exit_event.is_set():
            os.kill(os.getpid(), signal.SIGHUP)

    def write(self, data: str) -> None:
        with suppress(BrokenPipeError):
            super().write(data)

    def write_meta(self, data: dict[str, object]) -> None:
        with suppress(BrokenPipeError):
            super().write_meta(data)


def main(argv: Sequence[str]) -> int:
    root, annotator = argv[0], argv[1] if len(argv) > 1 else None
    try:
        ctx = Context.find(Path(root), env=os.environ, now=utc_now)
        app = LabeltoolApp(ctx, wish={"annotator": annotator})
    except LabeltoolError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    app.driver_class = PageDriver
    try:
        app.run()
    finally:
        ctx.close()
    return app.return_code or 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
