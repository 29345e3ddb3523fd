"""Why a commit waits, in words a person can act on."""

from __future__ import annotations

import os
import re
import time
from pathlib import Path

from labeltool.errors import CommitHeld
from labeltool.history.changes import Entry
from labeltool.history.gitcmd import Ran
from labeltool.history.repository import Repository
from labeltool.history.stale_lock import git_locks

HELD_REASONS = frozenset(
    {
        "merge_in_progress",
        "rebase_in_progress",
        "cherry_pick_in_progress",
        "revert_in_progress",
        "bisect_in_progress",
        "detached_head",
        "branch_switched",
        "no_identity",
        "hook_failed",
        "hook_timeout",
        "signing_failed",
        "locked",
        "ignored",
        "sparse",
        "read_only",
        "disk_full",
        "changed_outside",
        "git_failed",
    }
)
# These concern one decision; all others would hold any commit, so the queue stops at them.
OWN_REASONS = frozenset({"ignored", "sparse", "changed_outside", "hook_failed", "branch_switched"})

IDENTITY_HINT = 'git config user.name "Your Name"\ngit config user.email you@example.org'
_HOOKS = ("pre-commit", "prepare-commit-msg", "commit-msg", "reference-transaction")
_LOCKED = re.compile(
    r"Unable to create '.*\.lock': File exists|cannot lock ref|index file open failed"
    r"|Another git process seems to be running"
)
_SIGNS: tuple[tuple[str, re.Pattern[str], str], ...] = (
    ("disk_full", re.compile(r"No space left on device|Disk quota exceeded"), "free some space"),
    (
        "no_identity",
        re.compile(
            r"Please tell me who you are|empty ident name|no (name|email) was given"
            r"|auto-detection is disabled"
        ),
        IDENTITY_HINT,
    ),
    (
        "signing_failed",
        re.compile(r"failed to sign|gpg.*failed|signing failed|No secret key|cannot run .*gpg"),
        "mend the signing key (`git config --get-regexp 'gpg|sign'` shows the settings)",
    ),
    (
        "ignored",
        re.compile(r"ignored by one of your \.gitignore"),
        "`git check-ignore -v PATH` names the rule: take it out",
    ),
    (
        "sparse",
        re.compile(r"outside of your sparse-checkout"),
        "`git sparse-checkout add FOLDER` brings the folder in",
    ),
    (
        "merge_in_progress",
        re.compile(r"partial commit during a merge|unmerged"),
        "`labeltool sync --continue` concludes the merge, `labeltool sync --abort` takes it back",
    ),
    (
        "cherry_pick_in_progress",
        re.compile(r"partial commit during a cherry-pick"),
        "`git cherry-pick --continue` or `--abort`",
    ),
    (
        "read_only",
        re.compile(r"Read-only file system|Permission denied|insufficient permission"),
        "make the repository writable",
    ),
)
# Where git's own words are a page of advice that the hint says in two lines.
_WORDS = {"no_identity": "git does not know who you are"}
FINISH = {
    "merge": "`labeltool sync --continue` concludes it, `labeltool sync --abort` takes it back",
    "rebase": "`git rebase --continue` or `git rebase --abort`",
    "cherry_pick": "`git cherry-pick --continue` or `--abort`",
    "revert": "`git revert --continue` or `--abort`",
    "bisect": "`git bisect reset` ends it",
}


def hold(reason: str, message: str, hint: str | None) -> CommitHeld:
    return CommitHeld(f"saved, not committed: {message}", reason=reason, hint=hint)


def obstacle(repository: Repository, entry: Entry, *, here: bool) -> CommitHeld | None:
    """What the state of the repository has against committing `entry` now.

    `here` says that a person wants it on the current branch, whatever branch it was saved on.
    """
    operation = repository.operation()
    if operation is not None:
        name = operation.replace("_", "-")
        message = f"a {name} is in progress"
        return hold(f"{operation}_in_progress", message, FINISH[operation])
    branch = repository.branch()
    if branch is None:
        return hold(
            "detached_head",
            "HEAD is on no branch, so the commit could get lost",
            "make a branch here with `git switch -c NAME`, or go back with `git switch BRANCH`",
        )
    if not here and entry.branch is not None and entry.branch != branch:
        return hold(
            "branch_switched",
            f"it was decided on the branch {entry.branch}, and now {branch} is checked out",
            f"`git switch {entry.branch}`, or say that it shall go to {branch}",
        )
    return None


def is_locked(ran: Ran) -> bool:
    return ran.code != 0 and bool(_LOCKED.search(ran.err))


def classify(repository: Repository, ran: Ran) -> CommitHeld:
    """What a failed `git add` or `git commit` is to be called, with its own words."""
    words = ran.words
    if ran.timed_out:
        return hold(
            "hook_timeout",
            f"git and its hooks did not end in time{_said(words)}",
            "run `git commit` by hand to see which hook hangs",
        )
    if is_locked(ran):
        return hold("locked", _lock_words(repository.index_lock(), words), _lock_hint(repository))
    for reason, sign, hint in _SIGNS:
        if sign.search(words):
            return hold(reason, _WORDS.get(reason, words), hint)
    if not re.search(r"^fatal:", ran.err, re.MULTILINE) and _has_hook(repository):
        return hold(
            "hook_failed",
            f"a hook said no{_said(words)}",
            "mend what the hook names; the commit is tried again with the next decision",
        )
    return hold("git_failed", words or f"git ended with {ran.code}", "run `git status`, `git fsck`")


def _said(words: str) -> str:
    return f":\n{words}" if words else " (it printed nothing)"


def _has_hook(repository: Repository) -> bool:
    folder = repository.git.ask("rev-parse", "--git-path", "hooks")
    if folder is None:
        return False
    return any(os.access(repository.root / folder / name, os.X_OK) for name in _HOOKS)


def _lock_words(lock: Path, words: str) -> str:
    try:
        age = max(0.0, time.time() - lock.stat().st_mtime)
    except OSError:
        return f"another git process was in the way: {words}"
    return f"another git process holds {lock} since {age:.0f} s"


def _lock_hint(repository: Repository) -> str:
    lock = next(iter(git_locks(repository)), repository.index_lock())
    return f"if no git process runs any more (`ps -A | grep git`), remove it: rm '{lock}'"
