"""Questions about the hour where a column of texts tells the time of day."""

import datetime as dt
from collections.abc import Iterator
from contextlib import closing

import pytest
from packages.agents.tests.analyst.language.tables import Asked, Value, asked, cases

TIMES = ["9:05", "9:45", "0:15", "17:30", "17:05", "17:59", "23:00"]


@pytest.fixture(scope="module")
def visits() -> Iterator[Asked]:
    rows: list[list[Value]] = [
        [dt.date(2024, 1, 1 + n % 5), TIMES[n * n % 7], ("A", "B")[n % 3 % 2], n % 11] for n in range(60)
    ]
    with closing(asked("library_visits", ["day", "entered at", "desk", "loaned_books"], rows)) as made:
        yield made


HOUR = "hour(try_strptime(\"entered at\", '%H:%M')::TIME)"


@pytest.mark.parametrize(
    ("question", "statement"),
    cases(
        {
            f"SELECT {HOUR}, count(*) FROM data GROUP BY 1 ORDER BY 1": (
                "visits by hour of the day", "number of visits per hour of the day", "how many visits by hour",
            ),
            f"SELECT {HOUR}, avg(loaned_books) FROM data WHERE desk = 'A' GROUP BY 1 ORDER BY 1": (
                "average loaned books by hour of the day for desk A",
            ),
            f"SELECT {HOUR}, count(*) n FROM data GROUP BY 1 QUALIFY rank() OVER (ORDER BY n DESC) = 1": (
                "which hour of the day has the most visits", "busiest hour of the day",
            ),
            "SELECT day, count(*) FROM data GROUP BY 1 ORDER BY 1": ("visits by day",),
        }
    ),
)  # fmt: skip
def test_times_of_day_are_cut_into_hours(visits: Asked, question: str, statement: str) -> None:
    assert visits.agrees(question, statement)


@pytest.mark.parametrize("question", ["latest entered at", "what is the earliest entered at"])
def test_the_latest_time_of_day_is_not_that_of_the_latest_day(visits: Asked, question: str) -> None:
    assert visits.answer(question) is None
