"""A delimited UTF-8 file into Parquet in one pass, and the proof that no record was lost on the way.

The pass is optimistic: it reads by a plan made from a sample, leaves out what does not fit, and counts. Only
when the count says that something was left out, or Parquet that a null token came through, is the file
looked at again; and only when that changes the plan is it read again.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from sapwood_shared.errors import InvalidInput
from sapwood_storage.tabular.model import ReaderOptions
from sapwood_storage.tabular.readers import inference, scan, second_look, sql
from sapwood_storage.tabular.readers.encodings import NOT_UTF_8
from sapwood_storage.tabular.readers.evidence import weigh
from sapwood_storage.tabular.readers.outcome import PARQUET, Outcome, parquet
from sapwood_storage.tabular.readers.progress import Tell, watched
from sapwood_storage.tabular.readers.reading import Disagreement, Origin, Reading, account
from sapwood_storage.tabular.readers.scan import Table

_SAMPLE: Final = 20_480  # rows, of up to a hundred columns
_CELLS: Final = 100 * _SAMPLE
_HEAD: Final = 1 << 20
_SMALL: Final = 4 << 20  # bytes: a smaller file is its own sample
_KEPT: Final = 500  # columns of which a sample is kept in memory, 256 KiB each
_ROUNDS: Final = 5
_RUNAWAY: Final = 100  # lines in one refused record: a quote that nobody closed


class NotUtf8(Exception):
    """Some records are not valid UTF-8; the file may be in another encoding."""


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
        changed = second_look.look_at_parquet(reading)
        if missing and second_look.look_at_text(reading):
            changed = True
        if not changed:
            return account(reading, origin, records, missing)
    raise Disagreement(f"the types are not settled after {_ROUNDS} passes")


def _plan(
    connection: sql.Connection,
    table: Table,
    names: Sequence[str],
    options: ReaderOptions,
    *,
    trailing: bool,
    target: Path,
) -> Reading:
    limit = "" if table.path.stat().st_size < _SMALL else f"LIMIT {min(_SAMPLE, _CELLS // table.width)}"
    sample = sql.select(["*"], table.scan(), limit)
    if table.width <= _KEPT:
        connection.execute(f"CREATE TEMP TABLE sample AS {sample}")
        sample = "sample"
    else:
        # For a while: a column of Parquet is found sooner than a column of text, and is not in memory.
        connection.execute(f"COPY {sample} TO {sql.literal(str(target))} ({PARQUET})")
        sample = f"read_parquet({sql.literal(str(target))})"
    planned = inference.plan(connection, sample, names, options, trailing=trailing)
    wanted = ((index, False) for index in planned.tokens)
    counts = scan.token_counts(connection, sample, wanted, options.null_tokens)
    connection.execute("DROP TABLE IF EXISTS sample")
    plans = planned.columns
    if planned.undecided:
        candidates = {index: inference.wider(plans[index]) for index in planned.undecided}
        found = weigh(connection, table.scan(), candidates, options.null_tokens)
        for index in planned.undecided:
            plans[index] = inference.settle(plans[index], found[index], connection, table.scan())
    expected = {"" for token in options.null_tokens if not token}
    expected.update(token for one in counts.values() for token, count in one.items() if count)
    form = parquet(connection, _row_bytes(table.path))
    return Reading(connection, table, options.null_tokens, target, plans, expected, form)


def _row_bytes(path: Path) -> float:
    with path.open("rb") as file:
        head = file.read(_HEAD)
    return len(head) / (head.count(b"\n") + 1)


def _copy(reading: Reading) -> None:
    scan.forget_refused(reading.connection)
    relation = reading.table.scan(nulls=sorted(reading.expected), keep=True)
    reading.rows = scan.copy(
        reading.connection, reading.plans, relation, reading.target, reading.tokens, reading.form
    )
    reading.refused = scan.refused(reading.connection)
    counts = scan.null_counts(reading.connection, reading.target)
    reading.nulls = {plan.index: count for plan, count in zip(reading.shown, counts, strict=False)}


def _check_refused(reading: Reading) -> None:
    for one in reading.refused:
        if one.raw.count("\n") > _RUNAWAY:
            first = one.raw.partition("\n")[0][:80]
            raise InvalidInput(
                f"a quote is opened and not closed within {_RUNAWAY} lines, in the record {first!r}",
                hint='if quotes are ordinary characters in this file, say so with --quote ""',
            )
    if len(reading.refused) > max(reading.rows, 1):
        some = reading.refused[0]
        hint = "the delimiter or the quote may be another one: see --delimiter and --quote"
        if some.reason == NOT_UTF_8:
            hint = "the encoding is another one: leave --encoding out, or name it, such as --encoding cp1252"
        raise InvalidInput(
            f"more records were refused than read, such as {some.raw[:80]!r}: {some.reason}", hint=hint
        )
