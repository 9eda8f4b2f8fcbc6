"""Forms of words that are declined, each with its plain neighbour that stays answered."""

import datetime as dt
from contextlib import closing

import pytest
from packages.agents.tests.analyst.language.tables import Asked, Value, asked

from sapwood_agents.analyst.intent import Aggregate, Shape


def flats() -> Asked:
    """One row a flat, with how many rooms it has."""
    rows: list[list[Value]] = [
        [f"F{n}", 1 + n * 5 % 6, ("Elm", "Oak", "Ash")[n * 7 % 11 % 3]] for n in range(80)
    ]
    return asked("flats", ["flat", "rooms", "street"], rows)


def crates() -> Asked:
    """One row a crate; some kinds have only one."""
    rows: list[list[Value]] = [
        [f"L{n:03}", f"kind {n * 7 % 23}" if n < 70 else f"kind {n}", n * 5 % 17] for n in range(80)
    ]
    return asked("crates", ["crate", "kind", "weight"], rows)


def test_a_median_yearly_number_is_no_median_of_the_years() -> None:
    rows: list[list[Value]] = [[f"K{n}", 2000 + n * 7 % 15, n * 31 % 23] for n in range(60)]
    with closing(asked("leaks", ["Leak", "Year", "Hours"], rows)) as leaks:
        assert leaks.intent("median yearly number of leaks") is None
        assert leaks.agrees("median hours", 'SELECT median("Hours") FROM data')
        assert leaks.agrees("median year", 'SELECT median("Year") FROM data')


def test_no_weight_recorded_is_no_weight_of_zero() -> None:
    rows: list[list[Value]] = [
        [f"L{n:03}", ("pot", "pan", "jar")[n * 7 % 11 % 3], n * 5 % 17] for n in range(80)
    ]
    with closing(asked("lids", ["lid", "kind", "weight"], rows)) as lids:
        for words in ("how many lids have", "how many lids with", "list the lids with"):
            assert lids.intent(f"{words} no weight recorded") is None
        assert lids.agrees("how many lids have no weight", "SELECT count(*) FROM data WHERE weight = 0")


@pytest.mark.parametrize("words", ["just a single", "only a single"])
def test_just_a_single_crate_is_not_passed_over(words: str) -> None:
    with closing(crates()) as made:
        assert made.intent(f"how many kinds have {words} crate") is None
        assert made.agrees("how many kinds", "SELECT count(DISTINCT kind) FROM data")


def test_just_one_single_crate_is_a_condition_on_the_kinds() -> None:
    with closing(crates()) as made:
        intent = made.intent("how many kinds have just one single crate")

    assert intent is not None
    assert intent.having is not None
    assert (intent.shape, intent.having.value, intent.count_only) == (Shape.RANKING, 1, True)


@pytest.mark.parametrize(
    ("title", "column", "answered"),
    [("games", "game", False), ("moths", "wings", True)],
)
def test_the_longest_of_what_the_rows_are_is_no_number_of_it(title: str, column: str, answered: bool) -> None:
    rows: list[list[Value]] = [[f"Match {n}", 10.5 + n * 7 % 60, n * 5 % 17] for n in range(1, 61)]
    with closing(asked(title, ["match", column, "score"], rows)) as made:
        intent = made.intent(f"the longest {column}")

    assert (intent is not None) is answered
    if intent is not None:
        assert [(m.aggregate, m.column) for m in intent.measures] == [(Aggregate.MAX, column)]


@pytest.mark.parametrize(
    "question", ["which street has the most three flats", "flats with the most 3 rooms", "fewest 3 rooms"]
)
def test_a_number_after_most_is_no_limit(question: str) -> None:
    with closing(flats()) as made:
        assert made.intent(question) is None


@pytest.mark.parametrize("question", ["the highest three rooms", "the 3 highest rooms"])
def test_a_number_beside_highest_is_a_limit(question: str) -> None:
    with closing(flats()) as made:
        intent = made.intent(question)

    assert intent is not None
    assert (intent.shape, intent.limit) == (Shape.RANKING, 3)
    assert [measure.column for measure in intent.measures] == ["rooms"]


def test_so_many_pounds_are_no_year() -> None:
    rows: list[list[Value]] = [
        [f"B{n}", dt.date(1995, 1, 3) + dt.timedelta(days=n * 40), 900 + n * 37 % 2311] for n in range(150)
    ]
    with closing(asked("bales", ["bale", "pressed_on", "weight_lb"], rows)) as bales:
        assert bales.agrees(
            "average weight of bales under 2000 pounds",
            "SELECT avg(weight_lb) FROM data WHERE weight_lb < 2000",
        )
        assert bales.intent("bales since 2000 pounds") is None
        assert bales.agrees(
            "how many bales before 2000", "SELECT count(*) FROM data WHERE pressed_on < '2000-01-01'"
        )


def test_kinds_with_a_word_in_the_name_are_no_sum_of_a_counting_column() -> None:
    rows: list[list[Value]] = [
        [("red oak", "white oak", "ash", "elm")[n % 4], 2000 + n // 4, 3 + n * 5 % 17] for n in range(40)
    ]
    with closing(asked("timber_counts", ["kind", "year", "count"], rows)) as timbers:
        assert timbers.agrees("how many kinds have the word oak in the name", "SELECT 2")
        assert timbers.agrees(
            'how many have a kind that contains "oak"', "SELECT sum(count) FROM data WHERE kind LIKE '%oak%'"
        )


@pytest.mark.parametrize(
    "words", ["which kinds have just a single crate", "how many kinds have a single crate"]
)
def test_a_single_crate_is_not_passed_over_in_other_words(words: str) -> None:
    with closing(crates()) as made:
        assert made.intent(words) is None


def test_what_was_done_by_others_is_a_condition_and_no_group() -> None:
    rows: list[list[Value]] = [[f"F{n}", ("Holm", "Birk", "Dahl", "Ek")[n % 4], n % 9] for n in range(40)]
    with closing(asked("ferry_trips", ["trip", "captain", "hours"], rows)) as trips:
        intent = trips.intent("how many trips were run by captains other than Holm and Birk")

        assert intent is not None
        assert (intent.shape, intent.groups) == (Shape.NUMBER, ())
        assert trips.agrees(
            "how many trips were run by captains other than Holm and Birk",
            "SELECT count(*) FROM data WHERE captain NOT IN ('Holm', 'Birk')",
        )


def test_a_number_of_cases_is_added_up_for_kinds_that_are_asked_for_by_name() -> None:
    """A row for each kind, town and year tells how many cases there were, and how many for each so many."""
    kinds, towns = ("Leak", "Crack", "Spill"), ("Holt", "Marsh", "Ebb", "Thorn")
    rows: list[list[Value]] = [
        [kind, town, year, (k * 7 + t * 5 + year) % 9, ((k + t + year) % 7) / 2]
        for k, kind in enumerate(kinds)
        for t, town in enumerate(towns)
        for year in range(2001, 2013)
    ]
    names = ["kind", "town", "year", "The number of faults", "The number of faults (per 1000 people)"]
    with closing(asked("town_faults", names, rows)) as faults:
        assert faults.agrees(
            "how many leaks were there in Holt in 2005",
            "SELECT sum(\"The number of faults\") FROM data WHERE kind = 'Leak' AND town = 'Holt' AND year = 2005",
        )
