"""Progress of one long statement, asked for from a second thread while DuckDB works in the first."""

import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Any, Final

from sapwood_storage.tabular.readers.sql import Connection

Tell = Callable[[dict[str, Any]], None]

_EVERY_S: Final = 0.25


@contextmanager
def watched(connection: Connection, tell: Tell, total: int) -> Generator[None]:
    """Tell `done` of `total` bytes several times a second while the block runs its statement."""
    ended = threading.Event()

    def watch() -> None:
        while not ended.wait(_EVERY_S):
            share = connection.query_progress()
            if share >= 0:  # negative: no statement runs yet
                tell({"done": int(total * min(share, 100.0) / 100), "total": total})

    watcher = threading.Thread(target=watch, name="progress")
    watcher.start()
    try:
        yield
    finally:
        ended.set()
        watcher.join()
    tell({"done": total, "total": total})
