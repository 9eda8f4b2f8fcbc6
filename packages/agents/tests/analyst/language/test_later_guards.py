"""Readings that are declined for what they leave out, and near questions that stay answered."""

from contextlib import closing

from packages.agents.tests.analyst.language.tables import Value, asked


def test_all_kinds_at_once_are_asked_of_each() -> None:
    rows: list[list[Value]] = [[("east", "west", "north")[n % 3], 3 + n] for n in range(60)]
    with closing(asked("kilns", ["wing", "heat"], rows)) as kilns:
        assert kilns.intent("average heat of east and west and north") is None
        assert kilns.agrees("average heat in east", "SELECT avg(heat) FROM data WHERE wing='east'")


def test_who_is_nobody_s_order_number() -> None:
    rows: list[list[Value]] = [[100 + n, ("Ada", "Ben")[n % 2], 1 + n % 7, 5 + n * 3 % 11] for n in range(40)]
    with closing(asked("orders", ["order_id", "customer", "quantity", "total"], rows)) as orders:
        assert orders.intent("who spent the most") is None
        assert orders.intent("which customer spent the most") is not None


def test_kinds_with_a_word_in_them_are_not_counted_by_rows() -> None:
    kinds = ("red oak", "white oak", "ash", "elm")
    rows: list[list[Value]] = [[kinds[n % 4], 3 + n] for n in range(40)]
    with closing(asked("beams", ["timber", "rings"], rows)) as beams:
        assert beams.agrees('how many timbers contain "oak"', "SELECT 2")
        assert beams.agrees('how many beams have a timber that contains "oak"', "SELECT 20")


def test_sales_of_two_totals_are_not_counted() -> None:
    rows: list[list[Value]] = [
        [f"C{n % 9}", ("N", "S")[n % 2], 1 + n % 7, 5 + n % 11, 4 + n % 13] for n in range(60)
    ]
    columns = ["customer", "area", "quantity", "total_net", "total_gross"]
    with closing(asked("orders", columns, rows)) as orders:
        assert orders.intent("sales by area") is None
        assert orders.agrees("number of sales by area", "SELECT area, count(*) FROM data GROUP BY 1")


def test_who_stayed_is_no_linking_verb_where_a_column_says_who_left() -> None:
    rows: list[list[Value]] = [[1 + n, ("mill", "quay")[n % 2], int(n % 3 == 0)] for n in range(60)]
    with closing(asked("weavers", ["badge", "site", "left"], rows)) as weavers:
        assert weavers.intent("how many mill weavers stayed") is None
        assert weavers.agrees("how many weavers at the mill", "SELECT 30")
