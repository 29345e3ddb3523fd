"""Keep the garbage collector away from what stays for as long as the app runs."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """What is made inside is not looked at, then or later: thousands of values that stay would be
    walked over again and again, and a key would wait for it. Counted references still free them.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if was_on:
            gc.enable()
