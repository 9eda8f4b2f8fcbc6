"""Ways to settle a path: the surest first, whatever the order of the words, and none left out unsaid."""

from itertools import permutations, product
from math import inf

import pytest

from sapwood_agents.analyst.card import ColumnCard, TableCard
from sapwood_agents.analyst.language.items import Item
from sapwood_agents.analyst.language.nodes import CHOICES, choices
from sapwood_agents.analyst.reader import Reader
from sapwood_storage.tabular.model import ColumnType

CREWS = ("Herons", "Otters", "Badgers", "Foxes")
KINDS = "ash birch cedar elm fir hazel larch maple oak pine rowan spruce".split()


def text(name: str, values: tuple[str, ...]) -> ColumnCard:
    return ColumnCard(name, ColumnType.TEXT, distinct=len(values), values=values, enumerated=True)


def number(name: str) -> ColumnCard:
    return ColumnCard(name, ColumnType.INTEGER, distinct=30, low=0, high=30)


def regattas(loads: int) -> TableCard:
    """`starboard` and `port` hold the same crews; one number and many texts are a quantity of something."""
    alike = [text(f"{kind}_quantity", ("few", "some", "heaps")) for kind in KINDS[:loads]]
    return TableCard("regattas", 300, (text("starboard", CREWS), text("port", CREWS), number("qty"), *alike))


def path(*costs: tuple[float, ...]) -> tuple[list[Item], TableCard]:
    """Items that each may be several columns, at these costs."""
    items = [
        Item("C", at, at + 1, 1.0, f"w{at}", columns=tuple((f"c{at}_{n}", 1 - cost) for n, cost in enumerate(several)))
        for at, several in enumerate(costs)
    ]  # fmt: skip
    return items, TableCard("t", 9, tuple(number(name) for item in items for name, _ in item.columns))


@pytest.mark.parametrize("loads", [0, 11, 12])
@pytest.mark.parametrize("words", [*permutations(("for Herons", "the average quantity"))])
def test_the_order_of_the_words_does_not_settle_a_question(loads: int, words: tuple[str, ...]) -> None:
    outcome = Reader(regattas(loads)).read(", ".join(words))

    assert len(outcome.close) == 2
    assert outcome.settled is None


def test_ways_come_by_rising_doubt_and_all_of_them_while_they_are_few() -> None:
    costs = ((0.0, 0.1), (0.02, 0.05, 0.3), (0.0,), (0.15, 0.01))

    found = choices(*path(*costs))

    doubts = [doubt for doubt, _ in found]
    assert doubts == sorted(doubts)
    assert doubts == pytest.approx(sorted(sum(each) for each in product(*costs)))
    assert len({tuple(node.payload.name for node in nodes) for _, nodes in found}) == 12
    assert found.beyond == inf


def test_of_too_many_ways_the_surest_are_kept_and_the_next_doubt_is_told() -> None:
    costs = tuple(tuple(place / 100 + rank / 10 for rank in range(4)) for place in range(6))

    found = choices(*path(*costs))

    every = sorted(sum(each) for each in product(*costs))
    assert [doubt for doubt, _ in found] == pytest.approx(every[:CHOICES])
    assert found.beyond == pytest.approx(every[CHOICES])


def test_a_path_with_very_many_ways_is_cut_off_without_going_through_them() -> None:
    found = choices(*path(*[(0.0,) * 20] * 40))

    assert len(found.ways) == 25  # of 40 nodes each
    assert found.beyond == 0.0
