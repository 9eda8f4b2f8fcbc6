"""Makes a `QueryIntent` of what the rules left: the shape is decided by the words that remain.

Every node has to be used. What no slot takes is reported as unplaced, and the question is not answered.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from sapwood_agents.analyst.card import ColumnCard, TableCard
from sapwood_agents.analyst.intent import (
    AgainstAverage,
    Aggregate,
    BetweenColumns,
    Comparison,
    Condition,
    Either,
    Every,
    Group,
    Having,
    Measure,
    Membership,
    Operator,
    Period,
    QueryIntent,
    Shape,
    every,
)
from sapwood_agents.analyst.language.calendar import Calendar
from sapwood_agents.analyst.language.conditions import Conditions, flag_condition
from sapwood_agents.analyst.language.linking import Linker
from sapwood_agents.analyst.language.nodes import Node, letters, rewrite
from sapwood_agents.analyst.language.quantities import quantity_columns
from sapwood_agents.analyst.language.sides import find_sides
from sapwood_agents.analyst.language.tokens import name_words

FREE = frozenset("POIHf,&eLy")
"""Words of grammar that may remain without meaning anything."""

_ADDITIVE = frozenset(
    "revenue sale profit turnover quantity tax spending expense amount vote medal goal death unit total cost".split()
)


class Unplaced(Exception):  # noqa: N818 - it is an answer of the grammar, not a failure
    """No reading: these words found no slot, or these parts do not go together."""

    def __init__(self, words: tuple[str, ...], why: str = "") -> None:
        super().__init__(why or " ".join(words))
        self.words = words


@dataclass
class Draft:
    """What the nodes say, before the shape is decided."""

    groups: list[Group] = field(default_factory=list[Group])
    conditions: list[Condition] = field(default_factory=list[Condition])
    rest: list[Node] = field(default_factory=list[Node])
    doubt: float = 0.0


class Assembler:
    """Reads one path of one question; `doubt` grows with every guess."""

    def __init__(self, card: TableCard, linker: Linker, calendar: Calendar) -> None:
        self.card = card
        self.linker = linker
        self.calendar = calendar
        self.conditions = Conditions(card, linker, calendar)
        self.entity = False  # the question asks which row: "which car …"

    # -- from nodes to a draft ---------------------------------------------------------------------

    def read(self, nodes: list[Node]) -> list[tuple[float, QueryIntent]]:
        """All intents that use every node, each with its doubt; raises `Unplaced` when there is none."""
        unknown = tuple(node.text for node in nodes if node.kind == "?")
        if unknown:
            raise Unplaced(unknown)
        idle = re.search(r"y[POIHf,e]*$", letters(nodes))
        if idle:
            raise Unplaced((nodes[idle.start()].text,))
        nodes = [node for node in nodes if node.kind != "y"]
        compared = find_sides(nodes, self.card, self.linker, self.calendar, self._measured)
        if compared is not None:
            return [(0.0, compared)]
        return self._shape(self._draft(nodes))

    def _draft(self, nodes: list[Node]) -> Draft:
        nodes = rewrite(nodes, self._early_rules())
        nodes = rewrite(nodes, self.conditions.rules())
        nodes = rewrite(nodes, self._group_rules())
        draft = Draft()
        for node in nodes:
            if node.kind == "x":
                draft.conditions.append(node.payload)
                draft.rest.append(node)
            elif node.kind == "g":
                draft.groups.extend(node.payload)
            else:
                draft.rest.append(node)
        return draft

    def _early_rules(self) -> list[tuple[str, Any]]:
        return [
            (r"#[OR]?N(?![UCMY]*~)", self._top),
            (r"N(?=[SJZ])", self._top_before),
            (r"N#", self._top),
            (r"[SJZ]N(?=[RC])", self._limit_after),
            (r"(?<=[WL])N(?=[CR])|^N(?=[CR].*[SJ])", self._top_before),
            (r"(E|B|BE|PE)GO?P?C", self._bucket_of),
            (r"E(?=R)", lambda nodes: []),
            (r"(?<=[WLC])[PH]?([HI])?(MN|NY)R", self._having_count),
            (r"A[OP]?C[IH]?(MT?NU?|NU?Y)", self._having_measure),
        ]

    def _top(self, nodes: list[Node]) -> list[Node] | None:
        number = next(node for node in nodes if node.kind == "N").payload.whole
        head = next(node for node in nodes if node.kind == "#")
        if number is None or not 0 < number <= 1000:
            return None
        return [Node("S", " ".join(n.text for n in nodes), (head.payload[0], number), start=head.start)]

    def _top_before(self, nodes: list[Node]) -> list[Node] | None:
        number = nodes[0].payload.whole
        if number is None or not 0 < number <= 1000:
            return None
        return [Node("l", nodes[0].text, number, start=nodes[0].start)]

    def _limit_after(self, nodes: list[Node]) -> list[Node] | None:
        number = nodes[1].payload.whole
        if number is None or not 0 < number <= 1000:
            return None
        return [Node("l", nodes[1].text, number), nodes[0]]

    def _having_count(self, nodes: list[Node]) -> list[Node] | None:
        sign = next(node for node in nodes if node.kind in "MY").payload[0]
        number = next(node for node in nodes if node.kind == "N").payload.number
        text = " ".join(node.text for node in nodes)
        return [Node("z", text, (Measure(aggregate=Aggregate.COUNT), Having(operator=Operator(sign), value=number)))]

    def _having_measure(self, nodes: list[Node]) -> list[Node] | None:
        column: ColumnCard = next(node for node in nodes if node.kind == "C").payload
        if not column.is_number:
            return None
        sign = next(node for node in nodes if node.kind in "MY").payload[0]
        number = next(node for node in nodes if node.kind == "N").payload.number
        aggregate = Aggregate(nodes[0].payload[0])
        text = " ".join(node.text for node in nodes)
        measure = Measure(aggregate=aggregate, column=column.name)
        return [Node("z", text, (measure, Having(operator=Operator(sign), value=number)))]

    def _group_rules(self) -> list[tuple[str, Any]]:
        return [
            (r"C?(u|(B|E|BE|PE|P(?=u))F?[CGu]([,&]+[BEP]*[CGu])*)([OPBH,]*C)?", self._timed_group),
            (r"(B|E|BE|PE)F?[CG]([,&]+[BEP]*[CG])*", self._group),
            (r"tB[CG]|t", self._trend),
        ]

    def _bucket_of(self, nodes: list[Node]) -> list[Node] | None:
        """`by quarter of the order date`, before the date is read as a condition."""
        if not nodes[-1].payload.is_time:
            return None
        group = self.bucket(next(node for node in nodes if node.kind == "G"), nodes[-1].payload)
        return group and [Node("g", " ".join(node.text for node in nodes), [group], start=nodes[0].start)]

    def _timed_group(self, nodes: list[Node]) -> list[Node] | None:
        """`by month of the order date`, `monthly`: buckets, with the column that holds the time when it is named."""
        buckets = [node for node in nodes if node.kind in "Gu"]
        if not buckets:
            return None
        first, last = nodes[0], nodes[-1]
        named = [node for node in {id(first): first, id(last): last}.values() if node.kind == "C" and node.payload.is_time]
        kept = list(nodes)
        before: list[Node] = []
        after: list[Node] = []
        column: ColumnCard | None = None
        if last in named and last is not first and nodes[-2].kind in "OPBHGu,":
            column, kept = last.payload, kept[:-1]
            while kept[-1].kind in "OPBH,":
                kept.pop()
        elif last.kind == "C" and nodes[-2].kind not in "BE&,":
            after, kept = [last], kept[:-1]
            while kept[-1].kind in "OPBH,":
                after.insert(0, kept.pop())
        if first.kind == "C":
            before, kept = [first], kept[1:]
        groups: list[Group] = []
        for node in kept:
            if node.kind == "C":
                groups.append(self.group_of(node.payload))
            elif node.kind in "Gu":
                if node.text == "daily" and self.calendar.main and self.card.is_unique(self.calendar.main):
                    continue
                group = self.bucket(node, column)
                if group is None:
                    return None
                groups.append(group)
        return [*before, Node("g", " ".join(node.text for node in kept), groups, start=kept[0].start), *after]

    def _group(self, nodes: list[Node]) -> list[Node] | None:
        groups: list[Group] = []
        for node in nodes:
            if node.kind == "C":
                groups.append(self.group_of(node.payload))
            elif node.kind == "G":
                group = self.bucket(node)
                if group is None:
                    return None
                groups.append(group)
        return [Node("g", " ".join(node.text for node in nodes), groups, start=nodes[0].start)]

    def group_of(self, column: ColumnCard) -> Group:
        """A group by a column; refused where `month` may be a number or a date's bucket."""
        if column is self.calendar.parts.get("month") and self.calendar.dates:
            raise Unplaced((column.name,), "the month as a number or as a date")
        return Group(column=column.name)

    def bucket(self, node: Node, column: ColumnCard | None = None) -> Group | None:
        if node.payload[0] == "cycle":
            return self.calendar.group(None, node.payload[1], column)
        return self.calendar.group(node.payload[0], None, column)

    def _trend(self, nodes: list[Node]) -> list[Node] | None:
        if len(nodes) > 1:
            return self._group(nodes[1:])
        group = self.calendar.trend()
        return None if group is None else [Node("g", nodes[0].text, [group], start=nodes[0].start)]

    # -- shapes --------------------------------------------------------------------------------------

    def _shape(self, draft: Draft) -> list[tuple[float, QueryIntent]]:
        rest = [node for node in draft.rest if node.kind != "g"]
        _consistent(draft.conditions)
        text = letters(rest)
        where = every(*draft.conditions)
        if re.search(r"CC", text) and "X" not in text:
            raise Unplaced(tuple(node.text for node in rest if node.kind == "C"), "two columns side by side")
        self.entity = bool(re.search(r"W[Rx]", text))
        bare = [node for node in rest if (node.kind not in FREE or node.kind == "L") and node.kind != "x"]
        kinds = letters(bare)
        if "X" in kinds:
            return [(0.0, self._correlation(bare, draft, where))]
        if "%" in kinds:
            return [(0.0, self._share(rest, draft))]
        if re.search(r"z", kinds):
            return [(0.0, self._having(bare, draft, where))]
        if re.search(r"[SJZ]", kinds):
            return self._superlative(bare, draft, where)
        if draft.groups:
            return [(0.0, self._grouped(bare, draft, where))]
        if re.fullmatch(r"[WL]*F?C", kinds) and "F" in kinds:
            return self._listing([node for node in bare if node.kind != "F"], draft, where)
        if re.search(r"[KAm]|hC?", kinds) or "F" in kinds:
            return [(0.0, self._number(bare, draft, where))]
        return self._listing(bare, draft, where)

    # measures

    def _measures(self, bare: list[Node], *, leave: str = "") -> list[Measure]:
        """All nodes as measures; what is in `leave` was used elsewhere."""
        nodes = [node for node in bare if node.kind not in leave]
        text = letters(nodes)
        columns = [node for node in nodes if node.kind == "C"]
        aggregates = [node for node in nodes if node.kind == "A"]
        if re.fullmatch(r"[AKR]+", text) and re.search(r"[KR]", text) and (not aggregates or {n.payload[0] for n in aggregates} == {"sum"}):
            return [Measure(aggregate=Aggregate.COUNT)]
        if re.fullmatch(r"A*K?F?C|A?CK|A?KA?F?CR?|FC", text) and re.search("[KF]", text) and not (aggregates and aggregates[0].payload[0] != "sum"):
            return [self._count_of(columns[0].payload, distinct="F" in text, summed=bool(aggregates))]
        if aggregates and re.fullmatch(r"[ACRKh]+", text) and text.count("K") <= 1:
            return self._aggregated(nodes)
        if re.fullmatch(r"m?C[R]*|R*m?C", text) and _additive(columns[0].payload):
            return [Measure(aggregate=Aggregate.SUM, column=columns[0].payload.name)]
        if re.fullmatch(r"A?hR?A?R?", text) and aggregates:
            column = self.dimension(nodes[text.index("h")])
            return [Measure(aggregate=Aggregate(aggregates[0].payload[0]), column=column.name)]
        raise Unplaced(tuple(node.text for node in nodes) or ("",), "no measure")

    def _aggregated(self, nodes: list[Node]) -> list[Measure]:
        """`average price and total tax`, `mean and median of x`, `price on average`."""
        measures: list[Measure] = []
        pending: list[Aggregate] = []
        last: list[Aggregate] = []
        loose: list[ColumnCard] = []
        for node in nodes:
            if node.kind == "A":
                if last and not pending:
                    last = []
                pending.append(Aggregate(node.payload[0]))
            elif node.kind == "C":
                column: ColumnCard = node.payload
                if pending:
                    last = pending
                    pending = []
                if last:
                    measures.extend(self.measure(aggregate, column) for aggregate in last)
                else:
                    loose.append(column)
            elif node.kind == "h":
                loose.append(self.dimension(node))
            elif node.kind == "K" and pending in ([], [Aggregate.SUM]):
                raise Unplaced((node.text,))
        if loose and pending and not measures:
            measures.extend(self.measure(aggregate, column) for column in loose for aggregate in pending)
            pending, loose = [], []
        if pending or loose or not measures:
            raise Unplaced(tuple(node.text for node in nodes))
        return measures

    def measure(self, aggregate: Aggregate, column: ColumnCard) -> Measure:
        if aggregate in (Aggregate.MIN, Aggregate.MAX) and column.is_time:
            return Measure(aggregate=aggregate, column=column.name)
        if column.is_flag and aggregate is Aggregate.SUM and column.is_number:
            return Measure(aggregate=aggregate, column=column.name)
        if not column.is_number:
            raise Unplaced((column.name,), f"{column.name} is not a number")
        return Measure(aggregate=aggregate, column=column.name)

    def _count_of(self, column: ColumnCard, *, distinct: bool, summed: bool = False) -> Measure:
        """`how many carriers`: distinct values; `how many passengers` where that is a number: their sum."""
        if column.is_flag and not distinct:
            return Measure(aggregate=Aggregate.COUNT, where=flag_condition(column, negated=False))
        if distinct or column.type.value == "text" or self.calendar.is_year(column):
            return Measure(aggregate=Aggregate.DISTINCT, column=column.name)
        if column.type.value == "integer" and (summed or _additive(column)):
            return Measure(aggregate=Aggregate.SUM, column=column.name)
        raise Unplaced((column.name,), "count or sum")

    def dimension(self, node: Node) -> ColumnCard:
        columns = quantity_columns(self.linker, node.payload[1])
        if len(columns) != 1:
            raise Unplaced((node.text,))
        return self.card.by_name[columns[0]]

    # one number, groups

    def _number(self, bare: list[Node], draft: Draft, where: Condition | None) -> QueryIntent:
        nodes = [node for node in bare if node.kind not in "WLm" or node.kind == "m"]
        nodes = self._flags(nodes, draft)
        where = every(*draft.conditions)
        if letters(nodes) == "KwW":
            nodes = nodes[:1]
        if not nodes and draft.conditions:
            return QueryIntent(shape=Shape.NUMBER, measures=(Measure(aggregate=Aggregate.COUNT),), where=where)
        text = letters(nodes)
        if re.fullmatch(r"mA?C?A?|mA*C", text) and any(node.kind == "A" for node in nodes):
            nodes = [node for node in nodes if node.kind != "m"]
        measures = self._measures(nodes)
        return QueryIntent(shape=Shape.NUMBER, measures=tuple(measures), where=where)

    def _flags(self, nodes: list[Node], draft: Draft) -> list[Node]:
        """Take yes/no columns that are no measure as conditions: `how many survived`."""
        if not any(node.kind in "KR" for node in nodes):
            return nodes
        kept: list[Node] = []
        for node in nodes:
            if node.kind == "C" and node.payload.is_flag:
                draft.conditions.append(flag_condition(node.payload, negated=False))
            else:
                kept.append(node)
        return kept

    def _grouped(self, bare: list[Node], draft: Draft, where: Condition | None) -> QueryIntent:
        nodes = [node for node in bare if node.kind not in "WL"]
        nodes = self._flags(nodes, draft)
        where = every(*draft.conditions)
        if not nodes:
            raise Unplaced((), "no measure")
        measures = self._measures(nodes)
        return QueryIntent(shape=Shape.GROUPS, measures=tuple(measures), groups=tuple(draft.groups), where=where)

    # correlation, share

    def _correlation(self, bare: list[Node], draft: Draft, where: Condition | None) -> QueryIntent:
        columns = [node.payload for node in bare if node.kind == "C"]
        others = [node for node in bare if node.kind not in "CXWLhm"]
        if len(columns) != 2 or others or not all(column.is_number for column in columns):
            raise Unplaced(tuple(node.text for node in others) or ("correlation",))
        measure = Measure(aggregate=Aggregate.CORRELATION, column=columns[0].name, other=columns[1].name)
        shape = Shape.GROUPS if draft.groups else Shape.NUMBER
        return QueryIntent(shape=shape, measures=(measure,), groups=tuple(draft.groups), where=where)

    def _share(self, rest: list[Node], draft: Draft) -> QueryIntent:
        """The part after `%`: what stands before the verb is the whole, what stands after it the part."""
        flagged: list[Node] = []
        for node in rest:
            if node.kind == "C" and node.payload.is_flag:
                flagged.append(Node("x", node.text, flag_condition(node.payload, negated=False), start=node.start))
            else:
                flagged.append(node)
        nodes = [node for node in rewrite(flagged, [(r"!x", self.conditions.negated)]) if node.kind not in "We,"]
        text = letters(nodes)
        if text.count("%") != 1:
            raise Unplaced(("%",))
        at = text.index("%")
        before, after = nodes[:at], nodes[at + 1 :]
        columns = [node.payload for node in nodes if node.kind == "C"]
        aggregates = [node.payload[0] for node in nodes if node.kind == "A"]
        if any(aggregate != "sum" for aggregate in aggregates) or len(columns) > 1:
            raise Unplaced(tuple(node.text for node in nodes if node.kind in "AC"))
        bad = [node for node in nodes if node.kind not in "x%RKCAPOIHfL&g"]
        if bad:
            raise Unplaced(tuple(node.text for node in bad))
        column = columns[0].name if columns else None
        if column and not columns[0].is_number:
            raise Unplaced((column,))
        conditions = [node for node in nodes if node.kind == "x"]
        base: list[Node]
        part: list[Node]
        tail = letters(after)
        verbs = [i for i, node in enumerate(after) if _is_verb(node) and any(other.kind == "x" for other in after[i:])]
        verb = verbs[-1] if verbs else None
        if not conditions:
            base, part = [], []
        elif len(conditions) == 1:
            base, part = [], conditions
        elif verb is not None and any(node.kind == "x" for node in after[verb:]) and any(node.kind in "RxC" for node in after[:verb] or before):
            base = [node for node in (*before, *after[:verb]) if node.kind == "x"]
            part = [node for node in after[verb:] if node.kind == "x"]
        elif re.match(r"[OP]*x[PO]+[RxPO]+$", tail) and not before:
            part = [next(node for node in after if node.kind == "x")]
            base = [node for node in conditions if node is not part[0]]
        else:
            raise Unplaced(tuple(node.text for node in conditions), "part or whole")
        numerator = every(*(node.payload for node in part))
        if numerator is None and not draft.groups:
            raise Unplaced(("share",), "of what")
        measure = Measure(aggregate=Aggregate.SHARE, column=column, where=numerator)
        shape = Shape.GROUPS if draft.groups else Shape.NUMBER
        whole = every(*(node.payload for node in base))
        return QueryIntent(shape=shape, measures=(measure,), groups=tuple(draft.groups), where=whole)

    # rankings

    def _superlative(self, bare: list[Node], draft: Draft, where: Condition | None) -> list[tuple[float, QueryIntent]]:
        heads = [node for node in bare if node.kind in "SJZ"]
        limit = next((node.payload for node in bare if node.kind == "l"), None)
        nodes = [node for node in bare if node.kind not in "l"]
        limited = [node for node in heads if node.kind == "S" and len(node.payload) > 1 and isinstance(node.payload[1], int)]
        if len(heads) == 2 and len(limited) == 1:
            limit = limited[0].payload[1]
            nodes.remove(limited[0])
            heads.remove(limited[0])
        if len(heads) == 2 and all(node.kind in "SJ" for node in heads):
            return [(0.0, self._extremes(nodes, heads, draft, where))]
        if len(heads) != 1:
            raise Unplaced(tuple(node.text for node in heads[1:]))
        head = heads[0]
        descending = head.payload[0] == "desc"
        if head.kind == "S" and len(head.payload) > 1 and isinstance(head.payload[1], int):
            limit = head.payload[1]
        at = nodes.index(head)
        before, after = nodes[:at], nodes[at + 1 :]
        rank = _Ranking(self, draft, where, descending, limit)
        if head.kind == "Z":
            return rank.frequency(before, after)
        if head.kind == "J":
            return rank.dimension(head, before, after)
        return rank.measure(before, after)

    def _extremes(self, nodes: list[Node], heads: list[Node], draft: Draft, where: Condition | None) -> QueryIntent:
        """`lowest and highest price`."""
        columns = [node.payload for node in nodes if node.kind == "C"]
        for head in heads:
            if head.kind == "J" and "date" in head.payload[1]:
                if not columns and self.calendar.main is not None:
                    columns.append(self.calendar.main)
            elif head.kind == "J":
                columns.append(self.dimension(head))
        if heads[0].payload[0] == heads[1].payload[0]:
            raise Unplaced(tuple(head.text for head in heads))
        extra = [node for node in nodes if node.kind not in "SJCWLRw" or len(head.payload) > 2]
        if extra or not columns or any(column is not columns[0] for column in columns):
            raise Unplaced(tuple(node.text for node in extra) or tuple(head.text for head in heads))
        measures = tuple(
            self.measure(Aggregate.MAX if head.payload[0] == "desc" else Aggregate.MIN, columns[0]) for head in heads
        )
        shape = Shape.GROUPS if draft.groups else Shape.NUMBER
        return QueryIntent(shape=shape, measures=measures, groups=tuple(draft.groups), where=where)

    def _having(self, bare: list[Node], draft: Draft, where: Condition | None) -> QueryIntent:
        measure, having = next(node.payload for node in bare if node.kind == "z")
        keys = [node for node in bare if node.kind == "C"]
        others = [node for node in bare if node.kind not in "CzWLK"]
        if len(keys) != 1 or others or draft.groups or keys[0].payload.type.value == "number":
            raise Unplaced(tuple(node.text for node in others) or ("",))
        counted = any(node.kind == "K" for node in bare)
        return QueryIntent(
            shape=Shape.RANKING, measures=(measure,), groups=(Group(column=keys[0].payload.name),), where=where,
            having=having, descending=having.operator in (Operator.MORE, Operator.AT_LEAST), count_only=counted,
        )  # fmt: skip

    # lists and single values

    def _listing(self, bare: list[Node], draft: Draft, where: Condition | None) -> list[tuple[float, QueryIntent]]:
        nodes = [node for node in bare if node.kind not in "L"]
        text = letters(nodes)
        if text == "WG":
            group = self.bucket(nodes[1])
            if group is None:
                raise Unplaced((nodes[1].text,))
            return [(0.0, QueryIntent(shape=Shape.VALUES, groups=(group,), where=where))]
        columns = [node.payload for node in nodes if node.kind == "C"]
        if not re.fullmatch(r"W?[RC]*|w?C?R?", text) or len(columns) > 1:
            raise Unplaced(tuple(node.text for node in nodes) or ("",))
        listed = any(node.kind == "L" for node in bare) or text.startswith("W")
        if not columns:
            return [(0.0, self._rows(where))]
        column = columns[0]
        if column.is_flag or column.name in _pinned(where) or any(node.payload == ("who",) for node in nodes if node.kind == "W"):
            raise Unplaced((column.name,))
        if self.names_rows(column) and where is not None and listed:
            return [(0.0, self._rows(where, column))]
        if column.is_number or column.is_time:
            if where is None or any(node.kind == "L" for node in bare):
                raise Unplaced((column.name,), "which number of it")
            measure = Measure(aggregate=Aggregate.VALUE, column=column.name)
            return [(0.0, QueryIntent(shape=Shape.LOOKUP, measures=(measure,), where=where))]
        return [(0.0, QueryIntent(shape=Shape.VALUES, groups=(Group(column=column.name),), where=where))]

    def _rows(self, where: Condition | None, key: ColumnCard | None = None) -> QueryIntent:
        """`which movies are longer than 3 hours`: the row's name and what the condition is about."""
        key = key or self.label()
        about = _about(where)
        if key is None or where is None or about == key.name:
            raise Unplaced(("list",), "nothing names a row")
        if about is None:
            return QueryIntent(shape=Shape.VALUES, groups=(Group(column=key.name),), where=where)
        measure = Measure(aggregate=Aggregate.VALUE, column=about)
        return QueryIntent(shape=Shape.ROWS, measures=(measure,), where=where, key=key.name)

    def label(self) -> ColumnCard | None:
        """The column that names a row: unique text, a title or name first."""
        named = [column for column in self.card.columns if column.type.value == "text" and self.names_rows(column)]
        if not named:
            named = [column for column in self.card.columns if column.is_time and self.card.is_unique(column)]
        preferred = [column for column in named if set(name_words(column.name)) & {"name", "title", "model"}]
        return (preferred or named or [None])[0]

    def names_rows(self, column: ColumnCard) -> bool:
        rows = self.card.rows
        if column.is_number or rows == 0 or column.is_flag:
            return False
        if self.card.is_unique(column):
            return True
        return column.type.value == "text" and column.distinct >= 0.9 * rows and bool(
            set(name_words(column.name)) & {"name", "title", "model"}
        )

    # comparisons

    def _measured(self, nodes: list[Node]) -> tuple[list[Measure], Condition | None]:
        """What is measured over which rows, for the sides of a comparison."""
        draft = self._draft(nodes)
        if draft.groups:
            raise Unplaced(("by",), "a comparison has its own groups")
        bare = [node for node in draft.rest if node.kind not in FREE and node.kind not in "xLWm"]
        bare = self._flags(bare, draft)
        measures = self._measures(bare) if bare else []
        return measures, every(*draft.conditions)


def _consistent(conditions: list[Condition]) -> None:
    """Two values wanted of one column at once mean that the words were misread."""
    whole = every(*conditions)
    parts = whole.conditions if isinstance(whole, Every) else (whole,)
    seen: set[str] = set()
    for part in parts:
        single = isinstance(part, Membership) and not part.negated
        single = single or (isinstance(part, Comparison) and part.operator is Operator.EQUAL)
        if single and part is not None:
            if part.column in seen:  # type: ignore[union-attr]  # both kinds have one
                raise Unplaced((part.column,), "two values of one column")  # type: ignore[union-attr]  # both kinds have one
            seen.add(part.column)  # type: ignore[union-attr]  # both kinds have one


def _pinned(condition: Condition | None) -> set[str]:
    """Columns that a condition holds to one value."""
    parts = condition.conditions if isinstance(condition, Every) else (condition,)
    return {part.column for part in parts if isinstance(part, Membership) and not part.negated and len(part.values) == 1}


def _is_verb(node: Node) -> bool:
    """`are`, `has`, or a condition that begins so; `with` only describes."""
    if node.kind == "x":
        return node.verb and not node.text.casefold().startswith(("with", "having"))
    return node.kind == "I" or (node.kind == "H" and node.payload == ("has",))


def _picks_category(condition: Condition | None) -> bool:
    parts = condition.conditions if isinstance(condition, Every) else (condition,)
    return any(isinstance(part, Membership) for part in parts)


def _additive(column: ColumnCard) -> bool:
    return column.is_number and bool(set(name_words(column.name)) & _ADDITIVE)


def _about(condition: Condition | None) -> str | None:
    """The column whose value a list shows: the one a number or a date was asked of."""
    if isinstance(condition, Every | Either):
        found = [name for part in condition.conditions if (name := _about(part))]
        return found[-1] if found else None
    if isinstance(condition, Comparison | AgainstAverage | Period | BetweenColumns):
        return condition.column
    return None


class _Ranking:
    """Which, top and bottom: finds the key, the measure and whether rows or groups are ranked."""

    def __init__(self, assembler: Assembler, draft: Draft, where: Condition | None, descending: bool, limit: int | None) -> None:
        self.a = assembler
        self.draft = draft
        self.where = where
        self.descending = descending
        self.limit = limit

    def frequency(self, before: list[Node], after: list[Node]) -> list[tuple[float, QueryIntent]]:
        """`most common X`."""
        nodes = [node for node in (*before, *after) if node.kind not in "WLR"]
        keys = [node for node in nodes if node.kind in "CG"]
        rest = [node for node in nodes if node.kind not in "CGBK"]
        if rest or len(keys) + len(self.draft.groups) != 1:
            raise Unplaced(tuple(node.text for node in rest) or ("most common",))
        group = self._key(keys[0]) if keys else self.draft.groups[0]
        return [(0.0, self._ranking(group, Measure(aggregate=Aggregate.COUNT)))]

    def _key(self, node: Node) -> Group:
        if node.kind == "G":
            group = self.a.bucket(node)
            if group is None:
                raise Unplaced((node.text,))
            return group
        return self.a.group_of(node.payload)

    def _ranking(self, group: Group, measure: Measure) -> QueryIntent:
        return QueryIntent(
            shape=Shape.RANKING, measures=(measure,), groups=(group,), where=self.where,
            descending=self.descending, limit=self.limit or 1,
        )  # fmt: skip

    def _rows(self, key: ColumnCard | None, column: ColumnCard) -> QueryIntent:
        key = key or self.a.label()
        if key is None:
            raise Unplaced((column.name,), "nothing names a row")
        measure = Measure(aggregate=Aggregate.VALUE, column=column.name)
        return QueryIntent(
            shape=Shape.RANKING, measures=(measure,), where=self.where, key=key.name,
            descending=self.descending, limit=self.limit or 1,
        )  # fmt: skip

    def dimension(self, head: Node, before: list[Node], after: list[Node]) -> list[tuple[float, QueryIntent]]:
        """`the oldest X`, `which X is cheapest`."""
        meant = quantity_columns(self.a.linker, head.payload[1])
        quantity_nodes = [
            node for i, node in enumerate(after)
            if node.kind == "C" and (node.payload.name in meant or (i == 0 and node.payload.is_number))
        ]  # fmt: skip
        if "date" in head.payload[1] and not quantity_nodes:
            return self._date(head, [*before, *after])
        column = quantity_nodes[0].payload if quantity_nodes else self.a.dimension(head)
        nodes = [node for node in (*before, *after) if node not in quantity_nodes and node.kind not in "L"]
        return self._rank(nodes, column, head.text, dimension=not quantity_nodes)

    def _date(self, head: Node, nodes: list[Node]) -> list[tuple[float, QueryIntent]]:
        """`when was the first X`, `the latest date`: a date; `the newest X`: the row."""
        times = [node for node in nodes if node.kind == "C" and self.a.calendar.is_temporal(node.payload)]
        column = times[0].payload if times else self.a.calendar.main
        others = [node for node in nodes if node not in times and node.kind not in "LwRG"]
        others = [node for node in others if node.kind != "W" or node.payload == ("who",)]
        if column is None or others or self.draft.groups or len(times) > 1:
            raise Unplaced(tuple(node.text for node in others) or (head.text,))
        asked_when = any(node.kind in "wG" for node in nodes) or bool(times)
        if not asked_when:
            return [(0.0, self._rows(None, column))]
        aggregate = Aggregate.MAX if self.descending else Aggregate.MIN
        measure = Measure(aggregate=aggregate, column=column.name)
        return [(0.0, QueryIntent(shape=Shape.NUMBER, measures=(measure,), where=self.where))]

    def measure(self, before: list[Node], after: list[Node]) -> list[tuple[float, QueryIntent]]:
        """`which X has the highest Y`, `top 5 X by Y`, `the highest Y`, `the most rows`."""
        nodes = [*before, *after]
        if any(node.kind in "hFm0!MN~qjYabTd=cvUQ" for node in nodes):
            raise Unplaced(tuple(node.text for node in nodes if node.kind in "hFm0!MN~qjYabTd=cvUQ"))
        after_text = letters(after)
        counted = "K" in letters(nodes)
        aggregates = [node for node in nodes if node.kind == "A"]
        columns = [node for node in nodes if node.kind in "CG"]
        numbers = [node for node in columns if node.kind == "C" and node.payload.is_number and not self.a.calendar.is_temporal(node.payload)]
        groups = self.draft.groups
        if groups and not columns and not aggregates and "R" not in after_text and "K" not in after_text:
            raise Unplaced((), "rank what")
        if groups and self.limit and len(columns) == 1 and not aggregates and not counted and len(groups) == 1:
            # `top 5 cars by price`: what follows `by` is the measure
            by = self.a.card.by_name[groups[0].column]
            if by.is_number and groups[0].bucket is None and groups[0].cycle is None:
                return self._rank(columns, by, by.name)
        if groups and self.limit and not columns and len(groups) == 1 and "R" in letters(nodes):
            by = self.a.card.by_name[groups[0].column]
            if by.is_number:
                self.draft.groups = []
                return [(0.0, self._rows(None, by))]
        if aggregates:
            if len(aggregates) > 1 or not numbers:
                raise Unplaced(tuple(node.text for node in aggregates))
            value = numbers[-1]
            keys = [node for node in columns if node is not value]
            measure = self.a.measure(Aggregate(aggregates[0].payload[0]), value.payload)
            return [(0.0, self._grouped(keys, measure, nodes, value))]
        if counted or re.match(r"R", after_text):
            keys = [node for node in columns]
            return [(0.0, self._grouped(keys, Measure(aggregate=Aggregate.COUNT), nodes, None))]
        values = [node for node in after if node in numbers]
        if not values:
            values = numbers[-1:]
        if len(values) != 1 or len(columns) > 2:
            raise Unplaced(tuple(node.text for node in columns) or ("highest",))
        nodes = [node for node in nodes if node is not values[0] and node.kind not in "L"]
        most = True
        return self._rank(nodes, values[0].payload, values[0].text, most=most)

    def _grouped(self, keys: list[Node], measure: Measure, nodes: list[Node], value: Node | None) -> QueryIntent:
        extra = [node for node in nodes if node.kind not in "WLwRKCGAB" and node is not value]
        groups = [*(self._key(node) for node in keys), *self.draft.groups]
        groups = list(dict.fromkeys(groups))
        if not groups and any(node.kind == "w" for node in nodes) and self.a.calendar.main:
            groups = [Group(column=self.a.calendar.main.name)]
        if extra or len(groups) != 1:
            raise Unplaced(tuple(node.text for node in extra) or ("which",))
        return self._ranking(groups[0], measure)

    def _rank(
        self, nodes: list[Node], column: ColumnCard, text: str, *, dimension: bool = False, most: bool = False
    ) -> list[tuple[float, QueryIntent]]:
        """Rank rows or groups by one number; two readings where a key has several rows."""
        keys = [node for node in nodes if node.kind in "CG"]
        heads = letters([node for node in nodes if node.kind in "Ww"])
        extra = [node for node in nodes if node.kind not in "WwRCGB"]
        if extra or len(keys) > 1:
            raise Unplaced(tuple(node.text for node in extra) or tuple(node.text for node in keys))
        if self.draft.groups:
            if keys or heads:
                raise Unplaced((text,))
            aggregate = Aggregate.MAX if self.descending else Aggregate.MIN
            measure = self.a.measure(aggregate, column)
            return [(0.0, QueryIntent(shape=Shape.GROUPS, measures=(measure,), groups=tuple(self.draft.groups), where=self.where))]
        if keys:
            node = keys[0]
            if node.kind == "C" and self.a.names_rows(node.payload):
                return [(0.0, self._rows(node.payload, column))]
            group = self._key(node)
            if _additive(column) and not dimension:
                return [(0.0, self._ranking(group, Measure(aggregate=Aggregate.SUM, column=column.name)))]
            extreme = Measure(aggregate=Aggregate.MAX if self.descending else Aggregate.MIN, column=column.name)
            readings = [(0.0, self._ranking(group, extreme))]
            if not dimension:
                readings.append((0.0, self._ranking(group, Measure(aggregate=Aggregate.MEAN, column=column.name))))
            return readings
        named = any(node.kind == "R" for node in nodes) or _picks_category(self.where)
        if named and (dimension or self.a.entity or self.limit):
            return [(0.0, self._rows(None, column))]
        if "w" in heads and self.a.calendar.main is not None:
            return [(0.0, self._rows(self.a.calendar.main, column))]
        if any(node.payload == ("who",) for node in nodes if node.kind == "W") or self.limit:
            return [(0.0, self._rows(None, column))]
        aggregate = Aggregate.MAX if self.descending else Aggregate.MIN
        measure = self.a.measure(aggregate, column)
        return [(0.0, QueryIntent(shape=Shape.NUMBER, measures=(measure,), where=self.where))]

