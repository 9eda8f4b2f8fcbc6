"""What a bound worker does until its parent hangs up: run queries, or our own operations on one source."""

import os
import queue
import re
import threading
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from typing import Any, Final, NamedTuple

import _duckdb

from sapwood_storage.tabular.sandbox import cells, gate, protocol
from sapwood_storage.tabular.sandbox.faults import Fault, describe
from sapwood_storage.tabular.sandbox.progress import shares

Operation = Callable[
    [_duckdb.DuckDBPyConnection, dict[str, Any], Callable[[dict[str, Any]], None]], dict[str, Any]
]

_ROWS_AT_ONCE: Final = 1024
_ROOM_IN_FRAME: Final = protocol.MAX_FRAME - 1024
_LINE: Final = re.compile(r"^LINE (\d+):", re.MULTILINE)


class Bound(NamedTuple):
    """A worker after its layers are on."""

    connection: _duckdb.DuckDBPyConnection
    operations: dict[str, Operation]  # empty in query mode
    places: dict[str, str]  # `source` and `staging` as the worker sees them


class TooLarge(Exception):
    """The result has more bytes than the caller takes."""


def serve(fd: int, bound: Bound) -> None:
    """Answer one request after another; a request that arrives meanwhile can only be an interrupt."""
    inbox: queue.SimpleQueue[protocol.Message] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(fd, inbox, bound.connection), daemon=True).start()
    while True:
        request = inbox.get()
        try:
            _answer(fd, bound, request)
        except TooLarge as error:
            _fail(
                fd,
                request,
                Fault("limit_exceeded", str(error), "select fewer columns or rows, or shorter text"),
            )
        except Exception as error:  # noqa: BLE001 - the edge of this process: every failure becomes an answer
            fault = describe(error, bound.places)
            _fail(fd, request, fault)
            if fault.broken:
                return


def _listen(
    fd: int, inbox: queue.SimpleQueue[protocol.Message], connection: _duckdb.DuckDBPyConnection
) -> None:
    for message in protocol.read_frames(fd):
        if message["op"] == "interrupt":
            connection.interrupt()
        else:
            inbox.put(message)
    os._exit(0)  # the parent is gone, and a query may be running


def _answer(fd: int, bound: Bound, request: protocol.Message) -> None:
    number = request["id"]
    if request["op"] == "query" and not bound.operations:
        summary = _query(fd, bound.connection, request)
    elif request["op"] == "run" and request["name"] in bound.operations:

        def tell(progress: dict[str, Any]) -> None:
            _send(fd, {"kind": "tell", "id": number, "tell": progress})

        operation = bound.operations[request["name"]]
        summary = operation(bound.connection, {**request["params"], **bound.places}, tell)
    else:
        raise gate.Refused("this worker was bound to something else")
    _send(fd, {"kind": "done", "id": number, "summary": summary})


def _query(fd: int, connection: _duckdb.DuckDBPyConnection, request: protocol.Message) -> dict[str, Any]:
    started = time.perf_counter()
    columns, statement = _prepare(connection, gate.check(connection, request["sql"]))
    head = [[column.name, column.type] for column in columns]
    _send(fd, {"kind": "columns", "id": request["id"], "columns": head})
    with _progress(fd, connection, request):
        connection.execute(statement)
    room, left, nonfinite = int(request["rows"]), int(request["bytes"]), 0
    while room >= 0 and (rows := connection.fetchmany(_ROWS_AT_ONCE)):
        for body, wild in _bodies(rows[:room]):
            left -= len(body)
            if left < 0:
                raise TooLarge(f"the result is larger than {request['bytes']} bytes")
            protocol.write_frame(
                fd, protocol.frame(b'{"kind":"rows","id":%d,"rows":%s}' % (request["id"], body))
            )
            nonfinite += wild
        room -= len(rows)
    elapsed_ms = (time.perf_counter() - started) * 1000
    return {"truncated": room < 0, "nonfinite": nonfinite, "elapsed_ms": elapsed_ms}


@contextmanager
def _progress(fd: int, connection: _duckdb.DuckDBPyConnection, request: protocol.Message) -> Generator[None]:
    if not request["progress"]:
        yield
        return
    with shares(
        connection, lambda share: _send(fd, {"kind": "progress", "id": request["id"], "share": share})
    ):
        yield


def _bodies(rows: list[tuple[Any, ...]]) -> Iterator[tuple[bytes, int]]:
    body, wild = cells.encode_rows(rows)
    if len(body) <= _ROOM_IN_FRAME:
        yield body, wild
    elif len(rows) == 1:
        raise TooLarge(f"a row of the result is larger than {_ROOM_IN_FRAME} bytes")
    else:
        yield from _bodies(rows[: len(rows) // 2])
        yield from _bodies(rows[len(rows) // 2 :])


def _prepare(connection: _duckdb.DuckDBPyConnection, sql: str) -> tuple[list[cells.WireColumn], str]:
    # Asked for no row, DuckDB only binds the query: that gives the types without running it.
    inner = f"(\n{sql}\n)"  # on lines of its own, for it may end in a comment
    try:
        connection.execute(f"SELECT * FROM {inner} LIMIT 0")  # noqa: S608 - the gate has passed it
    except _duckdb.Error as error:
        raise type(error)(_LINE.sub(lambda line: f"LINE {int(line[1]) - 1}:", str(error))) from error
    columns = [cells.wire_column(name, str(kind)) for name, kind, *_ in connection.description or ()]
    connection.fetchall()
    if all(column.expression == "{0}" for column in columns):
        return columns, sql
    names = [f"c{index}" for index in range(len(columns))]
    wanted = ", ".join(column.expression.format(name) for column, name in zip(columns, names, strict=True))
    return columns, f"SELECT {wanted} FROM {inner} AS result({', '.join(names)})"  # noqa: S608 - as above


def _fail(fd: int, request: protocol.Message, fault: Fault) -> None:
    _send(fd, {"kind": "failed", "id": request["id"], **fault._asdict()})


def _send(fd: int, message: protocol.Message) -> None:
    protocol.write_frame(fd, protocol.encode(message))
