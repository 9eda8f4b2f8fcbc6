"""Tables with a row for each day, week or month."""

import datetime as dt
from collections.abc import Iterator
from contextlib import closing

import pytest
from packages.agents.tests.analyst.language.tables import Asked, Value, asked, card_of

from sapwood_agents.analyst.language.calendar import Calendar
from sapwood_agents.analyst.language.rows.facts import Rows


@pytest.fixture(scope="module")
def lighthouse() -> Iterator[Asked]:
    """One row a day of a year."""
    rows: list[list[Value]] = [
        [dt.date(2021, 1, 1) + dt.timedelta(days=number), ["fog", "sun", "rain"][number * 5 % 7 % 3],
         number * 37 % 41]
        for number in range(365)
    ]  # fmt: skip
    with closing(asked("lighthouse_log", ["day", "sky", "ships_seen"], rows)) as made:
        yield made


@pytest.fixture(scope="module")
def hatchery() -> Iterator[Asked]:
    """One row a week."""
    rows: list[list[Value]] = [
        [dt.date(2020, 1, 5) + dt.timedelta(days=7 * number), number * 37 % 41, ["spring", "low"][number % 5 // 3]]
        for number in range(60)
    ]  # fmt: skip
    with closing(asked("hatchery_weeks", ["week_ending", "eggs", "water"], rows)) as made:
        yield made


@pytest.fixture(scope="module")
def cellar() -> Iterator[Asked]:
    """One row a month of three years."""
    rows: list[list[Value]] = [
        [2018 + number // 12, 1 + number % 12, 50 + number * 31 % 89, number * 19 % 41]
        for number in range(36)
    ]
    with closing(asked("cellar_stock", ["year", "month", "casks_sold", "breakages"], rows)) as made:
        yield made


@pytest.fixture(scope="module")
def buoys() -> Iterator[Asked]:
    """One row a day and buoy."""
    rows: list[list[Value]] = [
        [dt.date(2021, 3, 1) + dt.timedelta(days=number // 2), ["Cove", "Head"][number % 2], number * 37 % 41]
        for number in range(240)
    ]
    with closing(asked("buoy_log", ["day", "buoy_site", "gusts"], rows)) as made:
        yield made


@pytest.mark.parametrize(
    ("question", "statement"),
    [
        ("how many days had rain", "SELECT count(*) FROM data WHERE sky='rain'"),
        ("how many days were there with more than 30 ships seen", "SELECT count(*) FROM data WHERE ships_seen>30"),
        ("share of days with fog", "SELECT count(*) FILTER (sky='fog')::DOUBLE/count(*) FROM data"),
    ],
)  # fmt: skip
def test_days_are_rows_where_each_row_is_one(lighthouse: Asked, question: str, statement: str) -> None:
    assert lighthouse.agrees(question, statement)


@pytest.mark.parametrize("question", ["how many weeks", "how many months", "how many years"])
def test_longer_spans_than_a_row_are_not_counted_as_rows(lighthouse: Asked, question: str) -> None:
    assert lighthouse.intent(question) is None


def test_days_that_were_picked_are_shown_with_what_they_were_picked_by(lighthouse: Asked) -> None:
    answer = lighthouse.answer("which days had more than 38 ships seen")

    assert answer is not None
    assert set(answer) == set(lighthouse.sql("SELECT day, ships_seen FROM data WHERE ships_seen>38"))


@pytest.mark.parametrize(
    "question",
    ["which months had more than 620 ships seen in total", "months with more than 620 ships seen in total"],
)
def test_spans_are_picked_by_their_total(lighthouse: Asked, question: str) -> None:
    assert lighthouse.agrees(
        question,
        "SELECT date_trunc('month', day)::DATE, sum(ships_seen) n FROM data GROUP BY 1 HAVING n>620 ORDER BY 2 DESC, 1",
    )


@pytest.mark.parametrize(
    ("question", "statement"),
    [
        ("how many weeks", "SELECT count(*) FROM data"),
        ("how many weeks had spring water", "SELECT count(*) FROM data WHERE water='spring'"),
        ("eggs by week", "SELECT week_ending, eggs FROM data ORDER BY 1"),
        ("weekly eggs", "SELECT week_ending, eggs FROM data ORDER BY 1"),
        ("which weeks had more than 38 eggs", "SELECT week_ending, eggs FROM data WHERE eggs>38 ORDER BY 2 DESC"),
    ],
)  # fmt: skip
def test_weeks_are_called_by_the_date_that_they_have(hatchery: Asked, question: str, statement: str) -> None:
    assert hatchery.agrees(question, statement)


def test_months_are_not_counted_in_weeks(hatchery: Asked) -> None:
    assert hatchery.intent("how many months") is None


@pytest.mark.parametrize(
    ("question", "statement"),
    [
        ("how many months", "SELECT count(*) FROM data"),
        ("how many months had more than 30 breakages", "SELECT count(*) FROM data WHERE breakages>30"),
        ("share of months with more than 20 breakages",
         "SELECT count(*) FILTER (breakages>20)::DOUBLE/count(*) FROM data"),
        ("how many months in 2018", "SELECT 12"),
        ("how many years", "SELECT 3"),
        ("casks sold by month in 2018", "SELECT month, casks_sold FROM data WHERE year=2018 ORDER BY 1"),
        ("casks sold in May 2018", "SELECT casks_sold FROM data WHERE year=2018 AND month=5"),
    ],
)  # fmt: skip
def test_months_of_a_year_are_rows(cellar: Asked, question: str, statement: str) -> None:
    assert cellar.agrees(question, statement)


@pytest.mark.parametrize(
    "question",
    ["how many days", "how many quarters", "breakages by month", "which months had more than 38 breakages"],
)
def test_a_month_of_no_year_and_spans_that_are_not_there_are_declined(cellar: Asked, question: str) -> None:
    assert cellar.intent(question) is None


@pytest.mark.parametrize(
    ("question", "statement"),
    [
        ("how many days at Cove", "SELECT count(*) FROM data WHERE buoy_site='Cove'"),
        ("how many days did Head have more than 30 gusts",
         "SELECT count(*) FROM data WHERE buoy_site='Head' AND gusts>30"),
    ],
)  # fmt: skip
def test_days_of_one_buoy_are_rows(buoys: Asked, question: str, statement: str) -> None:
    assert buoys.agrees(question, statement)


def test_days_of_all_buoys_are_not_guessed_at(buoys: Asked) -> None:
    assert buoys.intent("how many days") is None


@pytest.mark.parametrize(("days", "part"), [(1, "day"), (7, "week"), (91, "quarter"), (366, "year")])
def test_rows_are_the_span_that_lies_between_their_dates(days: int, part: str) -> None:
    rows: list[list[Value]] = [
        [dt.date(2001, 1, 1) + dt.timedelta(days=days * number)] for number in range(20)
    ]
    calendar = Calendar(Rows(card_of("soundings", ["taken"], rows)))

    assert [span for span in ("day", "week", "quarter", "year") if calendar.rows_are(span)] == [part]
