"""A refusal names words of the question, whatever a rule called what it could not place."""

import pytest

from sapwood_agents.analyst.card import ColumnCard, TableCard
from sapwood_agents.analyst.language.blamed import blamed, meant, spoken
from sapwood_agents.analyst.language.items import Item
from sapwood_agents.analyst.language.nodes import Node
from sapwood_agents.analyst.language.tokens import tokenize
from sapwood_agents.analyst.reader import Reader
from sapwood_agents.analyst.suggestions import of_rows, refusal
from sapwood_storage.tabular.model import ColumnType

FEE = ColumnCard("berth_fee", ColumnType.NUMBER, distinct=90, low=1.0, high=90.0)
CREW = ColumnCard("crew", ColumnType.INTEGER, distinct=9, low=1, high=9)
HARBOUR = ColumnCard(
    "harbour", ColumnType.TEXT, distinct=2, values=("Port Ellen", "Ullapool"), enumerated=True
)
COLUMNS = (FEE, CREW, HARBOUR)


def reader(title: str) -> Reader:
    return Reader(TableCard(title, 100, COLUMNS))


def refused(title: str, question: str) -> tuple[tuple[str, ...], str]:
    read = reader(title)
    outcome = read.read(question)
    assert outcome.readings == ()
    return refusal(read, outcome, question)


def test_a_column_that_was_tried_is_named_as_it_was_asked() -> None:
    nodes = [Node("K", "number of"), Node("C", "fees", FEE)]

    assert blamed(("berth_fee",), nodes, tokenize("number of fees")) == ("fees",)


def test_a_word_that_a_rule_looked_for_is_not_named() -> None:
    assert blamed(("list", "", "fee"), (), tokenize("what listed fees")) == ()


def test_spoken_words_are_whole_ones() -> None:
    assert spoken(("fee", "fees of", "of"), tokenize("the fees of Oslo")) == ("fees of", "of")


def test_what_only_joins_is_not_meant_unless_there_is_nothing_else() -> None:
    question = tokenize("is it of fees")
    joining = [Item("I", 0, 1, 1.0, "is"), Item("_", 1, 2, 1.0, "it"), Item("O", 2, 3, 1.0, "of")]

    assert meant([*joining, Item("C", 3, 4, 1.0, "fees")], question) == ("fees",)
    assert meant(joining, question) == ("is", "it", "of", "fees")


@pytest.mark.parametrize("title", ["table", "data", "file", "export", "stdin", "moorings"])
@pytest.mark.parametrize(
    "question",
    [
        "number of fees",
        "how many fees in Ullapool",
        "how many ellens",
        "which one is the biggest",
        "is Ullapool better than Port Ellen",
        "can you tell me",
        "and then?",
        "top 3 please",
        "what did they all cost together",
        "who paid",
        "biggest one?",
        "?!",
        "😀",
        "a",
    ],
)
def test_every_refusal_names_words_of_the_question(title: str, question: str) -> None:
    words, text = refused(title, question)

    assert words
    assert all(word.casefold() in question.casefold() for word in words)
    assert all(repr(word) in text for word in words) or "sapwood clean" in text


def test_a_follow_up_that_cannot_be_read_names_words_too() -> None:
    read = reader("moorings")
    previous = read.read("average berth_fee by harbour").settled

    for question in ("which are those?", "and also", "what about the sails?", "only", "sort them by fee"):
        outcome = read.read(question, previous)
        words, _ = refusal(read, outcome, question)

        assert outcome.readings or words, question


def test_a_mere_part_of_a_value_is_named() -> None:
    assert refused("moorings", "how many ellens")[0] == ("ellens",)


@pytest.mark.parametrize(
    ("title", "offered"),
    [
        ("table", ("how many rows in Ullapool",)),
        ("export_2", ("how many rows in Ullapool",)),
        ("moorings", ()),
    ],
)
def test_a_nameless_file_is_asked_of_its_rows(title: str, offered: tuple[str, ...]) -> None:
    question = "how many fees in Ullapool"

    words, _ = refused(title, question)

    assert of_rows(reader(title), question, words) == offered


def test_what_is_offered_has_one_reading() -> None:
    assert of_rows(reader("table"), "how many fees beyond compare", ("fees",)) == ()
