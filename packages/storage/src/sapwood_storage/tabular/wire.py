"""Reader options and ingest reports as JSON; a report comes from a worker that read a hostile file."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, cast

from sapwood_shared.errors import DependencyFailed
from sapwood_storage.tabular.model import Column, ColumnType, IngestReport, ReaderOptions


def options_to(options: ReaderOptions) -> dict[str, Any]:
    """Return `options` in their canonical form: the same choices give the same JSON."""
    values = {key: value for key, value in asdict(options).items() if value is not None}
    values["types"] = {name: str(kind) for name, kind in sorted(options.types.items())}
    values["null_tokens"] = sorted(set(options.null_tokens))
    return values


def options_from(values: Mapping[str, Any]) -> ReaderOptions:
    """Return the options that `options_to` wrote."""
    given: dict[str, Any] = dict(values)
    if "types" in given:
        given["types"] = {str(name): ColumnType(kind) for name, kind in given["types"].items()}
    if "null_tokens" in given:
        given["null_tokens"] = tuple(given["null_tokens"])
    return ReaderOptions(**given)


def report_to(report: IngestReport) -> dict[str, Any]:
    """Return `report` as JSON."""
    return asdict(report)


def report_from(values: Mapping[str, Any]) -> IngestReport:
    """Return the report in `values`, or raise `DependencyFailed` when it is none."""
    try:
        report = IngestReport(
            columns=tuple(Column(_text(one["name"]), ColumnType(one["type"])) for one in values["columns"]),
            records=_count(values["records"]),
            rows=_count(values["rows"]),
            quarantined=_count(values["quarantined"]),
            null_tokens={
                _text(column): {_text(token): _count(count) for token, count in tokens.items()}
                for column, tokens in values["null_tokens"].items()
            },
            widened={_text(column): _text(why) for column, why in values["widened"].items()},
            reader=cast("dict[str, Any]", dict(values["reader"])),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise _untrusted(f"it is not an ingest report: {error}") from error
    if report.records != report.rows + report.quarantined:
        raise _untrusted("records are not rows and quarantined records together")
    return report


def _count(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise ValueError(f"{value!r} is not a count")
    return value


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is not text")
    return value


def _untrusted(why: str) -> DependencyFailed:
    return DependencyFailed(
        f"the worker's answer cannot be used: {why}", hint="the file may be built to do this; try another"
    )
