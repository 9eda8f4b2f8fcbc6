"""Rankings by an adjective: the oldest, the cheapest, the longest in pages, the latest date."""

from __future__ import annotations

import re

from sapwood_agents.analyst.card import ColumnCard
from sapwood_agents.analyst.intent import Aggregate, Measure, QueryIntent, Shape
from sapwood_agents.analyst.language.nodes import Node, letters
from sapwood_agents.analyst.language.shapes.measures import fits
from sapwood_agents.analyst.language.shapes.ranked import Ranked, Readings, asks_who
from sapwood_agents.analyst.language.spelling import lemma
from sapwood_agents.analyst.language.unplaced import Unplaced


class ByAdjective(Ranked):
    """Finds the column that an adjective ranks by."""

    rest: list[Node]

    def by_adjective(self, head: Node, before: list[Node], after: list[Node]) -> Readings:
        """`the oldest X`, `which X is cheapest`, `the longest wings`."""
        if (
            _says_when(head)
            and letters(after)[:1] == "G"
            and after[0].payload[0] != "day"
            and set("RK") & set(letters([*before, *after]))
        ):
            raise Unplaced((head.text, after[0].text), "a span of time up to today")
        meant = self.scope.quantities(head.payload[1])
        by = self.by([node for node in (*before, *after) if node.kind in "CG"], [*before, *after])
        if by is not None and (by in meant or not meant):
            self.groups = []
            _, self.descending = self.scope.compared(head, by)
            return self.rank(
                [node for node in (*before, *after) if node.kind not in "Lp"],
                by,
                head.text,
                dimension=by in meant,
            )
        timed = set(head.payload[1]) & {"date", "age"}  # "the latest price" is not the highest one
        touched = tuple(node for node in (*before, *after) if node.kind in "pU")
        if "price" in head.payload[1] and not meant and any(node.kind == "C" for node in after):
            raise Unplaced((head.text,), "nothing in the table has a price")
        named = [
            node for i, node in enumerate(after)
            if node.kind == "C"
            and (node.payload in meant or (i == 0 and self._is_measured(node) and not timed))
        ] + [node for node in before if node.kind == "C" and node.payload in meant]  # fmt: skip
        if not named and len(meant) != 1 and re.search(r"J[RC]?P(?:C|n)$", letters(self.rest)):
            named = [node for node in after[-1:] if node.kind == "C" and self.is_quantity(node.payload)]
        if head.payload[1] == ("age",) and not named:
            named = [
                node
                for node in after[:1]
                if node.kind == "C" and self.scope.calendar.is_temporal(node.payload)
            ]
        timed_columns = [
            node
            for node in (*before, *after)
            if node.kind == "C" and self.scope.calendar.is_temporal(node.payload)
        ]
        if (
            _says_when(head)
            and not named
            and len(timed_columns) == 1
            and ("W" not in letters(before) or timed_columns[0] in after[:1])
        ):
            return self._date(head, [*before, *after])
        if _says_when(head) and not named and asks_when([*before, *(n for n in after if n.kind == "w")]):
            return self._date(head, [*before, *after])
        if _says_when(head) and not named:
            new = head.text.casefold().startswith("new")
            if column := (self.scope.made() if new else None) or self._made():
                return self.rank([*before, *after], column, head.text, dimension=True)
            return self._date(head, [*before, *after])
        column, self.descending = self.scope.compared(head, named[0].payload if named else None, touched)
        measure = Measure(aggregate=Aggregate.VALUE, column=column.name)
        if asks_when(before) and self.scope.calendar.is_temporal(column) and not self.groups:
            return self._date(head, [*before, *after, Node("C", head.text, column)])
        if "U" in letters(after) and not self.limit and "W" not in letters(before):
            key = self.scope.labels.key
            if key is not None and not key.is_number:
                raise Unplaced(
                    tuple(node.text for node in after if node.kind == "U"), "the row, or the number alone"
                )
            aggregate = Aggregate.MAX if self.descending else Aggregate.MIN
            return [(0.0, self._alone(aggregate, column))]
        nodes = [
            node for node in (*before, *after)
            if node not in named and node.kind not in "Lp"
            and not (node.kind == "U" and fits(node, measure, self.scope))
        ]  # fmt: skip
        if "h" in letters(before) and not self.groups and not self.limit and "W" not in letters(before):
            aggregate = Aggregate.MAX if self.descending else Aggregate.MIN
            return [(0.0, self._alone(aggregate, column))]  # "how old is the oldest member"
        if re.search(r"JRC$", letters(self.rest)) and named and named[0] is self.rest[-1] and not self.limit:
            aggregate = Aggregate.MAX if self.descending else Aggregate.MIN
            return [(0.0, self._alone(aggregate, column))]  # "the oldest member's age"
        if re.search(r"C[OP]+JR?$", letters(self.rest)) and named and named[0] in before and not self.limit:
            aggregate = Aggregate.MAX if self.descending else Aggregate.MIN
            return [(0.0, self._alone(aggregate, column))]  # "the age of the oldest member"
        rows = (
            bool(re.search(r"JR", letters(self.rest)))
            and "h" not in letters(before)
            and self.scope.labels.name is not None
        )
        self.named = self.named or rows
        return self.rank(nodes, column, head.text, dimension=not named or rows)

    def _is_measured(self, node: Node) -> bool:
        """Whether the adjective may be the column's: `the longest wings`, and no `longest game`."""
        return self.is_quantity(node.payload) and lemma(node.text.casefold()) not in self.scope.rows.titled

    def _made(self) -> ColumnCard | None:
        """The year a row is from, when that is all the table says of its age."""
        return self.scope.calendar.parts.get("year") if not self.scope.calendar.dates else None

    def _date(self, head: Node, nodes: list[Node]) -> Readings:
        """`when was the first X`, `the latest date`: a date; `the newest X`: the row."""
        calendar = self.scope.calendar
        times = [node for node in nodes if node.kind == "C" and calendar.is_temporal(node.payload)]
        column = times[0].payload if times else calendar.main or self._made()
        others = [node for node in nodes if node not in times and node.kind not in "LwRG"]
        others = [node for node in others if node.kind != "W"]
        if column is None or others or self.groups or len(times) > 1:
            raise Unplaced(tuple(node.text for node in others) or (head.text,))
        bare = any(node.kind == "G" and node.text.casefold() in ("date", "dates") for node in nodes)
        if bare and not times and len(calendar.dates) > 1 and not any(node.kind == "R" for node in self.rest):
            raise Unplaced(("date",), "which of the dates")
        if asks_who(nodes) or not (any(node.kind in "wG" for node in nodes) or times):
            return [(0.0, self.rows(None, column))]
        return [(0.0, self._alone(Aggregate.MAX if self.descending else Aggregate.MIN, column))]

    def _alone(self, aggregate: Aggregate, column: ColumnCard) -> QueryIntent:
        if self.groups:
            raise Unplaced(tuple(group.column for group in self.groups), "by groups")
        measure = Measure(aggregate=aggregate, column=column.name)
        return QueryIntent(shape=Shape.NUMBER, measures=(measure,), where=self.where)

    def by(self, columns: list[Node], nodes: list[Node]) -> ColumnCard | None:
        """`top 5 cars by price`: what follows `by` is the measure."""
        if len(self.groups) != 1 or len(columns) > 1 or self.groups[0].bucket or self.groups[0].cycle:
            return None
        column = self.scope.card.by_name[self.groups[0].column]
        if not column.is_number or self.scope.labels.is_identifier(column):
            return None
        if not columns and "R" not in letters(nodes) and not (self.limit and letters(nodes) == ""):
            return None
        return (
            column
            if self.limit or not any(self.is_quantity(n.payload) for n in columns if n.kind == "C")
            else None
        )


def asks_when(nodes: list[Node]) -> bool:
    """`when`, `what year`, `which date`."""
    return any(
        node.kind == "w" or (node.kind == "G" and node.payload[0] in ("year", "day")) for node in nodes
    )


def _says_when(head: Node) -> bool:
    return "date" in head.payload[1]
