from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.forge.host import Host


@pytest.fixture
def host() -> Iterator[Host]:
    host = Host()
    yield host
    host.close()
