"""What people call the rows: other names for the thing, who the people are, nouns that are no rows."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing

import pytest
from packages.agents.tests.analyst.language.tables import Asked, Value, asked

from sapwood_agents.analyst.language.things import also_called

ALL = "SELECT count(*) FROM data"


def columned(title: str, **columns: Sequence[Value]) -> Asked:
    """A table of sixty rows, in which the values of each column come back in turns of their own."""
    steps = (29, 17, 37, 13)
    rows = [
        [held[steps[place] * number % len(held)] for place, held in enumerate(columns.values())]
        for number in range(60)
    ]
    return asked(title, list(columns), rows)


def numbers(low: int, high: int) -> list[Value]:
    """Whole numbers."""
    return list(range(low, high))


def decimals(low: int, high: int) -> list[Value]:
    """Numbers with a part after the point."""
    return [low + number / 8 for number in range((high - low) * 8)]


@pytest.fixture(scope="module")
def persons() -> Iterator[Asked]:
    """Ages and sexes; whose they are is nowhere said."""
    with closing(
        columned("lantern_slice", age=numbers(18, 79), sex=["F", "M"], weight_kg=decimals(40, 99))
    ) as made:
        yield made  # fmt: skip


@pytest.fixture(scope="module")
def scans() -> Iterator[Asked]:
    """One row a scan; that cars were scanned is nowhere said."""
    made = columned(
        "gate_scan", gate=["north", "south", "lake"], sky=["fog", "sun"], dwell_min=numbers(3, 86)
    )
    with closing(made):
        yield made


@pytest.mark.parametrize(
    ("title", "noun"), [("films", "movies"), ("movies", "films"), ("crimes", "offences")]
)
def test_the_same_things_have_each_others_names(title: str, noun: str) -> None:
    with closing(columned(title, reel_kg=decimals(1, 40), borough=["East", "West"])) as made:
        assert made.agrees(f"how many {noun}", ALL)
        assert made.agrees(f"how many {noun} in East", f"{ALL} WHERE borough='East'")


@pytest.mark.parametrize(
    ("narrow", "wide"),
    [("murders", "crimes"), ("trees", "plants"), ("hotels", "places"), ("mortgages", "loans")],
)
def test_a_thing_has_the_name_of_its_kind_and_the_kind_not_the_names_of_its_things(
    narrow: str, wide: str
) -> None:
    with closing(columned(narrow, depth_m=decimals(1, 40), borough=["East", "West"])) as made:
        assert made.agrees(f"how many {wide}", ALL)
        assert made.agrees(f"how many {wide} in East", f"{ALL} WHERE borough='East'")
    with closing(columned(wide, depth_m=decimals(1, 40), borough=["East", "West"])) as made:
        assert made.agrees(f"how many {wide}", ALL)
        assert made.intent(f"how many {narrow}") is None
        assert made.intent(f"how many {narrow} by borough") is None


def test_the_other_names_do_not_lead_on_to_the_names_of_others() -> None:
    assert "crime" in also_called(frozenset({"murder"}))
    assert "offence" not in also_called(frozenset({"murder"}))
    assert "murder" not in also_called(frozenset({"crime"}))
    assert also_called(frozenset({"lantern"})) == frozenset()


def test_a_file_of_crimes_has_no_murders() -> None:
    with closing(columned("crimes", weapon=["Knife", "Rope"], borough=["East", "West", "Mid"])) as crimes:
        for question in ("how many murders", "how many murders in East", "how many murders with a rope"):
            assert crimes.intent(question) is None


ROSTER = {"party": ["Blue", "Red", "Teal"], "chamber": ["Upper", "Lower"], "years_served": decimals(1, 30)}
ADVANCES = {
    "loan_eur": numbers(1000, 1060),
    "income_eur": numbers(20000, 20061),
    "guild": ["Dyers", "Smiths"],
}
WAGES = {"wage_eur": decimals(9, 40), "education": ["School", "Trade", "Degree"], "hall": ["East", "West"]}


@pytest.mark.parametrize(
    ("columns", "question", "statement"),
    [
        (ROSTER, "how many members", ALL),
        (ROSTER, "how many members by party", "SELECT party, count(*) FROM data GROUP BY 1 ORDER BY 1"),
        (ROSTER, "how many lawmakers", ALL),
        (ADVANCES, "how many borrowers", ALL),
        (ADVANCES, "average loan of borrowers with a loan over 1030",
         "SELECT avg(loan_eur) FROM data WHERE loan_eur>1030"),
        (ADVANCES, "how many customers by guild", "SELECT guild, count(*) FROM data GROUP BY 1 ORDER BY 1"),
        (WAGES, "how many workers", ALL),
        (WAGES, "how many workers by education", "SELECT education, count(*) FROM data GROUP BY 1 ORDER BY 1"),
        (WAGES, "how many employees earn more than 20", f"{ALL} WHERE wage_eur>20"),
    ],
)  # fmt: skip
def test_columns_say_together_what_a_row_is(
    columns: Mapping[str, Sequence[Value]], question: str, statement: str
) -> None:
    with closing(columned("lantern_slice", **columns)) as made:
        assert made.agrees(question, statement)


@pytest.mark.parametrize(
    ("columns", "missing", "noun"),
    [(ROSTER, "chamber", "members"), (ADVANCES, "income_eur", "borrowers"), (WAGES, "education", "workers")],
)
def test_one_of_the_columns_alone_does_not_say_it(
    columns: Mapping[str, Sequence[Value]], missing: str, noun: str
) -> None:
    left = {name: values for name, values in columns.items() if name != missing}
    with closing(columned("lantern_slice", **left, salt=numbers(1, 59))) as made:
        assert made.intent(f"how many {noun}") is None
    with closing(columned("lantern_slice", **columns)) as made:
        assert made.intent("how many acrobats") is None


@pytest.mark.parametrize(
    ("question", "statement"),
    [
        ("how many patients", ALL),
        ("how many customers", ALL),
        ("how many applicants", ALL),
        ("how many patients by sex", "SELECT sex, count(*) FROM data GROUP BY 1 ORDER BY 1"),
        ("average weight of customers", "SELECT avg(weight_kg) FROM data"),
    ],
)
def test_people_are_called_by_any_role(persons: Asked, question: str, statement: str) -> None:
    assert persons.agrees(question, statement)


def test_people_are_not_called_by_a_trade(persons: Asked) -> None:
    for noun in ("plumbers", "voters", "murders"):
        assert persons.intent(f"how many {noun}") is None


@pytest.mark.parametrize("title", ["orders", "visits", "harbour_visits", "claims", "nurses"])
@pytest.mark.parametrize("noun", ["patients", "customers", "applicants"])
def test_one_person_may_have_several_deeds_and_a_file_of_some_people_holds_no_others(
    title: str, noun: str
) -> None:
    with closing(columned(title, age=numbers(18, 79), sex=["F", "M"], weight_kg=decimals(40, 99))) as made:
        assert made.agrees(f"how many {title.split('_')[-1]}", ALL)
        for question in (f"how many {noun}", f"how many {noun} by sex", f"average weight of {noun}"):
            assert made.intent(question) is None


def silo(*, timed: bool = True, last: str = "heat") -> Asked:
    """What instruments read, or a table of the same numbers without a time."""
    start = dt.datetime(2022, 3, 1)
    rows: list[list[Value]] = [
        [start + dt.timedelta(hours=7 * number) if timed else f"S{number % 7}",
         *(1 + number * step % 83 / 8 for step in (29, 17, 13))]
        for number in range(60)
    ]  # fmt: skip
    return asked("silo_state", ["taken_at" if timed else "silo", "ph", "salt", last], rows)


@pytest.mark.parametrize(
    ("question", "statement"),
    [
        ("how many readings", ALL),
        ("how many measurements", ALL),
        ("how many readings on 2 march 2022", f"{ALL} WHERE taken_at::DATE='2022-03-02'"),
        ("average ph of readings with a salt above 6", "SELECT avg(ph) FROM data WHERE salt>6"),
    ],
)
def test_what_instruments_read_over_time_are_readings(question: str, statement: str) -> None:
    with closing(silo()) as log:
        assert log.agrees(question, statement)


def test_numbers_without_a_time_are_no_readings_and_a_column_called_so_is_meant() -> None:
    with closing(silo(timed=False)) as table:
        assert table.intent("how many readings") is None
    with closing(silo(last="reading")) as log:
        assert log.intent("how many readings") is None
        assert log.agrees("average reading", "SELECT avg(reading) FROM data")


@pytest.mark.parametrize(
    ("question", "statement"),
    [
        ("average sale", "SELECT avg(sale) FROM data"),
        ("total sales", "SELECT sum(sale) FROM data"),
        ("how many orders", ALL),
        ("how many deals", ALL),
    ],
)
def test_a_column_of_its_own_name_is_no_row(question: str, statement: str) -> None:
    with closing(
        columned("deals", sale=numbers(0, 19), guild=["Dyers", "Smiths"], depth=decimals(2, 30))
    ) as deals:
        assert deals.agrees(question, statement)


def test_customers_of_their_own_column_are_counted_once_each() -> None:
    clients: list[Value] = [f"C{number}" for number in range(13)]
    with closing(columned("lantern_slice", **ADVANCES, customer=clients)) as made:
        assert made.agrees("how many borrowers", ALL)
        assert made.agrees("how many customers", "SELECT count(DISTINCT customer) FROM data")


@pytest.mark.parametrize("noun", ["cars", "teams", "parcels", "lorries"])
def test_an_unknown_plural_is_believed_where_something_is_said_of_the_rows(scans: Asked, noun: str) -> None:
    assert scans.agrees(f"how many {noun} have a dwell above 30", f"{ALL} WHERE dwell_min>30")
    assert scans.intent(f"how many {noun}") is None


def test_of_a_kind_only_what_rows_are_called_elsewhere_is_believed(scans: Asked) -> None:
    assert scans.agrees("how many cars at north", f"{ALL} WHERE gate='north'")
    assert scans.intent("how many parcels at north") is None


@pytest.mark.parametrize(
    "noun",
    ["winners", "doctors", "refunds", "nurses", "smokers", "infants", "suppliers", "complaints", "medals", "tourists"],
)  # fmt: skip
def test_a_noun_for_some_of_the_rows_is_not_believed(scans: Asked, noun: str) -> None:
    for question in (f"how many {noun} have a dwell above 30", f"how many {noun} at lake"):
        assert scans.intent(question) is None


def test_some_of_the_rows_are_not_all_of_them() -> None:
    assert "lawmaker" in also_called(frozenset({"legislator"}))
    assert "senator" not in also_called(frozenset({"legislator"}))
    assert "legislator" in also_called(frozenset({"senator"}))
