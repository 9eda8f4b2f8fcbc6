import pytest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import StatusCode

from sapwood_shared import NotFound
from sapwood_shared.telemetry import NoTracer, OpenTelemetryTracer, tracer_if_installed

SECRET = "sk-" + "a1B2" * 8


@pytest.fixture
def exporter() -> InMemorySpanExporter:
    return InMemorySpanExporter()


@pytest.fixture
def tracer(exporter: InMemorySpanExporter) -> OpenTelemetryTracer:
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    return OpenTelemetryTracer(provider=provider)


def test_spans_inside_one_another_form_a_tree(
    tracer: OpenTelemetryTracer, exporter: InMemorySpanExporter
) -> None:
    with tracer.span("ask", engine="instant") as outer, tracer.span("query"):
        outer.note(rows=3)

    query, ask = exporter.get_finished_spans()

    assert ask.attributes == {"engine": "instant", "rows": 3}
    assert ask.context is not None
    assert query.parent == ask.context


def test_an_error_is_noted_by_its_kind_and_goes_on(
    tracer: OpenTelemetryTracer, exporter: InMemorySpanExporter
) -> None:
    with pytest.raises(NotFound), tracer.span("ask"):
        raise NotFound(f"no dataset {SECRET}")
    with pytest.raises(KeyError), tracer.span("ask"):
        raise KeyError(SECRET)

    spans = exporter.get_finished_spans()

    assert [span.attributes for span in spans] == [{"error": "not_found"}, {"error": "KeyError"}]
    assert {span.status.status_code for span in spans} == {StatusCode.ERROR}
    assert SECRET not in "".join(span.to_json() for span in spans)


def test_secrets_are_left_out_of_attributes(
    tracer: OpenTelemetryTracer, exporter: InMemorySpanExporter
) -> None:
    with tracer.span("call", api_key="hunter2", url=f"x?key={SECRET}"):
        pass

    (span,) = exporter.get_finished_spans()

    assert span.attributes == {"api_key": "[redacted]", "url": "x?key=[redacted]"}


def test_without_a_collector_spans_cost_nothing_and_break_nothing() -> None:
    for tracer in (NoTracer(), tracer_if_installed()):
        with tracer.span("ask", engine="instant") as span:
            span.note(rows=3)
