"""A workspace as git has it, or as a merge would leave it, without checking anything out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from pydantic import BaseModel

from labeltool.config import Settings
from labeltool.errors import DataError
from labeltool.model.base import Noun
from labeltool.model.dataset import Dataset
from labeltool.model.rubric import Rubric
from labeltool.store import codec, paths
from labeltool.store.dataset import misplaced

N = TypeVar("N", bound=Noun)


class Reader:
    """Parses each file once, however many trees hold it; `content` gives the bytes of a blob.
    What cannot be read is None: `check` tells of it.
    """

    def __init__(self, content: Callable[[str], bytes]):
        self._content = content
        self._known: dict[tuple[str, str], BaseModel | None] = {}

    def parse(self, path: str, blob: str, kind: type[codec.N]) -> codec.N | None:
        key = (path, blob)
        if key not in self._known:
            self._known[key] = self._parse(path, blob, kind)
        found = self._known[key]
        return found if isinstance(found, kind) else None

    def _parse(self, path: str, blob: str, kind: type[codec.N]) -> codec.N | None:
        data = self._content(blob)
        if kind is Settings and not data.strip():
            return kind()
        try:
            noun = codec.decode(data, kind, path)
        except DataError:
            return None
        return None if isinstance(noun, Noun) and misplaced(noun, path) else noun


@dataclass(frozen=True)
class Tree:
    """`files` is {workspace path: blob}."""

    files: Mapping[str, str]
    reader: Reader

    def noun(self, path: str, kind: type[codec.N]) -> codec.N | None:
        """The noun at `path`; None where there is none or it cannot be read."""
        blob = self.files.get(path)
        return None if blob is None else self.reader.parse(path, blob, kind)

    def nouns(self, dataset: str, kind: paths.Kind, noun: type[N]) -> Iterator[N]:
        """All of that kind in one dataset, by path."""
        for path in self._paths.get((dataset, kind), ()):
            found = self.noun(path, noun)
            if found is not None:
                yield found

    @cached_property
    def settings(self) -> Settings:
        return self.noun(paths.SETTINGS, Settings) or Settings()

    @cached_property
    def datasets(self) -> dict[str, Dataset]:
        found = {path: paths.place_of(path) for path in self.files}
        names = [place.dataset for place in found.values() if place and place.kind == "dataset"]
        nouns = {name: self.noun(paths.dataset_path(name), Dataset) for name in names if name}
        return {name: noun for name, noun in sorted(nouns.items()) if noun is not None}

    @cached_property
    def rubrics(self) -> dict[str, Rubric]:
        found = (
            self.noun(path, Rubric)
            for path in sorted(self.files)
            if (place := paths.place_of(path)) and place.kind == "rubric"
        )
        return {rubric.name: rubric for rubric in found if rubric is not None}

    @cached_property
    def _paths(self) -> dict[tuple[str, str], list[str]]:
        found: dict[tuple[str, str], list[str]] = {}
        for path in sorted(self.files):
            place = paths.place_of(path)
            if place is not None and place.dataset is not None:
                found.setdefault((place.dataset, place.kind), []).append(path)
        return found


def merged(base: Tree, changes: Mapping[str, str | None]) -> Tree:
    """`base` with `changes` ({path: blob, None where deleted}) in it."""
    files = {path: blob for path, blob in base.files.items() if path not in changes}
    files |= {path: blob for path, blob in changes.items() if blob is not None}
    return Tree(files, base.reader)


def only(tree: Tree, wanted: Iterable[str]) -> Mapping[str, str]:
    """{path: blob} of those paths that the tree has."""
    return {path: tree.files[path] for path in wanted if path in tree.files}
