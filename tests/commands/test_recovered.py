from __future__ import annotations

from labeltool.commands.recovered import told
from labeltool.history import CommitMessage, Entry, Held, Recovered, Saved


def entry(id: str) -> Entry:
    return Entry(id, "main", CommitMessage(f"label {id}"), ())


def test_nothing_left_is_nothing_to_tell() -> None:
    assert told([Recovered(), Recovered()], ()) is None


def test_everything_is_told_in_one_line() -> None:
    held = Held(Saved(entry("c")), "merge", "saved, not committed: a merge is in progress")
    found = Recovered(
        committed=(Saved(entry("a")), Saved(entry("b"))),
        held=(held,),
        taken_back=(entry("d"),),
        removed_lock=True,
    )
    # A verb recovers before it reads and again before it saves: each decision is told once.
    assert told([found, Recovered(held=(held,))], {"c"}) == (
        "recovered from an earlier process: 2 decisions committed; "
        "1 decision (label c) saved, not committed: a merge is in progress; "
        "1 decision (label d) half-written, taken back; its git's index.lock removed"
    )


def test_what_waited_and_was_committed_since_is_committed() -> None:
    held = Held(Saved(entry("c")), "merge", "saved, not committed: a merge is in progress")
    assert told([Recovered(held=(held,))], ()) == (
        "recovered from an earlier process: 1 decision (label c) committed"
    )
