"""Which, top and bottom: finds the key, the measure and whether rows or groups are ranked."""

from __future__ import annotations

import re

from sapwood_agents.analyst.card import ColumnCard
from sapwood_agents.analyst.intent import (
    Aggregate,
    Measure,
    Missing,
    QueryIntent,
)
from sapwood_agents.analyst.language.grouping import key_of
from sapwood_agents.analyst.language.nodes import Node, letters
from sapwood_agents.analyst.language.scope import Scope
from sapwood_agents.analyst.language.shapes.adjectives import ByAdjective
from sapwood_agents.analyst.language.shapes.directions import best_is_highest
from sapwood_agents.analyst.language.shapes.draft import FREE, Draft
from sapwood_agents.analyst.language.shapes.extremes import extremes
from sapwood_agents.analyst.language.shapes.measures import COUNT, aggregated, fits
from sapwood_agents.analyst.language.shapes.ranked import Readings, asks_who
from sapwood_agents.analyst.language.shapes.share import share_measure
from sapwood_agents.analyst.language.spelling import lemma
from sapwood_agents.analyst.language.unplaced import Unplaced
from sapwood_storage.tabular.model import ColumnType

_BIG = frozenset(
    "biggest largest greatest smallest highest lowest maximum minimum max min bigest largst littlest".split()
)
_MANY = 30
"""A column with fewer values holds kinds: `the most medals` are not the most different ones."""
_RUN = 0.9
_MISFITS = "hm!MN~qjYabTd=cvQz0k"
_AND_WHAT = re.compile(r"[&,]+[fPO]*[WKmw][CUR]?[UR]?I?O?$")


def superlative(found: Draft, scope: Scope) -> Readings:
    """The readings of a question with a superlative."""
    ranking = _Ranking(found, scope)
    heads = ranking.heads
    if not any(node.kind == "Z" for node in heads) and (len(heads) > 1 or ranking.beside_aggregates()):
        return extremes(found, scope, ranking.nodes, heads)
    if len(heads) != 1:
        raise Unplaced(tuple(node.text for node in heads[1:]) or ("",))
    readings = ranking.read()
    for _, intent in readings:
        ranking.check_tail(intent)
    return readings


class _Ranking(ByAdjective):
    def __init__(self, found: Draft, scope: Scope) -> None:
        self.scope = scope
        self.groups = found.groups
        self.where = found.where
        self.rest, self.tail = _without_tail(found.rest)
        text = letters(self.rest)
        asked = bool(self.tail) and bool(
            re.search(r"R|w", letters(self.tail)) or asks_who(self.tail) or _which_one(self.tail)
        )
        self.entity = asked or bool(re.search(r"W[Rx]|[SJ]CR|WH[SJ]|^[PO]*RH[SJ]C", text))
        self.named = asked or "SCR" in text
        bare = [
            node for node in self.rest if (node.kind not in FREE or node.kind == "L") and node.kind != "x"
        ]
        bare = self._said_once(bare)
        self.limit: int | None = next((node.payload for node in bare if node.kind == "l"), None)
        self.nodes = [node for node in bare if node.kind != "l"]
        self.heads = [node for node in self.nodes if node.kind in "SJZ"]
        limited = [node for node in self.heads if len(node.payload) > 1 and isinstance(node.payload[1], int)]
        if limited:
            self.limit = limited[0].payload[1]
            if len(self.heads) == 2 and self._agree():
                self.nodes.remove(limited[0])
                self.heads.remove(limited[0])

    def _said_once(self, bare: list[Node]) -> list[Node]:
        """`the fastest, i.e. the one with the highest speed`: the parenthesis says which column it is."""
        heads = [node for node in bare if node.kind in "SJ"]
        if len(heads) != 2 or heads[0].inside or not heads[1].inside or heads[0].kind != "J":
            return bare
        columns = [node for node in bare if node.inside and node.kind == "C"]
        if len(columns) != 1 or columns[0].payload not in self.scope.quantities(heads[0].payload[1]):
            raise Unplaced(tuple(node.text for node in heads))
        self.rest = [node for node in self.rest if not node.inside or node.kind == "x"]
        return [node for node in bare if not node.inside]

    def _agree(self) -> bool:
        """`top 5 most expensive`, but not `top 5 cheapest`'s opposite."""
        directions = {node.payload[0] for node in self.heads}
        return len(directions) == 1 or (self.heads[0].payload[0] == "desc" and self.heads[1].kind == "J")

    def beside_aggregates(self) -> bool:
        """`lowest, median and highest price`: extremes in a list of aggregates."""
        text = letters([node for node in self.rest if node.kind not in "OPWLIx"])
        if self.groups:  # "minimum and maximum fee by town": both of one column, which nothing else ranks
            return bool(re.fullmatch(r"(?:[SA][&,]+)+[SA]C", text)) and "W" not in letters(self.rest)
        return bool(re.search(r"[SJ]C?[&,]+A|AC?[&,]+[SJ]", text))

    # -- what is ranked

    def read(self) -> Readings:
        head = self.heads[0]
        at = self.nodes.index(head)
        before, after = self.nodes[:at], self.nodes[at + 1 :]
        self.descending = head.payload[0] in ("desc", "best")
        if head.kind == "Z":
            return self._frequency([*before, *after])
        if head.kind == "J":
            return self.by_adjective(head, before, after)
        return self._measure(head, before, after)

    def _frequency(self, nodes: list[Node]) -> Readings:
        """`most common X`."""
        keys = [node for node in nodes if node.kind in "CG"]
        if (by := self.by(keys, nodes)) is not None:
            self.groups, self.entity = [], True
            return self.rank(keys or [node for node in nodes if node.kind in "RW"], by, by.name)
        named = [
            self.scope.card.by_name[group.column]
            for group in self.groups
            if not group.bucket and not group.cycle
        ]
        if any(self.is_quantity(column) for column in named):
            raise Unplaced(tuple(column.name for column in named), "a quantity is no key")
        if "popular" in self.heads[0].text and self.scope.quantities(("popularity",)):
            raise Unplaced((self.heads[0].text,), "often, or with a high popularity")
        rest = [node for node in nodes if node.kind not in "CGBKWLRF"]
        if rest or len(keys) + len(self.groups) != 1:
            raise Unplaced(tuple(node.text for node in rest) or ("most common",))
        return [(0.0, self.ranked(key_of(keys[0], self.scope) if keys else self.groups[0], COUNT))]

    def _measure(self, head: Node, before: list[Node], after: list[Node]) -> Readings:
        """`which X has the highest Y`, `top 5 X by Y`, `the highest Y`, `the most rows`."""
        nodes = [*before, *after]
        if "%" in letters(nodes):
            return self._share()
        if self._meets(head, len(nodes)):
            return [(0.0, self.grouped([node for node in nodes if node.kind in "CG"], COUNT, nodes, None))]
        misfits = tuple(node.text for node in nodes if node.kind in _MISFITS)
        if misfits:
            raise Unplaced(misfits)
        columns = [node for node in nodes if node.kind in "CG"]
        numbers = [node for node in columns if node.kind == "C" and self.is_quantity(node.payload)]
        aggregates = [node for node in nodes if node.kind == "A"]
        counts = "K" in letters(nodes) or letters(after).startswith("R") or "F" in letters(after)
        self._settle(head, numbers, self.by(columns, nodes))
        if not aggregates and "K" not in letters(nodes) and (by := self.by(columns, nodes)) is not None:
            self.groups = []
            self.named = self.entity = self.named or "R" in letters(nodes)
            return self.rank(columns or [node for node in nodes if node.kind in "RW"], by, by.name)
        if aggregates:
            return self._aggregate(aggregates, columns, numbers, nodes)
        if letters(nodes).strip("WI") == "R" and head.text.casefold() in _BIG and not self.groups:
            sizes = self.scope.quantities(("size", "area", "population"))
            if len(sizes) == 1:
                return self.rank(nodes, sizes[0], head.text, dimension=True)
        if head.text.casefold() in _BIG and self._big_row(head):
            raise Unplaced((head.text,), "large in what")
        if (
            any(node.kind == "C" and self.is_quantity(node.payload) for node in columns)
            and counts
            and "B" not in letters(nodes)
        ):
            raise Unplaced(tuple(node.text for node in columns), "a quantity is no key")
        if counts:
            return [(0.0, self._counted(columns, nodes))]
        if self.groups and not columns:
            raise Unplaced(tuple(group.column for group in self.groups), "rank what")
        values = [node for node in after if node in numbers] or numbers[-1:]
        top = bool(self.limit) and head.text.casefold() not in _BIG
        if top and values and values == after[:1] and self._numbers_things(values[0]):
            raise Unplaced((values[0].text,), "the highest of them, or those with the most")
        several = len(columns) == 2 and head.text.casefold() not in _BIG
        if not values and several and columns[-1].kind == "C" and columns[-1] in after:
            return [(0.0, self._distinct(columns))]
        if len(values) != 1 or len(columns) > 2:
            raise Unplaced(tuple(node.text for node in columns) or ("highest",))
        nodes = [node for node in nodes if node is not values[0] and node.kind not in "LU"]
        return self.rank(nodes, values[0].payload, values[0].text)

    def _numbers_things(self, node: Node) -> bool:
        """Whether `the top 3 seasons` may be those with the most: few numbers, the first of them 0 or 1."""
        column: ColumnCard = node.payload
        low, high = column.low, column.high
        if not isinstance(low, int) or not isinstance(high, int) or lemma(node.text.casefold()) == node.text:
            return False
        runs = low in (0, 1) and _MANY * 2 >= column.distinct > _RUN * (high - low)
        return runs and column.distinct * 2 <= self.scope.card.rows and not column.is_flag

    def _big_row(self, head: Node) -> bool:
        """`the largest barn`: the size of a row, and not how many there are."""
        at = self.rest.index(head)
        return letters(self.rest[at + 1 : at + 2]) == "R"

    def _settle(self, head: Node, numbers: list[Node], by: ColumnCard | None) -> None:
        """Whether `best` is the highest of what is measured."""
        if head.payload[0] in ("best", "worst") and not numbers and by is not None:
            self.descending = best_is_highest(by, head) == (head.payload[0] == "best")
        elif head.payload[0] in ("best", "worst"):
            asked = re.search(r"W[OP]?C", letters(self.nodes))
            if len(numbers) != 1 or (asked and self.nodes[asked.end() - 1] is numbers[0]):
                raise Unplaced((head.text,))
            self.descending = best_is_highest(numbers[0].payload, head, numbers[0].text) == (
                head.payload[0] == "best"
            )

    def _meets(self, head: Node, others: int) -> bool:
        """`the most missing ages`, `the most survivors`: the most rows that meet the condition."""
        following = [node for node in self.rest[self.rest.index(head) + 1 :] if node.kind not in FREE]
        if not following or following[0].kind != "x" or following[0].verb:
            return False
        if head.text.casefold() in _BIG:
            return False
        return isinstance(following[0].payload, Missing) or (
            others <= 1 + ("W" in letters(self.nodes)) and self._one_key()
        )

    def _one_key(self) -> bool:
        keys = [node for node in self.nodes if node.kind in "CG"]
        return (
            len(keys) == 1
            and not (keys[0].kind == "C" and self.is_quantity(keys[0].payload))
            and not self.groups
        )

    def _share(self) -> Readings:
        """`which X has the highest share of …`."""
        keys = [
            node
            for node in self.nodes
            if node.kind in "CG" and not (node.kind == "C" and node.payload.is_flag)
        ]
        named = [
            self.scope.card.by_name[group.column]
            for group in self.groups
            if not group.bucket and not group.cycle
        ]
        named += [node.payload for node in keys if node.kind == "C"]
        if any(self.is_quantity(column) for column in named):
            raise Unplaced(tuple(column.name for column in named), "a quantity is no key")
        if len(keys) + len(self.groups) != 1:
            raise Unplaced(("share",))
        left = [
            node
            for node in self.rest
            if node not in keys and node not in self.heads and node.kind not in "WBwl"
        ]
        measure, base = share_measure(left, grouped=False)
        self.where = base
        group = key_of(keys[0], self.scope) if keys else self.groups[0]
        return [(0.0, self.ranked(group, measure))]

    def _aggregate(
        self, aggregates: list[Node], columns: list[Node], numbers: list[Node], nodes: list[Node]
    ) -> Readings:
        by = None
        if not numbers and self.groups and self.by(columns, nodes) is not None:
            by, self.groups = self.by(columns, nodes), []
        if len(aggregates) > 1 or not (numbers or by):
            raise Unplaced(tuple(node.text for node in aggregates))
        value = numbers[-1] if numbers else None
        keys = [node for node in columns if node is not value]
        column: ColumnCard = value.payload if value else by  # type: ignore[assignment]  # one of them is there
        measure = aggregated(Aggregate(aggregates[0].payload[0]), column, self.scope)
        return [(0.0, self.grouped(keys, measure, nodes, value))]

    def _counted(self, columns: list[Node], nodes: list[Node]) -> QueryIntent:
        """`the most flights`, `the most different carriers`."""
        at = next((i for i, node in enumerate(nodes) if node.kind == "F"), None)
        if at is not None:
            counted = next((node for node in nodes[at:] if node.kind == "C"), None)
            if counted is None or counted.payload.type is ColumnType.NUMBER:
                raise Unplaced((nodes[at].text,))
            measure = Measure(aggregate=Aggregate.DISTINCT, column=counted.payload.name)
            left = [node for node in nodes if node is not counted and node.kind != "F"]
            return self.grouped([node for node in columns if node is not counted], measure, left, None)
        return self.grouped(columns, COUNT, nodes, None)

    def _distinct(self, columns: list[Node]) -> QueryIntent:
        """`which country has the most cities`."""
        column: ColumnCard = columns[-1].payload
        if column.type is not ColumnType.TEXT or column.is_flag or column.nulls or column.distinct < _MANY:
            raise Unplaced((column.name,))
        measure = (
            COUNT
            if self.scope.card.is_unique(column)
            else Measure(aggregate=Aggregate.DISTINCT, column=column.name)
        )
        return self.grouped(columns[:1], measure, columns[:1], None)

    def check_tail(self, intent: QueryIntent) -> None:
        """`…, and how many miles is that?` asks for what the ranking shows anyway, or for something else."""
        shown = (
            {measure.column for measure in intent.measures}
            | {group.column for group in intent.groups}
            | {intent.key}
        )
        for node in self.tail:
            if node.kind == "C" and node.payload.name not in shown:
                raise Unplaced((node.text,))
            if node.kind == "U" and not any(fits(node, measure, self.scope) for measure in intent.measures):
                raise Unplaced((node.text,))


def _which_one(tail: list[Node]) -> bool:
    return any(node.text.casefold() == "which one" for node in tail)


def _without_tail(rest: list[Node]) -> tuple[list[Node], list[Node]]:
    match = _AND_WHAT.search(letters(rest))
    if match is None or not re.search(r"[SJZ]", letters(rest)[: match.start()]):
        return rest, []
    return rest[: match.start()], rest[match.start() :]
