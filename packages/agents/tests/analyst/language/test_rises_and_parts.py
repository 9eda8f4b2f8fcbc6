"""Which way a difference goes, which part a share is of, and what an extreme is an extreme of."""

import datetime as dt
from contextlib import closing

from packages.agents.tests.analyst.language.tables import Value, asked


def test_a_rise_between_columns_of_years_is_the_later_minus_the_earlier() -> None:
    rows: list[list[Value]] = [[f"Office {n}", 100 + n * 7 % 31, 130 + n * 11 % 37] for n in range(40)]
    with closing(asked("postage", ["office", "2010", "2015"], rows)) as postage:
        later = 'SELECT sum("2015") - sum("2010") FROM data'
        assert postage.agrees("by how much did total 2010 rise to total 2015", later)
        assert postage.agrees("by how much did the total rise from 2010 to 2015", later)


def test_a_share_that_is_called_by_its_part() -> None:
    rows: list[list[Value]] = [[f"Sketch {n}", 1 + n % 8, n % 3 % 2, n % 5 % 2] for n in range(80)]
    with closing(asked("sketches", ["title", "season", "hill", "lake"], rows)) as sketches:
        assert sketches.agrees("hill share season 4", "SELECT avg(hill) FROM data WHERE season = 4")
        assert sketches.agrees(
            "in season 4, what share has a lake", "SELECT avg(lake) FROM data WHERE season = 4"
        )


def test_the_lowest_of_a_text_is_not_the_fewest_different() -> None:
    rows: list[list[Value]] = [
        [f"Ward {n % 9}", ("North", "South")[n % 2], f"{20 + n * 7 % 61} crowns a year"] for n in range(90)
    ]
    with closing(asked("wards", ["ward", "side", "ground_rent"], rows)) as wards:
        assert wards.intent("which ward in the North has the lowest ground rent") is None


def test_which_place_wants_a_place() -> None:
    rows: list[list[Value]] = [[f"Isle {n}", 10 + n * 7 % 97, n * 3 % 41] for n in range(40)]
    with closing(asked("isles_report", ["Isle", "Flock", "Total Sales"], rows)) as isles:
        assert isles.intent("Which place has the smallest flock?") is None


def test_nobody_spends_a_salary_by_having_one() -> None:
    rows: list[list[Value]] = [[f"Canton {n}", 3.5 + n % 7, 25.5 + n * 3 % 19] for n in range(26)]
    with closing(asked("schools", ["canton", "expend", "salary"], rows)) as schools:
        assert schools.agrees("total spending", "SELECT sum(expend) FROM data")
        assert schools.agrees(
            "average salary where spending is over 7", "SELECT avg(salary) FROM data WHERE expend > 7"
        )
    with closing(
        asked("staff", ["name", "age", "salary"], [[f"P{n}", 20 + n, 9.5 * n] for n in range(30)])
    ) as staff:
        assert staff.intent("total spending") is None


def test_a_part_or_a_whole_that_only_a_verb_tells_apart() -> None:
    rows: list[list[Value]] = [
        [("oak", "ash")[n % 2], dt.date(2019, 1, 1) + dt.timedelta(days=n * 9), 3 + n % 5] for n in range(120)
    ]
    with closing(asked("planks", ["wood", "sawn_on", "metres"], rows)) as planks:
        assert planks.intent("What fraction of oak planks came out in 2020?") is None
        assert planks.agrees(
            "share of oak planks in 2020",
            "SELECT avg((wood = 'oak')::INT) FROM data WHERE year(sawn_on) = 2020",
        )


def test_the_top_seasons_are_not_the_last_ones() -> None:
    rows: list[list[Value]] = [[f"Sketch {n}", 1 + n % 12, n % 7, n % 3 % 2] for n in range(96)]
    with closing(asked("sketches", ["title", "season", "prizes", "barn"], rows)) as sketches:
        assert sketches.intent("top 3 seasons for barns") is None
        assert sketches.agrees(
            "top 3 seasons by prizes",
            "SELECT season, sum(prizes) n FROM data GROUP BY 1 QUALIFY rank() OVER (ORDER BY n DESC) <= 3 "
            "ORDER BY n DESC, 1",
        )
