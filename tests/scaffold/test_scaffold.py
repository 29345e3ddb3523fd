"""What `init` writes, as values."""

from __future__ import annotations

import pytest

from labeltool import __version__, scaffold
from labeltool.model.case import Case
from labeltool.model.output import Output
from labeltool.store import codec


def test_names_are_unpacked() -> None:
    names = set(scaffold.contents(example=True))
    assert {".gitignore", ".gitattributes", scaffold.WORKFLOW} <= names
    assert "datasets/shop-answers/shop.py" in names
    assert not any("dot-" in name or name.endswith((".txt", ".empty")) for name in names)


def test_the_workflow_installs_the_version_that_wrote_it() -> None:
    workflow = scaffold.contents(example=False)[scaffold.WORKFLOW].decode()
    assert f'"labeltool=={__version__}"' in workflow


def test_the_example_is_written_as_our_writer_would() -> None:
    for path, data in scaffold.contents(example=True).items():
        kind = Case if "/cases/" in path else Output if "/outputs/" in path else None
        if kind is not None:
            assert codec.encode(codec.decode(data, kind, path)) == data


@pytest.mark.parametrize(
    ("present", "wanted", "joined"),
    [
        (b"", b"a\nb\n", b"a\nb\n"),
        (b"b", b"a\nb\n", b"b\na\n"),
        (b"x\n", b"a\n", b"x\na\n"),
        (b"a\r\nb\n", b"a\nb\n", b"a\r\nb\n"),
    ],
)
def test_only_missing_lines_join(present: bytes, wanted: bytes, joined: bytes) -> None:
    assert scaffold.joined(present, wanted) == joined
