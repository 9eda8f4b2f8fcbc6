"""Tables with a row for each thing and time: where the noun of the thing only stands for its rows."""

from __future__ import annotations

import re

from sapwood_agents.analyst.language.nodes import Node, letters
from sapwood_agents.analyst.language.scope import Scope
from sapwood_storage.tabular.model import ColumnType


def is_of_row(nodes: list[Node], index: int, scope: Scope) -> bool:
    """`the share of towns in 2003`, `the mean rent of coastal towns`: a row is a town in one year."""
    node, before = nodes[index], letters(nodes[:index])
    if (
        node.kind != "C"
        or node.payload.type is not ColumnType.TEXT
        or node.payload.name not in scope.card.in_keys
    ):
        return False
    dated = any(other.kind == "D" and other.payload.year for other in nodes)
    if re.search(r"%[OP]?V*$", before):
        return dated
    measured = re.search(r"AO?C[^C]*[OPV=>&]$", before) and not set("KWSJZLEB%~") & set(letters(nodes))
    return bool(measured) and (dated or before.endswith("V"))
