"""A worker in which every scope holds a table; its gate and its settings are what ships."""

from typing import Any

import objects

from sapwood_storage.tabular.sandbox import serve as honest
from sapwood_storage.tabular.sandbox import worker

a_global = objects.a_global


def serve(fd: int, bound: honest.Bound) -> None:
    a_callers = objects.Table()
    honest._query = query
    honest.serve(fd, bound)
    assert a_callers


class _Connection:
    """The worker's connection, called from where the names are in sight."""

    def __init__(self, inner: Any) -> None:
        self._inner = inner

    def execute(self, sql: str, *more: Any) -> Any:
        a_local = objects.Table()
        found = self._inner.execute(sql, *more)
        assert a_local
        return found

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)


_query = honest._query


def query(fd: int, connection: Any, request: dict[str, Any]) -> dict[str, Any]:
    among_objects: Any = _Connection(connection)
    return _query(fd, among_objects, request)


def main() -> int:
    return worker.main(serve=serve)
