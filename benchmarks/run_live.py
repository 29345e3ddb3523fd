"""A run against a live model and a model judge, beside a plain AsyncOpenAI loop.

    python benchmarks/run_live.py [CASES] [ROUNDS]

Every case takes two calls to one server, one of the system and one of the judge, 50 cases at once.
At 50 ms a call the run holds 0.7 of the loop's time, though it also keeps a cache and a log, reads
strictly and retries; at 500 ms a call it holds 0.93 of the best that so many calls could take. Each
process is timed from its start to its end; the server has a process of its own. Processor time is
told beside the clock's, which other work on the machine lengthens.

Quoted, not measured here (1,000 cases, 50 ms, the same two cores at another time): aiohttp alone
2.5 s, a plain AsyncOpenAI loop 5.3, openevals 10.5, promptfoo 11.9, pydantic-evals 15.7, Inspect AI
39, DeepEval 44; at 500 ms the loop 0.90 of the ideal, promptfoo 0.51, Inspect AI 0.49.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

AT_ONCE = 50
CALLS = 2
RUBRIC = """\
name: short
version: 1
criteria:
  - {id: facts, text: Every fact that the next agent needs is there., max: 2}
  - {id: tone, text: "It says how the customer feels, without blame.", max: 1}
"""
CASE = """\
id: {id}
tier: golden
input: |
  Customer: I was charged twice for order {n} and nobody answers my mails. I want it back today.
  Agent: I can see both charges. I have opened a dispute; the bank needs 3 to 5 days.
expected: Charged twice for order {n}; a dispute is open, the bank needs 3 to 5 days.
"""
PROMPT = "Summarise this ticket for the next agent.\n\n{{ input }}\n"
OUTPUT = "Charged twice. The agent opened a dispute at the bank; it takes 3 to 5 days. Annoyed."
GRADES = json.dumps(
    {
        "rationale": {"facts": "All of them are there.", "tone": "It says annoyed."},
        "evidence": {"facts": ["opened a dispute"], "tone": []},
        "scores": {"facts": 2, "tone": 1},
    }
)


def serve(latency_ms: float) -> None:
    """Answers every call after so long; a judge's with grades."""
    from aiohttp import web

    async def chat(request: web.Request) -> web.Response:
        body = await request.read()
        await asyncio.sleep(latency_ms / 1000)
        text = GRADES if b'"response_format"' in body else OUTPUT
        message = {"role": "assistant", "content": text}
        return web.json_response(
            {
                "id": "chatcmpl-1",
                "object": "chat.completion",
                "created": 1,
                "model": "m",
                "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
                "usage": {"prompt_tokens": 90, "completion_tokens": 30, "total_tokens": 120},
            }
        )

    async def up() -> None:
        app = web.Application()
        app.router.add_post("/v1/chat/completions", chat)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        print(runner.addresses[0][1], flush=True)
        await asyncio.Event().wait()

    asyncio.run(up())


def loop(url: str, folder: str, cases: int) -> None:
    """What one writes without a tool: two typed calls a case, nothing kept, nothing checked."""
    from openai import AsyncOpenAI

    async def everything() -> None:
        client = AsyncOpenAI(api_key="k", base_url=url)
        slots = asyncio.Semaphore(AT_ONCE)

        async def ask(text: str, **more: Any) -> str:
            messages: Any = [{"role": "user", "content": text}]
            reply: Any = await client.chat.completions.create(model="m", messages=messages, **more)
            return str(reply.choices[0].message.content)

        async def one(n: int) -> dict[str, object]:
            async with slots:
                ticket = CASE.format(id=n, n=n)
                output = await ask(PROMPT.replace("{{ input }}", ticket))
                asked = f"{RUBRIC}\nScore this answer as JSON.\n\n{ticket}\n\n{output}"
                grades = await ask(asked, response_format={"type": "json_object"})
                return {"output": output, "grades": json.loads(grades)}

        found = await asyncio.gather(*(one(n) for n in range(cases)))
        (Path(folder) / "loop.json").write_text(json.dumps(found))

    asyncio.run(everything())


def build(root: Path, url: str, cases: int) -> None:
    for folder in ("rubrics", "datasets/live/cases/golden"):
        (root / folder).mkdir(parents=True)
    model = f"kind: openai, model: m, base_url: '{url}'"
    (root / "labeltool.yaml").write_text(
        f"dataset: live\nsystems: {{mini: {{{model}, prompt: p.md}}}}\n"
        f"judges: {{default: {{{model}}}}}\n"
    )
    (root / "p.md").write_text(PROMPT)
    (root / "rubrics/short.yaml").write_text(RUBRIC)
    (root / "datasets/live/dataset.yaml").write_text(
        "rubric: short\nsystem: mini\ngates: {golden: {threshold: 0.9}}\n"
    )
    for n in range(cases):
        id = f"c{n:06d}"
        (root / f"datasets/live/cases/golden/{id}.yaml").write_text(CASE.format(id=id, n=n))


@contextmanager
def server(latency_ms: float) -> Iterator[str]:
    process = subprocess.Popen(
        [sys.executable, __file__, "serve", str(latency_ms)], stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        yield f"http://127.0.0.1:{process.stdout.readline().strip()}/v1"
    finally:
        process.kill()
        process.wait()


class Took(NamedTuple):
    """Seconds: by the clock, and of processor time."""

    wall: float
    cpu: float


def timed(command: list[str], folder: Path) -> Took:
    env = {**os.environ, "OPENAI_API_KEY": "k"}
    quiet = subprocess.DEVNULL
    started = time.perf_counter()
    process = subprocess.Popen(command, cwd=folder, env=env, stdout=quiet, stderr=quiet)
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{command} ended with {process.returncode}")
    return Took(wall, usage.ru_utime + usage.ru_stime)


def measure(latency_ms: float, cases: int, rounds: int) -> tuple[Took, Took]:
    """Of the run and of the loop, one after the other each time; the medians."""
    runs, loops = [], []
    ours = [sys.executable, "-m", "labeltool", "run", "--concurrency", str(AT_ONCE)]
    with server(latency_ms) as url:
        for _ in range(rounds):
            with tempfile.TemporaryDirectory() as name:
                folder = Path(name)
                build(folder, url, cases)
                runs.append(timed(ours, folder))
                plain = [sys.executable, __file__, "loop", url, name, str(cases)]
                loops.append(timed(plain, folder))
    return _middle(runs), _middle(loops)


def _middle(took: list[Took]) -> Took:
    return Took(median(one.wall for one in took), median(one.cpu for one in took))


def main() -> None:
    cases = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    print(f"{cases:,} cases x {CALLS} calls, {AT_ONCE} at once, median of {rounds}")
    for latency_ms in (50.0, 500.0):
        run, plain = measure(latency_ms, cases, rounds)
        ideal = cases * CALLS * latency_ms / 1000 / AT_ONCE
        for name, took in (("labeltool run", run), ("plain AsyncOpenAI loop", plain)):
            print(f"{latency_ms:g} ms: {name} {took.wall:.2f} s, {took.cpu:.2f} s of processor")
        if latency_ms < 100:
            print(f"  {run.wall / plain.wall:.2f} x the loop by the clock (hold: 0.70)")
            print(f"  {run.cpu / plain.cpu:.2f} x the loop by the processor")
        else:
            print(f"  ideal / wall {ideal / run.wall:.2f} (hold: 0.93)")
            print(f"  the loop's {ideal / plain.wall:.2f}")


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["serve", latency]:
            serve(float(latency))
        case ["loop", url, folder, count]:
            loop(url, folder, int(count))
        case _:
            main()
