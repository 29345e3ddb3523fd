"""GitLab's merge requests and notes."""

from __future__ import annotations

from functools import cached_property
from typing import Any
from urllib.parse import quote

from labeltool.forge.alike import PAGE, Answers, Row, known, nested, opened_once, ours
from labeltool.forge.base import Comment, PullRequest, Refused
from labeltool.forge.call import Caller
from labeltool.forge.remote import Remote

_READ = Answers("GitLab", "glab auth status")
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
        mine = [one for one in _READ.rows(found) if _is_of(one, branch)]
        return _merge_request(mine[0]) if mine else None

    def create(self, branch: str, base: str, title: str, body: str, *, draft: bool) -> PullRequest:
        fields = {
            "source_branch": branch,
            "target_branch": base,
            "title": f"{_DRAFT}{title}" if draft else title,
            "description": body,
        }
        return opened_once(
            lambda: _merge_request(self._caller.send("POST", self._path(), fields)),
            lambda: self.find(branch),
            lambda number: self.update(number, body, title),
            taken=409,
        )

    def update(self, number: int, body: str, title: str | None = None) -> PullRequest:
        fields = {"description": body} | ({} if title is None else {"title": title})
        return _merge_request(self._caller.send("PUT", self._path(f"/{number}"), fields))

    def comment(self, number: int, marker: str, body: str) -> Comment:
        notes, text = self._path(f"/{number}/notes"), {"body": f"{marker}\n{body}"}

        def page(place: int) -> list[Row]:
            return _READ.rows(self._caller.get(f"{notes}?per_page={PAGE}&page={place}"))

        for standing in ours(page, marker, self._is_ours):
            note = _READ.number(standing, "id")
            try:
                self._caller.send("PUT", f"{notes}/{note}", text)
            except Refused:
                continue
            return Comment(self._note(number, note), created=False)
        made = self._caller.send("POST", notes, text)
        return Comment(self._note(number, _READ.number(made, "id")), created=True)

    @cached_property
    def _me(self) -> str | None:
        return known(lambda: self._caller.get("user"), "username")

    def _is_ours(self, note: Row) -> bool:
        return self._me is not None and nested(note, "author", "username") == self._me

    def _note(self, number: int, note: int) -> str:
        return f"{self._remote.web}/-/merge_requests/{number}#note_{note}"

    def _path(self, rest: str = "") -> str:
        return f"projects/{quote(self._remote.path, safe='')}/merge_requests{rest}"


def _is_of(row: Row, branch: str) -> bool:
    """Whether it asks to take our `branch`, and not one that a fork calls the same."""
    own = row.get("source_project_id") == row.get("target_project_id")
    return own and row.get("source_branch") == branch


def _merge_request(found: Any) -> PullRequest:
    row = _READ.row(found)
    title, body = str(row.get("title") or ""), str(row.get("description") or "")
    number, url = _READ.number(row, "iid"), _READ.url(row, "web_url")
    return PullRequest(number, url, title.removeprefix(_DRAFT), body)
