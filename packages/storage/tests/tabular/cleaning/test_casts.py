"""Steps that read values as another type."""

from datetime import date, datetime
from typing import Any

import pytest

from sapwood_shared.errors import InvalidInput


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
