"""Lists and single values: what values are there, which rows meet a condition, the value of one row."""

from __future__ import annotations

import re

from sapwood_agents.analyst.card import ColumnCard
from sapwood_agents.analyst.intent import (
    AgainstAverage,
    Aggregate,
    BetweenColumns,
    Comparison,
    Condition,
    Either,
    Every,
    Group,
    Measure,
    Operator,
    Period,
    QueryIntent,
    Shape,
    every,
)
from sapwood_agents.analyst.language.concepts import PLACES_AND_PEOPLE
from sapwood_agents.analyst.language.conditions import flag_condition
from sapwood_agents.analyst.language.grouping import key_of
from sapwood_agents.analyst.language.nodes import Node, letters
from sapwood_agents.analyst.language.rows.apart import told_apart
from sapwood_agents.analyst.language.rows.kinds import ANY_TABLE
from sapwood_agents.analyst.language.scope import Scope
from sapwood_agents.analyst.language.shapes.draft import Draft, pinned
from sapwood_agents.analyst.language.shapes.measures import COUNT, fits
from sapwood_agents.analyst.language.spelling import lemma
from sapwood_agents.analyst.language.tokens import name_words
from sapwood_agents.analyst.language.unplaced import Unplaced
from sapwood_storage.tabular.model import ColumnType

_MAKING = frozenset(
    "make makes made making build builds built produce produces produced manufacture manufactures "
    "manufactured sell sells sold publish publishes published own owns owned design designs designed "
    "develop develops developed offer offers offered supply supplies supplied run runs operate operates "
    "create creates created write writes wrote written direct directs directed invent invents "
    "invented".split()
)
"""What somebody did to the things that rows stand for."""


def listing(found: Draft, scope: Scope) -> QueryIntent:
    """Distinct values, rows, or one value."""
    bare = [node for node in found.rest if node.kind == "L" or node in found.bare]
    nodes = [node for node in bare if node.kind not in "LUF"]
    text = letters(nodes)
    if text == "WG":
        return _times(key_of(nodes[1], scope), found.where, scope)
    columns: list[ColumnCard] = [node.payload for node in nodes if node.kind == "C"]
    if text == "" and not any(node.kind in "efL" for node in found.rest) and len(found.conditions) > 1:
        raise Unplaced(tuple(node.text for node in found.rest), "values alone")
    if not re.fullmatch(r"W?[RC]*|w?C?R?", text) or len(columns) > 1:
        raise Unplaced(tuple(node.text for node in nodes) or ("",))
    listed = any(node.kind == "L" for node in bare) or text.startswith("W")
    if "RC" in text and not _side_by_side(nodes):
        raise Unplaced(tuple(node.text for node in nodes if node.kind == "C"), "the rows, or the column")
    where = found.where
    who = any(node.payload == ("who",) for node in nodes if node.kind == "W")
    if (
        not columns
        and (text == "" or (text == "W" and asks_existence(found)))
        and not who
        and not any(node.kind == "L" for node in bare)
    ):
        raise Unplaced(tuple(node.text for node in found.rest) or ("",), "nothing is asked for")
    if not columns:
        plain = [node for node in nodes if node.kind == "R" and node.payload in ANY_TABLE]
        unnamed = (
            text == "R"
            and scope.labels.name is None
            and found.rest[0].kind in "Rx"
            and nodes[0].text.casefold() != nodes[0].payload
            and not _has_names(nodes[0], scope)
        )
        if (plain or unnamed) and not listed and where is not None:
            return QueryIntent(shape=Shape.NUMBER, measures=(COUNT,), where=where)
        if who and scope.passed_over & _MAKING:
            raise Unplaced(("who",), "who made them, or the things themselves")
        picked = listed or (where is not None and _compares(where, scope))
        return rows(where, scope, scope.labels.name or (scope.labels.number if picked and not who else None))
    column = columns[0]
    who = any(node.payload == ("who",) for node in nodes if node.kind == "W")
    if column.is_flag and text.startswith("W") and scope.labels.name is not None:
        return rows(every(flag_condition(column, negated=False), where), scope)  # "which capitals …"
    if column.is_flag or column.name in pinned(where):
        raise Unplaced((column.name,))
    if who and not (picks_row(where, scope) and column.type is ColumnType.TEXT):
        raise Unplaced((column.name,), "who")
    if (
        where is not None
        and _about(where, scope) not in (None, column.name)
        and (
            scope.labels.names_rows(column)
            or ("R" not in text and _compares(where, scope) and _told_apart(column, where, scope))
            or (column.type is ColumnType.TEXT and column.distinct >= _NEARLY_ALL * scope.card.rows)
        )
    ):
        return rows(where, scope, column)
    if (
        where is not None
        and "R" not in text
        and _compares(where, scope)
        and _about(where, scope) != column.name
    ):
        raise Unplaced((column.name,), "several rows each")
    if column.is_number or column.is_time:
        few = column.is_number and column.distinct <= _FEW and column.type is ColumnType.INTEGER
        few = few or (column.distinct <= _FEW and nodes[-1].text.casefold().endswith("values"))
        if (
            where is None
            and few
            and (
                asks_existence(found)
                or nodes[-1].text.casefold().endswith("values")
                or any(node.kind == "F" for node in bare)
            )
        ):
            return QueryIntent(shape=Shape.VALUES, groups=(Group(column=column.name),))
        if where is None or any(node.kind == "L" for node in bare):
            raise Unplaced((column.name,), "which number of it")
        several = any(node.kind == "R" and node.text.casefold() != node.payload for node in nodes)
        if text == "CR" and several and scope.additive(column):
            measure = Measure(aggregate=Aggregate.SUM, column=column.name)  # "the cost of all orders in May"
            return QueryIntent(shape=Shape.NUMBER, measures=(measure,), where=where)
        placed = any(n.kind == "x" and n.text.casefold().startswith(_PLACED) for n in found.rest)
        flows = scope.additive(column) or (placed and scope.counts_things(column))
        if text == "C" and flows and scope.adds_up(column) and not picks_row(where, scope):
            measure = Measure(
                aggregate=Aggregate.SUM, column=column.name
            )  # "visits in May": of one row or of many
            return QueryIntent(shape=Shape.NUMBER, measures=(measure,), where=where)
        return lookup(column, found)
    if listed and scope.labels.names_rows(column) and where is None:
        raise Unplaced((column.name,), "all rows")
    return QueryIntent(shape=Shape.VALUES, groups=(Group(column=column.name),), where=where)


def _times(group: Group, where: Condition | None, scope: Scope) -> QueryIntent:
    """`which months had …`; where each row is one, it is shown with the number that it was picked by."""
    if where is not None and _compares(where, scope):
        column = scope.card.by_name[group.column]
        if scope.calendar.one_each(column, group.bucket):
            return rows(where, scope, column)
        raise Unplaced((group.column,), "several rows each")
    return QueryIntent(shape=Shape.VALUES, groups=(group,), where=where)


def _side_by_side(nodes: list[Node]) -> bool:
    """`movie titles`, not `movies … titles`."""
    rows = next(node for node in nodes if node.kind == "R")
    column = next(node for node in nodes if node.kind == "C")
    return column.start - rows.start == 1


def _pins(part: Condition) -> bool:
    return isinstance(part, Comparison) and part.operator is Operator.EQUAL


def _compares(where: Condition, scope: Scope) -> bool:
    """Whether rows are picked by more or less of a quantity: each of them is shown with it."""
    parts = where.conditions if isinstance(where, Every) else (where,)
    found = [part for part in parts if isinstance(part, Comparison | AgainstAverage) and not _pins(part)]
    measured = [part for part in found if not scope.calendar.is_temporal(scope.card.by_name[part.column])]
    columns = {part.column for part in measured or found}
    return len(columns) == 1 and bool(measured) and _about(where, scope) in columns


def _told_apart(column: ColumnCard, where: Condition, scope: Scope) -> bool:
    """Whether the column, with what the conditions hold fast, has few rows each."""
    if told_apart(scope.card, {column.name, *pinned(where)}):
        return True
    return column.distinct * 2 >= scope.card.rows - column.nulls


def _has_names(node: Node, scope: Scope) -> bool:
    """Whether a column is called as the rows are: a town's name is not unique, and still what is meant."""
    called = any(name_words(column.name)[:1] == (node.payload,) for column in scope.card.columns)
    return called or lemma(node.text.casefold()) in PLACES_AND_PEOPLE


_NEARLY_ALL = 0.9
_PLACED = ("in ", "on ", "at ", "during ")
"""`clicks in Norway` are all of them, `the calories of a soup` are those of one."""
_FEW = 50
"""So many different numbers are still a list of kinds."""


def asks_existence(found: Draft) -> bool:
    """`which … are there`."""
    return any(node.kind == "e" for node in found.rest)


def lookup(
    column: ColumnCard, found: Draft, units: tuple[Node, ...] = (), scope: Scope | None = None
) -> QueryIntent:
    """The value of the row that the conditions pick."""
    measure = Measure(aggregate=Aggregate.VALUE, column=column.name)
    if scope is not None and any(not fits(node, measure, scope) for node in units):
        raise Unplaced(tuple(node.text for node in units), "another unit")
    return QueryIntent(shape=Shape.LOOKUP, measures=(measure,), where=found.where)


def picks_row(where: Condition | None, scope: Scope) -> bool:
    """Whether a condition holds a column that names rows to one value, or several that tell them apart."""
    held = pinned(where)
    one = any(scope.labels.names_rows(scope.card.by_name[name]) for name in held)
    return one or (len(held) > 1 and told_apart(scope.card, held))


def rows(where: Condition | None, scope: Scope, key: ColumnCard | None = None) -> QueryIntent:
    """`which movies are longer than 3 hours`: the row's name and what the condition is about."""
    key = key or scope.labels.name
    about = _about(where, scope)
    about = None if about is not None and scope.card.by_name[about].is_flag else about
    if key is None or where is None or about == key.name or key.name in pinned(where):
        raise Unplaced(("list",), "nothing names a row")
    if about is None:
        return QueryIntent(shape=Shape.VALUES, groups=(Group(column=key.name),), where=where)
    measure = Measure(aggregate=Aggregate.VALUE, column=about)
    return QueryIntent(shape=Shape.ROWS, measures=(measure,), where=where, key=key.name)


def _is_one_year(period: Period) -> bool:
    start, end = period.start or "", period.end or ""
    return start[4:] == end[4:] == "-01-01" and int(end[:4]) - int(start[:4]) == 1 and not period.negated


def _about(condition: Condition | None, scope: Scope) -> str | None:
    """The column whose value a list shows: the one a number or a date was asked of."""
    if isinstance(condition, Every | Either):
        found = [name for part in condition.conditions if (name := _about(part, scope))]
        more = [name for part in condition.conditions if not _pins(part) and (name := _about(part, scope))]
        numbers = [name for name in more if not scope.calendar.is_temporal(scope.card.by_name[name])]
        return (numbers or more or found or [None])[-1]
    if isinstance(condition, Comparison) and condition.operator is Operator.EQUAL:
        return None  # one number picks as a category does
    if isinstance(condition, Period) and _is_one_year(condition):
        return None
    if isinstance(condition, Comparison | AgainstAverage | Period | BetweenColumns):
        return condition.column
    return None
