import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from sapwood_shared.errors import InvalidInput
from sapwood_storage.tabular.model import ColumnType

Ingest = Callable[..., Any]


def one(ingest: Ingest, values: list[str], **options: Any) -> Any:
    """Read one column of values beside a number that keeps blank lines away."""
    lines = "".join(f'"{value}",1\n' for value in values)
    return ingest("x,n\n" + lines, **options)


@pytest.mark.parametrize(
    ("values", "kind", "read"),
    [
        (["1", "-2", "0"], "integer", [1, -2, 0]),
        (["9223372036854775807", "1"], "integer", [9223372036854775807, 1]),
        (["1.5", "2", "-.5", "1e3", "5."], "number", [1.5, 2.0, -0.5, 1000.0, 5.0]),
        (["1.5", "-inf", "Infinity"], "number", [1.5, float("-inf"), float("inf")]),
        (["1000000000000005632", "0.5"], "number", [1000000000000005632.0, 0.5]),
        (["true", "False", "TRUE"], "boolean", [True, False, True]),
        (["t", "f"], "boolean", [True, False]),
        ([" 5 ", "6"], "integer", [5, 6]),
        (["2024-02-29", "2023/1/5"], "date", [dt.date(2024, 2, 29), dt.date(2023, 1, 5)]),
        (
            ["2024-02-29 10:00", "2024-03-01T11:12:13.5Z", "2024-03-02"],
            "timestamp",
            [
                dt.datetime(2024, 2, 29, 10),
                dt.datetime(2024, 3, 1, 11, 12, 13, 500000),
                dt.datetime(2024, 3, 2),
            ],
        ),
        (["2024-01-01T12:00:00+02:00"], "timestamp", [dt.datetime(2024, 1, 1, 10)]),
        (["1,234", "12", "1,234,567"], "integer", [1234, 12, 1234567]),
        (["1,234.5", "12", "-1,234,567.25"], "number", [1234.5, 12.0, -1234567.25]),
        (["1.234,5", "12", "0,25"], "number", [1234.5, 12.0, 0.25]),
        (["3,5", "12,25"], "number", [3.5, 12.25]),
        (["13/02/2024", "1/2/2024"], "date", [dt.date(2024, 2, 13), dt.date(2024, 2, 1)]),
        (["02/13/2024", "1/2/2024"], "date", [dt.date(2024, 2, 13), dt.date(2024, 1, 2)]),
        (["13/02/24", "01/02/24"], "date", [dt.date(2024, 2, 13), dt.date(2024, 2, 1)]),
        (["31.12.2023", "01.02.2024"], "date", [dt.date(2023, 12, 31), dt.date(2024, 2, 1)]),
        (["5 Jan 2024", "17 feb 2024"], "date", [dt.date(2024, 1, 5), dt.date(2024, 2, 17)]),
        (["January 5, 2024", "March 17, 2024"], "date", [dt.date(2024, 1, 5), dt.date(2024, 3, 17)]),
        (
            ["13/02/2024 17:30", "1/2/2024 08:05"],
            "timestamp",
            [dt.datetime(2024, 2, 13, 17, 30), dt.datetime(2024, 2, 1, 8, 5)],
        ),
        (
            ["2/13/2024 5:30 PM", "1/2/2024 8:05 AM"],
            "timestamp",
            [dt.datetime(2024, 2, 13, 17, 30), dt.datetime(2024, 1, 2, 8, 5)],
        ),
    ],
)
def test_what_a_column_holds_decides_its_type(
    ingest: Ingest, values: list[str], kind: str, read: list[Any]
) -> None:
    found = one(ingest, values)

    assert found.types["x"] == kind
    assert found.column("x") == read


@pytest.mark.parametrize(
    "values",
    [
        ["007", "12", "3"],
        ["01234", "90210"],
        ["-05", "7"],
        ["007.5", "1.5"],
        ["yes", "no"],
        ["y", "n"],
        ["+49123", "+49124"],
        ["1_000", "2_000"],
        ["0x1F", "0x2A"],
        ["12345678901234567890", "1"],
        ["$5", "€6"],
        ["$5", "6"],
        ["5%", "6"],
        ["$A1", "$5"],
        ["$007", "$5"],
        ["$1,23", "$5"],
        ["$", "$5"],
        ["2024", "n/k"],
        ["12:30", "13:45"],
        ["epoch", "2024-01-01"],
        ["2024-02-30", "2024-01-01"],
        ["1,23,456", "5"],
        ["f", "m"],
        ["1-2", "3-4"],
        ["2024-01-01 (BC)", "2024-01-02"],
    ],
)
def test_what_would_lose_something_stays_text(ingest: Ingest, values: list[str]) -> None:
    found = one(ingest, values)

    assert found.types["x"] == "text"
    assert found.column("x") == values


def test_dates_that_fit_both_orders_stay_text_and_it_is_said(ingest: Ingest) -> None:
    found = one(ingest, ["01/02/2024", "03/04/2024", "12/12/2024"])

    assert found.types["x"] == "text"
    assert "every date fits both" in found.notes


def test_firsts_of_months_are_no_first_days_of_januaries(ingest: Ingest) -> None:
    found = one(ingest, [f"{month:02}/1/{year}" for year in (1980, 1981) for month in range(1, 13)])

    assert found.column("x")[:3] == [dt.date(1980, 1, 1), dt.date(1980, 2, 1), dt.date(1980, 3, 1)]
    assert "read as %m/%d/%Y, by the order of the dates" in found.notes


@pytest.mark.parametrize("backwards", [False, True])
def test_rows_in_the_order_of_time_tell_which_is_the_day(ingest: Ingest, backwards: bool) -> None:
    days = [dt.date(2024, month, day) for month in range(1, 10) for day in (2, 7, 11)]
    written = [f"{day.day}/{day.month}/{day.year}" for day in days]

    found = one(ingest, written[::-1] if backwards else written)

    assert found.column("x") == (days[::-1] if backwards else days)
    assert "every date fits %m/%d/%Y as well" in found.notes


def test_dates_in_no_order_that_fit_both_stay_text(ingest: Ingest) -> None:
    written = ["5/3/2024", "2/9/2024", "11/1/2024", "4/8/2024", "7/6/2024", "3/12/2024"]

    assert one(ingest, written).types["x"] == "text"


def test_the_order_of_day_and_month_is_decided_by_the_whole_column(ingest: Ingest) -> None:
    words = "words that make the file larger than what is read as its own sample"
    early = "".join(f"{n % 12 + 1:02}/{n % 11 + 1:02}/2024,{words}\n" for n in range(60_000))

    found = ingest("when,words\n" + early + f"25/12/2024,{words}\n" * 500)

    assert found.types["when"] == "date"
    assert found.column("when")[-1] == dt.date(2024, 12, 25)
    assert found.column("when")[1] == dt.date(2024, 2, 2)
    assert found.column("when")[2] == dt.date(2024, 3, 3)


def test_dates_in_two_spellings_stay_text_and_it_is_said(ingest: Ingest) -> None:
    found = one(ingest, ["13/02/2024", "02/14/2024", "15/02/2024", "02/16/2024"])

    assert found.types["x"] == "text"
    assert "more than one way" in found.notes


def test_the_comma_is_a_decimal_where_another_column_proves_it(ingest: Ingest) -> None:
    found = ingest("a;b\n1,234;0,5\n2,345;1,25\n")

    assert found.rows == [(1.234, 0.5), (2.345, 1.25)]


def test_the_comma_stands_between_thousands_where_nothing_says_otherwise(ingest: Ingest) -> None:
    found = one(ingest, ["1,234", "2,345"])

    assert found.column("x") == [1234, 2345]
    assert "between thousands" in found.notes


def test_a_person_can_name_types(ingest: Ingest) -> None:
    found = ingest(
        "zip,n,when\n01234,1,03/04/2024\n90210,2,25/04/2024\n",
        types={"ZIP": ColumnType.TEXT, "n": ColumnType.NUMBER, "when": ColumnType.DATE},
    )

    assert found.types == {"zip": "text", "n": "number", "when": "date"}
    assert found.rows[1] == ("90210", 2.0, dt.date(2024, 4, 25))


def test_a_value_that_does_not_fit_a_named_type_is_quarantined_and_the_type_stays(ingest: Ingest) -> None:
    found = ingest("n,k\n1,a\nmany,b\n3,c\n", types={"n": ColumnType.INTEGER})

    assert found.types["n"] == "integer"
    assert found.rows == [(1, "a"), (3, "c")]
    assert found.quarantine == [{"line": 3, "columns": ["n"], "reason": "not integer", "raw": "many,b"}]


@pytest.mark.parametrize(
    ("kind", "values", "read"),
    [
        (ColumnType.INTEGER, ["007", "+5"], [7, 5]),
        (ColumnType.NUMBER, ["007.5", "1,234.5"], None),
        (ColumnType.NUMBER, ["1,234.5", "5"], [1234.5, 5.0]),
        (ColumnType.BOOLEAN, ["yes", "NO", "1"], [True, False, True]),
    ],
)
def test_a_named_type_is_read_from_more_spellings(
    ingest: Ingest, kind: ColumnType, values: list[str], read: list[Any] | None
) -> None:
    found = one(ingest, values, types={"x": kind})

    assert found.types["x"] == kind
    assert (found.column("x") == read) if read else (found.report.quarantined == 1)


def test_a_named_date_that_fits_both_orders_is_read_day_first_and_it_is_said(ingest: Ingest) -> None:
    found = one(ingest, ["01/02/2024", "03/04/2024"], types={"x": ColumnType.DATE})

    assert found.column("x") == [dt.date(2024, 2, 1), dt.date(2024, 4, 3)]
    assert "every date fits %m/%d/%Y as well" in found.notes


def test_a_column_of_one_letter_is_no_boolean(ingest: Ingest) -> None:
    assert one(ingest, ["F", "F"]).types["x"] == "text"


def test_a_type_for_a_column_that_is_not_there_is_refused(ingest: Ingest) -> None:
    with pytest.raises(InvalidInput, match="no column 'b'") as caught:
        ingest("a,c\n1,2\n", types={"b": ColumnType.TEXT})

    assert caught.value.hint == "the columns are: a, c"


def test_a_column_without_values_is_text(ingest: Ingest) -> None:
    found = ingest("a,b\n1,\n2,\n")

    assert found.types == {"a": "integer", "b": "text"}


def test_a_column_whose_values_begin_after_the_sample_gets_their_type(ingest: Ingest) -> None:
    found = ingest("a,b,c\n" + f"1,,{'longer than nothing ' * 5}\n" * 50_000 + "2,7,x\n3,NA,y\n")

    assert found.types == {"a": "integer", "b": "integer", "c": "text"}
    assert found.column("b")[-2:] == [7, None]
    assert found.report.null_tokens == {"b": {"": 50_000, "NA": 1}}
