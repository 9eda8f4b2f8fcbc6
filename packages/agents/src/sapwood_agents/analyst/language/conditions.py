"""Rules that turn parts of a question into conditions on rows."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sapwood_agents.analyst.card import ColumnCard, TableCard
from sapwood_agents.analyst.intent import (
    AgainstAverage,
    Aggregate,
    BetweenColumns,
    Comparison,
    Condition,
    Either,
    Membership,
    Missing,
    Operator,
    Period,
    TextMatch,
    every,
)
from sapwood_agents.analyst.language.calendar import Calendar
from sapwood_agents.analyst.language.concepts import CONVERSIONS, COUNTING_UNITS, QUANTITIES_OF_UNITS
from sapwood_agents.analyst.language.linking import Linker
from sapwood_agents.analyst.language.nodes import Node, Rewrite, letters
from sapwood_agents.analyst.language.quantities import quantity_columns

_NEGATED = {
    Operator.EQUAL: Operator.UNEQUAL, Operator.UNEQUAL: Operator.EQUAL, Operator.MORE: Operator.AT_MOST,
    Operator.AT_LEAST: Operator.LESS, Operator.LESS: Operator.AT_LEAST, Operator.AT_MOST: Operator.MORE,
}  # fmt: skip


def condition_node(condition: Condition, nodes: list[Node]) -> list[Node]:
    """One node that stands for `condition` in place of `nodes`."""
    text = " ".join(node.text for node in nodes)
    return [Node("x", text, condition, start=nodes[0].start, verb=nodes[0].kind in "IH")]


def negate(condition: Condition) -> Condition | None:
    """The opposite, where it can be said in one condition; rows without a value meet neither."""
    match condition:
        case Comparison():
            return condition.model_copy(update={"operator": _NEGATED[condition.operator]})
        case Membership() | Missing() | TextMatch() | Period():
            return condition.model_copy(update={"negated": not condition.negated})
        case _ if condition.kind == "calendar":
            return condition.model_copy(update={"negated": not condition.negated})
        case _:
            return None


_NONE_OF = frozenset({"no", "without", "without any", "lacking", "lack", "lacks", "not have"})


class Conditions:
    """The rules, bound to one table."""

    def __init__(self, card: TableCard, linker: Linker, calendar: Calendar) -> None:
        self.card = card
        self.linker = linker
        self.calendar = calendar

    def rules(self) -> list[tuple[str, Rewrite]]:
        """In the order in which they apply."""
        return [
            (r"Cq.", self._text),
            (r"C[IHP]*![IHP]*q.", self._text),
            # time
            (r"C?[IPOf]*[~fP]D[&>]D", self._span),
            (r"[~f]N[&>]D", self._days),
            (r"D>D", self._span),
            (r"C?f?DY", self._before),
            (r"[~]D[&>]D", self._span),
            (r"C?I?bD", self._before),
            (r"C?I?MD", self._before),
            (r"C?I?!?[POfI]*D([,&|]+P?D)+", self._dates),
            (r"(?<!W)C?I?!?[POfI]*D", self._dates),
            # null
            (r"H?0[OPH]*C([&|,]+C)*", self._missing),
            (r"![HI]?C(?=$|[xO&?fPI])", self._without),
            (r"CI?!0", self._known),
            (r"CIk|kC", self._known),
            (r"C([&,]C)*[IH]?P?0(?![OPH]*C)", self._missing),
            # values
            (r"C[IPOHM]*!?[IPOf]*V([,&|]+(C?[IPOf]*!?P?)V)*C?", self._values),
            (r"![IPOfHB>]*V([,&|]+P?V)*C?", self._values),
            (r"[IH]?[B>P]?V([,&|]+[PfO>]?V)*C?", self._values),
            # numbers
            (r"C[IHPO]*!?~NU?[&>]NU?", self._between),
            (r"~NU?[&>]NU?[OP]?C", self._between),
            (r"C[IHPO]*fNU?>NU?", self._between),
            (r"fNU?>NU?[OP]?C", self._between),
            (r"jT?NU?", self._dimension),
            (r"jT?A[OP]?[CR]?", self._above_average),
            (r"C[IHP]*!?MT?A[OP]?[CR]?", self._above_average),
            (r"MT?A[OP]?C", self._above_average),
            (r"C[IHP]*a[OP]?C?R?", self._above_average),
            (r"a[OP]?C", self._above_average),
            (r"C[IHPO]*!?MT?NU?", self._compare),
            (r"C[IHPO]*NU?Y", self._compare),
            (r"!?MNU?[OPH]?C", self._compare),
            (r"NU?Y[OP]?C", self._compare),
            (r"C[IHP]*[MT]T?C", self._columns),
            (r"C[IHO]*!?NU?(?![YC&>])", self._equal),
            (r"(?<![#SJZ])NU?C(?![YM])", self._equal),
            (r"MT?NU?", self._unit),
            # together
            (r"!R?[PIf]*x", self.negated),
            (r"x\|x", self._either),
            (r"x[&,]+x", self._both),
        ]

    def _text(self, nodes: list[Node]) -> list[Node] | None:
        column: ColumnCard = nodes[0].payload
        if column.is_number or column.is_time:
            return None
        text = nodes[-1].payload if nodes[-1].kind == "Q" else nodes[-1].text
        how = next(node.payload[0] for node in nodes if node.kind == "q")
        negated = "!" in letters(nodes)
        return condition_node(TextMatch(column=column.name, how=how, text=str(text).strip("'\""), negated=negated), nodes)

    def _time_column(self, nodes: list[Node]) -> ColumnCard | None:
        first = nodes[0]
        return first.payload if first.kind == "C" else None

    def _span(self, nodes: list[Node]) -> list[Node] | None:
        column = self._time_column(nodes)
        if column is not None and not self.calendar.is_temporal(column):
            return None
        first, last = (node.payload for node in nodes if node.kind == "D")
        condition = self.calendar.span(first, last, column)
        return condition and condition_node(condition, nodes)

    def _days(self, nodes: list[Node]) -> list[Node] | None:
        """`from 10 to 15 November`."""
        first, last = nodes[1].payload.whole, nodes[-1].payload
        if last.day is None or first is None or not 1 <= first <= 31:
            return None
        condition = self.calendar.span(replace(last, day=first), last, None)
        return condition and condition_node(condition, nodes)

    def _before(self, nodes: list[Node]) -> list[Node] | None:
        column = self._time_column(nodes)
        if column is not None and not self.calendar.is_temporal(column):
            return None
        operator = next(node.payload[0] for node in nodes if node.kind in "bMY")
        when = next(node.payload for node in nodes if node.kind == "D")
        condition = self.calendar.compare(operator, when, column)
        return condition and condition_node(condition, nodes)

    def _dates(self, nodes: list[Node]) -> list[Node] | None:
        column = self._time_column(nodes)
        if column is not None and not self.calendar.is_temporal(column):
            return None
        whens = [node.payload for node in nodes if node.kind == "D"]
        negated = "!" in letters(nodes)
        condition = self.calendar.during(whens, column, negated=negated)
        return condition and condition_node(condition, nodes)

    def _missing(self, nodes: list[Node]) -> list[Node] | None:
        columns: list[ColumnCard] = [node.payload for node in nodes if node.kind == "C"]
        word = next(node.text.casefold() for node in nodes if node.kind == "0")
        if any(column.is_number and column.low == 0 for column in columns) and word in _NONE_OF:
            return self._none(columns, nodes)
        found = [Missing(column=column.name) for column in columns]
        return condition_node(Either(conditions=tuple(found)) if "|" in letters(nodes) else every(*found) or found[0], nodes)

    def _none(self, columns: list[ColumnCard], nodes: list[Node]) -> list[Node] | None:
        """`no defects`: nought, where the column counts and nothing is missing."""
        if len(columns) != 1 or columns[0].nulls:
            return None
        return condition_node(Comparison(column=columns[0].name, operator=Operator.EQUAL, value=0), nodes)

    def _without(self, nodes: list[Node]) -> list[Node] | None:
        column: ColumnCard = nodes[-1].payload
        if column.is_flag:
            return self._flag(column, nodes, negated=True)
        return condition_node(Missing(column=column.name), nodes) if letters(nodes)[1] == "H" else None

    def _flag(self, column: ColumnCard, nodes: list[Node], *, negated: bool) -> list[Node]:
        return condition_node(flag_condition(column, negated=negated), nodes)

    def _known(self, nodes: list[Node]) -> list[Node] | None:
        column = next(node.payload for node in nodes if node.kind == "C")
        return condition_node(Missing(column=column.name, negated=True), nodes)

    def _values(self, nodes: list[Node]) -> list[Node] | None:
        """`origin is not JFK or LGA`, `in Ohio`, `the island of Dream`: one column, one or more values."""
        values: list[Node] = [node for node in nodes if node.kind == "V"]
        column: ColumnCard = values[0].payload[0]
        signs = {node.payload[0] for node in nodes if node.kind == "M"}
        if signs - {"=", "!="}:
            return None
        if any(node.payload[0] is not column for node in values):
            return self._mixed(nodes, values)
        if nodes[-1].kind == "C" and nodes[-1].payload is not column:
            rest = self._values(nodes[:-1])
            return rest and [*rest, nodes[-1]]
        if nodes[0].kind == "C" and nodes[0].payload is not column:
            start = next(i for i, node in enumerate(nodes) if i and node.kind != "C" and node.kind not in "O")
            rest = self._values(nodes[start:])
            return rest and [*nodes[:start], *rest]
        if any(node.payload is not column for node in nodes if node.kind == "C"):
            return None
        if any(self.linker.is_listed_with_others(column.name, value) for node in values for value in node.payload[1]):
            return None  # one entry of a list, or that entry alone: the table does not say
        spelled = tuple(value for node in values for value in node.payload[1])
        negated = ("!" in letters(nodes)) != ("!=" in signs)
        if "&P" in letters(nodes) and len(values) > 1:
            return None  # "for men and for women": each of them, not both together
        return condition_node(Membership(column=column.name, values=spelled, negated=negated), nodes)

    def _mixed(self, nodes: list[Node], values: list[Node]) -> list[Node] | None:
        """Values of several columns in a row: a condition each, joined as the words say."""
        text = letters(nodes)
        if "!" in text or "C" in text:
            return None
        grouped: dict[str, list[Any]] = {}
        for node in values:
            grouped.setdefault(node.payload[0].name, []).extend(node.payload[1])
        found: list[Condition] = [Membership(column=name, values=tuple(kept)) for name, kept in grouped.items()]
        if "|" in text:
            return condition_node(Either(conditions=tuple(found)), nodes) if len(values) == len(found) else None
        return condition_node(every(*found) or found[0], nodes)

    def _number(self, nodes: list[Node], column: ColumnCard) -> list[float | int] | None:
        """The numbers of a condition in the column's unit; `None` when theirs cannot be turned into it."""
        if not column.is_number:
            return None
        declared = self.linker.declared_units(column.name)
        factor = 1.0
        for node in nodes:
            if node.kind == "U" and (node.payload not in declared if declared else node.payload not in COUNTING_UNITS):
                known = [CONVERSIONS[node.payload, unit] for unit in declared if (node.payload, unit) in CONVERSIONS]
                if not known:
                    return None
                factor = known[0]
        numbers = [node.payload.number * factor for node in nodes if node.kind == "N"]
        return [int(number) if number == int(number) else number for number in numbers]

    def _between(self, nodes: list[Node]) -> list[Node] | None:
        column = next(node.payload for node in nodes if node.kind == "C")
        numbers = self._number(nodes, column)
        if numbers is None or "!" in letters(nodes):
            return None
        low, high = sorted(numbers)
        return condition_node(
            every(
                Comparison(column=column.name, operator=Operator.AT_LEAST, value=low),
                Comparison(column=column.name, operator=Operator.AT_MOST, value=high),
            )
            or _never(),
            nodes,
        )

    def _compare(self, nodes: list[Node]) -> list[Node] | None:
        column = next(node.payload for node in nodes if node.kind == "C")
        numbers = self._number(nodes, column)
        if not numbers or len(numbers) != 1:
            return None
        operator = Operator(next(node.payload[0] for node in nodes if node.kind in "MY"))
        if self.calendar.is_year(column) and numbers[0] < 1000:
            return None  # a count, not a year
        if "!" in letters(nodes):
            operator = _NEGATED[operator]
        return condition_node(Comparison(column=column.name, operator=operator, value=numbers[0]), nodes)

    def _equal(self, nodes: list[Node]) -> list[Node] | None:
        column: ColumnCard = next(node.payload for node in nodes if node.kind == "C")
        if column.enumerated:
            text = next(node.payload.text for node in nodes if node.kind == "N")
            if text not in column.values:
                return None
            negated = "!" in letters(nodes)
            return condition_node(Membership(column=column.name, values=(text,), negated=negated), nodes)
        numbers = self._number(nodes, column)
        if not numbers:
            return None
        value = numbers[0]
        low, high = column.low, column.high
        if not isinstance(low, int | float) or not isinstance(high, int | float) or not low <= value <= high:
            return None
        if any(node.kind == "U" for node in nodes) and column.type.value != "integer":
            return None
        operator = Operator.UNEQUAL if "!" in letters(nodes) else Operator.EQUAL
        return condition_node(Comparison(column=column.name, operator=operator, value=value), nodes)

    def _dimension(self, nodes: list[Node]) -> list[Node] | None:
        direction, quantities = nodes[0].payload
        columns = quantity_columns(self.linker, quantities)
        if len(columns) != 1:
            return None
        column = self.card.by_name[columns[0]]
        numbers = self._number(nodes, column)
        if not numbers:
            return None
        operator = Operator.MORE if direction == "desc" else Operator.LESS
        return condition_node(Comparison(column=column.name, operator=operator, value=numbers[0]), nodes)

    def _above_average(self, nodes: list[Node]) -> list[Node] | None:
        text = letters(nodes)
        columns = [node.payload for node in nodes if node.kind == "C"]
        if "j" in text:
            direction, quantities = nodes[0].payload
            names = quantity_columns(self.linker, quantities)
            if len(names) != 1 or (columns and columns[0].name != names[0]):
                return None
            columns = [self.card.by_name[names[0]]]
            operator = ">" if direction == "desc" else "<"
        else:
            operator = next(node.payload[0] for node in nodes if node.kind in "aM")
        aggregate = next(node.payload[-1] for node in nodes if node.kind in "aA")
        if not columns or any(column is not columns[0] for column in columns) or not columns[0].is_number:
            return None
        if aggregate not in ("mean", "median") or "!" in text:
            return None
        return condition_node(
            AgainstAverage(column=columns[0].name, operator=Operator(operator), aggregate=Aggregate(aggregate)),  # type: ignore[arg-type]  # one of two
            nodes,
        )

    def _columns(self, nodes: list[Node]) -> list[Node] | None:
        first, second = (node.payload for node in nodes if node.kind == "C")
        signs = [node.payload for node in nodes if node.kind == "M"]
        if not signs or first is second or first.is_number != second.is_number or not (first.is_number or first.is_time):
            return None
        return condition_node(BetweenColumns(column=first.name, operator=Operator(signs[0][0]), other=second.name), nodes)

    def _unit(self, nodes: list[Node]) -> list[Node] | None:
        """`above $200,000`, `over 2 million people`, where one column only can hold such a thing."""
        units = {node.payload for node in nodes if node.kind == "U"} | {n.payload.unit for n in nodes if n.kind == "N"}
        quantities = [QUANTITIES_OF_UNITS[unit] for unit in units if unit in QUANTITIES_OF_UNITS]
        if not quantities:
            return None
        columns = quantity_columns(self.linker, quantities[0])
        numbers = [node.payload.number for node in nodes if node.kind == "N"]
        if len(columns) != 1 or len(numbers) != 1:
            return None
        value = int(numbers[0]) if numbers[0] == int(numbers[0]) else numbers[0]
        return condition_node(Comparison(column=columns[0], operator=Operator(nodes[0].payload[0]), value=value), nodes)

    def negated(self, nodes: list[Node]) -> list[Node] | None:
        opposite = negate(nodes[-1].payload)
        return opposite and condition_node(opposite, nodes)

    def _either(self, nodes: list[Node]) -> list[Node] | None:
        first, second = nodes[0].payload, nodes[2].payload
        return condition_node(Either(conditions=(first, second)), nodes)

    def _both(self, nodes: list[Node]) -> list[Node] | None:
        return condition_node(every(nodes[0].payload, nodes[-1].payload) or _never(), nodes)


def flag_condition(column: ColumnCard, *, negated: bool) -> Condition:
    """Rows where a yes/no column says yes (or no)."""
    if column.type.value == "text":
        return Membership(column=column.name, values=(column.yes,), negated=negated)
    yes = column.yes
    value = yes if not negated else (not yes if isinstance(yes, bool) else 0)
    return Comparison(column=column.name, operator=Operator.EQUAL, value=value)


def _never() -> Condition:
    raise AssertionError("two conditions always make one")
