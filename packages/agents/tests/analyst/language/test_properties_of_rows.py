"""What a column says of each row does not turn the file's noun into an amount: `order_total` in a file of orders."""

import datetime as dt
from contextlib import closing

from packages.agents.tests.analyst.language.tables import Value, asked

START = dt.datetime(2023, 3, 6, 7)


def test_orders_with_an_order_total_are_rows() -> None:
    rows: list[list[Value]] = [
        [f"K{n:04}", START + dt.timedelta(hours=n * 7), f"Guest {n % 11}", 2.5 + n * 13 % 40, n % 4 == 0]
        for n in range(120)
    ]
    header = ["order_id", "ordered_at", "customer_name", "order_total", "is_first_order"]
    with closing(asked("kiosk_orders", header, rows)) as kiosk:
        assert kiosk.agrees("how many orders are there", "SELECT count(*) FROM data")
        assert kiosk.agrees(
            "orders by customer_name", "SELECT customer_name, count(*) FROM data GROUP BY 1 ORDER BY 1"
        )
        assert kiosk.agrees(
            "who are the 2 customers with the most orders",
            "SELECT customer_name, count(*) n FROM data GROUP BY 1 QUALIFY rank() OVER (ORDER BY n DESC) <= 2 "
            "ORDER BY n DESC, 1",
        )
        assert kiosk.agrees("average order total", "SELECT avg(order_total) FROM data")


def test_a_flag_that_speaks_of_another_loan_is_not_the_loan() -> None:
    rows: list[list[Value]] = [
        [n, 4000.0 + n * 37 % 900, 6 + n % 9, n % 3 == 0, float(n % 5 == 0)] for n in range(90)
    ]
    header = ["id", "boat_value", "loan_length", "repaid_loan_on_last_boat", "repaid"]
    with closing(asked("boat_loans", header, rows)) as loans:
        assert loans.agrees("how many boat loans are there", "SELECT count(*) FROM data")
        assert loans.agrees(
            "top 2 loans by boat_value",
            "SELECT id, boat_value FROM data QUALIFY rank() OVER (ORDER BY boat_value DESC) <= 2 "
            "ORDER BY 2 DESC, 1",
        )
        assert loans.agrees(
            "what percentage was repaid for each value of repaid_loan_on_last_boat",
            "SELECT repaid_loan_on_last_boat, avg((repaid = 1)::INT) FROM data GROUP BY 1 ORDER BY 1",
        )


def test_of_two_dates_the_one_called_as_the_rows_dates_them() -> None:
    rows: list[list[Value]] = [
        [
            f"F{n:03}",
            dt.date(2024, 1, 2) + dt.timedelta(days=n // 2),
            dt.date(2024, 1, 2) + dt.timedelta(days=n // 2 + n % 9),
            ("kept", "missed", "moved")[n % 3],
            10.5 + n % 7,
        ]
        for n in range(180)
    ]
    header = ["fitting_no", "planning_date", "fitting_date", "status", "fitting_duration"]
    with closing(asked("studio_fittings", header, rows)) as studio:
        assert studio.agrees(
            "how many fittings did we have on 17 February 2024",
            "SELECT count(*) FROM data WHERE fitting_date = DATE '2024-02-17'",
        )
        assert studio.agrees(
            "mean fitting_duration by fitting status",
            "SELECT status, avg(fitting_duration) FROM data GROUP BY 1 ORDER BY 1",
        )


def test_a_file_called_as_its_only_measure() -> None:
    rows: list[list[Value]] = [[("hay", "oats")[n % 2], 60 + n * 7 % 29] for n in range(40)]
    with closing(asked("weightgain", ["feed", "weightgain"], rows)) as gains:
        assert gains.agrees(
            "average weightgain by feed", "SELECT feed, avg(weightgain) FROM data GROUP BY 1 ORDER BY 1"
        )


def test_some_of_the_rows_of_whom_no_column_tells() -> None:
    rows: list[list[Value]] = [[f"M{n}", ("yes", "no")[n % 2], 40 + n * 3 % 71] for n in range(60)]
    with closing(asked("club_members", ["name", "founder", "fee"], rows)) as members:
        assert members.intent("median fee of full members") is None
        assert members.agrees("median fee of members", "SELECT median(fee) FROM data")
        assert members.intent("members chosen by a founder") is None


def test_people_over_an_age_where_rows_count_people() -> None:
    rows: list[list[Value]] = [[10 + n % 17 * 5, ("m", "f")[n % 2], n * 11 % 83] for n in range(102)]
    with closing(asked("drownings", ["age", "sex", "Freq"], rows)) as drownings:
        assert drownings.agrees("total drownings", "SELECT sum(Freq) FROM data")
        assert drownings.intent("number of drownings of people over 60") is None


def test_the_number_of_a_day_names_no_day() -> None:
    rows: list[list[Value]] = [[60 + n * 7 % 37, 5 + n // 30, 1 + n % 30] for n in range(150)]
    with closing(asked("weather", ["Temp", "Month", "Day"], rows)) as weather:
        assert weather.intent("hottest day") is None
        assert weather.agrees(
            "hottest day in July",
            "SELECT Day, Temp FROM data WHERE Month = 7 QUALIFY rank() OVER (ORDER BY Temp DESC) = 1",
        )
        assert weather.agrees("highest temp in July", "SELECT max(Temp) FROM data WHERE Month = 7")


def test_a_mean_number_by_two_kinds_is_not_how_many_each_kind_has() -> None:
    rows: list[list[Value]] = [[("m", "f")[n % 2], f"R{n % 20}", 1 + n * 7 % 13] for n in range(90)]
    with closing(asked("trips", ["sex", "route", "hours"], rows)) as trips:
        assert trips.intent("average number of trips by sex") is None
        assert trips.agrees(
            "average number of trips per route", "SELECT count(*) / count(DISTINCT route) FROM data"
        )
