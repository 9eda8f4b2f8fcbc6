"""Recipes as a whole: bad ones, hostile ones, long ones, and what always holds."""

import json
from typing import Any

import _duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sapwood_shared.errors import InvalidInput
from sapwood_shared.work import DetachedWork
from sapwood_storage.tabular.cleaning import planning
from sapwood_storage.tabular.cleaning.steps import canonical
from sapwood_storage.tabular.model import Column, ColumnType, ReaderOptions

COLUMNS = (Column("a", ColumnType.TEXT), Column("b", ColumnType.INTEGER), Column("c", ColumnType.DATE))

HOSTILE = [
    "'; DROP TABLE data; --",
    'a"b',
    "\"); COPY (SELECT 1) TO '/tmp/x",
    "{old}{0}%s\\1",
    "new\nline",
    "ünïcödé 🦆",
    "c0",
    "r",
]


@pytest.mark.parametrize(
    ("kind", "values", "message"),
    [
        ("trim", {"columns": ["zip"]}, "step 1, trim: there is no column 'zip'"),
        ("trim", {"columns": ["b"]}, "step 1, trim: b holds integer"),
        ("trim", {"columns": []}, "step 1, trim: it names no column"),
        ("trim", {"columns": ["a", "a"]}, "step 1, trim: it names 'a' twice"),
        ("clip", {"columns": ["a"], "low": 1}, "step 1, clip: a holds text"),
        ("clip", {"columns": ["b"]}, "step 1, clip: a clip needs a bound"),
        ("clip", {"columns": ["b"], "low": 2, "high": 1}, "step 1, clip: the bound 2 is above 1"),
        ("clip", {"columns": ["b"], "low": 1.5}, "step 1, clip: b holds integer, and 1.5 is not one"),
        ("clip", {"columns": ["c"], "low": "soon"}, "step 1, clip: c holds date, and 'soon' is not one"),
        ("rename", {"names": {"a": "x", "b": "X"}}, "step 1, rename: two columns would be called 'X'"),
        ("rename", {"names": {"a": "b"}}, "step 1, rename: two columns would be called 'b'"),
        ("rename", {"names": {"a": " "}}, "step 1, rename: ' ' cannot be a column's name"),
        ("rename", {"names": {"a": "x\x00y"}}, "step 1, rename: 'x.x00y' cannot be a column's name"),
        ("drop_columns", {"columns": ["a", "b", "c"]}, "step 1, drop_columns: no column would be left"),
        ("drop_rows", {"where": []}, "step 1, drop_rows: no condition"),
        (
            "drop_rows",
            {"where": [{"column": "b", "operator": "=", "values": [1, 2]}]},
            "step 1, drop_rows: b = has 2 values",
        ),
        ("impute", {"column": "a", "strategy": "mean"}, "step 1, impute: a holds text"),
        ("impute", {"column": "b", "strategy": "value", "value": "x"}, "step 1, impute: b holds integer"),
        ("impute", {"column": "b", "strategy": "value"}, "step 1, impute: b is filled with no value"),
        ("impute", {"column": "b", "strategy": "mean", "flag": "A"}, "two columns would be called 'A'|'a'"),
        ("split", {"column": "a", "separator": "-", "into": ["x"]}, "step 1, split: a would be split into 1"),
        ("split", {"column": "a", "separator": "-", "into": ["x", "b"]}, "two columns would be called 'b'"),
        ("cast", {"columns": ["c"], "to": "boolean"}, "step 1, cast: date cannot be read as boolean"),
    ],
)
def test_a_step_that_does_not_fit_the_table_is_named(
    bench: Any, kind: str, values: dict[str, Any], message: str
) -> None:
    with pytest.raises(InvalidInput, match=message) as caught:
        planning.check(COLUMNS, [bench.step(kind, **values)])

    assert caught.value.hint


def test_of_several_fills_the_wrong_one_is_named(bench: Any) -> None:
    steps = [bench.step("impute", column=name, strategy="mean") for name in ("b", "c")]

    with pytest.raises(InvalidInput, match="step 2, impute: c holds date"):
        planning.check(COLUMNS, steps)


def test_a_column_that_an_earlier_step_renamed_is_missing(bench: Any) -> None:
    steps = [bench.step("rename", names={"a": "x"}), bench.step("trim", columns=["a"])]

    with pytest.raises(InvalidInput, match="step 2, trim: there is no column 'a'"):
        planning.check(COLUMNS, steps)


def test_a_name_in_another_case_is_suggested(bench: Any) -> None:
    with pytest.raises(InvalidInput) as caught:
        planning.check(COLUMNS, [bench.step("trim", columns=["A"])])

    assert caught.value.hint == "did you mean 'a'?"


def test_ten_thousand_steps_are_refused(bench: Any) -> None:
    with pytest.raises(InvalidInput, match="10,000 steps, 200 are allowed"):
        planning.check(COLUMNS, [bench.step("trim", columns=["a"])] * 10_000)


async def test_two_hundred_steps_are_fine(bench: Any) -> None:
    steps: list[Any] = []
    for place in range(66):
        steps += [
            bench.step("trim", columns=["x"], blank_is_null=True),
            bench.step("regex_replace", columns=["x"], pattern=f"^{place}$", replacement=str(place + 1)),
            bench.step("drop_rows", where=[{"column": "x", "operator": "=", "values": [f"gone {place}"]}]),
        ]
    steps += [bench.step("dedupe"), bench.step("impute", column="x", strategy="mode")]
    text = "x,n\n" + "".join(f"gone {n},{n}\n" for n in range(60, 70)) + "0,1\n0,1\nname,3\n"

    made = await bench.clean(text, *steps)

    assert len(steps) == 200
    assert sorted(bench.column(made, "x")) == ["66", "gone 66", "gone 67", "gone 68", "gone 69", "name"]


async def test_a_wide_table_is_cleaned_within_the_memory_of_a_worker(bench: Any) -> None:
    names = [f"column {place}" for place in range(600)]
    text = ",".join(names) + "\n" + (",".join(f" {place} x" for place in range(600)) + "\n") * 50
    steps = [bench.step("trim", columns=[name]) for name in names[:100]] + [
        bench.step("regex_replace", columns=names, pattern=f"{digit}", replacement=f"{digit}")
        for digit in range(5)
    ]

    made = await bench.clean(text, *steps, bench.step("dedupe"))

    assert made.report.rows == 1
    assert bench.rows(made)[0][:2] == ("0 x", "1 x")
    assert [bench.outcome(made, place).cells_changed for place in (0, 99, 100)] == [50, 50, 0]


async def test_a_bad_pattern_is_named_before_the_data_is_read(bench: Any) -> None:
    for values, told in (
        ({"pattern": "(", "replacement": ""}, "missing"),
        ({"pattern": "a", "replacement": r"\3"}, "requests 3"),
    ):
        with pytest.raises(InvalidInput, match=f"step 1, regex_replace: .*{told}"):
            await bench.clean("x,n\na,1\n", bench.step("regex_replace", columns=["x"], **values))
    with pytest.raises(InvalidInput, match=r"step 1, regex_extract: .*requests 2"):
        await bench.clean("x,n\na,1\n", bench.step("regex_extract", column="x", pattern="(a)", group=2))
    with pytest.raises(InvalidInput, match=r"step 1, parse_dates: .*%Q"):
        await bench.clean("x,n\na,1\n", bench.step("parse_dates", columns=["x"], formats=["%Q"]))


async def test_hostile_names_and_values_are_only_names_and_values(bench: Any) -> None:
    records = [{"x": value, "n": place} for place, value in enumerate(HOSTILE)]
    named = [value for value in HOSTILE if value.isprintable()]
    text = "".join(json.dumps(record) + "\n" for record in records)
    read = await bench.read(text, "table.json", format="json")
    conditions = [{"column": "x", "operator": "=", "values": [HOSTILE[1]]}]

    made = await bench.apply(
        read,
        bench.step("map_categories", columns=["x"], mapping={HOSTILE[0]: HOSTILE[2], HOSTILE[4]: HOSTILE[3]}),
        bench.step("drop_rows", where=conditions),
        bench.step("split", column="x", separator="{old}", into=named[:2]),
        bench.step("rename", names={named[0]: named[3], "x": named[2]}),
        bench.step("impute", column=named[3], strategy="value", value=HOSTILE[0], flag="it's null"),
        bench.step("cast", columns=["n"], to="number", affixes=["'", ")"]),
        bench.step("trim", columns=[named[2]], collapse=True),
        bench.step("dedupe", columns=[named[2]]),
    )

    assert list(bench.types(made)) == [named[2], named[3], "it's null", named[1], "n"]
    assert bench.column(made, named[2]) == [HOSTILE[2], HOSTILE[3], HOSTILE[5], "c0", "r"]
    assert bench.outcome(made).rows_removed == 2


async def test_no_steps_are_the_source_itself(bench: Any) -> None:
    read = await bench.read("a,b\n1,x\n2,y\n")

    assert await bench.apply(read) == read


def test_reasons_are_no_part_of_what_a_recipe_is(bench: Any) -> None:
    step = bench.step("trim", columns=["a"])

    assert canonical([step]) == canonical([bench.step("trim", columns=["a"], reason="because")])
    assert canonical([]) == ""


CELLS = st.text(alphabet=st.sampled_from(" \tab'\"é;\u00a0"), max_size=4) | st.none()
TABLES = st.lists(st.tuples(CELLS, st.integers(0, 3)), min_size=1, max_size=12)
SLOWLY = settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


async def _table(bench: Any, rows: list[tuple[str | None, int]]) -> Any:
    source = bench.root.parent / "table.parquet"
    with _duckdb.connect(":memory:") as connection:
        connection.execute("CREATE TABLE rows (x VARCHAR, n BIGINT)")
        connection.executemany("INSERT INTO rows VALUES (?, ?)", rows)
        connection.execute(f"COPY rows TO '{source}' (FORMAT parquet)")
    return await bench.datasets.ingest(bench.workspace, source, ReaderOptions(), DetachedWork())


@SLOWLY
@given(TABLES)
async def test_trimming_twice_is_trimming_once(bench: Any, rows: list[tuple[str | None, int]]) -> None:
    trim = bench.step("trim", columns=["x"])

    once = await bench.apply(await _table(bench, rows), trim)
    twice = await bench.apply(once, trim)

    assert bench.rows(twice) == bench.rows(once)
    assert bench.outcome(twice).cells_changed == 0


@SLOWLY
@given(TABLES)
async def test_dedupe_leaves_each_row_once_in_order(bench: Any, rows: list[tuple[str | None, int]]) -> None:
    read = await _table(bench, rows)

    made = await bench.apply(read, bench.step("dedupe"))

    assert bench.rows(made) == list(dict.fromkeys(bench.rows(read)))
    assert bench.outcome(made).rows_removed == read.report.rows - made.report.rows
