"""Numbers that a dashboard watches: declared once, counted through a port.

QUESTIONS = Counter("sapwood_questions", "Questions answered.", labels=("engine",))
metrics.count(QUESTIONS, engine="instant")
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.util import find_spec
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Counter:
    """Only grows; ends in `_total` on the wire."""

    name: str
    help: str
    labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Gauge:
    """Goes up and down."""

    name: str
    help: str
    labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Histogram:
    """How values are spread; the unit stands in the name (`_s`, `_bytes`)."""

    name: str
    help: str
    labels: tuple[str, ...] = ()
    buckets: tuple[float, ...] = (0.005, 0.025, 0.1, 0.5, 1, 2.5, 5, 10, 30, 60)


Metric = Counter | Gauge | Histogram


class Metrics(Protocol):
    """Takes numbers and never fails because of them."""

    def count(self, metric: Counter, by: float = 1, /, **labels: str) -> None:
        """Add to a counter."""
        ...

    def set(self, metric: Gauge, value: float, /, **labels: str) -> None:
        """Set a gauge."""
        ...

    def observe(self, metric: Histogram, value: float, /, **labels: str) -> None:
        """Put one value into a histogram."""
        ...


class NoMetrics:
    """Forgets every number."""

    def count(self, metric: Counter, by: float = 1, /, **labels: str) -> None:
        """Do nothing."""

    def set(self, metric: Gauge, value: float, /, **labels: str) -> None:
        """Do nothing."""

    def observe(self, metric: Histogram, value: float, /, **labels: str) -> None:
        """Do nothing."""


@dataclass(slots=True)
class MemoryMetrics:
    """Keeps every number, for a test to read."""

    values: dict[tuple[str, frozenset[tuple[str, str]]], list[float]] = field(
        default_factory=dict[tuple[str, frozenset[tuple[str, str]]], list[float]]
    )

    def count(self, metric: Counter, by: float = 1, /, **labels: str) -> None:
        """Add to a counter."""
        self._of(metric, labels)[:] = [sum(self._of(metric, labels)) + by]

    def set(self, metric: Gauge, value: float, /, **labels: str) -> None:
        """Set a gauge."""
        self._of(metric, labels)[:] = [value]

    def observe(self, metric: Histogram, value: float, /, **labels: str) -> None:
        """Put one value into a histogram."""
        self._of(metric, labels).append(value)

    def read(self, metric: Metric, /, **labels: str) -> list[float]:
        """Return the value of a counter or gauge, or all values of a histogram."""
        return list(self.values.get((metric.name, frozenset(labels.items())), []))

    def _of(self, metric: Metric, labels: Mapping[str, str]) -> list[float]:
        return self.values.setdefault((metric.name, frozenset(labels.items())), [])


class PrometheusMetrics:
    """Keeps numbers as Prometheus wants to read them, in a registry of its own; needs the extra `metrics`."""

    def __init__(self) -> None:
        import prometheus_client

        self._client = prometheus_client
        self._registry = prometheus_client.CollectorRegistry()
        self._known: dict[str, Any] = {}

    def count(self, metric: Counter, by: float = 1, /, **labels: str) -> None:
        """Add to a counter."""
        self._of(metric, labels).inc(by)

    def set(self, metric: Gauge, value: float, /, **labels: str) -> None:
        """Set a gauge."""
        self._of(metric, labels).set(value)

    def observe(self, metric: Histogram, value: float, /, **labels: str) -> None:
        """Put one value into a histogram."""
        self._of(metric, labels).observe(value)

    def exposition(self) -> bytes:
        """Return what a scrape answers, in Prometheus' text format."""
        return self._client.generate_latest(self._registry)

    def _of(self, metric: Metric, labels: Mapping[str, str]) -> Any:
        if (known := self._known.get(metric.name)) is None:
            known = self._known[metric.name] = self._make(metric)
        return known.labels(**labels) if metric.labels else known

    def _make(self, metric: Metric) -> Any:
        common = (metric.name, metric.help, metric.labels)
        match metric:
            case Counter():
                return self._client.Counter(*common, registry=self._registry)
            case Gauge():
                return self._client.Gauge(*common, registry=self._registry)
            case Histogram():
                return self._client.Histogram(*common, registry=self._registry, buckets=metric.buckets)


def metrics_if_installed() -> Metrics:
    """Return Prometheus' when the extra `metrics` is installed, and none when not."""
    return PrometheusMetrics() if find_spec("prometheus_client") else NoMetrics()
