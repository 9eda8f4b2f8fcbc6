"""Questions are read in threads: the loop goes on, and two may be asked of one table at once."""

import asyncio
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from packages.agents.tests.analyst.house import WORKSPACE, House

from sapwood_agents.analyst.ask import Question
from sapwood_agents.analyst.card import ColumnCard, TableCard
from sapwood_agents.analyst.intent import QueryIntent
from sapwood_agents.analyst.ports import Dataset
from sapwood_agents.analyst.reader import Outcome, Reader
from sapwood_shared.work import DetachedWork
from sapwood_storage.tabular.model import ColumnType

pytestmark = pytest.mark.asyncio(loop_scope="session")

QUESTIONS = (
    "average price by city",
    "how many rows in Rome",
    "averge price in Oslo",
    "largest price by select",
)


@pytest.fixture
def hasty_threads() -> Iterator[None]:
    """Threads that take turns as often as they can."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


async def test_the_loop_goes_on_while_a_question_is_read(
    house: House, shop: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    reading, released = threading.Event(), threading.Event()
    read = Reader.read

    def slowly(self: Reader, question: str, previous: QueryIntent | None = None) -> Outcome:
        reading.set()
        assert released.wait(3), "nothing else could run meanwhile"
        return read(self, question, previous)

    monkeypatch.setattr(Reader, "read", slowly)
    asked = asyncio.create_task(
        house.without_cache().ask(WORKSPACE, shop, Question(text=QUESTIONS[0]), DetachedWork())
    )
    await asyncio.to_thread(reading.wait, 3)

    released.set()

    assert (await asked).answer is not None


async def test_two_questions_are_read_at_once_by_one_reader(
    house: House, shop: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone = [
        await house.without_cache().ask(WORKSPACE, shop, Question(text=text), DetachedWork())
        for text in QUESTIONS[:2]
    ]
    both, readers, read = threading.Barrier(2, timeout=3), list[Reader](), Reader.read

    def together(self: Reader, question: str, previous: QueryIntent | None = None) -> Outcome:
        readers.append(self)
        both.wait()
        return read(self, question, previous)

    monkeypatch.setattr(Reader, "read", together)
    analyst = house.without_cache()
    asked = await asyncio.gather(
        *(analyst.ask(WORKSPACE, shop, Question(text=text), DetachedWork()) for text in QUESTIONS[:2])
    )

    assert [one.rows for one in asked] == [one.rows for one in alone]
    assert readers[0] is readers[1]


@pytest.mark.usefixtures("hasty_threads")
async def test_a_new_reader_gives_every_thread_what_it_gives_one() -> None:
    card = TableCard(
        "stalls",
        900,
        (
            ColumnCard("city", ColumnType.TEXT, distinct=2, values=("Oslo", "Rome"), enumerated=True),
            ColumnCard("price", ColumnType.NUMBER, distinct=90, low=1.0, high=9.0),
            *(ColumnCard(f"{name}_price", ColumnType.NUMBER, distinct=90) for name in ("net", "gross")),
        ),
    )
    questions = [*QUESTIONS, "average net price by city", "highest gros price in Rome"] * 4
    alone = {question: Reader(card).read(question) for question in questions}
    for _ in range(3):
        reader = Reader(card)

        with ThreadPoolExecutor(8) as threads:
            outcomes = list(threads.map(reader.read, questions))

        assert outcomes == [alone[question] for question in questions]
