"""Taking back my own last decision, by value, as a new decision.

The commits say by their trailers what was taken back: an undo names the commit it undoes, a redo
the commit it brings back. So it works over restarts and after merges, and where history was
squashed there is simply nothing left to take back.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from labeltool.errors import Conflict, UsageError, Where
from labeltool.history import message as names
from labeltool.history.changes import FileChange
from labeltool.history.log import LogEntry, log
from labeltool.history.message import CommitMessage
from labeltool.history.session import Session
from labeltool.store import files

# path, bytes before, bytes after
Value = tuple[str, bytes | None, bytes | None]


@dataclass(frozen=True, slots=True)
class Decision:
    """A commit, or an entry that waits for its commit (then `ref` is `@` and its id)."""

    ref: str
    subject: str
    trailers: Mapping[str, str]
    values: Callable[[], Sequence[Value]]

    @property
    def undoes(self) -> str | None:
        return self.trailers.get(names.UNDOES)

    @property
    def redoes(self) -> str | None:
        return self.trailers.get(names.REDOES)


@dataclass(frozen=True, slots=True)
class TakenBack:
    """What to save to take `decision` back, or to bring it back."""

    decision: Decision
    changes: tuple[FileChange, ...]
    message: CommitMessage


def last_decision(decisions: Iterator[Decision]) -> Decision | None:
    """The newest one that stands; `decisions` are newest first."""
    standing: dict[str, bool] = {}
    for decision in decisions:
        if decision.undoes:
            standing.setdefault(decision.undoes, False)
        elif decision.redoes:
            standing.setdefault(decision.redoes, True)
        elif standing.get(decision.ref, True):
            return decision
    return None


def last_undone(decisions: Iterator[Decision]) -> Decision | None:
    """The decision that the newest standing undo took back; None once a newer one was made."""
    standing: dict[str, bool] = {}
    wanted: str | None = None
    for decision in decisions:
        if decision.undoes:
            if standing.setdefault(decision.undoes, False) is False and wanted is None:
                wanted = decision.undoes
        elif decision.redoes:
            standing.setdefault(decision.redoes, True)
        elif decision.ref == wanted:
            return decision
        elif wanted is None and standing.get(decision.ref, True):
            return None
    return None


def undo(session: Session, annotator: str, matching: Mapping[str, str]) -> TakenBack:
    """UsageError where nothing is left to take back; Conflict where a file was changed since."""
    decision = last_decision(_decisions(session, annotator, matching))
    if decision is None:
        raise UsageError(
            f"there is no decision of {annotator}'s to take back",
            hint="`labeltool history` shows who decided what on this branch",
        )
    return _back(session, decision)


def undo_one(session: Session, annotator: str, commit: str) -> TakenBack:
    """The decision that is `commit`, where it stands, is the annotator's and is the last on its
    files: UsageError says which of these is not so. Conflict where a file was changed since.
    """
    standing: dict[str, bool] = {}
    newer: dict[str, str] = {}
    for decision, paths in _all(session):
        back = decision.undoes or decision.redoes
        if decision.ref == commit and back:
            raise UsageError(
                "that took a decision back, or brought one back", hint="redo follows an undo"
            )
        if back:
            standing.setdefault(back, decision.redoes is not None)
        elif decision.ref == commit:
            _refuse(decision, annotator, taken_back=not standing.get(commit, True))
            later = next((newer[path] for path in paths if path in newer), None)
            if later is not None:
                raise UsageError(
                    f"a later decision stands on the same file: {later}",
                    hint="take that one back first",
                )
            return _back(session, decision)
        elif standing.get(decision.ref, True):
            newer |= {path: decision.subject for path in paths if path not in newer}
    raise UsageError(f"{commit[:7]} is not on this branch", hint="look at `labeltool history`")


def _refuse(decision: Decision, annotator: str, *, taken_back: bool) -> None:
    whose = decision.trailers.get(names.ANNOTATOR)
    if whose is None:
        raise UsageError(
            "that commit was made by hand, not by a verb of labeltool's",
            hint=f"git revert {decision.ref[:7]}",
        )
    if whose != annotator:
        raise UsageError(
            f"that is {whose}'s decision, and only {whose} takes it back",
            hint="decide anew, or talk about it",
        )
    if taken_back:
        raise UsageError("that was taken back already", hint="redo brings back the last one")


def _back(session: Session, decision: Decision) -> TakenBack:
    return TakenBack(
        decision,
        _reverse(session, decision, forward=False),
        _message("Undo", names.UNDOES, decision),
    )


def redo(session: Session, annotator: str, matching: Mapping[str, str]) -> TakenBack:
    """UsageError where nothing was taken back last; Conflict where a file was changed since."""
    decision = last_undone(_decisions(session, annotator, matching))
    if decision is None:
        raise UsageError(
            f"there is nothing that {annotator} has taken back last",
            hint="redo only follows an undo; decide again instead",
        )
    return again(session, decision)


def again(session: Session, decision: Decision) -> TakenBack:
    """Brings back a decision that was taken back."""
    return TakenBack(
        decision,
        _reverse(session, decision, forward=True),
        _message("Redo", names.REDOES, decision),
    )


def _message(verb: str, trailer: str, decision: Decision) -> CommitMessage:
    kept = (names.DATASET, names.CASE, names.ANNOTATOR, names.RUBRIC)
    trailers = {names.KIND: verb.lower()}
    trailers |= {key: decision.trailers[key] for key in kept if key in decision.trailers}
    return CommitMessage(f"{verb}: {decision.subject}", trailers=trailers | {trailer: decision.ref})


def _reverse(session: Session, decision: Decision, *, forward: bool) -> tuple[FileChange, ...]:
    changes = []
    for path, before, after in decision.values():
        wanted, found = (after, before) if forward else (before, after)
        present = files.read_if_there(session.root, path)
        if not _same(session, path, present, found):
            raise Conflict(
                "was changed since, so the decision cannot simply be taken back or brought back",
                where=Where(path),
                hint=f"look at `labeltool history` and decide anew ({decision.subject})",
            )
        expected = None if present is None else files.content_hash(present)
        changes.append(FileChange(path, wanted, expected))
    return tuple(changes)


def _same(session: Session, path: str, present: bytes | None, stored: bytes | None) -> bool:
    if present == stored or present is None or stored is None:
        return present == stored
    # Line endings and large-file storage: what git would store is what counts.
    git = session.repository.git
    ids = [
        git.run("hash-object", "--stdin", *flags, stdin=data).text.strip()
        for data, flags in ((present, [f"--path={path}"]), (stored, []))
    ]
    return ids[0] == ids[1]


def _decisions(session: Session, annotator: str, matching: Mapping[str, str]) -> Iterator[Decision]:
    """All of `annotator`'s, newest first: those that wait for their commit, then history."""
    wanted = {**matching, names.ANNOTATOR: annotator}
    waiting = _waiting(session)
    mine = (
        decision
        for decision in waiting
        if all(decision.trailers.get(key) == value for key, value in wanted.items())
    )
    logged = (_logged(session, entry) for entry in log(session, trailers=wanted, by_date=True))
    return itertools.chain(mine, logged)


def _all(session: Session) -> Iterator[tuple[Decision, Sequence[str]]]:
    """Everybody's, newest first, with the paths they touch."""
    for decision in _waiting(session):
        yield decision, [path for path, _, _ in decision.values()]
    for entry in log(session):
        yield _logged(session, entry), entry.paths


def _waiting(session: Session) -> list[Decision]:
    decisions = []
    for entry in reversed(session.journal.entries):
        if entry.saved:
            values = [(change.path, change.old, change.new) for change in entry.changes]
            trailers = {
                key: _settled_ref(session, value) for key, value in entry.message.trailers.items()
            }
            decisions.append(
                Decision(f"@{entry.id}", entry.message.subject, trailers, _constant(values))
            )
    return decisions


def _settled_ref(session: Session, value: str) -> str:
    return (session.journal.commit_of(value[1:]) or value) if value.startswith("@") else value


def _constant(values: Sequence[Value]) -> Callable[[], Sequence[Value]]:
    return lambda: values


def _logged(session: Session, entry: LogEntry) -> Decision:
    def values() -> list[Value]:
        prefix = session.repository.prefix
        return [
            (
                path,
                session.cat.blob(f"{entry.hash}^:{prefix}{path}"),
                session.cat.blob(f"{entry.hash}:{prefix}{path}"),
            )
            for path in entry.paths
        ]

    return Decision(entry.hash, entry.subject, entry.trailers, values)
