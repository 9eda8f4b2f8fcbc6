"""`By how much does A exceed B` is the difference between them; columns of one row are held against each other."""

from contextlib import closing

from packages.agents.tests.analyst.language.tables import Value, asked


def _kilns() -> list[list[Value]]:
    return [[1 + n % 3, ("clay", "glass")[n % 2], 10 + n * 7 % 31, 4 + n * 5 % 17] for n in range(60)]


def test_what_one_exceeds_the_other_by() -> None:
    with closing(asked("kilns", ["shift", "ware", "heat", "draught"], _kilns())) as kilns:
        apart = (
            "SELECT avg(heat) FILTER (WHERE ware='clay') - avg(heat) FILTER (WHERE ware='glass') FROM data"
        )
        assert kilns.agrees("by how much does the mean heat of clay exceed that of glass", apart)
        assert kilns.agrees("how much does the mean heat of clay exceed the mean heat of glass", apart)
        assert kilns.agrees(
            "By how much does the average heat exceed the average draught?",
            "SELECT avg(heat) - avg(draught) FROM data",
        )
        assert kilns.intent("how much does clay exceed") is None


def test_two_columns_of_one_row() -> None:
    rows: list[list[Value]] = [[1900 + n, 40 + n * 7 % 90, 20 + n * 11 % 70] for n in range(60)]
    with closing(asked("parish", ["year", "births", "deaths"], rows)) as parish:
        assert parish.agrees(
            "ratio of births to deaths in 1920", "SELECT births / deaths FROM data WHERE year = 1920"
        )
        assert parish.agrees(
            "births minus deaths in 1920", "SELECT births - deaths FROM data WHERE year = 1920"
        )
        assert parish.agrees(
            "how many more births than deaths were there in 1920",
            "SELECT births - deaths FROM data WHERE year = 1920",
        )
        assert parish.intent("difference between births and deaths") is None


def test_a_condition_after_when() -> None:
    with closing(asked("kilns", ["shift", "ware", "heat", "draught"], _kilns())) as kilns:
        assert kilns.agrees("mean heat when ware is clay", "SELECT avg(heat) FROM data WHERE ware = 'clay'")
        assert kilns.agrees(
            "which of the two wares has the highest mean heat",
            "SELECT ware, avg(heat) AS h FROM data GROUP BY 1 ORDER BY h DESC LIMIT 1",
        )
        assert kilns.intent("which of the three wares has the highest mean heat") is None


def test_daily_and_scales_and_sales() -> None:
    rows: list[list[Value]] = [[("N", "S")[n % 2], 10.5 + n % 7, 60 + n % 5] for n in range(60)]
    with closing(asked("gauges", ["bank", "temperature_c", "level"], rows)) as gauges:
        assert gauges.intent("average temperature in fahrenheit") is None
        assert gauges.agrees("average temperature in celsius", "SELECT avg(temperature_c) FROM data")


def test_those_who_did_it_are_not_asked_for() -> None:
    rows: list[list[Value]] = [[f"Pupil {n}", n % 41, n % 3 == 0] for n in range(60)]
    with closing(asked("pupils", ["pupil", "reading_score", "passed"], rows)) as pupils:
        assert pupils.agrees(
            "lowest reading score among those who failed",
            "SELECT min(reading_score) FROM data WHERE NOT passed",
        )


def test_follow_ups_of_rankings_and_of_groups() -> None:
    rows: list[list[Value]] = [[f"C{n % 9}", 1 + n % 7, 5 + n * 3 % 11] for n in range(90)]
    with closing(asked("orders", ["customer", "quantity", "total"], rows)) as orders:
        top = orders.intent("top 3 customers by total")
        assert top is not None
        assert orders.intent("by quantity", top) is None
        by_customer = orders.intent("total by customer")
        assert by_customer is not None
        counted = orders.intent("how many", by_customer)
        assert counted is not None
        assert counted.groups == by_customer.groups


def test_a_ranking_s_groups_may_be_years() -> None:
    rows: list[list[Value]] = [[f"C{n % 9}", 2015 + n % 6, 5 + n * 3 % 11] for n in range(90)]
    with closing(asked("orders", ["customer", "year", "total"], rows)) as orders:
        top = orders.intent("top 3 customers by total")
        assert top is not None
        by_year = orders.intent("and by year", top)
        assert by_year is not None
        assert [group.column for group in by_year.groups] == ["year"]


def test_spending_of_amounts_that_go_both_ways() -> None:
    rows: list[list[Value]] = [[("food", "rent", "pay")[n % 3], (n % 3 - 1) * 10.5 - 3] for n in range(60)]
    with closing(asked("account", ["category", "amount"], rows)) as account:
        assert account.intent("which category has the highest spending") is None
        assert account.agrees("total amount of rent", "SELECT sum(amount) FROM data WHERE category = 'rent'")
