"""Verbs that say what happened in every row, nouns for staff, kinds counted by time, days that are shifts."""

import datetime as dt
from collections.abc import Iterator
from contextlib import closing

import pytest
from packages.agents.tests.analyst.language.tables import Asked, Value, asked, cases


@pytest.fixture(scope="module")
def deaths() -> Iterator[Asked]:
    rows: list[list[Value]] = [
        [
            f"Ann{n}", f"Doe{n % 50}", 20 + n * 7 % 60, ("F", "M")[n % 2], dt.date(2019, 1, 1 + n % 9),
            ("Quarry", "Harbour", "Mill")[n % 5 % 3],
        ]
        for n in range(60)
    ]  # fmt: skip
    names = ["first_name", "last_name", "age", "gender", "death_date", "ward"]
    with closing(asked("parish_deaths", names, rows)) as made:
        yield made


@pytest.mark.parametrize(
    ("question", "statement"),
    cases(
        {
            "SELECT count(*) FROM data WHERE ward = 'Mill'": (
                "how many people died in Mill", "how many people were killed in Mill",
            ),
            "SELECT death_date, count(*) n FROM data GROUP BY 1 QUALIFY rank() OVER (ORDER BY n DESC) = 1 ORDER BY 1": (
                "on which date did the most people die",
            ),
            "SELECT DISTINCT last_name FROM data WHERE ward = 'Quarry' ORDER BY 1": (
                "last names of the people who died in Quarry",
            ),
        }
    ),
)  # fmt: skip
def test_in_a_file_of_deaths_all_have_died(deaths: Asked, question: str, statement: str) -> None:
    assert deaths.agrees(question, statement)


def test_two_names_are_more_than_one(deaths: Asked) -> None:
    assert deaths.answer("who was the oldest? Give first and last name with the age") is None


@pytest.fixture(scope="module")
def agents() -> Iterator[Asked]:
    rows: list[list[Value]] = [
        [n * 7 % 13, ("Day", "Evening", "Night")[n * 3 % 7 % 3], ("No", "Yes")[n % 5 % 2], n * 11 % 40 / 2,
         None if n % 3 else 1 + n % 5]
        for n in range(80)
    ]  # fmt: skip
    names = ["n_calls", "shift", "remote", "experience", "rating"]
    with closing(asked("agent_calls", names, rows)) as made:
        yield made


@pytest.mark.parametrize(
    ("question", "statement"),
    cases(
        {
            "SELECT shift, count(*) FROM data GROUP BY 1 ORDER BY 1": (
                "number of agents per shift", "how many employees work each shift",
            ),
            "SELECT avg(n_calls) FROM data WHERE shift = 'Day'": (
                "average calls of the day shift", "mean number of calls on the day shift",
            ),
            "SELECT count(*) FILTER (remote = 'Yes') / count(*) FROM data WHERE shift = 'Day'": (
                "what percentage of the day shift works remotely",
            ),
            "SELECT shift, avg(n_calls) v FROM data GROUP BY 1 HAVING v > 6 ORDER BY 2 DESC": (
                "which shifts have an average of more than 6 calls",
            ),
            "SELECT count(*) FROM data WHERE n_calls > (SELECT avg(n_calls) FROM data)": (
                "how many agents got more calls than the average",
            ),
        }
    ),
)  # fmt: skip
def test_agents_and_their_shifts(agents: Asked, question: str, statement: str) -> None:
    assert agents.agrees(question, statement)


def test_rated_agents_are_not_all_of_them(agents: Asked) -> None:
    assert agents.answer("median number of calls of rated agents") is None


@pytest.fixture(scope="module")
def log() -> Iterator[Asked]:
    rows: list[list[Value]] = [
        [f"v{n % 40}", dt.datetime(2024, 1, 1) + dt.timedelta(hours=n * 9), ("visit", "purchase", "refund")[n * 5 % 11 % 3]]
        for n in range(200)
    ]  # fmt: skip
    with closing(asked("shop_log", ["visitor", "timestamp", "step"], rows)) as made:
        yield made


def test_one_of_a_few_kinds_of_row_is_counted_by_time(log: Asked) -> None:
    statement = "SELECT date_trunc('month', timestamp)::DATE, count(*) FROM data WHERE step = 'purchase' GROUP BY 1 ORDER BY 1"

    assert log.agrees("purchases by month", statement)
    assert log.agrees(
        "refunds per visitor",
        "SELECT visitor, count(*) FROM data WHERE step = 'refund' GROUP BY 1 ORDER BY 1",
    )


@pytest.fixture(scope="module")
def clicks() -> Iterator[Asked]:
    rows: list[list[Value]] = [
        [
            f"v{n % 40}", dt.datetime(2024, 1, 1) + dt.timedelta(minutes=n * 97),
            ("open", "search", "pay", "leave")[n * 5 % 11 % 4], ("phone", "desk")[n % 7 % 2],
        ]
        for n in range(200)
    ]  # fmt: skip
    with closing(asked("browsing", ["visitor", "moment", "event", "device"], rows)) as made:
        yield made


@pytest.mark.parametrize(
    ("question", "statement"),
    cases(
        {
            "SELECT device, count(*) FROM data GROUP BY 1 ORDER BY 1": ("events per device", "number of events by device"),
            "SELECT count(*) FROM data": ("how many events are there",),
            "SELECT count(*) FILTER (device = 'phone') / count(*) FROM data": (
                "what share of all events came from phone",
            ),
            "SELECT hour(moment), count(*) FROM data GROUP BY 1 ORDER BY 1": ("events by hour of the day",),
            "SELECT event, count(*) n FROM data GROUP BY 1 QUALIFY rank() OVER (ORDER BY n DESC) = 1": (
                "most common event", "what is the most common event",
            ),
            "SELECT count(DISTINCT event) FROM data": ("how many different events are there",),
        }
    ),
)  # fmt: skip
def test_the_rows_of_a_log_are_events(clicks: Asked, question: str, statement: str) -> None:
    assert clicks.agrees(question, statement)
