"""`init`: a repo that passes `check` and `run` at once."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from labeltool import scaffold
from labeltool.errors import NotARepository, StorageError, UsageError
from labeltool.history import CommitMessage, FileChange, History, init_repository
from labeltool.store import files


@dataclass(frozen=True)
class Initialised:
    """`written` are paths below `root`; `joined` of them were there and got lines added.

    `workflow` is False where `root` is not the top of its repository: GitHub would not see it.
    """

    root: Path
    written: tuple[str, ...]
    joined: tuple[str, ...]
    made_repository: bool
    workflow: bool
    commit: str | None


def init(
    folder: Path, *, example: bool, env: Mapping[str, str], now: Callable[[], datetime]
) -> Initialised:
    """Scaffold `folder`, made where it does not exist, and commit that as one commit.

    Raises UsageError naming every file in the way (nothing is changed then), NotARepository for a
    bare one, StorageError, CommitHeld where the files are written and cannot be committed.
    """
    root = folder.resolve()
    contents = scaffold.contents(example=example)
    _refuse_to_overwrite(root, contents)
    made = not _in_repository(root)
    try:
        root.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError(
            f"{root} cannot be made: {error.strerror}", hint="choose another folder"
        ) from None
    if not os.access(root, os.W_OK):
        raise StorageError(f"{root} cannot be written to", hint="choose another folder")
    if made:
        init_repository(root, env=env)
    with History.open(root, env=env, now=now) as history:
        workflow = not history.repository.prefix
        if not workflow:
            for path in scaffold.HOSTED:
                del contents[path]
        changes = [_change(root, path, content) for path, content in contents.items()]
        committed = history.record(changes, _message(example))
    return Initialised(
        root=root,
        written=tuple(contents),
        joined=tuple(change.path for change in changes if change.expected is not None),
        made_repository=made,
        workflow=workflow,
        commit=committed.commit,
    )


def _refuse_to_overwrite(root: Path, contents: Mapping[str, bytes]) -> None:
    if root.exists() and not root.is_dir():
        raise UsageError(f"{root} is a file", hint="name a folder")
    in_the_way = sorted(
        {found for path in contents if (found := _obstacle(root, path)) is not None}
    )
    if in_the_way:
        if "labeltool.yaml" in in_the_way:
            hint = "this is a labeltool repo already: see `labeltool check`"
        else:
            hint = "move them away, or init another folder: labeltool init DIR"
        listed = "".join(f"\n  {path}" for path in in_the_way)
        raise UsageError(f"nothing was written, this is in the way in {root}:{listed}", hint=hint)


def _obstacle(root: Path, path: str) -> str | None:
    """What stands where `path` or one of its folders shall be."""
    folders = path.split("/")[:-1]
    for depth in range(1, len(folders) + 1):
        part = root.joinpath(*folders[:depth])
        if os.path.lexists(part) and (part.is_symlink() or not part.is_dir()):
            return "/".join(folders[:depth])
    target = root / path
    joins = path in scaffold.JOINED and target.is_file() and not target.is_symlink()
    return path if os.path.lexists(target) and not joins else None


def _in_repository(root: Path) -> bool:
    """Whether git has a say at `root`; a broken or bare repository is its own error later."""
    if (root / "HEAD").is_file() and (root / "objects").is_dir():
        raise NotARepository(
            f"{root} is a bare git repository", hint="clone it, and init in the clone"
        )
    return any((one / ".git").exists() for one in (root, *root.parents))


def _change(root: Path, path: str, content: bytes) -> FileChange:
    present = files.read_if_there(root, path)
    if present is None:
        return FileChange(path, content, None)
    return FileChange(path, scaffold.joined(present, content), files.content_hash(present))


def _message(example: bool) -> CommitMessage:
    what = "an example rubric and dataset" if example else "no dataset yet"
    return CommitMessage(
        f"start an eval repo with {what}",
        body="Written by `labeltool init`.",
        trailers={"Labeltool-Kind": "init"},
    )
