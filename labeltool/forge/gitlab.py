"""GitLab's merge requests and notes."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from labeltool.forge.base import Comment, ForgeError, PullRequest, Refused
from labeltool.forge.call import Caller
from labeltool.forge.remote import Remote

_PAGE = 100
_PAGES = 30
_DRAFT = "Draft: "


class GitLab:
    """A project at GitLab: its merge requests are our pull requests."""

    def __init__(self, caller: Caller, remote: Remote):
        self._caller, self._remote = caller, remote

    @property
    def via(self) -> str:
        return self._caller.name

    def find(self, branch: str) -> PullRequest | None:
        source = quote(branch, safe="")
        found = self._caller.get(self._path(f"?state=opened&source_branch={source}"))
        mine = [one for one in _rows(found) if one.get("source_branch") == branch]
        return _merge_request(mine[0]) if mine else None

    def create(self, branch: str, base: str, title: str, body: str, *, draft: bool) -> PullRequest:
        fields = {
            "source_branch": branch,
            "target_branch": base,
            "title": f"{_DRAFT}{title}" if draft else title,
            "description": body,
        }
        try:
            return _merge_request(self._caller.send("POST", self._path(), fields))
        except ForgeError as error:
            standing = self.find(branch) if error.status == 409 else None
            if standing is None:
                raise
            return self.update(standing.number, body, title)

    def update(self, number: int, body: str, title: str | None = None) -> PullRequest:
        fields = {"description": body} | ({} if title is None else {"title": title})
        return _merge_request(self._caller.send("PUT", self._path(f"/{number}"), fields))

    def comment(self, number: int, marker: str, body: str) -> Comment:
        notes, text = self._path(f"/{number}/notes"), f"{marker}\n{body}"
        for page in range(1, _PAGES + 1):
            rows = _rows(self._caller.get(f"{notes}?per_page={_PAGE}&page={page}"))
            for row in rows:
                if not str(row.get("body") or "").startswith(marker):
                    continue
                try:
                    self._caller.send("PUT", f"{notes}/{_int(row, 'id')}", {"body": text})
                except Refused:
                    continue  # somebody else's that quotes our marker
                return Comment(self._note(number, _int(row, "id")), created=False)
            if len(rows) < _PAGE:
                break
        made = self._caller.send("POST", notes, {"body": text})
        return Comment(self._note(number, _int(made, "id")), created=True)

    def _note(self, number: int, note: int) -> str:
        return f"{self._remote.web}/-/merge_requests/{number}#note_{note}"

    def _path(self, rest: str = "") -> str:
        return f"projects/{quote(self._remote.path, safe='')}/merge_requests{rest}"


def _merge_request(row: Any) -> PullRequest:
    url = row.get("web_url") if isinstance(row, dict) else None
    if not isinstance(url, str) or not url.startswith(("https://", "http://")):
        raise _odd()
    title, body = str(row.get("title") or ""), str(row.get("description") or "")
    return PullRequest(_int(row, "iid"), url, title.removeprefix(_DRAFT), body)


def _rows(found: Any) -> list[dict[str, Any]]:
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise _odd()
    return found


def _int(row: Any, name: str) -> int:
    value = row.get(name) if isinstance(row, dict) else None
    if not isinstance(value, int) or isinstance(value, bool):
        raise _odd()
    return value


def _odd() -> ForgeError:
    return ForgeError("the answer is not what GitLab's API gives", hint="glab auth status")
