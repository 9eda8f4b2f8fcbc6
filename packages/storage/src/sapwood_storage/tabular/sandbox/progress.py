"""How far a long statement is, asked for from a second thread while DuckDB works in the first."""

import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Final

import _duckdb

_EVERY_S: Final = 0.1


@contextmanager
def shares(connection: _duckdb.DuckDBPyConnection, tell: Callable[[float], None]) -> Generator[None]:
    """Tell the share that is done, 0 to 1, several times a second while the block runs its statement.

    `tell` is called in a thread of its own, with more each time, and not any more once the block is left.
    """
    ended = threading.Event()

    def watch() -> None:
        furthest = -1.0  # what DuckDB says while no statement runs
        while not ended.wait(_EVERY_S):
            percent = connection.query_progress()
            if percent > furthest:  # between two pipelines and at the end it may say 0 once more
                furthest = percent
                tell(min(percent, 100.0) / 100)

    watcher = threading.Thread(target=watch, name="progress")
    watcher.start()
    try:
        yield
    finally:
        ended.set()
        watcher.join()
