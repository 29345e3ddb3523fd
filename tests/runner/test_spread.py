"""Chunks over a Dask cluster of this machine: in order, bounded, equal to one process."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from labeltool.errors import IncompleteError
from labeltool.runner.spread import spread
from tests.commands.shop import compare, production, shop

cluster = pytest.importorskip("distributed")


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with cluster.LocalCluster(
        n_workers=2,
        threads_per_worker=1,
        processes=False,
        dashboard_address="127.0.0.1:0",
        local_directory=str(tmp_path_factory.mktemp("dask")),
    ) as running:
        yield running.scheduler_address


def times(task: int, chunk: list[int]) -> list[int]:
    return [task * one for one in chunk]


def fails(task: int, chunk: list[int]) -> list[int]:
    raise KeyError(task)


def test_results_come_in_the_order_of_the_chunks(address: str) -> None:
    chunks = [[at, at + 1] for at in range(30)]
    assert list(spread(times, 3, chunks, address)) == [[3 * at, 3 * at + 3] for at in range(30)]
    assert list(spread(times, 3, [], address)) == []


def test_no_more_is_read_than_the_workers_can_take(address: str) -> None:
    read: list[int] = []

    def chunks() -> Iterator[list[int]]:
        for at in range(100):
            read.append(at)
            yield [at]

    results = spread(times, 1, chunks(), address)
    next(results)
    assert len(read) <= 6
    results.close()  # type: ignore[attr-defined]


def test_what_the_work_raises_comes_as_it_is(address: str) -> None:
    with pytest.raises(KeyError, match="7"):
        list(spread(fails, 7, [[1]], address))


def test_an_address_where_nobody_answers_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("labeltool.runner.spread.WAIT_S", 1)
    with pytest.raises(IncompleteError, match="no cluster answers"):
        list(spread(times, 1, [[1]], "tcp://127.0.0.1:9"))


def test_drift_on_a_cluster_is_the_drift_of_one_process(
    address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("labeltool.commands.drift.CHUNK", 37)
    repo = shop(tmp_path / "evals")
    rows = production(visa=60)
    assert compare(repo, rows) == compare(repo, rows, engine="dask", cluster=address)
    repo.close()
