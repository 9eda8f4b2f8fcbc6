"""How texts and numbers that stand for dates are told, in Python and in SQL alike."""

from datetime import date

import duckdb
import pytest
import sqlglot.expressions as exp

from sapwood_agents.analyst.card import ColumnCard
from sapwood_agents.analyst.dated import (
    clock_of,
    form,
    form_of_numbers,
    form_of_texts,
    is_finer,
    moment_of,
    span_of,
)
from sapwood_storage.tabular.model import Cell, ColumnType

WRITTEN = [
    ("2021-03", "month", date(2021, 3, 1)),
    ("2021/03", "month", date(2021, 3, 1)),
    ("03/2021", "month", date(2021, 3, 1)),
    ("03-2021", "month", date(2021, 3, 1)),
    ("2021M03", "month", date(2021, 3, 1)),
    ("Mar 2021", "month", date(2021, 3, 1)),
    ("MAR-2021", "month", date(2021, 3, 1)),
    ("March 2021", "month", date(2021, 3, 1)),
    ("2021 mar", "month", date(2021, 3, 1)),
    ("2021-March", "month", date(2021, 3, 1)),
    ("Mar-21", "month", date(2021, 3, 1)),
    ("2021 Q3", "quarter", date(2021, 7, 1)),
    ("2021-q3", "quarter", date(2021, 7, 1)),
    ("2021Q3", "quarter", date(2021, 7, 1)),
    ("Q3 2021", "quarter", date(2021, 7, 1)),
    ("Q3/2021", "quarter", date(2021, 7, 1)),
]


@pytest.mark.parametrize(("text", "span", "day"), WRITTEN)
def test_a_text_is_a_span_of_time_and_the_day_on_which_it_starts(text: str, span: str, day: date) -> None:
    called = form_of_texts([text])
    statement = exp.select(form(called).as_date(exp.Literal.string(text))).sql("duckdb")

    with duckdb.connect() as connection:
        assert connection.sql(statement).fetchall() == [(day,)]
    assert span_of(called) == span
    assert form(called).first_day(text) == day


@pytest.mark.parametrize(
    "values",
    [
        (),
        ("2021-03", "2021-13"),  # no month
        ("2021-03", "Mar 2021"),  # two ways of writing
        ("2021 Q3", "2021 Q5"),
        ("2020/21", "2021/22"),  # seasons
        ("0921-03",),
        ("Marble 2021",),
        ("12/21",),  # a month and a year, or a day
    ],
)
def test_other_texts_are_none(values: tuple[str, ...]) -> None:
    assert form_of_texts(values) == ""


@pytest.mark.parametrize(
    ("column", "low", "high", "span"),
    [
        ("order_date", 20190105, 20211231, "day"),
        ("Month", 201901, 202112, "month"),
        ("yearmonth", 199912, 200001, "month"),
    ],
)
def test_numbers_are_dates_where_the_name_speaks_of_time(column: str, low: int, high: int, span: str) -> None:
    assert span_of(form_of_numbers(column, low, high)) == span


@pytest.mark.parametrize(
    ("column", "low", "high"),
    [
        ("crates", 201901, 202112),
        ("month", 1, 12),
        ("date", 20190105, 20211331),
        ("month", 201901.0, 202112.0),
        ("date", None, None),
    ],
)
def test_other_numbers_are_none(column: str, low: Cell, high: Cell) -> None:
    assert form_of_numbers(column, low, high) == ""


def test_a_span_tells_no_shorter_one() -> None:
    quarter = form_of_texts(["2021 Q3"])

    assert [is_finer(part, quarter) for part in ("hour", "weekday", "day", "week", "month")] == [True] * 5
    assert [is_finer(part, quarter) for part in ("quarter", "year", "decade")] == [False] * 3


@pytest.mark.parametrize(
    ("text", "hour"),
    [("9:05", 9), ("09:05", 9), ("23:59:01", 23), ("9:05 PM", 21), ("12:00 am", 0), ("11:59:59 PM", 23)],
)
def test_a_text_is_a_time_of_day(text: str, hour: int) -> None:
    card = ColumnCard("at", ColumnType.TEXT, values=(text,), enumerated=True, clock=clock_of([text]))
    statement = exp.select(exp.func("hour", moment_of(card, exp.Literal.string(text)))).sql("duckdb")

    with duckdb.connect() as connection:
        assert connection.sql(statement).fetchall() == [(hour,)]


@pytest.mark.parametrize(
    "values", [(), ("24:00",), ("9:60",), ("3:2",), ("13:05 PM",), ("9:05", "9:05:01"), ("1:4:5",)]
)
def test_other_texts_are_no_times_of_day(values: tuple[str, ...]) -> None:
    assert clock_of(values) == ""


def test_a_value_that_is_no_time_stands_for_itself() -> None:
    value = exp.column("town")

    assert moment_of(ColumnCard("town", ColumnType.TEXT), value) is value
