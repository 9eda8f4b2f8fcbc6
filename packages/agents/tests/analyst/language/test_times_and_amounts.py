"""Times that the table cannot tell, amounts of another kind, and rows that are called otherwise: declined or answered."""

from collections.abc import Iterator
from contextlib import ExitStack, closing

import pytest
from packages.agents.tests.analyst.language.ledgers import (
    barns,
    berths,
    cellars,
    claims,
    gadgets,
    invoices,
    nights,
    orders,
    parcels,
    parts,
    prizes,
    rain,
    runs,
    shops,
    staff,
    tickets,
)
from packages.agents.tests.analyst.language.tables import Asked


@pytest.fixture(scope="module")
def tables() -> Iterator[dict[str, Asked]]:
    """The tables by what their rows are."""
    makers = (
        orders,
        parcels,
        tickets,
        nights,
        cellars,
        rain,
        claims,
        invoices,
        parts,
        staff,
        barns,
        prizes,
        gadgets,
        runs,
        berths,
        shops,
    )
    with ExitStack() as stack:
        yield {made.__name__: stack.enter_context(closing(made())) for made in makers}


DECLINED = {
    "of today, which the table does not know": (orders, [
        "orders last week", "how many orders last month", "orders in the last month", "orders from last month",
        "total last year", "orders this month", "orders yesterday", "how many orders in the last 3 months",
    ]),
    "the last quarter or the last three months": (orders, ["orders in the last quarter of 2023"]),
    "two times of one day": (orders, [
        "how many orders with order date in 2022 and order date in 2023",
        "orders placed before March 2022 and placed after May 2023",
    ]),
    "an hour and a day": (cellars, [
        "how many rows before 2024-03-02 06:00", "how many rows after 6:00", "how many rows after noon",
        "how many rows after 2024-03-02 at 6 pm",
    ]),
    "the day of shipping, which is not there": (orders, [
        "how many orders were shipped in 2023", "how many orders were ordered in 2022 and shipped in 2023",
    ]),
    "the day of shipping, or the order's that was shipped": (parcels, [
        "how many orders were shipped in March", "how many orders were shipped in 2022", "orders shipped in March 2023",
        "total of orders shipped in 2023", "orders shipped by month", "how many orders were delivered in 2022",
    ]),
    "the day of its making, and not when it is due": (invoices, [
        "how many invoices were created in 2023", "how many invoices were placed in 2023",
    ]),
    "another deed than the two of the table": (tickets, [
        "tickets answered in March", "how many tickets were resolved in 2023",
    ]),
    "the mean or the highest of sums": (nights, [
        "average yearly revenue", "average monthly revenue", "highest monthly revenue", "highest monthly total",
        "highest daily revenue", "average quarterly visitors",
    ]),
    "the mean of the highest": (cellars, ["average daily maximum temperature", "average daily temperature"]),
    "a year of twelve rows": (rain, ["average yearly rainfall"]),
    "in one span of time, and not in all of them": (nights, [
        "which city had the highest revenue in a single quarter", "which city had the highest revenue in a month",
    ]),
    "by division": (nights, ["revenue per visitor", "average revenue per visitor", "revenue per visitor by city"]),
    "what else is in that currency": (claims, [
        "total amount in euros", "total amount in dollars", "how many claims in euros", "average amount in euros by employee",
    ]),
    "another amount": (invoices, [
        "total amount without tax", "amount without tax", "average amount without tax by kiln", "amount before tax",
        "total amount excluding tax", "total amount including tax", "total including tax", "total amount net of tax",
    ]),
    "nearly, and not just": (cellars, [
        "how many rows with temperature around 15", "how many rows with temperature about 15",
        "rows with temperature of approximately 15", "how many rows where the temperature is around 15",
        "rows where the temperature is about 15",
    ]),
    "none left, and not all": (parts, ["out of stock", "which items are out of stock"]),
    "a name for each of them": (staff, [
        "who is the oldest in each office", "who is the oldest employee in each office",
        "who earns the most in each department", "highest paid employee per department",
    ]),
    "things, and not the rows that they are in": (claims, ["what did Ada Holm buy"]),
    "a claim's amount, and how many it is of": (claims, ["highest claim per employee", "highest claim by employee"]),
    "on one purpose, in several currencies": (claims, ["which employee spent the most on hotels"]),
    "one number of one line, or of both columns": (runs, ["total boxes packed by line 4", "combined boxes and lids"]),
    "what one claim comes to, and not how many": (berths, ["average claim", "highest claim", "median claim", "highest claim per town"]),
    "a name that is not there": (shops, ["what is the name of the shop with the highest turnover"]),
}  # fmt: skip
"""What the words ask for is not in the table."""


@pytest.mark.parametrize(
    ("table", "question"),
    [
        pytest.param(made.__name__, question, id=f"{meant}: {question}")
        for meant, (made, questions) in DECLINED.items()
        for question in questions
    ],
)
def test_what_the_table_does_not_tell_is_declined(
    tables: dict[str, Asked], table: str, question: str
) -> None:
    assert tables[table].intent(question) is None


def count(where: str) -> str:
    """SQL of how many rows are so."""
    return f"SELECT count(*) FROM data WHERE {where}"


def by(key: str, value: str) -> str:
    """SQL of a number for each value of a column."""
    return f"SELECT {key}, {value} FROM data GROUP BY 1 ORDER BY 1"


def most(key: str, value: str, order: str = "DESC") -> str:
    """SQL of what has the most of a number."""
    return f"SELECT {key}, {value} FROM data GROUP BY 1 QUALIFY rank() OVER (ORDER BY {value} {order})=1 ORDER BY 1"


def row(key: str, value: str, where: str = "true") -> str:
    """SQL of the rows with the highest value."""
    return f"SELECT {key}, {value} FROM data WHERE {where} QUALIFY rank() OVER (ORDER BY {value} DESC)=1 ORDER BY 1"


ANSWERED = {
    orders: [
        ("what is the first year", "SELECT min(order_date) FROM data"),
        ("latest order date", "SELECT max(order_date) FROM data"),
        ("last order", row("order_ref", "order_date")),
        ("how many orders in the first quarter of 2023", count("order_date BETWEEN '2023-01-01' AND '2023-03-31'")),
        ("how many orders before 2023-03-02", count("order_date<'2023-03-02'")),
        ("how many orders in 2022 or 2023", count("year(order_date) IN (2022, 2023)")),
        ("how many orders placed after March 2022 and before May 2023",
         count("order_date>='2022-04-01' AND order_date<'2023-05-01'")),
        ("how many orders were placed in 2023", count("year(order_date)=2023")),
    ],
    parcels: [
        ("how many orders in 2022", count("year(order_date)=2022")),
        ("how many orders were placed in 2022", count("year(order_date)=2022")),
        ("how many orders with a ship date in March", count("month(ship_date)=3")),
        ("how many shipped orders", count("status='shipped'")),
        ("how many pending orders in 2022", count("status='pending' AND year(order_date)=2022")),
    ],
    tickets: [
        ("how many tickets were closed in 2023", count("year(closed_at)=2023")),
        ("how many tickets were created in 2023", count("year(created_at)=2023")),
        ("average hours of tickets closed in 2023", "SELECT avg(hours) FROM data WHERE year(closed_at)=2023"),
        ("how many tickets were created in 2022 and closed in 2023",
         count("year(created_at)=2022 AND year(closed_at)=2023")),
    ],
    nights: [
        ("yearly revenue", by("date_trunc('year', night_of)::DATE", "sum(revenue)")),
        ("total revenue by month", by("date_trunc('month', night_of)::DATE", "sum(revenue)")),
        ("which city had the highest revenue", most("city", "sum(revenue)")),
        ("visitors by quarter", by("date_trunc('quarter', night_of)::DATE", "sum(visitors)")),
        ("revenue per month", by("date_trunc('month', night_of)::DATE", "sum(revenue)")),
        ("total revenue by city", by("city", "sum(revenue)")),
    ],
    cellars: [
        ("how many rows before 2024-03-02", count("read_at<'2024-03-02'")),
        ("maximum temperature by day", by("date_trunc('day', read_at)::DATE", "max(temperature)")),
        ("how many rows with temperature above 15", count("temperature>15")),
    ],
    rain: [
        ("average monthly rainfall", "SELECT avg(rainfall_mm) FROM data"),
        ("total rainfall per year", by("year", "sum(rainfall_mm)")),
    ],
    claims: [
        ("total amount in EUR", "SELECT sum(amount) FROM data WHERE currency='EUR'"),
        ("total amount in euros where the currency is EUR", "SELECT sum(amount) FROM data WHERE currency='EUR'"),
        ("highest amount per employee", by("employee", "max(amount)")),
        ("which employee has the most claims", most("employee", "count(*)")),
        ("what are the purposes of Ada Holm",
         "SELECT DISTINCT purpose FROM data WHERE employee='Ada Holm' ORDER BY 1"),
    ],
    invoices: [
        ("how many invoices are due in 2023", count("year(due_date)=2023")),
        ("how many invoices without tax", count("tax IS NULL")),
        ("invoices without tax", "SELECT invoice_ref FROM data WHERE tax IS NULL ORDER BY 1"),
        ("total amount", "SELECT sum(amount) FROM data"),
        ("total tax", "SELECT sum(tax) FROM data"),
    ],
    parts: [
        ("total stock", "SELECT sum(stock) FROM data"),
        ("which warehouse has the most stock", most("warehouse", "sum(stock)")),
        ("which warehouse has the least stock", most("warehouse", "sum(stock)", "ASC")),
        ("which sku has the most stock", row("sku", "stock")),
        ("how many items have no stock", count("stock=0")),
        ("how many items have stock below 20", count("stock<20")),
        ("highest unit price", "SELECT max(unit_price) FROM data"),
    ],
    staff: [
        ("who is the oldest", row("employee", "age")),
        ("who is the oldest employee in Ebb", row("employee", "age", "office='Ebb'")),
        ("highest age in each office", by("office", "max(age)")),
        ("highest salary per department", by("department", "max(salary)")),
        ("highest paid employee", row("employee", "salary")),
        ("highest paid employee in Dye", row("employee", "salary", "department='Dye'")),
        ("which one earns the most", row("employee", "salary")),
    ],
    barns: [
        ("which barn has the most stalls", row("barn_no", "stalls")),
        ("which barns have more than 55 stalls",
         "SELECT barn_no, stalls FROM data WHERE stalls>55 ORDER BY 2 DESC, 1"),
        ("list the barns in Ebb", "SELECT barn_no FROM data WHERE parish='Ebb' ORDER BY 1"),
        ("which parish has the most barns", most("parish", "count(*)")),
    ],
    prizes: [
        ("how many medals", "SELECT sum(total) FROM data"),
        ("how many medals did Ebb win", "SELECT sum(total) FROM data WHERE village='Ebb'"),
        ("medals by season", by("season", "sum(total)")),
        ("which village has the most medals", most("village", "sum(total)")),
        ("total gold", "SELECT sum(gold) FROM data"),
        ("how many rows in Ebb", count("village='Ebb'")),
    ],
    gadgets: [
        ("how many gadgets", "SELECT 60"),
        ("how many gadgets are clips", count("kind='clip'")),
        ("number of gadgets by kind", by("kind", "count(*)")),
        ("average compat gadgets", "SELECT avg(compat_gadgets) FROM data"),
    ],
    runs: [
        ("total boxes of line 4", "SELECT sum(boxes) FROM data WHERE line='line 4'"),
        ("average lids of line 4 by line", "SELECT avg(lids) FROM data WHERE line='line 4'"),
        ("total boxes by line", by("line", "sum(boxes)")),
        ("total boxes and lids", "SELECT sum(boxes), sum(lids) FROM data"),
        ("combined boxes of line 1 and line 4", "SELECT sum(boxes) FROM data WHERE line IN ('line 1', 'line 4')"),
        ("how many runs have 200 boxes and over 500 lids", count("boxes=200 AND lids>500")),
    ],
    berths: [
        ("average claims", "SELECT avg(n_claims) FROM data"),
        ("highest number of claims", "SELECT max(n_claims) FROM data"),
    ],
    shops: [
        ("which shop has the highest turnover", row("shop_id", "turnover")),
        ("what is the highest turnover", "SELECT max(turnover) FROM data"),
    ],
}  # fmt: skip
"""Near to what is declined, and in the table."""


@pytest.mark.parametrize(
    ("table", "question", "statement"),
    [
        pytest.param(made.__name__, question, statement, id=f"{made.__name__}: {question}")
        for made, questions in ANSWERED.items()
        for question, statement in questions
    ],
)
def test_what_the_table_tells_is_answered(
    tables: dict[str, Asked], table: str, question: str, statement: str
) -> None:
    assert tables[table].agrees(question, statement)
