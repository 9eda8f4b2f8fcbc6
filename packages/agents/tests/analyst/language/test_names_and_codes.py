"""Which column a thing is called by: its name or its code, a name that some share, one that most lack."""

import datetime as dt
from contextlib import closing

from packages.agents.tests.analyst.language.tables import Value, asked


def test_a_code_beside_a_name_of_as_many_is_not_chosen_silently() -> None:
    rows: list[list[Value]] = [
        [1950 + n // 8 * 5, 200 + n % 8 * 7, f"Quay {chr(65 + n % 8)}", 1.5 + n * 11 % 37] for n in range(80)
    ]
    with closing(asked("sea_freight", ["year", "harbour_code", "anchorage", "tonnage"], rows)) as freight:
        assert freight.intent("max tonnage per harbour, all years") is None
        assert freight.agrees(
            "highest tonnage per harbour code",
            "SELECT harbour_code, max(tonnage) FROM data GROUP BY 1 ORDER BY 1",
        )


def test_rows_that_share_their_names_are_ranked_each_by_itself() -> None:
    rows: list[list[Value]] = [
        [f"Ford {n % 70}", ("North", "South", "East")[n // 70], 100 + n * 37 % 997] for n in range(100)
    ]
    with closing(asked("shires", ["ford", "side", "population"], rows)) as shires:
        assert shires.agrees(
            "top 3 fords by population",
            "SELECT ford, population FROM data QUALIFY rank() OVER (ORDER BY population DESC) <= 3 "
            "ORDER BY 2 DESC, 1",
        )


def test_what_mostly_has_no_name_is_not_called_by_its_number() -> None:
    rows: list[list[Value]] = [
        [f"NN {n}" if n else None, f"Comet {n}" if n % 3 == 0 else None, 0.5 + n * 13 % 29] for n in range(60)
    ]
    with closing(asked("comets", ["designation", "name", "brightness"], rows)) as comets:
        assert comets.intent("which comet has the highest brightness") is None


def test_a_column_called_time_that_holds_years() -> None:
    rows: list[list[Value]] = [
        [("NOR", "SWE", "DEN")[n % 3], 1990 + n // 3, 3.5 + n * 7 % 23] for n in range(60)
    ]
    with closing(asked("timber_use", ["LAND", "TIME", "PER_HEAD"], rows)) as timber:
        assert timber.agrees("mean per head in 2001", "SELECT avg(PER_HEAD) FROM data WHERE TIME = 2001")
        assert timber.agrees(
            "per head of NOR in 1995", "SELECT PER_HEAD FROM data WHERE TIME = 1995 AND LAND = 'NOR'"
        )


def test_a_column_spelt_as_people_chat() -> None:
    rows: list[list[Value]] = [[f"S{n}", 2.0 + n * 7 % 11, 5.0 + n * 3 % 13] for n in range(40)]
    with closing(asked("regions", ["region", "ur", "poverty"], rows)) as regions:
        assert regions.agrees("correlation between ur and poverty", "SELECT corr(ur, poverty) FROM data")


def test_one_of_many_areas_in_lower_case() -> None:
    rows: list[list[Value]] = [[n, f"{chr(65 + n % 26)}{chr(97 + n // 26)}ford", n % 7] for n in range(150)]
    with closing(asked("cab_ranks", ["id", "area", "cabs"], rows)) as ranks:
        assert ranks.agrees("how many rows are in kcford", "SELECT count(*) FROM data WHERE area = 'Kcford'")


def test_a_company_called_total_is_no_line_of_totals() -> None:
    rows: list[list[Value]] = [
        ["Total" if n == 7 else f"Firm {n}", ("oil", "rail")[n % 2], 1.5 + n % 37] for n in range(900)
    ]
    with closing(asked("firms", ["name", "trade", "sales"], rows)) as firms:
        assert firms.agrees(
            "average sales by trade", "SELECT trade, avg(sales) FROM data GROUP BY 1 ORDER BY 1"
        )
    with closing(asked("firms", ["name", "trade", "sales"], rows[:90])) as few:
        assert few.intent("average sales by trade") is None


def test_a_column_that_ends_with_number() -> None:
    rows: list[list[Value]] = [[f"P{n}", 0.5 + n * 7 % 31, 2.5 + n * 3 % 17, n % 6] for n in range(60)]
    with closing(asked("tests", ["pupil", "Word_Number", "Four_Letter_Words", "number"], rows)) as tests:
        assert tests.agrees("average Word_Number", "SELECT avg(Word_Number) FROM data")
        assert tests.agrees("average number", "SELECT avg(number) FROM data")


def test_names_that_begin_with_n_for_number() -> None:
    rows: list[list[Value]] = [[f"{n % 6 * 10 + 20}s", n % 9, 3 + n * 7 % 23] for n in range(60)]
    with closing(asked("ward_study", ["agegp", "ncases", "ncontrols"], rows)) as study:
        assert study.agrees("total cases", "SELECT sum(ncases) FROM data")
        assert study.agrees("average controls", "SELECT avg(ncontrols) FROM data")
    with closing(asked("ward_study", ["agegp", "ncases"], [row[:2] for row in rows])) as one:
        assert one.intent("average controls") is None


def test_those_above_average_in_one_year_are_shown_with_what_they_have() -> None:
    rows: list[list[Value]] = [[f"Isle {n % 12}", 2010 + n // 12, 0.5 + n * 17 % 43] for n in range(96)]
    with closing(asked("isles", ["isle", "year", "wool"], rows)) as isles:
        assert isles.agrees(
            "which isles had a wool above the average in 2014",
            "SELECT isle, wool FROM data WHERE year = 2014 AND wool > "
            "(SELECT avg(wool) FROM data WHERE year = 2014) ORDER BY 2 DESC, 1",
        )
        assert isles.agrees(
            "isles with a wool between 10 and 20 in 2014",
            "SELECT isle, wool FROM data WHERE year = 2014 AND wool BETWEEN 10 AND 20 ORDER BY 2 DESC, 1",
        )


def test_paid_by_the_hour_is_no_group_of_hours() -> None:
    start = dt.datetime(2023, 5, 1, 8)
    rows: list[list[Value]] = [
        [start + dt.timedelta(minutes=37 * n), ("hourly", "yearly")[n % 2], 20 + n % 9] for n in range(80)
    ]
    with closing(asked("shifts", ["asked_at", "salary_type", "current_bonus"], rows)) as shifts:
        assert shifts.intent("median current bonus of those paid by the hour") is None
        assert shifts.agrees(
            "median current bonus by hour",
            "SELECT date_trunc('hour', asked_at), median(current_bonus) FROM data GROUP BY 1 ORDER BY 1",
        )


def test_what_has_sales_and_profits_is_a_company() -> None:
    rows: list[list[Value]] = [
        ["Mill" if n == 3 else f"House {n}", ("Milling", "Rail")[n % 2], 1.5 + n * 7 % 97, n * 3 % 41 - 5.0]
        for n in range(80)
    ]
    with closing(asked("fortune_80", ["name", "trade", "sales", "profits"], rows)) as firms:
        assert firms.agrees("how many companies are there", "SELECT count(*) FROM data")
        assert firms.agrees(
            "which company has the biggest sales",
            "SELECT name, sales FROM data QUALIFY rank() OVER (ORDER BY sales DESC) = 1",
        )
        assert firms.intent("top 5 mills by sales") is None


def test_which_is_the_thickest_wants_a_book() -> None:
    rows: list[list[Value]] = [[f"Book {n}", ("Oak", "Fir")[n % 2], 90 + n * 7 % 311] for n in range(60)]
    with closing(asked("books", ["title", "press", "pages"], rows)) as books:
        assert books.intent("Which is the most thick book of Oak, by pages?") is None
        assert books.agrees("maximum pages of Oak", "SELECT max(pages) FROM data WHERE press = 'Oak'")
