"""The name of the file says what a row is: its nouns count rows and are no columns."""

from collections.abc import Iterator
from contextlib import closing

import pytest
from packages.agents.tests.analyst.language.tables import Asked, Value, asked


@pytest.fixture(scope="module")
def clips() -> Iterator[Asked]:
    """A file of two words, of which one begins a column's name."""
    rows: list[list[Value]] = [
        [f"Clip {number:02}", ["Fjord", "Heath", "Moor"][number % 7 % 3], ["low", "high"][number % 5 > 2],
         20 + number * 71 % 880]
        for number in range(40)
    ]  # fmt: skip
    with closing(asked("video_clips", ["clip_title", "channel", "video_quality", "length_s"], rows)) as made:
        yield made


@pytest.fixture(scope="module")
def moths() -> Iterator[Asked]:
    """Each row is a number of moths: the column `count`."""
    rows: list[list[Value]] = [
        [["Oak", "Pond", "Hedge"][number * number % 7 % 3], ["hawk", "tiger", "emerald", "owlet"][number % 9 % 4],
         number * 13 % 41, ["East", "West"][number % 5 // 3]]
        for number in range(90)
    ]  # fmt: skip
    with closing(asked("moth_sheet", ["trap", "species", "count", "region"], rows)) as made:
        yield made


@pytest.fixture(scope="module")
def paints() -> Iterator[Asked]:
    """A file that is called as one of its categories."""
    rows: list[list[Value]] = [
        [f"T{number:03}", ["red", "blue", "green", "grey"][number % 7 % 4], [1, 2, 5, 10][number % 4],
         5 + number * 7 % 53]
        for number in range(48)
    ]  # fmt: skip
    with closing(asked("paint_colours", ["tin", "colour", "litres", "price_eur"], rows)) as made:
        yield made


@pytest.mark.parametrize(
    ("question", "statement"),
    [
        ("how many video clips are there", "SELECT count(*) FROM data"),
        ("how many clips", "SELECT count(*) FROM data"),
        ("average length of the video clips", "SELECT avg(length_s) FROM data"),
        ("video clips by channel", "SELECT channel, count(*) FROM data GROUP BY 1 ORDER BY 1"),
        ("how many video clips are of high quality", "SELECT count(*) FROM data WHERE video_quality='high'"),
        ("how many clips have a low video quality", "SELECT count(*) FROM data WHERE video_quality='low'"),
        ("longest video clip",
         "SELECT clip_title, length_s FROM data ORDER BY 2 DESC LIMIT 1"),
    ],
)  # fmt: skip
def test_both_words_of_a_title_name_the_rows(clips: Asked, question: str, statement: str) -> None:
    assert clips.agrees(question, statement)


@pytest.mark.parametrize(
    ("question", "statement"),
    [
        ("how many crossings", "SELECT count(*) FROM data"),
        ("how many ferry crossings were there", "SELECT count(*) FROM data"),
        ("how many crossings by ferry", "SELECT ferry_name, count(*) FROM data GROUP BY 1 ORDER BY 1"),
        ("how many crossings on the south route", "SELECT count(*) FROM data WHERE route='South'"),
        ("crossings by crossing light", "SELECT crossing_light, count(*) FROM data GROUP BY 1 ORDER BY 1"),
    ],
)
def test_a_noun_of_the_title_is_the_row_and_not_a_column_that_shares_the_word(
    crossings: Asked, question: str, statement: str
) -> None:
    assert crossings.agrees(question, statement)


@pytest.mark.parametrize(
    ("question", "statement"),
    [
        ("how many walks", "SELECT count(*) FROM data"),
        ("how many walks by park", "SELECT park, count(*) FROM data GROUP BY 1 ORDER BY 1"),
        ("how many walks did Ana do", "SELECT count(*) FROM data WHERE keeper='Ana'"),
        ("average minutes per walk", "SELECT avg(minutes) FROM data"),
    ],
)
def test_a_title_ending_in_ing_names_rows_by_what_is_done(question: str, statement: str) -> None:
    rows: list[list[Value]] = [
        [["Ana", "Bo"][number % 5 // 3], ["Elm", "Low"][number % 7 // 4], 10 + number * 3 % 47]
        for number in range(60)
    ]
    with closing(asked("dog_walking", ["keeper", "park", "minutes"], rows)) as walks:
        assert walks.agrees(question, statement)


@pytest.mark.parametrize(
    ("question", "statement"),
    [
        ("how many moths", 'SELECT sum("count") FROM data'),
        ("how many cases", 'SELECT sum("count") FROM data'),
        ("cases by region", 'SELECT region, sum("count") FROM data GROUP BY 1 ORDER BY 1'),
        ("moths per trap", 'SELECT trap, sum("count") FROM data GROUP BY 1 ORDER BY 1'),
        ("how many hawk moths", "SELECT sum(\"count\") FROM data WHERE species='hawk'"),
        ("which species had the most cases",
         'SELECT species, sum("count") FROM data GROUP BY 1 ORDER BY 2 DESC LIMIT 1'),
        ("how many rows", "SELECT count(*) FROM data"),
        ("rows by trap", "SELECT trap, count(*) FROM data GROUP BY 1 ORDER BY 1"),
        ("number of records in the East", "SELECT count(*) FROM data WHERE region='East'"),
        ("number of entries by species", "SELECT species, count(*) FROM data GROUP BY 1 ORDER BY 1"),
    ],
)  # fmt: skip
def test_things_are_added_up_and_rows_are_counted_beside_a_count_column(
    moths: Asked, question: str, statement: str
) -> None:
    assert moths.agrees(question, statement)


@pytest.mark.parametrize(
    ("question", "statement"),
    [
        ("which species has the most rows",
         "SELECT species, count(*) n FROM data GROUP BY 1 QUALIFY rank() OVER (ORDER BY n DESC)=1 ORDER BY 1"),
        ("how many rows have a count above 20", 'SELECT count(*) FROM data WHERE "count">20'),
        ("average count and number of rows by region",
         'SELECT region, avg("count"), count(*) FROM data GROUP BY 1 ORDER BY 1'),
        ("species with more than 22 rows",
         "SELECT species, count(*) n FROM data GROUP BY 1 HAVING count(*)>22 ORDER BY 2 DESC"),
        ("2 species with the fewest rows",
         "SELECT species, count(*) n FROM data GROUP BY 1 QUALIFY rank() OVER (ORDER BY n)<=2 ORDER BY 2, 1"),
    ],
)  # fmt: skip
def test_a_number_of_rows_is_never_mixed_up_with_a_column_called_count(
    moths: Asked, question: str, statement: str
) -> None:
    assert moths.agrees(question, statement)


@pytest.mark.parametrize(
    ("question", "statement"),
    [
        ("how many by colour", "SELECT colour, count(*) FROM data GROUP BY 1 ORDER BY 1"),
        ("average price by colour", "SELECT colour, avg(price_eur) FROM data GROUP BY 1 ORDER BY 1"),
        ("how many different colours are there", "SELECT count(DISTINCT colour) FROM data"),
        ("how many red tins", "SELECT count(*) FROM data WHERE colour='red'"),
    ],
)
def test_a_category_stays_one_in_a_file_that_is_called_so(
    paints: Asked, question: str, statement: str
) -> None:
    assert paints.agrees(question, statement)
