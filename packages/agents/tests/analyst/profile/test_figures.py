"""Every figure against plain SQL over the same table."""

import math
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from packages.agents.tests.analyst.profile.bare import BareTables, codes

MIXED = """
    SELECT i AS id, i % 7 AS week, sqrt(i) * 3 - 20 AS price, i % 3 = 0 AS paid,
           CASE WHEN i % 10 > 0 THEN 'city ' || i % 13 END AS city,
           DATE '2024-01-01' + (i % 400)::INTEGER AS day,
           TIMESTAMP '2024-01-01' + to_seconds(i * 777) AS moment
    FROM range(5000) AS numbers(i)
"""


@pytest.fixture(scope="module")
def mixed() -> BareTables:
    return BareTables(MIXED)


@pytest.mark.parametrize("name", ["id", "week", "price", "paid", "city", "day", "moment"])
def test_counts_are_those_of_plain_sql(mixed: BareTables, name: str) -> None:
    column = mixed.column(name)

    assert column.nulls == 5000 - mixed.one(f"count({name})")
    assert column.distinct == mixed.one(f"count(DISTINCT {name})")
    assert column.approximate == {}
    counts = [one.count for one in column.top]
    plain = mixed.rows(
        f"SELECT count(*) FROM data WHERE {name} IS NOT NULL GROUP BY {name} ORDER BY 1 DESC LIMIT 10"
    )
    assert counts == [row[0] for row in plain]
    assert all(one.share == one.count / 5000 for one in column.top)


@pytest.mark.parametrize("name", ["id", "week", "price"])
def test_figures_of_numbers_are_those_of_plain_sql(mixed: BareTables, name: str) -> None:
    column = mixed.column(name)

    for figure, sql in [
        (column.min, "min({})"),
        (column.max, "max({})"),
        (column.mean, "avg({})"),
        (column.std, "stddev_samp({})"),
        (column.zeros, "count_if({} = 0)"),
        (column.negatives, "count_if({} < 0)"),
        *(
            (column.quantiles[rank], f"quantile_cont({{}}, {rank})")
            for rank in ("0.05", "0.25", "0.5", "0.75")
        ),
    ]:
        assert figure == pytest.approx(mixed.one(sql.format(name)))
    assert column.outliers is not None
    fences = f"count_if({name} < {column.outliers.below} OR {name} > {column.outliers.above})"
    assert column.outliers.count == mixed.one(fences)


@pytest.mark.parametrize(("name", "count"), [("id", 5000), ("price", 5000), ("day", 5000), ("moment", 5000)])
def test_a_histogram_counts_every_value_in_its_bin(mixed: BareTables, name: str, count: int) -> None:
    bins = mixed.column(name).histogram

    assert sum(one.count for one in bins) == count
    assert 5 <= len(bins) <= 64
    for one in bins[1:-1]:
        if name == "price":
            inside = f"price > {one.low} AND price <= {one.high}"
        elif name == "moment":
            inside = f"moment >= TIMESTAMP '{one.low}' AND moment < TIMESTAMP '{one.high}'"
        else:
            inside = f"{name} BETWEEN '{one.low}' AND '{one.high}'"
        assert one.count == mixed.one(f"count_if({inside})"), one


def test_times_are_iso_text(mixed: BareTables) -> None:
    day, moment = mixed.column("day"), mixed.column("moment")

    assert (day.min, day.max) == ("2024-01-01", "2025-02-03")
    assert moment.min == "2024-01-01T00:00:00"
    assert str(moment.quantiles["0.5"]) == str(mixed.one("quantile_disc(moment, 0.5)")).replace(" ", "T")


def test_keys_and_duplicates_are_exact(mixed: BareTables) -> None:
    found = mixed.profile()
    twice = BareTables(f"{MIXED} UNION ALL ({MIXED} LIMIT 3)").profile()

    assert found.keys == ("id", "moment")
    assert (found.duplicates.rows, found.duplicates.margin) == (0, None)
    assert twice.keys == ()
    assert twice.duplicates.rows == 3
    assert ("duplicates", None) in codes(twice)
    assert ("nearly_unique", "id") in codes(twice)


def test_correlations_are_pearsons_strongest_first(mixed: BareTables) -> None:
    first, *rest = mixed.profile().correlations

    assert {first.left, first.right} == {"id", "price"}
    assert first.coefficient == pytest.approx(mixed.one("corr(id, price)"))
    assert [abs(one.coefficient) for one in rest] == sorted(
        (abs(one.coefficient) for one in rest), reverse=True
    )


@pytest.mark.parametrize(("rows", "said"), [(11, False), (12, True)])
def test_few_rows_do_not_tell_that_two_columns_say_the_same(rows: int, *, said: bool) -> None:
    """Nor do few values in a long table."""
    short = BareTables(f"SELECT i AS n, 2 * i + i % 2 AS twice FROM range({rows}) AS numbers(i)")
    sparse = BareTables(
        f"SELECT i % 7 AS n, CASE WHEN i < {rows} THEN i % 7 END AS same FROM range(100) AS numbers(i)"
    )

    for table in (short, sparse):
        assert (("correlated", "n") in codes(table.profile())) is said


def test_what_is_one_is_said_in_the_singular() -> None:
    table = BareTables("""
        SELECT CASE WHEN i = 7 THEN 900 ELSE i % 5 END AS height, i // 2 AS pair,
            CASE i WHEN 3 THEN ' ' WHEN 4 THEN 'OAK' WHEN 5 THEN ' elm' WHEN 6 THEN 'elm' ELSE 'oak' END name,
               CASE WHEN i = 9 THEN 'nan'::DOUBLE ELSE i END AS x, greatest(i, 1) AS id
        FROM range(60) AS numbers(i)
    """)  # fmt: skip

    said = [one.text for one in table.profile().warnings]

    assert "height has 1 value far from the rest (1.7 %)" in said
    assert "name has 1 value of nothing but space" in said
    assert "x has 1 value that is infinite or not a number" in said
    assert "id looks like a key but 1 row repeats a value" in said
    assert not [text for text in said if re.search(r"\b1 \w+s\b", text)]


def test_a_small_table_takes_two_statements(mixed: BareTables) -> None:
    mixed.asked.clear()

    mixed.profile()

    assert len(mixed.asked) == 2


def test_a_table_that_is_hard_to_hold_is_read_a_few_columns_at_a_time_and_each_twice() -> None:
    columns = ", ".join(f"i * {n + 1} AS n{n}" for n in range(8))
    tables = BareTables(f"SELECT {columns} FROM range(500000) AS t(i)")

    found = tables.profile()

    assert len(found.keys) == 8
    assert [sum(f'"n{n}"' in sql for n in range(8)) for sql in tables.asked] == [4, 4, 8]


def test_a_table_without_rows_has_columns_and_a_warning() -> None:
    found = BareTables("SELECT 1::BIGINT AS a, 'x' AS b WHERE false").profile()

    assert (found.rows, [one.distinct for one in found.columns]) == (0, [0, 0])
    assert codes(found) == {("empty", None)}


def test_one_row_is_its_own_least_middle_and_greatest() -> None:
    found = BareTables("SELECT 7::BIGINT AS a, 2.5::DOUBLE AS b, 'x' AS c, DATE '2024-02-29' AS d").profile()
    a, b, c, d = found.columns

    assert (a.min, a.quantiles["0.5"], a.max, a.std) == (7, 7.0, 7, None)
    assert (b.mean, b.histogram, b.outliers) == (2.5, (), None)
    assert (c.top[0].value, c.top[0].share, d.max) == ("x", 1.0, "2024-02-29")
    assert found.warnings == ()


@pytest.mark.parametrize("kind", ["BIGINT", "DOUBLE", "VARCHAR", "BOOLEAN", "DATE", "TIMESTAMP"])
@pytest.mark.parametrize(
    "request_", [{}, {"exact_rows": 0, "sample_rows": 1000}, {"exact_rows": 0, "exact": True}]
)
def test_a_column_without_values_says_so(kind: str, request_: dict[str, Any]) -> None:
    found = BareTables(f"SELECT NULL::{kind} AS a, i AS b FROM range(2000) AS t(i)").profile(**request_)
    column = found.columns[0]

    assert (column.nulls, column.null_share, column.distinct, column.unique) == (2000, 1.0, 0, False)
    assert (column.min, column.top, column.histogram) == (None, (), ())
    assert ("all_null", "a") in codes(found)


@pytest.mark.parametrize("request_", [{}, {"exact_rows": 0, "sample_rows": 1000}])
def test_numbers_that_are_none_are_counted_and_left_out(request_: dict[str, Any]) -> None:
    rows = "SELECT unnest(['nan', 'inf', '-inf', '1', '2', '3', '4', '5'])::DOUBLE AS x, range AS n"
    found = BareTables(f"{rows} FROM range(200)").profile(**request_)
    column = found.columns[0]

    assert (column.nulls, column.nonfinite, column.distinct) == (0, 600, 5)
    assert (column.min, column.mean, column.max, column.quantiles["0.5"]) == (1.0, 3.0, 5.0, 3.0)
    assert sum(one.count for one in column.histogram) == 1000
    assert ("nonfinite", "x") in codes(found)


def test_the_largest_numbers_break_nothing() -> None:
    found = BareTables(
        "SELECT unnest([9223372036854775807, -9223372036854775808, 0, 1]) AS i,"
        " unnest([1.7e308, -1.7e308, 5e-324, 1e200])::DOUBLE AS x"
    ).profile()
    i, x = found.columns

    assert (i.min, i.max) == (-9223372036854775808, 9223372036854775807)
    assert {one.value for one in i.top} == {9223372036854775807, -9223372036854775808, 0, 1}
    assert sum(one.count for one in i.histogram) == 4
    assert x.std is None
    assert x.max == 1.7e308
    assert all(math.isfinite(pair.coefficient) for pair in found.correlations)


def test_long_and_foreign_texts_are_measured_and_cut() -> None:
    column = BareTables(
        "SELECT unnest([repeat('長', 300000), 'naïve 🎈', '', '\"quoted\"', E'a\\nb']) AS text"
    ).column("text")

    assert column.lengths is not None
    assert (column.lengths.min, column.lengths.max) == (0, 300_000)
    shown = {str(one.value) for one in column.top}
    assert {"naïve 🎈", "", '"quoted"', "a\nb"} < shown
    assert max(map(len, shown)) == 121


def test_names_that_quote_badly_are_columns_like_others() -> None:
    names = ["a b", 'the "price"', "select", "Größe", "c0", "f1", "h", "pool", "it's", "$x"]
    columns = ", ".join(f'i AS "{name.replace(chr(34), chr(34) * 2)}"' for name in names)
    found = BareTables(f"SELECT {columns} FROM range(2000) AS t(i)").profile(exact_rows=0, sample_rows=1000)

    assert [one.name for one in found.columns] == names
    assert all(one.distinct == 2000 and one.max == 1999 for one in found.columns)


@pytest.mark.parametrize("request_", [{}, {"exact_rows": 0, "sample_rows": 1000}])
def test_wide_tables_are_looked_over_in_statements_of_bounded_size(request_: dict[str, Any]) -> None:
    columns = ", ".join(f"(i * {n}) % {n + 2} AS n{n}, 'v' || i % {n + 1} AS t{n}" for n in range(80))
    tables = BareTables(f"SELECT {columns} FROM range(1500) AS t(i)")

    found = tables.profile(**request_)

    for n, column in enumerate(found.columns[::2]):
        exact = len({i * n % (n + 2) for i in range(1500)})
        assert column.distinct == exact or "distinct" in column.approximate
    assert len(tables.asked) <= 2 * 5 + 2
    assert max(map(len, tables.asked)) < 100_000


VALUES = st.lists(st.none() | st.floats(width=32) | st.integers(-5, 5).map(float), min_size=1, max_size=40)


@settings(max_examples=40, deadline=None)
@given(VALUES)
def test_figures_of_any_numbers_fit_together(values: list[float | None]) -> None:
    listed = ", ".join("NULL" if value is None else f"'{value}'" for value in values)
    tables = BareTables(f"SELECT unnest([{listed}])::DOUBLE AS x")
    column = tables.column("x")
    finite = [value for value in values if value is not None and math.isfinite(value)]

    assert column.nulls + column.nonfinite + len(finite) == len(values)
    assert column.distinct == len(set(finite))
    at = [value for value in column.quantiles.values() if isinstance(value, float)]
    assert at == pytest.approx(sorted(at), rel=1e-12), "between two equal values the last digit may differ"
    if finite:
        assert (column.min, column.max) == (min(finite), max(finite))
    if column.histogram:
        assert sum(one.count for one in column.histogram) == len(finite)
        edges = [float(edge) for one in column.histogram for edge in (one.low, one.high)]
        assert edges == sorted(edges)
