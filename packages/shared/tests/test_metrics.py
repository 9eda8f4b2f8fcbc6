import subprocess
import sys
from collections.abc import Callable

import pytest

from sapwood_shared.metrics import (
    Counter,
    Gauge,
    Histogram,
    MemoryMetrics,
    Metrics,
    NoMetrics,
    PrometheusMetrics,
    metrics_if_installed,
)

ASKED = Counter("sapwood_questions", "Questions asked.", labels=("engine",))
RUNNING = Gauge("sapwood_running", "Runs under way.")
TOOK = Histogram("sapwood_took_s", "How long an answer took.", buckets=(0.1, 1))


@pytest.mark.parametrize("make", [NoMetrics, MemoryMetrics, PrometheusMetrics])
def test_every_adapter_takes_every_kind_of_number(make: Callable[[], Metrics]) -> None:
    metrics = make()

    metrics.count(ASKED, engine="instant")
    metrics.count(ASKED, 2, engine="instant")
    metrics.set(RUNNING, 4)
    metrics.observe(TOOK, 0.5)


def test_memory_keeps_what_it_was_told() -> None:
    metrics = MemoryMetrics()
    metrics.count(ASKED, engine="instant")
    metrics.count(ASKED, 2, engine="instant")
    metrics.set(RUNNING, 1)
    metrics.set(RUNNING, 4)
    metrics.observe(TOOK, 0.5)
    metrics.observe(TOOK, 2)

    assert metrics.read(ASKED, engine="instant") == [3]
    assert metrics.read(ASKED, engine="model") == []
    assert metrics.read(RUNNING) == [4]
    assert metrics.read(TOOK) == [0.5, 2]


def test_prometheus_can_read_what_was_counted() -> None:
    metrics = PrometheusMetrics()
    metrics.count(ASKED, 3, engine="instant")
    metrics.set(RUNNING, 4)
    metrics.observe(TOOK, 0.5)

    scraped = metrics.exposition().decode()

    assert 'sapwood_questions_total{engine="instant"} 3.0' in scraped
    assert "sapwood_running 4.0" in scraped
    assert 'sapwood_took_s_bucket{le="0.1"} 0.0' in scraped
    assert 'sapwood_took_s_bucket{le="1.0"} 1.0' in scraped


def test_two_parts_of_a_program_do_not_share_a_registry() -> None:
    one, two = PrometheusMetrics(), PrometheusMetrics()
    one.set(RUNNING, 4)
    two.set(RUNNING, 5)

    assert b"sapwood_running 4.0" in one.exposition()


def test_with_the_extra_installed_numbers_are_kept() -> None:
    assert isinstance(metrics_if_installed(), PrometheusMetrics)


def test_without_the_extras_numbers_and_spans_go_nowhere() -> None:
    code = (
        "import sys\n"
        "class Absent:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name in ('prometheus_client', 'opentelemetry'): raise ModuleNotFoundError(name)\n"
        "sys.meta_path.insert(0, Absent())\n"
        "import importlib.util\n"
        "real = importlib.util.find_spec\n"
        "import sapwood_shared.metrics as m, sapwood_shared.telemetry as t\n"
        "absent = lambda name: None if name in ('prometheus_client', 'opentelemetry') else real(name)\n"
        "m.find_spec = t.find_spec = absent\n"
        "print(type(m.metrics_if_installed()).__name__, type(t.tracer_if_installed()).__name__)"
    )

    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)

    assert done.stdout.split() == ["NoMetrics", "NoTracer"]
