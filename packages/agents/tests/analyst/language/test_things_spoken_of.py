"""Words that speak of one thing are not read of another; near questions stay answered."""

from contextlib import closing
from datetime import date, timedelta

from packages.agents.tests.analyst.language.tables import Value, asked

DAY = date(2021, 1, 1)


def test_one_storm_of_a_day_is_not_all_of_that_day() -> None:
    rows: list[list[Value]] = [
        [("surge", "wind", "hail")[n % 3], DAY + timedelta(n * 16), n * 13 % 37] for n in range(90)
    ]
    rows.append(["surge", DAY, 3])
    with closing(asked("gulf_storms", ["Phase", "date", "Fatalities"], rows)) as storms:
        assert storms.intent("on what day was the storm with the most deaths") is None
        assert storms.intent("on what day were the most deaths") is not None


def test_home_and_away_are_not_passed_over() -> None:
    clubs = ("Ayr", "Bute", "Caw", "Dun")
    rows: list[list[Value]] = [[clubs[n % 4], clubs[(n + 1) % 4], n % 5] for n in range(80)]
    with closing(asked("matches", ["HomeTeam", "AwayTeam", "Goals"], rows)) as matches:
        assert matches.intent("matches Ayr at home vs Bute away") is None
        assert matches.agrees("how many matches", "SELECT 80")


def test_rows_are_meant_where_a_kind_is_called_like_them() -> None:
    rows: list[list[Value]] = [[f"T{n}", ("tile", "slab", "rim")[n % 3], n % 4] for n in range(90)]
    with closing(asked("tiles", ["code", "shape", "chips"], rows)) as tiles:
        assert tiles.agrees("how many tiles", "SELECT 90")
        assert tiles.intent("how many tiles chip") is None


def test_no_whole_number_is_equal_to_a_part() -> None:
    rows: list[list[Value]] = [[n, f"S{n % 7}"] for n in range(90)]
    with closing(asked("seals", ["id", "bay"], rows)) as seals:
        assert seals.intent("how many seals have id 1.25") is None
        assert seals.agrees("how many seals have id 12", "SELECT 1")


def test_a_column_of_percents_has_its_own_number() -> None:
    rows: list[list[Value]] = [
        [("Uri", "Zug", "Glarus")[n % 3], 1990 + n // 3, 10.5 + n * 7 % 53] for n in range(60)
    ]
    with closing(asked("cantons", ["canton", "year", "rural"], rows)) as cantons:
        assert cantons.intent("uri rural percent 1994") is None
        assert cantons.agrees("rural of uri in 1994", "SELECT 10.5 + 12 * 7 % 53")


def test_the_best_is_not_what_there_is_most_of() -> None:
    rows: list[list[Value]] = [
        [("cook", "smith")[n % 2], ("men", "women")[n // 2 % 2], 5 + n * 3 % 41] for n in range(60)
    ]
    with closing(asked("trades", ["trade", "sex", "count"], rows)) as trades:
        assert trades.intent("which trade is the best for women") is None
        assert trades.agrees(
            "which trade has the highest count for women",
            "SELECT trade, sum(count) AS n FROM data WHERE sex = 'women' GROUP BY 1 ORDER BY n DESC LIMIT 1",
        )


def test_numbers_of_amounts_are_no_years() -> None:
    rows: list[list[Value]] = [[DAY + timedelta(n), 900 + n * 37 % 2600, 5 + n % 9] for n in range(90)]
    with closing(asked("gauges", ["noted_on", "flow_ms", "crew"], rows)) as gauges:
        assert gauges.agrees(
            "how many gauges took more than 2000 ms", "SELECT count(*) FROM data WHERE flow_ms > 2000"
        )
        assert gauges.intent("how many gauges above 2000") is None
        assert gauges.agrees("how many gauges after 2020", "SELECT 90")


def test_a_bound_far_beyond_a_column_is_another_column_s() -> None:
    rows: list[list[Value]] = [[f"B{n}", 1 + n % 5, 40 + n * 71 % 5000] for n in range(90)]
    with closing(asked("novels", ["novel", "mark", "marks_count"], rows)) as novels:
        assert novels.intent("how many novels have a mark above 2000") is None
        assert novels.agrees(
            "how many novels have a mark above 3", "SELECT count(*) FROM data WHERE mark > 3"
        )


def test_months_of_one_year_and_another_year() -> None:
    rows: list[list[Value]] = [[DAY + timedelta(n * 9), 5 + n % 9] for n in range(120)]
    with closing(asked("fees", ["paid_on", "amount"], rows)) as fees:
        assert fees.intent("total amount in january 2021 or 2022") is None
        assert fees.intent("total amount as of 2022") is None
        assert fees.agrees(
            "total amount in january 2022",
            "SELECT sum(amount) FROM data WHERE year(paid_on) = 2022 AND month(paid_on) = 1",
        )


def test_a_kind_and_its_variant_in_parentheses() -> None:
    ways = ("Soft landing", "Soft landing (aborted)", "Splash")
    rows: list[list[Value]] = [[f"L{n}", ways[n % 3]] for n in range(90)]
    with closing(asked("landings", ["landing_id", "way"], rows)) as landings:
        assert landings.intent("how many soft landings") is None
        assert landings.agrees("how many splash landings", "SELECT 30")


def test_units_of_length_convert() -> None:
    rows: list[list[Value]] = [[f"R{n}", 100 + n * 41 % 2900] for n in range(90)]
    with closing(asked("routes", ["route", "distance_km"], rows)) as routes:
        assert routes.agrees(
            "how many routes under 1000 miles", "SELECT count(*) FROM data WHERE distance_km < 1609.344"
        )


def test_scores_do_not_add_up_unasked() -> None:
    rows: list[list[Value]] = [[("north", "south")[n % 2], n % 11, n % 6] for n in range(120)]
    with closing(asked("panel", ["region", "nps", "crates"], rows)) as panel:
        assert panel.intent("nps by region") is None
        assert panel.agrees("crates by region", "SELECT region, sum(crates) FROM data GROUP BY 1")
