"""What `init` writes: files as they will stand in the new repo, and the few that join others.

`base/` goes into every repo, `example/` into those that did not ask for an empty one. A name that
starts with `dot-` gets its dot, and `.txt` after `.py` goes: neither packaging nor linters shall
take these files for their own.
"""

from __future__ import annotations

from importlib import resources
from importlib.resources.abc import Traversable

from labeltool import __version__

WORKFLOWS = tuple(
    f".github/workflows/{name}.yml" for name in ("drift", "evals", "labels", "promote")
)
FORM = ".github/ISSUE_TEMPLATE/eval-failure.yml"
HOSTED = (*WORKFLOWS, FORM)
"""What GitHub reads, at the top of a repository only."""
# Line lists: what is missing is added to a file that is there already.
JOINED = (".gitattributes", ".gitignore")


def contents(*, example: bool) -> dict[str, bytes]:
    """{path in the new repo: bytes}, with the example or without."""
    here = resources.files(__name__)
    found = _tree(here / "base")
    empty = found.pop("labeltool.yaml.empty")
    if example:
        found.update(_tree(here / "example"))
    else:
        found["labeltool.yaml"] = empty
    for path in WORKFLOWS:
        found[path] = found[path].replace(b"@VERSION@", __version__.encode())
    return dict(sorted(found.items()))


def joined(present: bytes, wanted: bytes) -> bytes:
    """`present` with the lines of `wanted` that it lacks added at its end."""
    lines = {line.strip() for line in present.splitlines()}
    missing = [line for line in wanted.splitlines() if line.strip() not in lines]
    if not missing:
        return present
    start = present if not present or present.endswith(b"\n") else present + b"\n"
    return start + b"\n".join(missing) + b"\n"


def _tree(folder: Traversable, prefix: str = "") -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for entry in folder.iterdir():
        path = prefix + _name(entry.name)
        if entry.is_dir():
            if not entry.name.startswith("__"):
                found.update(_tree(entry, f"{path}/"))
        else:
            found[path] = entry.read_bytes()
    return found


def _name(packed: str) -> str:
    name = f".{packed.removeprefix('dot-')}" if packed.startswith("dot-") else packed
    return name.removesuffix(".txt") if name.endswith(".py.txt") else name
