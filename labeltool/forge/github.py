"""GitHub's pull requests and comments."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from labeltool.forge.base import Comment, ForgeError, PullRequest, Refused
from labeltool.forge.call import Caller
from labeltool.forge.remote import Remote

_PAGE = 100
_PAGES = 30


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
        mine = [one for one in _rows(found) if _branch(one) == branch]
        return _pull_request(mine[0]) if mine else None

    def create(self, branch: str, base: str, title: str, body: str, *, draft: bool) -> PullRequest:
        fields = {"title": title, "head": branch, "base": base, "body": body, "draft": draft}
        try:
            return _pull_request(self._caller.send("POST", self._path("pulls"), fields))
        except ForgeError as error:
            # Somebody was quicker, or our own first try came through though it did not look so.
            standing = self.find(branch) if error.status == 422 else None
            if standing is None:
                raise
            return self.update(standing.number, body, title)

    def update(self, number: int, body: str, title: str | None = None) -> PullRequest:
        fields = {"body": body} | ({} if title is None else {"title": title})
        return _pull_request(self._caller.send("PATCH", self._path(f"pulls/{number}"), fields))

    def comment(self, number: int, marker: str, body: str) -> Comment:
        text = f"{marker}\n{body}"
        for standing in self._marked(number, marker):
            path = self._path(f"issues/comments/{standing}")
            try:
                return Comment(
                    _url(self._caller.send("PATCH", path, {"body": text})), created=False
                )
            except Refused:
                continue  # somebody else's that quotes our marker
        path = self._path(f"issues/{number}/comments")
        return Comment(_url(self._caller.send("POST", path, {"body": text})), created=True)

    def _marked(self, number: int, marker: str) -> list[int]:
        found: list[int] = []
        for page in range(1, _PAGES + 1):
            path = self._path(f"issues/{number}/comments?per_page={_PAGE}&page={page}")
            rows = _rows(self._caller.get(path))
            found += [
                _int(row, "id") for row in rows if str(row.get("body") or "").startswith(marker)
            ]
            if len(rows) < _PAGE:
                break
        return found

    def _path(self, rest: str) -> str:
        return f"repos/{self._remote.path}/{rest}"


def _pull_request(row: Any) -> PullRequest:
    if not isinstance(row, dict):
        raise _odd()
    title, body = row.get("title") or "", row.get("body") or ""
    return PullRequest(_int(row, "number"), _url(row), str(title), str(body))


def _branch(row: dict[str, Any]) -> object:
    head = row.get("head")
    return head.get("ref") if isinstance(head, dict) else None


def _rows(found: Any) -> list[dict[str, Any]]:
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise _odd()
    return found


def _int(row: dict[str, Any], name: str) -> int:
    value = row.get(name)
    if not isinstance(value, int) or isinstance(value, bool):
        raise _odd()
    return value


def _url(row: Any) -> str:
    value = row.get("html_url") if isinstance(row, dict) else None
    if not isinstance(value, str) or not value.startswith(("https://", "http://")):
        raise _odd()
    return value


def _odd() -> ForgeError:
    return ForgeError("the answer is not what GitHub's API gives", hint="is GITHUB_API_URL right?")
