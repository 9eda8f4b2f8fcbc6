"""The reader's outcome: settled, ambiguous, or declined with the words that found no place."""

from sapwood_agents.analyst.card import ColumnCard, TableCard
from sapwood_agents.analyst.intent import Aggregate, Membership, Shape
from sapwood_agents.analyst.reader import MARGIN, Outcome, Reader, Reading
from sapwood_storage.tabular.model import ColumnType

CARD = TableCard(
    "letters",
    20_000,
    (
        ColumnCard("sender", ColumnType.TEXT, distinct=19_000),
        ColumnCard("pages", ColumnType.INTEGER, distinct=9, low=1, high=9),
        ColumnCard("width_mm", ColumnType.NUMBER, distinct=90, low=80.0, high=210.0),
        ColumnCard("height_mm", ColumnType.NUMBER, distinct=90, low=90.0, high=297.0),
    ),
)


def test_a_question_with_one_reading_is_settled() -> None:
    intent = Reader(CARD).read("how many letters have more than 3 pages").settled

    assert intent is not None
    assert intent.shape is Shape.NUMBER
    assert intent.measures[0].aggregate is Aggregate.COUNT


def test_close_readings_are_not_settled() -> None:
    first = Reader(CARD).read("average width").readings[0].intent
    second = Reader(CARD).read("average height").readings[0].intent

    assert Outcome((Reading(first, 0.0), Reading(second, MARGIN / 2))).settled is None
    assert Outcome((Reading(first, 0.0), Reading(second, MARGIN * 2))).settled == first


def test_no_reading_names_the_words_that_found_no_place() -> None:
    outcome = Reader(CARD).read("average postage")

    assert outcome.settled is None
    assert outcome.unplaced == ("postage",)


def test_a_value_that_was_looked_up_is_known_to_the_new_reader_only() -> None:
    reader = Reader(CARD)
    question = "how many letters have the sender Ada Lovelace"

    assert reader.read(question).settled is None
    knowing = reader.knowing({"sender": ["Ada Lovelace"]}).read(question).settled
    assert knowing is not None
    assert knowing.where == Membership(column="sender", values=("Ada Lovelace",))
    assert reader.read(question).settled is None


def test_an_empty_question_is_declined() -> None:
    assert Reader(CARD).read("").settled is None
    assert Reader(CARD).read("  ?! ").settled is None
