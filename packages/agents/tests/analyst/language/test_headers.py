"""Headers in other languages, cut short, or written as ratios; files called as what they measure."""

from collections.abc import Iterator
from contextlib import closing

import pytest
from packages.agents.tests.analyst.language.tables import Asked, Value, asked, cases

from sapwood_agents.analyst.language.segments import segments
from sapwood_agents.analyst.language.tokens import name_words


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("PRECIO_MEDIO", ("price", "medio")),
        ("Año", ("year",)),
        ("fecha pedido", ("date", "order")),
        ("Umsatz", ("sale",)),
        ("geslacht", ("sex",)),
        ("Prezzo (€)", ("price",)),
        ("menu", ("menu",)),
    ],
)
def test_headers_are_read_in_english(name: str, words: tuple[str, ...]) -> None:
    assert name_words(name) == words


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("hotelexper", ("hotel", "exper")),
        ("harvestrank", ("harvest", "rank")),
        ("schooleduc", ("school", "educ")),
        ("weathervane", ("weathervane",)),
        ("exper", ("exper",)),
        ("qxexper", ("qxexper",)),
    ],
)
def test_names_are_cut_into_words_of_which_the_last_may_be_short(name: str, parts: tuple[str, ...]) -> None:
    assert segments(name) == parts


@pytest.fixture(scope="module")
def pedidos() -> Iterator[Asked]:
    rows: list[list[Value]] = [
        [2015 + n % 6, ("Lugo", "Jaen", "Vigo")[n % 7 % 3], 10 + n * 37 % 91, n * 13 % 29 / 2, n % 4]
        for n in range(90)
    ]
    with closing(asked("pedidos", ["AÑO", "CIUDAD", "IMPORTE", "VALOR_REAL", "cantidad"], rows)) as made:
        yield made


@pytest.mark.parametrize(
    ("question", "statement"),
    cases(
        {
            "SELECT AÑO, sum(IMPORTE) FROM data GROUP BY 1 ORDER BY 1": (
                "total amount by year", "sum of importe per year",
            ),
            "SELECT avg(VALOR_REAL) FROM data": ("average real value", "mean valor real"),
            "SELECT CIUDAD, avg(IMPORTE) FROM data GROUP BY 1 ORDER BY 1": ("average amount by city",),
            "SELECT sum(IMPORTE) FROM data WHERE AÑO = 2017": ("total amount in 2017",),
            "SELECT sum(cantidad) FROM data WHERE CIUDAD = 'Vigo'": ("total quantity in Vigo",),
        }
    ),
)  # fmt: skip
def test_a_table_with_headers_of_another_language(pedidos: Asked, question: str, statement: str) -> None:
    assert pedidos.agrees(question, statement)


@pytest.fixture(scope="module")
def ballots() -> Iterator[Asked]:
    rows: list[list[Value]] = [
        [300 + n, 1 + n % 12, 2001 + n // 12, 40 + n * 17 % 50 + n / 100, n * 7 % 13 / 2] for n in range(60)
    ]
    with closing(asked("mayor_support", ["id", "month", "year", "supported", "fee"], rows)) as made:
        yield made


@pytest.mark.parametrize(
    ("question", "statement"),
    cases(
        {
            "SELECT year, avg(supported) FROM data GROUP BY 1 ORDER BY 1": (
                "average support by year", "avg support per year",
            ),
            "SELECT count(*) FROM data": ("how many months does the table cover", "how many months are there"),
            "SELECT count(*) FROM data WHERE supported > 60": ("how many months had support above 60",),
            "SELECT supported FROM data WHERE year = 2003 AND month = 3": ("what was the support in March 2003",),
        }
    ),
)  # fmt: skip
def test_a_file_called_as_what_it_measures(ballots: Asked, question: str, statement: str) -> None:
    assert ballots.agrees(question, statement)


@pytest.fixture(scope="module")
def bonds() -> Iterator[Asked]:
    rows: list[list[Value]] = [
        [
            f"S{n:03}",
            ("2018-19", "2019-20", "2020-21")[n % 3],
            float(n * 97 % 501),
            n * 10.0**11,
            n * 5 % 17,
            n % 6,
        ]
        for n in range(1, 80)
    ]
    names = ["bond_name", "period", "Price to earnings ratio", "Market capitalization", "wins", "losses"]
    with closing(asked("bond_screener", names, rows)) as made:
        yield made


@pytest.mark.parametrize(
    ("question", "statement"),
    cases(
        {
            'SELECT avg("Price to earnings ratio") FROM data': (
                "average P/E", "average P/E ratio", "mean pe ratio", "average price to earnings ratio",
            ),
            'SELECT count(*) FROM data WHERE "Market capitalization" > 3e12': (
                "how many bonds have a market cap over 3 trillion",
                "number of bonds with a market capitalization above 3 trillion",
            ),
            'SELECT period, sum("Market capitalization") FROM data GROUP BY 1 ORDER BY 1': (
                "total market cap by season", "total mkt cap per period",
            ),
            "SELECT sum(wins) FROM data WHERE period = '2019-20'": ("how many were won in 2019-20",),
            "SELECT count(*) FROM data WHERE losses = 5": ("how many bonds lost exactly 5",),
        }
    ),
)  # fmt: skip
def test_ratios_seasons_and_what_was_won(bonds: Asked, question: str, statement: str) -> None:
    assert bonds.agrees(question, statement)


@pytest.fixture(scope="module")
def mulini() -> Iterator[Asked]:
    rows: list[list[Value]] = [
        [f"Molino {n}", ("Asti", "Lodi")[n % 3 % 2], 10 + n * 37 % 91, n * 13 % 29 / 2, 0.0 if n % 4 else 2.5]
        for n in range(60)
    ]
    with closing(
        asked("comuni_padani", ["nome", "provincia", "popolazione", "wind_MWh", "solar_MWh"], rows)
    ) as made:
        yield made


@pytest.mark.parametrize(
    ("question", "statement"),
    cases(
        {
            "SELECT count(*) FROM data": ("how many comuni are there", "number of municipalities"),
            "SELECT nome, popolazione FROM data QUALIFY rank() OVER (ORDER BY popolazione DESC) <= 3 ORDER BY 2 DESC, 1": (
                "top 3 comuni by inhabitants",
            ),
            "SELECT sum(wind_MWh) FROM data": ("total wind generation", "total wind power", "total wind electricity"),
            "SELECT count(*) FROM data WHERE solar_MWh > 0": ("how many comuni have solar power",),
        }
    ),
)  # fmt: skip
def test_a_file_called_in_another_language_and_units_of_energy(
    mulini: Asked, question: str, statement: str
) -> None:
    assert mulini.agrees(question, statement)


def test_when_is_no_name(mulini: Asked) -> None:
    assert mulini.answer("when was the comune of Asti founded") is None
