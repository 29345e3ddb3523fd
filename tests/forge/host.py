"""A code host: a real HTTP server on loopback that speaks as much of GitHub's and GitLab's API as
labeltool asks for, and fails where a test says so; and `gh` and `glab` that ask it.
"""

from __future__ import annotations

import json
import re
import sys
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

TOKEN = "ghp_0123456789abcdefghijABCDEFGHIJ012345"


@dataclass(frozen=True)
class Fault:
    """An answer that stands in for the true one. with_it: the call is done all the same."""

    status: int
    body: str = '{"message": "no"}'
    headers: dict[str, str] = field(default_factory=dict)
    method: str | None = None
    with_it: bool = False


@dataclass
class Asked:
    method: str
    path: str
    fields: dict[str, Any]
    token: str | None


class Host:
    """`pulls` and `comments` as the API gives them; `asked` is every call, in order."""

    def __init__(self) -> None:
        self.pulls: list[dict[str, Any]] = []
        self.comments: list[dict[str, Any]] = []
        self.faults: list[Fault] = []
        self.asked: list[Asked] = []
        self.me: str | None = None
        """Whose token it is; None: a workflow's, which may not ask and writes as its bot."""
        self.locked: set[int] = set()
        """Comments of somebody else: they cannot be changed."""
        host = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def _answer(self) -> None:
                length = int(self.headers.get("content-length") or 0)
                body = self.rfile.read(length)
                status, data, headers = host.answer(
                    self.command, self.path, body, self.headers.get("authorization")
                )
                self.send_response(status)
                headers.setdefault("content-type", "application/json")
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("content-length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            do_GET = do_POST = do_PATCH = do_PUT = _answer  # noqa: N815

            def log_message(self, format: str, *args: object) -> None: ...

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def close(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def answer(
        self, method: str, target: str, body: bytes, token: str | None
    ) -> tuple[int, bytes, dict[str, str]]:
        fields = json.loads(body) if body else {}
        self.asked.append(Asked(method, target, fields, token))
        fault = self._fault(method)
        if fault is not None and not fault.with_it:
            return fault.status, fault.body.encode(), dict(fault.headers)
        status, found = self._found(method, target, fields)
        if fault is not None:
            return fault.status, fault.body.encode(), dict(fault.headers)
        return status, json.dumps(found).encode(), {}

    def _fault(self, method: str) -> Fault | None:
        for place, fault in enumerate(self.faults):
            if fault.method in (None, method):
                return self.faults.pop(place)
        return None

    def _found(self, method: str, target: str, fields: dict[str, Any]) -> tuple[int, Any]:
        parts = urlsplit(target)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if parts.path == "/user":
            if self.me is None:
                return 403, {"message": "Resource not accessible by integration"}
            return 200, {"login": self.me, "username": self.me}
        if parts.path.startswith("/projects/"):
            return self._gitlab(method, parts.path, query, fields)
        path = re.sub(r"^/repos/acme/evals/", "", parts.path)
        if path == "pulls":
            return self._pulls(method, query, fields)
        if match := re.fullmatch(r"pulls/(\d+)", path):
            return 200, self._changed(self.pulls, "number", int(match[1]), fields)
        if match := re.fullmatch(r"issues/comments/(\d+)", path):
            if int(match[1]) in self.locked:
                return 403, {"message": "Resource not accessible by integration"}
            return 200, self._changed(self.comments, "id", int(match[1]), fields)
        if match := re.fullmatch(r"issues/(\d+)/comments", path):
            return self._comments(method, match[1], query, fields)
        return 404, {"message": "Not Found"}

    def _pulls(self, method: str, query: dict[str, str], fields: dict[str, Any]) -> tuple[int, Any]:
        if method == "GET":
            branch = query["head"].removeprefix("acme:")
            return 200, [one for one in self.pulls if one["head"]["ref"] == branch]
        if any(one["head"]["ref"] == fields["head"] for one in self.pulls):
            message = "A pull request already exists for acme:x."
            return 422, {"message": "Validation Failed", "errors": [{"message": message}]}
        return 201, self.pull(**fields)

    def pull(self, head: str, title: str = "", body: str = "", **fields: Any) -> dict[str, Any]:
        """An open pull request, as if somebody had made it."""
        number = len(self.pulls) + 1
        url = f"https://github.com/acme/evals/pull/{number}"
        made = {"number": number, "html_url": url, "title": title, "body": body, **fields}
        self.pulls.append({**made, "head": {"ref": head}})
        return self.pulls[-1]

    def _comments(
        self, method: str, number: str, query: dict[str, str], fields: dict[str, Any]
    ) -> tuple[int, Any]:
        if method == "GET":
            size, page = int(query["per_page"]), int(query["page"])
            return 200, self.comments[size * (page - 1) : size * page]
        return 201, self.say(fields["body"], number)

    def say(self, body: str, number: str = "1", by: str | None = None) -> dict[str, Any]:
        """A comment; without `by` of whoever asks."""
        id = 1000 + len(self.comments)
        url = f"https://github.com/acme/evals/pull/{number}#issuecomment-{id}"
        name = by or self.me or "github-actions[bot]"
        user = {"login": name, "type": "Bot" if name.endswith("[bot]") else "User"}
        who = {"user": user, "author": {"username": name}}
        self.comments.append({"id": id, "html_url": url, "body": body, **who})
        return self.comments[-1]

    def _gitlab(
        self, method: str, path: str, query: dict[str, str], fields: dict[str, Any]
    ) -> tuple[int, Any]:
        _, project, rest = re.split(r"/projects/([^/]+)/merge_requests", path)
        assert unquote(project) == "acme/ml/evals"
        if rest == "" and method == "GET":
            return 200, [
                one for one in self.pulls if one["source_branch"] == query["source_branch"]
            ]
        if rest == "":
            number = len(self.pulls) + 1
            url = f"https://gitlab.com/acme/ml/evals/-/merge_requests/{number}"
            self.pulls.append({"iid": number, "web_url": url, **fields})
            return 201, self.pulls[-1]
        if match := re.fullmatch(r"/(\d+)", rest):
            return 200, self._changed(self.pulls, "iid", int(match[1]), fields)
        if match := re.fullmatch(r"/\d+/notes/(\d+)", rest):
            return 200, self._changed(self.comments, "id", int(match[1]), fields)
        if method == "GET":
            return 200, self.comments if query["page"] == "1" else []
        return 201, self.say(fields["body"])

    @staticmethod
    def _changed(
        rows: list[dict[str, Any]], key: str, id: int, fields: dict[str, Any]
    ) -> dict[str, Any]:
        row = next(one for one in rows if one[key] == id)
        row.update(fields)
        return row


_PROGRAM = """\
#!{python}
import http.client, json, os, sys
from urllib.parse import urlsplit
args = sys.argv[1:]
with open({log!r}, "a") as log:
    log.write(json.dumps([{name!r}, *args]) + "\\n")
if args[0] == "auth":
    sys.exit(0 if {known} else 1)
if not {known}:
    print("To get started, please run:  gh auth login", file=sys.stderr)
    sys.exit(4)
body = sys.stdin.buffer.read()
connection = http.client.HTTPConnection(urlsplit({url!r}).netloc)
connection.request(args[args.index("--method") + 1], "/" + args[-1], body)
answer = connection.getresponse()
data = answer.read()
head = f"HTTP/2.0 {{answer.status}} {{answer.reason}}\\r\\n"
head += "".join(f"{{k}}: {{v}}\\r\\n" for k, v in answer.getheaders())
sys.stdout.buffer.write(head.encode() + b"\\r\\n" + data)
if answer.status >= 400:
    print(f"{name}: {{answer.reason}} (HTTP {{answer.status}})", file=sys.stderr)
    sys.exit(1)
"""


@dataclass(frozen=True)
class Programs:
    """`gh` and `glab` in a folder of their own, first on the PATH of `env`."""

    folder: Path

    def install(self, name: str, host: Host, *, logged_in: bool = True) -> None:
        self.folder.mkdir(exist_ok=True)
        file = self.folder / name
        log = str(self.folder / "log")
        file.write_text(
            _PROGRAM.format(
                python=sys.executable, name=name, log=log, url=host.url, known=logged_in
            )
        )
        file.chmod(0o755)

    def calls(self) -> list[list[str]]:
        log = self.folder / "log"
        return [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []

    def path(self) -> str:
        """A PATH with these, git and nothing else that speaks with a host."""
        return f"{self.folder}:/usr/bin:/bin"
