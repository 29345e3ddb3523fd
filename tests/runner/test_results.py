from __future__ import annotations

import json
import os
import threading
from pathlib import Path

import pytest

from labeltool.errors import StorageError
from labeltool.runner.results import document, write_results
from labeltool.safe_text import visible
from tests import hostile
from tests.report.samples import results


def test_it_replaces_the_old_results_at_once(tmp_path: Path) -> None:
    out = tmp_path / "r.json"
    out.write_text("old")

    def pieces() -> list[bytes]:
        assert out.read_text() == "old"
        return [b"new", b" text"]

    write_results(out, (piece for piece in pieces()))
    assert out.read_text() == "new text"
    assert [path.name for path in tmp_path.iterdir()] == ["r.json"]


def test_a_failure_on_the_way_leaves_the_old_results_and_nothing_else(tmp_path: Path) -> None:
    out = tmp_path / "r.json"
    out.write_text("old")

    def broken() -> object:
        yield b"half"
        raise OSError(28, "No space left on device")

    with pytest.raises(StorageError, match="No space left"):
        write_results(out, broken())  # type: ignore[arg-type]
    assert out.read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["r.json"]


def test_a_fifo_is_written_in_place(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    got: list[bytes] = []
    reader = threading.Thread(target=lambda: got.append(pipe.read_bytes()))
    reader.start()
    write_results(pipe, [b"through"])
    reader.join()
    assert got == [b"through"]
    assert pipe.is_fifo()


def test_a_pipe_behind_a_device_name_is_written_in_place() -> None:
    """`--out /dev/stdout | jq` and `--out >(jq)` hand such a name over."""
    read, write = os.pipe()
    try:
        write_results(Path(f"/dev/fd/{write}"), [b"through"])
        assert os.read(read, 100) == b"through"
    finally:
        os.close(read)
        os.close(write)


@pytest.mark.parametrize("text", hostile.WRITABLE)
def test_the_document_acts_on_no_terminal_and_keeps_every_text(text: str) -> None:
    case = json.dumps({"output": text}, ensure_ascii=False).encode()
    whole = b"".join(document(results(notices=[text], cases=[]), [case])).decode()
    assert visible(whole) == whole
    assert json.loads(whole)["cases"] == [{"output": text}]
    assert json.loads(whole)["notices"] == [text]


def test_a_folder_and_a_missing_folder_are_refused_with_a_next_step(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "gone/r.json"):
        with pytest.raises(StorageError) as caught:
            write_results(path, [b""])
        assert caught.value.hint
