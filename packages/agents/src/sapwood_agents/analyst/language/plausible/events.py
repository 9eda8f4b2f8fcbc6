"""Whether a date that picks or groups rows is that of the event that the words speak of."""

from __future__ import annotations

from datetime import date

from sapwood_agents.analyst.dated import is_finer, span_of
from sapwood_agents.analyst.intent import CalendarPart, Period, QueryIntent, columns_of, parts_of
from sapwood_agents.analyst.language.almanac import CAME_TO_BE
from sapwood_agents.analyst.language.nodes import Node, letters
from sapwood_agents.analyst.language.scope import Scope
from sapwood_agents.analyst.language.spelling import bases
from sapwood_agents.analyst.language.tokens import name_words

_SHORT = 3
_LATE = frozenset(
    "answer resolve close ship deliver pay return cancel complete finish update modify expire retire "
    "deprecate discharge terminate approve reject send".split()
)
_ENDS = frozenset(
    "deprecation expiry expiration due end closing resolution delivery return update modified updated".split()
)
_EARLY = frozenset("issue release launch open publish found create order place submit register start".split())


def dated_by_making(nodes: list[Node], intent: QueryIntent, scope: Scope) -> tuple[str, ...]:
    """`the lids listed in 2021` were not made in that year."""
    year = scope.calendar.parts.get("year")
    if year is None or not scope.calendar.dates or not set(name_words(year.name)) & CAME_TO_BE:
        return ()
    named = any(n.kind == "C" and n.payload is year for n in nodes) or scope.passed_over & CAME_TO_BE
    if named or "f" in letters(nodes):
        return ()
    spoken = {name for part in parts_of(intent) for name in columns_of(part)}
    return tuple(n.text for n in nodes if n.kind == "D") if year.name in spoken else ()


def finer_than_told(nodes: list[Node], intent: QueryIntent, scope: Scope) -> tuple[str, ...]:
    """`in March` of a table of quarters, `on 3 March` of one of months."""
    for part in parts_of(intent):
        if not isinstance(part, Period | CalendarPart):
            continue
        called = scope.card.by_name[part.column].dated
        if called and not _told(part, called):
            return tuple(n.text for n in nodes if n.kind in "DN") or ("when",)
    return ()


def when_of_nothing(nodes: list[Node], intent: QueryIntent, scope: Scope) -> tuple[str, ...]:
    """`when was the mill built` of a table that tells no time."""
    if letters(nodes)[:1] != "w":
        return ()
    shown = {name for name in (intent.key, *(m.column for m in intent.measures)) if name}
    shown |= {group.column for group in intent.groups}
    card = scope.card
    told = any(scope.calendar.is_temporal(card.by_name[name]) or card.by_name[name].clock for name in shown)
    return () if told else (nodes[0].text,)


def latest_of_clocks(nodes: list[Node], intent: QueryIntent, scope: Scope) -> tuple[str, ...]:
    """`the latest time` is a time of day, and not that of the latest day."""
    key, measured = intent.key, intent.measures[0].column if intent.measures else None
    if key is None or measured is None or not scope.card.by_name[key].clock:
        return ()
    return tuple(n.text for n in nodes if n.kind in "SJ") if scope.card.by_name[measured].is_time else ()


def _told(part: Period | CalendarPart, called: str) -> bool:
    """Whether a time can be compared with values of that form: it begins and ends with one of them."""
    if isinstance(part, CalendarPart):
        return not is_finer(part.part, called)
    months = {"day": 0, "month": 1, "quarter": 3}[span_of(called)]
    ends = [date.fromisoformat(end[:10]) for end in (part.start, part.end) if end is not None]
    return months == 0 or all(end.day == 1 and (end.month - 1) % months == 0 for end in ends)


def dated_by_another(nodes: list[Node], intent: QueryIntent, scope: Scope) -> tuple[str, ...]:
    """`orders shipped in March` asks for the day of shipping, and not for that of the order."""
    times = {part.column for part in parts_of(intent) if isinstance(part, Period | CalendarPart)}
    times |= {g.column for g in intent.groups if g.bucket or g.cycle}
    if len(times) != 1:
        return ()
    chosen = set(name_words(times.pop()))
    others = {
        word for column in scope.calendar.dates if not chosen >= set(name_words(column.name))
        for word in name_words(column.name) if len(word) > _SHORT and word not in chosen
    }  # fmt: skip
    spoken = {word for node in nodes if node.kind in "Vx" for word in node.text.casefold().split()}
    late = set(scope.passed_over)
    if len(scope.calendar.dates) > 1:
        late |= {word for word in spoken if word.endswith(("ed", "aid", "ent"))}
    found = {word for word in late if _is_deed(word, _LATE) and not _is_deed(word, chosen)}
    if chosen & _ENDS or _is_deed("".join(chosen & _LATE), _LATE):
        found |= {word for word in scope.passed_over if _is_deed(word, _EARLY) and not _is_deed(word, chosen)}
    found |= {word for word in spoken if word.endswith("ed") and _is_deed(word, others)}
    return tuple(sorted(found))


def _is_deed(word: str, deeds: set[str] | frozenset[str]) -> bool:
    """Whether the word is a form of one of these: `shipped` of `ship`."""
    return len(word) > _SHORT and any(len(deed) > 2 and bases(word) & {deed} for deed in deeds)
