"""What went wrong inside the worker, in the words of the error tree.

The parent turns the code back into an error of that class; nothing else crosses, no traceback and no pickle.
"""

import errno
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

import _duckdb

from sapwood_storage.tabular.sandbox.gate import Refused

_FULL: Final = (errno.ENOSPC, errno.EDQUOT)
_SELECT_ONLY: Final = "write one SELECT; the table is called data"
_ONE_TABLE: Final = "there is one table and it is called data: SELECT … FROM data"
_LESS_MEMORY: Final = "ask for fewer rows or groups at a time, or raise SAPWOOD_MEMORY_MB"
_HOME_ROOM: Final = "free some space, run `sapwood data prune`, or set SAPWOOD_HOME to a larger disk"
_TEMP_ROOM: Final = "free some space there, or set TMPDIR to a directory on a larger disk"
_LESS_OUTPUT: Final = "raise SAPWOOD_OUTPUT_MB, or split the file"


class Fault(NamedTuple):
    """A failure on the wire; a `broken` worker must not be used again."""

    code: str
    message: str
    hint: str | None = None
    broken: bool = False


def describe(error: Exception, places: Mapping[str, str] | None = None) -> Fault:
    """Say what `error` is to the caller; `places` are the names in here that mean nothing outside."""
    message = str(error).strip() or type(error).__name__
    own: Any = error
    if isinstance(getattr(error, "code", None), str) and hasattr(error, "hint"):  # one of the shared errors
        return Fault(own.code, own.message, own.hint)
    if isinstance(error, Refused):
        return Fault("forbidden", message, _SELECT_ONLY)
    if isinstance(error, MemoryError):
        return Fault(
            "limit_exceeded", "the query needed more memory than a worker has", _LESS_MEMORY, broken=True
        )
    if isinstance(error, _duckdb.Error):
        return _of_duckdb(error, message, places or {})
    if isinstance(error, OSError):
        return _of_system(error, message, places or {})
    return Fault("internal", f"{type(error).__name__}: {message}", broken=True)


def _of_duckdb(error: _duckdb.Error, message: str, places: Mapping[str, str]) -> Fault:
    match error:
        case _duckdb.OutOfMemoryException():
            # What follows advises settings that nobody here can change.
            return Fault("limit_exceeded", message.partition("\n\nPossible solutions")[0], _LESS_MEMORY)
        case _duckdb.InterruptException():
            return Fault("cancelled", "the query was interrupted")
        case _duckdb.CatalogException() if message.startswith("Catalog Error: Table with name"):
            # What DuckDB proposes is one of its own tables, which a query may not read.
            lines = [line for line in message.splitlines() if not line.startswith("Did you mean")]
            return Fault("invalid_input", "\n".join(lines), _ONE_TABLE)
        case _duckdb.PermissionException():
            return Fault("forbidden", message, _SELECT_ONLY)
        case _duckdb.FatalException() | _duckdb.InternalException():
            return Fault("internal", message, broken=True)
        case _duckdb.IOException() if "No space left" in message:
            return _full(message, places)
        case _duckdb.IOException() if "File too large" in message:
            return Fault("limit_exceeded", message, _LESS_OUTPUT)
        case _:
            return Fault("invalid_input", message)


def _of_system(error: OSError, message: str, places: Mapping[str, str]) -> Fault:
    if error.errno in _FULL:
        return _full(message, places)
    if error.errno == errno.EFBIG:
        return Fault("limit_exceeded", message, _LESS_OUTPUT)
    if error.errno in (errno.EPERM, errno.EACCES):
        return Fault("forbidden", message)
    if error.errno == errno.ENOENT:
        return Fault("not_found", message)
    return Fault("invalid_input", message)


def _full(message: str, places: Mapping[str, str]) -> Fault:
    if "temp" in places and f"{places['temp']}/" in message:
        return Fault("storage_full", "the disk that holds temporary files is full", _TEMP_ROOM)
    return Fault("storage_full", "the disk that holds the data directory is full", _HOME_ROOM)
