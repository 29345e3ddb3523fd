"""A labeller in a process of its own: `python -m tests.history.writer ROOT NAME COUNT`.

Writes COUNT labels (0: until killed) and prints each path once it is saved, `+path` once it is
committed. Every seventh is a batch, every fifth a change of an earlier label.
"""

from __future__ import annotations

import itertools
import os
import sys
from pathlib import Path

from labeltool.history import CommitMessage, CommitQueue, Event, FileChange, History, Limits
from labeltool.store.files import content_hash
from tests.history.support import moment


def content(name: str, number: int, round_: int) -> bytes:
    return f"annotator: {name}\ncase: {number}\nround: {round_}\n".encode() * 20


def changes(name: str, number: int) -> list[FileChange]:
    if number % 5 == 4:
        old = content(name, number - 1, 0)
        path = f"labels/{name}/{number - 1:04}.yaml"
        return [FileChange(path, content(name, number - 1, 1), content_hash(old))]
    count = 6 if number % 7 == 3 else 1
    paths = [f"labels/{name}/{number:04}.yaml"]
    paths += [f"labels/{name}/batch-{number:04}/{part}.yaml" for part in range(count - 1)]
    return [FileChange(path, content(name, number, 0), None) for path in paths]


def say(word: str, event: Event) -> None:
    for path in event.saved.paths:
        sys.stdout.write(f"{word}{path}\n")
    sys.stdout.flush()


def main(root: Path, name: str, count: int) -> None:
    history = History.open(root, env=dict(os.environ), now=moment, limits=Limits(index=60))
    history.recover()

    def on_event(event: Event) -> None:
        if event.kind == "committed":
            say("+", event)

    queue = CommitQueue(history, on_event)
    for number in range(count) if count else itertools.count():
        saved = queue.save(changes(name, number), CommitMessage(f"{name} labels {number}"))
        say("", Event("saved", saved))
        if number % 3 == 2:
            queue.flush(60)
    left = queue.close(120)
    history.close()
    sys.exit(1 if left else 0)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
