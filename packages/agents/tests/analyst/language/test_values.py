"""Values as people say them: in part, as an adjective, as numbers, turned round by `not`."""

import datetime as dt
from collections.abc import Iterator
from contextlib import closing

import pytest
from packages.agents.tests.analyst.language.tables import Asked, Value, asked

DATED = "SELECT count(*) FROM data WHERE {0}>='2022-03-01' AND {0}<'2022-04-01'"


@pytest.fixture(scope="module")
def votes() -> Iterator[Asked]:
    """More candidates than a category has; two share a family name."""
    made_up = [f"{start}{end}, {given}" for start in ("Vel", "Kor", "Zan", "Mir", "Tolv", "Ryb") for end in ("ska", "mani", "quist", "ovo")
               for given in ("Ilse", "Otmar", "Runa")]  # fmt: skip
    known = ["Okonjo, Ada", "Reyes, Tomas", "Brandt, Lea", "Brandt, Nils"]
    rows: list[list[Value]] = [
        [year, town, candidate, 100 + (place * 211 + at * 97 + year * 3) % 877]
        for year in (2008, 2012)
        for at, town in enumerate(["Lund", "Mora", "Falun"])
        for place, candidate in enumerate([*known, *made_up])
    ]
    with closing(asked("council_votes", ["year", "town", "candidate", "votes"], rows)) as made:
        yield made


@pytest.fixture(scope="module")
def cards() -> Iterator[Asked]:
    """One row a card, of a numbered generation."""
    rows: list[list[Value]] = [
        [f"Card {number:02}", 1 + number * number % 11 % 4, ["fire", "water", "stone"][number % 7 % 3], number * 37 % 101]
        for number in range(60)
    ]  # fmt: skip
    with closing(asked("trading_cards", ["card", "generation", "kind", "power_points"], rows)) as made:
        yield made


@pytest.fixture(scope="module")
def wells() -> Iterator[Asked]:
    """One row a well; some have no pump."""
    rows: list[list[Value]] = [
        [f"Well {number:02}", ["Amara", "Bode", "Dunmo"][number % 7 % 3], 8 + number * 23 % 83, number * 5 % 9, number * 311]
        for number in range(40)
    ]  # fmt: skip
    with closing(asked("wells", ["name", "town", "depth_m", "pumps", "cost_usd"], rows)) as made:
        yield made


@pytest.fixture(scope="module")
def assays() -> Iterator[Asked]:
    """One row a blood test; two labs never found anything, two dates."""
    labs = ["Alpha", "Beta", "Gamma", "Delta"]
    rows: list[list[Value]] = [
        [
            number, labs[number % 4], "positive" if number % 6 in (0, 2) and number % 2 == 0 and number % 4 != 2 else "negative",
            ["swab", "blood"][number % 5 // 3], ["North", "South"][number % 7 // 4],
            dt.datetime(2022, 1, 1) + dt.timedelta(hours=53 * number),
            dt.datetime(2022, 1, 9) + dt.timedelta(hours=61 * number),
        ]
        for number in range(1, 61)
    ]  # fmt: skip
    columns = ["test_id", "lab", "result", "product", "region", "opened_at", "closed_at"]
    with closing(asked("blood_tests", columns, rows)) as made:
        yield made


@pytest.mark.parametrize(
    ("question", "statement"),
    [
        ("how many foggy crossings", "SELECT count(*) FROM data WHERE weather='fog'"),
        ("how many crossings in the sunny weather", "SELECT count(*) FROM data WHERE weather='sun'"),
        ("how many rainy crossings by route",
         "SELECT route, count(*) FROM data WHERE weather='rain' GROUP BY 1 ORDER BY 1"),
        ("how many passengers on windy crossings", "SELECT sum(passengers) FROM data WHERE weather='wind'"),
    ],
)  # fmt: skip
def test_an_adjective_stands_for_the_value_it_is_made_of(
    crossings: Asked, question: str, statement: str
) -> None:
    assert crossings.agrees(question, statement)


def test_an_adjective_of_no_value_is_declined(crossings: Asked) -> None:
    assert crossings.intent("how many stormy crossings") is None


@pytest.mark.parametrize(
    ("question", "candidate"),
    [
        ("how many votes did okonjo get", "Okonjo, Ada"),
        ("how many votes did ada okonjo get", "Okonjo, Ada"),
        ("how many votes did reyes get", "Reyes, Tomas"),
        ("how many votes did lea brandt get", "Brandt, Lea"),
        ("how many votes did tomas get", "Reyes, Tomas"),
    ],
)
def test_a_person_is_known_by_a_part_of_the_name(votes: Asked, question: str, candidate: str) -> None:
    assert votes.agrees(question, f"SELECT sum(votes) FROM data WHERE candidate='{candidate}'")


@pytest.mark.parametrize(
    "question", ["how many votes did brandt get", "how many votes did brandt get in 2012"]
)
def test_a_name_that_two_people_share_is_declined(votes: Asked, question: str) -> None:
    assert votes.intent(question) is None


@pytest.mark.parametrize(
    ("question", "statement"),
    [
        ("how many cards are from generation 1 or 2", "SELECT count(*) FROM data WHERE generation IN (1, 2)"),
        ("how many cards are not from generation 1 or 2", "SELECT count(*) FROM data WHERE generation NOT IN (1, 2)"),
        ("how many cards not from generation 1 or 2", "SELECT count(*) FROM data WHERE generation NOT IN (1, 2)"),
        ("how many fire cards are not from generation 1 or 2",
         "SELECT count(*) FROM data WHERE kind='fire' AND generation NOT IN (1, 2)"),
        ("cards from generation 1 or 2 by kind",
         "SELECT kind, count(*) FROM data WHERE generation IN (1, 2) GROUP BY 1 ORDER BY 1"),
        ("average power of generation 1 or 2", "SELECT avg(power_points) FROM data WHERE generation IN (1, 2)"),
    ],
)  # fmt: skip
def test_one_number_or_another_are_both_of_the_column_before_them(
    cards: Asked, question: str, statement: str
) -> None:
    assert cards.agrees(question, statement)


@pytest.mark.parametrize(
    ("question", "statement"),
    [
        ("how many wells are not from Amara (pumps = 0)",
         "SELECT count(*) FROM data WHERE town<>'Amara' AND pumps=0"),
        ("average cost of wells that are not in Bode (depth above 40)",
         "SELECT avg(cost_usd) FROM data WHERE town<>'Bode' AND depth_m>40"),
        ("how many wells without pumps (pumps = 0)", "SELECT count(*) FROM data WHERE pumps=0"),
        ("how many wells are deeper than 20 m (not in Amara)",
         "SELECT count(*) FROM data WHERE depth_m>20 AND town<>'Amara'"),
    ],
)  # fmt: skip
def test_a_negation_does_not_reach_into_a_parenthesis(wells: Asked, question: str, statement: str) -> None:
    assert wells.agrees(question, statement)


@pytest.mark.parametrize(
    "question",
    [
        "how many wells do not work (pumps = 0)",
        "how many wells are not used (pumps = 0)",
        "how many are not wells (pumps = 0)",
    ],
)
def test_what_a_parenthesis_says_is_never_turned_round(wells: Asked, question: str) -> None:
    assert wells.answer(question) in (None, wells.sql("SELECT count(*) FROM data WHERE pumps=0"))


@pytest.mark.parametrize(
    "question",
    [
        "counts where region is North and product is blood",
        "count where region is North and product is blood",
        "how many rows where region is North and product is blood",
        "number of tests where the region is North and the product is blood",
    ],
)
def test_two_columns_that_are_so_and_so_are_a_condition_each(assays: Asked, question: str) -> None:
    assert assays.agrees(question, "SELECT count(*) FROM data WHERE region='North' AND product='blood'")


@pytest.mark.parametrize(
    "question",
    [
        "which labs had any positive test",
        "which labs had at least one positive test",
        "which labs have at least 1 positive test",
    ],
)
def test_at_least_one_is_any(assays: Asked, question: str) -> None:
    assert assays.agrees(question, "SELECT DISTINCT lab FROM data WHERE result='positive' ORDER BY 1")


@pytest.mark.parametrize(
    ("question", "column"),
    [
        ("how many tests in March 2022, going by the closed at column", "closed_at"),
        ("how many tests in March 2022 going by opened at", "opened_at"),
        ("how many tests in March 2022", "opened_at"),
    ],
)
def test_the_column_to_go_by_says_which_date_is_meant(assays: Asked, question: str, column: str) -> None:
    assert assays.agrees(question, DATED.format(column))


def test_months_go_by_the_column_that_is_named(assays: Asked) -> None:
    assert assays.agrees(
        "tests per month, going by closed at",
        "SELECT date_trunc('month', closed_at)::DATE, count(*) FROM data GROUP BY 1 ORDER BY 1",
    )
