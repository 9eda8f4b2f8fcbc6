import pytest

from sapwood_agents.analyst.card import ColumnCard, TableCard
from sapwood_agents.analyst.intent import QueryIntent
from sapwood_agents.analyst.reader import Outcome, Reader
from sapwood_agents.analyst.suggestions import suggestions, why_unplaced
from sapwood_storage.tabular.model import ColumnType

PRICE = ColumnCard("price", ColumnType.NUMBER, distinct=90, low=1.0, high=9.0)
CITY = ColumnCard("city", ColumnType.TEXT, distinct=2, values=("Oslo", "Rome"), enumerated=True)
SOLD = ColumnCard("sold", ColumnType.DATE, distinct=50, low="2024-01-01", high="2024-12-01")
ROW_ID = ColumnCard("order_id", ColumnType.INTEGER, distinct=100, low=1, high=100)


class CountingReader(Reader):
    """Writes down what it was asked."""

    def __init__(self, card: TableCard) -> None:
        super().__init__(card)
        self.asked: list[str] = []

    def read(self, question: str, previous: QueryIntent | None = None) -> Outcome:
        self.asked.append(question)
        return super().read(question, previous)


def offered(*columns: ColumnCard) -> tuple[str, ...]:
    return suggestions(Reader(TableCard("sales", 100, columns)))


@pytest.mark.parametrize(
    "columns",
    [(), (PRICE,), (CITY,), (SOLD,), (ROW_ID,), (PRICE, CITY), (ROW_ID, PRICE, CITY, SOLD)],
    ids=lambda columns: "+".join(column.name for column in columns) or "none",
)
def test_every_suggestion_has_one_reading(columns: tuple[ColumnCard, ...]) -> None:
    reader = Reader(TableCard("sales", 100, columns))

    found = suggestions(reader)

    assert 1 <= len(found) <= 4
    assert all(reader.read(question).settled for question in found)


def test_no_question_is_read_once_there_are_enough() -> None:
    reader = CountingReader(TableCard("sales", 100, (PRICE, CITY, SOLD)))

    found = suggestions(reader)

    assert len(found) == 4
    assert reader.asked == list(found)


def test_numbers_are_averaged_by_what_has_few_values() -> None:
    assert "average price by city" in offered(ROW_ID, PRICE, CITY)


def test_what_only_numbers_the_rows_is_not_averaged() -> None:
    assert not any("order_id" in question for question in offered(ROW_ID, CITY))


@pytest.mark.parametrize(
    ("values", "said"),
    [
        (("$1,200", "$950"), "'$1,200'"),
        (("12 %", "7 %"), "'12 %'"),
        (("1.5 km", "3 km"), "'1.5 km'"),
        (("Oslo", "Rome", "12"), None),
        (("A-1", "B-2"), None),
    ],
)
def test_figures_held_as_text_are_named_with_what_to_do(values: tuple[str, ...], said: str | None) -> None:
    fee = ColumnCard("fee", ColumnType.TEXT, distinct=len(values), values=values, enumerated=True)
    reader = Reader(TableCard("sales", 100, (CITY, fee)))

    hint = why_unplaced(reader, ("fee",))

    assert ("sapwood clean" in str(hint)) == (said is not None)
    assert said is None or said in str(hint)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("zork",), None),
        ((), None),
        (("total",), "the word 'total' is known"),
        (("how many", "list", "which"), "the words 'how many', 'list', 'which' are known"),
        (
            ("difference between", "prices", "Oslo"),
            "the words 'difference between', 'prices', 'Oslo' are known",
        ),
        (("total", "zork", "price"), "no place in this table for 'zork'"),
    ],
)
def test_only_words_that_nobody_knows_have_no_place(words: tuple[str, ...], said: str | None) -> None:
    reader = Reader(TableCard("sales", 100, (ROW_ID, PRICE, CITY, SOLD)))

    told = why_unplaced(reader, words)

    assert told is None if said is None else str(told).startswith(said)
