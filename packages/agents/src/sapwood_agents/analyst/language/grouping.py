"""Rules for what rows are grouped by, and for the top few: before and after conditions are read."""

from __future__ import annotations

from sapwood_agents.analyst.card import ColumnCard
from sapwood_agents.analyst.intent import Group
from sapwood_agents.analyst.language.nodes import Node, Rule, dropped, words
from sapwood_agents.analyst.language.rows.nouns import is_daily
from sapwood_agents.analyst.language.scope import Scope
from sapwood_agents.analyst.language.unplaced import Unplaced

MOST = 1_000
"""A top list longer than this is a misreading."""
_SPLIT = ("split", "broken", "break", "separated", "divided", "segmented", "grouped")
"""`by` alone may say who did it: `packed by Anna and Boris`."""


def early_rules(scope: Scope) -> list[Rule]:
    """Before conditions, which would take the number of `top 5` and the date of `by month of the date`."""

    def bucket_of(nodes: list[Node]) -> list[Node] | None:
        if not nodes[-1].payload.is_time:
            return None
        group = bucket(next(node for node in nodes if node.kind == "G"), scope, nodes[-1].payload)
        return group and [Node("g", words(nodes), [group], start=nodes[0].start)]

    def begun_in_each(nodes: list[Node]) -> list[Node] | None:
        """`visits started in each month`: the months in which they started."""
        column: ColumnCard = nodes[0].payload
        if not column.is_time or not nodes[0].text.casefold().endswith(("ed", "en")):
            return None
        group = bucket(nodes[-1], scope, column)
        return group and [Node("g", words(nodes), [group], start=nodes[0].start)]

    def early(nodes: list[Node]) -> list[Node] | None:
        return _group(nodes, scope) if not any(n.kind == "C" and n.payload.is_time for n in nodes) else None

    def adjective(nodes: list[Node]) -> list[Node]:
        """`average monthly volume`: the mean of the rows, where each of them is a month."""
        if nodes[-1].payload[0] != scope.calendar.grain:
            raise Unplaced((nodes[-1].text,), "a mean of sums")
        return nodes[:1]

    def grain(nodes: list[Node]) -> list[Node] | None:
        """`the median number of leaks per month`, where each row is a month."""
        return [nodes[0], nodes[-3]] if nodes[-1].payload[0] == scope.calendar.grain else None

    def sides(nodes: list[Node]) -> list[Node] | None:
        """`split by indoors and outdoors`: by the column of which these are values."""
        columns = [node.payload[0] for node in nodes if node.kind == "V"]
        if any(c is not columns[0] for c in columns) or not nodes[0].text.casefold().startswith(_SPLIT):
            return None
        group = group_of(columns[0], scope)
        return [Node("g", nodes[0].text, [group], start=nodes[0].start), Node("P", "of"), *nodes[1:]]

    return [
        (r"B(V[,&]+)+V", sides),
        (r"#[OR]?N(?![UCMY]*~)", _top),
        (r"N(?=[SJZ])", _limit),
        (r"N#", _top),
        (r"[SJZ]N(?=[RC])", _limit_after),
        (r"(?<=[WL])N(?=[CR])|(?<![MTY~&CNVUPOf])N(?=(?:[CR]|V+[CR]|G[HP]).*[SJ])", _limit),
        (r"(E|B|BE|PE)GO?P?C", bucket_of),
        (r"(?<=R)C(E|B|BE|PE)G", begun_in_each),
        (r"[BE]F?[CG]([&,]+[BE]?[CG])+(?![MN~a0kqVIH!DOCG])", early),
        (r"A[OP]?u(?=C)", adjective),
        (r"A[OP]?KC[EB]G", grain),
        (r"E(?=R)", dropped),
    ]


def _top(nodes: list[Node]) -> list[Node] | None:
    number = next(node for node in nodes if node.kind == "N").payload.whole
    head = next(node for node in nodes if node.kind == "#")
    if number is None or not 0 < number <= MOST:
        return None
    return [Node("S", words(nodes), (head.payload[0], number), start=head.start)]


def _limit(nodes: list[Node]) -> list[Node] | None:
    number = nodes[0].payload.whole
    if number is None or not 0 < number <= MOST:
        return None
    return [Node("l", nodes[0].text, number, start=nodes[0].start)]


def _limit_after(nodes: list[Node]) -> list[Node] | None:
    if nodes[0].text.casefold() in ("most", "fewest", "the most", "the fewest"):
        return None  # "the most two-bedroom flats"
    limit = _limit(nodes[1:])
    return limit and [*limit, nodes[0]]


def group_rules(scope: Scope) -> list[Rule]:
    """After conditions: what is left behind `by`, `per`, `each` is a group."""

    def group(nodes: list[Node]) -> list[Node] | None:
        return _group(nodes, scope)

    def timed(nodes: list[Node]) -> list[Node] | None:
        return _timed_group(nodes, scope)

    def trend(nodes: list[Node]) -> list[Node] | None:
        if len(nodes) > 1:
            return _group(nodes[1:], scope)
        found = scope.calendar.trend()
        return None if found is None else [Node("g", nodes[0].text, [found], start=nodes[0].start)]

    return [
        (r"C?(u|(B|E|BE|PE|P(?=u))F?[CGu]([,&]+(P?B|P?E)*[CGu])*)([OPBH,]*C)?", timed),
        (r"(B|E|BE|PE)F?[CG]([,&]+(P?B|P?E)*F?[CG])*", group),
        (r"tB[CG]|t", trend),
    ]


def _group(nodes: list[Node], scope: Scope) -> list[Node] | None:
    groups: list[Group] = []
    for node in nodes:
        if node.kind == "C":
            groups.append(group_of(node.payload, scope))
        elif node.kind in "Gu":
            found = bucket(node, scope)
            if found is None:
                return None
            groups.append(found)
    return [Node("g", words(nodes), groups, start=nodes[0].start)]


def _timed_group(nodes: list[Node], scope: Scope) -> list[Node] | None:
    """`by month of the order date`, `monthly`: buckets, with the column of time where it is named."""
    if not any(node.kind in "Gu" for node in nodes):
        return None
    kept = list(nodes)
    before: list[Node] = []
    after: list[Node] = []
    column: ColumnCard | None = None
    first, last = nodes[0], nodes[-1]
    if last is not first and last.kind == "C" and last.payload.is_time and nodes[-2].kind in "OPBHGu,":
        column, kept = last.payload, _cut(kept, [])
    elif last.kind == "C" and nodes[-2].kind not in "BE&,F":
        after = [last]
        kept = _cut(kept, after)
    if first.kind == "C":
        before, kept = [first], kept[1:]
    groups: list[Group] = []
    for node in kept:
        if node.kind == "C":
            groups.append(group_of(node.payload, scope))
        elif node.kind in "Gu":
            main = scope.calendar.main
            if node.text == "daily" and main is not None and scope.card.is_unique(main) and is_daily(main):
                continue  # each row is a day: "the daily temperature"
            found = bucket(node, scope, column)
            if found is None:
                return None
            groups.append(found)
    return [*before, Node("g", words(kept), groups, start=kept[0].start), *after]


def _cut(nodes: list[Node], after: list[Node]) -> list[Node]:
    """The nodes without the last one and the small words before it, which go to the front of `after`."""
    kept = nodes[:-1]
    while kept[-1].kind in "OPBH,":
        after.insert(0, kept.pop())
    return kept


def group_of(column: ColumnCard, scope: Scope) -> Group:
    """A group by a column; refused where `month` may be a number or a date's bucket."""
    if column is scope.calendar.parts.get("month") and scope.calendar.dates and scope.calendar.one_year:
        return scope.calendar.group("month", None) or Group(column=column.name)
    if scope.calendar.is_month_of_many_years(column):
        raise Unplaced((column.name,), "the month as a number or as a date")
    return Group(column=column.name)


def bucket(node: Node, scope: Scope, column: ColumnCard | None = None) -> Group | None:
    """A bucket of time or a part of the calendar."""
    if node.payload[0] == "cycle":
        return scope.calendar.group(None, node.payload[1], column)
    return scope.calendar.group(node.payload[0], None, column, clear=node.kind == "u")


def key_of(node: Node, scope: Scope) -> Group:
    """The group that a column or a bucket names; raises `Unplaced` where the table cannot tell."""
    if node.kind != "G":
        return group_of(node.payload, scope)
    found = bucket(node, scope)
    if found is None:
        raise Unplaced((node.text,))
    return found
