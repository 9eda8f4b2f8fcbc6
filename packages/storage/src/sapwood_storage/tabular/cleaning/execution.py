"""A recipe on real data, in a worker bound to one version: look, count, refuse or write.

The data is read once to count what every step does (and once more for each group of fills and each dedupe,
which have to know the data first), and once to write it. Nothing is written before all counts are known.
"""

import shutil
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import _duckdb

from sapwood_shared.errors import DependencyFailed, InvalidInput
from sapwood_storage.tabular.cleaning import planning
from sapwood_storage.tabular.cleaning.draft import Draft, Field, Mark
from sapwood_storage.tabular.cleaning.quoting import quoted, text, typed
from sapwood_storage.tabular.cleaning.steps import Step
from sapwood_storage.tabular.model import Column, ColumnType
from sapwood_storage.tabular.readers import sql
from sapwood_storage.tabular.readers.outcome import DATA_FILE, PARQUET
from sapwood_storage.tabular.readers.progress import Tell, watched
from sapwood_storage.tabular.sandbox.cells import wire_column

_EXAMPLES: Final = 5
_SHOWN: Final = 80
_DUPLICATES: Final = 20
_WORK: Final = "work"
_HEAVIEST: Final = 6_000  # vectors of 32 KiB over all threads: less than half of a worker's memory
_MOST_ROWS: Final = 1_000_000_000  # in one bit string of DuckDB's


def clean(connection: sql.Connection, params: dict[str, Any], tell: Tell) -> dict[str, Any]:
    """Write `data.parquet` into `params["staging"]`: `source`, another such file, under `steps`.

    Returns the columns, the rows, and what each step did. `InvalidInput` when a step does not fit the data.
    """
    source, steps = Path(params["source"]), params["steps"]
    work = Path(params["staging"]) / _WORK
    work.mkdir()
    run = _Run(connection, steps, tell, source.stat().st_size, work)
    relation = f"read_parquet({sql.literal(str(source))}, file_row_number = true)"
    run.threads = sql.number(connection, "SELECT current_setting('threads')::INTEGER")
    run.total = sql.number(connection, sql.select(["count(*)"], relation))
    for number, step in enumerate(steps):
        _try(connection, number, step)
    draft = Draft(relation, "file_row_number", _columns(connection, source))
    planning.apply(draft, steps, run)
    run.settle(draft, [])
    rows = run.write(draft, Path(params["staging"]) / DATA_FILE)
    shutil.rmtree(work)
    return {
        "columns": [{"name": column.name, "type": str(column.type)} for column in draft.columns],
        "rows": rows,
        "outcomes": run.outcomes(),
    }


def _columns(connection: sql.Connection, source: Path) -> list[Column]:
    connection.execute(f"{sql.select(['*'], f'read_parquet({sql.literal(str(source))})')} LIMIT 0")
    found = [(str(name), str(kind)) for name, kind, *_ in connection.description or ()]
    connection.fetchall()
    return [Column(name, ColumnType(wire_column(name, kind).type)) for name, kind in found]


def _try(connection: sql.Connection, number: int, step: Step) -> None:
    """Let DuckDB read the patterns and formats of a person, so that a bad one is named before the data."""
    probe: str | None = None
    if step["kind"] == "regex_replace":
        probe = f"regexp_replace('', {text(step['pattern'])}, {text(step['replacement'])})"
    elif step["kind"] == "regex_extract":
        probe = rf"regexp_replace('', {text(step['pattern'])}, '\{int(step['group'])}')"
    elif step["kind"] == "parse_dates":
        probe = f"try_strptime('', [{', '.join(map(text, step['formats']))}])::TIMESTAMP"
    try:
        if probe is not None:
            connection.execute(f"SELECT {probe}").fetchall()
    except _duckdb.Error as error:
        raise InvalidInput(
            f"{planning.name_of(number, step)}: {error}", hint="patterns are RE2's, formats are strptime's"
        ) from error


@dataclass(slots=True)
class _Run:
    """One recipe in the doing: the `Facts` of a bound worker."""

    connection: sql.Connection
    steps: Sequence[Step]
    tell: Tell
    size: int
    work: Path  # a directory for what is not kept
    total: int = 0
    threads: int = 1
    parts: int = 0
    counted: int = 0  # marks of the draft that were counted already
    changed: defaultdict[int, int] = field(default_factory=lambda: defaultdict(int))
    emptied: defaultdict[int, int] = field(default_factory=lambda: defaultdict(int))
    removed: defaultdict[int, int] = field(default_factory=lambda: defaultdict(int))
    filled: defaultdict[int, dict[str, str]] = field(default_factory=lambda: defaultdict(dict))
    duplicates: defaultdict[int, list[list[int]]] = field(default_factory=lambda: defaultdict(list))

    def lighten(self, draft: Draft) -> None:
        """Cut a long recipe, or one on a wide table, into parts that fit into memory."""
        if draft.weight <= _HEAVIEST // self.threads:
            return
        self.settle(draft, [])
        self.counted = 0
        earlier = list(self.work.iterdir())
        self.parts += 1
        part = self.work / f"part{self.parts}"
        self._copy(draft.remaining(["r", *(one.id for one in draft.fields)]), part)
        draft.restart(f"read_parquet({sql.literal(str(part))})")
        for file in earlier:
            file.unlink()

    def fills(self, draft: Draft, wanted: Mapping[int, tuple[Field, str]]) -> dict[int, str]:
        """Look for the values to fill with, in one scan; a mode takes one of its own."""
        scanned = {number: each for number, each in wanted.items() if each[1] != "mode"}
        aggregates = [_aggregate(draft, one, how) for one, how in scanned.values()]
        found = dict(zip(scanned, self.settle(draft, aggregates), strict=True))
        literals: dict[int, str] = {}
        for number, (one, how) in wanted.items():
            value = found[number] if number in found else self._most_frequent(draft, one)
            if value is None:
                raise InvalidInput(
                    f"{self._name(number)}: {one.name} has no value to take a {how} of",
                    hint="drop the column, or fill it with a value of yours",
                )
            self.filled[number][one.name] = value
            literals[number] = typed(value, one.type)
        return literals

    def firsts(self, draft: Draft, step: int, keys: Sequence[Field], *, last: bool) -> str:
        """Keep a bit for each row, so that no join can change the order of the rows."""
        if self.total > _MOST_ROWS:
            raise InvalidInput(
                f"a table of {self.total:,} rows cannot be rid of duplicates", hint="split the file"
            )
        if not self.total:
            return "true"
        bits = f"firsts_{step}"
        names = [one.id for one in keys]
        best = f"{'max' if last else 'min'}(r)"
        grouped = f"GROUP BY {', '.join(names)}"
        first = sql.select([f"{best} AS first", "count(*) AS n"], draft.remaining([*names, "r"]), grouped)
        bit_per_row = f"bitstring_agg(first, 0, {self.total - 1}) AS bits"
        held = sql.select([bit_per_row, "coalesce(sum(n) - count(*), 0)::BIGINT AS gone"], first)
        with watched(self.connection, self.tell, self.size):
            self.connection.execute(f"CREATE TEMP TABLE {bits} AS {held}").fetchall()
        if not sql.number(self.connection, sql.select(["gone"], bits)):
            return "true"
        condition = f"(get_bit({sql.select(['bits'], bits)}, r::INTEGER) = 1)"
        self.duplicates[step] = self._duplicates(draft, names, condition, best)
        return condition

    def settle(self, draft: Draft, aggregates: Sequence[str]) -> list[str | None]:
        """Count what the steps since the last time do, and refuse what fails; return the `aggregates`."""
        pending = draft.marks[self.counted :]
        self.counted = len(draft.marks)
        tests = [test for mark in pending for test in (mark.changed, mark.failed or "false")]
        if not tests and not aggregates:
            return []
        fields = [f"count_if({test})" for test in tests]
        with watched(self.connection, self.tell, self.size):
            found = sql.row(self.connection, sql.select([*fields, *aggregates], draft.sql))
        for place, mark in enumerate(pending):
            self._take(draft, mark, found[2 * place], found[2 * place + 1])
        return list(found[len(tests) :])

    def write(self, draft: Draft, target: Path) -> int:
        """Write the rows that are left, in their order."""
        shown = [f"{one.id} AS {quoted(one.name)}" for one in draft.fields]
        rows = self._copy(draft.remaining(shown), target)
        if rows != self.total - sum(self.removed.values()):
            raise DependencyFailed(
                f"{rows} rows are not {self.total} without {sum(self.removed.values())}",
                hint="this is a fault in Sapwood: report it with the recipe",
            )
        return rows

    def outcomes(self) -> list[dict[str, Any]]:
        """Return what each step did, as `lineage.outcome_from` reads it."""
        return [
            {
                "cells_changed": self.changed[number],
                "cells_emptied": self.emptied[number],
                "rows_removed": self.removed[number],
                "filled": self.filled[number],
                "duplicates": self.duplicates[number],
            }
            for number in range(len(self.steps))
        ]

    def _copy(self, query: str, target: Path) -> int:
        with watched(self.connection, self.tell, self.size):
            return sql.number(self.connection, f"COPY {query} TO {sql.literal(str(target))} ({PARQUET})")

    def _take(self, draft: Draft, mark: Mark, changed: int, failed: int) -> None:
        if mark.fails and failed:
            raise self._failure(draft, mark, failed)
        counts = self.removed if mark.after is None else self.changed
        counts[mark.step] += changed
        self.emptied[mark.step] += failed

    def _failure(self, draft: Draft, mark: Mark, failed: int) -> InvalidInput:
        shown = [f"{mark.before}::VARCHAR", "r::BIGINT + 1"]
        # `random`, again, so that the test is not pushed down through the levels.
        wrong = sql.select(
            ["*", f"CASE WHEN {mark.failed} THEN random() < 2 ELSE false END AS wrong"], draft.sql
        )
        query = sql.select(shown, wrong, f"WHERE wrong ORDER BY r LIMIT {_EXAMPLES}")
        examples = [f"{_cut(value)!r} in row {row}" for value, row in sql.rows(self.connection, query)]
        return InvalidInput(
            f"{self._name(mark.step)}: {failed:,} values of {mark.column} do not fit, "
            f"for example {', '.join(examples)}",
            hint="change them in a step before, or let them become null with on_failure: null",
        )

    def _most_frequent(self, draft: Draft, one: Field) -> str | None:
        """Of values that are equally frequent, the smallest: which one DuckDB meets first is chance."""
        present = f"WHERE {one.id} IS NOT NULL GROUP BY {one.id} ORDER BY count(*) DESC, {one.id} LIMIT 1"
        query = sql.select([f"{one.id}::VARCHAR"], draft.remaining([one.id]), present)
        return next((row[0] for row in sql.rows(self.connection, query)), None)

    def _name(self, number: int) -> str:
        return planning.name_of(number, self.steps[number])

    def _duplicates(self, draft: Draft, keys: Sequence[str], first: str, best: str) -> list[list[int]]:
        """Return the first few rows that go, each with the row that stays for it."""
        rows = draft.remaining([*keys, "r"])
        flagged = sql.select(["*", f"CASE WHEN {first} THEN false ELSE random() < 2 END AS gone"], rows)
        gone = sql.select(["*"], flagged, f"WHERE gone ORDER BY r LIMIT {_DUPLICATES}")
        same = " AND ".join(f"gone.{key} IS NOT DISTINCT FROM kept.{key}" for key in keys)
        query = sql.select(
            ["gone.r + 1", f"{best.replace('(r)', '(kept.r)')} + 1"],
            f"{gone} AS gone JOIN {rows} AS kept ON {same}",
            "GROUP BY gone.r ORDER BY gone.r",
        )
        return [[int(row), int(kept)] for row, kept in sql.rows(self.connection, query)]


def _aggregate(draft: Draft, one: Field, how: str) -> str:
    x = one.id
    tests = [
        test for test in (draft.alive, f"isfinite({x})" if one.type is ColumnType.NUMBER else None) if test
    ]
    function = "favg" if how == "mean" else "median"
    value = f"{function}({x}) FILTER (WHERE {' AND '.join(tests) or 'true'})"
    return (
        f"round({value})::BIGINT::VARCHAR" if one.type is ColumnType.INTEGER else f"{value}::DOUBLE::VARCHAR"
    )


def _cut(value: str) -> str:
    return value if len(value) <= _SHOWN else value[: _SHOWN - 1] + "…"
