"""Decisions in git: the only code that runs git. A save is its transaction."""

from __future__ import annotations

from labeltool.history.changes import (
    Committed,
    Entry,
    FileChange,
    Held,
    Recovered,
    Saved,
    Verify,
)
from labeltool.history.held import HELD_REASONS, IDENTITY_HINT
from labeltool.history.history import History
from labeltool.history.log import LogEntry
from labeltool.history.message import CommitMessage
from labeltool.history.queue import CommitQueue, Event
from labeltool.history.remote import AheadBehind, Fetched, Pushed, Remote
from labeltool.history.repository import init_repository
from labeltool.history.session import Limits
from labeltool.history.state import RepoState

__all__ = [
    "HELD_REASONS",
    "IDENTITY_HINT",
    "AheadBehind",
    "CommitMessage",
    "CommitQueue",
    "Committed",
    "Entry",
    "Event",
    "Fetched",
    "FileChange",
    "Held",
    "History",
    "Limits",
    "LogEntry",
    "Pushed",
    "Recovered",
    "Remote",
    "RepoState",
    "Saved",
    "Verify",
    "init_repository",
]
