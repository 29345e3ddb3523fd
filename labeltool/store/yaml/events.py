"""libyaml's events, and the one kind of text that needs the other parser.

libyaml 0.1.7, which ruamel.yaml.clib brings, refuses a plain text with a colon inside `{}` and `[]`
(`{at: 2026-11-20T10:00:00Z}`), which YAML 1.2 allows. Such a file is parsed again by ruamel's own
parser: about 20 times slower, so only up to a size that still takes well under a second.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.cyaml import CEmitter, CParser  # type: ignore[attr-defined]
from ruamel.yaml.error import YAMLError

__all__ = ["CEmitter", "CParser", "NextEvent", "c_events", "python_events", "wants_python"]

NextEvent = Callable[[], Any]

_SLOW_PARSER_BYTES = 128 * 1024


def c_events(data: bytes) -> NextEvent:
    """A function that gives the next event of libyaml; YAMLError where the text is broken."""
    get: NextEvent = CParser(data).get_event
    return get


def python_events(data: bytes) -> NextEvent:
    """The same from ruamel's own parser, which knows YAML 1.2 better and is slow."""
    parsed: Iterator[Any] = iter(YAML(typ="safe", pure=True).parse(io.BytesIO(data)))
    return lambda: next(parsed, None)


def wants_python(error: YAMLError, data: bytes) -> bool:
    """Whether libyaml failed on what YAML 1.2 allows."""
    colon = getattr(error, "problem", None) == "found unexpected ':'"
    return colon and len(data) <= _SLOW_PARSER_BYTES
