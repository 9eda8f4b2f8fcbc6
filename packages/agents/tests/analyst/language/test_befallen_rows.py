"""Files whose name says what befell every row, nouns tied to a value, and numbers that rows hold."""

import datetime as dt
from collections.abc import Iterator
from contextlib import closing

import pytest
from packages.agents.tests.analyst.language.tables import Asked, Value, asked


@pytest.fixture(scope="module")
def mills() -> Iterator[Asked]:
    """Mills that failed, with the day of it, what drove them, and their looms."""
    rows: list[list[Value]] = [
        [f"{('Ash', 'Elm', 'Oak', 'Yew')[n % 4]} Mill {n}", ("Kent", "Devon", "Essex")[n * n % 3],
         ("steam", "water", "wind")[n % 3], n % 4 + 1, 3 + n * 7 % 90, n % 5 == 0,
         dt.date(1980, 1, 1) + dt.timedelta(days=n * 37)]
        for n in range(120)
    ]  # fmt: skip
    columns = ["name", "county", "engine_type", "engine_no", "looms", "listed", "closing_date"]
    with closing(asked("failed_mills", columns, rows)) as made:
        yield made


@pytest.mark.parametrize(
    ("question", "statement"),
    [
        ("how many mills have failed in total", "SELECT count(*) FROM data"),
        ("how many mill failures per county", "SELECT county, count(*) FROM data GROUP BY 1 ORDER BY 1"),
        ("number of mill closures by year of closing date",
         "SELECT date_trunc('year', closing_date)::DATE, count(*) FROM data GROUP BY 1 ORDER BY 1"),
        ("which counties had more than 40 mill failures",
         "SELECT county, count(*) FROM data GROUP BY 1 HAVING count(*)>40 ORDER BY 2 DESC, 1"),
        ("in how many different counties did mills fail", "SELECT count(DISTINCT county) FROM data"),
        ("how many more mills closed in 1984 than in 1991",
         "SELECT count(*) FILTER (year(closing_date)=1984)-count(*) FILTER (year(closing_date)=1991) FROM data"),
    ],
)  # fmt: skip
def test_what_befell_every_row_is_another_word_for_rows(mills: Asked, question: str, statement: str) -> None:
    assert mills.answer(question) == mills.sql(statement)


@pytest.mark.parametrize(
    ("question", "statement"),
    [
        ("what share of the mills have a steam engine",
         "SELECT count(*) FILTER (engine_type='steam')*1.0/count(*) FROM data"),
        ("average looms of steam millers", "SELECT avg(looms) FROM data WHERE engine_type='steam'"),
        ("compare water and wind millers on their average looms",
         "SELECT engine_type, avg(looms) FROM data WHERE engine_type<>'steam' GROUP BY 1 ORDER BY 1"),
        ("average number of looms of listed buildings", "SELECT avg(looms) FROM data WHERE listed"),
    ],
)  # fmt: skip
def test_a_noun_tied_to_a_value_says_no_more_than_the_value(
    mills: Asked, question: str, statement: str
) -> None:
    assert mills.answer(question) == mills.sql(statement)


@pytest.mark.parametrize(
    "question",
    [
        "how many Kent millers",  # a place holds many things
        "how many steam miller",
        "average looms of mills with 4 loom weavers",
    ],
)
def test_a_noun_that_may_be_something_else_is_declined(mills: Asked, question: str) -> None:
    assert mills.intent(question) is None


@pytest.mark.parametrize(
    ("question", "statement"),
    [
        ("smallest and largest number of looms", "SELECT min(looms), max(looms) FROM data"),
        ("on which closing date was the number of looms the highest",
         "SELECT closing_date, looms FROM data WHERE looms=(SELECT max(looms) FROM data) ORDER BY 1"),
        ("which mills closed in 1984", "SELECT DISTINCT name FROM data WHERE year(closing_date)=1984 ORDER BY 1"),
    ],
)  # fmt: skip
def test_numbers_and_years_of_rows(mills: Asked, question: str, statement: str) -> None:
    assert mills.answer(question) == mills.sql(statement)


def test_who_made_a_thing_is_not_the_thing(mills: Asked) -> None:
    assert mills.intent("who built the steam mills") is None
    assert mills.intent("who owns listed mills") is None


@pytest.fixture(scope="module")
def grafts() -> Iterator[Asked]:
    """Candidates for a graft: those who are treated are patients, whatever the file calls them."""
    rows: list[list[Value]] = [
        [dt.date(1930, 1, 1) + dt.timedelta(days=n * 97), dt.date(1970, 1, 1) + dt.timedelta(days=n * 11),
         None if n % 3 else dt.date(1971, 1, 1) + dt.timedelta(days=n * 11), n % 2, 20 + n % 40, n * 7 % 90, n % 3 == 0]
        for n in range(90)
    ]  # fmt: skip
    columns = ["birth.dt", "accept.dt", "tx.date", "surgery", "age", "wait.time", "graft"]
    with closing(asked("graft_candidates", columns, rows)) as made:
        yield made


@pytest.mark.parametrize(
    ("question", "statement"),
    [
        ("how many patients are younger than 30", "SELECT count(*) FROM data WHERE age<30"),
        (
            "average age of the patients by surgery code",
            "SELECT surgery, avg(age) FROM data GROUP BY 1 ORDER BY 1",
        ),
    ],
)
def test_candidates_for_a_treatment_are_patients(grafts: Asked, question: str, statement: str) -> None:
    assert grafts.answer(question) == grafts.sql(statement)


def test_a_graft_date_is_no_graft(grafts: Asked) -> None:
    intent = grafts.intent("which graft date had the longest wait time")
    assert intent is None or intent.groups[0].column != "graft"


def test_a_seed_price_is_no_seed() -> None:
    rows: list[list[Value]] = [[f"F{n}", 5 + n % 9, 60 + n % 7, 100 + n % 13] for n in range(60)]
    with closing(asked("farms", ["farm", "seed", "pseed", "price"], rows)) as farms:
        assert farms.intent("mean seed price") is None
        assert farms.answer("mean seed") == farms.sql("SELECT avg(seed) FROM data")
