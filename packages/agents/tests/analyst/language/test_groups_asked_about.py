"""What has several rows is not known by one of them: `without`, `both`, `only` and `above average` of it decline."""

import datetime as dt
from collections.abc import Iterator
from contextlib import ExitStack, closing

import pytest
from packages.agents.tests.analyst.language.tables import Asked, Value, asked

PEOPLE = ["Ada Holm", "Bo Reyes", "Cy Lund", "Di Marsh", "Ed Vane"]
ISLES = [("Skerry", "Borea"), ("Holm", "Borea"), ("Ness", "Austra"), ("Voe", "Austra"), ("Tarn", "Medea")]
STATES = ["cancelled", "pending", "filled"]
AREAS = ["North", "South", "East"]


def orders() -> Asked:
    """One row an order of milking gear, several a customer, a rep and a product."""
    rows: list[list[Value]] = [
        [f"O{n:03}", PEOPLE[n * 7 % 11 % 5], ["Wick", "Thorn", "Pell"][n * 5 % 13 % 3],
         ["churn", "pail", "sieve"][n * 3 % 7 % 3], AREAS[n * 11 % 17 % 3],
         dt.date(2022, 1, 3) + dt.timedelta(days=n * 13), STATES[n * 2 % 9 % 3], 10.5 + n * 37 % 211]
        for n in range(80)
    ]  # fmt: skip
    names = ["order_ref", "customer", "rep", "product", "area", "ordered_on", "status", "total"]
    return asked("pail_orders", names, rows)


def grocers() -> Asked:
    """One row a grocer."""
    rows: list[list[Value]] = [
        [f"Grocer {n:02}", AREAS[n * 11 % 17 % 3], STATES[n * 2 % 9 % 3], 20 + n * 13 % 97] for n in range(40)
    ]
    return asked("grocers", ["grocer", "area", "contract", "satisfaction"], rows)


def calls() -> Asked:
    """One row a call, several an agent."""
    rows: list[list[Value]] = [
        [f"C{n:03}", PEOPLE[n * 7 % 11 % 5], ["leak", "mould", "draft"][n * 3 % 7 % 3], 10 + n * 37 % 83]
        for n in range(80)
    ]
    return asked("help_calls", ["call_ref", "agent", "complaint", "satisfaction"], rows)


def isles() -> Asked:
    """One row a country and year."""
    rows: list[list[Value]] = [
        [isle, continent, year, ["rich", "poor", "lost"][(n * 5 + year * 7) % 11 % 3],
         900 + (n * 131 + (year - 1990) * 17) % 401]
        for n, (isle, continent) in enumerate(ISLES)
        for year in range(1990, 2005)
    ]  # fmt: skip
    return asked("isle_harvests", ["country", "continent", "year", "harvest", "herds"], rows)


def crossings() -> Asked:
    """One row a crossing, several a carrier."""
    rows: list[list[Value]] = [
        [f"F{n:03}", ["Petrel", "Tern", "Gull"][n * 7 % 11 % 3], ["Ebb", "Fenwick", "Grole"][n * 5 % 13 % 3],
         5 + n * 37 % 83]
        for n in range(70)
    ]  # fmt: skip
    return asked("crossings", ["crossing_ref", "carrier", "port", "riders"], rows)


def millers() -> Asked:
    """One row a miller; `manager` is a job and a column of names."""
    rows: list[list[Value]] = [
        [f"M. {n:02}", ["Manager", "Clerk", "Packer"][n * 5 % 11 % 3], ["Uri Fell", "Vic Gorse"][n % 5 % 2],
         20 + n * 13 % 41, n % 3 == 0]
        for n in range(40)
    ]  # fmt: skip
    return asked("mill_staff", ["miller", "job_title", "manager", "age", "survived"], rows)


@pytest.fixture(scope="module")
def tables() -> Iterator[dict[str, Asked]]:
    """The tables by what their rows are."""
    makers = (orders, grocers, calls, isles, crossings, millers)
    with ExitStack() as stack:
        yield {made.__name__: stack.enter_context(closing(made())) for made in makers}


DECLINED = {
    "another row that is otherwise is not none that is so": (orders, [
        "customers without cancelled orders", "which customers have no cancelled orders",
        "how many different customers have orders without cancelled status", "which reps did not sell churns in 2023",
        "how many customers did not order in 2023", "products not sold in the North",
        "which products were not sold in North", "how many customers are not in the North",
        "which customers had orders that were not cancelled",
    ]),
    "a harvest of each year": (isles, [
        "which countries did not have a poor harvest", "how many countries did not have a poor harvest",
        "countries with harvest not poor",
    ]),
    "both, and not one of them": (orders, [
        "which customers bought both churns and pails", "how many customers ordered in both 2022 and 2023",
    ]),
    "both ports": (crossings, ["which carriers serve both Ebb and Grole"]),
    "only, and nothing else": (orders, [
        "customers with only pending orders", "which customers only have pending orders",
        "which customers always order from Wick", "which products were sold exclusively in North",
    ]),
    "only from there": (crossings, ["carriers that fly only from Ebb", "which carriers only serve Ebb"]),
    "only poor ones": (isles, ["countries that only had poor harvests"]),
    "on the whole, and not in one row": (calls, [
        "agents with above average satisfaction", "which agents have above average satisfaction",
        "how many agents have above average satisfaction",
    ]),
    "of all orders": (orders, ["customers with above average total", "which customers have above average total"]),
    "of all years": (isles, ["which countries have herds above average", "which continents had above average herds"]),
    "of those in it": (grocers, ["which areas have above average satisfaction"]),
    "whose order it is, and not of the most": (orders, [
        "rep of the biggest order by total", "customer of the largest order by total",
    ]),
    "who has one, or is one": (millers, ["who is the youngest manager", "the youngest manager"]),
    "of those who did": (millers, ["who is the oldest survivor", "oldest survivor"]),
}  # fmt: skip
"""What one row of several says nothing of."""


@pytest.mark.parametrize(
    ("table", "question"),
    [
        pytest.param(made.__name__, question, id=f"{meant}: {question}")
        for meant, (made, questions) in DECLINED.items()
        for question in questions
    ],
)
def test_what_has_several_rows_is_not_known_by_one_of_them(
    tables: dict[str, Asked], table: str, question: str
) -> None:
    assert tables[table].intent(question) is None


def of(key: str, where: str) -> str:
    """SQL of the different values of a column."""
    return f"SELECT DISTINCT {key} FROM data WHERE {where} ORDER BY 1"


def above(key: str, column: str) -> str:
    """SQL of the rows above the mean of a column."""
    return f"SELECT {key}, {column} FROM data WHERE {column}>(SELECT avg({column}) FROM data) ORDER BY 2 DESC"


@pytest.mark.parametrize(
    ("question", "statement"),
    [
        ("which customers bought sieves", of("customer", "product='sieve'")),
        ("customers with pending orders", of("customer", "status='pending'")),
        ("how many customers ordered in 2023",
         "SELECT count(DISTINCT customer) FROM data WHERE year(ordered_on)=2023"),
        ("how many customers have pending orders",
         "SELECT count(DISTINCT customer) FROM data WHERE status='pending'"),
    ],
)  # fmt: skip
def test_one_row_that_is_so_is_enough(tables: dict[str, Asked], question: str, statement: str) -> None:
    assert tables["orders"].agrees(question, statement)


@pytest.mark.parametrize(
    ("table", "question", "statement"),
    [
        ("orders", "orders with above average total", above("order_ref", "total")),
        ("orders", "how many orders have above average total",
         "SELECT count(*) FROM data WHERE total>(SELECT avg(total) FROM data)"),
        ("orders", "which orders are not cancelled", of("order_ref", "status<>'cancelled'")),
        ("orders", "how many orders were not cancelled", "SELECT count(*) FROM data WHERE status<>'cancelled'"),
        ("calls", "calls with above average satisfaction", above("call_ref", "satisfaction")),
        ("grocers", "which grocers have above average satisfaction", above("grocer", "satisfaction")),
        ("grocers", "grocers without cancelled contract", of("grocer", "contract<>'cancelled'")),
        ("grocers", "which grocers are not in the North", of("grocer", "area<>'North'")),
        ("grocers", "grocers with only pending contracts", of("grocer", "contract='pending'")),
        ("grocers", "how many grocers are not cancelled", "SELECT count(*) FROM data WHERE contract<>'cancelled'"),
    ],
)  # fmt: skip
def test_what_has_a_row_of_its_own_is_known_by_it(
    tables: dict[str, Asked], table: str, question: str, statement: str
) -> None:
    assert tables[table].agrees(question, statement)


@pytest.mark.parametrize(
    ("question", "statement"),
    [
        ("which countries did not have a poor harvest in 1994", of("country", "harvest<>'poor' AND year=1994")),
        ("countries with harvest not poor in 1994", of("country", "harvest<>'poor' AND year=1994")),
        ("how many countries did not have a poor harvest in 1994",
         "SELECT count(*) FROM data WHERE harvest<>'poor' AND year=1994"),
        ("how many countries only had a poor harvest in 1994",
         "SELECT count(*) FROM data WHERE harvest='poor' AND year=1994"),
    ],
)  # fmt: skip
def test_in_one_year_each_has_a_single_row(tables: dict[str, Asked], question: str, statement: str) -> None:
    assert tables["isles"].agrees(question, statement)


@pytest.mark.parametrize(
    ("question", "statement"),
    [
        ("which countries are not in Borea", of("country", "continent<>'Borea'")),
        ("countries not in Borea", of("country", "continent<>'Borea'")),
        ("how many countries are not in Borea", "SELECT 3"),
        ("which countries are only in Borea", of("country", "continent='Borea'")),
        ("which countries are not in Borea in 1994", of("country", "continent<>'Borea' AND year=1994")),
    ],
)
def test_a_country_lies_in_one_continent_in_all_its_rows(
    tables: dict[str, Asked], question: str, statement: str
) -> None:
    assert tables["isles"].agrees(question, statement)


@pytest.mark.parametrize(
    ("table", "question", "statement"),
    [
        ("orders", "which rep has the highest total",
         "SELECT rep, sum(total) FROM data GROUP BY 1 ORDER BY 2 DESC LIMIT 1"),
        ("orders", "which order has the highest total",
         "SELECT order_ref, total FROM data ORDER BY 2 DESC LIMIT 1"),
        ("millers", "who is the youngest clerk",
         "SELECT miller, age FROM data WHERE job_title='Clerk' ORDER BY 2 LIMIT 1"),
        ("millers", "who is the youngest", "SELECT miller, age FROM data ORDER BY 2 LIMIT 1"),
        ("millers", "how many millers survived", "SELECT count(*) FROM data WHERE survived"),
    ],
)  # fmt: skip
def test_the_first_of_rows_or_of_those_that_have_several_is_picked(
    tables: dict[str, Asked], table: str, question: str, statement: str
) -> None:
    assert tables[table].agrees(question, statement)
