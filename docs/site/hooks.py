"""What the site does to a page: links into the repository lead to its host, or are plain text.

Pages link tests and code as files beside them, which a reader of the repository can follow. The
site holds no code: with `repo_url` set such a link leads there, else its text stands in italics.
"""

from __future__ import annotations

import re
from typing import Any

OUTSIDE = re.compile(r"\[([^\]\n]+)\]\((?:\.\./)+((?!\.\./)[^)\s]+)\)")


def on_page_markdown(markdown: str, *, page: Any, config: Any, **_: object) -> str:
    depth = page.file.src_uri.count("/") + 1
    return OUTSIDE.sub(lambda link: _linked(link, depth, config["repo_url"]), markdown)


def _linked(link: re.Match[str], depth: int, host: str | None) -> str:
    """A link that climbs as far as the repository's top leaves the site; others stay."""
    text, path = link[1], link[2]
    if link[0].count("../") < depth:
        return link[0]
    return f"[{text}]({host.rstrip('/')}/blob/HEAD/{path})" if host else f"*{text}*"
