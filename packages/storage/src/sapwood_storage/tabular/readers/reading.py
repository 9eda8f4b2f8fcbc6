"""The state of one ingest of a delimited file, and its final account."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Protocol

from sapwood_shared.errors import InvalidInput
from sapwood_storage.tabular.model import Column
from sapwood_storage.tabular.readers import scan, sql
from sapwood_storage.tabular.readers.inference import ColumnPlan
from sapwood_storage.tabular.readers.outcome import Outcome
from sapwood_storage.tabular.readers.quarantine import Quarantined
from sapwood_storage.tabular.readers.records import Record
from sapwood_storage.tabular.readers.scan import Refused, Table

_MOST_QUARANTINED: Final = 500_000


class Disagreement(Exception):
    """DuckDB and an independent look at the bytes do not find the same records."""


class Origin(Protocol):
    """The records of the file as bytes, apart from how DuckDB reads it."""

    def count(self, known: int) -> int:
        """Return how many records there are, the header left out, when `known` were read."""
        ...

    def find(
        self, accepted: Collection[int], refused: Collection[int]
    ) -> tuple[dict[int, Record], dict[int, Record]]:
        """Return records by their number among those accepted, and by DuckDB's number those refused."""
        ...


@dataclass(slots=True)
class Reading:
    """What is known of a file between the passes over it."""

    connection: sql.Connection
    table: Table
    tokens: tuple[str, ...]
    target: Path
    plans: list[ColumnPlan]
    expected: set[str]  # tokens that the reader itself turns into NULL
    form: str  # of the Parquet file
    widened: dict[str, str] = field(default_factory=dict[str, str])
    rows: int = 0
    refused: list[Refused] = field(default_factory=list[Refused])
    nulls: dict[int, int] = field(default_factory=dict[int, int])

    @property
    def shown(self) -> list[ColumnPlan]:
        """The columns that the table has."""
        return [plan for plan in self.plans if not plan.hidden]


def account(reading: Reading, origin: Origin, records: int, missing: int) -> Outcome:
    """Find every record that is not a row, and say what became of the whole file."""
    refused = [one.number for one in reading.refused]
    if missing + len(refused) > _MOST_QUARANTINED:
        raise InvalidInput(
            f"{missing} records do not fit their types and {len(refused)} have another number of fields",
            hint="check the delimiter and the types: see --delimiter and --types",
        )
    found = scan.misfits(reading.connection, reading.plans, reading.table, reading.tokens) if missing else []
    if len(found) != missing:
        raise Disagreement(f"{missing} of {records} records are missing and {len(found)} do not fit")
    if not (missing or refused):
        return _outcome(reading, records, [], [])
    places, refusals = origin.find({int(row[0]) for row in found}, set(refused))
    if len(places) != len(found) or len(refusals) != len(refused):
        raise Disagreement(f"{len(places) + len(refusals)} of {missing + len(refused)} records were found")
    quarantined = [
        Quarantined(refusals[one.number].line, (), one.reason, refusals[one.number].raw)
        for one in reading.refused
    ]
    for number, wrong, *_ in found:
        record = places[int(number)]
        columns = [reading.plans[index].name for index in wrong]
        reason = "; ".join(_misfit(reading.plans[index]) for index in wrong)
        quarantined.append(Quarantined(record.line, columns, reason, record.raw))
    return _outcome(reading, records, quarantined, [row[2:] for row in found])


def _outcome(
    reading: Reading,
    records: int,
    quarantined: list[Quarantined],
    left_out: Sequence[Sequence[str | None]],
) -> Outcome:
    return Outcome(
        columns=tuple(Column(plan.name, plan.shape.type) for plan in reading.shown),
        records=records,
        rows=reading.rows,
        quarantined=quarantined,
        null_tokens=_null_tokens(reading, left_out),
        widened=reading.widened,
        notes=[f"{plan.name}: {plan.note}" for plan in reading.shown if plan.note],
        shapes={plan.name: plan.shape.name for plan in reading.shown},
        units={plan.name: plan.shape.unit for plan in reading.shown if plan.shape.unit},
    )


def _misfit(plan: ColumnPlan) -> str:
    return f"not {plan.shape.name}" if not plan.hidden else "a value after the last column"


def _null_tokens(reading: Reading, left_out: Sequence[Sequence[str | None]]) -> dict[str, dict[str, int]]:
    holding = [plan for plan in reading.shown if reading.nulls.get(plan.index)]
    if reading.expected <= {""} and not any(plan.padded for plan in holding):
        return {plan.name: {"": reading.nulls[plan.index]} for plan in holding if "" in reading.expected}
    wanted = [(plan.index, plan.padded) for plan in holding]
    counts = scan.token_counts(reading.connection, reading.table.scan(), wanted, reading.tokens)
    for fields in left_out:
        for plan in holding:
            token = (fields[plan.index] or "").strip(" " if plan.padded else "")
            if token in counts[plan.index]:
                counts[plan.index][token] -= 1
    kept = {plan.name: {t: n for t, n in counts[plan.index].items() if n} for plan in holding}
    return {name: tokens for name, tokens in kept.items() if tokens}
