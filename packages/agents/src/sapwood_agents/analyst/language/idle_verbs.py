"""Linking verbs go: what they join is told without them."""

from __future__ import annotations

import re

from sapwood_agents.analyst.card import ColumnCard
from sapwood_agents.analyst.language.nodes import Node, Rule, dropped, letters, rewrite
from sapwood_agents.analyst.language.scope import Scope
from sapwood_agents.analyst.language.unplaced import Unplaced

_IDLE = re.compile(r"y[POIHf,e]*$")
RECORDED = frozenset(
    "recorded given stated noted listed reported known measured provided available present".split()
)

_DONE = frozenset(
    "driven flown travelled traveled ridden worked paid spent earned charged scored caught consumed".split()
)
"""What a quantity may have been, with nothing else said: not `won` or `lost`."""
_HAPPENS = frozenset(
    "begin begins began begun start starts started happen occur strike struck hit air aired diagnosed issued "
    "released recorded reported registered given awarded published launched held arrested handed taken made "
    "built founded opened".split()
)
"""What all rows of a table do, and not some of them."""


def without_verbs(nodes: list[Node], scope: Scope) -> list[Node]:
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
    if (
        idle
        and not (
            "end" in nodes[idle.start()].payload
            and idle.start()
            and nodes[idle.start() - 1].kind in "RCIVU&,"
        )
        and not _is_amount_done(nodes, idle.start())
        and not _happens(nodes, idle.start(), scope)
    ):
        raise Unplaced((nodes[idle.start()].text,))
    return [node for node in nodes if node.kind != "y"]


def _happens(nodes: list[Node], at: int, scope: Scope) -> bool:
    """`when did the first fire start`, `the year in which the most licences were issued`: as all rows do."""
    if nodes[at].text.casefold() not in _HAPPENS:
        return False
    text = letters(nodes[:at])
    return bool(
        (text[:1] == "w" and scope.calendar.main is not None) or re.search(r"W[GC].*[SZ]V*R[IPO]*$", text)
    )


def _is_amount_done(nodes: list[Node], at: int) -> bool:
    """`total hours worked`, `the average fee paid`: what was measured, and how it came about."""
    return (
        at > 0 and nodes[at].text.casefold() in _DONE
        and nodes[at - 1].kind == "C" and nodes[at - 1].payload.is_number
    )  # fmt: skip


def _recorded(nodes: list[Node]) -> list[Node] | None:
    """`is the speed recorded`: whether there is a value."""
    if nodes[-1].text.casefold() not in RECORDED or not nodes[0].payload.nulls:
        return None
    return [nodes[0], Node("k", nodes[-1].text, start=nodes[-1].start)]


def _dwells(nodes: list[Node]) -> list[Node] | None:
    """`on which islands do they live`."""
    return [] if nodes[0].text.casefold() in ("live", "lives", "work", "works", "operate", "fly") else None


def _done_by(nodes: list[Node]) -> list[Node] | None:
    """`run up by smokers`: those who did it, no groups."""
    column: ColumnCard = nodes[-1].payload
    by = Node("P", nodes[1].text, start=nodes[1].start)
    return (
        [nodes[0], by, nodes[2]]
        if column.is_flag and nodes[2].text.casefold() != column.name.casefold()
        else None
    )


def _done_by_others(nodes: list[Node]) -> list[Node]:
    """`packed by other lines than 4`: no groups either."""
    return [nodes[0], Node("P", nodes[1].text, start=nodes[1].start), nodes[2]]


DONE_BY: tuple[Rule, ...] = ((r"yBC(?=!)", _done_by_others), (r"yBC", _done_by))
