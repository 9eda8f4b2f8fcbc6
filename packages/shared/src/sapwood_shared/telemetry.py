"""Traces: which part took how long, as spans that OpenTelemetry collects when it is there.

with tracer.span("ask", engine="instant") as span:
    span.note(rows=3)
"""

from collections.abc import Generator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any, Protocol

from sapwood_shared.errors import SapwoodError
from sapwood_shared.redaction import redact_field, redact_text

Attribute = str | bool | int | float


class Span(Protocol):
    """A part of the work that is being timed."""

    def note(self, **attributes: Attribute) -> None:
        """Add what was learned on the way."""
        ...


class Tracer(Protocol):
    """Opens spans; those opened inside one another form a tree."""

    def span(self, name: str, /, **attributes: Attribute) -> AbstractContextManager[Span]:
        """Time the block; an exception that leaves it is noted and goes on."""
        ...


class NoTracer:
    """Times nothing."""

    def span(self, name: str, /, **attributes: Attribute) -> AbstractContextManager[Span]:  # noqa: ARG002  (the port's)
        """Give a span that forgets."""
        return nullcontext(_NoSpan())


class OpenTelemetryTracer:
    """Gives spans to whichever OpenTelemetry provider the process has; needs the extra `telemetry`."""

    def __init__(self, name: str = "sapwood", provider: Any = None) -> None:
        from opentelemetry import trace

        self._tracer = trace.get_tracer(name, tracer_provider=provider)
        self._error = trace.StatusCode.ERROR

    @contextmanager
    def span(self, name: str, /, **attributes: Attribute) -> Generator[Span]:
        """Time the block as OpenTelemetry's current span."""
        # An exception is noted by its kind: its text and traceback may quote data or a key.
        with self._tracer.start_as_current_span(
            name, record_exception=False, set_status_on_exception=False
        ) as inner:
            span = _OpenTelemetrySpan(inner)
            span.note(**attributes)
            try:
                yield span
            except BaseException as error:
                kind = error.code if isinstance(error, SapwoodError) else type(error).__name__
                span.note(error=kind)
                inner.set_status(self._error, kind)
                raise


class _NoSpan:
    def note(self, **attributes: Attribute) -> None:
        """Do nothing."""


@dataclass(frozen=True, slots=True)
class _OpenTelemetrySpan:
    inner: Any

    def note(self, **attributes: Attribute) -> None:
        for key, value in attributes.items():
            shown = redact_field(key, value)
            self.inner.set_attribute(key, redact_text(shown) if isinstance(shown, str) else shown)


def tracer_if_installed(name: str = "sapwood") -> Tracer:
    """Return OpenTelemetry's when the extra `telemetry` is installed, and none when not."""
    return OpenTelemetryTracer(name) if find_spec("opentelemetry") else NoTracer()
