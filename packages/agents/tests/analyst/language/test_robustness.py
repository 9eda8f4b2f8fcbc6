"""Whatever is typed, the reader returns an outcome; what it settles on runs and leaves nothing out."""

from collections.abc import Iterator
from contextlib import closing
from datetime import date, datetime, timedelta

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from packages.agents.tests.analyst.language.tables import Asked, Value, asked

from sapwood_agents.analyst.intent import QueryIntent, Shape
from sapwood_agents.analyst.language.audit import unused
from sapwood_agents.analyst.language.lexicon import phrases
from sapwood_agents.analyst.language.nodes import choices
from sapwood_agents.analyst.language.tokens import tokenize

GRAMMAR = sorted(" ".join(phrase) for phrase in phrases())
BOATS = [
    "boats", "boat", "name", "builder", "country", "rig", "length", "price", "crew", "engine", "home port", "launch date",
    "year built", "Sweden", "Italy", "sloop", "Kiel", "Brise I1", "12", "1999", "100k", "0.5", "2005-03-04", "March",
    "German", "longer", "cheapest", "oldest", "metres", "$", "?", ",", "(", ")", "'x'", "not", "no", "or", "and",
]  # fmt: skip
QUIET = settings(
    max_examples=150, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)  # fmt: skip
salads = st.lists(st.sampled_from(BOATS) | st.sampled_from(GRAMMAR), min_size=1, max_size=9).map(" ".join)


@QUIET
@given(question=salads)
def test_a_word_salad_is_read_or_declined_and_its_sql_runs(boats: Asked, question: str) -> None:
    outcome = boats.reader.read(question)

    for reading in outcome.readings[:2]:
        assert_shaped(reading.intent, boats.run(reading.intent))


@QUIET
@given(question=st.text(max_size=60))
def test_any_text_gives_an_outcome(boats: Asked, question: str) -> None:
    assert boats.reader.read(question).readings is not None


@QUIET
@given(
    question=salads, first=st.sampled_from(["how many boats", "average price by country", "3 cheapest boats"])
)
def test_any_fragment_after_a_question_gives_sql_that_runs(boats: Asked, question: str, first: str) -> None:
    intent = boats.intent(question, boats.intent(first))

    if intent is not None:
        assert_shaped(intent, boats.run(intent))


NAMES: dict[type, tuple[str, ...]] = {
    str: ("name", "order", "group", "Home Port", "kind", "side", "share", "is_open", "where"),
    int: ("count", "n", "sum", "year", "pieces", "trip_id", "order_no", "place", "select"),
    float: ("price_eur", "Weight (kg)", "rate", "total", "max_temp", "ratio", "mean_count"),
    bool: ("female", "safe", "has_roof", "limit"),
    date: ("opened_on", "date", "month"),
    datetime: ("left_at", "time", "day"),
}
"""Names that SQL, its labels and the grammar have a use of their own for are among them."""
VALUES: dict[type, st.SearchStrategy[Value]] = {
    str: st.sampled_from(["North", "O'Hara", "100%", "a_b", 'say "so"', "May", "single", "no", "yes", "not here"]),
    int: st.sampled_from([0, 1, 2, 7, 12, 1960, 2010]),
    float: st.sampled_from([0.0, 0.5, 3.25, -2.5, 1e9]),
    bool: st.booleans(),
    date: st.integers(0, 900).map(lambda days: date(2020, 1, 1) + timedelta(days=days)),
    datetime: st.integers(0, 9000).map(lambda hours: datetime(2020, 1, 1) + timedelta(hours=hours)),
}  # fmt: skip
FORMS = (
    "how many {title} {value}", "average {number} by {text}", "top 3 {text} by {number}", "{title} per month",
    "which {text} has the highest {number}", "share of {value} by {text}", "{title} with {number} above 2",
    "how many different {text}", "average number of {title} per {text}", "compare {number} of {value} and {other}",
    "the most common {text} in 2021", "{number} of {value}", "how many {number}", "correlation of {number} and {number2}",
    "total {number} and number of rows by {text}", "{title} not {value}", "oldest {title}", "which {text} has the most rows",
    "median {number} for each {text} in 2021", "ratio of {value} to {other}",
)  # fmt: skip


@st.composite
def tables_with_a_question(draw: st.DrawFn) -> tuple[str, list[str], list[list[Value]], str]:
    """A title, columns and rows, and words of the grammar and of the table in an order that may mean something."""
    kinds = [str, str, int, float, *draw(st.lists(st.sampled_from(list(NAMES)), max_size=3))]
    names: list[str] = []
    for kind in kinds:
        names.append(draw(st.sampled_from([name for name in NAMES[kind] if name not in names])))
    width = draw(st.integers(2, 14))
    columns: list[list[Value]] = []
    for kind in kinds:
        first = draw(VALUES[kind])
        columns.append([first, *draw(st.lists(st.none() | VALUES[kind], min_size=width, max_size=width))])
    rows = [list(row) for row in zip(*columns, strict=True)]
    title = draw(st.sampled_from(["orders", "ferry_crossings", "moth_counts", "t1", "dog_walking", "names"]))
    words = {
        "title": title.replace("_", " "), "text": draw(st.sampled_from(names[:2])).replace("_", " "),
        "number": names[2].replace("_", " "), "number2": names[3], "value": str(rows[0][0]), "other": str(rows[-1][0]),
    }  # fmt: skip
    salad = st.lists(
        st.sampled_from([*names, *words.values()]) | st.sampled_from(GRAMMAR), min_size=1, max_size=7
    )
    question = draw(st.sampled_from(FORMS).map(lambda form: form.format(**words)) | salad.map(" ".join))
    return title, names, rows, question


@pytest.fixture(scope="module")
def database() -> Iterator[duckdb.DuckDBPyConnection]:
    """One for all examples: opening it takes longer than asking."""
    with duckdb.connect() as connection:
        yield connection


@settings(QUIET, max_examples=80)
@given(asking=tables_with_a_question())
def test_whatever_the_table_a_question_is_read_or_declined_and_its_sql_runs(
    database: duckdb.DuckDBPyConnection, asking: tuple[str, list[str], list[list[Value]], str]
) -> None:
    title, names, rows, question = asking

    table = asked(title, names, rows, database)

    for reading in table.reader.read(question).readings[:2]:
        assert_shaped(reading.intent, table.run(reading.intent))


@pytest.mark.parametrize("only", ["no", "yes"])
@pytest.mark.parametrize(
    "question", ["how many open shops", "how many shops are not open", "open and not open shops"]
)
def test_a_yes_no_column_of_one_value_is_read_or_declined(only: str, question: str) -> None:
    rows: list[list[Value]] = [[f"Shop {number}", only, number] for number in range(9)]

    with closing(asked("shops", ["shop", "is_open", "staff"], rows)) as shops:
        for reading in shops.reader.read(question).readings:
            shops.run(reading.intent)


def assert_shaped(intent: QueryIntent, rows: list[tuple[object, ...]]) -> None:
    """The rows have as many columns as their kind of answer promises."""
    width = {
        Shape.NUMBER: len(intent.measures),
        Shape.GROUPS: len(intent.groups) + len(intent.measures),
        Shape.RANKING: 1 if intent.count_only else 2,
        Shape.VALUES: len(intent.groups),
        Shape.COMPARISON: 1 + max(1, len(intent.measures)),
        Shape.DIFFERENCE: 1,
        Shape.RATIO: 1,
    }.get(intent.shape)
    assert width is None or all(len(row) == width for row in rows)
    if intent.shape in (Shape.NUMBER, Shape.DIFFERENCE, Shape.RATIO):
        assert len(rows) == 1
    for group in intent.groups:
        if group.bucket is not None and group.bucket != "hour" and intent.shape is Shape.GROUPS:
            place = intent.groups.index(group)
            assert all(isinstance(row[place], date | datetime | None) for row in rows)


@pytest.mark.parametrize(
    ("question", "without"),
    [
        ("how many boats are longer than 12 m", "how many boats"),
        ("how many boats are from Sweden", "how many boats"),
        ("how many boats are not from Sweden", "how many boats are from Sweden"),
        ("how many boats were built before 1980", "how many boats"),
        ("boats by country with more than 3 crew", "boats by country"),
        ("how many boats have no home port", "how many boats"),
    ],
)
def test_an_intent_that_forgets_a_word_is_caught(boats: Asked, question: str, without: str) -> None:
    lattice = boats.reader.lattice
    _, path = lattice.paths(tokenize(question))[0]
    _, nodes = next(iter(choices(path, boats.reader.card)))
    whole, poorer = boats.intent(question), boats.intent(without)

    assert whole is not None
    assert poorer is not None
    assert unused(nodes, whole) == ()
    assert unused(nodes, poorer)
