"""A table out of a worker's answers, none of which is believed before it is checked."""

from collections.abc import Callable
from typing import Any

from sapwood_storage.tabular.model import Column, ColumnType, QueryLimits, ResultTable
from sapwood_storage.tabular.sandbox.protocol import Message, ProtocolError, check_rows

_SLACK_BYTES = 1 << 20  # frames' own bytes, beyond the result that the caller allows


class ResultBuilder:
    """Collects the columns and rows of one query, and refuses more of them than the caller takes."""

    def __init__(self, limits: QueryLimits, tell: Callable[[float], None] | None = None) -> None:
        self._limits = limits
        self._tell = tell
        self._columns: tuple[Column, ...] | None = None
        self._rows: list[list[Any]] = []
        self._bytes = 0

    def take(self, message: Message, size: int) -> None:
        """Add what one frame of `size` bytes brought, or raise `ProtocolError`."""
        if message["kind"] == "progress" and self._tell is not None:
            self._tell(_share(message.get("share")))
            return
        self._bytes += size
        if self._bytes > self._limits.result_bytes + _SLACK_BYTES:
            raise ProtocolError("more bytes than were asked for")
        if message["kind"] == "columns" and self._columns is None:
            self._columns = _columns(message.get("columns"))
        elif message["kind"] == "rows" and self._columns is not None:
            self._rows += check_rows(message.get("rows"), len(self._columns))
        else:
            raise ProtocolError("an answer out of order")
        if len(self._rows) > self._limits.rows:
            raise ProtocolError("more rows than were asked for")

    def finish(self, summary: dict[str, Any]) -> ResultTable:
        """Return the table."""
        return ResultTable(
            columns=self._columns or (),
            rows=self._rows,
            truncated=summary.get("truncated") is True,
            nonfinite=_count(summary.get("nonfinite")),
            elapsed_ms=_milliseconds(summary.get("elapsed_ms")),
        )


def _columns(described: object) -> tuple[Column, ...]:
    try:
        return tuple(Column(_text(name), ColumnType(kind)) for name, kind in described)  # type: ignore[union-attr]
    except (TypeError, ValueError) as error:
        raise ProtocolError("columns are not pairs of name and type") from error


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value


def _count(value: object) -> int:
    return value if type(value) is int and value >= 0 else 0


def _share(value: object) -> float:
    if not isinstance(value, int | float) or not 0 <= value <= 1:
        raise ProtocolError("progress is not a share")
    return float(value)


def _milliseconds(value: object) -> float:
    return float(value) if isinstance(value, int | float) and 0 <= value < 1e12 else 0.0
