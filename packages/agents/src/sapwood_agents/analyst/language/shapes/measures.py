"""What is measured: counts, sums, means and extremes of columns, one or several."""

from __future__ import annotations

import re

from sapwood_agents.analyst.card import ColumnCard
from sapwood_agents.analyst.intent import Aggregate, Measure
from sapwood_agents.analyst.language.concepts import PLACES_AND_PEOPLE
from sapwood_agents.analyst.language.conditions import flag_condition
from sapwood_agents.analyst.language.nodes import Node, letters
from sapwood_agents.analyst.language.scope import Scope
from sapwood_agents.analyst.language.spelling import expansion, lemma
from sapwood_agents.analyst.language.tokens import name_words
from sapwood_agents.analyst.language.trade import MANY_OR_MUCH
from sapwood_agents.analyst.language.units import COUNTING_UNITS
from sapwood_agents.analyst.language.unplaced import Unplaced
from sapwood_storage.tabular.model import ColumnType

_NEARLY = 0.9
"""Where so large a part of the names is different, `how many` may mean the names or the rows."""

_SPELLED = 0.99
COUNT = Measure(aggregate=Aggregate.COUNT)


def measures(nodes: list[Node], scope: Scope) -> list[Measure]:
    """All of `nodes` as measures; raises `Unplaced` for what is none."""
    units = [node for node in nodes if node.kind == "U"]
    nodes = [node for node in nodes if node.kind not in "UWL"]
    if not any(node.kind == "C" for node in nodes) and units:
        raise Unplaced((units[0].text,))
    parts = _parts(nodes)
    found = _Reader(scope).read(parts) if len(parts) > 1 else _single(parts[0] if parts else [], scope)
    for node in units:
        if not all(fits(node, measure, scope) for measure in found):
            raise Unplaced((node.text,), "another unit")
    return list(dict.fromkeys(found))


def fits(unit: Node, measure: Measure, scope: Scope) -> bool:
    """Whether a column declares the unit in its name, or declares none and the unit is a usual one."""
    if measure.column is None:
        return False
    declared = scope.linker.declared_units(measure.column)
    return unit.payload in declared if declared else unit.payload in COUNTING_UNITS


def _parts(nodes: list[Node]) -> list[list[Node]]:
    """The nodes cut at `and` and commas."""
    parts: list[list[Node]] = [[]]
    for node in nodes:
        if node.kind in "&,":
            parts.append([])
        else:
            parts[-1].append(node)
    return [part for part in parts if part]


def _single(nodes: list[Node], scope: Scope) -> list[Measure]:
    text = letters(nodes)
    columns: list[ColumnCard] = [node.payload for node in nodes if node.kind == "C"]
    kinds = [node.payload[0] for node in nodes if node.kind == "A"]
    summed = kinds == ["sum"]
    if re.fullmatch(r"[AKRm]+", text) and re.search("[KR]", text) and (not kinds or summed):
        if "m" in text and "K" not in text:
            raise Unplaced(tuple(node.text for node in nodes if node.kind == "m"), "how much of what")
        if (
            summed
            and "K" not in text
            and any(node.kind == "R" and node.payload in MANY_OR_MUCH for node in nodes)
        ):
            raise Unplaced(tuple(node.text for node in nodes), "how many, or how much")
        return [COUNT]
    if (
        re.fullmatch(r"A?[Km]?A?F?CR*|A?CK|A?FCK?", text)
        and re.search("[KF]", text)
        and (not kinds or summed)
    ):
        return [counted(columns[0], scope, distinct="F" in text, summed=summed)]
    if text == "C" and totalled(nodes[0]) and scope.adds_up(columns[0]):
        return [aggregated(Aggregate.SUM, columns[0], scope)]
    if text == "C" and averaged(nodes[0]):
        return [aggregated(Aggregate.MEAN, columns[0], scope)]
    if kinds and re.fullmatch(r"m?[ACRhpk]+", text):
        return _Reader(scope).read([nodes])
    flows = columns and (scope.additive(columns[0]) or scope.counts_things(columns[0]))
    if re.fullmatch(r"[mR]*C[R]*", text) and flows and _adds_unasked(nodes, columns[0], scope):
        return [Measure(aggregate=Aggregate.SUM, column=columns[0].name)]
    raise Unplaced(tuple(node.text for node in nodes) or ("",), "no measure")


def _adds_unasked(nodes: list[Node], column: ColumnCard, scope: Scope) -> bool:
    """`crates by depot` adds up; `mood by depot`, from 0 to 10, does not, nor does `nps`."""
    said = " ".join([column.name, *(node.text for node in nodes if node.kind == "C")]).casefold()
    several = any(word != lemma(word) for word in re.findall(r"[^\W_]+", said))
    return scope.additive(column) or several or "m" in letters(nodes)


def totalled(node: Node) -> bool:
    """`total amount` where a column is called so: the sum of it."""
    words = name_words(node.text)
    spelled = node.score >= _SPELLED
    return node.payload.is_number and len(words) > 1 and words[0] in ("total", "tot") and spelled


def averaged(node: Node) -> bool:
    """`average price per room` where a column is called so: the mean of it."""
    words = name_words(node.text)
    return node.payload.is_number and words[0] in ("average", "avg", "mean")


class _Reader:
    """`average price and total tax`, `mean and median of x`, `price on average`, `count and mean price`."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.found: list[Measure] = []
        self.waiting: list[Aggregate] = []  # aggregates whose column is still to come
        self.last: list[Aggregate] = []
        self.loose: list[ColumnCard] = []  # columns without an aggregate so far
        self.columns: list[ColumnCard] = []

    def read(self, parts: list[list[Node]]) -> list[Measure]:
        for part in parts:
            self._take(part)
        if self.loose and self.waiting and not self.found:
            self._add(self.waiting, self.loose)
            self.loose, self.waiting = [], []
        elif self.waiting and self.columns and not self.loose:
            self._add(self.waiting, self.columns)
            self.waiting = []
        if self.loose or self.waiting or not self.found:
            raise Unplaced(tuple(node.text for part in parts for node in part))
        return self.found

    def _take(self, part: list[Node]) -> None:
        text = letters(part)
        aggregates = [Aggregate(node.payload[0]) for node in part if node.kind == "A"]
        beside = tuple(node for node in part if node.kind in "Cp")
        columns = [node.payload for node in part if node.kind == "C"]
        if "h" in text:
            meant = self.scope.dimension(next(node for node in part if node.kind == "h"), beside)
            if any(column is not meant for column in columns):
                raise Unplaced(tuple(node.text for node in part), "two columns at once")
            columns = [meant]
        if text == "R":
            return
        if "K" in text or "F" in text:
            if not re.fullmatch(r"K?F?(CR*|R*)", text) or self.waiting or self.loose:
                raise Unplaced(tuple(node.text for node in part))
            self.found.append(counted(columns[0], self.scope, distinct="F" in text) if columns else COUNT)
            return
        if not re.fullmatch(r"m?[ACRhp]+", text) or ("p" in text and "h" not in text):
            raise Unplaced(tuple(node.text for node in part))
        if not columns:
            self.waiting.extend(aggregates)
            return
        if len(columns) > 1:
            raise Unplaced(tuple(node.text for node in part), "two columns at once")
        chosen = [*self.waiting, *aggregates] or self.last
        if not chosen:
            self.loose.extend(columns)
            return
        self._add(chosen, columns)
        self.waiting, self.last, self.columns = [], chosen, columns

    def _add(self, aggregates: list[Aggregate], columns: list[ColumnCard]) -> None:
        self.found.extend(
            aggregated(aggregate, column, self.scope) for column in columns for aggregate in aggregates
        )


def aggregated(aggregate: Aggregate, column: ColumnCard, scope: Scope) -> Measure:
    """`aggregate` of `column`, where that makes sense."""
    ends = aggregate in (Aggregate.MIN, Aggregate.MAX)
    if scope.labels.is_identifier(column) or not (column.is_number or (ends and column.is_time)):
        raise Unplaced((column.name,), f"{column.name} is not a quantity")
    return Measure(aggregate=aggregate, column=column.name)


def nearly_named(column: ColumnCard, scope: Scope) -> bool:
    """Whether nearly every row has a name of its own, so that names and rows are almost as many."""
    rows = scope.card.rows - column.nulls
    return column.type is ColumnType.TEXT and _NEARLY * rows < column.distinct < rows


def counted(column: ColumnCard, scope: Scope, *, distinct: bool, summed: bool = False) -> Measure:
    """`how many carriers`: distinct values; `how many passengers` where that is a number: their sum."""
    if column.is_flag and not distinct:
        return Measure(aggregate=Aggregate.COUNT, where=flag_condition(column, negated=False))
    if scope.card.is_unique(column) and (not column.is_number or scope.labels.is_identifier(column)):
        return COUNT
    thing = bool(set(name_words(column.name)) & _THINGS)
    if column.nulls * 20 > scope.card.rows and not distinct and column.type is ColumnType.TEXT and not thing:
        raise Unplaced((column.name,), "different values, or rows that have one")
    named = (
        column.type is ColumnType.TEXT
        or _are_numbered(column, scope)
        or (distinct and column.is_time)
        or scope.calendar.is_year(column)
        or scope.labels.is_identifier(column)
    )
    if named and not distinct and nearly_named(column, scope):
        return COUNT
    if named and not distinct and _is_titled(column, scope):
        return COUNT
    if named and not distinct and not _are_things(column, scope):
        raise Unplaced((column.name,), "different ones, or rows that have one")
    if distinct or named:
        return Measure(aggregate=Aggregate.DISTINCT, column=_numbered(column, scope).name)
    if scope.covered(column):
        return Measure(aggregate=Aggregate.SUM, column=column.name)
    if column.type is ColumnType.INTEGER and (
        summed or scope.additive(column) or scope.counts_things(column)
    ):
        return Measure(aggregate=Aggregate.SUM, column=column.name)
    raise Unplaced((column.name,), "count or sum")


def _numbered(column: ColumnCard, scope: Scope) -> ColumnCard:
    """The id beside a name: two students may be called the same."""
    words = name_words(column.name)
    ids = [c for c in scope.card.columns if name_words(c.name) == (*words[:-1], "id")]
    namesakes = words[-1] == "name" and len(words) > 1 and len(ids) == 1 and not ids[0].nulls
    return ids[0] if namesakes and ids[0].distinct > column.distinct else column


_THINGS = PLACES_AND_PEOPLE | frozenset(
    "type kind category sort variety species genus family breed class group genre brand make department "
    "industry sector firm supplier vendor customer client user member agent artist author director "
    "publisher platform station site store shop school hospital university college language currency "
    "color colour product item channel party religion campaign project machine vehicle device book course "
    "subject teacher student patient employee driver".split()
)
"""What comes back in many rows and is still one thing: `how many` counts each of them once."""


_NUMBERED = frozenset(
    "store shop department region district branch warehouse station site plot school hospital group type "
    "category sector channel machine supplier vendor cluster zone".split()
)
"""Things that are told by a number, where a column is called by one of them and not by several."""


def _are_numbered(column: ColumnCard, scope: Scope) -> bool:
    """Whether the numbers are those of things: `depot` 1 to 45, where `depots` would count them."""
    words = name_words(column.name)
    thing = (expansion(words[-1]) or words[-1]) in _NUMBERED
    one = column.name.casefold().endswith(words[-1])
    few = column.distinct * 2 < scope.card.rows and isinstance(column.low, int) and column.low >= 0
    counts = scope.linker.counts(column.name)
    return column.type is ColumnType.INTEGER and len(words) == 1 and thing and one and few and not counts


_NO_AGENTS = frozenset(
    "order error number letter offer transfer quarter answer winner weather factor".split()
)


def words_of_id(column: ColumnCard) -> bool:
    """Whether the column holds the ids of something."""
    words = name_words(column.name)
    return len(words) > 1 and words[-1] == "id"


def _is_titled(column: ColumnCard, scope: Scope) -> bool:
    """Whether the file is called as the column is: each row of `relay_medals` is one, whatever its metal."""
    noun = name_words(column.name)[-1]
    alone = len(name_words(column.name)) == 1
    return alone and name_words(scope.card.title)[-1:] == (noun,) and noun not in _THINGS


def _are_things(column: ColumnCard, scope: Scope) -> bool:
    """Whether the values are things that several rows speak of, and not what happened in each."""
    if words_of_id(column) and column.distinct < scope.card.rows:
        return True  # a `guest_id` that comes back
    if _are_numbered(column, scope):
        return True
    in_grid = any(column.name in key for key in scope.card.keys)
    words = name_words(column.name)
    agent = words[-1].endswith(("er", "or", "ist")) and words[-1] not in _NO_AGENTS
    named = agent or bool(set(words) & _THINGS) or bool(scope.linker.held(column.name))
    return in_grid or named or scope.calendar.is_temporal(column) or scope.labels.is_identifier(column)
