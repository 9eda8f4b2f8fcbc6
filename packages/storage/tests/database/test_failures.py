import sqlite3
from pathlib import Path

import pytest
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
from sapwood_storage.database.failures import failures_named

MEANING: dict[type[exc.DBAPIError], type[SapwoodError] | None] = {
    exc.DBAPIError: DependencyFailed,
    exc.DatabaseError: DependencyFailed,
    exc.InterfaceError: DependencyFailed,
    exc.OperationalError: DependencyFailed,
    exc.InternalError: DependencyFailed,
    exc.IntegrityError: Conflict,
    exc.DataError: InvalidInput,
    exc.ProgrammingError: None,
    exc.NotSupportedError: None,
}
STATES = {
    "23505": Conflict,
    "22012": InvalidInput,
    "57014": LimitExceeded,
    "53100": StorageFull,
    "3F000": NotFound,
    "42P01": NotFound,
    "40P01": DependencyFailed,
    "57P01": DependencyFailed,
}


class ServerError(Exception):
    sqlstate: str | None = None


def subclasses(kind: type[exc.DBAPIError]) -> set[type[exc.DBAPIError]]:
    return {kind}.union(*map(subclasses, kind.__subclasses__()))


def raise_named(error: Exception, path: Path | None = None) -> None:
    with failures_named("control", path):
        raise error


def test_no_error_of_the_databases_is_left_out() -> None:
    assert subclasses(exc.DBAPIError) == MEANING.keys()


@pytest.mark.parametrize("kind", MEANING)
def test_each_has_a_meaning_and_keeps_its_cause(kind: type[exc.DBAPIError]) -> None:
    expected = MEANING[kind]
    error = kind("SELECT 1", {}, ServerError("went wrong\nand more"))

    with pytest.raises(expected or kind) as caught:
        raise_named(error)

    if isinstance(caught.value, SapwoodError):
        assert caught.value.__cause__ is error
        assert "and more" not in caught.value.message
        assert caught.value.hint


@pytest.mark.parametrize("state", STATES)
def test_a_state_of_the_server_says_more_than_the_class(state: str) -> None:
    reason = ServerError("went wrong")
    reason.sqlstate = state

    with pytest.raises(STATES[state]):
        raise_named(exc.DBAPIError("SELECT 1", {}, reason))


def test_no_free_connection_is_worth_another_try() -> None:
    with pytest.raises(DependencyFailed, match="no connection to control became free"):
        raise_named(exc.TimeoutError())


def test_a_full_disk_under_sqlite_is_named(tmp_path: Path) -> None:
    reason = sqlite3.OperationalError("database or disk is full")
    reason.sqlite_errorcode = sqlite3.SQLITE_FULL

    with pytest.raises(StorageFull):
        raise_named(exc.OperationalError("INSERT", {}, reason), tmp_path / "records.db")
