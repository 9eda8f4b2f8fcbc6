"""Progress of one long statement over a file, in the file's bytes."""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Any

from sapwood_storage.tabular.readers.sql import Connection
from sapwood_storage.tabular.sandbox.progress import shares

Tell = Callable[[dict[str, Any]], None]


@contextmanager
def watched(connection: Connection, tell: Tell, total: int) -> Generator[None]:
    """Tell `done` of `total` bytes several times a second while the block runs its statement."""
    with shares(connection, lambda share: tell({"done": int(total * share), "total": total})):
        yield
    tell({"done": total, "total": total})
