"""Whether an intent has the form of the answer that was asked for: a thing, a number, a list."""

from __future__ import annotations

import re
from itertools import pairwise

from sapwood_agents.analyst.intent import (
    Aggregate,
    Measure,
    Period,
    QueryIntent,
    Shape,
    TextMatch,
    parts_of,
)
from sapwood_agents.analyst.language.almanac import PERIODS
from sapwood_agents.analyst.language.nodes import Node, letters
from sapwood_agents.analyst.language.rows.kinds import is_person
from sapwood_agents.analyst.language.scope import Scope
from sapwood_agents.analyst.language.spelling import abbreviates, lemma
from sapwood_agents.analyst.language.tokens import name_words
from sapwood_storage.tabular.model import ColumnType

_ENDS = (Aggregate.MIN, Aggregate.MAX)
_COUNTS = (Aggregate.COUNT, Aggregate.DISTINCT)
_COUNTS_ROWS = frozenset({"most", "fewest", "the most", "least"})
_NAMES = ("name", "names")
_IDS = frozenset("id code number no key".split())


def asked_for_a_thing(nodes: list[Node], intent: QueryIntent, scope: Scope) -> tuple[str, ...]:
    """`which X …` wants an X, `who` somebody: no number, and nothing else as the key."""
    names = [
        node.text for node, after in pairwise(nodes)
        if node.kind == "L" and after.kind == "O" and node.text.casefold() in _NAMES
    ]  # fmt: skip
    if names and intent.shape is Shape.NUMBER:
        return tuple(names)  # "the name of the shop with the highest price"
    if intent.shape is Shape.NUMBER and re.match(r"P?Wy[HI]", letters(nodes)):
        return tuple(node.text for node in nodes if node.kind == "y")[:1]  # "which place has the lowest fee"
    if intent.shape is Shape.NUMBER and re.match(r"WI[SJ].*R", letters(nodes)) and _asks_which(nodes[0]):
        return (nodes[0].text,)  # "which is the thickest book of theirs, by pages"
    if intent.shape is Shape.NUMBER and re.match(r"P?WIR[HP].*[SJ]", letters(nodes)):
        return (
            next(node.text for node in nodes if node.kind == "R"),
        )  # "what is the mill with the lowest wheel"
    which = re.search(r"WFC", letters(nodes))
    if intent.shape is Shape.NUMBER and which and "K" not in letters(nodes):
        return (nodes[which.start()].text,)  # "what different glazes do the pots come with"
    match = re.match(r"P?W(?=[CR])", letters(nodes))
    if match is None:
        return ()
    asked = nodes[match.end()]
    if asked.start != nodes[match.end() - 1].start + 1:
        return ()  # "what does a size 9 boot cost"
    if intent.shape in (Shape.NUMBER, Shape.DIFFERENCE, Shape.RATIO):
        thing = _is_thing(asked, scope)
        times = [m for m in intent.measures if m.aggregate in _ENDS and _is_time(m, scope) and not thing]
        return () if times else (nodes[match.end() - 1].text, asked.text)
    if asked.kind == "C" and not asked.payload.is_number and not asked.payload.is_flag:
        shown = {group.column for group in intent.groups} | {intent.key} | {m.column for m in intent.measures}
        return () if asked.payload.name in shown else (asked.text,)
    return ()


def _asks_which(node: Node) -> bool:
    return node.text.casefold() == "which"


def rows_for_values(nodes: list[Node], intent: QueryIntent, scope: Scope) -> tuple[str, ...]:
    """`how many kinds have "oak" in them` counts kinds, not the rows of such a kind."""
    match = re.match(r"P?KF?C", letters(nodes))
    added = [m.column for m in intent.measures if m.aggregate is Aggregate.SUM] == [scope.rows.counted]
    if match is None or not (added or [m.aggregate for m in intent.measures] == [Aggregate.COUNT]):
        return ()
    counted = nodes[match.end() - 1]
    texts = {part.column for part in parts_of(intent) if isinstance(part, TextMatch)}
    alike = counted.payload.distinct * 2 < scope.card.rows - counted.payload.nulls
    return (counted.text,) if counted.payload.name in texts and alike else ()


def _is_thing(asked: Node, scope: Scope) -> bool:
    if asked.kind == "R":
        return asked.payload not in (*PERIODS, "date", "time", "hour")
    return not asked.payload.is_number and not scope.calendar.is_temporal(asked.payload)


def part_of_a_flag(nodes: list[Node], scope: Scope) -> tuple[str, ...]:
    """`how many lodgers` are not those of `is_known_lodger`."""
    return tuple(
        node.text for node in nodes
        if node.kind == "C" and node.payload.is_flag and _qualified(node, scope)
    )  # fmt: skip


def _qualified(node: Node, scope: Scope) -> bool:
    words = [word for word in name_words(node.payload.name) if word not in ("is", "has", "was", "flag")]
    said = [lemma(word) for word in node.text.casefold().split()]
    others = [
        column for column in scope.card.columns
        if column is not node.payload and words[-1] in name_words(column.name)
    ]  # fmt: skip
    last = len(said) == 1 and (said == words[-1:] or abbreviates(words[-1], said[0]))
    return len(words) > 1 and last and node.score < 1 and bool(others)


def kinds_of_rows(nodes: list[Node], intent: QueryIntent) -> tuple[str, ...]:
    """`how many team seasons` counts seasons, and not teams."""
    match = re.match(r"P?KF?CR", letters(nodes))
    different = any(m.aggregate is Aggregate.DISTINCT for m in intent.measures)
    if match is None or not different:
        return ()
    column, row = nodes[match.end() - 2 : match.end()]
    return (column.text, row.text) if row.start == column.start + len(column.text.split()) else ()


def who_is_a_row(nodes: list[Node], intent: QueryIntent, scope: Scope) -> tuple[str, ...]:
    """`who spent the most` is nobody's order number."""
    key = scope.card.by_name[intent.key] if intent.key else None
    who = tuple(n.text for n in nodes if n.kind == "W" and n.payload == ("who",))
    if key is None or not who or any(is_person(noun) for noun in scope.rows.titled):
        return ()
    return who if key is scope.labels.number or name_words(key.name)[-1] in _IDS else ()


def who_is_a_number(nodes: list[Node], intent: QueryIntent, scope: Scope) -> tuple[str, ...]:
    """`who waits the longest` is no number of minutes."""
    who = tuple(n.text for n in nodes[:1] if n.kind == "W" and n.payload == ("who",))
    shown = [scope.card.by_name[g.column] for g in intent.groups if not g.bucket]
    return who if any(c.is_number and not scope.labels.is_identifier(c) for c in shown) else ()


def who_of_each(nodes: list[Node], intent: QueryIntent) -> tuple[str, ...]:
    """`who is the oldest in each office` wants names, not ages."""
    who = tuple(n.text for n in nodes if n.kind == "W" and n.payload == ("who",))
    ends = all(m.aggregate in _ENDS for m in intent.measures)
    return who if intent.shape is Shape.GROUPS and ends else ()


def what_was_done(nodes: list[Node], intent: QueryIntent, scope: Scope) -> tuple[str, ...]:
    """`what did Jane buy` asks for things, and not which rows they are in."""
    kinds = letters(nodes)
    label = scope.labels.key
    listed = {group.column for group in intent.groups} | {intent.key}
    if not re.match(r"W[^CR]*$", kinds) or "y" not in kinds or nodes[0].text.casefold() != "what":
        return ()
    rows = intent.shape in (Shape.VALUES, Shape.ROWS) and label is not None and label.name in listed
    return tuple(n.text for n in nodes if n.kind == "y") if rows and "S" not in kinds else ()


def by_kind_or_column(nodes: list[Node], intent: QueryIntent, scope: Scope) -> tuple[str, ...]:
    """`the youngest manager`: who has one, or whose job it is, where a column and a value are called so."""
    if intent.shape not in (Shape.RANKING, Shape.NUMBER):
        return ()
    keys = {group.column for group in intent.groups}
    keys |= {m.column for m in intent.measures if m.column and m.aggregate is Aggregate.DISTINCT}
    return tuple(
        node.text for before, node in pairwise(nodes)
        if node.kind == "C" and node.payload.name in keys and before.kind in "SJK"
        and scope.linker.is_value_elsewhere(node.text, node.payload.name)
    )  # fmt: skip


def with_the_biggest(nodes: list[Node], intent: QueryIntent) -> tuple[str, ...]:
    """`the rep of the biggest order by total` is that of one row."""
    row = re.search(r"C[OPf]+(?:[SJ]R|RH[SJ])", letters(nodes))
    pooled = any(m.aggregate in (Aggregate.SUM, Aggregate.MEAN) for m in intent.measures)
    if row is None or not pooled or intent.shape is not Shape.RANKING:
        return ()
    said = nodes[row.start() : row.end()]
    return () if {n.text.casefold() for n in said} & _COUNTS_ROWS else (said[-1].text,)


def asked_for_a_number(nodes: list[Node], intent: QueryIntent) -> tuple[str, ...]:
    """`how many X …` wants a number, not the X with the most of something."""
    if letters(nodes)[:1] != "K" or intent.shape is not Shape.RANKING or intent.count_only:
        return ()
    if nodes[-1].text.casefold() == "first" and intent.limit is None and intent.having is None:
        return ()  # "how many per region, most first"
    return (nodes[0].text,)


def asked_for_a_list(nodes: list[Node], intent: QueryIntent) -> tuple[str, ...]:
    """`list the different kinds` wants them, not how many they are."""
    kinds = letters(nodes)
    counts = intent.shape is Shape.NUMBER and any(m.aggregate in _COUNTS for m in intent.measures)
    return (nodes[0].text,) if kinds[:1] == "L" and "K" not in kinds and counts else ()


def said_of_a_row(nodes: list[Node], intent: QueryIntent) -> tuple[str, ...]:
    """`what was the claim of …` asks what it was, and not for the row."""
    row = _row_listed(nodes, intent)
    if row is None or nodes[0].text.casefold() != "what" or row.text.casefold() != row.payload:
        return ()
    return (row.text,) if letters(nodes[nodes.index(row) + 1 :])[:1] in ("O", "f") else ()


def another_kind_of_row(nodes: list[Node], intent: QueryIntent, scope: Scope) -> tuple[str, ...]:
    """`which people …` are no claims: people are listed by their names, where the table has any."""
    row = _row_listed(nodes, intent)
    if row is None or not is_person(lemma(row.text.casefold())):
        return ()
    listed = _listed(intent)[0]
    people = any(
        c.type is ColumnType.TEXT and is_person(name_words(c.name)[-1])
        for c in scope.card.columns
        if c.name != listed
    )
    return (row.text,) if name_words(listed)[-1] in _IDS and people else ()


def _row_listed(nodes: list[Node], intent: QueryIntent) -> Node | None:
    """What the rows are called in `which claims …`, where the intent lists them by one column."""
    match = re.match(r"W[IO]*R", letters(nodes))
    return nodes[match.end() - 1] if match and len(_listed(intent)) == 1 else None


def _listed(intent: QueryIntent) -> list[str]:
    """The columns by which things are listed."""
    if intent.shape is Shape.ROWS:
        return [intent.key] if intent.key else []
    return [group.column for group in intent.groups] if intent.shape is Shape.VALUES else []


def times_the_other(nodes: list[Node], intent: QueryIntent) -> tuple[str, ...]:
    """`how many times the seats of B does A have`: A by B, and not the order in which they are said."""
    said = [n for n in nodes if n.kind == "=" and n.text.casefold().startswith("how many time")]
    if said and "~" in letters(nodes) and intent.shape is Shape.RATIO:
        return (said[0].text,)  # "how many times … between 2014 and 2016"
    return (said[0].text,) if intent.shape is Shape.RATIO and said and nodes[-1].kind == "H" else ()


def how_many_more(nodes: list[Node], intent: QueryIntent) -> tuple[str, ...]:
    """`how many more sales than returns` wants their difference, and no rows where the one is more."""
    found = re.match(r"[PB]?Ki(?!T?N)", letters(nodes))
    return (nodes[found.end() - 1].text,) if found and intent.shape is not Shape.DIFFERENCE else ()


def times_of_nothing(nodes: list[Node]) -> tuple[str, ...]:
    """`how many times was the crane used` counts; only `times as many` and `times more than` divide."""
    compared = set("Tv~ijM") & set(letters(nodes))
    return tuple(
        n.text for n in nodes
        if n.kind == "=" and n.text.casefold() in ("how many times", "how many time") and not compared
    )  # fmt: skip


def share_of_when(nodes: list[Node], intent: QueryIntent) -> tuple[str, ...]:
    """`what share of oak planks came in 2020`: of the oak ones, or of those of 2020."""
    shares = any(measure.aggregate is Aggregate.SHARE and measure.where for measure in intent.measures)
    timed = any(isinstance(part, Period) for part in parts_of(intent))
    found = re.search(r"%O?[VC]R?(y)[Pb]*D", letters(nodes))
    return (nodes[found.start(1)].text,) if shares and timed and found else ()


def share_of_rows(nodes: list[Node], intent: QueryIntent, scope: Scope) -> tuple[str, ...]:
    """`the share of crates …` is one of crates, and of no column that is spoken of later."""
    said = re.search(r"%O?R", letters(nodes))
    columns = {m.column for m in intent.measures if m.aggregate is Aggregate.SHARE} - {scope.rows.counted}
    return (nodes[said.end() - 1].text,) if said and columns - {None} else ()


def over_a_year(nodes: list[Node]) -> tuple[str, ...]:
    """`over 2023` may be in that year or after it."""
    match = re.search(r"MD", letters(nodes))
    said = nodes[match.start()] if match else None
    return (said.text,) if said and said.text.casefold() == "over" else ()


def _is_time(measure: Measure, scope: Scope) -> bool:
    return measure.column is not None and scope.calendar.is_temporal(scope.card.by_name[measure.column])
