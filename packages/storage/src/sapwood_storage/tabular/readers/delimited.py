"""A delimited UTF-8 file into Parquet in one pass, and the proof that no record was lost on the way.

The pass is optimistic: it reads by a plan made from a sample, leaves out what does not fit, and counts. Only
when the count says that something was left out, or Parquet that a null token came through, is the file
looked at again; and only when that changes the plan is it read again.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final, Protocol

from sapwood_shared.errors import InvalidInput
from sapwood_storage.tabular.model import Column, ReaderOptions
from sapwood_storage.tabular.readers import inference, scan, shapes, sql
from sapwood_storage.tabular.readers.inference import ColumnPlan
from sapwood_storage.tabular.readers.outcome import Outcome
from sapwood_storage.tabular.readers.progress import Tell, watched
from sapwood_storage.tabular.readers.quarantine import Quarantined
from sapwood_storage.tabular.readers.records import Record
from sapwood_storage.tabular.readers.scan import Refused, Table

_SAMPLE: Final = 20_480
_SMALL: Final = 4 << 20  # bytes: a smaller file is its own sample
_ROUNDS: Final = 5
_RUNAWAY: Final = 100  # lines in one refused record: a quote that nobody closed


class Disagreement(Exception):
    """DuckDB and an independent look at the bytes do not find the same records."""


class NotUtf8(Exception):
    """Some records are not valid UTF-8; the file may be in another encoding."""


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
class _Reading:
    """The state of one ingest between its passes."""

    connection: sql.Connection
    table: Table
    tokens: tuple[str, ...]
    target: Path
    plans: list[ColumnPlan]
    expected: set[str]  # tokens that the reader itself turns into NULL
    widened: dict[str, str] = field(default_factory=dict[str, str])
    rows: int = 0
    refused: list[Refused] = field(default_factory=list[Refused])
    nulls: dict[int, int] = field(default_factory=dict[int, int])

    @property
    def shown(self) -> list[ColumnPlan]:
        return [plan for plan in self.plans if not plan.hidden]


def ingest(
    connection: sql.Connection,
    table: Table,
    names: Sequence[str],
    options: ReaderOptions,
    origin: Origin,
    *,
    trailing: bool,
    target: Path,
    tell: Tell,
    tolerate: bool = False,
) -> Outcome:
    """Write `table` to `target`; raise `Disagreement` when its records cannot be accounted for.

    Unless the caller will `tolerate` it, a record that is not UTF-8 raises `NotUtf8`.
    """
    reading = _plan(connection, table, names, options, trailing=trailing, target=target)
    records: int | None = None
    for _ in range(_ROUNDS):
        with watched(connection, tell, table.path.stat().st_size):
            _copy(reading)
        _check_refused(reading)
        if not tolerate and any(one.kind == "INVALID ENCODING" for one in reading.refused):
            raise NotUtf8
        known = reading.rows + len(reading.refused)
        records = origin.count(known) if records is None else records
        missing = records - known
        if missing < 0:
            raise Disagreement(f"{reading.rows} rows of {records} records")
        # Both look at every column, so both are asked before the file is read again.
        changed = _look_at_parquet(reading)
        if missing and _look_at_text(reading):
            changed = True
        if not changed:
            return _account(reading, origin, records, missing)
    raise Disagreement(f"the types are not settled after {_ROUNDS} passes")


def _plan(
    connection: sql.Connection,
    table: Table,
    names: Sequence[str],
    options: ReaderOptions,
    *,
    trailing: bool,
    target: Path,
) -> _Reading:
    limit = "" if table.path.stat().st_size < _SMALL else f"LIMIT {_SAMPLE}"
    connection.execute(f"CREATE OR REPLACE TEMP TABLE sample AS FROM {table.scan()} {limit}")
    try:
        plans, undecided = inference.plan(connection, "sample", names, options, trailing=trailing)
        counts = scan.token_counts(
            connection, "sample", ((plan.index, False) for plan in plans), options.null_tokens
        )
    finally:
        connection.execute("DROP TABLE sample")
    if undecided:
        wanted = {index: inference.wider(plans[index]) for index in undecided}
        evidence = inference.weigh(connection, table.scan(), wanted, options.null_tokens)
        for index in undecided:
            plans[index] = inference.settle(plans[index], evidence[index])
    expected = {"" for token in options.null_tokens if not token}
    expected.update(token for one in counts.values() for token, count in one.items() if count)
    return _Reading(connection, table, options.null_tokens, target, plans, expected)


def _copy(reading: _Reading) -> None:
    scan.forget_refused(reading.connection)
    relation = reading.table.scan(nulls=sorted(reading.expected), keep=True)
    reading.rows = scan.copy(reading.connection, reading.plans, relation, reading.target, reading.tokens)
    reading.refused = scan.refused(reading.connection)
    counts = scan.null_counts(reading.connection, reading.target)
    reading.nulls = {plan.index: count for plan, count in zip(reading.shown, counts, strict=False)}


def _check_refused(reading: _Reading) -> None:
    for one in reading.refused:
        if one.raw.count("\n") > _RUNAWAY:
            first = one.raw.partition("\n")[0][:80]
            raise InvalidInput(
                f"a quote is opened and not closed within {_RUNAWAY} lines, in the record {first!r}",
                hint='if quotes are ordinary characters in this file, say so with --quote ""',
            )
    if len(reading.refused) > max(reading.rows, 1):
        some = reading.refused[0]
        raise InvalidInput(
            f"more records were refused than read, such as {some.raw[:80]!r}: {some.reason}",
            hint="the delimiter or the quote may be another one: see --delimiter and --quote",
        )


def _look_at_parquet(reading: _Reading) -> bool:
    """Look for null tokens in text, and for the types of columns of which the sample held nothing."""
    parquet = f"read_parquet({sql.literal(str(reading.target))})"
    new = [token for token in reading.tokens if token not in reading.expected]
    found: set[str] = set()
    unseen: dict[int, tuple[shapes.Shape, ...]] = {}
    for plan in reading.shown:
        if plan.shape is not shapes.TEXT or not reading.rows or reading.nulls[plan.index] == reading.rows:
            continue
        name = sql.name(plan.name)
        if new:
            # Answered from the footer's bounds and Bloom filters, nearly always.
            query = sql.select([f"DISTINCT {name}"], parquet, f"WHERE {name} IN {sql.literals(new)}")
            found.update(token for (token,) in sql.rows(reading.connection, query))
        if plan.unseen and not plan.forced:
            unseen[plan.index] = (*shapes.PLAIN, *shapes.GROUPED)
    reading.expected |= found
    if unseen:
        columns = [
            f"{sql.name(plan.name)} AS c{plan.index}" for plan in reading.shown if plan.index in unseen
        ]
        evidence = inference.weigh(reading.connection, sql.select(columns, parquet), unseen, reading.tokens)
        for index, one in evidence.items():
            shape, note = inference.choose(one, decimal_comma=False)
            reading.plans[index] = replace(
                reading.plans[index], shape=shape, note=note, unseen=False, padded=bool(one.padded)
            )
        unseen = {index: () for index in unseen if reading.plans[index].shape is not shapes.TEXT}
    return bool(found or unseen)


def _look_at_text(reading: _Reading) -> bool:
    """Find out what in the typed columns did not fit; say whether that changes how the file is read."""
    typed = [plan for plan in reading.plans if plan.shape is not shapes.TEXT]
    counts = scan.token_counts(
        reading.connection, reading.table.scan(), ((plan.index, False) for plan in typed), reading.tokens
    )
    found = {token for one in counts.values() for token in one} - reading.expected - {""}
    reading.expected |= found
    wanted = {plan.index: inference.wider(plan) for plan in typed}
    evidence = inference.weigh(reading.connection, reading.table.scan(), wanted, reading.tokens)
    changed = bool(found)
    for plan in typed:
        one = evidence[plan.index]
        better = plan
        if not plan.forced and one.values and not one.whole(plan.shape):
            better = _widen(reading, plan, one)
        if one.padded and not better.padded:
            better = replace(better, padded=True)
        changed = changed or better != plan
        reading.plans[plan.index] = better
    return changed


def _widen(reading: _Reading, plan: ColumnPlan, evidence: inference.Evidence) -> ColumnPlan:
    misfits = evidence.values - evidence.fits[plan.shape]
    shape, note = inference.choose(evidence, decimal_comma=False)
    if plan.hidden:
        return replace(plan, shape=shapes.TEXT, hidden=False)
    first = reading.widened.get(plan.name, "").partition(" to ")[0] or plan.shape.name
    reading.widened[plan.name] = (
        f"{first} to {shape.name}: {misfits} of {evidence.values} values are not {plan.shape.name}"
    )
    return replace(plan, shape=shape, note=note)


def _account(reading: _Reading, origin: Origin, records: int, missing: int) -> Outcome:
    refused = [one.number for one in reading.refused]
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
    reading: _Reading,
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
    )


def _misfit(plan: ColumnPlan) -> str:
    return f"not {plan.shape.name}" if not plan.hidden else "a value after the last column"


def _null_tokens(reading: _Reading, left_out: Sequence[Sequence[str | None]]) -> dict[str, dict[str, int]]:
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
