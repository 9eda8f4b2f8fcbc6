"""`The status of order 1042` asks of the row that the table numbers so, and `E1010` of the row of that id."""

from collections.abc import Iterator
from contextlib import closing

import pytest
from packages.agents.tests.analyst.language.tables import Asked, Value, asked

STATES = ("held", "sent", "lost")


def orders(key: str, *, text: bool = False, prefix: str = "", rows_each: int = 1) -> Asked:
    """Orders of churns from 1000 on, with their number in the column `key`."""
    numbers = [1000 + n // rows_each for n in range(80)]
    rows: list[list[Value]] = [
        [f"{prefix}{number}" if text else number, STATES[n * 2 % 9 % 3], 1 + n * 5 % 9, 10.5 + n * 37 % 211]
        for n, number in enumerate(numbers)
    ]
    return asked("churn_orders", [key, "status", "quantity", "total"], rows)


@pytest.fixture(scope="module")
def weavers() -> Iterator[Asked]:
    """One row a weaver, with the id of whom each works for."""
    rows: list[list[Value]] = [
        [f"E{1000 + n}", f"E{1000 + n * 7 % 11}" if n else None, ["Dye", "Loom"][n % 5 % 2], 1500 + n * 371 % 2900]
        for n in range(40)
    ]  # fmt: skip
    with closing(asked("weavers", ["emp_id", "manager_id", "shed", "salary"], rows)) as made:
        yield made


@pytest.mark.parametrize("key", ["order_id", "id"])
@pytest.mark.parametrize("text", [False, True])
@pytest.mark.parametrize(
    ("question", "value"),
    [
        ("the status of order 1042", "status"),
        ("what is the status of order 1042", "status"),
        ("total of order 1042", "total"),
        ("the quantity of order 1013", "quantity"),
    ],
)
def test_a_numbered_order_is_the_row_of_that_id(key: str, text: bool, question: str, value: str) -> None:
    with closing(orders(key, text=text)) as made:
        number = question.split()[-1]
        assert made.agrees(question, f"SELECT {value} FROM data WHERE {key}='{number}'")


def test_an_id_of_letters_and_digits_is_found_as_it_is_written() -> None:
    with closing(orders("order_id", text=True, prefix="O-")) as made:
        assert made.agrees("the status of order O-1042", "SELECT status FROM data WHERE order_id='O-1042'")
        assert made.intent("the status of order 1042") is None


@pytest.mark.parametrize("text", [False, True])
@pytest.mark.parametrize("noun", ["row", "record", "entry"])
@pytest.mark.parametrize("number", ["5", "1042"])
def test_the_rows_themselves_have_no_numbers(text: bool, noun: str, number: str) -> None:
    with closing(orders("order_id", text=text)) as made:
        assert made.intent(f"the status of {noun} {number}") is None


def test_a_number_beyond_those_of_the_orders_is_none_of_them() -> None:
    with closing(orders("order_id")) as made:
        assert made.intent("the status of order 5") is None


def test_an_id_of_several_rows_numbers_none() -> None:
    with closing(orders("id", rows_each=2)) as made:
        assert made.intent("the status of order 1012") is None
        assert made.agrees("average total where id is 1012", "SELECT avg(total) FROM data WHERE id=1012")


@pytest.mark.parametrize(
    ("question", "statement"),
    [
        ("salary of E1010", "SELECT salary FROM data WHERE emp_id='E1010'"),
        ("what is the salary of E1003", "SELECT salary FROM data WHERE emp_id='E1003'"),
        ("salary of E1020", "SELECT salary FROM data WHERE emp_id='E1020'"),
        ("which shed is E1003 in", "SELECT shed FROM data WHERE emp_id='E1003'"),
    ],
)
def test_of_two_ids_the_one_that_names_the_row_is_meant(
    weavers: Asked, question: str, statement: str
) -> None:
    assert weavers.agrees(question, statement)


@pytest.mark.parametrize(
    ("question", "statement"),
    [
        ("how many weavers have the manager E1003", "SELECT count(*) FROM data WHERE manager_id='E1003'"),
        ("average salary where manager id is E1003", "SELECT avg(salary) FROM data WHERE manager_id='E1003'"),
    ],
)
def test_the_other_id_is_meant_where_it_is_named(weavers: Asked, question: str, statement: str) -> None:
    assert weavers.agrees(question, statement)


def test_of_two_ids_that_name_no_row_neither_is_chosen() -> None:
    rows: list[list[Value]] = [
        [f"E{1000 + n % 79}", f"E{1000 + n * 7 % 11}", 1.5 + n * 37 % 83] for n in range(80)
    ]
    with closing(asked("bobbin_loans", ["giver_id", "taker_id", "weight"], rows)) as made:
        assert made.intent("total weight of E1003") is None
        assert made.agrees(
            "total weight where the taker id is E1003", "SELECT sum(weight) FROM data WHERE taker_id='E1003'"
        )
