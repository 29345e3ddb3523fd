"""The very shell lines of a workflow, run as a runner runs them, against a host on loopback."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from labeltool.scaffold import contents
from tests.forge.host import TOKEN, Host

EXPRESSION = re.compile(r"\$\{\{\s*(.+?)\s*\}\}")

GH = """\
#!{python}
import http.client, json, subprocess, sys
from urllib.parse import urlsplit
args = sys.argv[1:]
with open({log!r}, "a") as log:
    log.write(json.dumps(args) + "\\n")
if args[0] == "auth":
    sys.exit(0)
if args[:2] == ["run", "list"]:
    print({last_run!r})
    sys.exit(0)
if args[:2] == ["run", "download"]:
    import shutil
    shutil.copytree({artifact!r}, args[args.index("--dir") + 1])
    sys.exit(0)
method, path, jq, pages, body, include = None, None, None, False, None, False
fields = {{}}
args = args[1:]
while args:
    one = args.pop(0)
    if one in ("-X", "--method"): method = args.pop(0)
    elif one == "--jq": jq = args.pop(0)
    elif one == "--paginate": pages = True
    elif one == "--include": include = True
    elif one in ("-f", "-F"):
        name, _, value = args.pop(0).partition("=")
        fields[name] = open(value[1:]).read() if one == "-F" and value[:1] == "@" else value
    elif one == "--input": args.pop(0); body = sys.stdin.buffer.read()
    elif one in ("-H", "--hostname"): args.pop(0)
    else: path = one
if fields:
    body = json.dumps(fields).encode()
def ask(target):
    connection = http.client.HTTPConnection(urlsplit({url!r}).netloc)
    connection.request(method or ("POST" if body else "GET"), "/" + target.lstrip("/"), body or b"")
    answer = connection.getresponse()
    data = answer.read()
    if include:
        head = f"HTTP/2.0 {{answer.status}} {{answer.reason}}\\r\\n\\r\\n"
        sys.stdout.write(head + data.decode())
    if answer.status >= 400:
        print(f"gh: {{answer.reason}} (HTTP {{answer.status}})", file=sys.stderr)
        sys.exit(1)
    return data
def show(data):
    if include:
        return
    if jq is None:
        print(data.decode())
        return
    done = subprocess.run(["jq", "-r", jq], input=data, capture_output=True)
    sys.stdout.write(done.stdout.decode())
    sys.stderr.write(done.stderr.decode())
    if done.returncode:
        sys.exit(done.returncode)
if not pages:
    show(ask(path))
number = 1
while pages:
    data = ask(path + f"&page={{number}}")
    show(data)
    if json.loads(data) == []:
        break
    number += 1
"""


class Issues(Host):
    """A host that has issues as well."""

    def __init__(self) -> None:
        super().__init__()
        self.issues: list[dict[str, Any]] = []

    def _found(self, method: str, target: str, fields: dict[str, Any]) -> tuple[int, Any]:
        found = re.match(r"^/repos/acme/evals/issues(?:/(\d+))?(?:\?(.*))?$", target)
        if not found:
            return super()._found(method, target, fields)
        if method == "GET":
            return 200, self.issues if "page=1" in (found[2] or "").split("&") else []
        if found[1] is None:
            self.issues.append({"number": len(self.issues) + 40, "user": {"type": "Bot"}, **fields})
            return 201, self.issues[-1]
        return 200, self._changed(self.issues, "number", int(found[1]), fields)


@dataclass
class Done:
    """What became of each step that was run: its exit code and all that it printed."""

    codes: dict[str, int] = field(default_factory=dict)
    said: str = ""

    @property
    def green(self) -> bool:
        return not any(self.codes.values())


@dataclass
class Runner:
    """Runs the one job of a workflow that `init` writes, in a clone of `hub`.

    values: what its expressions mean, beside the token and the steps' own.
    """

    folder: Path
    hub: Path
    host: Host
    event: Path
    values: Mapping[str, str]
    last_run: str = "77"
    artifact: str = ""
    log: Path = field(init=False)

    def __post_init__(self) -> None:
        programs = self.folder / "programs"
        programs.mkdir(exist_ok=True)
        self.log = self.folder / "gh.log"
        gh = programs / "gh"
        gh.write_text(
            GH.format(
                python=sys.executable,
                log=str(self.log),
                url=self.host.url,
                last_run=self.last_run,
                artifact=self.artifact,
            )
        )
        gh.chmod(0o755)
        (self.folder / "temp").mkdir(exist_ok=True)

    def run(self, path: str, *, without: Collection[str] = ()) -> Done:
        """`without`: names of steps that a test does not speak of and that take their time."""
        workflow = yaml.safe_load(contents(example=False)[path])
        (job,) = workflow["jobs"].values()
        clone = self._clone()
        done, outputs = Done(), {"github.token": TOKEN, **self.values}
        common = {name: self._value(str(text), outputs) for name, text in job["env"].items()}
        for number, step in enumerate(job["steps"]):
            name = step.get("name", f"step {number}")
            if "run" not in step or "pip install" in step["run"] or name in without:
                continue
            if not self._wanted(step.get("if"), done, outputs):
                continue
            env = {n: self._value(str(v), outputs) for n, v in step.get("env", {}).items()}
            output = self.folder / f"output-{number}"
            output.write_text("")
            script = self.folder / f"step-{number}.sh"
            script.write_text(step["run"])
            ran = subprocess.run(
                ["bash", "-e", str(script)],
                cwd=clone,
                env={**self._env(), **common, **env, "GITHUB_OUTPUT": str(output)},
                capture_output=True,
                text=True,
            )
            done.said += f"--- {name}\n{ran.stdout}{ran.stderr}"
            if "id" in step:
                outcome = "success" if ran.returncode == 0 else "failure"
                outputs[f"steps.{step['id']}.outcome"] = outcome
                for line in output.read_text().splitlines():
                    key, _, value = line.partition("=")
                    outputs[f"steps.{step['id']}.outputs.{key}"] = value
            if not step.get("continue-on-error"):
                done.codes[name] = ran.returncode
        return done

    def _clone(self) -> Path:
        clone = self.folder / f"clone-{len(list(self.folder.glob('clone-*')))}"
        url = "https://github.com/acme/evals.git"
        for args in (
            ["clone", "-q", str(self.hub), str(clone)],
            ["-C", str(clone), "remote", "set-url", "origin", url],
            ["-C", str(clone), "config", f"url.{self.hub}.insteadOf", url],
        ):
            subprocess.run(["git", *args], env=self._env(), check=True, capture_output=True)
        return clone

    @staticmethod
    def _value(text: str, known: Mapping[str, str]) -> str:
        return EXPRESSION.sub(lambda found: known.get(found[1], ""), text)

    @staticmethod
    def _wanted(condition: str | None, done: Done, known: Mapping[str, str]) -> bool:
        if condition == "failure()":
            return not done.green
        if condition is not None:
            name = condition.removesuffix(" != ''")
            assert name != condition, "another condition: teach it here"
            return done.green and bool(known.get(name))
        return done.green

    def _env(self) -> dict[str, str]:
        bin = Path(sys.executable).parent
        kept = {name: os.environ[name] for name in ("LANG", "TMPDIR") if name in os.environ}
        return {
            **kept,
            "PATH": f"{self.folder / 'programs'}:{bin}:/usr/bin:/bin",
            "HOME": str(self.folder),
            "GIT_CONFIG_NOSYSTEM": "1",
            "CI": "true",
            "GITHUB_ACTIONS": "true",
            "GITHUB_EVENT_PATH": str(self.event),
            "GITHUB_REPOSITORY": "acme/evals",
            "GITHUB_REPOSITORY_OWNER": "acme",
            "GITHUB_SERVER_URL": "https://github.com",
            "GITHUB_RUN_ID": "5",
            "GITHUB_STEP_SUMMARY": str(self.folder / "summary.md"),
            "RUNNER_TEMP": str(self.folder / "temp"),
            "PYTHONPATH": str(Path(__file__).parents[2]),
        }


def expressions(text: str) -> Iterator[str]:
    """Every expression of a workflow."""
    yield from EXPRESSION.findall(text)
