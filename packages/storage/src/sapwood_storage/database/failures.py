"""What a database's errors mean to a caller.

IntegrityError                          Conflict
DataError, SQLSTATE 22xxx               InvalidInput
disk full                               StorageFull
query cancelled by its time limit       LimitExceeded
a schema or table that went away        NotFound
any other DBAPIError, pool time-out     DependencyFailed
ProgrammingError, NotSupportedError     pass: they are our own mistakes
"""

import asyncio
import sqlite3
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from sqlalchemy import exc

from sapwood_shared.errors import (
    Conflict,
    DependencyFailed,
    InvalidInput,
    LimitExceeded,
    NotFound,
    SapwoodError,
    StorageFull,
)
from sapwood_storage.home.sqlite_errors import named

_GONE: Final = frozenset({"3F000", "42P01"})
_TOO_SLOW: Final = "57014"
_AGAIN: Final = "try again; if it stays, look at the database's log"


@contextmanager
def failures_named(where: str, path: Path | None = None) -> Generator[None]:
    """Turn the database's errors into ours; `path` is the file of a SQLite database."""
    try:
        yield
    except exc.DBAPIError as error:
        if _is_being_cancelled():  # the driver's word for it: whoever waits for the end would wait for ever
            raise asyncio.CancelledError from error
        ours = _meaning(error, where, path)
        if ours is None:
            raise
        raise ours from error
    except exc.TimeoutError as error:
        hint = "ask for less at a time, or allow more connections"
        raise DependencyFailed(f"no connection to {where} became free in time", hint=hint) from error


def _is_being_cancelled() -> bool:
    try:
        task = asyncio.current_task()
    except RuntimeError:  # no loop runs here
        return False
    return task is not None and task.cancelling() > 0


def _meaning(error: exc.DBAPIError, where: str, path: Path | None) -> SapwoodError | None:
    reason = str(error.orig).partition("\n")[0]
    state = str(getattr(error.orig, "sqlstate", None) or "")
    if state in _GONE:
        return NotFound(f"{where} has no such records: {reason}", hint="create the workspace first")
    if isinstance(error, (exc.ProgrammingError, exc.NotSupportedError)):
        return None
    if isinstance(error, exc.IntegrityError) or state.startswith("23"):
        return Conflict(f"{where} refused a row: {reason}", hint="read what is there, then decide")
    if isinstance(error, exc.DataError) or state.startswith("22"):
        return InvalidInput(f"{where} refused a value: {reason}", hint="send a value of the column's type")
    if state == _TOO_SLOW:
        return LimitExceeded(f"{where} took too long: {reason}", hint="ask for less at a time")
    if state == "53100":
        return StorageFull(f"the disk of {where} is full", hint="free some space on the database's machine")
    if isinstance(error.orig, sqlite3.Error) and path is not None:
        return named(error.orig, path)
    return DependencyFailed(f"{where}: {reason}", hint=_AGAIN)
