"""Entries of lists, differences told in clauses, stocks and their shares, and words beside counting columns."""

import datetime as dt
from collections.abc import Iterator
from contextlib import closing

import pytest
from packages.agents.tests.analyst.language.tables import Asked, Value, asked


@pytest.fixture(scope="module")
def huts() -> Iterator[Asked]:
    """Huts with lists of what they have, some of them with a stove."""
    lists = ["stove, well", "well", "stove, well, sauna", "loft", None, "sauna, loft", "well, loft"]
    rows: list[list[Value]] = [
        [f"Hut {n}", lists[n % 7], len((lists[n % 7] or "").split(", ")), ("coastal", "alpine")[n % 2], n % 3 == 0,
         20 + n * 7 % 50, 300 + n * 13 % 900]
        for n in range(84)
    ]  # fmt: skip
    columns = ["name", "features", "featuresCount", "kind", "staffed", "fee", "elevation"]
    with closing(asked("huts", columns, rows)) as made:
        yield made


HAS_WELL = "list_contains(string_split(features, ', '), 'well')"


@pytest.mark.parametrize(
    ("question", "statement"),
    [
        ("how many huts have the feature well", f"SELECT count(*) FROM data WHERE {HAS_WELL}"),
        ("average fee of huts with the feature well", f"SELECT avg(fee) FROM data WHERE {HAS_WELL}"),
        ("how many alpine huts have the feature well", f"SELECT count(*) FROM data WHERE kind='alpine' AND {HAS_WELL}"),
        ("which huts have more than 2 features",
         "SELECT name, featuresCount FROM data WHERE featuresCount > 2 ORDER BY name"),
        ("average number of features", "SELECT avg(featuresCount) FROM data"),
    ],
)  # fmt: skip
def test_an_entry_of_a_list_is_looked_for_in_all_lists(huts: Asked, question: str, statement: str) -> None:
    got, wanted = huts.answer(question), huts.sql(statement)
    assert got is not None
    assert sorted(got, key=str) == sorted(wanted, key=str)


def test_an_entry_that_is_also_part_of_longer_ones_is_declined() -> None:
    lists = ["oak, ash", "oak veneer", "ash, elm", "oak", "elm", "oak, elm"]
    rows: list[list[Value]] = [[f"No {n}", lists[n % 6], 3 + n] for n in range(60)]
    with closing(asked("chairs", ["name", "woods", "price"], rows)) as chairs:
        assert chairs.intent("how many chairs have the wood oak") is None
        assert chairs.intent("how many chairs have the wood elm") is not None


@pytest.mark.parametrize(
    "question",
    [
        "how much higher is the average fee of staffed huts than that of huts that are not staffed",
        "by how much does the mean fee of staffed huts exceed that of huts that are not staffed",
        "difference in mean fee between staffed huts and huts that are not staffed",
    ],
)
def test_a_difference_of_clauses(huts: Asked, question: str) -> None:
    wanted = "SELECT avg(fee) FILTER (staffed) - avg(fee) FILTER (NOT staffed) FROM data"
    assert huts.agrees(question, wanted)


def test_a_difference_of_clauses_with_what_is_meant_of_both(huts: Asked) -> None:
    assert huts.agrees(
        "how much higher is the average fee of alpine huts with an elevation above 700 than of those with an elevation "
        "below 500",
        "SELECT avg(fee) FILTER (elevation > 700) - avg(fee) FILTER (elevation < 500) FROM data WHERE kind='alpine'",
    )


def test_what_is_higher_of_two_huts_is_where_they_stand(huts: Asked) -> None:
    assert huts.agrees(
        "by how many metres is Hut 4 higher than Hut 9",
        "SELECT max(elevation) FILTER (name='Hut 4') - max(elevation) FILTER (name='Hut 9') FROM data",
    )
    assert huts.intent("by how much is Hut 4 better than Hut 9") is None


@pytest.fixture(scope="module")
def quotes() -> Iterator[Asked]:
    """Days of an exchange."""
    rows: list[list[Value]] = [
        [dt.date(2020, 1, 1) + dt.timedelta(days=n), 900.0 + n, 905.0 + n, 901.0 + n * 7 % 90, 901.5 + n, 10_000 + n // 2]
        for n in range(400)
    ]  # fmt: skip
    with closing(
        asked("quotes_daily", ["date", "open", "high", "close", "adj_close", "volume"], rows)
    ) as made:
        yield made


@pytest.mark.parametrize(
    ("question", "statement"),
    [
        ("total number of shares traded in 2020", "SELECT sum(volume) FROM data WHERE year(date)=2020"),
        (
            "how many days closed between 920 and 950",
            "SELECT count(*) FROM data WHERE close BETWEEN 920 AND 950",
        ),
        ("what share of days had a volume above 10100", "SELECT avg((volume > 10100)::INT) FROM data"),
    ],
)
def test_shares_are_what_is_traded_or_a_part(quotes: Asked, question: str, statement: str) -> None:
    assert quotes.agrees(question, statement)


def test_a_share_price_is_no_part_of_anything(quotes: Asked) -> None:
    assert quotes.intent("what was the share price on 3 January 2020") is None


def test_likes_and_owns_are_no_idle_words() -> None:
    rows: list[list[Value]] = [
        [dt.date(2020, 1, 1) + dt.timedelta(days=n), ("Kay", "Lo")[n % 2], n % 3 == 0, n % 50, n * 3 % 40]
        for n in range(100)
    ]
    columns = ["posted_at", "author", "is_reply", "favourite_count", "reply_count"]
    with closing(asked("posts", columns, rows)) as posts:
        assert posts.agrees(
            "total likes in January 2020",
            "SELECT sum(favourite_count) FROM data WHERE posted_at BETWEEN '2020-01-01' AND '2020-01-31'",
        )
        assert posts.intent("who owns Kay") is None
        assert posts.agrees(
            "when was the last time Kay posted", "SELECT max(posted_at) FROM data WHERE author='Kay'"
        )


def test_a_loss_is_a_net_income_below_0_and_a_fiscal_year_a_year() -> None:
    rows: list[list[Value]] = [
        [f"{'ABCDEFGHIJ'[n % 10]}XQ", 2012 + n // 10, 50 + n, n * 37 % 90 - 30] for n in range(50)
    ]
    with closing(
        asked("firm_reports", ["Ticker Symbol", "For Year", "Revenue", "Net Income"], rows)
    ) as reports:
        assert reports.agrees(
            "how many reports show a net loss", 'SELECT count(*) FROM data WHERE "Net Income" < 0'
        )
        assert reports.agrees(
            "median revenue in fiscal year 2014", 'SELECT median("Revenue") FROM data WHERE "For Year" = 2014'
        )
        assert reports.agrees("how many tickers", 'SELECT count(DISTINCT "Ticker Symbol") FROM data')


def test_the_noun_of_the_file_is_no_mark_spelt_nearly_so() -> None:
    rows: list[list[Value]] = [
        [("Chair!", "Sitwell", "Lean")[n % 3], ("oak", "ash")[n % 5 > 2], 20 + n] for n in range(60)
    ]
    with closing(asked("oak_chairs", ["brand", "wood", "price"], rows)) as chairs:
        assert chairs.agrees("which wood has the most chairs", "SELECT 'oak', 36")
        assert chairs.agrees(
            "how many chairs cost more than 50", "SELECT count(*) FROM data WHERE price > 50"
        )


def test_a_file_called_in_another_language_is_spoken_of_in_it() -> None:
    rows: list[list[Value]] = [[f"K{n}", ("metro", "ile")[n % 2], 100 + n] for n in range(60)]
    with closing(asked("coastal_communes", ["nom", "zone", "population"], rows)) as communes:
        assert communes.agrees("how many communes are there", "SELECT 60")
        assert communes.agrees(
            "number of communes by zone", "SELECT zone, count(*) FROM data GROUP BY 1 ORDER BY 1"
        )


def test_a_day_told_by_many_places_is_named_once() -> None:
    rows: list[list[Value]] = [
        [f"pier {n % 4}", dt.date(2021, 1, 1) + dt.timedelta(days=n // 4), 5 + (n // 4) * 7 % 23]
        for n in range(80)
    ]
    with closing(asked("tides", ["pier", "day", "water_temp"], rows)) as tides:
        assert tides.agrees(
            "when was the water temp the highest",
            "SELECT DISTINCT day, water_temp FROM data WHERE water_temp = (SELECT max(water_temp) FROM data)",
        )


def test_the_most_answers_is_no_number_of_whom_was_answered() -> None:
    rows: list[list[Value]] = [[f"note {n}", 1_000 + n * 37 % 900, n % 40] for n in range(60)]
    with closing(asked("notes", ["text", "in_answer_to_user_id_str", "stars"], rows)) as notes:
        assert notes.intent("which note got the most answers") is None
        assert notes.intent("which note got the most stars") is not None


def test_a_mill_is_called_by_its_name_though_two_share_it() -> None:
    rows: list[list[Value]] = [[f"m/{n}", f"Mill {n % 70}", 3 + n * 7 % 211] for n in range(80)]
    with closing(asked("water_mills", ["id", "name", "wheel"], rows)) as mills:
        for question in ("which mill has the largest wheel", "what is the mill with the largest wheel"):
            assert mills.agrees(
                question, "SELECT name, wheel FROM data WHERE wheel = (SELECT max(wheel) FROM data)"
            )
