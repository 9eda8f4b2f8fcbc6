"""Finds words of a question among the values of columns that hold too many to list."""

from __future__ import annotations

import sqlglot.expressions as exp

from sapwood_agents.analyst.card import TableCard
from sapwood_agents.analyst.language.lexicon import phrases
from sapwood_agents.analyst.language.tokens import tokenize
from sapwood_agents.analyst.ports import Tables
from sapwood_agents.analyst.sql_conditions import column, literal
from sapwood_agents.analyst.survey import union_all
from sapwood_shared.ids import WorkspaceId
from sapwood_storage.tabular.model import Cell, ColumnType

_LONGEST = 6
_AT_MOST = 200


async def look_up(
    tables: Tables, workspace: WorkspaceId, version: str, card: TableCard, question: str
) -> dict[str, list[Cell]]:
    """The values, by column, that some words of `question` spell, without regard to case."""
    columns = [entry for entry in card.columns if entry.type is ColumnType.TEXT and not entry.enumerated]
    wanted = _spans(question)
    if not columns or not wanted:
        return {}
    parts: list[exp.Select] = []
    for place, entry in enumerate(columns):
        name = column(entry.name)
        spelled = exp.In(this=exp.func("lower", name), expressions=[literal(text) for text in wanted])
        number = exp.alias_(exp.Literal.number(place), "place")
        parts.append(
            exp.select(number, exp.alias_(name.copy(), "value")).distinct().from_("data").where(spelled)
        )
    statement = union_all(parts).limit(_AT_MOST).sql("duckdb")
    found: dict[str, list[Cell]] = {}
    for place, value in (await tables.query(workspace, version, statement)).rows:
        if isinstance(place, int):
            found.setdefault(columns[place].name, []).append(value)
    return found


def _spans(question: str) -> list[str]:
    """Every run of words as typed, those of grammar alone left out."""
    tokens = tokenize(question)
    grammar = {word for phrase in phrases() for word in phrase}
    found: dict[str, None] = {}
    for start in range(len(tokens)):
        for end in range(start + 1, min(len(tokens), start + _LONGEST) + 1):
            span = tokens[start:end]
            if all(token.word in grammar or token.kind == "symbol" for token in span):
                continue
            first, last = span[0], span[-1]
            text = first.text if first is last else question[first.start : last.end]
            found[text.strip("\"'“”‘’ ").casefold()] = None
    return [text for text in found if text]
