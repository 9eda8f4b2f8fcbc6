"""Intents of rankings: a key and what it is ranked by."""

from __future__ import annotations

from sapwood_agents.analyst.card import ColumnCard
from sapwood_agents.analyst.intent import (
    Aggregate,
    Condition,
    Every,
    Group,
    Measure,
    Membership,
    QueryIntent,
    Shape,
    every,
)
from sapwood_agents.analyst.language.conditions import flag_condition
from sapwood_agents.analyst.language.grouping import bucket, key_of
from sapwood_agents.analyst.language.nodes import Node, letters
from sapwood_agents.analyst.language.rows.apart import told_apart
from sapwood_agents.analyst.language.scope import Scope
from sapwood_agents.analyst.language.shapes.draft import pinned
from sapwood_agents.analyst.language.shapes.measures import aggregated, fits
from sapwood_agents.analyst.language.tokens import name_words
from sapwood_agents.analyst.language.unplaced import Unplaced
from sapwood_storage.tabular.model import ColumnType

Readings = list[tuple[float, QueryIntent]]


class Ranked:
    """The rows or groups of one question in an order, and the intents that say so."""

    scope: Scope
    groups: list[Group]
    where: Condition | None
    limit: int | None
    descending: bool
    heads: list[Node]
    entity: bool  # the question asks which row it is
    named: bool  # the question says what a row is

    def is_quantity(self, column: ColumnCard) -> bool:
        """Whether the column measures something: no year, no id."""
        return (
            column.is_number
            and not self.scope.calendar.is_temporal(column)
            and not self.scope.labels.is_identifier(column)
        )

    def ranked(self, group: Group, measure: Measure) -> QueryIntent:
        """Groups in the order of a measure."""
        if measure.column == group.column and measure.aggregate is not Aggregate.COUNT:
            raise Unplaced((group.column,), "a column ranked by itself")
        return QueryIntent(
            shape=Shape.RANKING, measures=(measure,), groups=(group,), where=self.where,
            descending=self.descending, limit=self.limit or 1,
        )  # fmt: skip

    def rows(self, key: ColumnCard | None, column: ColumnCard) -> QueryIntent:
        """Rows in the order of a column, called by `key` or by what names a row."""
        key = key or self.scope.labels.key
        if key is None or key is column:
            raise Unplaced((column.name,), "nothing names a row")
        measure = Measure(aggregate=Aggregate.VALUE, column=column.name)
        return QueryIntent(
            shape=Shape.RANKING, measures=(measure,), where=self.where, key=key.name,
            descending=self.descending, limit=self.limit or 1,
        )  # fmt: skip

    def grouped(
        self, keys: list[Node], measure: Measure, nodes: list[Node], value: Node | None
    ) -> QueryIntent:
        """Groups by the one key among `keys` and `groups`; `Unplaced` for nodes without a part."""
        extra = [node for node in nodes if node.kind not in "WLwRKCGABU" and node is not value]
        buckets = [node for node in keys if node.kind == "G"]
        times = [node for node in keys if node.kind == "C" and node.payload.is_time]
        if len(buckets) == len(times) == 1 and len(keys) == 2 and not self.groups:
            group = bucket(buckets[0], self.scope, times[0].payload)  # "on which day were the most opened"
            if group is None:
                raise Unplaced((buckets[0].text,))
            return self.ranked(group, measure)
        groups = list(dict.fromkeys([*(key_of(node, self.scope) for node in keys), *self.groups]))
        main = self.scope.calendar.main
        if not groups and any(node.kind == "w" for node in nodes) and main:
            groups = [Group(column=main.name)]
        if extra or len(groups) != 1:
            raise Unplaced(tuple(node.text for node in extra) or ("which",))
        if any(not fits(node, measure, self.scope) for node in nodes if node.kind == "U"):
            raise Unplaced(tuple(node.text for node in nodes if node.kind == "U"))
        return self.ranked(groups[0], measure)

    def rank(self, nodes: list[Node], column: ColumnCard, text: str, *, dimension: bool = False) -> Readings:
        """Rank rows or groups by one number; two readings where a key has several rows."""
        keys = [node for node in nodes if node.kind in "CG"]
        heads = letters([node for node in nodes if node.kind in "Ww"])
        aggregates = [node for node in nodes if node.kind == "A"]
        extra = [node for node in nodes if node.kind not in "WwRCGBLA"]
        if extra or len(keys) > 1 or len(aggregates) > 1:
            raise Unplaced(tuple(node.text for node in extra) or tuple(node.text for node in keys) or ("",))
        if aggregates:
            if not keys and len(self.groups) != 1:
                raise Unplaced((aggregates[0].text,))
            measure = aggregated(Aggregate(aggregates[0].payload[0]), column, self.scope)
            return [(0.0, self.ranked(key_of(keys[0], self.scope) if keys else self.groups[0], measure))]
        end = Aggregate.MAX if self.descending else Aggregate.MIN
        if self.groups:
            if keys or self.entity or self.limit:
                raise Unplaced((text,))
            measure = aggregated(end, column, self.scope)
            return [
                (
                    0.0,
                    QueryIntent(
                        shape=Shape.GROUPS, measures=(measure,), groups=tuple(self.groups), where=self.where
                    ),
                )
            ]
        if keys:
            return self.rank_keys(keys[0], column, end, text, dimension=dimension)
        who = asks_who(nodes) and not self._told_of(nodes)
        named = self.named or any(node.kind == "R" for node in nodes) or _picks_category(self.where)
        main = self.scope.calendar.main
        if "w" in heads:
            year = self.scope.calendar.parts.get("year")
            main = main or (year if year is not None and self.scope.card.is_unique(year) else None)
            if main is None and "first" not in text and "last" not in text:
                raise Unplaced((text,), "nothing tells when")
            if main is not None:
                return [(0.0, self.rows(main, column))]
        if who or self.limit or (named and (dimension or self.entity)):
            return [(0.0, self.rows(None, column))]
        measure = aggregated(end, column, self.scope)
        return [(0.0, QueryIntent(shape=Shape.NUMBER, measures=(measure,), where=self.where))]

    def _told_of(self, nodes: list[Node]) -> bool:
        """`the lowest fee of those who paid` asks for nobody."""
        asking = [node.start for node in nodes if node.payload == ("who",)]
        return bool(asking) and min(asking) > self.heads[0].start

    def rank_keys(
        self, node: Node, column: ColumnCard, end: Aggregate, text: str, *, dimension: bool
    ) -> Readings:
        """Rows where the key names rows; else groups, by an extreme or a mean where both may be meant."""
        if node.kind == "C" and self.scope.labels.names_rows(node.payload):
            return [(0.0, self.rows(node.payload, column))]
        if node.kind == "C" and self._shares_names(node.payload):
            return [(0.0, self.rows(node.payload, column))]
        group = key_of(node, self.scope)
        most = self.heads[0].text.casefold() in ("most", "fewest", "least", "the most")
        top = (
            len(self.heads[0].payload) > 1 or self.heads[0].text.casefold() == "top"
        )  # "top 10 days by visits"
        if column.is_flag and (most or top):
            self.where = every(self.where, flag_condition(column, negated=False))
            return [(0.0, self.ranked(group, Measure(aggregate=Aggregate.COUNT)))]
        deadly = self.heads[0].kind == "J" and "death" in self.heads[0].payload[1]
        if deadly and self.scope.additive(column):
            return [(0.0, self.ranked(group, Measure(aggregate=Aggregate.SUM, column=column.name)))]
        if self.heads[0].kind == "J" and "profit" in self.heads[0].payload[1] and self.scope.additive(column):
            return [(0.0, self.ranked(group, Measure(aggregate=Aggregate.SUM, column=column.name)))]
        if (
            self.scope.additive(column) or ((most or top) and self.scope.counts_things(column))
        ) and not dimension:
            return [(0.0, self.ranked(group, Measure(aggregate=Aggregate.SUM, column=column.name)))]
        if name_words(text)[:1] in (("average",), ("avg",), ("mean",)):
            return [(0.0, self.ranked(group, aggregated(Aggregate.MEAN, column, self.scope)))]
        extreme = self.ranked(group, aggregated(end, column, self.scope))
        if node.kind == "G" and not group.bucket and not group.cycle:
            column_of_time = self.scope.card.by_name[group.column]
            if self.scope.card.is_unique(column_of_time):
                return [(0.0, self.rows(column_of_time, column))]  # "on which day": each row is one
        if dimension or self._nearly_unique(group):
            return [(0.0, extreme)]
        return [(0.0, extreme), (0.0, self.ranked(group, aggregated(Aggregate.MEAN, column, self.scope)))]

    def _shares_names(self, column: ColumnCard) -> bool:
        """Whether each row is one of these, some alike in name: the Springfields of several states."""
        card = self.scope.card
        if column.type is not ColumnType.TEXT or column.distinct * 2 < card.rows - column.nulls:
            return False
        return any(
            column.name in key and all(card.by_name[name].type is ColumnType.TEXT for name in key)
            for key in card.keys
        )

    def _nearly_unique(self, group: Group) -> bool:
        """Whether most groups have one row, so that their highest is their mean."""
        column = self.scope.card.by_name[group.column]
        if group.bucket or group.cycle:
            return False
        if told_apart(self.scope.card, {column.name, *pinned(self.where)}):
            return True
        return column.distinct * 2 >= self.scope.card.rows - column.nulls


def asks_who(nodes: list[Node]) -> bool:
    """Whether a person is asked for, or `which one`."""
    return any(
        node.kind == "W" and (node.payload == ("who",) or node.text.casefold() == "which one")
        for node in nodes
    )


def _picks_category(condition: Condition | None) -> bool:
    parts = condition.conditions if isinstance(condition, Every) else (condition,)
    return any(isinstance(part, Membership) for part in parts)
