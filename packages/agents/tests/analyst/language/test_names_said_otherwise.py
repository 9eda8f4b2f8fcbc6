"""Columns that people call in other words than their names: rates, small words, years and halves of names."""

from collections.abc import Iterator
from contextlib import closing

import pytest
from packages.agents.tests.analyst.language.tables import Asked, Value, asked, cases


@pytest.fixture(scope="module")
def towns() -> Iterator[Asked]:
    rows: list[list[Value]] = [
        [
            f"Town{n:02}",
            f"Township of Town {n}",
            ("east", "west")[n % 3 % 2],
            n * 179_190 % 3_000_000,
            n * 37 % 100_003,
            n * 31 % 23 / 2,
            n % 5 * n % 7,
            n % 9,
            n * 17 % 13,
        ]
        for n in range(1, 60)
    ]
    names = [
        "town", "official_name", "side", "residents_2020", "harbour_residents", "fires_per_1000",
        "NUMBER OF WORKERS INJURED", "ferry_charge_pier_2", "silver_cups",
    ]  # fmt: skip
    with closing(asked("towns", names, rows)) as made:
        yield made


@pytest.mark.parametrize(
    ("question", "statement"),
    cases(
        {
            "SELECT avg(fires_per_1000) FROM data": ("average fire rate", "mean fire rate per 1000"),
            "SELECT town, fires_per_1000 FROM data QUALIFY rank() OVER (ORDER BY fires_per_1000 DESC) <= 3 "
            "ORDER BY 2 DESC, 1": ("top 3 towns by fire rate",),
            "SELECT corr(fires_per_1000, residents_2020) FROM data": (
                "correlation between the fire rate and the residents",
            ),
            'SELECT sum("NUMBER OF WORKERS INJURED") FROM data': (
                "how many workers were injured", "how many workers got injured",
                "how many workers were hurt in total",
            ),
            "SELECT avg(ferry_charge_pier_2) FROM data": (
                "average ferry charge for pier 2", "mean ferry charge at pier 2",
            ),
            "SELECT sum(residents_2020) FROM data": (
                "total residents", "total residents in 2020",
            ),
            "SELECT town, residents_2020 FROM data QUALIFY rank() OVER (ORDER BY residents_2020) <= 5 "
            "ORDER BY 2, 1": ("five towns with the fewest residents",),
            "SELECT count(*) FROM data WHERE residents_2020 > 400000": (
                "how many towns have more than 400 thousand residents",
            ),
            "SELECT count(*) FROM data WHERE residents_2020 < 100000": (
                "how many towns have under a hundred thousand residents",
            ),
            "SELECT count(*) FROM data WHERE residents_2020 > 1000000": (
                "how many towns have more than a million residents", "towns with over a million residents, how many",
            ),
            "SELECT max(ferry_charge_pier_2) FROM data": ("highest ferry charge for pier 2 anywhere",),
        }
    ),
)  # fmt: skip
def test_the_column_is_found(towns: Asked, question: str, statement: str) -> None:
    assert towns.agrees(question, statement)


@pytest.fixture(scope="module")
def regattas() -> Iterator[Asked]:
    rows: list[list[Value]] = [
        [name, f"{name} Rowing Club", n % 8, n * 3 % 7, (None, "blue", "red")[n % 3], n % 2]
        for n, name in enumerate(("Alma", "Bore", "Cato", "Dune", "Elan", "Faro", "Gala"), 3)
    ]
    names = ["club", "official_name", "n_golds", "silver", "flag_colour", "nboats"]
    with closing(asked("clubs", names, rows)) as made:
        yield made


@pytest.mark.parametrize(
    ("question", "statement"),
    cases(
        {
            "SELECT club, silver FROM data QUALIFY rank() OVER (ORDER BY silver DESC) = 1 ORDER BY 1": (
                "which club has the most silver medals", "club with the most silver",
            ),
            "SELECT count(*) FROM data WHERE flag_colour IS NULL": (
                "how many clubs have no flag colour filled in", "clubs without a flag colour, how many",
            ),
            "SELECT sum(nboats) FROM data": ("total number of boats", "how many boats are there in total"),
        }
    ),
)  # fmt: skip
def test_medals_boats_and_what_was_not_filled_in(regattas: Asked, question: str, statement: str) -> None:
    assert regattas.agrees(question, statement)


@pytest.fixture(scope="module")
def yearly() -> Iterator[Asked]:
    rows: list[list[Value]] = [[1950 + n, n * 37 % 101 * 1.5, n * 11 % 17 / 2] for n in range(30)]
    with closing(asked("farm_fires", ["Year", "Honey", "Fires_per_1000"], rows)) as made:
        yield made


@pytest.mark.parametrize(
    ("question", "statement"),
    cases(
        {
            "SELECT Year, Fires_per_1000 FROM data QUALIFY rank() OVER (ORDER BY Fires_per_1000) = 1 ORDER BY 1": (
                "when was the fire rate lowest", "in which year was the fire rate lowest",
            ),
            "SELECT max(Honey) FROM data WHERE Fires_per_1000 >= 4": (
                "largest honey among the years whose fire rate was at least 4",
            ),
        }
    ),
)  # fmt: skip
def test_years_that_are_rows(yearly: Asked, question: str, statement: str) -> None:
    assert yearly.agrees(question, statement)


@pytest.fixture(scope="module")
def digs() -> Iterator[Asked]:
    rows: list[list[Value]] = [
        [n, -4000 + n * 37, None if n % 3 else -3900 + n * 38, n % 7] for n in range(160)
    ]
    with closing(asked("digs", ["dig_id", "start_year", "end_year", "finds"], rows)) as made:
        yield made


@pytest.mark.parametrize(
    ("question", "statement"),
    cases(
        {
            "SELECT count(*) FROM data WHERE start_year BETWEEN 1500 AND 1700": (
                "how many digs started between 1500 and 1700", "digs from 1500 to 1700, how many",
            ),
            "SELECT count(*) FROM data WHERE start_year >= 1600": ("number of digs since 1600",),
        }
    ),
)  # fmt: skip
def test_a_row_is_dated_by_the_year_in_which_it_began(digs: Asked, question: str, statement: str) -> None:
    assert digs.agrees(question, statement)
