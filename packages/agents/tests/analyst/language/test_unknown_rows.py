"""Nouns for the rows that nothing in the table speaks of."""

from collections.abc import Iterator
from contextlib import closing

import pytest
from packages.agents.tests.analyst.language.tables import Asked, Value, asked


@pytest.fixture(scope="module")
def scans() -> Iterator[Asked]:
    """One row a scan; that visitors were scanned is nowhere said."""
    rows: list[list[Value]] = [
        [["north", "south", "lake"][number % 3], ["fog", "sun"][number * 5 % 7 // 3 % 2], 3 + number * 29 % 83,
         ["Norway", "Peru"][number % 7 % 2]]
        for number in range(72)
    ]  # fmt: skip
    with closing(asked("gate_scan", ["gate", "sky", "dwell_min", "country"], rows)) as made:
        yield made


@pytest.mark.parametrize(
    ("question", "statement"),
    [
        ("how many visitors have a dwell above 30", "SELECT count(*) FROM data WHERE dwell_min>30"),
        ("how many visitors have a dwell of at least 30 at north",
         "SELECT count(*) FROM data WHERE dwell_min>=30 AND gate='north'"),
        ("how many visitors have a dwell above the average",
         "SELECT count(*) FROM data WHERE dwell_min>(SELECT avg(dwell_min) FROM data)"),
        ("what percentage of visitors have a dwell over 30",
         "SELECT count(*) FILTER (dwell_min>30)::DOUBLE/count(*) FROM data"),
        ("visitors with a dwell over 80, and how many", "SELECT count(*) FROM data WHERE dwell_min>80"),
    ],
)  # fmt: skip
def test_an_unknown_noun_is_the_rows_where_something_is_said_of_them(
    scans: Asked, question: str, statement: str
) -> None:
    assert scans.agrees(question, statement)


@pytest.mark.parametrize(
    "question",
    [
        "how many visitors",
        "how many visitors by gate",
        "how many visitors at north",
        "how many visitors in Norway",
        "average dwell of visitors with a dwell over 30",
        "how many visitors and guests have a dwell above 30",
        "how many children have a dwell above 30",
        "how many winners have a dwell above 30",
    ],
)
def test_an_unknown_noun_is_declined_where_it_may_be_something_else(scans: Asked, question: str) -> None:
    assert scans.intent(question) is None


def test_a_noun_is_declined_where_the_rows_have_known_names() -> None:
    rows: list[list[Value]] = [[f"E{number:02}", 1500 + number * 371 % 2900] for number in range(40)]
    with closing(asked("employees", ["badge", "pay_eur"], rows)) as employees:
        assert employees.agrees(
            "how many workers have a pay over 2000", "SELECT count(*) FROM data WHERE pay_eur>2000"
        )
        assert employees.intent("how many applicants have a pay over 2000") is None
