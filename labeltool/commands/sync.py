"""`sync`: fetch what others decided, merge it, push the current branch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from labeltool.commands.check import check
from labeltool.commands.conflicts import called, conclude, unsettled
from labeltool.commands.context import Context
from labeltool.commands.merging import Merged, merge, notes, settle_all
from labeltool.commands.uncommitted import uncommitted
from labeltool.errors import CommitHeld, LabeltoolError, Problem, RepositoryError
from labeltool.history import merge as merges
from labeltool.history import remote as remotes
from labeltool.history.graph import write_graph
from labeltool.history.held import FINISH
from labeltool.history.merge_sides import Sides
from labeltool.history.remote import Fetched, Remote
from labeltool.store.workspace import Workspace

TRIES = 10
_PAUSE_S, _LONGEST_PAUSE_S = 0.1, 2.0


@dataclass(frozen=True)
class Synced:
    """What a sync did.

    merged       what came in, in order; the last one may wait for people (its `left`)
    pushed       commits that went out; None where nothing was pushed, and `why` says so
    target       the branch of the remote that this one goes to
    problems     what `check` finds in the files as they are, where something came in
    uncommitted  rubrics, cases and the like that nobody committed, so that they stay here
    stopped      why it could not be finished: the merge stays in progress
    """

    remote: str
    branch: str
    default: str | None
    target: str
    merged: tuple[Merged, ...] = ()
    pushed: int | None = None
    why: str | None = None
    hint: str | None = None
    problems: tuple[Problem, ...] = ()
    uncommitted: tuple[str, ...] = ()
    dry_run: bool = False
    stopped: LabeltoolError | None = field(default=None, compare=False)


def sync(
    ctx: Context,
    *,
    remote: str | None = None,
    dry_run: bool = False,
    tries: int = TRIES,
    before: Sequence[Merged] = (),
) -> Synced:
    """Fetches, merges what the branch's copy there and the default branch have, and pushes.

    Somebody who pushes in between makes it fetch, merge and push again, `tries` times at most. The
    default branch is pushed only where the settings say so. With `dry_run` it only fetches.
    `before`: merges that were made already, to be told with the others.

    Raises RepositoryError (no remote, no branch, something in progress, unreachable, refused;
    commits are kept), CommitHeld where decisions wait to be committed.
    """
    branch = ready(ctx)
    if not dry_run:
        commit_first(ctx)
    there = ctx.history.remote(remote or remote_name(ctx, branch))
    merged = list(before)
    for attempt in range(tries):
        _pause(ctx, attempt)
        fetched = there.fetch(_of_interest(ctx, there, branch))
        target = remotes.target_of(ctx.history.session, there.name, branch, fetched.default)
        done = Synced(there.name, branch, fetched.default, target, dry_run=dry_run)
        if dry_run:
            return _foreseen(ctx, done, fetched)
        merged += _merge_all(ctx, there, fetched, target)
        done = replace(done, merged=tuple(merged))
        if merged and merged[-1].stopped is not None:
            return replace(done, stopped=merged[-1].stopped)
        done = _pushed(ctx, there, fetched, done)
        if done.pushed is not None or done.why is not None:
            return replace(_finished(ctx, done), uncommitted=uncommitted(ctx))
    raise RepositoryError(
        f"somebody pushed to {there.name}/{target} each of the {tries} times in between",
        hint="everything is merged and kept here: labeltool sync again",
    )


def resume(ctx: Context, *, remote: str | None = None) -> Synced:
    """Concludes the merge in progress, then goes on as `sync`.

    Raises RepositoryError without a merge, or with files left to settle; DataError with what the
    merge makes wrong.
    """
    git = ctx.history.git
    with merges.merging(ctx.history.session):
        sides = Sides.of(ctx.history.session)
        if sides is None:
            raise RepositoryError("there is no merge in progress", hint="labeltool sync")
        name = called(ctx, sides.theirs)
        settled, _ = settle_all(sides)
        _, problems = conclude(ctx, name=name, notes=notes(settled), mended=True)
        commits = int(git.ask("rev-list", "--count", "HEAD^..HEAD^2") or 0)
    concluded = Merged(name, commits, settled=settled, warnings=problems)
    return sync(ctx, remote=remote, before=[concluded])


def abort(ctx: Context) -> None:
    """Takes the merge in progress back: files and branch as they were before it.

    Raises RepositoryError without a merge, and where git refuses.
    """
    session = ctx.history.session
    if merges.merge_head(session) is None:
        raise RepositoryError("there is no merge in progress", hint="git status")
    with merges.merging(session):
        merges.abort(session)
    ctx.history.recover()
    ctx.history.commit_pending()


def ready(ctx: Context) -> str:
    """The branch to sync. Raises RepositoryError naming what stands in the way."""
    session = ctx.history.session
    operation = session.repository.operation()
    if operation == "merge":
        if left := [one.path for one in merges.unmerged(session)]:
            raise unsettled(left)
        raise RepositoryError(
            "a merge is in progress, and all its files are settled",
            hint="labeltool sync --continue    concludes it\n"
            "labeltool sync --abort       takes it back",
        )
    if operation is not None:
        name = operation.replace("_", "-")
        raise RepositoryError(f"a {name} is in progress", hint=FINISH[operation])
    branch = session.repository.branch()
    if branch is None:
        raise RepositoryError(
            "HEAD is on no branch, so there is none to sync",
            hint="git switch -c NAME keeps what is here, git switch BRANCH goes back",
        )
    if session.cat.get("HEAD") is None:
        raise RepositoryError(
            f"{branch} has no commit yet",
            hint=f"git pull origin {branch} takes what is there; else commit something first",
        )
    return branch


def commit_first(ctx: Context) -> None:
    """What is saved goes in before anything is merged. Raises CommitHeld."""
    ctx.history.recover()
    held = ctx.history.commit_pending()
    if held:
        raise CommitHeld(held[0].message, reason=held[0].reason, hint=held[0].hint)


def remote_name(ctx: Context, branch: str) -> str:
    """The remote that `branch` follows, else origin, else the only one. RepositoryError."""
    session = ctx.history.session
    known = remotes.names(session)
    if not known:
        raise RepositoryError("this repository has no remote", hint="git remote add origin URL")
    follows = remotes.upstream(session, branch)
    if follows is not None and follows.remote in known:
        return follows.remote
    return "origin" if "origin" in known or len(known) > 1 else known[0]


def _pause(ctx: Context, attempt: int) -> None:
    """Longer each time, and never the same for two that are at it."""
    session = ctx.history.session
    if attempt:
        pause = min(_LONGEST_PAUSE_S, _PAUSE_S * 2.0 ** (attempt - 1))
        session.pause(pause * (0.5 + session.jitter()))


def _of_interest(ctx: Context, there: Remote, branch: str) -> list[str]:
    follows = remotes.upstream(ctx.history.session, branch)
    named = [follows.branch] if follows is not None and follows.remote == there.name else []
    return list(dict.fromkeys([branch, *named]))


def _sources(ctx: Context, there: str, fetched: Fetched, target: str, branch: str) -> list[str]:
    """The branches to merge, the own copy first: pushes to it must build on it."""
    follows = remotes.upstream(ctx.history.session, branch)
    followed = follows.branch if follows is not None and follows.remote == there else None
    wanted = dict.fromkeys((target, followed, fetched.default))
    return [one for one in wanted if one is not None and one in fetched.branches]


def _merge_all(ctx: Context, there: Remote, fetched: Fetched, target: str) -> list[Merged]:
    branch = ctx.history.repository.branch() or target
    done = []
    for name in _sources(ctx, there.name, fetched, target, branch):
        merged = merge(ctx, fetched.branches[name], f"{there.name}/{name}")
        if merged is not None:
            done.append(merged)
            if merged.stopped is not None:
                break
    return done


def _pushed(ctx: Context, there: Remote, fetched: Fetched, done: Synced) -> Synced:
    """`done` with what became of the push; neither pushed nor why: somebody was faster."""
    git = ctx.history.git
    push_default = _push_default(ctx)
    copy = fetched.branches.get(done.target)
    known = fetched.branches.values() if copy is None else [copy]
    ahead = int(git.ask("rev-list", "--count", "HEAD", "--not", *known) or 0)
    if not ahead or (copy is None and _adds_nothing(ctx, fetched)):
        return replace(done, pushed=0)
    if fetched.default is None and not push_default:
        raise RepositoryError(
            f"{there.name} is empty, and its first branch becomes its default one",
            hint=f"git push -u {there.name} main    decides it; then sync again",
        )
    if done.target == fetched.default and not push_default:
        many = f"{ahead} commit{'' if ahead == 1 else 's'}"
        return replace(
            done,
            why=f"{many} not pushed: {done.target} is the default branch of {there.name}",
            hint="labeltool pr    makes a branch of them and opens a pull request\n"
            "branches: {push_default: true} in labeltool.yaml lets sync push it",
        )
    pushed = there.push(done.branch, to=done.target)
    return done if pushed.state == "moved" else replace(done, pushed=ahead)


def _push_default(ctx: Context) -> bool:
    """As the settings say now: they may have come in with the merge."""
    return Workspace.open(ctx.workspace.root).settings.branches.push_default


def _adds_nothing(ctx: Context, fetched: Fetched) -> bool:
    """Whether the default branch holds the same files: all was merged, maybe squashed, and the
    branch taken away there. It is not brought back for nothing.
    """
    base = fetched.branches.get(fetched.default or "")
    return base is not None and ctx.history.git.run("diff", "--quiet", base, "HEAD").code == 0


def _finished(ctx: Context, done: Synced) -> Synced:
    if not done.merged and not done.pushed:
        return done
    write_graph(ctx.history.repository)
    if not done.merged:
        return done
    found = check(ctx.workspace.root, now=ctx.now()).problems
    errors = [one for one in found if one.level == "error"]
    warnings = [one for merged in done.merged for one in merged.warnings]
    return replace(done, problems=(*errors, *warnings))


def _foreseen(ctx: Context, done: Synced, fetched: Fetched) -> Synced:
    """What a sync would do now, as far as git can tell beforehand."""
    git = ctx.history.git
    merged = []
    for name in _sources(ctx, done.remote, fetched, done.target, done.branch):
        commit = fetched.branches[name]
        behind = int(git.ask("rev-list", "--count", f"HEAD..{commit}") or 0)
        if behind:
            forward = git.run("merge-base", "--is-ancestor", "HEAD", commit).code == 0
            merged.append(Merged(f"{done.remote}/{name}", behind, forwarded=forward))
    known = tuple(fetched.branches.values())
    ahead = int(git.ask("rev-list", "--count", "HEAD", "--not", *known) or 0)
    default = done.target == done.default and not _push_default(ctx)
    why = f"{done.target} is the default branch of {done.remote}" if default and ahead else None
    return replace(done, merged=tuple(merged), pushed=None if default else ahead, why=why)
