"""Each step forward, on a real file, through the sandbox."""

from datetime import date, datetime
from typing import Any

import pytest

from sapwood_shared.errors import InvalidInput
from sapwood_storage.tabular.cleaning.casts import BLANKS


async def test_trim_removes_every_kind_of_blank_and_counts_cells(bench: Any) -> None:
    text = 'name,n\n"  Ann ",1\nBob,2\n"\u00a0Cy\u3000",3\n"\t",4\n'

    made = await bench.clean(text, bench.step("trim", columns=["name"], blank_is_null=True))

    assert bench.column(made, "name") == ["Ann", "Bob", "Cy", None]
    assert bench.outcome(made).cells_changed == 3


async def test_trim_can_collapse_blanks_inside(bench: Any) -> None:
    made = await bench.clean(
        'name,n\n"New   York",1\n"Rio",2\n', bench.step("trim", columns=["name"], collapse=True)
    )

    assert bench.column(made, "name") == ["New York", "Rio"]


async def test_cast_reads_prices_with_currency_and_thousands(bench: Any) -> None:
    cast = bench.step("cast", columns=["price"], to="number", thousands=",", affixes=["$"])

    made = await bench.clean('price\n"$1,200.50"\n-$3\n$ 7\n"$1,000,000"\n', cast, header=True)

    assert bench.column(made, "price") == [1200.5, -3.0, 7.0, 1000000.0]
    assert bench.types(made) == {"price": "number"}
    assert bench.outcome(made).cells_changed == 4


async def test_cast_reads_a_comma_as_the_decimal_point_when_told(bench: Any) -> None:
    cast = bench.step("cast", columns=["x"], to="number", thousands=".", decimal=",", affixes=["€"])

    made = await bench.clean("x;n\n1.234,5 €;1\n2,25 €;2\n", cast, delimiter=";", types={"x": "text"})

    assert bench.column(made, "x") == [1234.5, 2.25]


async def test_a_failing_cast_says_where_and_leaves_nothing(bench: Any) -> None:
    with pytest.raises(InvalidInput, match=r"step 1, cast: 2 values of x do not fit.*'n/k' in row 2.*row 4"):
        await bench.clean(
            "x,n\n1,a\nn/k,b\n3,c\n4 or 5,d\n",
            bench.step("cast", columns=["x"], to="integer"),
            types={"x": "text"},
        )

    assert len(bench.datasets.shelf.versions(bench.workspace)) == 1
    assert bench.left_in_staging() == []


async def test_a_cast_that_may_lose_values_counts_them(bench: Any) -> None:
    cast = bench.step("cast", columns=["x"], to="integer", on_failure="null")

    made = await bench.clean("x,n\n1,a\nn/k,b\n3,c\n", cast, types={"x": "text"})

    assert bench.column(made, "x") == [1, None, 3]
    assert (bench.outcome(made).cells_changed, bench.outcome(made).cells_emptied) == (2, 1)


@pytest.mark.parametrize(
    ("value", "to"),
    [
        ("1.5", "integer"),
        ("12,5", "number"),
        ("1,2,3", "number"),
        ("1e999", "number"),
        ("nan", "number"),
        ("12345678901234567", "number"),
        ("99999999999999999999", "integer"),
        ("maybe", "boolean"),
        ("2024-02-30", "date"),
        ("2024-02-03 10:00:00", "date"),
        ("3 Feb 2024", "date"),
    ],
)
async def test_text_is_not_cast_when_something_would_be_lost(bench: Any, value: str, to: str) -> None:
    with pytest.raises(InvalidInput, match="1 values of x do not fit"):
        await bench.clean(
            f'x,n\n"{value}",1\n',
            bench.step("cast", columns=["x"], to=to),
            types={"x": "text"},
            null_tokens=(),
        )


@pytest.mark.parametrize(
    ("given", "kind", "to", "expected"),
    [
        ("2.0", "number", "integer", 2),
        ("7", "integer", "number", 7.0),
        ("7", "integer", "text", "7"),
        ("1", "integer", "boolean", True),
        ("true", "boolean", "integer", 1),
        (" Yes", "text", "boolean", True),
        ("2024-02-03", "date", "timestamp", datetime(2024, 2, 3)),
        ("2024-02-03 00:00:00", "timestamp", "date", date(2024, 2, 3)),
        ("2024-02-03", "date", "text", "2024-02-03"),
        ("2024-02-03 04:05:06", "text", "timestamp", datetime(2024, 2, 3, 4, 5, 6)),
    ],
)
async def test_types_are_cast_into_each_other(
    bench: Any, given: str, kind: str, to: str, expected: object
) -> None:
    made = await bench.clean(f"x,n\n{given},1\n", bench.step("cast", columns=["x"], to=to), types={"x": kind})

    assert bench.column(made, "x") == [expected]


async def test_a_lossy_cast_rounds_and_cuts(bench: Any) -> None:
    made = await bench.clean(
        "x,t\n1.6,2024-02-03 04:05:06\n",
        bench.step("cast", columns=["x"], to="integer", lossy=True),
        bench.step("cast", columns=["t"], to="date", lossy=True),
    )

    assert bench.rows(made) == [(2, date(2024, 2, 3))]


async def test_a_date_is_no_number(bench: Any) -> None:
    with pytest.raises(InvalidInput, match="step 1, cast: date cannot be read as integer"):
        await bench.clean("d,n\n2024-01-01,1\n", bench.step("cast", columns=["d"], to="integer"))


async def test_dates_are_parsed_by_the_first_format_that_fits(bench: Any) -> None:
    parse = bench.step("parse_dates", columns=["d"], formats=["%d/%m/%Y", "%d %b %Y"])

    made = await bench.clean("d,n\n03/04/2024,1\n5 Jun 2024,2\n,3\n", parse, types={"d": "text"})

    assert bench.column(made, "d") == [date(2024, 4, 3), date(2024, 6, 5), None]
    assert bench.outcome(made).cells_changed == 2


async def test_a_time_with_a_zone_is_parsed_as_utc(bench: Any) -> None:
    parse = bench.step("parse_dates", columns=["d"], formats=["%Y-%m-%dT%H:%M:%S%z"], to="timestamp")

    made = await bench.clean("d,n\n2024-04-03T10:00:00+0200,1\n", parse, types={"d": "text"})

    assert bench.column(made, "d") == [datetime(2024, 4, 3, 8)]


async def test_dedupe_keeps_the_first_in_order_and_says_which_went(bench: Any) -> None:
    text = "k,v\nb,1\na,2\nb,1\n,3\n,3\na,9\n"

    made = await bench.clean(text, bench.step("dedupe"))

    assert bench.rows(made) == [("b", 1), ("a", 2), (None, 3), ("a", 9)]
    assert bench.outcome(made).rows_removed == 2
    assert bench.outcome(made).duplicates == ((3, 1), (5, 4))


async def test_dedupe_by_key_can_keep_the_last(bench: Any) -> None:
    made = await bench.clean("k,v\nb,1\na,2\nb,3\n", bench.step("dedupe", columns=["k"], keep="last"))

    assert bench.rows(made) == [("a", 2), ("b", 3)]
    assert bench.outcome(made).duplicates == ((1, 3),)


@pytest.mark.parametrize(
    ("strategy", "value", "expected"),
    [("mean", None, 3), ("median", None, 2), ("mode", None, 2), ("value", 0, 0)],
)
async def test_impute_fills_and_marks(bench: Any, strategy: str, value: Any, expected: int) -> None:
    fill = bench.step("impute", column="x", strategy=strategy, value=value, flag="x was missing")

    made = await bench.clean("x,n\n2,a\n,b\n2,c\n5,d\n", fill)

    assert bench.column(made, "x") == [2, expected, 2, 5]
    assert bench.column(made, "x was missing") == [False, True, False, False]
    assert bench.outcome(made).cells_changed == 1


async def test_impute_reports_what_it_filled_with(bench: Any) -> None:
    made = await bench.clean(
        "x,c\n1.5,a\n,b\n3,b\n,\n",
        bench.step("impute", column="x", strategy="mean"),
        bench.step("impute", column="c", strategy="mode"),
    )

    assert bench.rows(made) == [(1.5, "a"), (2.25, "b"), (3.0, "b"), (2.25, "b")]
    assert [bench.outcome(made, place).filled for place in (0, 1)] == [{"x": "2.25"}, {"c": "b"}]


async def test_a_column_without_a_value_has_no_mean(bench: Any) -> None:
    with pytest.raises(InvalidInput, match="step 1, impute: x has no value to take a mean of"):
        await bench.clean(
            "x,n\n,1\n,2\n", bench.step("impute", column="x", strategy="mean"), types={"x": "number"}
        )


async def test_a_fill_sees_what_the_steps_before_left(bench: Any) -> None:
    made = await bench.clean(
        "x,k\n1,a\n1,a\n100,b\n,c\n",
        bench.step("dedupe"),
        bench.step("drop_rows", where=[{"column": "k", "operator": "=", "values": ["b"]}]),
        bench.step("impute", column="x", strategy="median"),
    )

    assert bench.rows(made) == [(1, "a"), (1, "c")]


async def test_split_loses_nothing(bench: Any) -> None:
    split = bench.step("split", column="x", separator="-", into=["a", "b"], keep=False)

    made = await bench.clean("x,n\n1-2-3,1\n4,2\n,3\n", split, types={"x": "text"})

    assert bench.types(made) == {"a": "text", "b": "text", "n": "integer"}
    assert bench.rows(made) == [("1", "2-3", 1), ("4", None, 2), (None, None, 3)]


async def test_regex_replaces_with_groups(bench: Any) -> None:
    replace = bench.step("regex_replace", columns=["x"], pattern=r"(\d+) ?kg", replacement=r"\1 kilograms")

    made = await bench.clean("x,n\n5kg and 6 kg,1\nnone,2\n", replace)

    assert bench.column(made, "x") == ["5 kilograms and 6 kilograms", "none"]
    assert bench.outcome(made).cells_changed == 1


async def test_regex_extracts_into_a_new_column(bench: Any) -> None:
    extract = bench.step("regex_extract", column="x", pattern=r"(\d{4})", into="year", on_failure="null")

    made = await bench.clean("x,n\nin 1999,1\nnever,2\n", extract)

    assert bench.rows(made) == [("in 1999", "1999", 1), ("never", None, 2)]


async def test_regex_that_finds_nothing_in_place_fails_unless_told(bench: Any) -> None:
    with pytest.raises(InvalidInput, match="'never' in row 2"):
        await bench.clean(
            "x,n\nin 1999,1\nnever,2\n", bench.step("regex_extract", column="x", pattern=r"(\d{4})")
        )


async def test_clip_brings_values_to_the_bounds(bench: Any) -> None:
    made = await bench.clean(
        "x,d\n-5,1999-01-01\n5,2024-01-01\n500,2024-01-01\n,2024-01-01\n",
        bench.step("clip", columns=["x"], low=0, high=100),
        bench.step("clip", columns=["d"], low="2000-01-01"),
    )

    assert bench.column(made, "x") == [0, 5, 100, None]
    assert bench.column(made, "d")[0] == date(2000, 1, 1)
    assert [bench.outcome(made, place).cells_changed for place in (0, 1)] == [2, 1]


async def test_columns_change_places_when_renamed_at_once(bench: Any) -> None:
    made = await bench.clean("a,b\n1,x\n", bench.step("rename", names={"a": "b", "b": "a"}))

    assert bench.types(made) == {"b": "integer", "a": "text"}
    assert bench.rows(made) == [(1, "x")]


async def test_columns_are_dropped(bench: Any) -> None:
    made = await bench.clean("a,b,c\n1,2,3\n", bench.step("drop_columns", columns=["a", "c"]))

    assert bench.types(made) == {"b": "integer"}


@pytest.mark.parametrize(
    ("where", "match", "left"),
    [
        ([("x", ">=", [3])], "all", [1, 2, 6]),
        ([("k", "missing", [])], "all", [1, 2, 4, 5, 6]),
        ([("k", "in", ["a", "b"]), ("x", ">", [3])], "all", [1, 2, 3, 5, 6]),
        ([("k", "=", ["a"]), ("x", "missing", [])], "any", [2, 3, 4, 5]),
        ([("k", "!=", ["a"])], "all", [1, 3]),
    ],
)
async def test_rows_are_dropped_by_condition(
    bench: Any, where: list[tuple[str, str, list[Any]]], match: str, left: list[int]
) -> None:
    text = "n,x,k\n1,1,a\n2,2,b\n3,3,\n4,4,b\n5,5,c\n6,,d\n"
    conditions = [{"column": c, "operator": o, "values": v} for c, o, v in where]

    made = await bench.clean(text, bench.step("drop_rows", where=conditions, match=match))

    assert bench.column(made, "n") == left
    assert bench.outcome(made).rows_removed == 6 - len(left)


async def test_categories_are_mapped_and_others_kept(bench: Any) -> None:
    mapping = {"NYC": "New York", "?": None}

    made = await bench.clean(
        "c,n\nNYC,1\n?,2\nRio,3\n", bench.step("map_categories", columns=["c"], mapping=mapping)
    )

    assert bench.column(made, "c") == ["New York", None, "Rio"]
    assert bench.outcome(made).cells_changed == 2


async def test_a_category_without_a_place_fails_or_is_counted(bench: Any) -> None:
    step = bench.step("map_categories", columns=["c"], mapping={"a": "A"}, others="fail")

    with pytest.raises(InvalidInput, match="1 values of c do not fit, for example 'b' in row 2"):
        await bench.clean("c,n\na,1\nb,2\n", step)
    made = await bench.clean("c,n\na,1\nb,2\n", {**step, "others": "null"})

    assert bench.column(made, "c") == ["A", None]
    assert bench.outcome(made).cells_emptied == 1


@pytest.mark.parametrize(
    ("value", "formats", "expected"),
    [
        ("4.3.21", ["%d.%m.%Y", "%d.%m.%y"], date(2021, 3, 4)),
        ("4.3.2021", ["%d.%m.%y", "%d.%m.%Y"], date(2021, 3, 4)),
        ("20210304", ["%Y-%m-%d", "%Y%m%d"], date(2021, 3, 4)),
        ("4 March  2021", ["%d/%m/%Y", "%d %B %Y"], date(2021, 3, 4)),
        ("Thu, 4 Mar 2021", ["%B %d, %Y", "%a, %d %b %Y"], date(2021, 3, 4)),
        ("\u00a04/3/21 ", ["%d/%m/%y"], date(2021, 3, 4)),
    ],
)
async def test_each_value_is_parsed_by_the_format_that_it_has(
    bench: Any, value: str, formats: list[str], expected: date
) -> None:
    parse = bench.step("parse_dates", columns=["d"], formats=formats)

    made = await bench.clean(f'd,n\n"{value}",1\n', parse, types={"d": "text"})

    assert bench.column(made, "d") == [expected]


@pytest.mark.parametrize("value", ["21-3-4", "021-03-04", "2021-3", "2021-13-01"])
async def test_a_year_of_four_digits_is_written_with_four(bench: Any, value: str) -> None:
    parse = bench.step("parse_dates", columns=["d"], formats=["%Y-%m-%d"])

    with pytest.raises(InvalidInput, match="1 values of d do not fit"):
        await bench.clean(f'd,n\n"{value}",1\n', parse, types={"d": "text"})


@pytest.mark.parametrize(
    "value", ["", " ", "\t", "a", " a", "a\u200b", "\u3000é\u3000", "é", "\u00a0", "a b", "\x7f"]
)
async def test_trimming_asks_the_ends_of_a_text_and_finds_every_blank(bench: Any, value: str) -> None:
    made = await bench.clean(
        f'x,n\n"{value}",1\nb,2\n',
        bench.step("trim", columns=["x"]),
        types={"x": "text"},
        null_tokens=(),
    )

    assert bench.column(made, "x") == [value.strip(BLANKS), "b"]
