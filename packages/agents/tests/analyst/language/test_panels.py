"""Tables with a row for each of some things and each year or month."""

from collections.abc import Iterator
from contextlib import closing

import pytest
from packages.agents.tests.analyst.language.tables import Asked, Value, asked


@pytest.fixture(scope="module")
def ferries() -> Iterator[Asked]:
    """One row a country and year."""
    countries = [
        ("Norland", "NOR", "Upper"), ("Sudria", "SUD", "Upper"), ("Quella", "QUE", "Lower"), ("Tambo", "TAM", "Lower"),
        ("Wessia", "WES", "Lower"),
    ]  # fmt: skip
    rows: list[list[Value]] = [
        [name, code, region, year, 1000 + (place * 131 + year * 17) % 701, (place * 53 + year * 7) % 97]
        for place, (name, code, region) in enumerate(countries)
        for year in range(1990, 2010)
    ]
    columns = ["country_name", "country_code", "region", "year", "population", "wrecks"]
    with closing(asked("ferry_panel", columns, rows)) as made:
        yield made


@pytest.fixture(scope="module")
def inns() -> Iterator[Asked]:
    """One row a house and month of two years."""
    rows: list[list[Value]] = [
        [house, year, month, 50 + (place * 31 + month * 17 + year * 7) % 89, (place * 19 + month * 23) % 41]
        for place, house in enumerate(["Anchor", "Mill", "Dock"])
        for year in (2018, 2019)
        for month in range(1, 13)
    ]
    with closing(asked("inn_books", ["house", "year", "month", "revenue_eur", "complaints"], rows)) as made:
        yield made


@pytest.mark.parametrize(
    ("question", "statement"),
    [
        ("how many countries", "SELECT 5"),
        ("list the countries", "SELECT DISTINCT country_name FROM data ORDER BY 1"),
        ("list the country codes", "SELECT DISTINCT country_code FROM data ORDER BY 1"),
        ("how many rows", "SELECT 100"),
    ],
)
def test_a_country_of_many_years_is_no_row_and_called_by_its_name(
    ferries: Asked, question: str, statement: str
) -> None:
    assert ferries.agrees(question, statement)


@pytest.mark.parametrize(
    "question",
    ["which country has the highest population", "which region has the highest population", "total population",
     "population by region"],
)  # fmt: skip
def test_people_are_not_added_up_over_the_years(ferries: Asked, question: str) -> None:
    assert ferries.intent(question) is None


@pytest.mark.parametrize(
    ("question", "statement"),
    [
        ("which country had the highest population in 1995",
         "SELECT country_name, population FROM data WHERE year=1995 ORDER BY 2 DESC LIMIT 1"),
        ("total population in 1995", "SELECT sum(population) FROM data WHERE year=1995"),
        ("average population of Upper", "SELECT avg(population) FROM data WHERE region='Upper'"),
        ("population in 1995 vs 1996",
         "SELECT year, sum(population) FROM data WHERE year IN (1995, 1996) GROUP BY 1 ORDER BY 1"),
        ("country with the most wrecks",
         "SELECT country_name, sum(wrecks) FROM data GROUP BY 1 ORDER BY 2 DESC LIMIT 1"),
    ],
)  # fmt: skip
def test_people_of_one_year_are_added_up_and_wrecks_of_all(
    ferries: Asked, question: str, statement: str
) -> None:
    assert ferries.agrees(question, statement)


def test_a_group_of_one_row_is_shown_with_its_value_and_one_of_several_with_their_sum(ferries: Asked) -> None:
    assert ferries.agrees(
        "wrecks by country in 1995", "SELECT country_name, wrecks FROM data WHERE year=1995 ORDER BY 1"
    )
    assert ferries.agrees(
        "wrecks by country", "SELECT country_name, sum(wrecks) FROM data GROUP BY 1 ORDER BY 1"
    )


@pytest.mark.parametrize(
    ("question", "statement"),
    [
        ("which countries had more than 90 wrecks in 1995",
         "SELECT country_name, wrecks FROM data WHERE year=1995 AND wrecks>90 ORDER BY 2 DESC"),
        ("which years had more than 90 wrecks at Norland",
         "SELECT year, wrecks FROM data WHERE country_name='Norland' AND wrecks>90 ORDER BY 2 DESC"),
        ("which country had 94 wrecks in 1995", "SELECT country_name FROM data WHERE year=1995 AND wrecks=94"),
    ],
)  # fmt: skip
def test_what_picks_a_row_of_each_is_shown_unless_it_is_one_exact_number(
    ferries: Asked, question: str, statement: str
) -> None:
    assert ferries.agrees(question, statement)


def test_countries_are_not_picked_by_a_number_that_they_have_many_of(ferries: Asked) -> None:
    assert ferries.intent("which countries had more than 90 wrecks") is None


@pytest.mark.parametrize(
    ("question", "statement"),
    [
        ("countries with more than 1000 wrecks in total",
         "SELECT country_name, sum(wrecks) FROM data GROUP BY 1 HAVING sum(wrecks)>1000 ORDER BY 2 DESC"),
        ("countries with more than 900 Upper wrecks in total",
         "SELECT country_name, sum(wrecks) FROM data WHERE region='Upper' GROUP BY 1 HAVING sum(wrecks)>900 ORDER BY 2 DESC"),
    ],
)  # fmt: skip
def test_in_total_says_that_a_threshold_is_one_of_sums(ferries: Asked, question: str, statement: str) -> None:
    assert ferries.agrees(question, statement)


def test_a_threshold_of_rows_or_of_sums_is_not_guessed_at(inns: Asked) -> None:
    assert inns.intent("houses with more than 450 complaints") is None


@pytest.mark.parametrize(
    ("question", "statement"),
    [
        ("compare Anchor and Mill by average revenue",
         "SELECT house, avg(revenue_eur) FROM data WHERE house<>'Dock' GROUP BY 1 ORDER BY 1"),
        ("compare Mill and Anchor by number of rows",
         "SELECT house, count(*) FROM data WHERE house<>'Dock' GROUP BY 1 ORDER BY 1 DESC"),
    ],
)  # fmt: skip
def test_what_two_are_compared_by_is_measured(inns: Asked, question: str, statement: str) -> None:
    assert inns.agrees(question, statement)


@pytest.mark.parametrize("question", ["compare Anchor and Mill by revenue", "compare Anchor and Mill"])
def test_two_are_not_compared_by_what_may_be_a_sum_or_a_mean_or_nothing(inns: Asked, question: str) -> None:
    assert inns.intent(question) is None


def test_a_side_is_called_by_the_number_that_the_table_has_for_its_month(inns: Asked) -> None:
    assert inns.agrees(
        "average revenue in June vs May",
        "SELECT month, avg(revenue_eur) FROM data WHERE month IN (5, 6) GROUP BY 1 ORDER BY 1 DESC",
    )


@pytest.mark.parametrize(
    ("question", "part", "whole"),
    [
        ("Anchor's share of the revenue in 2018", "house='Anchor'", "year=2018"),
        ("what share of the revenue in 2018 was from the Anchor", "house='Anchor'", "year=2018"),
        ("share of the revenue in 2018", "year=2018", "true"),
        ("what share of the revenue was in 2018", "year=2018", "true"),
    ],
)
def test_a_year_is_the_whole_where_another_part_is_named(
    inns: Asked, question: str, part: str, whole: str
) -> None:
    assert inns.agrees(
        question, f"SELECT sum(revenue_eur) FILTER ({part})::DOUBLE/sum(revenue_eur) FROM data WHERE {whole}"
    )


@pytest.mark.parametrize(
    "question",
    ["of those at Anchor, what share has each year", "of the rows at Anchor, what share has each year"],
)
def test_those_that_are_spoken_of_first_are_the_whole_of_each_share(inns: Asked, question: str) -> None:
    assert inns.agrees(question, "SELECT * FROM (VALUES (2018, 0.5::DOUBLE), (2019, 0.5::DOUBLE))")


@pytest.mark.parametrize(
    ("question", "statement"),
    [
        ("year by year revenue", "SELECT year, sum(revenue_eur) FROM data GROUP BY 1 ORDER BY 1"),
        ("revenue year wise", "SELECT year, sum(revenue_eur) FROM data GROUP BY 1 ORDER BY 1"),
        ("average revenue of all houses together", "SELECT avg(revenue_eur) FROM data"),
        ("the highest revenue of any house", "SELECT max(revenue_eur) FROM data"),
    ],
)
def test_a_turn_of_phrase_groups_or_does_not(inns: Asked, question: str, statement: str) -> None:
    assert inns.agrees(question, statement)


@pytest.mark.parametrize(
    ("question", "statement"),
    [
        ("average wrecks per year in Sudria", "SELECT avg(wrecks) FROM data WHERE country_name = 'Sudria'"),
        (
            "average wrecks by year in Sudria",
            "SELECT year, avg(wrecks) FROM data WHERE country_name = 'Sudria' GROUP BY 1",
        ),
        ("average wrecks by year", "SELECT year, avg(wrecks) FROM data GROUP BY 1"),
    ],
    ids=["per year of one", "by year of one", "by year of all"],
)
def test_the_average_per_year_of_one_country_is_a_number_and_by_year_a_series(
    ferries: Asked, question: str, statement: str
) -> None:
    assert ferries.agrees(question, statement)


@pytest.mark.parametrize(
    ("question", "average"),
    [
        (
            "how many rows of Sudria have more wrecks than the overall average",
            "(SELECT avg(wrecks) FROM data)",
        ),
        (
            "how many rows of Sudria have more wrecks than average",
            "(SELECT avg(wrecks) FROM data WHERE country_name = 'Sudria')",
        ),
    ],
    ids=["overall", "of those asked about"],
)
def test_the_overall_average_is_that_of_all_rows(ferries: Asked, question: str, average: str) -> None:
    statement = f"SELECT count(*) FROM data WHERE country_name = 'Sudria' AND wrecks > {average}"

    assert ferries.agrees(question, statement)


def test_months_beside_each_other_are_of_one_year(inns: Asked) -> None:
    where = "house = 'Mill' AND year = 2018 AND month IN (5, 6)"

    assert inns.agrees(
        "average revenue in May and June 2018 at Mill",
        f"SELECT avg(revenue_eur) FROM data WHERE {where}",
    )
