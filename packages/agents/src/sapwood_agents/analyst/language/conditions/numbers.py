"""Conditions that compare a column with a number or with another column."""

from __future__ import annotations

import re

from sapwood_agents.analyst.card import ColumnCard
from sapwood_agents.analyst.intent import (
    BetweenColumns,
    Comparison,
    Membership,
    Operator,
)
from sapwood_agents.analyst.language.conditions.build import (
    NEGATED,
    all_of,
    condition_node,
)
from sapwood_agents.analyst.language.conditions.in_units import in_its_unit
from sapwood_agents.analyst.language.items import UNKNOWN
from sapwood_agents.analyst.language.nodes import Node, Rule, letters
from sapwood_agents.analyst.language.rows.kinds import ROWS_THEMSELVES, is_person, is_thing
from sapwood_agents.analyst.language.scope import Scope
from sapwood_agents.analyst.language.spelling import lemma
from sapwood_agents.analyst.language.tokens import name_words
from sapwood_agents.analyst.language.units import (
    QUANTITIES_OF_UNITS,
)
from sapwood_agents.analyst.language.unplaced import Unplaced
from sapwood_storage.tabular.model import ColumnType

_SEXES = frozenset("men women man woman males females male female boys girls".split())
_NEXT = 2
"""A number said so soon after the noun is its own."""


def rules(scope: Scope) -> list[Rule]:
    """In the order in which they apply."""
    bound = _Numbers(scope)
    return [
        (r"C[IHPO]*!?~NU?[&>]NU?", bound.between),
        (r"~NU?[&>]NU?[OP]?C|~CN[&>]N", bound.between),
        (r"C[IHPO]*f?NU?>NU?", bound.between),
        (r"f?NU?>NU?[OP]?C", bound.between),
        (r"C[IHP]*jT?NU?", bound.stronger),
        (r"jT?NU?", bound.dimension),
        (r"NU?h", bound.measured),
        (r"H!?MT?NU?[OP]?C(?![MY])", bound.compare),
        (r"C[IHPO]*!?MT?NU?", bound.compare),
        (r"C[IHPO]*NU?Y", bound.compare),
        (r"[IH]?!?MT?NU?[OPH]?C", bound.compare),
        (r"NU?Y[OP]?C|NU?CY", bound.compare),
        (r"sC|C[IHP]*s", bound.sign),
        (r"C[IHP]*[MT]T?C", bound.columns),
        (r"iCTC", bound.columns),
        (r"C[IHPOM]*!?[IPO]*N([,&]*\|N)(?![UYC])", bound.either),
        (r"C[IHO]*!?NU?(?![YC>~]|&(?!C[IHO]*!?N))", bound.equal),
        (r"(?<![#SJZ])[IH]?!?NU?C(?![YM])", bound.equal),
        (r"HNPC(?![YMN])", bound.equal),
        (r"RN(?![UYRC&|>])", bound.numbered),
        (r"R[POI]?MT?NU?|R[POI]?~NU?[&>]NU?|RP?f?NU?>NU?|R[PI]?NU?Y", bound.aged),
        (r"xP?MT?NU?|xP?~NU?[&>]NU?|xP?NU?Y", bound.men_aged),
        (r"[OP]NU(?!Y)", bound.aged),
        (r"~NU?[&>]NU", bound.unit),
        (r"MT?NU?|NU?Y", bound.unit),
    ]


def _are_people(node: Node) -> bool:
    """Whether a noun for the rows is one of people: of `orders` nobody says that they are over 60."""
    noun = lemma(node.text.casefold())
    return not is_thing(node.payload) or is_person(node.payload) or is_person(noun) or node.payload == UNKNOWN


_LASTING = frozenset(
    ("be", "been", "being", "or longer", "or shorter", "or later", "or earlier", "and later")
)


class _Numbers:
    def __init__(self, scope: Scope) -> None:
        self.scope = scope

    def between(self, nodes: list[Node]) -> list[Node] | None:
        column = next(node.payload for node in nodes if node.kind == "C")
        numbers = in_its_unit(nodes, column, self.scope)
        if not numbers or "!" in letters(nodes) or (column.is_number and self._counted(column, numbers)):
            return None
        low, high = sorted(numbers)
        condition = all_of(
            Comparison(column=column.name, operator=Operator.AT_LEAST, value=low),
            Comparison(column=column.name, operator=Operator.AT_MOST, value=high),
        )
        return condition_node(condition, nodes)

    def _counted(self, column: ColumnCard, numbers: list[float | int]) -> bool:
        """Whether the numbers count something beside a column of years."""
        return self.scope.calendar.is_year(column) and numbers[0] < 1000

    def compare(self, nodes: list[Node]) -> list[Node] | None:
        column = next(node.payload for node in nodes if node.kind == "C")
        if column.enumerated and [node.payload[0] for node in nodes if node.kind == "M"] in (["="], ["!="]):
            return self.equal(nodes)
        numbers = in_its_unit(nodes, column, self.scope)
        if column.is_flag and numbers and numbers[0] not in (0, 1):
            return None
        if not numbers or len(numbers) != 1 or self._counted(column, numbers):
            return None
        operator = Operator(next(node.payload[0] for node in nodes if node.kind in "MY"))
        if "!" in letters(nodes):
            operator = NEGATED[operator]
        return condition_node(Comparison(column=column.name, operator=operator, value=numbers[0]), nodes)

    def sign(self, nodes: list[Node]) -> list[Node] | None:
        column: ColumnCard = next(node.payload for node in nodes if node.kind == "C")
        if not column.is_number:
            return None
        operator = Operator(next(node.payload[0] for node in nodes if node.kind == "s"))
        return condition_node(Comparison(column=column.name, operator=operator, value=0), nodes)

    def equal(self, nodes: list[Node]) -> list[Node] | None:
        if nodes[-1].inside and any(node.kind == "!" and not node.inside for node in nodes):
            return None
        column: ColumnCard = next(node.payload for node in nodes if node.kind == "C")
        negated = ("!" in letters(nodes)) != any(
            node.kind == "M" and node.payload[0] == "!=" for node in nodes
        )
        if column.enumerated:
            text = str(next(node.payload.text for node in nodes if node.kind == "N"))
            if text not in column.values:
                return None
            return condition_node(Membership(column=column.name, values=(text,), negated=negated), nodes)
        numbers = in_its_unit(nodes, column, self.scope)
        exact = column.type is ColumnType.INTEGER or "I" in letters(nodes)
        if not numbers or not (
            exact or numbers[0] == 0 or any("." in node.text for node in nodes if node.kind == "N")
        ):
            return None
        low, high = column.low, column.high
        if (
            not isinstance(low, int | float)
            or not isinstance(high, int | float)
            or not low <= numbers[0] <= high
        ):
            return None
        operator = Operator.UNEQUAL if negated else Operator.EQUAL
        return condition_node(Comparison(column=column.name, operator=operator, value=numbers[0]), nodes)

    def either(self, nodes: list[Node]) -> list[Node] | None:
        """`generation 1 or 2`."""
        column: ColumnCard = nodes[0].payload
        if not column.is_number or any(node.kind == "M" and node.payload[0] != "=" for node in nodes):
            return None
        numbers = tuple(in_its_unit(nodes, column, self.scope) or ())
        return condition_node(
            Membership(column=column.name, values=numbers, negated="!" in letters(nodes)), nodes
        )

    def dimension(self, nodes: list[Node]) -> list[Node] | None:
        """`taller than 180`."""
        try:
            column = self.scope.dimension(nodes[0])
        except Unplaced:
            meant = {c.name for c in self.scope.quantities(nodes[0].payload[1])}
            units = [
                name
                for node in nodes
                if node.kind == "U"
                for name in QUANTITIES_OF_UNITS.get(node.payload, ())
            ]
            several = [c for c in self.scope.quantities(tuple(units)) if c.name in meant]
            if len(several) != 1:
                return None
            column = several[0]  # "longer than 20 miles"
        operator = Operator.MORE if nodes[0].payload[0] == "desc" else Operator.LESS
        if self.scope.calendar.is_temporal(column):
            return None
        numbers = in_its_unit(nodes, column, self.scope)
        if not numbers:
            return None
        return condition_node(Comparison(column=column.name, operator=operator, value=numbers[0]), nodes)

    def stronger(self, nodes: list[Node]) -> list[Node] | None:
        """`wind stronger than 8`: more of what was named, where the adjective means no column of its own."""
        column: ColumnCard = nodes[0].payload
        at = next(index for index, node in enumerate(nodes) if node.kind == "j")
        try:
            if self.scope.dimension(nodes[at]) is not column:
                return None
        except Unplaced:
            pass  # it means none, so that it speaks of the column before it
        sign = ">" if nodes[at].payload[0] == "desc" else "<"
        if not column.is_number or self.scope.calendar.is_temporal(column):
            return None
        return self.compare(
            [nodes[0], Node("M", nodes[at].text, (sign,), start=nodes[at].start), *nodes[at + 1 :]]
        )

    def numbered(self, nodes: list[Node]) -> list[Node] | None:
        """`order 1042`: the row of that number."""
        row, number = nodes
        column = self.scope.labels.number_of(row.payload)
        if column is None or row.payload in ROWS_THEMSELVES or number.start - row.start > _NEXT:
            return None
        return self.equal([Node("C", row.text, column, start=row.start), number])

    def measured(self, nodes: list[Node]) -> list[Node] | None:
        """`20 years old`."""
        try:
            column = self.scope.dimension(nodes[-1])
        except Unplaced:
            return None
        if column.type is not ColumnType.INTEGER:
            return None
        numbers = in_its_unit(nodes, column, self.scope)
        condition = (
            Comparison(column=column.name, operator=Operator.EQUAL, value=numbers[0]) if numbers else None
        )
        return condition and condition_node(condition, nodes)

    def columns(self, nodes: list[Node]) -> list[Node] | None:
        first, second = (node.payload for node in nodes if node.kind == "C")
        signs = [">" if node.payload[0] == "desc" else "<" for node in nodes if node.kind == "i"]
        signs += [node.payload[0] for node in nodes if node.kind == "M"]
        if (
            not signs
            or first is second
            or first.is_number != second.is_number
            or not (first.is_number or first.is_time)
        ):
            return None
        condition = BetweenColumns(column=first.name, operator=Operator(signs[0]), other=second.name)
        return condition_node(condition, nodes)

    def aged(self, nodes: list[Node]) -> list[Node] | None:
        """`people over 60`, `persons of 64 years`: their age."""
        columns = self.scope.quantities(("age",))
        people = nodes[0].kind == "R" and _are_people(nodes[0])
        years = any(node.kind == "U" and node.payload == "year" for node in nodes)
        if any(node.kind == "U" and node.payload != "year" for node in nodes):
            return None
        if any(node.text.casefold() in _LASTING for node in nodes if node.kind in "IY"):
            return None  # "have been here for 20 years or longer"
        if len(columns) != 1 or not (people or (years and nodes[0].kind != "R")):
            return None
        rows = nodes[:1] if nodes[0].kind == "R" else []
        column = Node("C", columns[0].name, columns[0], start=nodes[-1].start)
        rest = [column, *nodes[len(rows) :]]
        text = letters(rest)
        made = (
            self.between(rest)
            if text.count("N") == 2
            else self.compare(rest)
            if re.search("[MY]", text)
            else self.equal(rest)
        )
        return made and [*rows, *made]

    def men_aged(self, nodes: list[Node]) -> list[Node] | None:
        """`men over 60`: their age."""
        if nodes[0].text.casefold() not in _SEXES:
            return None
        made = self.aged([Node("R", nodes[0].text, "person", start=nodes[0].start), *nodes[1:]])
        return made and [nodes[0], *made[1:]]

    def unit(self, nodes: list[Node]) -> list[Node] | None:
        """`above $200,000`, `over 2 million people`, where one column only can hold such a thing."""
        units = {node.payload for node in nodes if node.kind == "U"} | {
            n.payload.unit for n in nodes if n.kind == "N"
        }
        columns: dict[str, ColumnCard] = {}
        for unit in units - {""}:
            columns |= {
                column.name: column for column in self.scope.quantities(QUANTITIES_OF_UNITS.get(unit, ()))
            }
            for column in self.scope.card.columns:
                if unit in self.scope.linker.declared_units(column.name):
                    columns[column.name] = column
        numbers = in_its_unit(nodes, next(iter(columns.values())), self.scope) if len(columns) == 1 else None
        if numbers and len(numbers) == 2:
            return self.between([Node("C", next(iter(columns)), next(iter(columns.values()))), *nodes])
        lasting = any(node.kind == "Y" and node.text.casefold() in _LASTING for node in nodes)
        if not numbers or len(numbers) != 1 or (lasting and "age" in name_words(next(iter(columns)))):
            return None
        operator = Operator(next(node.payload[0] for node in nodes if node.kind in "MY"))
        condition = Comparison(column=next(iter(columns)), operator=operator, value=numbers[0])
        return condition_node(condition, nodes)
