"""Whatever is typed, the reader returns an outcome; what it settles on runs and leaves nothing out."""

from datetime import date, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from packages.agents.tests.analyst.language.tables import Asked

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
