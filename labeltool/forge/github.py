"""GitHub's pull requests and comments."""

from __future__ import annotations

from functools import cached_property
from typing import Any
from urllib.parse import quote

from labeltool.forge.alike import PAGE, Answers, Row, known, nested, opened_once, ours
from labeltool.forge.base import Comment, PullRequest, Refused
from labeltool.forge.call import Caller
from labeltool.forge.remote import Remote

_READ = Answers("GitHub", "is GITHUB_API_URL right?")


class GitHub:
    """A repository at GitHub or a GitHub Enterprise Server."""

    def __init__(self, caller: Caller, remote: Remote):
        self._caller, self._remote = caller, remote

    @property
    def via(self) -> str:
        return self._caller.name

    def find(self, branch: str) -> PullRequest | None:
        head = quote(f"{self._remote.owner}:{branch}", safe="")
        found = self._caller.get(self._path(f"pulls?state=open&per_page=10&head={head}"))
        mine = [one for one in _READ.rows(found) if _is_of(one, branch)]
        return _pull_request(mine[0]) if mine else None

    def create(self, branch: str, base: str, title: str, body: str, *, draft: bool) -> PullRequest:
        fields = {"title": title, "head": branch, "base": base, "body": body, "draft": draft}
        return opened_once(
            lambda: _pull_request(self._caller.send("POST", self._path("pulls"), fields)),
            lambda: self.find(branch),
            lambda number: self.update(number, body, title),
            taken=422,
        )

    def update(self, number: int, body: str, title: str | None = None) -> PullRequest:
        fields = {"body": body} | ({} if title is None else {"title": title})
        return _pull_request(self._caller.send("PATCH", self._path(f"pulls/{number}"), fields))

    def comment(self, number: int, marker: str, body: str) -> Comment:
        text = {"body": f"{marker}\n{body}"}
        comments = self._path(f"issues/{number}/comments")

        def page(place: int) -> list[Row]:
            return _READ.rows(self._caller.get(f"{comments}?per_page={PAGE}&page={place}"))

        for standing in ours(page, marker, self._is_ours):
            path = self._path(f"issues/comments/{_READ.number(standing, 'id')}")
            try:
                done = self._caller.send("PATCH", path, text)
            except Refused:
                continue
            return Comment(_READ.url(done, "html_url"), created=False)
        made = self._caller.send("POST", comments, text)
        return Comment(_READ.url(made, "html_url"), created=True)

    @cached_property
    def _me(self) -> str | None:
        return known(lambda: self._caller.get("user"), "login")

    def _is_ours(self, comment: Row) -> bool:
        if self._me is not None:
            return nested(comment, "user", "login") == self._me
        # A workflow's token writes as its bot, and nobody from outside comments as one.
        return nested(comment, "user", "type") == "Bot"

    def _path(self, rest: str) -> str:
        return f"repos/{self._remote.path}/{rest}"


def _is_of(row: Row, branch: str) -> bool:
    """Whether it asks to take our `branch`: a fork of the same owner may have one of its name."""
    head, base = (nested(row, side, "repo", "full_name") for side in ("head", "base"))
    return nested(row, "head", "ref") == branch and head == base


def _pull_request(found: Any) -> PullRequest:
    row = _READ.row(found)
    title, body = row.get("title") or "", row.get("body") or ""
    return PullRequest(
        _READ.number(row, "number"), _READ.url(row, "html_url"), str(title), str(body)
    )
