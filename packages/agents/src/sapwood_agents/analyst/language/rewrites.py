"""Small rewritings: what a word or two says where it stands, each with the words that it is for."""

from __future__ import annotations

from dataclasses import replace

from sapwood_agents.analyst.card import ColumnCard
from sapwood_agents.analyst.language.nodes import Node, Rule, dropped, letters
from sapwood_agents.analyst.language.scope import Scope
from sapwood_agents.analyst.language.spelling import lemma
from sapwood_agents.analyst.language.tokens import name_words
from sapwood_agents.analyst.language.units import QUANTITIES_OF_UNITS, UNITS
from sapwood_storage.tabular.model import ColumnType

_KINDS = 60
_OUTRIGHT = 0.97


def unit_rules(nodes: list[Node], scope: Scope) -> list[Rule]:
    """`how many kilometres …`: the column that holds them, where no other is named."""

    def quantity(nodes: list[Node]) -> list[Node] | None:
        unit = nodes[-1].payload
        declared = [c for c in scope.card.columns if unit in scope.linker.declared_units(c.name)]
        columns = declared or scope.quantities(QUANTITIES_OF_UNITS.get(unit, ()))
        if len(columns) != 1:
            return None
        return [Node("m", nodes[0].text), Node("C", nodes[-1].text, columns[0], start=nodes[-1].start)]

    def among_rows(nodes: list[Node]) -> list[Node] | None:
        """`among the years whose fee was over 9`, where each row is a year."""
        among, thing = nodes
        column = scope.calendar.parts.get(thing.payload[0]) if thing.kind == "G" else thing.payload
        several = lemma(thing.text.casefold()) != thing.text.casefold()
        one_each = column is not None and scope.card.is_unique(column) and several
        return [] if one_each and among.text.casefold() in ("among", "amongst") else None

    def of_the_same(part: list[Node]) -> list[Node] | None:
        """`red lids with a price above the red average`: the average of those asked about."""
        sign, value, average = part
        said = [node for node in nodes if node.kind == "V" and node.payload == value.payload]
        return [sign, average] if len(said) > 1 else None

    def cases_of(part: list[Node]) -> list[Node] | None:
        """`zero cases of theft`, where a column counts thefts."""
        column: ColumnCard = part[-1].payload
        return [part[0], part[-1]] if column.type is ColumnType.INTEGER and not column.is_flag else None

    def counted(part: list[Node]) -> list[Node] | None:
        """`purchases by month`, where a purchase is one of a few kinds of row: how many of them."""
        text = part[0].text.casefold()
        kinds: ColumnCard = part[0].payload[0]
        several = lemma(text) != text and lemma(text) not in scope.rows.nouns
        if not several or part[0].score < _OUTRIGHT or kinds.distinct > _KINDS:
            return None
        return [Node("K", "number of", start=part[0].start), *part]

    def plain_extreme(part: list[Node]) -> list[Node] | None:
        """`the shortest average pause`, `the strongest growth`: the lowest and the highest."""
        direction, quantities = part[0].payload
        column: ColumnCard = part[-1].payload
        if not column.is_number or scope.calendar.is_temporal(column) or {"speed", "age"} & set(quantities):
            return None
        of_rows = lemma(part[-1].text.casefold()) in scope.rows.titled
        if len(part) == 2 and (of_rows or scope.quantities(quantities)):
            return None  # the rows themselves, or a column that the adjective has of its own
        return [Node("S", part[0].text, (direction,), start=part[0].start), *part[1:]]

    def counted_beside(part: list[Node]) -> list[Node] | None:
        """`more than 3 keywords`, where one column lists the keywords and another says how many."""
        column: ColumnCard = part[-1].payload
        counts = [
            c for c in scope.card.columns
            if scope.linker.counts(c.name) and name_words(c.name)[:-1] == name_words(column.name)
        ]  # fmt: skip
        if column.is_number or len(counts) != 1:
            return None
        return [*(n for n in part[:-1] if n.kind not in "KO"), replace(part[-1], payload=counts[0])]

    named = any(node.kind == "C" and node.payload.is_number for node in nodes)
    always: list[Rule] = [
        (r"P[CG](?=.)", among_rows),
        (r"MVA", of_the_same),
        (r"NROC", cases_of),
        (r"JA?C", plain_extreme),
        (r"MNC|(?<=[ASZ])K?O?C", counted_beside),
        (r"^V(?=[BE][CG])", counted),
    ]
    return always if named or set("ijJSdcv") & set(letters(nodes)) else [*always, (r"K[OP]?U", quantity)]


def _and_how_many(nodes: list[Node]) -> list[Node]:
    """`those with more than 8 crates, and how many`: a list shows it."""
    return [node for node in nodes if node.kind == "R"]


def _how_much_cars(nodes: list[Node]) -> list[Node] | None:
    """How many of them; in `how much dust fell on the day` something else is asked."""
    much, rows = nodes
    if rows.start - much.start > len(much.text.split()) or rows.text.casefold() == rows.payload:
        return None
    return [Node("K", much.text, start=much.start), rows]


def _how_much_kinds(nodes: list[Node]) -> list[Node] | None:
    """`how much towns are there`: how many of them."""
    much, column = nodes
    text = column.payload.type is ColumnType.TEXT and not column.payload.is_flag
    several = lemma(column.text.casefold()) != column.text.casefold()
    if not text or not several or column.start - much.start > len(much.text.split()):
        return None
    return [Node("K", much.text, start=much.start), column]


def _said_twice(nodes: list[Node]) -> list[Node] | None:
    """`private school`, where the kind of school is private."""
    value, column = nodes
    return [value] if value.payload[0] is column.payload and column.payload.type is ColumnType.TEXT else None


def _each_of(nodes: list[Node]) -> list[Node] | None:
    """`in each northern depot`: the depots, of those in the north."""
    each, value, column = nodes
    if not each.text.casefold().endswith(("each", "every", "per")):
        return None
    other = value.payload[0] is not column.payload and column.payload.type is ColumnType.TEXT
    return [each, column, Node("P", "in", start=value.start), value] if other else None


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


def _not_that(nodes: list[Node]) -> list[Node] | None:
    """`without Ohio`."""
    return [Node("!", nodes[0].text, start=nodes[0].start)] if nodes[0].text.casefold() == "without" else None


def _over(nodes: list[Node]) -> list[Node] | None:
    """`distributed over weekdays`."""
    return [Node("B", nodes[0].text, start=nodes[0].start)] if nodes[0].text.casefold() == "over" else None


def _over_all_of(nodes: list[Node]) -> list[Node] | None:
    """`the mean over the dry depots`: the rows of that kind."""
    return [Node("P", nodes[0].text, start=nodes[0].start)] if nodes[0].text.casefold() == "over" else None


def _distributed(nodes: list[Node]) -> list[Node] | None:
    """`the distribution of grades`: how many of each."""
    if not nodes[0].text.casefold().startswith(("distribution", "breakdown")):
        return None
    return [nodes[0], Node("B", nodes[0].text, start=nodes[0].start), nodes[-1]]


def _by_people(nodes: list[Node]) -> list[Node] | None:
    """`visits by people over 60`: nothing is grouped."""
    return [Node("P", nodes[0].text, start=nodes[0].start)]


def _counts_of(nodes: list[Node]) -> list[Node] | None:
    """`region counts`: how many there are of each."""
    column, count = nodes
    if column.payload.type is not ColumnType.TEXT or count.text.casefold() not in ("counts", "frequencies"):
        return None
    return [count, Node("B", "by", start=column.start), column]


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


def _by_rows(nodes: list[Node]) -> list[Node] | None:
    """`top 5 airports by flights`: by how many there are."""
    return [*nodes[:-1], Node("K", nodes[-1].text, start=nodes[-1].start)]


def _year_word(nodes: list[Node]) -> list[Node] | None:
    return [] if nodes[0].payload == ("year",) else None


def _kind_of_row(nodes: list[Node]) -> list[Node] | None:
    """`by parcel status`: by their status."""
    _, row, column = nodes
    beside = column.start - row.start == 1 and column.payload.type is ColumnType.TEXT
    return [nodes[0], column] if beside else None


def _named(nodes: list[Node]) -> list[Node] | None:
    """`movie titles`: the titles."""
    apart = nodes[1].start - nodes[0].start > 1
    return (
        nodes[1:]
        if nodes[1].payload.type is ColumnType.TEXT and not nodes[1].payload.is_flag and not apart
        else None
    )


RULES: list[Rule] = [
    (r"(?<=[CRVx])P?W(?=[eIHOVCRp])", dropped),  # "the days on which …"
    (r"P(C,W)", lambda nodes: [nodes[3], nodes[1]]),  # "among the cars, which …"
    (r"KO?C(?=$|[,xPOt])", _distributed),
    (r"M(?=[Gu])", _over),
    (r"M(?=V)", _over_all_of),
    (r"r(?=$|[,xPO])", dropped),  # "over the whole table"
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
    (r"mC(?=I?e|[IH]|$)", _how_much_kinds),
    (r"PUE[CU]", _per_unit),
    (r"CE[CU]", _in_units_per),
    (r"0(?=V)", _not_that),
    (r"MN(?=V?R)", _at_all),
    (r"r[CRG]O?", dropped),  # "across all cities": no group
    (r"[S#]N?CBR(?=$|[,xPO])", _by_rows),
    (r"BRC(?=$|[,&xPO])", _kind_of_row),
    (r"BR", _by_people),
    (r"(?<=[BE]C[&,])KC", lambda nodes: [nodes[1]] if nodes[1].payload.is_number else None),
    (r"(?<=K)[OP](?=R)", dropped),
    (r"(?<=[BEA])KC", lambda nodes: [nodes[1]] if nodes[1].payload.is_number else None),
    (r"(?<=B)KV+C", lambda nodes: [nodes[-1], *nodes[1:-1]] if nodes[-1].payload.is_number else None),
    (
        r"(?<=B)V+C(?=$|[PxO,])",
        lambda nodes: [nodes[-1], *nodes[:-1]] if nodes[-1].payload.is_number else None,
    ),
    (r"EVC(?=$|[,xPO])", _each_of),
    (r"AOMNC", lambda nodes: [nodes[0], nodes[4], nodes[2], nodes[3]]),  # "an average of more than 8 lids"
    (r"VC(?!N)", _said_twice),
    (r",(?=[,&|]|$)", dropped),
]
"""In the order in which they apply."""
