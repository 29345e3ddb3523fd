"""Names that do not travel: two that are one on another disk, and those some systems keep."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

from labeltool.rules.project import Finding

# Names that Windows keeps for devices, with any ending.
_DEVICE = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\..*)?", re.IGNORECASE)


def is_reserved(name: str) -> bool:
    """Whether some system cannot have a file of this name (`con`, `nul.txt`)."""
    return _DEVICE.fullmatch(name) is not None


def findings(paths: Iterable[str]) -> Iterator[Finding]:
    """Paths and folders that another system would merge into one, or could not check out."""
    seen: dict[str, str] = {}
    for path in sorted(_with_folders(paths)):
        name = path.rpartition("/")[2]
        first = seen.setdefault(_folded(path), path)
        if first != path:
            yield Finding(
                path,
                (),
                f"is the same name as {first} on disks that ignore case or Unicode form",
                "rename one of them",
            )
        if is_reserved(name):
            yield Finding(
                path, (), f"{name} is a name that Windows keeps for a device", "rename it"
            )


def _with_folders(paths: Iterable[str]) -> set[str]:
    found = set()
    for path in paths:
        rest = path
        while rest and rest not in found:
            found.add(rest)
            rest = rest.rpartition("/")[0]
    return found


def _folded(path: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", path).casefold())
