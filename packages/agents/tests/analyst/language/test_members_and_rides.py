"""Ages of people, what people are called, totals of what they did, ends side by side."""

import datetime as dt
from collections.abc import Iterator
from contextlib import closing

import pytest
from packages.agents.tests.analyst.language.tables import Asked, Value, asked, cases

MEMBERS = {
    "SELECT count(*) FROM data WHERE age>=65": (
        "how many members are 65 or older", "how many people are 65 or over",
    ),
    "SELECT count(*) FROM data WHERE age<30": ("how many people are under 30", "how many members were under 30"),
    "SELECT count(*) FROM data WHERE age>60": ("how many clients are over 60", "how many customers are older than 60"),
    "SELECT count(*) FROM data WHERE age BETWEEN 30 AND 40": ("how many members are between 30 and 40",),
    "SELECT avg(age) FROM data": ("average age of clients", "average age of customers"),
    "SELECT count(*) FROM data": ("how many customers do we have",),
    "SELECT town, min(fee), max(fee) FROM data GROUP BY 1 ORDER BY 1": (
        "minimum and maximum fee by town", "min and max fee per town",
    ),
    "SELECT town, count(*)::DOUBLE/(SELECT count(*) FROM data) FROM data GROUP BY 1 ORDER BY 1": (
        "split of members by town in %",
    ),
    "SELECT count(DISTINCT town) FROM data": ("how much towns are there",),
    "SELECT avg(fee) FROM data": ("the average fee paid",),
    "SELECT count(*) FROM data WHERE visits>5": ("how many members ended with more than 5 visits",),
}  # fmt: skip
RIDES = {
    "SELECT sum(miles) FROM data": ("total miles driven", "total miles ridden"),
    "SELECT sum(miles) FROM data WHERE driver='Ada'": (
        "how many miles did Ada drive altogether", "how many miles did Ada drive in total",
    ),
    "SELECT sum(fuel) FROM data WHERE driver='Bo'": ("how much fuel did Bo use altogether",),
    "SELECT driver, sum(miles) FROM data GROUP BY 1 ORDER BY 2 DESC LIMIT 1": ("which driver drove the most miles",),
    "SELECT count(DISTINCT region) FROM data": ("how many regions are there", "number of regions"),
    "SELECT date_trunc('month', day)::DATE, avg(temperature) FROM data GROUP BY 1 ORDER BY 1": (
        "temperature trend by month", "trend of temperature by month", "temperature by month",
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def members() -> Iterator[Asked]:
    """One row a member."""
    rows: list[list[Value]] = [
        [n, f"Member {n}", 18 + n * 7 % 61, "MF"[n % 2], ["Ebb", "Fenwick", "Grole"][n * 5 % 7 % 3],
         19.5 + n * 3 % 40, n * 11 % 13]
        for n in range(120)
    ]  # fmt: skip
    names = ["member_id", "name", "age", "sex", "town", "fee", "visits"]
    with closing(asked("members", names, rows)) as made:
        yield made


@pytest.fixture(scope="module")
def rides() -> Iterator[Asked]:
    """One row a ride; `region` is a number, several rides a day."""
    rows: list[list[Value]] = [
        [dt.date(2022, 1, 1) + dt.timedelta(days=n // 2), ["Ada", "Bo", "Cy"][n * 5 % 7 % 3],
         ["Kell", "Loss"][n * 3 % 5 % 2], 11 + n * 7 % 13 % 6, 4.5 + n * 13 % 31, 1.25 + n * 7 % 9, 9.5 - n * 5 % 21]
        for n in range(200)
    ]  # fmt: skip
    names = ["day", "driver", "depot", "region", "miles", "fuel", "temperature"]
    with closing(asked("rides", names, rows)) as made:
        yield made


@pytest.mark.parametrize(("question", "statement"), cases(MEMBERS))
def test_members_are_people_with_an_age(members: Asked, question: str, statement: str) -> None:
    assert members.agrees(question, statement)


@pytest.mark.parametrize(("question", "statement"), cases(RIDES))
def test_what_was_done_adds_up(rides: Asked, question: str, statement: str) -> None:
    assert rides.agrees(question, statement)


@pytest.mark.parametrize(
    "question",
    [
        "how many members paid more than 30",  # an age, or a fee
        "which people pay more than 30",
        "how many members have been here 20 years or longer",
    ],
)
def test_an_age_is_not_read_into_other_numbers(members: Asked, question: str) -> None:
    assert members.intent(question) is None


@pytest.mark.parametrize(
    "question", ["miles won", "miles driven by depot", "fuel by month", "temperature by depot"]
)
def test_what_does_not_add_up_by_itself_is_declined(rides: Asked, question: str) -> None:
    assert rides.intent(question) is None
