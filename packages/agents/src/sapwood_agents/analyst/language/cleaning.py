"""The first rewriting: glosses and linking verbs go, columns that were only touched on become clear."""

from __future__ import annotations

import re
from dataclasses import replace

from sapwood_agents.analyst.card import ColumnCard
from sapwood_agents.analyst.language.concepts import PLACES_AND_PEOPLE
from sapwood_agents.analyst.language.nodes import Node, Rule, dropped, letters, rewrite
from sapwood_agents.analyst.language.scope import Scope
from sapwood_agents.analyst.language.spelling import lemma
from sapwood_agents.analyst.language.tokens import name_words
from sapwood_agents.analyst.language.touched import resolved
from sapwood_agents.analyst.language.units import QUANTITIES_OF_UNITS, UNITS
from sapwood_agents.analyst.language.unplaced import Unplaced
from sapwood_storage.tabular.model import ColumnType

_EXACT = 0.99
_IDLE = re.compile(r"y[POIHf,e]*$")


def cleaned(nodes: list[Node], scope: Scope) -> list[Node]:
    """The nodes without glosses, linking verbs and mere mentions; `Unplaced` for what says nothing clear."""
    unknown = tuple(node.text for node in nodes if node.kind == "?")
    if unknown:
        raise Unplaced(unknown)
    if "DD" in letters(nodes):
        raise Unplaced(tuple(node.text for node in nodes if node.kind == "D"), "one date read as two")
    nodes = rewrite(_without_glosses(nodes), [(r"D[&|,>]+P?D", _same_year)])
    nodes = rewrite(nodes, [(r"(?<=[CRV])W(?=[yp])", dropped), (r"yBC", _done_by)])
    nodes = [_as_row(nodes, index, scope) for index in range(len(nodes))]
    nodes = [each for index in range(len(nodes)) for each in resolved(nodes, index, scope)]
    if "W" in letters(nodes) and not set("Tdcv=") & set(letters(nodes)):
        nodes = [
            Node("S", n.text, n.payload, start=n.start) if n.kind == "i" else n for n in nodes
        ]  # "which has the higher"
    if set("DGu") & set(letters(nodes)):
        nodes = rewrite(nodes, [(r",?BC$", _time_gloss)])
    nodes = _aged(_without_verbs(nodes), scope)
    if "X" in letters(nodes):
        nodes = rewrite(nodes, [(r"CHC", lambda pair: [pair[0], pair[2]])])
    return rewrite(nodes, [*_RULES, *_unit_rules(nodes, scope)])


def _as_row(nodes: list[Node], index: int, scope: Scope) -> Node:
    """`how many months …` where each row is a month: rows."""
    node = nodes[index]
    part = node.payload[0] if node.kind == "G" else _part(node, scope) if node.kind == "C" else None
    if part is None or not re.search(r"[KF%][OP]?$", letters(nodes[:index])):
        return node
    pinned = [
        other.payload[0] for other in nodes
        if other.kind == "V" and len(other.payload[1]) == 1
        and _is_named(other.payload[0], scope)
    ]  # fmt: skip
    if not scope.calendar.rows_are(part) and not any(scope.calendar.rows_are(part, of) for of in pinned):
        return node
    return Node("R", node.text, part, start=node.start, inside=node.inside)


def _is_named(column: ColumnCard, scope: Scope) -> bool:
    """Whether the column says whose row it is: the city of a day's weather."""
    return bool(
        set(name_words(column.name)) & (PLACES_AND_PEOPLE | {"site", "station"})
        or scope.linker.held(column.name)
    )


def _part(node: Node, scope: Scope) -> str | None:
    return next((part for part, column in scope.calendar.parts.items() if column is node.payload), None)


def _without_glosses(nodes: list[Node]) -> list[Node]:
    """`price (list_price)`: the exact name in parentheses stands for the word before it."""
    kept: list[Node] = []
    for index, node in enumerate(nodes):
        opens = node.inside and (index == 0 or not nodes[index - 1].inside)
        closes = index + 1 == len(nodes) or not nodes[index + 1].inside
        if opens and closes and node.kind == "C" and node.score >= _EXACT and kept and kept[-1].kind in "CRp":
            kept.pop()
        kept.append(node)
    return kept


def _without_verbs(nodes: list[Node]) -> list[Node]:
    """Linking verbs go; one that ends the question asks for something that is not there."""
    text = letters(nodes)
    for index in (match.start() for match in re.finditer(r"(?<=[KS])[HPO]*C|^FC", text)):
        counted = nodes[re.compile(r"C").search(text, index).start()].payload  # type: ignore[union-attr]  # it matched
        if any("units" in node.payload for node in nodes if node.kind == "y") and not counted.is_number:
            raise Unplaced((counted.name,), "different ones, or how many of them")
    if "F" in text and re.search(r",K$", text):
        nodes = [nodes[-1], *nodes[:-2]]  # "distinct X, how many"
    if re.match(r"P?W", letters(nodes)):
        nodes = rewrite(
            nodes, [(r"(?<=[VCRx])y$", _dwells), (r"(?<=[VCRx])y[Pf>O]$", dropped)]
        )  # "which club does she play for"
    nodes = rewrite(nodes, [(r"(?<=I)Cy(?=$|[PO,])|(?<!K)CIy(?=$|[PO,])", _recorded)])
    idle = _IDLE.search(letters(nodes))
    if idle and not (
        "end" in nodes[idle.start()].payload and idle.start() and nodes[idle.start() - 1].kind in "RCIV&,"
    ):
        raise Unplaced((nodes[idle.start()].text,))
    return [node for node in nodes if node.kind != "y"]


_RECORDED = frozenset(
    "recorded given stated noted listed reported known measured provided available present".split()
)


def _recorded(nodes: list[Node]) -> list[Node] | None:
    """`is the speed recorded`: whether there is a value."""
    if nodes[-1].text.casefold() not in _RECORDED or not nodes[0].payload.nulls:
        return None
    return [nodes[0], Node("k", nodes[-1].text, start=nodes[-1].start)]


def _and_how_many(nodes: list[Node]) -> list[Node]:
    """`those with more than 8 crates, and how many`: a list shows it."""
    return [node for node in nodes if node.kind == "R"]


def _how_much_cars(nodes: list[Node]) -> list[Node] | None:
    """How many of them; in `how much dust fell on the day` something else is asked."""
    much, rows = nodes
    if rows.start - much.start > len(much.text.split()) or rows.text.casefold() == rows.payload:
        return None
    return [Node("K", much.text, start=much.start), rows]


def _said_twice(nodes: list[Node]) -> list[Node] | None:
    """`private school`, where the kind of school is private."""
    value, column = nodes
    return [value] if value.payload[0] is column.payload and column.payload.type is ColumnType.TEXT else None


def _same_year(nodes: list[Node]) -> list[Node] | None:
    """`May and June 2018` are of one year."""
    first, last = nodes[0].payload, nodes[-1].payload
    if first.year is not None or first.month is None or last.year is None or last.month is None:
        return None
    return [replace(nodes[0], payload=replace(first, year=last.year)), *nodes[1:]]


def _constant(nodes: list[Node]) -> list[Node] | None:
    """`in the country`, where all rows are of one."""
    column: ColumnCard = nodes[-1].payload
    return [] if column.distinct == 1 and not column.nulls else None


def _weighs(nodes: list[Node]) -> list[Node] | None:
    """`costs the most`, `weighs least`: the most of it."""
    return [nodes[1], nodes[0]] if nodes[0].payload.is_number else None


def _kinds(nodes: list[Node]) -> list[Node] | None:
    """`types of engine` are engines, whatever else the table has types of."""
    first, last = nodes[0], nodes[-1]
    says = name_words(first.text)[-1:] in (("kind",), ("type",), ("sort",), ("category",), ("variety",))
    return [last] if says and last.payload.type is ColumnType.TEXT else None


def _unit_rules(nodes: list[Node], scope: Scope) -> list[Rule]:
    """`how many kilometres …`: the column that holds them, where no other is named."""

    def quantity(nodes: list[Node]) -> list[Node] | None:
        unit = nodes[-1].payload
        declared = [c for c in scope.card.columns if unit in scope.linker.declared_units(c.name)]
        columns = declared or scope.quantities(QUANTITIES_OF_UNITS.get(unit, ()))
        if len(columns) != 1:
            return None
        return [Node("m", nodes[0].text), Node("C", nodes[-1].text, columns[0], start=nodes[-1].start)]

    named = any(node.kind == "C" and node.payload.is_number for node in nodes)
    return [] if named or set("ijJSdcv") & set(letters(nodes)) else [(r"K[OP]?U", quantity)]


def _aged(nodes: list[Node], scope: Scope) -> list[Node]:
    """`aged 60 to 64`: the age."""
    found: list[Node] = []
    for index, node in enumerate(nodes):
        follows = letters(nodes[index + 1 : index + 2])
        if (
            node.kind == "h"
            and node.payload[1] == ("age",)
            and node.text.casefold() == "aged"
            and follows in tuple("~MNf")
        ):
            node = Node("C", node.text, scope.dimension(node), start=node.start)
        found.append(node)
    return found


def _not_that(nodes: list[Node]) -> list[Node] | None:
    """`without Ohio`."""
    return [Node("!", nodes[0].text, start=nodes[0].start)] if nodes[0].text.casefold() == "without" else None


def _over(nodes: list[Node]) -> list[Node] | None:
    """`distributed over weekdays`."""
    return [Node("B", nodes[0].text, start=nodes[0].start)] if nodes[0].text.casefold() == "over" else None


def _by_people(nodes: list[Node]) -> list[Node] | None:
    """`visits by people over 60`: nothing is grouped."""
    return [Node("P", nodes[0].text, start=nodes[0].start)]


def _done_by(nodes: list[Node]) -> list[Node] | None:
    """`run up by smokers`: those who did it, no groups."""
    column: ColumnCard = nodes[-1].payload
    by = Node("P", nodes[1].text, start=nodes[1].start)
    return (
        [nodes[0], by, nodes[2]]
        if column.is_flag and nodes[2].text.casefold() != column.name.casefold()
        else None
    )


def _counts_of(nodes: list[Node]) -> list[Node] | None:
    """`region counts`: how many there are of each."""
    column, count = nodes
    if column.payload.type is not ColumnType.TEXT or count.text.casefold() not in ("counts", "frequencies"):
        return None
    return [count, Node("B", "by", start=column.start), column]


def _time_gloss(nodes: list[Node]) -> list[Node] | None:
    """`…, going by the order date`: which date was meant."""
    by, column = nodes[-2:]
    return [] if by.payload == ("gloss",) and column.payload.is_time else None


def _per_unit(nodes: list[Node]) -> list[Node] | None:
    """`in minutes per mile`: a unit, and no group of miles."""
    return nodes[:2] if lemma(nodes[-1].text.casefold()) in UNITS else None


def _in_units_per(nodes: list[Node]) -> list[Node] | None:
    """`pace in minutes per mile`: the column with its unit."""
    return nodes[:1] if " in " in nodes[0].text and lemma(nodes[-1].text.casefold()) in UNITS else None


def _at_all(nodes: list[Node]) -> list[Node] | None:
    """`which had at least one positive test`: those that had any."""
    sign, number = nodes
    return [] if sign.payload == (">=",) and number.payload.number == 1 else None


def _dwells(nodes: list[Node]) -> list[Node] | None:
    """`on which islands do they live`."""
    return [] if nodes[0].text.casefold() in ("live", "lives", "work", "works", "operate", "fly") else None


def _by_rows(nodes: list[Node]) -> list[Node] | None:
    """`top 5 airports by flights`: by how many there are."""
    return [*nodes[:-1], Node("K", nodes[-1].text, start=nodes[-1].start)]


def _year_word(nodes: list[Node]) -> list[Node] | None:
    return [] if nodes[0].payload == ("year",) else None


def _named(nodes: list[Node]) -> list[Node] | None:
    """`movie titles`: the titles."""
    apart = nodes[1].start - nodes[0].start > 1
    return (
        nodes[1:]
        if nodes[1].payload.type is ColumnType.TEXT and not nodes[1].payload.is_flag and not apart
        else None
    )


_RULES: list[Rule] = [
    (r"(?<=[CRVx])P?W(?=[eIHOVCRp])", dropped),  # "the days on which …"
    (r"P(C,W)", lambda nodes: [nodes[3], nodes[1]]),  # "among the cars, which …"
    (r"M(?=[Gu])", _over),
    (r"G(?=D)", _year_word),  # "the year 2000"
    (r"FK(?=[OP]*C)", lambda nodes: nodes[::-1]),
    (r"(?<=[KFLW])RC", _named),
    (r"q$", dropped),
    (r"(?<=[No])R?,?&K$", _and_how_many),
    (r"(?<=[RN]),?H[OP]*K[OP]*R?$", dropped),  # "…, with the number of them": a ranking shows it
    (r"[PO]C(?=$|[,&xPOI])", _constant),
    (r"^CK(?=$|[,xPO])", _counts_of),
    (r"(?<=F)R[PO](?=C)", dropped),  # "different entries in the artists column"
    (r"COC", _kinds),
    (r"(?<=[CWR])CS(?=A?$|A?[,xPO])", _weighs),
    (r"K(?=K)", dropped),
    (r"^[SJZ][^WB]*W[CG]$", lambda nodes: [*nodes[-2:], *nodes[:-2]]),
    (r"mR", _how_much_cars),
    (r"PUE[CU]", _per_unit),
    (r"CE[CU]", _in_units_per),
    (r"0(?=V)", _not_that),
    (r"MN(?=V?R)", _at_all),
    (r"r[CRG]", dropped),  # "across all cities": no group
    (r"[S#]N?CBR(?=$|[,xPO])", _by_rows),
    (r"BR", _by_people),
    (r"(?<=[BE]C[&,])KC", lambda nodes: [nodes[1]] if nodes[1].payload.is_number else None),
    (r"(?<=K)[OP](?=R)", dropped),
    (r"(?<=[BEA])KC", lambda nodes: [nodes[1]] if nodes[1].payload.is_number else None),
    (r"(?<=B)KV+C", lambda nodes: [nodes[-1], *nodes[1:-1]] if nodes[-1].payload.is_number else None),
    (
        r"(?<=B)V+C(?=$|[PxO,])",
        lambda nodes: [nodes[-1], *nodes[:-1]] if nodes[-1].payload.is_number else None,
    ),
    (r"VC(?!N)", _said_twice),
    (r",(?=[,&|]|$)", dropped),
]
