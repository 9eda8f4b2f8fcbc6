"""Names of places and of what is counted: where they are believed, and where they are declined."""

from collections.abc import Iterator
from contextlib import closing

import pytest
from packages.agents.tests.analyst.language.tables import Asked, Value, asked, same

from sapwood_agents.analyst.intent import Membership

COUNTIES = ["Ohio", "Erie", "Clay", "Wood"]
CODES = ["KOR", "PRK", "JPN", "PER"]
HALLS = ["Moot", "Dye", "Loom"]


def kilns(column: str, values: list[str]) -> Asked:
    """Kilns in counties, one of which is called as a state is."""
    rows: list[list[Value]] = [
        [COUNTIES[n % 4], values[n * 7 % 11 % len(values)], 3 + n * 7 % 31] for n in range(60)
    ]
    return asked("kilns", ["county", column, "heat"], rows)


@pytest.mark.parametrize("question", ["how many kilns in OH", "average heat in OH"])
def test_a_code_that_a_column_of_codes_does_not_hold_is_no_full_name_elsewhere(question: str) -> None:
    with closing(kilns("state", ["TX", "IN", "KY"])) as made:
        assert made.intent(question) is None


@pytest.mark.parametrize(
    ("question", "where"), [("average heat in Ohio", "county='Ohio'"), ("average heat in TX", "state='TX'")]
)
def test_names_and_codes_are_found_as_they_are_spelt(question: str, where: str) -> None:
    with closing(kilns("state", ["TX", "IN", "KY"])) as made:
        assert made.agrees(question, f"SELECT avg(heat) FROM data WHERE {where}")


def test_without_a_column_of_codes_a_code_is_the_full_name() -> None:
    with closing(kilns("ware", ["jug", "pot", "urn"])) as made:
        assert made.agrees("average heat in OH", "SELECT avg(heat) FROM data WHERE county='Ohio'")


def lids(code: str, countries: list[str]) -> Asked:
    """Lids by the code and the name of where they were made."""
    rows: list[list[Value]] = [[CODES[n % 4], countries[n % 4], 3 + n * 7 % 31] for n in range(60)]
    return asked("lids", [code, "country", "width"], rows)


@pytest.mark.parametrize("code", ["country_code", "nation_code"])
@pytest.mark.parametrize("word", ["Korea", "korea"])
def test_a_code_is_not_taken_where_two_countries_begin_with_the_word(code: str, word: str) -> None:
    with closing(lids(code, ["Korea, Rep.", "Korea, Dem. Rep.", "Japan", "Peru"])) as made:
        assert made.intent(f"average width in {word}") is None
        assert made.agrees("average width in Peru", "SELECT avg(width) FROM data WHERE country='Peru'")
        assert made.agrees("average width in KOR", f"SELECT avg(width) FROM data WHERE {code}='KOR'")


def test_a_code_is_taken_where_one_country_begins_with_the_word() -> None:
    with closing(lids("country_code", ["Korea, Rep.", "Kenya", "Japan", "Peru"])) as made:
        intent = made.intent("average width in Korea")

        assert intent is not None
        assert intent.where == Membership(column="country_code", values=("KOR",))


def test_a_code_is_taken_where_no_country_is_called_so() -> None:
    rows: list[list[Value]] = [[CODES[n % 4], 3 + n * 7 % 31] for n in range(60)]
    with closing(asked("lids", ["country_code", "width"], rows)) as made:
        assert made.agrees("average width in Korea", "SELECT avg(width) FROM data WHERE country_code='KOR'")


def test_a_place_within_another_makes_no_list() -> None:
    spots = ["Alba", "Nord, Alba", "Sud, Alba", "Brent"]
    rows: list[list[Value]] = [[spots[n % 4], 3 + n * 7 % 31] for n in range(60)]
    with closing(asked("orchards", ["spot", "trees"], rows)) as made:
        assert made.agrees("average trees in Alba", "SELECT avg(trees) FROM data WHERE spot='Alba'")
        assert made.agrees("how many orchards in Alba", "SELECT 15")


@pytest.mark.parametrize("question", ["average seats of Comedy", "how many plays are Comedy"])
def test_an_entry_of_real_lists_is_not_the_value_that_stands_alone(question: str) -> None:
    kinds = ["Comedy, Drama", "Drama, Horror", "Comedy, Horror", "Comedy"]
    rows: list[list[Value]] = [[kinds[n % 4], 3 + n * 7 % 31] for n in range(60)]
    with closing(asked("plays", ["kind", "seats"], rows)) as made:
        assert made.intent(question) is None


def ferries(column: str, *decks: str) -> Asked:
    """Ferries with seats on one of several decks."""
    rows: list[list[Value]] = [
        [decks[n * 7 % 11 % len(decks)], ["salt", "hay"][n % 5 % 2], 3 + n * 7 % 31] for n in range(60)
    ]
    return asked("ferries", [column, "cargo", "seats"], rows)


@pytest.mark.parametrize("column", ["tier_x", "pdeck"])
@pytest.mark.parametrize(
    ("question", "value"),
    [
        ("average seats by deck", "avg(seats)"),
        ("number of ferries by deck", "count(*)"),
        ("share of each deck", "count(*)/60"),
    ],
)
def test_the_word_with_which_all_values_end_means_the_column(column: str, question: str, value: str) -> None:
    with closing(ferries(column, "Upper deck", "Lower deck", "Middle deck")) as made:
        got = made.answer(question)

        assert same(
            sorted(got or (), key=str), made.sql(f"SELECT {column}, {value} FROM data GROUP BY 1 ORDER BY 1")
        )


def test_values_that_end_in_different_words_say_no_word_of_all() -> None:
    with closing(ferries("tier_x", "Upper deck", "Lower deck", "Middle hold")) as made:
        assert made.intent("average seats by deck") is None
        assert made.intent("share of each deck") is None
        assert made.intent("average seats by tier x") is not None


def test_a_single_word_is_a_value_and_no_word_of_all() -> None:
    with closing(ferries("tier_x", "deck", "hold", "bridge")) as made:
        intent = made.intent("average seats by deck")

        assert intent is None or not intent.groups
        assert made.intent("share of each deck") is None


def moots(title: str, column: str, values: list[Value]) -> Asked:
    """One row for each year and kind of what was shown."""
    rows: list[list[Value]] = [
        [1990 + n // 3, ["cider", "honey", "cheese"][n % 3], values[n * 7 % 11 % len(values)]]
        for n in range(60)
    ]
    return asked(title, ["year", "kind", column], rows)


WINNERS = ["how many winners in each kind", "how many laureates per kind", "number of recipients by kind"]


@pytest.mark.parametrize("question", WINNERS)
@pytest.mark.parametrize("title", ["moot_prizes", "fair_award"])
def test_rows_of_prizes_are_those_who_got_them(title: str, question: str) -> None:
    with closing(moots(title, "village", ["Ebb", "Grole", "Holt"])) as made:
        assert made.agrees(question, "SELECT kind, count(*) FROM data GROUP BY 1 ORDER BY 1")


@pytest.mark.parametrize("question", WINNERS)
def test_rows_of_other_files_are_no_winners(question: str) -> None:
    with closing(moots("moot_lists", "village", ["Ebb", "Grole", "Holt"])) as made:
        assert made.intent(question) is None


LEAKS = "The number of leaks"


@pytest.fixture(scope="module")
def mends() -> Iterator[Asked]:
    """One row for each kind, area and year, with how many leaks there were and how many for so many people."""
    places = [
        (kind, area, year)
        for kind in ("pipe", "roof", "tank")
        for area in ("Fen Marsh", "Elm Marsh", "Holt", "Ebb")
        for year in range(2012, 2018)
    ]
    rows: list[list[Value]] = [
        [*place, 5 + n * 37 % 211, round(0.5 + n * 13 % 37 * 0.31, 2)] for n, place in enumerate(places)
    ]
    with closing(
        asked("mends", ["kind", "area", "year", LEAKS, f"{LEAKS} (cases per 1000 people)"], rows)
    ) as made:
        yield made


@pytest.mark.parametrize(
    ("question", "where"),
    [
        ("how many leaks of kind pipe in area Holt in 2015", "kind='pipe' AND area='Holt' AND year=2015"),
        ("how many pipe leaks in Holt in 2015", "kind='pipe' AND area='Holt' AND year=2015"),
        ("how many leaks in Holt and Ebb in 2015", "area IN ('Holt', 'Ebb') AND year=2015"),
    ],
)
def test_what_a_table_of_kinds_counts_is_added_up(mends: Asked, question: str, where: str) -> None:
    assert mends.agrees(question, f'SELECT sum("{LEAKS}") FROM data WHERE {where}')


def test_what_a_table_of_kinds_counts_is_compared_by_its_sums(mends: Asked) -> None:
    intent = mends.intent("how many leaks in Holt vs Ebb in 2015")

    assert intent is not None
    assert [(measure.aggregate.value, measure.column) for measure in intent.measures] == [("sum", LEAKS)]
    assert [side.label for side in intent.sides] == ["Holt", "Ebb"]


def callers() -> Asked:
    """Visits to halls, which `visit_count` numbers."""
    rows: list[list[Value]] = [[n + 1, HALLS[n * 7 % 11 % 3], 3 + n * 37 % 91] for n in range(60)]
    return asked("guild_visits", ["visit_count", "hall", "guests"], rows)


@pytest.mark.parametrize("question", ["how many visits per hall", "number of visits per hall"])
def test_a_count_that_numbers_the_rows_leaves_them_visits(question: str) -> None:
    with closing(callers()) as made:
        assert made.agrees(question, "SELECT hall, count(*) FROM data GROUP BY 1 ORDER BY 1")


def lands(column: str) -> Asked:
    """One row a land."""
    rows: list[list[Value]] = [[f"Land {n}", 100 + n * 37 % 911, 3 + n * 37 % 91] for n in range(40)]
    return asked("lands", ["land", column, "rain"], rows)


RICHEST = [("richest", "DESC"), ("wealthiest", "DESC"), ("poorest", "ASC")]


@pytest.mark.parametrize(("word", "order"), RICHEST)
@pytest.mark.parametrize("column", ["income", "wealth"])
def test_the_richest_has_the_highest_income_or_wealth(column: str, word: str, order: str) -> None:
    with closing(lands(column)) as made:
        statement = f"SELECT land, {column} FROM data ORDER BY 2 {order} LIMIT 1"
        assert made.agrees(f"which land is the {word}", statement)


@pytest.mark.parametrize(("word", "order"), RICHEST)
def test_the_richest_is_not_told_by_what_a_land_produces(word: str, order: str) -> None:
    with closing(lands("gdp")) as made:
        assert made.intent(f"which land is the {word}") is None
        assert made.intent(f"which land has the {'highest' if order == 'DESC' else 'lowest'} gdp") is not None


@pytest.fixture(scope="module")
def tunes() -> Iterator[Asked]:
    """One row a tune, with how well it is liked and how often it was played."""
    rows: list[list[Value]] = [
        [f"Tune {n}", ["reel", "jig", "air"][n * 7 % 11 % 3], 3 + n * 37 % 91, 5 + n * 37 % 97]
        for n in range(60)
    ]
    with closing(asked("tunes", ["tune", "style", "popularity", "plays"], rows)) as made:
        yield made


@pytest.mark.parametrize(
    "question",
    ["share of {} of reel", "share of {} by style", "what percentage of the {} comes from jig"],
)
def test_popularity_makes_no_whole_of_which_there_are_shares(tunes: Asked, question: str) -> None:
    assert tunes.intent(question.format("popularity")) is None
    assert tunes.intent(question.format("plays")) is not None
