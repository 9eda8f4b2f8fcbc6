import threading
from typing import cast

from _duckdb import DuckDBPyConnection

from sapwood_storage.tabular.sandbox.progress import shares


class Scripted:
    """A connection that says these percents, one a question, and then that nothing runs."""

    def __init__(self, *percents: float) -> None:
        self._left = list(percents)
        self.ended = threading.Event()

    def query_progress(self) -> float:
        if self._left:
            return self._left.pop(0)
        self.ended.set()
        return -1.0


def test_no_share_is_less_than_one_that_was_told() -> None:
    connection = Scripted(-1.0, 0.0, 20.0, 50.0, 0.0, 40.0, 70.0, 100.5, 0.0)
    told: list[float] = []

    with shares(cast("DuckDBPyConnection", connection), told.append):
        assert connection.ended.wait(30)

    assert told == [0.0, 0.2, 0.5, 0.7, 1.0]
