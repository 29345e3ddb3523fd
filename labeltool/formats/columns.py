"""Which column of a row holds which field: by its name, or by `--map field=column`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from labeltool.errors import UsageError
from labeltool.formats.rows import Row

_MISSING = object()


@dataclass
class Columns:
    """Reads fields out of rows, and remembers which columns nothing asked for.

    `renamed` is {field: column}; a column `a.b` also reaches into nested objects. `constant` is
    {field: value} for rows that lack the field.
    """

    renamed: Mapping[str, str] = field(default_factory=dict)
    constant: Mapping[str, Any] = field(default_factory=dict)
    _seen: set[str] = field(default_factory=set)
    _used: set[str] = field(default_factory=set)
    _reached: set[str] = field(default_factory=set)

    @classmethod
    def of(
        cls, pairs: Iterable[str], fields: Iterable[str], constant: Mapping[str, Any]
    ) -> Columns:
        """From `field=column` texts. Raises UsageError for a field that such rows do not have.

        A name in `fields` that ends in `.` allows any field below it (`vars.`).
        """
        known = tuple(fields)
        renamed: dict[str, str] = {}
        for pair in pairs:
            name, equals, column = pair.partition("=")
            if not equals or not name or not column:
                raise UsageError(f"--map {pair!r} is not field=column")
            if not _known(name, known):
                shown = ", ".join(f"{one}NAME" if one.endswith(".") else one for one in known)
                raise UsageError(f"--map: there is no field {name!r}", hint=f"fields: {shown}")
            if name in renamed:
                raise UsageError(f"--map names the field {name!r} twice")
            renamed[name] = column
        return cls(renamed, {key: value for key, value in constant.items() if value is not None})

    def column(self, name: str) -> str:
        """The column that the field is read from."""
        return self.renamed.get(name, name)

    def get(self, row: Row, name: str) -> Any:
        """The row's value of the field; the constant where it has none; None without either."""
        column = self.renamed.get(name, name)
        found = row.values.get(column, _MISSING)
        if found is not _MISSING:
            self._used.add(column)
        elif name in self.renamed:
            found = _reach(row.values, column)
            self._used.add(column.partition(".")[0])
        if found is _MISSING:
            return self.constant.get(name)
        self._reached.add(column)
        return self.constant.get(name) if found in (None, "") else found

    def below(self, row: Row, prefix: str) -> dict[str, Any]:
        """The fields written as `prefix.name` columns, or mapped to such: {name: value}."""
        start = f"{prefix}."
        names = [name for name in (*self.renamed, *row.values) if name.startswith(start)]
        found = {name.removeprefix(start): self.get(row, name) for name in names}
        return {name: value for name, value in found.items() if value is not None}

    def note(self, row: Row) -> None:
        """Remember the row's columns, so that the ones nothing read can be named."""
        self._seen.update(row.values)

    def seen(self) -> list[str]:
        """All columns of the rows noted so far."""
        return sorted(self._seen)

    def missing(self) -> list[str]:
        """Columns that --map names and no row has."""
        return sorted(set(self.renamed.values()) - self._reached)

    def ignored(self) -> list[str]:
        """Columns that no field was read from."""
        return sorted(self._seen - self._used)


def _known(name: str, fields: tuple[str, ...]) -> bool:
    if name.endswith("."):
        return False
    return name in fields or any(one.endswith(".") and name.startswith(one) for one in fields)


def _reach(values: Any, column: str) -> Any:
    for key in column.split("."):
        if not isinstance(values, Mapping) or key not in values:
            return _MISSING
        values = values[key]
    return values
