"""A user's own settings, outside every repository: keys and theme. Read strictly."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from labeltool.errors import DataError, Problem, StorageError, Where
from labeltool.store import yaml

THEMES = ("dark", "light", "auto")
THEME = "theme"
MOST_BYTES = 1 << 16


@dataclass(frozen=True, slots=True)
class SaidKey:
    """What a user wrote for one binding, and where."""

    keys: str
    where: Where


@dataclass(frozen=True, slots=True)
class Preferences:
    """`keys`: {binding id: what is said of it}. `theme` None where nothing is said."""

    path: Path
    keys: Mapping[str, SaidKey] = field(default_factory=dict)
    theme: str | None = None


def preferences_path(env: Mapping[str, str]) -> Path:
    """`$XDG_CONFIG_HOME/labeltool/keys.yaml`; without that variable below ~/.config."""
    home = Path(env.get("HOME") or "~").expanduser()
    said = env.get("XDG_CONFIG_HOME", "")
    folder = Path(said) if said.startswith("/") else home / ".config"
    return folder / "labeltool" / "keys.yaml"


def read_preferences(env: Mapping[str, str]) -> Preferences:
    """Those of this user; none where there is no file. Raises DataError with every problem."""
    path = preferences_path(env)
    data = _read(path)
    if data is None or not data.strip():
        return Preferences(path)
    found: dict[str, SaidKey] = {}
    problems: list[Problem] = []
    theme: str | None = None
    for name, value in yaml.parse(data, path=str(path)).items():
        where = Where(str(path), yaml.locate(data, [name]), str(name))
        if name == THEME:
            theme = value if value in THEMES else None
            if theme is None:
                hint = f"write one of {', '.join(THEMES)}"
                problems.append(Problem(where, f"{_short(value)} is no theme", hint))
        elif not isinstance(value, str):
            digit = isinstance(value, int) and not isinstance(value, bool)
            hint = f"put quotes around it: '{value}'" if digit else "write the name of a key"
            problems.append(Problem(where, f"wants a key, found {_short(value)}", hint))
        else:
            found[str(name)] = SaidKey(value, where)
    if problems:
        raise DataError.of(problems)
    return Preferences(path, found, theme)


def keep_theme(env: Mapping[str, str], theme: str) -> Path:
    """Write the theme into the file and leave the rest of it as it is. Raises DataError,
    StorageError.
    """
    path = preferences_path(env)
    data = _read(path)

    def change(value: Any) -> None:
        value[THEME] = theme

    new = yaml.edit(data, change, path=str(path)) if data and data.strip() else _first(theme)
    if new != data:
        _write(path, new)
    return path


def _first(theme: str) -> bytes:
    return yaml.dump({THEME: theme})


def _read(path: Path) -> bytes | None:
    """Links are followed: people keep such files elsewhere."""
    try:
        if path.exists() and not path.is_file():
            raise DataError("is no file", hint="move it away", where=Where(str(path)))
        with path.open("rb") as stream:
            data = stream.read(MOST_BYTES + 1)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        hint = "mend its permissions, or move it away"
        raise DataError(
            f"cannot be read: {error.strerror or error}", hint=hint, where=Where(str(path))
        ) from None
    if len(data) > MOST_BYTES:
        hint = "it holds a key for some bindings, and nothing else"
        raise DataError(f"is over {MOST_BYTES:,} bytes", hint=hint, where=Where(str(path)))
    return data


def _write(path: Path, data: bytes) -> None:
    try:
        target = path.resolve()
        target.parent.mkdir(parents=True, exist_ok=True)
        number, temp = tempfile.mkstemp(dir=target.parent, prefix=".keys-")
        try:
            with os.fdopen(number, "wb") as stream:
                stream.write(data)
            Path(temp).replace(target)
        except BaseException:
            with suppress(OSError):
                Path(temp).unlink()
            raise
    except OSError as error:
        raise StorageError(
            f"the theme is not kept: {error.strerror or error}",
            hint="mend the permissions of its folder",
            where=Where(str(path)),
        ) from None


def _short(value: object) -> str:
    text = "nothing" if value is None else repr(value)
    return text if len(text) <= 40 else text[:37] + "..."
