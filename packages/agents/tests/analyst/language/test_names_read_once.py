"""A column's name, or a word of it, is read as what it says, and only once."""

from contextlib import closing
from datetime import date, timedelta

from packages.agents.tests.analyst.language.tables import Value, asked

DAY = date(2023, 1, 1)


def test_a_state_is_not_also_the_date_of_coming_into_it() -> None:
    states = ("shipped", "packed", "lost")
    rows: list[list[Value]] = [
        [
            n,
            states[n % 3],
            DAY + timedelta(n * 9),
            DAY + timedelta(n * 9 + 4) if n % 3 < 2 else None,
        ]
        for n in range(80)
    ]
    with closing(asked("parcels", ["parcel_id", "status", "packed_on", "ship_date"], rows)) as parcels:
        assert parcels.intent("how many parcels shipped in 2024") is None
        assert parcels.intent("shipped parcels by month of ship_date") is None
        assert parcels.agrees("how many shipped parcels", "SELECT 27")


def test_what_lasted_is_no_last_one() -> None:
    rows: list[list[Value]] = [[n, ("first", "last", "main")[n % 3], 10 + n * 37 % 90] for n in range(90)]
    with closing(asked("calls", ["call_id", "queue", "duration_sec"], rows)) as calls:
        assert calls.intent("how many calls lasted more than 50 seconds") is None
        assert calls.agrees('how many calls where queue is "last"', "SELECT 30")


def test_an_amount_written_as_text_counts_no_rows() -> None:
    rows: list[list[Value]] = [[f"B{n}", f"EUR {n},{n}0", DAY + timedelta(n * 5)] for n in range(60)]
    with closing(asked("bills", ["Bill No", "Amount", "Bill Date"], rows)) as bills:
        assert bills.intent("total amount") is None
        assert bills.intent("amount by quarter") is None
        assert bills.agrees("how many bills", "SELECT 60")


def test_columns_of_objects_are_not_counted() -> None:
    rows: list[list[Value]] = [[f'{{"id": {n % 7}, "at": {n}}}', n % 5] for n in range(60)]
    with closing(asked("taps", ["visitor", "stars"], rows)) as taps:
        assert taps.intent("how many different visitors") is None
        assert taps.agrees("mean stars", "SELECT 2.0")


def test_two_pairs_joined_by_or_are_not_torn_apart() -> None:
    rows: list[list[Value]] = [[("red", "blue")[n % 2], ("oak", "elm", "ash")[n % 3]] for n in range(60)]
    with closing(asked("boats", ["colour", "timber"], rows)) as boats:
        assert boats.intent("how many red boats of oak or blue boats of elm") is None
        assert boats.agrees("how many red boats of oak or elm", "SELECT 20")


def test_items_with_an_article_number_are_rows_or_names() -> None:
    rows: list[list[Value]] = [
        [f"S-{n:03}", ("Bolt", "Nut", "Cog", "Pin", "Nail", "Hook")[n % 6], n % 11] for n in range(60)
    ]
    with closing(asked("inventory", ["sku", "item", "on_shelf"], rows)) as stock:
        assert stock.intent("how many items have on_shelf below 4") is None
        assert stock.agrees("how many different items", "SELECT 6")


def test_a_line_of_totals_is_not_added_to_what_it_adds_up() -> None:
    rows: list[list[Value]] = [[("Bray", "Cork", "Down")[n % 3], 2 + n] for n in range(60)]
    rows.append(["Total", sum(2 + n for n in range(60))])
    with closing(asked("shops", ["shop", "takings"], rows)) as shops:
        assert shops.intent("total takings") is None
        assert shops.intent("how many rows") is None
        assert shops.agrees("total takings of Bray", "SELECT sum(takings) FROM data WHERE shop = 'Bray'")
        assert shops.agrees("highest takings of Cork", "SELECT max(takings) FROM data WHERE shop = 'Cork'")


def test_by_those_who_did_it_groups_nothing() -> None:
    rows: list[list[Value]] = [
        [f"{n}", ("Y", "N")[n % 2], ("flu", "gout", "croup")[n % 3]] for n in range(60)
    ]
    with closing(asked("visits", ["visit_id", "smoker", "illness"], rows)) as visits:
        assert visits.intent("how many visits by smokers with gout") is None
        assert visits.agrees("visits by smoker", "SELECT smoker, count(*) FROM data GROUP BY 1")


def test_a_file_called_after_an_amount_holds_amounts() -> None:
    rows: list[list[Value]] = [
        [2019 + n % 5, ("Inn", "Lodge")[n % 2], 10.25 + n * 37 % 211] for n in range(120)
    ]
    with closing(asked("rainfall", ["Year", "Site", "Rainfall"], rows)) as rainfall:
        assert rainfall.agrees("average rainfall by site", "SELECT Site, avg(Rainfall) FROM data GROUP BY 1")
        assert rainfall.agrees("highest rainfall", "SELECT max(Rainfall) FROM data")
        assert rainfall.agrees("how many rows", "SELECT 120")


def test_a_noun_that_is_an_amount_as_well_counts_nothing_unasked() -> None:
    rows: list[list[Value]] = [[("Mon", "Tue")[n % 2], 1 + n % 6, 3.5 + n * 7 % 31] for n in range(60)]
    with closing(asked("fares", ["day", "riders", "fare"], rows)) as fares:
        assert fares.intent("fare by day") is None
        assert fares.agrees("how many fares by day", "SELECT day, count(*) FROM data GROUP BY 1")


def test_the_value_of_rows_is_no_number_of_them() -> None:
    rows: list[list[Value]] = [[f"H{n}", ("Ann", "Kim")[n % 2], 90_000 + n * 997] for n in range(60)]
    with closing(asked("houses", ["house", "seller", "price"], rows)) as houses:
        assert houses.intent("total value of houses by Kim") is None
        assert houses.intent("value of houses sold by Kim") is None
        assert houses.agrees("how many houses", "SELECT 60")
