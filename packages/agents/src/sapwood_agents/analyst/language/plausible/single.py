"""Whether words that speak of one thing were read of another: of a row, of a kind, of a share."""

from __future__ import annotations

import re

from sapwood_agents.analyst.intent import (
    Aggregate,
    Comparison,
    Membership,
    Operator,
    QueryIntent,
    Shape,
    parts_of,
)
from sapwood_agents.analyst.language.nodes import Node, letters
from sapwood_agents.analyst.language.scope import Scope
from sapwood_agents.analyst.language.spelling import lemma
from sapwood_agents.analyst.language.tokens import name_words
from sapwood_storage.tabular.model import ColumnType

_BEST = frozenset("best worst".split())
_SIDES = frozenset("home away".split())


def row_with_most(nodes: list[Node], intent: QueryIntent) -> tuple[str, ...]:
    """`on what day was the storm with the most damage`: of one storm, and not of all of a day."""
    found = re.search(r"R[HPI]*S[^R]*C", letters(nodes))
    summed = intent.shape is Shape.RANKING and any(m.aggregate is Aggregate.SUM for m in intent.measures)
    if found is None or not summed:
        return ()
    row = nodes[found.start()]
    one = lemma(row.text.casefold()) == row.text.casefold()
    return (row.text,) if one and found.start() > 0 else ()


def more_than_there_are(nodes: list[Node], intent: QueryIntent, scope: Scope) -> tuple[str, ...]:
    """`the top 5 mills`, where one row is called `Mill`: not the first five of one."""
    limit = intent.limit or 1
    single = {
        part.column for part in parts_of(intent)
        if isinstance(part, Membership) and not part.negated and len(part.values) < limit
        and scope.labels.names_rows(scope.card.by_name[part.column])
    }  # fmt: skip
    ranked = intent.shape is Shape.RANKING and limit > 1
    return tuple(n.text for n in nodes if n.kind == "V" and n.payload[0].name in single) if ranked else ()


def side_passed_over(scope: Scope) -> tuple[str, ...]:
    """`at home`, `away`, where columns tell of both."""
    held = {word for column in scope.card.columns for word in name_words(column.name)} & _SIDES
    return tuple(sorted(held & scope.passed_over))


def kind_called_as_rows(nodes: list[Node], scope: Scope) -> tuple[str, ...]:
    """`how many tiles`, in a file `tiles` with a shape called `tile`."""
    found = re.match(r"[PB]?KV", letters(nodes))
    if found is None:
        return ()
    said = nodes[found.end() - 1].text
    titled = name_words(scope.card.title)[-1:]
    return (said,) if (lemma(said.casefold()),) == titled else ()


def part_of_a_whole(nodes: list[Node], intent: QueryIntent, scope: Scope) -> tuple[str, ...]:
    """No whole number is equal to 1.5."""
    wrong = {
        part.value for part in parts_of(intent)
        if isinstance(part, Comparison) and part.operator is Operator.EQUAL and isinstance(part.value, float)
        and not part.value.is_integer()
        and scope.card.by_name[part.column].type is ColumnType.INTEGER
    }  # fmt: skip
    return tuple(n.text for n in nodes if n.kind == "N" and n.payload.number in wrong)


def percent_of_its_own(nodes: list[Node], intent: QueryIntent) -> tuple[str, ...]:
    """`Uri rural percent`, of a column `rural`, asks for its number and for no share of it."""
    shares = {m.column for m in intent.measures if m.aggregate is Aggregate.SHARE} - {None}
    found = re.search(r"C%$|C%(?=[DPN])", letters(nodes))
    said = nodes[found.start()] if found else None
    return (said.text,) if said and said.payload.name in shares else ()


def best_of_counts(nodes: list[Node], intent: QueryIntent, scope: Scope) -> tuple[str, ...]:
    """The best is not what there is most of."""
    counts = any(
        m.aggregate is Aggregate.COUNT
        or (m.column and (scope.linker.counts(m.column) or name_words(m.column)[-1] == "count"))
        for m in intent.measures
    )
    ranked = intent.shape is Shape.RANKING and counts
    return tuple(n.text for n in nodes if n.kind == "S" and n.payload[0] in _BEST) if ranked else ()
