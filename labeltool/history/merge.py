"""Merging what others pushed: never rebased, and concluded only when somebody says it holds.

`merging` keeps every other commit of ours out, from the start of a merge to its conclusion. While
git changes files, saves wait as well: none may land between git's look at a file and its write.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Literal

from labeltool.errors import Conflict, RepositoryError, Where
from labeltool.history.gitcmd import Git, Ran
from labeltool.history.held import classify, hold, is_locked
from labeltool.history.journal import read_journal
from labeltool.history.locks import BusyError, held
from labeltool.history.message import CommitMessage
from labeltool.history.session import Session, no_saves
from labeltool.history.writing import author_config, write
from labeltool.store import files, steps
from labeltool.store.guard import Folders

# Label files look alike: taken for renamed ones, an edit of one case would land on another. The
# newer strategy of git before 2.50 does not listen to no-renames; after, both names mean it.
_STRATEGY = ("-s", "recursive", "-X", "no-renames")
_MERGE = ("merge.directoryRenames=false", "rerere.enabled=false")
_UNWRITTEN = "Unable to write index"
_IN_THE_WAY = re.compile(r"^\t(.+)$", re.MULTILINE)
_PAUSE_S = 0.05

How = Literal["current", "forwarded", "open"]


@dataclass(frozen=True, slots=True)
class Unmerged:
    """A file that both sides changed; None: that side has no such file.

    `path` is relative to the workspace, and begins with `../` where the file lies outside.
    """

    path: str
    base: bytes | None
    ours: bytes | None
    theirs: bytes | None


@contextmanager
def merging(session: Session) -> Iterator[None]:
    """Nothing of ours is committed meanwhile. CommitHeld where another process is at it."""
    try:
        with held(session.commit_lock, session.limits.commit):
            yield
    except BusyError:
        raise hold(
            "locked", "another labeltool process is committing", "try again in a moment"
        ) from None


def merge_head(session: Session) -> str | None:
    """The commit that is being merged, None without a merge in progress."""
    try:
        text = (session.repository.git_dir / "MERGE_HEAD").read_text("ascii", "replace")
    except OSError:
        return None
    return text.split("\n", 1)[0].strip() or None


def start(session: Session, commit: str, *, name: str) -> How:
    """Begins to merge `commit`; `name` is what people call it.

    `current`: HEAD has it. `forwarded`: HEAD had nothing of its own and moved to it. `open`: the
    files are merged as far as git could; call `conclude` or `abort`. RepositoryError in our words
    where git refuses.
    """
    git = session.repository.git
    if git.run("merge-base", "--is-ancestor", commit, "HEAD").code == 0:
        return "current"
    if git.run("merge-base", "--is-ancestor", "HEAD", commit).code == 0:
        _forward(session, commit, name)
        return "forwarded"
    _open(session, commit, name)
    return "open"


def unmerged(session: Session) -> tuple[Unmerged, ...]:
    """The files that still wait for somebody to settle them, from the index."""
    stages: dict[str, dict[str, str]] = {}
    for line in _at_top(session).must("ls-files", "-u", "-z").text.split("\0"):
        head, tab, path = line.partition("\t")
        if tab:
            _, blob, stage = head.split(" ")
            stages.setdefault(path, {})[stage] = blob
    found = []
    for path, blobs in sorted(stages.items()):
        base, ours, theirs = (
            session.cat.blob(blobs[stage]) if stage in blobs else None for stage in "123"
        )
        found.append(Unmerged(_in_workspace(session, path), base, ours, theirs))
    return tuple(found)


def settle(session: Session, path: str, content: bytes | None) -> None:
    """Writes `content` (None: no file) and tells git that the file is settled."""
    with no_saves(session):
        _put(session, path, content)
        stage(session, [path])


def show_ours(session: Session, conflicts: Sequence[Unmerged]) -> None:
    """Puts our side's text in the place of git's conflict markers; the conflicts stay open."""
    with no_saves(session):
        for one in conflicts:
            _put(session, one.path, one.ours)


def reopen(session: Session, conflict: Unmerged) -> None:
    """Makes a file that git merged by itself a conflict again, with our side's text in place."""
    path = session.repository.prefix + conflict.path
    nothing = "0" * len(merge_head(session) or "")
    lines = [f"0 {nothing}\t{path}\0"]
    for stage, content in enumerate((conflict.base, conflict.ours, conflict.theirs), start=1):
        if content is not None:
            lines.append(f"100644 {_store(session, content)} {stage}\t{path}\0")
    with no_saves(session):
        _put(session, conflict.path, conflict.ours)
        _must(session, ("update-index", "-z", "--index-info"), "".join(lines).encode())


def unstaged(session: Session) -> frozenset[str]:
    """Files of the workspace that are not as the merge would commit them, new ones too."""
    git = session.repository.git
    changed = git.must("diff-files", "-z", "--name-only", "--relative", "--no-ext-diff").text
    new = git.must("ls-files", "-z", "--others", "--exclude-standard").text
    return frozenset(path for path in f"{changed}{new}".split("\0") if path)


def waiting(session: Session) -> frozenset[str]:
    """Files of decisions that are saved and wait for a commit of their own, in any process."""
    own = [path for entry in session.journal.entries for path in entry.paths]
    journals = (one for one in session.journal.folder.glob("*.jsonl"))
    for journal in journals:
        with suppress(OSError):
            own += [path for one in read_journal(journal).entries.values() for path in one.paths]
    return frozenset(own)


def stage(session: Session, paths: Collection[str]) -> None:
    """Takes the files as they are on disk into the merge."""
    listed = b"".join(path.encode() + b"\0" for path in sorted(paths))
    _must(session, ("update-index", "--add", "--remove", "-z", "--stdin"), listed)


def tree(session: Session) -> str:
    """The id of the files as the merge would commit them."""
    return session.repository.git.must("write-tree").text.strip()


def conclude(session: Session, message: CommitMessage) -> str:
    """Commits the merge, with the repository's hooks and signing; the commit's hash.

    CommitHeld where that cannot be now: the merge stays in progress.
    """
    flags = ("commit", "-q", "--no-status", "--cleanup=whitespace", "-F", "-")
    ran = _retried(session, flags, stdin=message.render().encode(), config=author_config(session))
    if ran.code != 0 and merge_head(session) is not None:
        raise classify(session.repository, ran)
    head = session.cat.get("HEAD")
    if head is None:
        raise RepositoryError("HEAD is gone", hint="run `git fsck` and `git status`")
    return head.id


def abort(session: Session) -> None:
    """Everything as it was before the merge. RepositoryError where git refuses."""
    ran = _change_files(session, ("merge", "--abort"))
    if ran.code != 0:
        raise RepositoryError(
            f"the merge cannot be taken back: {ran.words}",
            hint="`git status` shows what stands in the way",
        )


def _open(session: Session, commit: str, name: str) -> None:
    flags = ("--no-ff", "--no-commit", "--no-autostash", "--no-stat", "-q", *_STRATEGY)
    deadline = time.monotonic() + session.limits.index
    while True:
        ran = _change_files(session, ("merge", *flags, "--end-of-options", commit))
        opened = merge_head(session) is not None
        if opened and (ran.code == 0 or unmerged(session)):
            return
        if opened:
            # Git calls it a merge though it could not write a thing: concluded, it would leave
            # out all that the other side did.
            session.repository.git.run("merge", "--quit")
        if _UNWRITTEN not in ran.err or time.monotonic() >= deadline:
            raise _refused(session, ran, name)
        session.pause(_PAUSE_S * (0.5 + session.jitter()))


def _forward(session: Session, commit: str, name: str) -> None:
    # The hook may be slow, and runs when saves are free again.
    flags = ("merge", "--ff-only", "--no-autostash", "--no-stat", "-q", "--end-of-options", commit)
    ran = _change_files(session, flags, config=("core.hooksPath=/dev/null",))
    head = session.cat.get("HEAD")
    if ran.code != 0 or head is None or head.id != commit:
        raise _refused(session, ran, name)
    session.repository.git.run(
        "hook", "run", "--ignore-missing", "post-merge", "--", "0", timeout=session.limits.hook
    )


def _change_files(session: Session, command: Sequence[str], config: Sequence[str] = ()) -> Ran:
    with no_saves(session):
        return _retried(session, command, config=(*_MERGE, *config))


def _retried(
    session: Session, command: Sequence[str], *, stdin: bytes = b"", config: Sequence[str] = ()
) -> Ran:
    """As `write`, again while somebody else holds the index, within the bound for that."""
    deadline = time.monotonic() + session.limits.index
    while True:
        ran = write(session, command, stdin=stdin, config=config)
        if not is_locked(ran) or time.monotonic() >= deadline:
            return ran
        session.pause(_PAUSE_S * (0.5 + session.jitter()))


def _refused(session: Session, ran: Ran, name: str) -> RepositoryError:
    words = ran.words
    shallow = (session.repository.common_dir / "shallow").exists()
    if "unrelated histories" in words:
        return RepositoryError(
            f"{name} and this branch have no commit in common"
            + (" in this shallow clone" if shallow else ""),
            hint="git fetch --unshallow" if shallow else "is it the right remote? `git remote -v`",
        )
    if "would be overwritten" in words or "not uptodate" in words or "local changes" in words:
        named = _IN_THE_WAY.findall(words)
        shown = ", ".join(named[:5]) + (f" and {len(named) - 5} more" if len(named) > 5 else "")
        return RepositoryError(
            f"{name} changes files that are changed here and not committed"
            + (f": {shown}" if shown else ""),
            hint="commit them, or put them aside with `git stash -u`, then sync again",
        )
    if is_locked(ran) or _UNWRITTEN in words:
        return RepositoryError(
            "another git process holds the index", hint="wait until it is done, then sync again"
        )
    return RepositoryError(
        f"git does not merge {name}: {words or f'exit code {ran.code}'}",
        hint="run `git status` to see what is wrong",
    )


def _at_top(session: Session) -> Git:
    return Git(session.repository.top, session.repository.git.env)


def _in_workspace(session: Session, path: str) -> str:
    prefix = session.repository.prefix
    if path.startswith(prefix):
        return path[len(prefix) :]
    return os.path.relpath(path, prefix).replace(os.sep, "/")


def _put(session: Session, path: str, content: bytes | None) -> None:
    if path.startswith("../"):
        raise Conflict(
            "lies outside the workspace",
            where=Where(path),
            hint="settle it by hand: edit it, then `git add` it",
        )
    with Folders(session.root) as folders:
        present = files.read_at(folders, path)
        if present == content:
            return
        expected = None if present is None else files.content_hash(present)
        if content is None:
            steps.remove(folders, path, expected)
            steps.sync_folder(folders, path)
            steps.prune_empty(folders, path)
            return
        temp = steps.temp_name(steps.new_token())
        try:
            steps.write_temp(folders, path, temp, content)
            steps.place(folders, path, temp, expected)
        except BaseException:
            steps.remove_temp(folders, path, temp)
            raise
        steps.sync_folder(folders, path)


def _store(session: Session, content: bytes) -> str:
    return session.repository.git.must("hash-object", "-w", "--stdin", stdin=content).text.strip()


def _must(session: Session, command: Sequence[str], stdin: bytes) -> None:
    ran = _retried(session, command, stdin=stdin)
    if ran.code != 0:
        raise RepositoryError(
            f"git {command[0]} failed: {ran.words}", hint="run `git status` to see what is wrong"
        )
