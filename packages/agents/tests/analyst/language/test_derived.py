"""Numbers made of two columns of each row."""

import datetime as dt
from collections.abc import Iterator
from contextlib import closing

import pytest
from packages.agents.tests.analyst.language.tables import Asked, Value, asked


@pytest.fixture(scope="module")
def ponds() -> Iterator[Asked]:
    """Ponds whose water stands between a low and a high mark, with visits of two kinds."""
    rows: list[list[Value]] = [
        [f"Pond {n}", ("north", "south", "west")[n % 3], 10 + n * 7 % 40,
         None if n == 5 else 55 + n * 11 % 60, n * 3 % 17, n * 5 % 13, 20 + n % 31,
         dt.date(2024, 3, 1) + dt.timedelta(days=n), dt.date(2024, 4, 1) + dt.timedelta(days=n * 3 % 50)]
        for n in range(60)
    ]  # fmt: skip
    columns = [
        "name",
        "shore",
        "low_mark",
        "high_mark",
        "herons",
        "ducks",
        "acres",
        "filled_on",
        "drained_on",
    ]
    with closing(asked("ponds", columns, rows)) as made:
        yield made


@pytest.mark.parametrize(
    ("question", "statement"),
    [
        ("mean of high_mark minus low_mark by shore",
         "SELECT shore, avg(high_mark-low_mark) FROM data GROUP BY 1 ORDER BY 1"),
        ("average difference between high mark and low mark per shore",
         "SELECT shore, avg(high_mark-low_mark) FROM data GROUP BY 1 ORDER BY 1"),
        ("which pond has the largest gap between high mark and low mark",
         "SELECT name, high_mark-low_mark AS gap FROM data WHERE gap=(SELECT max(high_mark-low_mark) FROM data) ORDER BY 1"),
        ("which pond has the smallest spread between low mark and high mark",
         "SELECT name, high_mark-low_mark AS gap FROM data WHERE gap=(SELECT min(high_mark-low_mark) FROM data) ORDER BY 1"),
        ("how many ponds have high mark minus low mark over 60", "SELECT count(*) FROM data WHERE high_mark-low_mark>60"),
        ("average tidal swing (high_mark minus low_mark) by shore",
         "SELECT shore, avg(high_mark-low_mark) FROM data GROUP BY 1 ORDER BY 1"),
        ("average herons plus ducks per shore", "SELECT shore, avg(herons+ducks) FROM data GROUP BY 1 ORDER BY 1"),
        ("average herons + ducks per shore", "SELECT shore, avg(herons+ducks) FROM data GROUP BY 1 ORDER BY 1"),
        ("which pond has the most herons per acre",
         "SELECT name, herons/acres FROM data ORDER BY 2 DESC LIMIT 1"),
        ("mean time in water (drained_on minus filled_on) by shore",
         "SELECT shore, avg(drained_on-filled_on) FROM data GROUP BY 1 ORDER BY 1"),
    ],
)  # fmt: skip
def test_two_columns_of_each_row_make_a_number(ponds: Asked, question: str, statement: str) -> None:
    assert ponds.answer(question) == ponds.sql(statement)


@pytest.mark.parametrize(
    "question",
    [
        "which pond has the largest difference between herons and ducks",  # with or without a sign
        "which pond has the widest gap between herons and ducks",
        "highest herons divided by acres per shore",  # a mean of ratios, or a ratio of sums
        "which pond has the largest gap between high mark and shore",
    ],
)
def test_what_could_be_made_in_two_ways_is_not_made(ponds: Asked, question: str) -> None:
    assert ponds.intent(question) is None


@pytest.mark.parametrize(
    ("question", "statement"),
    [
        ("mean high mark minus mean low mark", "SELECT avg(high_mark)-avg(low_mark) FROM data"),
        ("high mark minus low mark of Pond 7", "SELECT high_mark-low_mark FROM data WHERE name='Pond 7'"),
        ("difference in mean high mark between north and south",
         "SELECT avg(high_mark) FILTER (shore='north')-avg(high_mark) FILTER (shore='south') FROM data"),
    ],
)  # fmt: skip
def test_two_measures_against_each_other_stay_so(ponds: Asked, question: str, statement: str) -> None:
    assert ponds.answer(question) == ponds.sql(statement)


def test_a_follow_up_keeps_what_was_made(ponds: Asked) -> None:
    first = ponds.intent("mean of high_mark minus low_mark by shore")
    assert first is not None
    then = ponds.reader.read("only ponds with more than 25 acres", first).settled
    assert then is not None
    assert then.derived == first.derived
    assert then.where is not None
    other = ponds.reader.read("and the mean of ducks?", first).settled
    assert other is not None
    assert other.measures[0].column == "ducks"
    assert not other.derived
