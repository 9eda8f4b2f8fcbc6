"""The database's clock, which all workers share whatever their own clocks say."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, select
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement


class now_ms(FunctionElement[int]):  # noqa: N801 - named as it reads in a statement
    """Milliseconds since 1970, at the moment of the statement."""

    type = BigInteger()
    inherit_cache = True


@compiles(now_ms, "sqlite")
def _sqlite(_element: now_ms, _compiler: Any, **_: Any) -> str:
    return "CAST((julianday('now') - 2440587.5) * 86400000.0 AS INTEGER)"


@compiles(now_ms, "postgresql")
def _postgresql(_element: now_ms, _compiler: Any, **_: Any) -> str:
    return "CAST(extract(epoch FROM clock_timestamp()) * 1000 AS BIGINT)"


async def read_clock(connection: AsyncConnection) -> int:
    """What time it is in the database, in milliseconds since 1970."""
    return int((await connection.execute(select(now_ms()))).scalar_one())
