"""The statements over a delimited file: every column as text, the one copy into Parquet, what was refused."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NamedTuple

from sapwood_storage.tabular.readers import shapes, sql
from sapwood_storage.tabular.readers.encodings import NOT_UTF_8
from sapwood_storage.tabular.readers.evidence import token_pattern
from sapwood_storage.tabular.readers.inference import ColumnPlan

_REFUSED: Final = "refused"  # a table that DuckDB makes
_IGNORED: Final = "ignored"
_NO_NULL: Final = "\x1e"  # a text that no cell has; DuckDB wants one
_NEW_LINES: Final = {"\n": "\\n", "\r\n": "\\r\\n"}  # as DuckDB wants them written
_LONGEST_RECORD: Final = 16_000_000
_BUFFER: Final = 32_000_000
_WIDE: Final = 500  # columns; beyond, a level of its own for each step takes more memory than it saves time
_MOST_REFUSED: Final = 1_000_000


class Refused(NamedTuple):
    """A record that DuckDB could not cut into the right number of fields."""

    number: int  # of the record, blank lines counted
    reason: str
    kind: str
    raw: str


@dataclass(frozen=True, slots=True)
class Table:
    """A delimited UTF-8 file whose every dialect choice is made."""

    path: Path
    delimiter: str
    quote: str
    header: bool
    width: int
    newline: str  # DuckDB looks for it in quoted fields as well, and reads nothing if it guesses wrong

    def scan(self, *, nulls: Iterable[str] = (), keep: bool = False) -> str:
        """Return the SQL that reads every field as text `c<i>`; `keep` is for the one scan that counts.

        Never `ignore_errors`: with it DuckDB 2.0 also drops good records after some bad ones.
        """
        fields = ", ".join(f"'c{index}': 'VARCHAR'" for index in range(self.width))
        refused = _REFUSED if keep else _IGNORED
        return f"""read_csv({sql.literal(str(self.path))}, auto_detect = false, compression = 'none',
            delim = {sql.literal(self.delimiter)}, quote = {sql.literal(self.quote)},
            escape = {sql.literal(self.quote)}, header = {str(self.header).lower()},
            new_line = '{_NEW_LINES[self.newline]}', columns = {{{fields}}},
            nullstr = {sql.literals(tuple(nulls) or (_NO_NULL,))},
            parallel = {str(self.width <= _WIDE).lower()},
            max_line_size = {_LONGEST_RECORD}, buffer_size = {_BUFFER},
            store_rejects = true, rejects_table = '{refused}', rejects_scan = '{refused}_scans',
            rejects_limit = {_MOST_REFUSED})"""


def copy(
    connection: sql.Connection,
    plans: Sequence[ColumnPlan],
    relation: str,
    target: Path,
    tokens: Sequence[str],
    form: str,
) -> int:
    """Write the records of `relation` that fit `plans` to `target`, and return how many those are.

    A record with a value that does not fit is left out; the caller learns of it by counting.
    """
    typed = [plan for plan in plans if plan.shape is not shapes.TEXT]
    token = token_pattern(tokens)
    in_one = len(plans) > _WIDE
    if typed and in_one:
        flags = [_misfit(plan, f"({plan.shape.exact(plan.source)})", token) for plan in typed]
        relation += f" WHERE NOT ({' OR '.join(flags)})"
    elif typed:
        # Each level computes once what the next one uses twice.
        relation = sql.select(
            ["*", *(f"{plan.shape.cast(plan.source)} AS v{plan.index}" for plan in typed)], relation
        )
        values = [f"{plan.shape.value(plan.source, f'v{plan.index}')} AS f{plan.index}" for plan in typed]
        relation = sql.select(["*", *values], relation)
        # `random` keeps the optimizer from pushing the test, and with it every cast, below the projection.
        flags = [_misfit(plan, f"f{plan.index}", token) for plan in typed]
        misfit = f"CASE WHEN {' OR '.join(flags)} THEN random() < 2 ELSE false END"
        relation = sql.select(["*", f"{misfit} AS misfit"], relation) + " WHERE NOT misfit"
    fields: list[str] = []
    for plan in plans:
        value = plan.source
        if plan.shape is not shapes.TEXT:
            value = plan.shape.exact(plan.source) if in_one else f"f{plan.index}"
        if not plan.hidden:
            fields.append(f"{value} AS {sql.name(plan.name)}")
    return sql.number(
        connection, f"COPY {sql.select(fields, relation)} TO {sql.literal(str(target))} ({form})"
    )


def _misfit(plan: ColumnPlan, value: str, token: str) -> str:
    null = f"regexp_full_match(trim({plan.source}), {token})" if plan.padded else f"{plan.source} = ''"
    return f"({value} IS NULL AND {plan.source} IS NOT NULL AND NOT {null})"


def misfits(
    connection: sql.Connection, plans: Sequence[ColumnPlan], table: Table, tokens: Sequence[str]
) -> list[tuple[Any, ...]]:
    """Return (number among the records not refused, misfitting columns, *fields) of what `copy` left out."""
    typed = [plan for plan in plans if plan.shape is not shapes.TEXT]
    everything = [f"c{index}" for index in range(table.width)]
    flags = [_flag(plan, token_pattern(tokens), exact=len(plans) > _WIDE) for plan in typed]
    wrong = f"list_filter([{', '.join(flags)}], lambda i: i IS NOT NULL) AS wrong"
    numbered = sql.select(["row_number() OVER () AS record", "*"], table.scan())
    flagged = sql.select(["*", wrong], numbered)
    rest = "WHERE len(wrong) > 0 ORDER BY record"
    return sql.rows(connection, sql.select(["record", "wrong", *everything], flagged, rest))


def _flag(plan: ColumnPlan, token: str, *, exact: bool) -> str:
    x = plan.source
    null = f"regexp_full_match({f'trim({x})' if plan.padded else x}, {token})"
    value = plan.shape.exact(x) if exact else plan.shape.fitting(x)
    return f"CASE WHEN NOT {null} AND ({value}) IS NULL THEN {plan.index} END"


def forget_refused(connection: sql.Connection) -> None:
    """Make room for what the next scan refuses."""
    connection.execute(f"DROP TABLE IF EXISTS {_REFUSED}; DROP TABLE IF EXISTS {_REFUSED}_scans")


def refused(connection: sql.Connection) -> list[Refused]:
    """Return what the last keeping scan refused, one entry a record although DuckDB makes several."""
    fields = [
        "line",
        "min_by(error_message, column_idx)",
        "min_by(error_type::VARCHAR, column_idx)",
        "any_value(csv_line)",
    ]
    found = sql.rows(connection, sql.select(fields, _REFUSED, "GROUP BY line ORDER BY line"))
    return [Refused(int(line), _reason(kind, message), kind, raw or "") for line, message, kind, raw in found]


def _reason(kind: str, message: str) -> str:
    match kind:
        case "MISSING COLUMNS" | "TOO MANY COLUMNS":
            return message.replace("Expected Number of Columns", "fields expected").replace("Found", "found")
        case "INVALID ENCODING":
            return NOT_UTF_8
        case "UNQUOTED VALUE":
            return "text before or after a quoted value, or a quote that is not closed"
        case _:
            return kind.lower()


def null_counts(connection: sql.Connection, parquet: Path) -> list[int]:
    """Return how many NULLs each column of a Parquet file holds, from its footer."""
    fields = ["column_id", "sum(stats_null_count)::BIGINT"]
    footer = f"parquet_metadata({sql.literal(str(parquet))})"
    found = sql.rows(connection, sql.select(fields, footer, "GROUP BY column_id ORDER BY column_id"))
    return [int(count) for _, count in found]


def token_counts(
    connection: sql.Connection, relation: str, columns: Iterable[tuple[int, bool]], tokens: Sequence[str]
) -> dict[int, dict[str, int]]:
    """Count the null tokens in the columns given as (index, whether blanks around a token are left out)."""
    columns = tuple(columns)
    if not columns or not tokens:
        return {}
    longest = max(len(token.encode()) for token in tokens)
    marks: list[str] = []
    for index, padded in columns:
        x = f"trim(c{index})" if padded else f"c{index}"
        cases = " ".join(f"WHEN {x} = {sql.literal(token)} THEN {at}" for at, token in enumerate(tokens))
        marks.append(f"CASE WHEN strlen({x}) > {longest} THEN NULL {cases} END AS t{index}")
    # As text: in the sandbox Python has not loaded what it makes of a map.
    fields = [f"to_json(histogram(t{index}))::VARCHAR" for index, _ in columns]
    answer = sql.row(connection, sql.select(fields, sql.select(marks, relation)))
    found: dict[int, dict[str, int]] = {}
    for (index, _), counts in zip(columns, answer, strict=True):
        found[index] = {tokens[int(at)]: int(count) for at, count in json.loads(counts or "{}").items()}
    return found
