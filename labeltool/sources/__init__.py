"""Production logs, traces and bug reports -> records, one at a time. Everything read is untrusted.

`read(stream, name, ...)` says what kind of log it is and yields a Record or a BadRow for each row.
"""

from labeltool.sources.kinds import FIELDS, KINDS, BadRow, Item, Kind
from labeltool.sources.reading import Reading, read

__all__ = ["FIELDS", "KINDS", "BadRow", "Item", "Kind", "Reading", "read"]
