from __future__ import annotations

from pathlib import Path


def write(root: Path, rel: str, text: str = "x\n") -> Path:
    file = root / rel
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, "utf-8")
    return file
