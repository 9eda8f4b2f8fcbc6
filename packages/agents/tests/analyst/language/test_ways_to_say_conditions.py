"""Conditions, groups and sides said in ways of their own: `men over 60`, `with and without`, `march vs april`."""

import datetime as dt
from collections.abc import Iterator
from contextlib import closing

import pytest
from packages.agents.tests.analyst.language.tables import Asked, Value, asked

START = dt.date(2024, 1, 3)
AGREED = [
    ("how many men over 60", "SELECT count(*) FROM data WHERE sex='M' AND age>60"),
    ("average fee of men over 60", "SELECT avg(fee) FROM data WHERE sex='M' AND age>60"),
    ("average fee of women under 30", "SELECT avg(fee) FROM data WHERE sex='F' AND age<30"),
    ("how many men between 30 and 40", "SELECT count(*) FROM data WHERE sex='M' AND age BETWEEN 30 AND 40"),
    ("average fee with a permit", "SELECT avg(fee) FROM data WHERE permit"),
    ("average fee without a permit", "SELECT avg(fee) FROM data WHERE NOT permit"),
    ("how many guests in room 3", "SELECT count(*) FROM data WHERE room_no=3"),
    ("average fee in room 3", "SELECT avg(fee) FROM data WHERE room_no=3"),
    ("average fee over the whole table", "SELECT avg(fee) FROM data"),
    ("total fee over the whole table", "SELECT sum(fee) FROM data"),
]
GROUPED = [
    ("average fee with and without a permit", "permit", "avg(fee)"),
    ("average fee without and with a permit", "permit", "avg(fee)"),
    ("how many guests with and without permits", "permit", "count(*)"),
    ("average fee per room", "room_no", "avg(fee)"),
    ("number of guests per room", "room_no", "count(*)"),
    ("distribution of grades", "grade", "count(*)"),
    ("breakdown of grades", "grade", "count(*)"),
]


@pytest.fixture(scope="module")
def lidos() -> Iterator[Asked]:
    """One row a guest of a lido."""
    rows: list[list[Value]] = [
        [f"Guest {n:03}", ["F", "M"][n * 7 % 11 % 2], 20 + n * 13 % 61, 5.5 + n * 37 % 211, n * 5 % 13 % 2 == 0,
         1 + n * 3 % 7 % 5, ["good", "fair", "poor"][n * 2 % 9 % 3]]
        for n in range(90)
    ]  # fmt: skip
    with closing(asked("lidos", ["guest", "sex", "age", "fee", "permit", "room_no", "grade"], rows)) as made:
        yield made


@pytest.mark.parametrize(("question", "statement"), AGREED)
def test_a_condition_is_read_from_few_words(lidos: Asked, question: str, statement: str) -> None:
    assert lidos.agrees(question, statement)


@pytest.mark.parametrize(("question", "key", "value"), GROUPED)
def test_groups_are_read_from_few_words(lidos: Asked, question: str, key: str, value: str) -> None:
    assert lidos.agrees(question, f"SELECT {key}, {value} FROM data GROUP BY 1 ORDER BY 1")


def test_orders_over_sixty_have_no_age() -> None:
    rows: list[list[Value]] = [[f"O{n:03}", 20 + n * 13 % 61, 10.5 + n * 37 % 211] for n in range(80)]
    with closing(asked("churn_orders", ["order_ref", "age", "total"], rows)) as orders:
        assert orders.intent("orders over 60") is None
        assert orders.intent("how many orders over 60") is None
        assert orders.agrees("how many orders with age over 60", "SELECT count(*) FROM data WHERE age>60")


@pytest.mark.parametrize(("high", "low"), [("acid", "salt"), ("salt", "acid")])
@pytest.mark.parametrize(
    "question",
    ["how much higher is the average of {} than that of {}", "how much higher is the average {} than the average {}"],
)  # fmt: skip
def test_how_much_higher_one_column_is_takes_the_other_off(high: str, low: str, question: str) -> None:
    rows: list[list[Value]] = [[f"Q{n:03}", 20.5 + n * 13 % 61, 10.5 + n * 37 % 211] for n in range(80)]
    with closing(asked("moss_plots", ["plot_ref", "acid", "salt"], rows)) as plots:
        assert plots.agrees(question.format(high, low), f"SELECT avg({high})-avg({low}) FROM data")


@pytest.mark.parametrize(("first", "second"), [("Otters", "Herons"), ("Newts", "Voles")])
@pytest.mark.parametrize(
    "question",
    ["how many more points than {1} has {0}", "how many more points has {0} than {1}",
     "how many more points does {0} have than {1}"],
)  # fmt: skip
def test_what_follows_than_is_taken_off(first: str, second: str, question: str) -> None:
    squads = ["Otters", "Herons", "Newts", "Voles", "Stoats", "Moles", "Rooks", "Larks"]
    rows: list[list[Value]] = [[squad, "AB"[n % 2], 3 + n * 37 % 83] for n, squad in enumerate(squads)]
    with closing(asked("moot_squads", ["squad", "pool", "points"], rows)) as teams:
        value = "SELECT points FROM data WHERE squad='{}'".format
        assert teams.agrees(question.format(first, second), f"SELECT ({value(first)})-({value(second)})")


@pytest.mark.parametrize(
    ("question", "first"),
    [("total riders march vs april 2025", 2025), ("total riders in march vs april 2025", 2025),
     ("compare riders in march vs april 2025", 2025), ("total riders in march 2024 vs april 2025", 2024)],
)  # fmt: skip
def test_two_months_with_one_year_are_both_of_it(question: str, first: int) -> None:
    rows: list[list[Value]] = [
        [f"R{n:03}", START + dt.timedelta(days=9 * n), 1 + n * 37 % 211] for n in range(90)
    ]
    with closing(asked("ferry_rides", ["ride_ref", "rode_on", "riders"], rows)) as rides:
        answer = rides.answer(question)
        sums = [
            rides.sql(f"SELECT sum(riders) FROM data WHERE date_trunc('month', rode_on)='{year}-{month}-01'")[0][0]
            for year, month in ((first, "03"), (2025, "04"))
        ]  # fmt: skip

    assert answer is not None
    assert [row[1] for row in answer] == sums


@pytest.mark.parametrize(
    ("said", "where"),
    [("for 1990 and 1997", "year IN (1990, 1997)"), ("in 1990 and 1997", "year IN (1990, 1997)"),
     ("between 1990 and 1997", "year BETWEEN 1990 AND 1997"), ("from 1990 to 1997", "year BETWEEN 1990 AND 1997"),
     ("for 1990", "year=1990")],
)  # fmt: skip
def test_two_years_are_a_span_only_between_them(said: str, where: str) -> None:
    rows: list[list[Value]] = [
        [orchard, year, 5 + (n * 37 + year * 13) % 83]
        for n, orchard in enumerate(("Elm", "Fen", "Oke"))
        for year in range(1988, 2000)
    ]
    with closing(asked("orchard_yields", ["orchard", "year", "crates"], rows)) as yields:
        assert yields.agrees(f"total crates {said}", f"SELECT sum(crates) FROM data WHERE {where}")


@pytest.fixture(scope="module", params=["remark", "maker"])
def claims(request: pytest.FixtureRequest) -> Iterator[Asked]:
    """One row a claim; two states are in what somebody wrote, too."""
    texts = ["dented", "California cart", "Texas cart", "bent rim", "late", "odd fit", "well made"]
    rows: list[list[Value]] = [
        [f"C{n:03}", ["CA", "TX", "OH", "ME", "NV"][n * 7 % 11 % 5], texts[n * 5 % 17 % 7], 10.5 + n * 37 % 211]
        for n in range(120)
    ]  # fmt: skip
    with closing(asked("lid_claims", ["claim_ref", "state", str(request.param), "amount"], rows)) as made:
        yield made


@pytest.mark.parametrize(("state", "code"), [("California", "CA"), ("Texas", "TX"), ("Ohio", "OH")])
def test_a_state_is_its_code_before_a_word_in_a_text(claims: Asked, state: str, code: str) -> None:
    assert claims.agrees(f"how many claims in {state}", f"SELECT count(*) FROM data WHERE state='{code}'")
    assert claims.agrees(f"total amount in {state}", f"SELECT sum(amount) FROM data WHERE state='{code}'")


def test_canada_is_not_the_state_of_its_code(claims: Asked) -> None:
    assert claims.intent("how many claims in Canada") is None
    assert claims.agrees("how many claims in CA", "SELECT count(*) FROM data WHERE state='CA'")


@pytest.mark.parametrize("column", ["weekday", "roster"])
def test_a_column_of_weekdays_beside_a_date_gives_one_reading(column: str) -> None:
    days = [START + dt.timedelta(days=n) for n in range(120)]
    rows: list[list[Value]] = [[day, day.strftime("%A"), 1 + n * 37 % 211] for n, day in enumerate(days)]
    with closing(asked("ferry_days", ["sailed_on", column, "riders"], rows)) as ferry:
        for question, name in (
            ("average riders on Monday", "Monday"),
            ("average riders on Sundays", "Sunday"),
        ):
            assert len(ferry.reader.read(question).readings) == 1
            assert ferry.agrees(question, f"SELECT avg(riders) FROM data WHERE {column}='{name}'")


def test_a_weekday_is_of_the_date_where_no_column_names_it() -> None:
    rows: list[list[Value]] = [[START + dt.timedelta(days=n), 1 + n * 37 % 211] for n in range(120)]
    with closing(asked("ferry_days", ["sailed_on", "riders"], rows)) as ferry:
        assert ferry.agrees(
            "average riders on Monday", "SELECT avg(riders) FROM data WHERE isodow(sailed_on)=1"
        )
