"""What a step writes to the log is kept with it: the first lines and the last, within a bound."""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any, Final

_FIRST: Final = 200
_LAST: Final = 300
_LONGEST: Final = 2_000
_HANDLER: Final = "sapwood-steps"


class StepLog:
    """Lines of one attempt; any thread may write."""

    def __init__(self) -> None:
        self._first: list[list[str]] = []
        self._last: deque[list[str]] = deque(maxlen=_LAST)
        self._count = 0
        self._told = 0
        self._lock = threading.Lock()

    def write(self, level: str, text: str) -> None:
        """Keep a line, cut where it is very long."""
        line = [datetime.now(UTC).isoformat(timespec="milliseconds"), level, text[:_LONGEST]]
        with self._lock:
            self._count += 1
            (self._first if len(self._first) < _FIRST else self._last).append(line)

    def unsaid(self) -> dict[str, Any] | None:
        """What is to be kept, if anything came since it was last asked for."""
        with self._lock:
            if self._count == self._told:
                return None
            self._told = self._count
            lines = [*self._first, *self._last]
            return {"lines": lines, "left_out": self._count - len(lines)}


_CURRENT: ContextVar[StepLog | None] = ContextVar("sapwood_step_log", default=None)


@contextmanager
def written_to(log: StepLog) -> Generator[None]:
    """What this context logs goes to `log` too."""
    token = _CURRENT.set(log)
    try:
        yield
    finally:
        _CURRENT.reset(token)


class _Handler(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        log = _CURRENT.get()
        if log is None:
            return
        try:
            log.write(record.levelname.lower(), self.format(record))
        except Exception:  # noqa: BLE001 - as every handler: what logs must not fail of it
            self.handleError(record)


def listen() -> None:
    """Have the root logger hand on what steps write; a second time it does nothing."""
    root = logging.getLogger()
    if any(handler.get_name() == _HANDLER for handler in root.handlers):
        return
    handler = _Handler()
    handler.set_name(_HANDLER)
    handler.setFormatter(logging.Formatter("%(message)s"))
    root.addHandler(handler)
