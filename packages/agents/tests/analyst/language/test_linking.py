"""Links in wide tables: what a question costs grows with the columns, not with their square."""

import pytest

from sapwood_agents.analyst.card import ColumnCard, TableCard
from sapwood_agents.analyst.language import bearers
from sapwood_agents.analyst.language.linking import Linker
from sapwood_agents.analyst.language.names import likeness
from sapwood_agents.analyst.language.tokens import tokenize
from sapwood_storage.tabular.model import ColumnType


def linker(*names: str, kind: ColumnType = ColumnType.NUMBER) -> Linker:
    return Linker(TableCard("stalls", 900, tuple(ColumnCard(name, kind, distinct=90) for name in names)))


@pytest.mark.parametrize("said", ["stall rent", "walking time", "rent", "launch", "price group"])
def test_words_are_compared_as_often_as_there_are_columns(said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[str] = []

    def counted(word: str, candidate: str) -> float:
        compared.append(word)
        return likeness(word, candidate)

    monkeypatch.setattr(bearers, "likeness", counted)
    costs: list[int] = []
    for columns in (50, 400):
        compared.clear()
        linker(*(f"rent_x{number}" for number in range(columns))).columns(tokenize(said))
        costs.append(len(compared))

    assert costs[1] <= 9 * costs[0]


def test_a_word_that_another_name_has_too_only_touches_on_a_column() -> None:
    alone = linker("launch_permit_fee", "crew")
    shared = linker("launch_permit_fee", "launch_ramp_toll", "crew")

    assert [name for name, _ in alone.columns(tokenize("permit fee"))] == ["launch_permit_fee"]
    assert {name for name, _ in shared.mentions(tokenize("launch"))} == {
        "launch_permit_fee",
        "launch_ramp_toll",
    }


def test_a_column_is_found_by_its_initials_and_by_what_its_values_are() -> None:
    assert [name for name, _ in linker("Sacks_per_Barge", "crew").columns(tokenize("spb"))] == [
        "Sacks_per_Barge"
    ]
    assert [name for name, _ in linker("moored; Wharf", "crew").columns(tokenize("wharf"))] == [
        "moored; Wharf"
    ]


def test_a_quantity_may_be_said_after_the_name_unless_a_column_is_about_it() -> None:
    assert [name for name, _ in linker("wait", "crew").columns(tokenize("waiting time"))] == ["wait"]
    assert [name for name, _ in linker("wait", "docking_time").columns(tokenize("waiting time"))] != ["wait"]


def test_links_come_in_the_order_of_the_table_where_they_are_as_good() -> None:
    names = ("zinc_toll", "apple_toll", "moss_toll")

    assert tuple(name for name, _ in linker(*names).columns(tokenize("toll"))) == names
