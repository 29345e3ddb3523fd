"""Steps 4 and 5: what is saved goes into git, and git is asked whether it did."""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace

from labeltool.errors import CommitHeld
from labeltool.history.changes import Committed, Entry, Planned
from labeltool.history.gitcmd import WRITE, Ran
from labeltool.history.held import classify, hold, is_locked, obstacle
from labeltool.history.locks import BusyError, held
from labeltool.history.message import CommitMessage
from labeltool.history.session import Session
from labeltool.history.writing import author_config, write
from labeltool.store import files
from labeltool.store.guard import Folders

_UNKNOWN_TO_GIT = re.compile(r"did not match any file")
_LONGEST_COMMAND = 32
_WORTH_A_PACK = 100  # git's own measure: fast-import unpacks what is smaller
_LOCK_PAUSE_S = 0.05
_MOST_ON_TOP = 64


def commit(session: Session, entry: Entry, *, here: bool = False) -> Committed:
    """Commits a saved entry, or raises CommitHeld with the reason and git's own words.

    `here` commits it on the current branch, whatever branch it was saved on.
    """
    if not entry.changes:
        return Committed(None)
    try:
        with held(session.commit_lock, session.limits.commit):
            committed = _commit_as_it_stands(session, entry, here=here)
    except BusyError:
        raise hold(
            "locked",
            "another labeltool process is committing",
            "it is tried again; a hook of that process may be slow",
        ) from None
    session.journal.done(entry.id, committed.commit)
    return committed


def _commit_as_it_stands(session: Session, entry: Entry, *, here: bool) -> Committed:
    """A later decision may take a path over while git is at it: git then finds another file than
    it was told of and fails, for a reason that is gone when what stands is looked at again.
    """
    while True:
        _, before = _sort_out(session, entry)
        try:
            return _commit(session, entry, here=here)
        except CommitHeld:
            # Who is in the middle of a save has changed the file, and says so at its end.
            with held(session.save_lock, session.limits.save):
                _, after = _sort_out(session, entry)
            if after == before:
                raise


def _commit(session: Session, entry: Entry, *, here: bool) -> Committed:
    standing, overtaken = _sort_out(session, entry)
    heads = heads_of(session, standing)
    todo = [change for change in standing if heads[change.path] != change.new]
    elsewhere = _decided_elsewhere(session, todo, heads)
    todo = [change for change in todo if change.path not in elsewhere]
    overtaken = (*overtaken, *elsewhere)
    why = obstacle(session.repository, entry, here=here)
    # Where HEAD has it all there is nothing to wait for, but HEAD must be the right one.
    if why is not None and (todo or why.reason == "branch_switched"):
        raise why
    if not todo:
        return Committed(None, overtaken=overtaken)
    _refuse_put_back(session, todo)
    before = session.cat.get("HEAD")
    message = _resolved(session, entry.message).render().encode()
    new = [change.path for change in todo if heads[change.path] is None]
    if len(todo) > _WORTH_A_PACK:
        _pack(session, todo)
    ran = _run_git(session, [change.path for change in todo], new, message)
    missing, rewritten = _compare(session, todo, heads)
    if missing:
        _unintend(session, new)
        if ran.code == 0:
            raise hold("git_failed", f"git left out {missing[0]}", "a hook may have dropped it")
        raise classify(session.repository, ran)
    if rewritten:
        _refresh_index(session, rewritten)
    note = _late_words(ran)
    commit_id = _find(session, before.id if before else None)
    return Committed(commit_id, tuple(rewritten), overtaken, note)


def heads_of(session: Session, changes: Sequence[Planned]) -> dict[str, bytes | None]:
    """What HEAD holds of each path. For many, one list of ids is compared first: `cat-file`
    unpacks a folder anew for each file in it."""
    if len(changes) <= _LONGEST_COMMAND:
        return {change.path: session.at_head(change.path) for change in changes}
    ids: dict[str, str] = {}
    for line in session.repository.git.run("ls-tree", "-r", "-z", "HEAD").text.split("\0"):
        kind, _, path = line.partition("\t")
        ids[path] = kind.rpartition(" ")[2]
    heads: dict[str, bytes | None] = {}
    for change in changes:
        found = ids.get(change.path)
        if found is not None and change.new is not None and found == _blob_id(found, change.new):
            heads[change.path] = change.new
        else:
            heads[change.path] = None if found is None else session.at_head(change.path)
    return heads


def _blob_id(like: str, content: bytes) -> str:
    """The id of `content` as a blob, in the hash that `like` is written in."""
    digest = hashlib.sha1 if len(like) == 40 else hashlib.sha256
    return digest(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()


def _late_words(ran: Ran) -> str | None:
    """What a hook said that failed when the commit was made already."""
    if ran.timed_out:
        return f"a hook did not end after the commit was made: {ran.err.strip()}".rstrip(": ")
    return ran.err.strip() or None if ran.code != 0 else None


def _sort_out(session: Session, entry: Entry) -> tuple[list[Planned], tuple[str, ...]]:
    """What `entry` still stands for, and the paths that a later decision of ours took over."""
    later: set[str] = set()
    for other in reversed(session.journal.entries):
        if other.id == entry.id:
            break
        if other.saved:
            later.update(other.paths)
    standing = [change for change in entry.changes if change.path not in later]
    return standing, tuple(change.path for change in entry.changes if change.path in later)


def _decided_elsewhere(
    session: Session, todo: Sequence[Planned], heads: Mapping[str, bytes | None]
) -> tuple[str, ...]:
    """Paths that another process decided and committed anew: the disk and HEAD agree on what is
    neither ours nor what ours stood on. Its journal is not ours to read, so the files tell.
    """
    with Folders(session.root) as folders:
        return tuple(
            change.path
            for change in todo
            if (head := heads[change.path]) is not None
            and head not in (change.old, change.new)
            and files.read_at(folders, change.path) == head
        )


def _refuse_put_back(session: Session, todo: Sequence[Planned]) -> None:
    """A file that somebody put back as it was, or took away, is not ours to decide about."""
    with Folders(session.root) as folders:
        for change in todo:
            present = files.read_at(folders, change.path)
            if present != change.new and (present == change.old or present is None):
                raise hold(
                    "changed_outside",
                    f"{change.path} was put back as it was before, by somebody else",
                    "decide again to keep the decision; labeltool undo lets it go",
                )


def _resolved(session: Session, message: CommitMessage) -> CommitMessage:
    """`@<entry>` in a trailer stands for the commit that the entry became."""
    trailers = {
        key: (session.journal.commit_of(value[1:]) or "") if value.startswith("@") else value
        for key, value in message.trailers.items()
    }
    return replace(message, trailers=trailers)


def _pack(session: Session, todo: Sequence[Planned]) -> None:
    """Hands git the new contents in one pack: one file to flush, small beside one for each.

    Only a help. What git would store otherwise (line endings, large files), or does not take
    here, `add` writes as ever; what nothing comes to refer to goes with git's next cleaning.
    """
    contents = [change.new for change in todo if change.new is not None]
    stream = b"".join(b"blob\ndata %d\n%b\n" % (len(content), content) for content in contents)
    session.repository.git.run(
        "fast-import", "--quiet", stdin=stream, config=WRITE, timeout=session.limits.hook
    )


def _run_git(session: Session, paths: Sequence[str], new: Sequence[str], message: bytes) -> Ran:
    """The last git process that ran; `new` are the paths that HEAD does not know yet."""
    deadline = time.monotonic() + session.limits.index
    while True:
        ran = _attempt(session, paths, new, message)
        if not is_locked(ran) or time.monotonic() >= deadline:
            return ran
        session.pause(_LOCK_PAUSE_S * (0.5 + session.jitter()))


def _attempt(session: Session, paths: Sequence[str], new: Sequence[str], message: bytes) -> Ran:
    if new:
        ran = _announce(session, new)
        if ran.code != 0:
            return ran
    ran = _commit_only(session, paths, message)
    if ran.code != 0 and _UNKNOWN_TO_GIT.search(ran.err):
        # Somebody took a path of HEAD out of the index; a commit of paths needs it there.
        _git(session, ("reset", "-q"), paths)
        if new:
            _announce(session, new)
        ran = _commit_only(session, paths, message)
    return ran


def _announce(session: Session, new: Sequence[str]) -> Ran:
    """Makes new paths known to git. Of many it takes the content too: then one flush of the disk
    serves all objects, where the commit would flush each."""
    if len(new) > _LONGEST_COMMAND:
        return _git(session, ("add",), new, config=("core.fsyncMethod=batch",))
    return _git(session, ("add", "-N"), new)


def _commit_only(session: Session, paths: Sequence[str], message: bytes) -> Ran:
    flags = ("commit", "-q", "--no-status", "--cleanup=whitespace", "--only", "-F", "-")
    return _git(session, flags, paths, stdin=message, config=author_config(session))


def _git(
    session: Session,
    command: Sequence[str],
    paths: Sequence[str],
    *,
    stdin: bytes = b"",
    config: Sequence[str] = (),
) -> Ran:
    """One git process on `paths`, its id in the journal while it may hold the index."""
    listed = session.repository.own_dir / f"paths-{session.journal.token}"
    many = len(paths) > _LONGEST_COMMAND
    if many:
        listed.write_bytes(b"\0".join(path.encode() for path in paths))
        which = [f"--pathspec-from-file={listed}", "--pathspec-file-nul"]
    else:
        which = ["--", *paths]
    try:
        return write(session, (*command, *which), stdin=stdin, config=config)
    finally:
        if many:
            listed.unlink(missing_ok=True)


def _compare(
    session: Session, todo: Sequence[Planned], before: Mapping[str, bytes | None]
) -> tuple[list[str], list[str]]:
    """Paths that HEAD does not hold, and paths that it holds as a hook rewrote them. `before` is
    what it held until now: neither old nor new where an earlier decision on the path still waits.
    """
    missing: list[str] = []
    rewritten: list[str] = []
    heads = heads_of(session, todo)
    for change in todo:
        if heads[change.path] == change.new:
            continue
        name = f"HEAD:{session.repository.prefix}{change.path}"
        found = session.cat.get(name)
        stored = found.data if found is not None else None
        if found is None or change.new is None:
            missing.append(change.path)
        elif found.id == _filtered(session, change.path, change.new):
            continue  # line endings or large-file storage: it is ours in git's clothes
        elif stored in (change.old, before[change.path]):
            missing.append(change.path)
        else:
            rewritten.append(change.path)
    return missing, rewritten


def _filtered(session: Session, path: str, content: bytes) -> str:
    """The object id that git would store `content` of `path` under."""
    ran = session.repository.git.run("hash-object", "--stdin", f"--path={path}", stdin=content)
    return ran.text.strip()


def _refresh_index(session: Session, paths: Sequence[str]) -> None:
    """After a hook's `git add` the index still holds the text from before the hook."""
    listed = b"".join(path.encode() + b"\0" for path in paths)
    session.repository.git.run(
        "update-index", "--add", "--remove", "-z", "--stdin", stdin=listed, config=WRITE
    )


def _unintend(session: Session, paths: Sequence[str]) -> None:
    """Takes the announcements of new files back, so that a held commit leaves no trace."""
    if not paths:
        return
    git = session.repository.git
    if len(paths) > _LONGEST_COMMAND:
        stale = list(paths)
    else:
        stale = [path for path in intended(session) if path in set(paths)]
    if stale:
        listed = b"".join(path.encode() + b"\0" for path in stale)
        git.run("update-index", "--force-remove", "-z", "--stdin", stdin=listed, config=WRITE)


def intended(session: Session) -> list[str]:
    """Workspace paths that the index knows by name only (`git add -N`)."""
    ran = session.repository.git.run(
        "diff-files", "--name-only", "-z", "--diff-filter=A", "--relative", "--no-ext-diff"
    )
    return [path for path in ran.text.split("\0") if path]


def _find(session: Session, before: str | None) -> str | None:
    """Our commit: the first one after `before`. Somebody may have committed on top of it."""
    head = found = session.cat.get("HEAD")
    for _ in range(_MOST_ON_TOP):
        if found is None or found.id == before:
            return None
        parent = _first_parent(found.data)
        if parent is None or parent == before:
            return found.id
        found = session.cat.get(parent)
    return head.id if head is not None else None


def _first_parent(commit: bytes) -> str | None:
    for line in commit.split(b"\n"):
        if line.startswith(b"parent "):
            return line[7:].decode("ascii")
        if not line:
            return None
    return None
