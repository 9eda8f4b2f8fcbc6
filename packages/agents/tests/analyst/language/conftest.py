"""Small tables made for these tests: a harbour's boats, a practice's visits, a ferry line's crossings."""

import datetime as dt
import random
from collections.abc import Iterator
from contextlib import closing

import pytest
from packages.agents.tests.analyst.language.tables import Asked, Value, asked


@pytest.fixture(scope="session")
def boats() -> Iterator[Asked]:
    """One row a boat; `name` is unique."""
    random.seed(7)
    builders = [
        ("Halberg", "Sweden"),
        ("Nordwerft", "Germany"),
        ("Cantieri Sud", "Italy"),
        ("Clyde Yard", "United Kingdom"),
    ]
    rows: list[list[Value]] = []
    for number in range(60):
        builder, country = builders[number % 4]
        rows.append([
            f"{['Albatros', 'Brise', 'Corsair', 'Dorado', 'Esprit'][number % 5]} {'IVXLC'[number // 12]}{number}",
            builder, country, ["sloop", "ketch", "cutter"][number % 3],
            round(random.uniform(6, 24), 1), 1970 + number % 50, random.randint(20, 900) * 1000,
            random.randint(1, 9), number % 3 == 0,
            None if number % 10 == 0 else dt.date(1990 + number % 30, 1 + number % 12, 1 + number % 28),
            None if number % 6 == 0 else ["Kiel", "Genoa", "Oslo"][number % 3],
        ])  # fmt: skip
    made = asked(
        "boats",
        ["name", "builder", "country", "rig", "length_m", "year_built", "price_usd", "crew", "engine", "launch_date", "home_port"],
        rows,
    )  # fmt: skip
    yield made
    made.connection.close()


@pytest.fixture(scope="session")
def visits() -> Iterator[Asked]:
    """One row a visit, several a clinic."""
    random.seed(11)
    rows: list[list[Value]] = [
        [
            1000 + number, dt.datetime(2021, 1, 1) + dt.timedelta(hours=37 * number),
            ["Northside", "Harbour", "Old Town"][number % 7 % 3], ["F", "M"][number % 2],
            random.randint(1, 95), round(random.uniform(15, 300), 2), random.randint(0, 120),
            None if number % 8 == 0 else ["checkup", "injury", "vaccination"][number % 3],
            ["yes", "no"][number % 5 == 0],
        ]
        for number in range(240)
    ]  # fmt: skip
    made = asked(
        "visits",
        ["visit_id", "visited_at", "clinic", "sex", "age", "fee", "waiting_min", "reason", "insured"],
        rows,
    )
    yield made
    made.connection.close()


@pytest.fixture(scope="session")
def crossings() -> Iterator[Asked]:
    """One row a crossing, in a file called so; a column shares the word."""
    rows: list[list[Value]] = [
        [
            ["Petrel", "Tern", "Gull"][number % 7 % 3], ["night", "dusk", "noon"][number % 8 % 3],
            ["North", "South"][number % 5 // 3], number * 37 % 211,
            ["fog", "sun", "rain", "wind"][number % 11 % 4],
            dt.datetime(2022, 1, 1) + dt.timedelta(hours=31 * number),
        ]
        for number in range(60)
    ]  # fmt: skip
    columns = ["ferry_name", "crossing_light", "route", "passengers", "weather", "left_at"]
    with closing(asked("ferry_crossings", columns, rows)) as made:
        yield made
