"""Structured logs: what happened as a word, the rest as fields, secrets left out.

    log = get_logger(__name__)
    with bound(run=run_id):
        log.info("dataset ingested", rows=rows)

structlog loads when something is first written, since many commands never write a line.
"""

import logging
import os
import sys
from collections.abc import Generator, Mapping, MutableMapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final, Literal, TextIO

from sapwood_shared.redaction import redact_field

Format = Literal["console", "json"]

_HANDLER: Final = "sapwood"
_LEVELS: Final = {
    "debug": logging.DEBUG,
    "info": logging.INFO,
    "warning": logging.WARNING,
    "error": logging.ERROR,
}


@dataclass(frozen=True, slots=True)
class Logger:
    """Writes events under one name; cheap to make and to keep."""

    name: str
    fields: Mapping[str, object] = field(default_factory=dict[str, object])

    def bind(self, **fields: object) -> "Logger":
        """Return a logger that adds these fields to all it writes."""
        return Logger(self.name, {**self.fields, **fields})

    def debug(self, event: str, **fields: object) -> None:
        """Write what only somebody who looks for a fault wants to see."""
        self._write("debug", event, fields)

    def info(self, event: str, **fields: object) -> None:
        """Write what happened."""
        self._write("info", event, fields)

    def warning(self, event: str, **fields: object) -> None:
        """Write what was put right, and should not become a habit."""
        self._write("warning", event, fields)

    def error(self, event: str, **fields: object) -> None:
        """Write what somebody has to look at."""
        self._write("error", event, fields)

    def exception(self, event: str, **fields: object) -> None:
        """Write the exception being handled, with its traceback."""
        self._write("error", event, {**fields, "exc_info": True})

    def _write(self, method: str, event: str, fields: Mapping[str, object]) -> None:
        if not logging.getLogger(self.name).isEnabledFor(_LEVELS[method]):
            return
        import structlog

        if not structlog.is_configured():
            _configure_for_a_guest()
        getattr(structlog.stdlib.get_logger(self.name), method)(event, **{**self.fields, **fields})


def get_logger(name: str) -> Logger:
    """Return a logger; nothing is imported or configured by this."""
    return Logger(name)


@contextmanager
def bound(**fields: object) -> Generator[None]:
    """Add these fields to whatever this task writes inside the block, in any module."""
    import structlog

    with structlog.contextvars.bound_contextvars(**fields):
        yield


def configure(*, format: Format = "json", level: str = "INFO", stream: TextIO | None = None) -> None:  # noqa: A002  (what a setting calls it)
    """Write structlog's and the standard library's logs in one form to `stream`, stderr unless told."""
    import structlog

    out = stream or sys.stderr
    handler = logging.StreamHandler(out)
    handler.set_name(_HANDLER)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.ExtraAdder(), *_steps()],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, _renderer(format, out)],
        )
    )
    root = logging.getLogger()
    root.handlers = [other for other in root.handlers if other.get_name() != _HANDLER] + [handler]
    root.setLevel(level)
    _connect(structlog.stdlib.ProcessorFormatter.wrap_for_formatter)


def _configure_for_a_guest() -> None:
    """Serve a program that never called `configure`: through its handlers, or warnings on stderr."""
    import structlog

    if logging.getLogger().handlers:
        _connect(structlog.processors.KeyValueRenderer(key_order=["event"], drop_missing=True))
    else:
        configure(format="console", level="WARNING")


def _connect(last: Any) -> None:
    import structlog

    structlog.configure(
        processors=[*_steps(), last],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )


def _steps() -> list[Any]:
    import structlog

    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,  # before redaction: a traceback quotes what it was called with
        _without_secrets,
    ]


def _renderer(format: Format, out: TextIO) -> Any:  # noqa: A002  (as above)
    import structlog

    if format == "json":
        return structlog.processors.JSONRenderer(default=str)
    colors = out.isatty() and "NO_COLOR" not in os.environ
    return structlog.dev.ConsoleRenderer(colors=colors, exception_formatter=structlog.dev.plain_traceback)


def _without_secrets(_: object, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    # Keys that begin with an underscore are structlog's own, and are taken out before anything is written.
    return {key: value if key.startswith("_") else redact_field(key, value) for key, value in event.items()}
