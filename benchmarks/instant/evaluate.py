"""Measures the instant tier on questions about real tables, through the product's own path.

    python benchmarks/instant/evaluate.py test            # totals only: test tables stay unread
    python benchmarks/instant/evaluate.py development --show

A question is right when its rows equal those of the gold SQL (groups and lists in any order, numbers within
1e-6); wrong when they differ, or when it should have been declined. Declining needs no particular reason.
Printed: precision of what was answered with its 95 % Wilson interval, coverage of the answerable, share of
the others declined, and the precision with each guard off, each guard being a ground to decline.
"""

import argparse
import asyncio
import datetime
import decimal
import json
import math
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

import duckdb

from sapwood_agents.analyst.ask import Question
from sapwood_agents.analyst.instrument import instrument
from sapwood_agents.analyst.sql import SqlWriter
from sapwood_runtime.parts import Parts, open_parts
from sapwood_runtime.settings import load
from sapwood_shared import DetachedWork, SapwoodError, WorkspaceId
from sapwood_storage.tabular.model import ReaderOptions

HERE = Path(__file__).parent
LOCAL = WorkspaceId("local")
NULLS = ["", "NA", "N/A", "NaN", "null", "NULL", "None"]


def gold_connection(file: Path) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute("SET TimeZone = 'UTC'")
    match file.suffix:
        case ".csv" | ".tsv":
            read = f"read_csv_auto('{file}', sample_size=-1, nullstr={NULLS!r})"
        case ".json":
            read = f"read_json_auto('{file}')"
        case _:
            read = f"read_parquet('{file}')"
    connection.execute(f"CREATE TABLE data AS SELECT * FROM {read}")
    for name, kind in connection.execute(
        "SELECT column_name, data_type FROM information_schema.columns WHERE table_name = 'data'"
    ).fetchall():
        if "TIME ZONE" in kind:
            connection.execute(f'ALTER TABLE data ALTER "{name}" TYPE TIMESTAMP')
    return connection


def cell(value: Any) -> Any:
    if isinstance(value, decimal.Decimal):
        return float(value)
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def canonical(value: Any) -> str:
    """Booleans and yes/no words, and midnight and its date, are the same value."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = str(value).casefold().removesuffix("t00:00:00").removesuffix(" 00:00:00")
    return {"true": "yes", "false": "no"}.get(text, text)


def equal(a: Any, b: Any) -> bool:
    if a is None or b is None:
        return a is b
    numbers = isinstance(a, int | float) and isinstance(b, int | float)
    if numbers and not (isinstance(a, bool) or isinstance(b, bool)):
        return math.isclose(a, b, rel_tol=1e-6, abs_tol=1e-9)
    return canonical(a) == canonical(b)


def same_rows(found: list[list[Any]], gold: list[list[Any]]) -> bool:
    rest = list(gold)
    for row in found:
        for index, other in enumerate(rest):
            if len(row) == len(other) and all(equal(a, b) for a, b in zip(row, other, strict=True)):
                del rest[index]
                break
        else:
            return False
    return not rest


def wilson(right: int, total: int) -> tuple[float, float]:
    if not total:
        return 0.0, 1.0
    z, share = 1.959964, right / total
    middle = (share + z * z / (2 * total)) / (1 + z * z / total)
    spread = z / (1 + z * z / total) * math.sqrt(share * (1 - share) / total + z * z / (4 * total * total))
    return middle - spread, middle + spread


async def rows_without_guards(
    parts: Parts, reader: Any, version: str, outcome: Any
) -> list[list[Any]] | None:
    """The rows of the least doubtful reading, whatever a guard would say of it."""
    if not outcome.readings:
        return None
    intent = outcome.readings[0].intent
    writer = SqlWriter(reader.card)
    plan = instrument(intent, writer.write(intent), writer)
    try:
        table = await parts.tables.query(LOCAL, version, plan.statement.sql("duckdb"))
    except SapwoodError:
        return None
    return plan.split(table).rows


def named_file(folder: Path, scratch: Path) -> Path:
    """The table under the name its askers knew it by."""
    file = next(path for path in folder.iterdir() if path.stem == "table")
    named = scratch / f"{folder.name}{file.suffix}"
    named.symlink_to(file)
    return named


async def one_table(parts: Parts, folder: Path, named: Path, tally: Counter[str], *, show: bool) -> None:
    work = DetachedWork()
    dataset = await parts.dataset(LOCAL, named, ReaderOptions(), work)
    gold = gold_connection(named)
    intents: dict[str, Any] = {}
    here: Counter[str] = Counter()
    for line in (folder / "questions.jsonl").read_text(encoding="utf-8").splitlines():
        entry = json.loads(line)
        follows = entry.get("follow_up_of")
        if follows and intents.get(follows) is None:
            here["follow-up of a declined question"] += 1
            continue
        asked = Question(text=entry["q"], previous=intents.get(follows))
        answer = await parts.analyst.ask(LOCAL, dataset, asked, work)
        reader = await parts.analyst._reader(LOCAL, dataset)  # the guards are inside the service
        outcome = await parts.analyst._read(LOCAL, dataset, reader, asked)
        intents[entry["id"]] = outcome.settled if answer.answer is not None else None
        expected = None
        if "sql" in entry:
            expected = [[cell(value) for value in row] for row in gold.execute(entry["sql"]).fetchall()]
        answered = answer.answer is not None
        right = answered and expected is not None and same_rows([list(row) for row in answer.rows], expected)
        here[
            ("answerable " if expected is not None else "unanswerable ")
            + ("answered" if answered else "declined")
        ] += 1
        here["right"] += right
        if not answered and answer.reason is not None:
            unguarded = await rows_without_guards(parts, reader, dataset.version, outcome)
            if unguarded is not None:
                here[f"guard {answer.reason.code}"] += 1
                here[f"guard {answer.reason.code} right"] += expected is not None and same_rows(
                    unguarded, expected
                )
        if show and answered and not right:
            print(f"  wrong {entry['id']} {entry['q']!r}\n    {answer.reading}\n    {answer.rows[:3]}")
            print(f"    gold {expected[:3] if expected is not None else 'decline: ' + entry.get('why', '')}")
        if show and not answered and expected is not None and answer.reason is not None:
            print(f"  declined {entry['id']} {entry['q']!r}: {answer.reason.text}")
    print(f"{folder.name:20} {dict(here)}" if show else f"{folder.name:20} done")
    tally.update(here)


def report(tally: Counter[str]) -> None:
    right = tally["right"]
    answered = tally["answerable answered"] + tally["unanswerable answered"]
    answerable = tally["answerable answered"] + tally["answerable declined"]
    others = tally["unanswerable answered"] + tally["unanswerable declined"]
    low, high = wilson(right, answered)
    print(f"questions              {answerable + others}")
    print(f"answered               {answered}")
    print(f"right of the answered  {of(right, answered)} (95 %: {low:.3f} to {high:.3f})")
    print(f"answerable answered    {of(tally['answerable answered'], answerable)}")
    print(f"unanswerable declined  {of(tally['unanswerable declined'], others)}")
    for code in ("ambiguous", "unsupported"):
        more, good = tally[f"guard {code}"], tally[f"guard {code} right"]
        print(f"right of the answered with the guard {code!r} off: {of(right + good, answered + more)}")


def of(part: int, whole: int) -> str:
    return f"{part} of {whole} = {part / max(1, whole):.3f}"


def tables(part: str, chosen: list[str]) -> list[Path]:
    found = sorted(path for path in (HERE / part).iterdir() if path.is_dir())
    return [path for path in found if not chosen or path.name in chosen]


async def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("part", choices=["development", "test"])
    parser.add_argument("tables", nargs="*")
    parser.add_argument("--show", action="store_true", help="print each failure (never on test tables)")
    chosen = parser.parse_args()
    tally: Counter[str] = Counter()
    folders = tables(chosen.part, chosen.tables)
    with tempfile.TemporaryDirectory() as directory:
        scratch = Path(directory)
        async with open_parts(load({"SAPWOOD_HOME": str(scratch / "home")})) as parts:
            for folder in folders:
                named = named_file(folder, scratch)
                await one_table(parts, folder, named, tally, show=chosen.show and chosen.part != "test")
    report(tally)


if __name__ == "__main__":
    asyncio.run(main())
