"""A workspace: the folder with labeltool.yaml, and typed reads of what lies below it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from pydantic import BaseModel

from labeltool.config import Settings
from labeltool.errors import DataError, NoWorkspace, UnknownName, Where
from labeltool.model.dataset import Dataset
from labeltool.model.rubric import Rubric
from labeltool.store import codec, files, paths
from labeltool.store.dataset import DatasetStore
from labeltool.store.listing import listing
from labeltool.store.parsed import scratch


class Write(NamedTuple):
    """A file to write: `content` None deletes, `expected` is the hash of the file that was read."""

    path: str
    content: bytes | None
    expected: str | None


@dataclass(frozen=True)
class Workspace:
    """Reads are guarded (size, links, regular files) and strict; nothing here writes."""

    root: Path
    settings: Settings

    @classmethod
    def find(cls, start: Path) -> Workspace:
        """The workspace `start` stands in. Raises NoWorkspace where there is none, DataError."""
        return cls.open(cls.find_root(start))

    @staticmethod
    def find_root(start: Path) -> Path:
        """The nearest folder with a labeltool.yaml, readable or not. Raises NoWorkspace."""
        start = start.resolve()
        for folder in (start, *start.parents):
            if (folder / paths.SETTINGS).exists() or (folder / paths.SETTINGS).is_symlink():
                return folder
        raise NoWorkspace(
            f"no {paths.SETTINGS} in {start} or above it",
            hint="type `labeltool init` to start here, or go to a folder that has one",
        )

    @classmethod
    def open(cls, root: Path) -> Workspace:
        """The workspace at `root` itself. Raises NoWorkspace, DataError."""
        data = files.read_if_there(root, paths.SETTINGS)
        if data is None:
            raise NoWorkspace(f"no {paths.SETTINGS} in {root}", hint="type `labeltool init`")
        settings = codec.decode(data, Settings, paths.SETTINGS) if data.strip() else Settings()
        return cls(root, settings)

    @property
    def scratch(self) -> Path:
        """.labeltool/: what a machine computed and may be thrown away."""
        return scratch(self.root)

    def read(self, path: str) -> bytes | None:
        """The bytes at `path`, None where there is no file. Raises DataError, StorageError."""
        return files.read_if_there(self.root, path)

    def load(self, path: str, kind: type[codec.N]) -> codec.N | None:
        """The noun at `path`, None where there is no file."""
        data = self.read(path)
        return None if data is None else codec.decode(data, kind, path)

    def change(self, path: str, content: BaseModel | bytes | None) -> Write:
        """A write of `content` over the file that stands at `path` now."""
        present = self.read(path)
        data = codec.encode(content) if isinstance(content, BaseModel) else content
        return Write(path, data, None if present is None else files.content_hash(present))

    @cached_property
    def rubric_names(self) -> tuple[str, ...]:
        found = listing(self.root, paths.RUBRICS, ".yaml").files
        return tuple(Path(one.path).stem for one in found if one.path.count("/") == 1)

    def rubric(self, name: str) -> Rubric:
        """The rubric of that name. Raises UnknownName, DataError."""
        if name not in self.rubric_names:
            raise UnknownName("rubric", name, self.rubric_names)
        path = paths.rubric_path(name)
        rubric = self.load(path, Rubric)
        if rubric is None:
            raise UnknownName("rubric", name, self.rubric_names)
        if rubric.name != name:
            raise DataError(
                f"the file is called {name}, the rubric {rubric.name}",
                hint=f"write `name: {name}`, or rename the file",
                where=Where(path, field="name"),
            )
        return rubric

    @cached_property
    def dataset_names(self) -> tuple[str, ...]:
        """The folders under datasets/ that hold a dataset.yaml."""
        folder = self.root / paths.DATASETS
        found = (entry.parent.name for entry in folder.glob("*/dataset.yaml"))
        return tuple(sorted(found))

    def dataset(self, name: str | None = None) -> DatasetStore:
        """The named dataset; else the settings' one, else the only one. Raises UnknownName."""
        name = name or self.settings.dataset
        if name is None:
            if len(self.dataset_names) != 1:
                raise self._which_dataset()
            name = self.dataset_names[0]
        if name not in self.dataset_names:
            raise UnknownName("dataset", name, self.dataset_names)
        path = paths.dataset_path(name)
        settings = self.load(path, Dataset)
        if settings is None:
            raise UnknownName("dataset", name, self.dataset_names)
        return DatasetStore(self.root, name, settings, self)

    def _which_dataset(self) -> DataError:
        if not self.dataset_names:
            return DataError(
                "there is no dataset yet",
                hint=f"make {paths.DATASETS}/<name>/dataset.yaml with `rubric: <name>`",
                where=Where(paths.DATASETS),
            )
        return DataError(
            "several datasets and none is the default: " + ", ".join(self.dataset_names),
            hint=f"say --dataset, or write `dataset: {self.dataset_names[0]}`",
            where=Where(paths.SETTINGS, field="dataset"),
        )
