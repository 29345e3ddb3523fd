"""Another copy of the repository: what stands there, fetching from it, pushing to it.

What it says and how its address looks is not trusted: names are validated, a helper program that
an address asks for is never started, a password in an address is never shown.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from labeltool.errors import RepositoryError, UsageError
from labeltool.history.gitcmd import WRITE, Ran
from labeltool.history.repository import Repository
from labeltool.history.session import Session

_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._/-]{0,199}")
_HELPER = re.compile(r"[A-Za-z0-9_+.-]+::")
_PASSWORD = re.compile(r"(?<=://)[^/@\s]+@")
_CONTROL = re.compile(r"[\x00-\x20\x7f]")
_BRANCH = re.compile(r"refs/heads/(?P<name>.+)")
_COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
# Somebody pushed in between: said by our git where it knew, by theirs where it lost a race.
_MOVED = re.compile(
    r"\((fetch first|non-fast-forward|stale info|cannot lock ref.*|failed to update ref"
    r"|incorrect old value provided|remote ref updated since checkout)"
    r"|reference already exists|but expected [0-9a-f]{40}",
    re.IGNORECASE,
)
_DENIED = re.compile(
    r"Authentication failed|could not read (Username|Password)|Permission denied|terminal prompts"
    r" disabled|Host key verification failed|\b40[13]\b|access denied|not authorized",
    re.IGNORECASE,
)
_FIRST_GUESS = ("main", "master")


@dataclass(frozen=True, slots=True)
class Fetched:
    """What the remote holds now of the branches asked for.

    default    its default branch, None where it has no branch yet
    branches   {branch: commit}: those of the asked that exist there, now in refs/remotes/ here
    """

    default: str | None
    branches: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Pushed:
    """`current`: the remote had it all; `moved`: somebody pushed in between, fetch and merge."""

    branch: str
    state: Literal["pushed", "current", "moved"]


@dataclass(frozen=True, slots=True)
class Upstream:
    """The branch that git was told the current one follows (`branch.<name>.merge`)."""

    remote: str
    branch: str


@dataclass(frozen=True, slots=True)
class AheadBehind:
    """Commits between HEAD and the remote as it was last fetched.

    ahead            of HEAD, that no branch of the remote has
    behind           of this branch's copy there, that HEAD lacks (0 where it has no copy)
    behind_default   of the remote's default branch, that HEAD lacks
    """

    branch: str
    default: str | None
    ahead: int
    behind: int
    behind_default: int


class Remote:
    """One remote of the repository; `Remote.of` finds it."""

    def __init__(self, session: Session, name: str, url: str):
        self._session = session
        self.name = name
        self.url = without_password(url)
        """Where it is fetched from, to show: without a password."""

    @classmethod
    def of(cls, session: Session, name: str = "origin") -> Remote:
        """RepositoryError where there is no such remote, or its address is one to refuse."""
        git = session.repository.git
        known = names(session)
        if name not in known:
            add = f"git remote add {name} URL"
            hint = f"remotes: {', '.join(sorted(known))}" if known else add
            raise RepositoryError(f"there is no remote {name}", hint=hint)
        if not _NAME.fullmatch(name) or ".." in name:
            raise RepositoryError(
                f"the remote's name {name!r} is not one to hand to git",
                hint="git remote rename OLD NEW",
            )
        urls = [
            line
            for flags in ((), ("--push",))
            for line in git.must("remote", "get-url", "--all", *flags, name).text.splitlines()
        ]
        for url in urls:
            refuse_url(url, name)
        return cls(session, name, urls[0] if urls else "")

    def default_branch(self) -> str | None:
        """The remote's default branch as last fetched; None where it is not known here."""
        return default_branch(self._session.repository, self.name)

    def tracked(self, branch: str) -> str | None:
        """The commit that `branch` had there when it was last fetched, None where it is unknown."""
        ref = f"refs/remotes/{self.name}/{branch}"
        return self._session.repository.git.ask("rev-parse", "-q", "--verify", f"{ref}^{{commit}}")

    def fetch(self, branches: Sequence[str] = ()) -> Fetched:
        """Fetches the default branch and those of `branches` that exist there.

        RepositoryError with git's own words where the remote cannot be reached or says no.
        """
        for branch in branches:
            check_branch(self._session.repository, branch)
        default, found = self._listed(branches)
        if found:
            refs = [f"+refs/heads/{one}:refs/remotes/{self.name}/{one}" for one in found]
            self._network("fetch", "-q", "--no-recurse-submodules", *_REFS, self.name, *refs)
        if default is not None:
            head = f"refs/remotes/{self.name}/HEAD"
            target = f"refs/remotes/{self.name}/{default}"
            self._session.repository.git.run("symbolic-ref", head, target)
        here = {one: commit for one in found if (commit := self.tracked(one)) is not None}
        return Fetched(default, here)

    def push(self, branch: str, *, to: str | None = None) -> Pushed:
        """Pushes the local `branch` (to the branch `to` there; never forced).

        The first push makes the local branch follow it. RepositoryError where the remote (its
        hooks, its rules) says no, or cannot be reached: the commits are kept here.
        """
        target = to or branch
        for name in (branch, target):
            check_branch(self._session.repository, name)
        follow = () if upstream(self._session, branch) else ("--set-upstream",)
        ran = self._run(
            *("push", "--porcelain", "--recurse-submodules=no", *follow, *_REFS, self.name),
            f"refs/heads/{branch}:refs/heads/{target}",
        )
        if ran.code != 0:
            if _MOVED.search(f"{ran.text}\n{ran.err}") and not ran.timed_out:
                return Pushed(target, "moved")
            raise self._refused_push(target, ran)
        return Pushed(target, "current" if "\n=\t" in f"\n{ran.text}" else "pushed")

    def _listed(self, branches: Sequence[str]) -> tuple[str | None, list[str]]:
        """(default branch, those of it and `branches` that exist there)."""
        guesses = () if (known := self.default_branch()) is None else (known,)
        wanted = dict.fromkeys((*branches, *guesses, *_FIRST_GUESS))
        ran = self._network(
            *("ls-remote", "--symref", *_REFS, self.name, "HEAD"),
            *(f"refs/heads/{one}" for one in wanted),
        )
        named: str | None = None
        there: list[str] = []
        for line in ran.text.splitlines():
            value, _, ref = line.partition("\t")
            if ref == "HEAD" and value.startswith("ref: "):
                match = _BRANCH.fullmatch(value.removeprefix("ref: "))
                named = match["name"] if match else None
            elif ref == "HEAD" and named is not None:
                there.append(named)  # it is there, and not only a name
            elif (match := _BRANCH.fullmatch(ref)) and _COMMIT.fullmatch(value):
                there.append(match["name"])
        default = named if named in there else None
        if default is None:  # a HEAD there that leads nowhere: the names that hosts give
            default = next((one for one in (*guesses, *_FIRST_GUESS) if one in there), None)
        if default is not None:
            check_branch(self._session.repository, default)
        asked = (*branches, *(() if default is None else (default,)))
        found = [one for one in dict.fromkeys(asked) if one in there]
        return default, found

    def _network(self, *args: str) -> Ran:
        ran = self._run(*args)
        if ran.code != 0:
            raise self._unreachable(ran)
        return ran

    def _run(self, *args: str) -> Ran:
        session = self._session
        return session.repository.git.run(*args, config=WRITE, timeout=session.limits.network)

    def _unreachable(self, ran: Ran) -> RepositoryError:
        words = without_password(ran.words)
        if ran.timed_out:
            return RepositoryError(
                f"{self.name} ({self.url}) did not answer in time",
                hint="check the network, then sync again; nothing is lost",
            )
        if _DENIED.search(words):
            return RepositoryError(
                f"{self.name} ({self.url}) did not let git in:\n{words}",
                hint=f"`git fetch {self.name}` must work by itself: an SSH key, or a credential "
                "helper (`gh auth setup-git`)",
            )
        return RepositoryError(
            f"git cannot reach {self.name} ({self.url}):\n{words}",
            hint=f"check the network and `git remote get-url {self.name}`; nothing is lost",
        )

    def _refused_push(self, target: str, ran: Ran) -> RepositoryError:
        rejected = [line for line in ran.text.splitlines() if line.startswith("!\t")]
        if not rejected or ran.timed_out:
            return self._unreachable(ran)
        words = without_password("\n".join(part for part in (ran.err.strip(), *rejected) if part))
        return RepositoryError(
            f"{self.name} refused the push to {target}:\n{words}",
            hint="the commits are kept here; a rule or hook of the remote must let them in",
        )


# Whatever a remote or a branch is called, it is no option from here on.
_REFS = ("--end-of-options",)


def names(session: Session) -> tuple[str, ...]:
    """The remotes by name."""
    return tuple(session.repository.git.must("remote").text.split())


def refuse_url(url: str, name: str) -> None:
    """RepositoryError for an address that would start a program or be taken for an option."""
    if _HELPER.match(url) or url.startswith("-") or _CONTROL.search(url.strip()):
        raise RepositoryError(
            f"the address of {name} is not one to connect to: {without_password(url)}",
            hint=f"git remote set-url {name} URL   (https, ssh or a path)",
        )


def check_branch(repository: Repository, branch: str) -> None:
    """UsageError for what git would not take as the name of a branch."""
    said = repository.git.run("check-ref-format", "--branch", branch).text.strip()
    if not branch or said != branch:
        raise UsageError(
            f"{branch!r} is not a legal branch name", hint="letters, digits, dash, slash"
        )


def without_password(text: str) -> str:
    """`text` with user and password taken out of every address in it."""
    return _PASSWORD.sub("", text)


def default_branch(repository: Repository, remote: str) -> str | None:
    """The default branch of `remote` as last fetched; None where it is not known here."""
    ref = repository.git.ask("symbolic-ref", "-q", "--short", f"refs/remotes/{remote}/HEAD")
    if ref is not None:
        return ref.removeprefix(f"{remote}/")
    # A remote added by hand has no HEAD here; these are the names that hosts give.
    for name in _FIRST_GUESS:
        if repository.git.ask("rev-parse", "-q", "--verify", f"refs/remotes/{remote}/{name}"):
            return name
    return None


def upstream(session: Session, branch: str) -> Upstream | None:
    """What `branch` follows, where that is a branch of a remote."""
    git = session.repository.git
    remote = git.ask("config", "--get", f"branch.{branch}.remote")
    merge = git.ask("config", "--get", f"branch.{branch}.merge")
    match = _BRANCH.fullmatch(merge or "")
    if remote is None or match is None or remote == ".":
        return None
    return Upstream(remote, match["name"])


def target_of(session: Session, remote: str, branch: str, default: str | None) -> str:
    """The branch of `remote` that `branch` is pushed to.

    The one it follows; but one that was cut off the default branch follows that, and is never
    meant for it.
    """
    follows = upstream(session, branch)
    if follows is None or follows.remote != remote or follows.branch == default:
        return branch
    return follows.branch


def ahead_behind(session: Session, remote: str = "origin") -> AheadBehind | None:
    """Asks nobody: as last fetched. None without that remote, a branch or a commit."""
    repository = session.repository
    branch = repository.branch()
    if branch is None or remote not in names(session) or session.cat.get("HEAD") is None:
        return None
    default = default_branch(repository, remote)
    copy = f"refs/remotes/{remote}/{target_of(session, remote, branch, default)}"
    base = f"refs/remotes/{remote}/{default}" if default else None
    return AheadBehind(
        branch=branch,
        default=default,
        ahead=_count(session, "HEAD", "--not", f"--remotes={remote}") or 0,
        behind=_count(session, f"HEAD..{copy}") or 0,
        behind_default=(_count(session, f"HEAD..{base}") or 0) if base else 0,
    )


def _count(session: Session, *revisions: str) -> int | None:
    count = session.repository.git.ask("rev-list", "--count", *revisions)
    return int(count) if count and count.isdigit() else None
