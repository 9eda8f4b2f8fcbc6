"""Readings that leave out a word of the question are declined, and near questions stay answered."""

import datetime as dt
from collections.abc import Iterator
from contextlib import closing

import pytest
from packages.agents.tests.analyst.language.tables import Asked, Value, asked

EVERY = "SELECT count(*) FROM data"
PLACES = ("Fen", "Mill", "Quay")


@pytest.fixture(scope="module")
def weavers() -> Iterator[Asked]:
    """One row a weaver, who is active or not."""
    rows: list[list[Value]] = [
        [f"E{n:02}", PLACES[n * 5 % 7 % 3], ("yes", "no")[n * 3 % 5 % 2], 20 + n * 13 % 41] for n in range(60)
    ]
    with closing(asked("weavers", ["badge", "wing", "active", "age"], rows)) as made:
        yield made


@pytest.mark.parametrize(
    "question", ["how many weavers are still here", "how many weavers are still with us"]
)
def test_who_is_still_here_is_not_everybody(weavers: Asked, question: str) -> None:
    assert weavers.intent(question) is None
    assert weavers.agrees("how many weavers", EVERY)


@pytest.mark.parametrize(
    ("question", "where"),
    [
        ("how many weavers are still active", "active='yes'"),
        ("how many weavers in Fen are still here", "wing='Fen'"),
        ("how many active weavers", "active='yes'"),
    ],
)
def test_still_says_nothing_where_a_condition_says_which(weavers: Asked, question: str, where: str) -> None:
    assert weavers.agrees(question, f"{EVERY} WHERE {where}")


@pytest.fixture(scope="module")
def shots() -> Iterator[Asked]:
    """One row a shot, made or not."""
    rows: list[list[Value]] = [
        [PLACES[n * 5 % 7 % 3], ("made", "missed", "blocked")[n * 3 % 11 % 3], n % 9] for n in range(60)
    ]
    with closing(asked("shots", ["archer", "result", "range_m"], rows)) as made:
        yield made


@pytest.fixture(scope="module")
def bouts() -> Iterator[Asked]:
    """One row a bout, at home or away."""
    rows: list[list[Value]] = [
        [PLACES[n * 5 % 7 % 3], ("home", "away")[n * 3 % 5 % 2], n % 9] for n in range(60)
    ]
    with closing(asked("bouts", ["club", "venue", "points"], rows)) as made:
        yield made


@pytest.mark.parametrize(
    "question", ["share of shots made", "how many shots made", "how many shots made by Fen"]
)
def test_a_value_is_not_passed_over_as_a_verb(shots: Asked, question: str) -> None:
    assert shots.intent(question) is None


@pytest.mark.parametrize(
    ("question", "statement"),
    [
        ("how many shots", EVERY),
        ("how many missed shots", f"{EVERY} WHERE result='missed'"),
        ("share of shots missed", "SELECT count(*) FILTER (result='missed')/count(*) FROM data"),
        ("shots by result", "SELECT result, count(*) FROM data GROUP BY 1 ORDER BY 1"),
    ],
)
def test_other_values_of_the_column_are_conditions(shots: Asked, question: str, statement: str) -> None:
    assert shots.agrees(question, statement)


@pytest.mark.parametrize(
    "question",
    ["how many bouts were played away", "average points played away", "average points of Fen played away",
     "total points played away"],
)  # fmt: skip
def test_a_value_is_not_passed_over_as_a_filler(bouts: Asked, question: str) -> None:
    assert bouts.intent(question) is None


@pytest.mark.parametrize(
    ("question", "statement"),
    [
        ("how many bouts were played", EVERY),
        ("average points of bouts played", "SELECT avg(points) FROM data"),
        ("average points by venue", "SELECT venue, avg(points) FROM data GROUP BY 1 ORDER BY 1"),
    ],
)
def test_a_filler_that_is_no_value_is_passed_over(bouts: Asked, question: str, statement: str) -> None:
    assert bouts.agrees(question, statement)


def weeks(*, piers: int) -> Asked:
    """The visits of each week, in so many rows."""
    rows: list[list[Value]] = [[1 + n // piers, PLACES[n % piers], n * 7 % 5] for n in range(60)]
    return asked("quay_weeks", ["week", "pier", "visits"], rows)


def test_weeks_without_visits_have_none_in_all_of_their_rows() -> None:
    with closing(weeks(piers=3)) as several:
        assert several.intent("which weeks had no visits") is None
        in_fen = "SELECT week FROM data WHERE visits=0 AND pier='Fen' ORDER BY 1"
        assert several.agrees("which weeks had no visits in Fen", in_fen)
    with closing(weeks(piers=1)) as single:
        assert single.agrees("which weeks had no visits", "SELECT week FROM data WHERE visits=0 ORDER BY 1")


@pytest.fixture(scope="module", params=["value", "deal_value"])
def deals(request: pytest.FixtureRequest) -> Iterator[Asked]:
    """One row a deal; each fourth has no value."""
    rows: list[list[Value]] = [
        [f"D{n:02}", PLACES[n * 5 % 7 % 3], None if n % 4 == 0 else 10.5 + n * 37 % 211] for n in range(60)
    ]
    with closing(asked("deals", ["deal_ref", "region", request.param], rows)) as made:
        yield made


@pytest.mark.parametrize("question", ["deals with a missing value", "which deals have a missing value"])
def test_deals_without_a_value_are_listed_by_their_references(deals: Asked, question: str) -> None:
    value = deals.reader.card.columns[-1].name
    assert deals.agrees(question, f"SELECT deal_ref FROM data WHERE {value} IS NULL ORDER BY 1")
    assert deals.agrees("how many deals with a missing value", "SELECT 15")


@pytest.mark.parametrize(
    "question", ["value of deals with a missing value", "show the value of deals with a missing value"]
)
def test_a_missing_value_is_never_the_answer(deals: Asked, question: str) -> None:
    answer = deals.answer(question)

    assert answer is None or all(cell is not None for row in answer for cell in row)


@pytest.fixture(scope="module")
def callers() -> Iterator[Asked]:
    """One row a call, with nothing that says whose."""
    rows: list[list[Value]] = [[5 + n * 13 % 97, PLACES[n * 5 % 7 % 3], 1 + n % 9] for n in range(60)]
    with closing(asked("fen_2020", ["wait_days", "wing", "calls"], rows)) as made:
        yield made


@pytest.mark.parametrize("question", ["who waits the longest", "who waited longest", "who calls most often"])
def test_who_is_no_number(callers: Asked, question: str) -> None:
    assert callers.intent(question) is None


@pytest.mark.parametrize(
    ("question", "statement"),
    [
        ("longest wait", "SELECT max(wait_days) FROM data"),
        ("average wait in Mill", "SELECT avg(wait_days) FROM data WHERE wing='Mill'"),
        ("total calls by wing", "SELECT wing, sum(calls) FROM data GROUP BY 1 ORDER BY 1"),
    ],
)  # fmt: skip
def test_what_the_number_is_of_can_be_asked(callers: Asked, question: str, statement: str) -> None:
    assert callers.agrees(question, statement)


def claims(*amounts: str) -> Asked:
    """One row an expense, with so many amounts."""
    rows: list[list[Value]] = [
        [f"X{n:02}", ("meal", "taxi", "inn")[n * 5 % 7 % 3], *(10.5 + n * 37 % 211 + k for k in range(len(amounts)))]
        for n in range(60)
    ]  # fmt: skip
    return asked("expenses", ["expense_ref", "kind", *amounts], rows)


def test_total_expenses_are_the_sum_of_the_one_amount() -> None:
    kinds = "SELECT kind, {} FROM data GROUP BY 1 ORDER BY 1"
    with closing(claims("amount")) as one:
        assert one.agrees("total expenses", "SELECT sum(amount) FROM data")
        assert one.agrees("total expenses in taxi", "SELECT sum(amount) FROM data WHERE kind='taxi'")
        assert one.agrees("total expenses by kind", kinds.format("sum(amount)"))
        assert one.intent("expenses by kind") is None
        assert one.agrees("how many expenses", EVERY)
        assert one.agrees("number of expenses by kind", kinds.format("count(*)"))


def test_total_expenses_of_two_amounts_are_declined() -> None:
    with closing(claims("amount", "paid")) as two:
        assert two.intent("total expenses") is None
        assert two.intent("expenses by kind") is None
        assert two.agrees("how many expenses", EVERY)


def days(*, piers: int) -> Asked:
    """The visits of each day, in so many rows."""
    rows: list[list[Value]] = [
        [dt.date(2022, 1, 3) + dt.timedelta(days=n // piers), PLACES[n % piers], n * 7 % 41]
        for n in range(90)
    ]
    return asked("quay_log", ["day", "pier", "visits"], rows)


BY_DAY = "SELECT day, {}(visits) FROM data GROUP BY 1 ORDER BY 1"


def test_a_mean_per_day_of_several_rows_a_day_is_one_of_two_and_declined() -> None:
    with closing(days(piers=3)) as several:
        assert several.intent("average visits per day") is None
        assert several.agrees("average visits by day", BY_DAY.format("avg"))
        assert several.agrees("total visits per day", BY_DAY.format("sum"))
    with closing(days(piers=1)) as single:
        intent = single.intent("average visits per day")
        assert intent is not None
        assert [m.column for m in intent.measures] == ["visits"]


@pytest.fixture(scope="module")
def floods() -> Iterator[Asked]:
    """One row a flood of a barn."""
    rows: list[list[Value]] = [
        [f"D{n:02}", PLACES[n * 5 % 7 % 3], 2010 + n // 6, 100 + n * 37 % 211] for n in range(60)
    ]
    with closing(asked("barn_floods", ["flood_ref", "barn", "year", "lids"], rows)) as made:
        yield made


@pytest.mark.parametrize("what", ["did Fen flood", "did barns flood", "was there a flood", "the floods"])
def test_how_many_times_between_two_years_is_no_ratio_of_them(floods: Asked, what: str) -> None:
    assert floods.intent(f"how many times {what} between 2014 and 2016") is None


def test_counts_between_two_years_and_ratios_of_them_are_answered(floods: Asked) -> None:
    between = f"{EVERY} WHERE year BETWEEN 2014 AND 2016"
    ratio = "SELECT sum(lids) FILTER (year=2014)/sum(lids) FILTER (year=2016) FROM data"
    assert floods.agrees("how many floods between 2014 and 2016", between)
    assert floods.agrees("ratio of total lids in 2014 to 2016", ratio)


def test_the_most_cancellations_are_counted_by_the_yes_of_a_column() -> None:
    rows: list[list[Value]] = [
        [f"B{n}", ("web", "desk", "phone")[n * 5 % 7 % 3], int(n % 7 in (0, 1, 6)), 50 + n % 30]
        for n in range(60)
    ]
    most = "SELECT channel, count(*) FROM data WHERE {} GROUP BY 1 ORDER BY 2 DESC LIMIT 1"
    with closing(asked("berth_bookings", ["booking_ref", "channel", "cancelled", "price"], rows)) as made:
        assert made.agrees("which channel has the most cancellations", most.format("cancelled=1"))
        assert made.agrees("which channel has the most bookings", most.format("true"))
        assert made.agrees("how many cancellations", f"{EVERY} WHERE cancelled=1")
        assert made.intent("which channel has the most refunds") is None


def test_a_column_that_is_likelier_meant_is_not_left_for_one_that_fits() -> None:
    rows: list[list[Value]] = [
        [f"P{n}", PLACES[n * 5 % 7 % 3], 2.5 + n * 3 % 17, 50.5 + n * 37 % 211] for n in range(60)
    ]
    with closing(asked("lids", ["lid_ref", "wing", "unit_price", "cost"], rows)) as lids:
        for question in ("how many lids have a price over 100", "average price where the price is over 100"):
            assert lids.intent(question) is None
        assert lids.agrees("how many lids have a price over 10", f"{EVERY} WHERE unit_price>10")
        assert lids.agrees("how many lids have a cost over 100", f"{EVERY} WHERE cost>100")


def test_a_rate_of_what_the_table_does_not_hold_is_declined() -> None:
    rows: list[list[Value]] = [
        [("post", "visit", "call")[n * 5 % 7 % 3], ("yes", "no")[n * 3 % 5 % 2]] for n in range(60)
    ]
    with closing(asked("appeals", ["medium", "sealed"], rows)) as made:
        assert made.intent("post open rate") is None
        assert made.agrees("post rate", "SELECT avg((medium='post')::INT) FROM data")
