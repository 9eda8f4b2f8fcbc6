"""Values and columns that are called in other forms than the table's."""

from collections.abc import Iterator
from contextlib import closing

import pytest
import pytest_asyncio
from packages.agents.tests.analyst.house import House, rows
from packages.agents.tests.analyst.language.tables import Asked, Value, asked

from sapwood_agents.analyst.intent import Shape
from sapwood_agents.analyst.ports import Dataset

EVERY = "SELECT count(*) FROM data"
PLACES = ("Fen", "Mill", "Quay")


def tolls(kinds: int) -> Asked:
    """One row a toll, of so many kinds, and what its payer does."""
    states = ["void", "paid", "held", *(f"{a}{b}" for a in ("bram", "clov", "dorn", "elst") for b in
              ("ay", "ock", "ith", "und", "arl"))][:kinds]  # fmt: skip
    made: list[list[Value]] = [
        [f"B{n}", states[n % kinds], ("smoker", "never", "former")[n * 3 % 11 % 3], n % 30]
        for n in range(120)
    ]
    return asked("tolls", ["toll_ref", "status", "habit", "pence"], made)


@pytest.fixture(scope="module")
def few() -> Iterator[Asked]:
    """Tolls of three kinds."""
    with closing(tolls(3)) as made:
        yield made


@pytest.mark.parametrize(
    ("question", "statement"),
    [
        ("how many voided tolls", f"{EVERY} WHERE status='void'"),
        ("how many tolls were voided", f"{EVERY} WHERE status='void'"),
        ("average pence of voided tolls", "SELECT avg(pence) FROM data WHERE status='void'"),
        ("how many tolls with smoking", f"{EVERY} WHERE habit='smoker'"),
    ],
)
def test_a_value_is_known_in_another_form(few: Asked, question: str, statement: str) -> None:
    assert few.agrees(question, statement)


@pytest.mark.parametrize("word", ["tiled", "voluntary", "smoothing"])
def test_a_word_of_another_stem_is_no_form_of_a_value(few: Asked, word: str) -> None:
    assert few.intent(f"how many {word} tolls") is None
    assert few.agrees("how many void tolls", f"{EVERY} WHERE status='void'")


def test_forms_are_known_in_columns_of_twenty_kinds_and_in_none_of_more() -> None:
    with closing(tolls(20)) as twenty:
        assert twenty.agrees("how many voided tolls", f"{EVERY} WHERE status='void'")
    with closing(tolls(21)) as more:
        assert more.intent("how many voided tolls") is None
        assert more.agrees("how many void tolls", f"{EVERY} WHERE status='void'")


@pytest.fixture(scope="module")
def lids() -> Iterator[Asked]:
    """One row a lid, with a price and a cost."""
    made: list[list[Value]] = [
        [f"P{n}", PLACES[n * 5 % 7 % 3], 2.5 + n * 3 % 17, 1.5 + n * 5 % 19] for n in range(60)
    ]
    with closing(asked("lids", ["lid_ref", "wing", "unit_price", "cost"], made)) as table:
        yield table


@pytest.mark.parametrize(
    ("question", "statement"),
    [
        ("average price", "SELECT avg(unit_price) FROM data"),
        ("average price by wing", "SELECT wing, avg(unit_price) FROM data GROUP BY 1 ORDER BY 1"),
        ("how many lids have a price over 10", f"{EVERY} WHERE unit_price>10"),
        ("average cost", "SELECT avg(cost) FROM data"),
        ("average unit price", "SELECT avg(unit_price) FROM data"),
    ],
)
def test_the_price_is_the_unit_price_before_it_is_the_cost(
    lids: Asked, question: str, statement: str
) -> None:
    assert lids.agrees(question, statement)


def test_the_price_is_the_cost_where_nothing_is_called_price() -> None:
    made: list[list[Value]] = [[f"P{n}", 1.5 + n * 5 % 19] for n in range(60)]
    with closing(asked("lids", ["lid_ref", "cost"], made)) as table:
        assert table.agrees("average price", "SELECT avg(cost) FROM data")


@pytest.fixture(scope="module")
def packages() -> Iterator[Asked]:
    """One row a package, with its status."""
    made: list[list[Value]] = [[f"P{n}", ("sent", "lost", "held")[n * 3 % 11 % 3], n % 30] for n in range(60)]
    with closing(asked("packages", ["package_ref", "status", "grams"], made)) as table:
        yield table


@pytest.mark.parametrize(
    ("question", "value"),
    [
        ("packages per value of status", "count(*)"),
        ("number of packages per value of status", "count(*)"),
        ("average grams per value of status", "avg(grams)"),
        ("packages per status", "count(*)"),
    ],
)
def test_per_value_of_a_column_is_by_the_column(packages: Asked, question: str, value: str) -> None:
    assert packages.agrees(question, f"SELECT status, {value} FROM data GROUP BY 1 ORDER BY 1")
    assert packages.intent("packages per value of colour") is None


@pytest.mark.parametrize("question", ["average grams per value", "total grams per value"])
def test_per_value_of_nothing_is_no_grams_alone(packages: Asked, question: str) -> None:
    assert packages.intent(question) is None
    assert packages.agrees("average grams", "SELECT avg(grams) FROM data")


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def deliveries(house: House) -> Dataset:
    """Several deliveries an item, of one cost each but for the churns'."""
    lines = [
        f"D{n:02},{('lid', 'pail', 'churn')[n % 3]},{4.5 + n % 3 + (n if n % 3 == 2 else 0)},{n % 13}"
        for n in range(60)
    ]
    return await house.read(
        "deliveries.csv", "delivery_ref,item,unit_cost,pieces\n" + "\n".join(lines) + "\n"
    )


@pytest.mark.asyncio(loop_scope="session")
@pytest.mark.parametrize(("item", "cost"), [("lid", 4.5), ("pail", 5.5)])
async def test_what_all_rows_of_a_thing_say_alike_is_said_once(
    house: House, deliveries: Dataset, item: str, cost: float
) -> None:
    answer = await house.ask(deliveries, f"unit cost of {item}")

    assert answer.intent is not None
    assert answer.intent["shape"] == Shape.LOOKUP
    assert rows(answer) == [[cost]]


@pytest.mark.asyncio(loop_scope="session")
@pytest.mark.parametrize("question", ["unit cost of churn", "pieces of lid"])
async def test_what_rows_of_a_thing_say_differently_is_not_picked_from(
    house: House, deliveries: Dataset, question: str
) -> None:
    answer = await house.ask(deliveries, question)

    assert answer.reason is not None
    assert answer.reason.code == "unsupported"
    assert "20 rows fit" in answer.reason.text
