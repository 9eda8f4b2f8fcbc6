"""`Revenue`, `sales`, `spent` and `order value` in a table of orders speak of what each order comes to."""

import datetime as dt
from collections.abc import Iterator
from contextlib import closing

import pytest
from packages.agents.tests.analyst.language.tables import Asked, Value, asked

from sapwood_agents.analyst.intent import Aggregate

PEOPLE = ["Ada Holm", "Bo Reyes", "Cy Lund", "Di Marsh", "Ed Vane"]
WARES = ["churn", "pail", "sieve"]
AREAS = ["North", "South", "East"]


def many(n: int) -> int:
    """How many pieces an order has."""
    return 1 + n * 5 % 9


def price(n: int) -> float:
    """What one piece of an order costs."""
    return 2.5 + n * 3 % 17


def deals(*totals: str) -> Asked:
    """One row an order, several a customer; `totals` are the columns of what it comes to."""
    rows: list[list[Value]] = [
        [f"O{n:03}", PEOPLE[n * 7 % 11 % 5], WARES[n * 3 % 7 % 3], AREAS[n * 11 % 17 % 3],
         dt.date(2022, 1, 3) + dt.timedelta(days=n * 13), many(n), price(n),
         *(round(many(n) * price(n) * (1 + 0.2 * place), 2) for place, _ in enumerate(totals))]
        for n in range(80)
    ]  # fmt: skip
    names = ["order_ref", "customer", "product", "area", "ordered_on", "quantity", "unit_price"]
    return asked("churn_orders", [*names, *totals], rows)


@pytest.fixture(scope="module")
def orders() -> Iterator[Asked]:
    """With one column of totals."""
    with closing(deals("total")) as made:
        yield made


def by(key: str, value: str = "sum(total)", where: str = "true") -> str:
    """SQL of a number for each value of a column."""
    return f"SELECT {key}, {value} FROM data WHERE {where} GROUP BY 1 ORDER BY 1"


def most(key: str, value: str = "sum(total)", order: str = "DESC", where: str = "true") -> str:
    """SQL of what has the most of a number."""
    return f"SELECT {key}, {value} FROM data WHERE {where} GROUP BY 1 ORDER BY 2 {order} LIMIT 1"


@pytest.mark.parametrize(
    ("question", "statement"),
    [
        *((f"total {word}", "SELECT sum(total) FROM data")
          for word in ("revenue", "turnover", "takings", "sales", "spending", "order value")),
        ("what is the total revenue", "SELECT sum(total) FROM data"),
        ("revenue by product", by("product")),
        ("total revenue by product", by("product")),
        ("sales by area", by("area")),
        ("expenditure by customer", by("customer")),
        ("order value by area", by("area")),
        ("total sales in 2023", "SELECT sum(total) FROM data WHERE year(ordered_on)=2023"),
        ("sales in the North", "SELECT sum(total) FROM data WHERE area='North'"),
        ("sales of churns", "SELECT sum(total) FROM data WHERE product='churn'"),
        ("how much did Ada Holm spend", "SELECT sum(total) FROM data WHERE customer='Ada Holm'"),
        ("total spent by Ada Holm", "SELECT sum(total) FROM data WHERE customer='Ada Holm'"),
        ("how much was spent in North", "SELECT sum(total) FROM data WHERE area='North'"),
        ("share of sales in the North",
         "SELECT sum(total) FILTER (area='North')::DOUBLE/sum(total) FROM data"),
    ],
)  # fmt: skip
def test_what_was_taken_is_the_sum_of_the_totals(orders: Asked, question: str, statement: str) -> None:
    assert orders.agrees(question, statement)


@pytest.mark.parametrize(
    ("question", "statement"),
    [
        ("which customer spent the most", most("customer")),
        ("which product has the highest revenue", most("product")),
        ("which customer has the highest sales", most("customer")),
        ("top 1 products by revenue", most("product")),
    ],
)
def test_who_spent_the_most_is_told_by_the_totals_and_not_by_how_many(
    orders: Asked, question: str, statement: str
) -> None:
    assert orders.agrees(question, statement)


@pytest.mark.parametrize(
    ("question", "statement"),
    [
        ("average order value", "SELECT avg(total) FROM data"),
        ("median order value", "SELECT median(total) FROM data"),
        ("largest order value", "SELECT max(total) FROM data"),
        ("lowest order value", "SELECT min(total) FROM data"),
        ("average order value by area", by("area", "avg(total)")),
    ],
)
def test_the_value_of_an_order_is_its_total(orders: Asked, question: str, statement: str) -> None:
    assert orders.agrees(question, statement)


@pytest.mark.parametrize(
    ("question", "statement"),
    [
        ("how many sales", "SELECT 80"),
        ("how many sales in the North", "SELECT count(*) FROM data WHERE area='North'"),
        ("how many sales were there in 2023", "SELECT count(*) FROM data WHERE year(ordered_on)=2023"),
        ("number of sales by area", by("area", "count(*)")),
        ("count of sales by area", by("area", "count(*)")),
        ("which customer made the most orders", most("customer", "count(*)")),
        ("how many orders were sold in the North", "SELECT count(*) FROM data WHERE area='North'"),
    ],
)
def test_how_many_sales_stays_a_count(orders: Asked, question: str, statement: str) -> None:
    assert orders.agrees(question, statement)


@pytest.mark.parametrize(
    "question",
    ["average sales per month", "average monthly sales", "average revenue per month", "mean revenue by month",
     "highest monthly revenue", "which area has the fewest sales"],
)  # fmt: skip
def test_the_mean_of_the_months_and_that_of_the_orders_are_two(orders: Asked, question: str) -> None:
    assert orders.intent(question) is None


@pytest.mark.parametrize("question", ["total sales by month", "sales per month", "monthly sales"])
def test_the_sales_of_each_month_are_added_up(orders: Asked, question: str) -> None:
    assert orders.agrees(question, by("date_trunc('month', ordered_on)::DATE"))


@pytest.mark.parametrize(
    "question",
    ["how many items were sold", "how many things were sold", "how many were sold", "how many products were ordered"],
)  # fmt: skip
def test_what_was_sold_is_not_counted_by_rows_that_hold_several(orders: Asked, question: str) -> None:
    assert orders.intent(question) is None


@pytest.mark.parametrize("question", ["how many units were sold", "total quantity sold"])
def test_units_that_were_sold_are_added_up(orders: Asked, question: str) -> None:
    assert orders.agrees(question, "SELECT sum(quantity) FROM data")


def test_pieces_of_one_kind_that_were_sold_are_added_up(orders: Asked) -> None:
    churns = "SELECT sum(quantity) FROM data WHERE product = 'churn'"
    assert orders.agrees("how many churns were sold", churns)


def test_where_each_row_is_one_piece_those_that_were_sold_are_rows() -> None:
    rows: list[list[Value]] = [[f"P{n:02}", WARES[n * 3 % 7 % 3], price(n)] for n in range(60)]
    with closing(asked("pail_sales", ["pail_ref", "product", "price"], rows)) as made:
        assert made.agrees("how many churns were sold", "SELECT count(*) FROM data WHERE product='churn'")


@pytest.mark.parametrize("who", ["product", "customer"])
def test_the_highest_unit_price_is_no_sum_of_them(orders: Asked, who: str) -> None:
    readings = orders.reader.read(f"which {who} has the highest unit price").readings

    measured = {(m.aggregate, m.column) for reading in readings for m in reading.intent.measures}
    assert (Aggregate.MAX, "unit_price") in measured
    assert measured <= {(Aggregate.MAX, "unit_price"), (Aggregate.MEAN, "unit_price")}


@pytest.mark.parametrize(
    ("question", "statement"),
    [
        ("average unit price", "SELECT avg(unit_price) FROM data"),
        ("highest unit price", "SELECT max(unit_price) FROM data"),
        ("average unit price by product", by("product", "avg(unit_price)")),
    ],
)
def test_unit_prices_have_a_mean_and_a_highest_one(orders: Asked, question: str, statement: str) -> None:
    assert orders.agrees(question, statement)


@pytest.mark.parametrize("question", ["price of a churn", "unit price by product"])
def test_unit_prices_are_not_added_up(orders: Asked, question: str) -> None:
    intent = orders.intent(question)

    assert intent is None or all(m.aggregate is not Aggregate.SUM for m in intent.measures)


@pytest.mark.parametrize(
    "question",
    ["total revenue", "revenue by product", "which customer spent the most", "total sales", "average sales", "average order value", "order value by area", "how much did Ada Holm spend",
     "total spent by Ada Holm", "share of revenue in the North", "top 3 products by revenue"],
)  # fmt: skip
def test_of_two_totals_none_is_chosen(question: str) -> None:
    with closing(deals("total_net", "total_gross")) as made:
        assert made.intent(question) is None
        assert made.agrees("total gross", "SELECT sum(total_gross) FROM data")
        assert made.agrees("how many sales", "SELECT 80")


@pytest.mark.parametrize("column", ["total", "amount", "order_total", "invoice_amount"])
def test_what_an_order_comes_to_has_many_names(column: str) -> None:
    with closing(deals(column)) as made:
        assert made.agrees("total sales", f"SELECT sum({column}) FROM data")
        assert made.agrees("which customer spent the most", most("customer", f"sum({column})"))


@pytest.mark.parametrize("column", ["total_ex_tax", "amount_paid"])
def test_a_second_amount_may_be_what_was_meant(column: str) -> None:
    with closing(deals("total", column)) as made:
        for question in ("total sales", "revenue by product", "which customer spent the most"):
            assert made.intent(question) is None


@pytest.mark.parametrize("column", ["discount_total", "tax_amount", "shipping_total"])
def test_what_is_added_to_an_order_is_not_what_it_comes_to(column: str) -> None:
    with closing(deals("total", column)) as made:
        assert made.agrees("total sales", "SELECT sum(total) FROM data")


def test_a_total_of_what_is_not_traded_are_no_sales() -> None:
    rows: list[list[Value]] = [
        [f"W{n:02}", ["moss", "fern"][n * 7 % 11 % 2], 10.5 + n * 37 % 211] for n in range(60)
    ]
    with closing(asked("bog_walks", ["walk_ref", "herb", "total"], rows)) as made:
        assert made.intent("total sales") is None
        assert made.intent("average order value") is None
