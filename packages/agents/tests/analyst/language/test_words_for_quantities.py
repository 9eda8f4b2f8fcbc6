"""Words for quantities: good and bad ones, amounts of money, names with a word more, numbers that are none."""

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import closing

import pytest
from packages.agents.tests.analyst.language.tables import Asked, Value, asked

ALL = "SELECT count(*) FROM data"


def table(title: str, names: Sequence[str], *kinds: Sequence[Value]) -> Asked:
    """Sixty rows: one name each, then the values of each kind in turns of their own."""
    steps = (29, 17, 37)
    rows = [
        [f"N{number:02}", *(held[steps[place] * number % len(held)] for place, held in enumerate(kinds))]
        for number in range(60)
    ]
    return asked(title, names, rows)


WHOLE = tuple(range(1, 84))
PARTS = tuple(number / 8 for number in range(8, 91))
GUILDS = ("Dyers", "Smiths")


def mills(column: str) -> Asked:
    """One row a mill, with one number of it."""
    return table("mills", ("mill", column, "shire"), WHOLE, ("Kent", "Devon"))


@pytest.mark.parametrize(
    ("column", "good"),
    [("yield_kg", "DESC"), ("satisfaction", "DESC"), ("efficiency", "DESC"), ("satis", "DESC"), ("defects", ""),
     ("churn", ""), ("unempl", ""), ("accid", "")],
)  # fmt: skip
def test_the_best_is_the_highest_of_what_is_good_and_the_lowest_of_what_is_bad(
    column: str, good: str
) -> None:
    said, bad = column.split("_")[0], "" if good else "DESC"
    with closing(mills(column)) as made:
        for word, order in (("best", good), ("worst", bad)):
            ends = f"SELECT mill, {column} FROM data QUALIFY rank() OVER (ORDER BY {column} {order})=1 ORDER BY 1"
            assert made.agrees(f"which mill has the {word} {said}", ends)


def test_a_short_name_is_bad_by_the_word_that_was_said_for_it() -> None:
    with closing(mills("unempl")) as made:
        ends = "SELECT mill, unempl FROM data QUALIFY rank() OVER (ORDER BY unempl)=1 ORDER BY 1"
        assert made.agrees("which mill has the best unemployment", ends)


@pytest.mark.parametrize("column", ["porosity", "humidity_pct", "viscosity", "price_eur", "eff", "ran"])
def test_the_best_of_what_is_neither_good_nor_bad_is_declined(column: str) -> None:
    said = column.split("_")[0]
    with closing(mills(column)) as made:
        for word in ("best", "worst"):
            assert made.intent(f"which mill has the {word} {said}") is None
            assert made.intent(f"which shire has the {word} average {said}") is None


def receipts(*columns: str, title: str = "receipts", guilds: Sequence[Value] = GUILDS) -> Asked:
    """What each receipt is for, and numbers."""
    return table(
        title, ("receipt", "guild", *columns), guilds, *((WHOLE, tuple(range(2, 9)))[: len(columns)])
    )


@pytest.mark.parametrize("word", ["spend", "spending", "expenditure", "revenue", "takings"])
def test_money_that_is_spent_or_taken_is_the_one_column_of_amounts(word: str) -> None:
    with closing(receipts("price_eur")) as made:
        assert made.agrees(f"total {word}", "SELECT sum(price_eur) FROM data")
        assert made.agrees(
            f"total {word} by guild", "SELECT guild, sum(price_eur) FROM data GROUP BY 1 ORDER BY 1"
        )
        for declined in (f"average {word}", f"mean {word}", f"median {word}"):
            assert made.intent(declined) is None
    for columns in (("price_eur", "quantity"), ("price_eur", "fee_eur"), ("weight_kg",)):
        with closing(receipts(*columns)) as made:
            assert made.intent(f"total {word}") is None


def test_revenue_that_the_table_speaks_of_itself_is_no_other_amount() -> None:
    with closing(receipts("price_eur", title="revenue_slips")) as made:
        assert made.intent("total revenue") is None
        assert made.agrees("total spending", "SELECT sum(price_eur) FROM data")
    with closing(receipts("price_eur", guilds=("Revenue", "Gift"))) as made:
        assert made.intent("total revenue") is None
        assert made.agrees("how many revenue receipts", f"{ALL} WHERE guild='Revenue'")
    with closing(receipts("price_eur", "spending_kg")) as made:
        assert made.agrees("total spending", "SELECT sum(spending_kg) FROM data")


@pytest.mark.parametrize(
    ("column", "values", "said"),
    [("wait", WHOLE, "waiting time"), ("wait", WHOLE, "wait time"), ("jobless", PARTS, "jobless rate"),
     ("gas", PARTS, "gas consumption"), ("gas", PARTS, "gas usage")],
)  # fmt: skip
def test_a_word_more_only_says_that_it_is_a_quantity(column: str, values: Sequence[Value], said: str) -> None:
    with closing(table("berths", ("berth", column, "quay"), values, ("East", "West"))) as made:
        assert made.agrees(f"average {said}", f"SELECT avg({column}) FROM data")
        assert made.agrees(f"highest {said}", f"SELECT max({column}) FROM data")


@pytest.mark.parametrize(
    ("columns", "values", "question"),
    [
        (("wait", "mooring_time"), WHOLE, "average waiting time"),
        (("wait", "mooring_time"), WHOLE, "average wait time"),
        (("jobless", "tax_rate"), PARTS, "average jobless rate"),
        (("jobless", "members"), WHOLE, "average jobless rate"),
    ],
)
def test_a_word_more_is_another_thing_where_a_column_is_about_it_or_none_is_a_rate(
    columns: tuple[str, ...], values: Sequence[Value], question: str
) -> None:
    with closing(table("berths", ("berth", *columns), values, PARTS)) as made:
        assert made.intent(question) is None
        assert made.agrees(f"average {columns[0]}", f"SELECT avg({columns[0]}) FROM data")


def test_the_code_of_a_thing_is_not_the_thing_beside_a_column_of_codes() -> None:
    questions = ("how many different district codes", "average acres by district code")
    with closing(table("moor_plots", ("code", "district", "acres"), ("Fen", "Tor", "Dell"), PARTS)) as made:
        assert [made.intent(question) for question in questions] == [None, None]
    with closing(table("moor_plots", ("keeper", "district", "acres"), ("Fen", "Tor", "Dell"), PARTS)) as made:
        assert made.agrees(questions[0], "SELECT count(DISTINCT district) FROM data")
        assert made.agrees(questions[1], "SELECT district, avg(acres) FROM data GROUP BY 1 ORDER BY 1")


@pytest.mark.parametrize("column", ["Fault Description", "fault_desc", "fault_text"])
def test_a_name_that_ends_in_description_is_called_by_the_rest(column: str) -> None:
    with closing(table("repairs", ("repair", column, "hours"), ("Belt", "Gear", "Oil leak"), PARTS)) as made:
        assert made.agrees(
            "average hours by fault", f'SELECT "{column}", avg(hours) FROM data GROUP BY 1 ORDER BY 1'
        )
        assert made.agrees("repairs by fault", f'SELECT "{column}", count(*) FROM data GROUP BY 1 ORDER BY 1')


def test_several_ids_are_counted() -> None:
    with closing(table("duties", ("duty", "keeper_id", "hours"), tuple(range(101, 118)), PARTS)) as made:
        assert made.agrees("how many different keeper ids", "SELECT count(DISTINCT keeper_id) FROM data")


@pytest.mark.parametrize(
    ("question", "statement"),
    [
        ("how many 5k heats", f"{ALL} WHERE race='5k'"),
        ("how many heats in the 10k", f"{ALL} WHERE race='10k'"),
        ("average minutes of the 10k", "SELECT avg(minutes) FROM data WHERE race='10k'"),
    ],
)
def test_a_class_that_reads_as_a_number_is_a_value(question: str, statement: str) -> None:
    with closing(table("heats", ("bib", "race", "minutes"), ("5k", "10k", "21k"), PARTS)) as heats:
        assert heats.agrees(question, statement)


def test_thousands_are_a_number_where_no_class_is_called_so() -> None:
    with closing(table("heats", ("bib", "pay", "minutes"), tuple(range(3000, 9000, 70)), PARTS)) as heats:
        assert heats.agrees("how many heats have a pay above 5k", f"{ALL} WHERE pay>5000")


@pytest.mark.parametrize(
    ("question", "statement"),
    [
        ("how long is N03", "SELECT length_m FROM data WHERE buoy='N03'"),
        ("how long is the longest buoy", "SELECT max(length_m) FROM data"),
        ("how long are the buoys on average", "SELECT avg(length_m) FROM data"),
        ("average long", "SELECT avg(long) FROM data"),
    ],
)
def test_how_long_is_a_length_and_no_longitude(question: str, statement: str) -> None:
    with closing(table("buoys", ("buoy", "lat", "long", "length_m"), PARTS, PARTS, WHOLE)) as buoys:
        assert buoys.agrees(question, statement)


def test_how_many_times_counts_no_column_of_times() -> None:
    with closing(table("dives", ("dive", "Time", "reef"), tuple(range(83)), ("East", "West"))) as dives:
        assert dives.agrees("average time", "SELECT avg(Time) FROM data")
        for question in ("how many times", "how many times in East", "how many times by reef"):
            assert dives.intent(question) is None


def test_a_word_of_the_files_name_is_no_slip_for_another() -> None:
    stoves = ("Heater", "Oven")
    with closing(table("heather_walks", ("keeper", "stove", "oil_l"), stoves, PARTS)) as walks:
        assert walks.agrees("how many heather walks", ALL)
        assert walks.agrees("average oil of heather walks", "SELECT avg(oil_l) FROM data")
    with closing(table("moor_walks", ("keeper", "stove", "oil_l"), stoves, PARTS)) as walks:
        assert walks.agrees("how many heather walks", f"{ALL} WHERE stove='Heater'")
    with closing(table("medina_stalls", ("keeper", "shed", "rent_eur"), ("North", "South"), PARTS)) as stalls:
        assert stalls.agrees("how many medina stalls", ALL)
        assert stalls.agrees("average medina rent", "SELECT avg(rent_eur) FROM data")
        assert stalls.intent("medina rent by shed") is None  # no median


@pytest.fixture(scope="module")
def rooms() -> Iterator[Asked]:
    """One row a day and room."""
    start = dt.date(2022, 1, 1)
    rows: list[list[Value]] = [
        [start + dt.timedelta(days=day), room, day * 29 % 83 + place, 3.5 + day % 9]
        for day in range(160) for place, room in enumerate(("East", "West"))
    ]  # fmt: skip
    with closing(asked("reading_room", ["day", "room", "n_visits", "heat"], rows)) as made:
        yield made


@pytest.mark.parametrize(
    ("question", "where"),
    [
        ("visits in May", "month(day)=5"),
        ("visits in March 2022", "day BETWEEN '2022-03-01' AND '2022-03-31'"),
        ("visits in East in May", "room='East' AND month(day)=5"),
        ("visits on 4 January 2022", "day='2022-01-04'"),
    ],
)
def test_a_column_of_visits_adds_up(rooms: Asked, question: str, where: str) -> None:
    assert rooms.agrees(question, f"SELECT sum(n_visits) FROM data WHERE {where}")


def test_years_that_are_picked_by_a_number_are_shown_with_it() -> None:
    rows: list[list[Value]] = [[1940 + number, 10 + number * 29 % 83 / 10] for number in range(70)]
    shown = "SELECT year, births_per_1000 FROM data WHERE births_per_1000<12 AND year<1980 ORDER BY 2 DESC"
    with closing(asked("cradle_list", ["year", "births_per_1000"], rows)) as births:
        assert births.agrees("years with less than 12 births per 1000 before 1980", shown)
        assert births.agrees("which years had less than 12 births per 1000 before 1980", shown)


@pytest.mark.parametrize("column", ["comment", "notes", "remark_of_smith"])
def test_one_word_of_a_comment_is_no_value(column: str) -> None:
    said = ("oilspill everywhere", "torn", "rusty gear", "nothing found")
    with closing(table("repair_log", ("repair", column, "hours"), said, PARTS)) as log:
        assert log.intent("how many oilspill") is None
        assert log.intent("average hours of rusty") is None
        assert log.agrees("how many torn", f"{ALL} WHERE {column}='torn'")
        assert log.agrees("how many rusty gear", f"{ALL} WHERE {column}='rusty gear'")
    with closing(table("repair_log", ("repair", "ailment", "hours"), said, PARTS)) as log:
        assert log.agrees("how many oilspill", f"{ALL} WHERE ailment='oilspill everywhere'")


@pytest.mark.parametrize("yes", [True, "yes", "Y"])
def test_where_only_yes_is_ever_written_nothing_means_no(yes: Value) -> None:
    with closing(table("kilns", ("kiln", "cracked", "heat"), (yes, None, None), PARTS)) as kilns:
        assert kilns.agrees("how many kilns are cracked", f"{ALL} WHERE cracked IS NOT NULL")
        assert kilns.agrees("how many kilns are not cracked", f"{ALL} WHERE cracked IS NULL")
        assert kilns.agrees(
            "share of kilns not cracked",
            "SELECT count(*) FILTER (cracked IS NULL)::DOUBLE/count(*) FROM data",
        )


def test_where_no_is_written_too_nothing_means_unknown() -> None:
    with closing(table("kilns", ("kiln", "cracked", "heat"), ("yes", "no", None), PARTS)) as kilns:
        assert kilns.agrees("how many kilns are not cracked", f"{ALL} WHERE cracked='no'")


@pytest.mark.parametrize(
    ("question", "where"),
    [
        ("how many chapels were restored after 1950", "restored>1950"),
        ("how many chapels were restored in the 1920s", "restored BETWEEN 1920 AND 1929"),
        ("how many chapels were restored in 1900", "restored=1900"),
        ("how many chapels restored between 1900 and 1950", "restored BETWEEN 1900 AND 1950"),
    ],
)
def test_what_was_done_between_1850_and_2010_was_done_in_years(question: str, where: str) -> None:
    with closing(
        table("chapels", ("chapel", "restored", "pews"), tuple(range(1850, 2011, 10)), WHOLE)
    ) as made:
        assert made.agrees(question, f"{ALL} WHERE {where}")
    with closing(
        table("chapels", ("chapel", "restored", "pews"), tuple(range(1050, 2011, 50)), WHOLE)
    ) as made:
        assert made.intent(question) is None
